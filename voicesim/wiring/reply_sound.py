"""A reply of a stored call as sound, and a better one, spoken by a voice."""

from pathlib import Path

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import find_persona
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.errors import VoicesimError
from voicesim.files import cache_folder, read_sound
from voicesim.model import RATE_HZ, Reply, Samples, Span
from voicesim.sound import match_loudness
from voicesim.store.places import sound_path

#: Room before and after a clip, so that no consonant is lost (0.2 s).
_ROOM = RATE_HZ // 5
_LONGEST_CALL_S = 7_200


def adviser_of(caller: str) -> str:
    """The persona that speaks better replies: none of the system's, and of the other sex than the caller's.

    >>> adviser_of("deep_man"), adviser_of("woman")
    ('young_woman', 'young_man')
    """
    return "young_man" if find_persona(caller).sex == "female" else "young_woman"


def better_sound(text: str, caller: str) -> Samples:
    """A better reply as sound, float32[n] at 16 kHz, by a calm voice that is not the caller's persona ``caller``."""
    bank = VoiceBank(cache=cache_folder(), voices={"hibari": HibariVoice()})
    return bank.sound(LineRequest(text=text, persona=adviser_of(caller), phone="clear"))


def reply_sound(folder: Path, reply: Reply | None) -> Samples | None:
    """The reply of a stored call as it was spoken, as loud as a line; None if there is no sound of it."""
    path = sound_path(folder, "trainee")
    if reply is None or not reply.span.length or not path.is_file():
        return None
    try:
        return clip_of(read_sound(path, longest_s=_LONGEST_CALL_S)[0].samples, reply.span)
    except VoicesimError:
        return None


def clip_of(microphone: Samples, span: Span) -> Samples:
    """What was said in a span, as loud as a line."""
    return match_loudness(microphone[max(0, span.start - _ROOM) : span.end + _ROOM], RATE_HZ)
