"""The report: how a call is shown and stored.

Belongs here: ``call.json`` (data), the terminal, the one HTML file with its drawings. Data, drawings and HTML are pure
functions of a :class:`~voicesim.model.CallRecord`; the terminal prints to the console that it is given. Must stay out:
what the feedback says (coach) and where anything is written (files, cli).
"""
