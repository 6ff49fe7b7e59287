"""The reading room: YAML that people write, read safely, each value with its line and each fault in one clear line.

Pure: text in, nodes and typed values out. What a script, a rubric or a list of phrases means belongs to their rooms.
"""
