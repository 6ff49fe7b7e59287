"""How a trainee likes to hold a call, what helps after one, and what a person should know of calls that are kept."""

from voicesim.call.parts import Manner
from voicesim.files import data_folder
from voicesim.language.stop_word import is_long, says_stop
from voicesim.script.model import Script
from voicesim.settings import Settings
from voicesim.store.retention import apply_retention, first_start_note
from voicesim.wiring.stored_calls import report_without_sound

#: What helps somebody to let go of a call that they stopped.
COOL_DOWN = (
    "You stopped the exercise. Nothing was scored, and it stays with you.",
    "Take a minute: put the headset down, drop your shoulders, and five times breathe out longer than you breathe in.",
    "If this call stays with you, talk to somebody you trust.",
)


def what_was_kept(settings: Settings) -> tuple[str, ...]:
    """What a person should know of calls that are kept: told once where they lie, and each time what was deleted."""
    first = first_start_note(data_folder(), settings)
    gone = apply_retention(settings.trainee, settings, report_again=report_without_sound)
    return (first, *gone) if first else gone


def manner_of(script: Script, settings: Settings) -> Manner:
    """How the trainee likes to hold a call with this script; the stop words of both count.

    Short ones are not listened for: told of "red card", Whisper hears it in 2 of 1,540 looks at other English speech.
    """
    words = dict.fromkeys((settings.stop_word, script.stop_word))
    return Manner(
        patience=settings.patience,
        push_to_talk=settings.push_to_talk,
        wait_s=settings.wait_for_headset_s,
        listens_for=tuple(filter(is_long, words)),
        is_stop_word=lambda text: any(says_stop(text, word) for word in words),
    )
