"""Back-ends: everything that needs a library, a model, a device or a process of its own.

In this room belongs what fulfils a port of :mod:`voicesim.ports` with foreign parts (recognizers, voices, the headset,
voice activity, pitch), the search for models, and the public fakes. A module here imports its library when it is asked
for, never when it is imported, and turns the library's errors into those of :mod:`voicesim.errors`.

What stays out: decisions about a call (``call``), measures of sound (``sound``, ``speech``) and of words
(``language``), and files other than models and rendered lines (``files``).
"""
