"""The call room: how a scripted caller reacts, turn by turn, and the shells that hold a call.

Pure: ``anger`` (what moves it), ``answer`` (the caller's reaction), ``conduct`` (a call as a generator),
``turn_taking`` (whose turn it is, from frames), ``record`` (what happened), ``rehearse`` (a script against stated
replies). Shells: ``live`` (holds a call on a duplex), ``replies`` (sound files as the microphone), ``text`` (typed
replies). Recognizing, scoring and showing belong elsewhere and are handed in.
"""
