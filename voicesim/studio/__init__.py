"""Recording callers: takes, what is wrong with them, where a line is in a long recording, and packs of all that.

Values in, values out where a take is judged (``trim``, ``words``, ``mood``, ``flaws``, ``checks``, ``align``); what
keeps takes and packs touches files. Recognizers, voice activity and microphones are handed in: this room knows no
engine, no call and no command.
"""
