"""Settings: what a person, or the administrator of a machine, chose once for all commands.

Two TOML files, both optional: the machine's, and over it the user's own ``settings.toml`` in the data folder. Keys that
the machine's file lists in ``locked`` are the administrator's alone. The fields of :class:`Settings` are the one table
of what can be set: their defaults, ranges and meanings are read by the checks, the command and its page.

This is a shell: it reads and writes those two files.
"""

import contextlib
import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from voicesim.errors import InputError, UsageError
from voicesim.files import data_folder, make_folder, storage_errors, write_text

#: The name of both files.
FILE = "settings.toml"
#: Set to a path, it is the machine's settings file.
MACHINE_VARIABLE = "VOICESIM_SITE_SETTINGS"
LOCKED = "locked"

Value = str | bool | int | float
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a setting may be: a whole number, number or text of ``low`` to ``high``, or one of ``choices``.

    For a text ``low`` and ``high`` count characters. ``meaning`` is one sentence for a person.
    """

    meaning: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()


def _setting(default: Value, meaning: str, low: float = 0, high: float = 0, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"rule": Rule(meaning=meaning, low=low, high=high, choices=choices)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings with their defaults."""

    trainee: str = _setting("you", "Whose calls and baselines are meant where --trainee names nobody.", 1, 60)
    patience: float = _setting(1.0, "How long the caller waits before answering, as a multiple.", 0.5, 3)
    captions: bool = _setting(False, "Show what the caller says as text during a call.")
    push_to_talk: bool = _setting(False, "Space to speak, Space again when done; else the microphone is open.")
    stop_word: str = _setting("stop the exercise", "Saying this ends a call at once, without a score.", 3, 60)
    recognizer: str = _setting(
        "auto", "What hears replies; auto takes Vosk if it has a model.", choices=("auto", "vosk", "whisper")
    )
    keep_sound_days: int = _setting(30, "The sound of a call is deleted after so many days; 0 keeps it.", 0, 36_500)
    keep_numbers_days: int = _setting(365, "A whole call is deleted after so many days; 0 keeps it.", 0, 36_500)
    wait_for_headset_s: int = _setting(60, "Seconds that a paused call waits for a headset that went away.", 0, 3_600)


#: Key -> what it may be, in the order in which they are shown.
RULES: Mapping[str, Rule] = {f.name: f.metadata["rule"] for f in fields(Settings)}
DEFAULTS: Mapping[str, Any] = {f.name: f.default for f in fields(Settings)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One setting as it holds now: ``source`` is ``default``, ``machine`` or ``own``.

    ``locked``: only the machine's file may set it; ``ignored`` is then what the user's own file says, if anything.
    """

    key: str
    value: Value
    source: str
    locked: bool = False
    ignored: Value | None = None


def own_file() -> Path:
    """Where the user's own settings lie; the file may not exist."""
    return data_folder() / FILE


def machine_file() -> Path:
    """Where the machine's settings lie: ``VOICESIM_SITE_SETTINGS``, else the system's place; it may not exist."""
    named = os.environ.get(MACHINE_VARIABLE)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.site_config_path("voicesim", appauthor=False) / FILE


def load_settings() -> Settings:
    """What holds now: the defaults, over them the machine's file, over it the user's own.

    Raises InputError naming file and key for an unknown key or a value out of range, StorageError for a file that
    cannot be read.
    """
    values: dict[str, Any] = {chosen.key: chosen.value for chosen in all_chosen()}
    return Settings(**values)


def all_chosen() -> tuple[Chosen, ...]:
    """Every setting with its value and where it comes from; raises as :func:`load_settings`."""
    machine, locked = _machine()
    own = _read(own_file())
    return tuple(_chosen(key, machine, own, key in locked) for key in DEFAULTS)


def _chosen(key: str, machine: Mapping[str, Value], own: Mapping[str, Value], locked: bool) -> Chosen:
    if key in own and not locked:
        return Chosen(key=key, value=own[key], source="own")
    source = "machine" if key in machine else "default"
    return Chosen(key=key, value=machine.get(key, DEFAULTS[key]), source=source, locked=locked, ignored=own.get(key))


def choose(key: str, text: str) -> Value:
    """The value that ``text`` means for a key, written into the user's own file; its comments stay.

    Raises UsageError for an unknown key, a value out of range or a locked key, StorageError, and InputError for a file
    that is no TOML.
    """
    _known(key)
    _refuse_locked(key)
    value = _from_text(key, text)
    document = _document()
    document[key] = value
    _write(document)
    return value


def forget_choice(key: str) -> bool:
    """Whether the user's own file had that key; it is taken out, also one that this version does not know.

    Raises UsageError for an unknown key that is not in the file either, and as :func:`choose`.
    """
    document = _document()
    if key not in document:
        _known(key)
        return False
    del document[key]
    _write(document)
    return True


def allowed(key: str) -> str:
    """What a setting may be, in words.

    >>> allowed("patience"), allowed("captions")
    ('a number of 0.5 to 3', 'true or false')
    """
    rule, default = RULES[key], DEFAULTS[key]
    if rule.choices:
        return f"one of {', '.join(rule.choices)}"
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, str):
        return f"a text of {rule.low:g} to {rule.high:g} characters"
    whole = "whole " if isinstance(default, int) else ""
    return f"a {whole}number of {rule.low:g} to {rule.high:.0f}"


def in_words(value: Value) -> str:
    """A value as it is typed and shown.

    >>> in_words(False), in_words(1.0), in_words("auto")
    ('false', '1.0', 'auto')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_text(key: str, text: str) -> Value:
    value: object = text
    default = DEFAULTS[key]
    if isinstance(default, bool):
        value = _WORDS.get(text.strip().lower(), text)
    elif not isinstance(default, str):
        with contextlib.suppress(ValueError):
            value = float(text) if isinstance(default, float) else int(text)
    fitted = _fitted(key, value)
    if fitted is None:
        raise UsageError(f"{key} cannot be '{text:.{_LONGEST_TEXT}}'", mend=f"It is {allowed(key)}.")
    return fitted


def _fitted(key: str, value: object) -> Value | None:
    """The value if the key may have it, else None."""
    rule, default = RULES[key], DEFAULTS[key]
    if isinstance(default, bool) or isinstance(value, bool):
        return value if isinstance(default, bool) and isinstance(value, bool) else None
    if isinstance(default, str):
        return _fitted_text(rule, value) if isinstance(value, str) else None
    if isinstance(default, float) and isinstance(value, int | float):
        return float(value) if rule.low <= value <= rule.high else None
    return value if isinstance(value, int) and rule.low <= value <= rule.high else None


def _fitted_text(rule: Rule, text: str) -> str | None:
    if rule.choices:
        return text if text in rule.choices else None
    readable = text.isprintable() and any(letter.isalnum() for letter in text)
    return text.strip() if readable and rule.low <= len(text.strip()) <= rule.high else None


def _known(key: str) -> None:
    if key not in RULES:
        raise UsageError(f"there is no setting '{key:.{_LONGEST_TEXT}}'", mend=_nearest(key))


def _nearest(key: str) -> str:
    near = get_close_matches(key.lower().replace("-", "_"), RULES, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"Settings are: {', '.join(RULES)}."


def _refuse_locked(key: str) -> None:
    if key in _machine()[1]:
        raise UsageError(
            f"{key} is set for everybody on this machine", where=str(machine_file()), mend="Ask who looks after it."
        )


# -- files ------------------------------------------------------------------------------------------------------------


def _machine() -> tuple[dict[str, Value], tuple[str, ...]]:
    """The machine's values and the keys that only it may set."""
    path = machine_file()
    values = _parsed(path)
    locked = values.pop(LOCKED, [])
    if not isinstance(locked, list) or not all(isinstance(key, str) for key in locked):
        raise InputError(
            f"{LOCKED} is a list of keys", where=str(path), mend=f'Write it like {LOCKED} = ["keep_sound_days"].'
        )
    for key in locked:
        if key not in RULES:
            raise InputError(f"{LOCKED} names '{key}', which is no setting", where=str(path), mend=_nearest(key))
    return _checked(path, values), tuple(locked)


def _read(path: Path) -> dict[str, Value]:
    return _checked(path, _parsed(path))


def _checked(path: Path, values: Mapping[str, object]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in values.items():
        if key == LOCKED:
            raise InputError(f"{LOCKED} can only stand in {machine_file()}", where=str(path), mend="Delete that line.")
        if key not in RULES:
            raise InputError(
                f"there is no setting '{key}'", where=str(path), mend=_nearest(key) + _taken_back(path, key)
            )
        fitted = _fitted(key, value)
        if fitted is None:
            mend = f"It is {allowed(key)}." + _taken_back(path, key)
            raise InputError(f"{key} cannot be {value!r:.{_LONGEST_TEXT}}", where=str(path), mend=mend)
        found[key] = fitted
    return found


def _taken_back(path: Path, key: str) -> str:
    """The command that takes a line out of the user's own file; nothing for the machine's."""
    return f" To take it back: voicesim settings {shlex.quote(key)} --default" if path == own_file() else ""


def _parsed(path: Path) -> dict[str, Any]:
    """What a TOML file holds; nothing if there is none."""
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not TOML: {error}", where=str(path), mend="Mend or delete that line.") from None


def _text(path: Path) -> str:
    with storage_errors(path, "read"):
        try:
            return path.read_text(encoding="utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except UnicodeDecodeError:
            raise InputError("this is not UTF-8 text", where=str(path), mend="Save it as UTF-8.") from None


def _document() -> Any:
    """The user's own file with its comments, to be changed."""
    import tomlkit

    _parsed(own_file())  # its complaint is ours, not the library's
    return tomlkit.parse(_text(own_file()))


def _write(document: Any) -> None:
    import tomlkit

    make_folder(own_file().parent, private=True)
    write_text(own_file(), tomlkit.dumps(document), private=True)
