"""Every error voicesim raises on purpose, as one tree.

::

    VoicesimError                 exit code 2 unless a branch says otherwise
    ├── InputError                something a person gave us cannot be used
    │   ├── ScriptError           a script file; ``where`` is ``file:line``
    │   ├── SoundFileError        a recording
    │   └── UsageError            a command, an option, a name
    ├── StorageError              a folder or disk that cannot be read or written
    ├── MissingPart               exit code 3: a model, library or device is not there
    │   └── DeviceError           a sound device that is absent or went away
    └── ExpectationNotMet         exit code 1: ``--expect`` named another ending

A message has three parts: what happened, where, and how to mend it. Back-ends translate foreign errors
into this tree, so that nothing outside a back-end ever catches an exception of a library.
"""


class VoicesimError(Exception):
    """The root of the tree: one clear line for a person, and an exit code for a shell.

    ``what`` says what happened, ``where`` the file (and line) or part it happened in, ``mend`` what to do.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(what, where, mend)

    def __str__(self) -> str:
        """One line: ``where: what. mend.``"""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text.rstrip('.')}. {self.mend}" if self.mend else text


class InputError(VoicesimError):
    """Something a person gave us cannot be used."""


class ScriptError(InputError):
    """A script file that cannot be loaded; ``where`` is ``file:line``, ``code`` its section in docs/lint.md."""

    def __init__(
        self, what: str, *, where: str | None = None, mend: str | None = None, code: str | None = None
    ) -> None:
        self.code = code
        super().__init__(what, where=where, mend=mend)

    def __str__(self) -> str:
        """One line: ``file:line: code what. mend.``"""
        told = super().__str__()
        if self.code is None:
            return told
        start = f"{self.where}: " if self.where else ""
        return f"{start}{self.code} {told.removeprefix(start)}"


class SoundFileError(InputError):
    """A recording that cannot be read, is empty, too long or holds no finite sound."""


class UsageError(InputError):
    """A command, option or name that does not exist or does not fit."""


class StorageError(VoicesimError):
    """A folder or disk that cannot be read or written."""


class MissingPart(VoicesimError):
    """A model, library or device that a command needs is not there; ``mend`` names the command that brings it."""

    exit_code = 3


class DeviceError(MissingPart):
    """A sound device is absent, refuses to open or went away."""


class ExpectationNotMet(VoicesimError):
    """The call ended otherwise than ``--expect`` named."""

    exit_code = 1
