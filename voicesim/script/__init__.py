"""The script room: what a scripted caller is, how a file becomes one, what is wrong with it, how it looks drawn.

Pure: text in, values and problems out. Reading files, rendering lines and holding calls belong elsewhere.
"""
