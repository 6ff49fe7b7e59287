"""What is wrong with one take, in words with the measure, its figure and what to do; nothing for a good take.

A fault is something that everybody would hear in the call. Advice is not: a take that does not sound like its mood is
told, and kept if the trainer likes it. What matters most comes first, since nobody mends three things at once. Which
figures these are and where they come from: docs/takes.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from voicesim.model import RATE_HZ, Baseline, Delivery, Samples, Span, Transcript
from voicesim.sound import clipped_share, level_dbfs
from voicesim.speech.level import snr_db, spoken, within
from voicesim.studio.flaws import dying_db_per_s, edge_db, flat_top
from voicesim.studio.mood import mood_heard
from voicesim.studio.trim import kept_span, trimmed
from voicesim.studio.words import Compared, Difference, compare

__all__ = ["ADVICE", "CODES", "TakeProblem", "check_take", "faults", "kept_span", "trimmed"]

#: Every code, what matters most first.
CODES = ("silent", "wrong_words", "cut_start", "cut_end", "clipped", "noisy", "loud", "quiet", "echo", "mood")
#: Codes that are advice and no fault.
ADVICE = frozenset({"mood"})

#: Speech is taken to be clipped with this share of its samples at full scale, or with its loudest samples piled up this
#: much below one level (:func:`voicesim.studio.flaws.flat_top`).
CLIPPED_SHARE = 0.001
FLAT_TOP = 1.1
#: Speech of a usable take lies between these, in dBFS: quieter ones bring their noise up once all lines are as loud.
QUIETEST_DBFS, LOUDEST_DBFS = -42.0, -10.0
#: Speech stands this far above the noise, in dB.
LEAST_SNR_DB = 19.0
#: Under this many dB a second a room answers (:func:`voicesim.studio.flaws.dying_db_per_s`).
SLOWEST_DB_PER_S = 140.0
#: An edge this near to the level of speech and so far above the noise (dB), within so much of the first or last speech
#: (s: voice activity needs some sound before it hears a voice), is a cut.
EDGE_DB = -22.0
EDGE_OVER_NOISE_DB = 6.0
EDGE_S = 0.35
#: It is another line from so many wrong words of weight on (all, if it has fewer), and this share of the line's.
WRONG_WORDS = 2
WRONG_SHARE = 0.2
#: From this share on it is another line even if what is wrong is its beginning or end.
MOSTLY_WRONG = 0.6
#: Engines whose certainty was measured: one word that they are certain of in place of an unlike one is enough.
CERTAIN_ENGINES = ("whisper",)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeProblem:
    """One thing that is wrong with a take: ``what`` in words with its figure, ``advice`` what to do about it.

    ``measure`` names what was measured with its unit, ``value`` is the figure (None where there is none).
    """

    code: str
    what: str
    measure: str
    value: float | None
    advice: str

    @property
    def fault(self) -> bool:
        """Whether it makes a take bad; else it is advice."""
        return self.code not in ADVICE


def faults(problems: Sequence[TakeProblem]) -> tuple[TakeProblem, ...]:
    """The problems that make a take bad, in order of weight."""
    return tuple(problem for problem in problems if problem.fault)


def check_take(
    samples: Samples,
    speech: Sequence[Span],
    *,
    text: str,
    mood: str,
    heard: Transcript | None,
    delivery: Delivery | None = None,
    neutral: Baseline | None = None,
) -> tuple[TakeProblem, ...]:
    """What is wrong with a take, what matters most first; () for a good one.

    ``samples`` are float32 at 16 kHz as they were recorded, before trimming, ``speech`` the spans of voice activity,
    ``text`` and ``mood`` those of the line. ``heard`` is what a recognizer heard in it (None: words are not judged),
    ``delivery`` how it sounded against ``neutral``, the speaker's own neutral line (None: mood is not judged).
    """
    speech = within(speech, len(samples))
    if not speech:
        return (_silent(samples),)
    found = [
        *_word_problems(samples, speech, text, heard),
        *_sound_problems(samples, speech),
        *_mood_problems(mood, delivery, neutral),
    ]
    once = {problem.code: problem for problem in reversed(found)}
    return tuple(sorted(once.values(), key=lambda problem: CODES.index(problem.code)))


def _silent(samples: Samples) -> TakeProblem:
    level = level_dbfs(samples)
    nothing = "no sound at all" if level == -inf else f"no speech, at a level of {level:.0f} dBFS"
    return TakeProblem(
        code="silent",
        what=f"nothing heard: {nothing}",
        measure="level of the recording in dBFS",
        value=None if level == -inf else level,
        advice="Check that the right microphone is chosen and not muted, and say the line again.",
    )


def _word_problems(
    samples: Samples, speech: Sequence[Span], text: str, heard: Transcript | None
) -> Iterator[TakeProblem]:
    """Wrong words, and a start or end that is cut off, which costs words as well."""
    start_db, end_db = (edge_db(samples, speech, at_end=at_end) for at_end in (False, True))
    limit_db = max(EDGE_DB, EDGE_OVER_NOISE_DB - (snr_db(samples, speech) or 0.0))
    if start_db is not None and speech[0].start <= EDGE_S * RATE_HZ and start_db > limit_db:
        yield _cut("cut_start", start_db, "starts in the middle of a word", "Wait for the count to end, then speak.")
    if end_db is not None and len(samples) - speech[-1].end <= EDGE_S * RATE_HZ and end_db > limit_db:
        yield _cut("cut_end", end_db, "ends in the middle of a word", "Wait half a second before you stop.")
    if heard is None:
        return
    found = compare(text, [word.text for word in heard.words], [word.confidence for word in heard.words])
    missing_edges = [d for d in found.differences if (d.first or d.last) and d.said and not d.heard and not d.forgiven]
    for difference in missing_edges:
        yield _missing(difference)
    exchanged = heard.engine.startswith(CERTAIN_ENGINES) and any(d.exchanged for d in found.differences)
    if exchanged or _is_another_line(found, found.wrong - sum(difference.wrong for difference in missing_edges)):
        yield TakeProblem(
            code="wrong_words",
            what=f"says something else than the line: {_told(found)}",
            measure="words of weight that are missing or others",
            value=float(found.wrong),
            advice="Say the line as it is written, or change the line in the script.",
        )


def _missing(difference: Difference) -> TakeProblem:
    """A beginning or an end of which nothing was heard."""
    at_end = difference.last
    return TakeProblem(
        code="cut_end" if at_end else "cut_start",
        what=f"the {'end' if at_end else 'beginning'} is missing: {_quoted(difference.said)} was not heard",
        measure=f"words of weight missing at the {'end' if at_end else 'beginning'}",
        value=float(len(difference.said)),
        advice="Say the line to its end, and wait half a second before you stop."
        if at_end
        else "Wait half a second before you speak, and say the line from its beginning.",
    )


def _is_another_line(found: Compared, inside: int) -> bool:
    """Whether too much differs, ``inside`` of it apart from a missing beginning or end."""
    least = max(1, min(WRONG_WORDS, found.content))
    return (inside >= least and inside >= WRONG_SHARE * found.content) or found.share >= MOSTLY_WRONG


def _told(found: Compared) -> str:
    """The differences that count, in words: the first three."""
    wrong = [difference for difference in found.differences if difference.wrong]
    told = []
    for difference in wrong[:3]:
        if difference.said and difference.heard:
            told.append(f"{_quoted(difference.heard)} for {_quoted(difference.said)}")
        else:
            told.append(f"{_quoted(difference.said or difference.heard)} {'missing' if difference.said else 'added'}")
    more = len(wrong) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def _quoted(words: Sequence[str]) -> str:
    return f'"{" ".join(words[:6])}{" .." if len(words) > 6 else ""}"'


def _cut(code: str, value: float, what: str, advice: str) -> TakeProblem:
    return TakeProblem(
        code=code,
        what=f"{what}: the recording's edge is {value:+.0f} dB against the speech",
        measure="level of the outermost 0.03 s against the speech in dB",
        value=value,
        advice=advice,
    )


def _sound_problems(samples: Samples, speech: Sequence[Span]) -> Iterator[TakeProblem]:
    voice = spoken(samples, speech)
    level, share, top = level_dbfs(voice), clipped_share(voice), flat_top(samples, speech)
    if share >= CLIPPED_SHARE:
        told = f"{share:.1%} of the samples are cut off at full scale"
        yield _clipped(told, "share of the speech at full scale", share)
    elif top >= FLAT_TOP:
        told = f"its loudest sounds are cut off flat, {top:.1f} times as many samples at the top as below"
        yield _clipped(told, "samples at the top for each below", top)
    if level > LOUDEST_DBFS:
        yield _level("loud", level, "Turn the microphone down a little.")
    if level < QUIETEST_DBFS:
        yield _level("quiet", level, "Turn the microphone up, or bring it closer to your mouth.")
    ratio = snr_db(samples, speech)
    if ratio is not None and ratio < LEAST_SNR_DB:
        yield TakeProblem(
            code="noisy",
            what=f"noise behind the voice: it is only {ratio:.0f} dB above it",
            measure="signal to noise in dB",
            value=ratio,
            advice="Close doors and windows, switch fans off, or bring the microphone closer to your mouth.",
        )
        # In noise nothing can be heard to die away.
        return
    slope = dying_db_per_s(samples)
    if slope is not None and slope < SLOWEST_DB_PER_S:
        yield TakeProblem(
            code="echo",
            what=f"the room answers: sound dies away by {slope:.0f} dB a second",
            measure="decay of sound in dB a second",
            value=slope,
            advice="Come closer to the microphone, or record where curtains, clothes or books swallow the sound.",
        )


def _clipped(told: str, measure: str, value: float) -> TakeProblem:
    return TakeProblem(
        code="clipped",
        what=f"too loud for the microphone: {told}",
        measure=measure,
        value=value,
        advice="Turn the microphone down, or move it a hand's width away, beside your mouth.",
    )


def _level(code: str, level: float, advice: str) -> TakeProblem:
    return TakeProblem(
        code=code,
        what=f"too {code}: the voice has {level:.0f} dBFS",
        measure="level of the speech in dBFS",
        value=level,
        advice=advice,
    )


def _mood_problems(mood: str, delivery: Delivery | None, neutral: Baseline | None) -> Iterator[TakeProblem]:
    told = mood_heard(mood, delivery, neutral)
    if told is not None:
        yield TakeProblem(
            code="mood",
            what=told.what,
            measure="tension against the neutral line",
            value=told.value,
            advice=told.advice,
        )
