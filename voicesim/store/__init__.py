"""Calls on disk: a folder each, which is the truth, and what is found in many of them.

SHELL. What belongs here: where things lie and who may read them (``places``), keeping a running call
(``keeper``, ``journal``, ``claim``), closing it and saving one that was cut off (``closing``, ``recovery``), and what
only reads the folders of finished calls. What must stay out: devices, engines, judging, pages and everything that a
person sees or types; what a command says stands in ``voicesim.cli``.
"""
