"""From a recorded reply to what was heard in it and how it sounded: the wiring of recognizer, speech and language."""

from dataclasses import dataclass, field

from voicesim.backends.models import choose_recognizer
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.hearing import understand
from voicesim.language.wording import Wording, wording
from voicesim.model import RATE_HZ, Baseline, Context, Delivery, Finding, Samples, Sound, Span, Transcript
from voicesim.ports import PitchTracker, Recognizer, VoiceActivity
from voicesim.sound import resample
from voicesim.speech.baseline import make_baseline
from voicesim.speech.delivery import measure_delivery
from voicesim.wiring.learned import load_learned


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What is known of one recorded reply; spans count samples at 16 kHz from its beginning."""

    transcript: Transcript
    delivery: Delivery
    findings: tuple[Finding, ...]
    wording: Wording
    speech: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """The parts that hear recorded replies, each loaded once. Raises MissingPart where one is not there."""

    recognizer: Recognizer
    vad: VoiceActivity = field(default_factory=SileroVad)
    pitch: PitchTracker = field(default_factory=SwiftF0)

    @classmethod
    def named(cls, recognizer: str = "auto") -> "Listener":
        """A listener with the recognizer ``auto``, ``vosk`` or ``whisper``; UsageError for any other."""
        return cls(recognizer=choose_recognizer(recognizer))

    def listen(self, sound: Sound, *, baseline: Baseline | None = None, context: Context | None = None) -> Listened:
        """Everything that can be said about one reply; without speech the transcript is empty."""
        samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
        speech = speech_spans(samples, self.vad)
        transcript = self.recognized(samples, speech)
        delivery = measure_delivery(samples, speech, pitch=self.pitch, transcript=transcript, baseline=baseline)
        heard, _ = understand(transcript, context or Context(), load_learned())
        # Fillers stand between the shortest pauses, which delivery counts to the speech around them.
        parted = speech_spans(samples, self.vad, min_gap_s=0.0) if transcript.words else ()
        worded = wording(transcript, context, findings=heard.findings, speech=parted)
        return Listened(
            transcript=transcript, delivery=delivery, findings=heard.findings, wording=worded, speech=speech
        )

    def baseline(self, sounds: list[Sound], *, trainee: str, headset: str, made_utc: str) -> Baseline:
        """The trainee's baseline from neutral sentences; InputError says which figure is not good enough."""
        heard = []
        for sound in sounds:
            samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
            speech = speech_spans(samples, self.vad)
            heard.append((samples, speech, self.recognized(samples, speech)))
        return make_baseline(heard, pitch=self.pitch, trainee=trainee, headset=headset, made_utc=made_utc)

    def recognized(self, samples: Samples, speech: tuple[Span, ...]) -> Transcript:
        """The final transcript; sound without speech is not shown to a recognizer, which would make words up."""
        if not speech:
            return Transcript(words=(), text="", engine=self.recognizer.capabilities.engine)
        hearing = self.recognizer.start(RATE_HZ)
        hearing.feed(samples)
        return hearing.finish()
