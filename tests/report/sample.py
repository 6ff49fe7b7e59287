"""Made-up calls for the tests of coach and report: short builders, and one call of seven turns that looks real."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from voicesim.catalogue import CATALOGUE
from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.model import (
    RATE_HZ,
    Baseline,
    CallRecord,
    CallState,
    Delivery,
    Ending,
    Finding,
    Heard,
    Influence,
    Kind,
    Line,
    Overlap,
    OverlapKind,
    Phase,
    Reply,
    Samples,
    ScriptRef,
    Span,
    Transcript,
    Turn,
    Word,
)
from voicesim.wiring.bank import shipped_bank

MOODS = {"calm": (0, 2), "annoyed": (3, 5), "angry": (6, 8), "furious": (9, 10)}
#: A finding as a test writes it: its id, or its id and the quote.
Short = str | tuple[str, str]


def adviser() -> Adviser:
    """What gives better replies in these calls."""
    return Adviser(bank=shipped_bank(), known=Situation(caller="Megan Price", you="Sam"))


def transcript(text: str, start: int = 0, engine: str = "whisper tiny.en") -> Transcript:
    """A transcript whose words last 0.28 s each, without gaps, from sample ``start`` on."""
    step = int(0.28 * RATE_HZ)
    words = tuple(
        Word(text=w.strip(".,!?"), span=Span(start=start + i * step, end=start + (i + 1) * step), confidence=0.9)
        for i, w in enumerate(text.split())
    )
    return Transcript(words=words, text=text, engine=engine)


def finding(short: Short, text: Transcript, turn: int | None = None, sure: bool = True) -> Finding:
    """A finding with the kind and source of the catalogue and the span of its quote."""
    key, quote = short if isinstance(short, tuple) else (short, None)
    entry = CATALOGUE.get(key)
    return Finding(
        kind=entry.kind if entry else Kind.TECHNIQUE,
        id=key,
        turn=turn,
        quote=quote,
        span=_where(text, quote),
        confidence=0.93 if sure else 0.41,
        sure=sure,
        source=entry.source if entry else None,
    )


def _where(text: Transcript, quote: str | None) -> Span | None:
    bare = [w.text.lower() for w in text.words]
    sought = [w.strip(".,!?").lower() for w in (quote or "").split()]
    for i in range(len(bare) - len(sought) + 1):
        if sought and bare[i : i + len(sought)] == sought:
            return Span(start=text.words[i].span.start, end=text.words[i + len(sought) - 1].span.end)
    return None


def reply(
    text: str,
    found: Sequence[Short] = (),
    start: int = 0,
    live: Sequence[Short] | None = None,
    live_text: str | None = None,
    unsure: Sequence[Short] = (),
    delivery: Delivery | None = None,
    overlaps: tuple[Overlap, ...] = (),
    turn: int | None = None,
) -> Reply:
    """A reply in which ``found`` is sure in both transcripts, unless ``live`` says otherwise for the live one."""
    final = transcript(text, start)
    lively = transcript(live_text or text, start)
    end = final.words[-1].span.end if final.words else start
    return Reply(
        span=Span(start=start, end=end),
        live=Heard(
            transcript=lively,
            findings=tuple(finding(f, lively, turn) for f in (found if live is None else live)),
        ),
        final=Heard(
            transcript=final,
            findings=(
                *(finding(f, final, turn) for f in found),
                *(finding(f, final, turn, sure=False) for f in unsure),
            ),
        ),
        delivery=delivery,
        speech=(Span(start=start, end=end),),
        overlaps=overlaps,
    )


def mood(anger: int) -> str:
    return next(name for name, (low, high) in MOODS.items() if low <= anger <= high)


def call(
    turns: Sequence[tuple[Phase, str, Reply | None, int]],
    *,
    ending: Ending = Ending.RESOLVED,
    start_anger: int = 7,
    sound: bool = True,
    influences: Sequence[Sequence[Influence]] = (),
    **more: object,
) -> CallRecord:
    """A call of turns (phase, line, reply, anger afterwards); lines sound from second 10 x turn to 3 s later."""
    made = []
    anger = [start_anger, *(t[3] for t in turns)]
    for i, ((phase, text, answer, _), (before, after)) in enumerate(zip(turns, pairwise(anger), strict=True)):
        start = (i * 10 + 1) * RATE_HZ
        made.append(
            Turn(
                line=Line(id=f"step{i}-{mood(before)}-0000", step=f"step{i}", mood=mood(before), text=text),
                reply=answer,
                before=CallState(step=f"step{i}", anger=before, seed=1, turn=i, phase=phase),
                after=CallState(step=f"step{i + 1}", anger=after, seed=1, turn=i + 1, phase=phase),
                influences=tuple(influences[i]) if i < len(influences) else (),
                line_span=Span(start=start, end=start + 3 * RATE_HZ) if sound else None,
                phase=phase,
            )
        )
    return CallRecord(
        script=ScriptRef(id="billed-twice", version=1, sha256="ab" * 32, title="Billed twice"),
        seed=1,
        engines={"recognizer": "whisper tiny.en"},
        ending=ending,
        turns=tuple(made),
        moods=MOODS,
        **more,  # type: ignore[arg-type]
    )


BASELINE = Baseline(
    trainee="Sam",
    headset="demo",
    f0_median_st=84.6,
    alpha_db=-9.2,
    centroid_st=106.4,
    f0_velocity_stps=31.0,
    level_dbfs=-27.5,
    articulation_rate_sps=4.6,
    speech_s=21.4,
    snr_db=31.0,
    made_utc="2026-03-02T09:00:00Z",
)


def _delivery(rate: float, level: float, gap: float, tension: float | None, pauses: float = 0.14) -> Delivery:
    band = None if tension is None else "calm" if tension <= -1 else "raised" if tension <= 1 else "tense"
    return Delivery(
        speech_s=4.2,
        articulation_rate_sps=rate,
        speech_rate_sps=round(rate * (1 - pauses), 4),
        words_per_minute=round(rate * 34, 4),
        pause_share=pauses,
        longest_pause_s=0.42,
        reply_gap_s=gap,
        level_dbfs=round(-27.5 + level, 4),
        level_db_re_baseline=level,
        level_slope_db_per_min=0.8,
        f0_median_st_re_baseline=None if tension is None else round(1.5 + tension, 4),
        f0_spread_st=2.4,
        f0_velocity_sps_re_baseline=2.1,
        alpha_db_re_baseline=0.9,
        centroid_st_re_baseline=1.2,
        tension=tension,
        tension_band=band,
        snr_db=28.0,
        clipped_share=0.0,
        calibrated=True,
        abstained={"tension": "only 1.2 s of speech, 1.5 s are needed"} if tension is None else {},
    )


#: line, reply, found, unsure, phase, anger afterwards, influences (cause, delta, rule, quote), delivery.
_CALL: tuple[tuple[object, ...], ...] = (
    (
        "At last, a human being. You've taken sixty-two pounds off me, and then you took it again.",
        "Good morning, this is Sam at Fenwick. Please tell me what happened, I am listening.",
        (("greeting", "Good morning, this is Sam"), ("vent", "Please tell me what happened, I am listening")),
        (),
        Phase.CONTROL,
        6,
        (("greeting", 0, "1st time", "Good morning, this is Sam"), ("vent", -1, "1st time", "tell me what happened")),
        _delivery(4.9, 1.2, 0.9, -0.4),
    ),
    (
        "It went out on the twelfth of March. Fine. Then on the fourteenth it went out again, and the same night "
        "they refused my card at the supermarket.",
        "Okay, but you need to calm down so that I can look at your account.",
        (("command_calm", "you need to calm down"), ("interrupt", "Okay, but")),
        (),
        Phase.ACKNOWLEDGE,
        10,
        (
            ("command_calm", 2, "1st time", "you need to calm down"),
            ("interrupt", 2, "1st time", "Okay, but"),
        ),
        _delivery(5.6, 4.1, -0.4, 1.3, 0.06),
    ),
    (
        "They refused my card! At the till! With the whole queue looking at me! Because of you!",
        "I am sorry, Mrs Price. Sixty-two pounds went out twice, on the twelfth and the fourteenth of March. "
        "That is our mistake, and it would upset me as well.",
        (
            ("apology", "That is our mistake"),
            ("acknowledge", "Sixty-two pounds went out twice, on the twelfth and the fourteenth of March"),
            ("empathy", "it would upset me as well"),
        ),
        (("hedge_sorry", "I am sorry"),),
        Phase.ACKNOWLEDGE,
        6,
        (
            ("acknowledge", -2, "1st time", "Sixty-two pounds went out twice"),
            ("empathy", -2, "1st time, from anger 5", "it would upset me as well"),
            ("apology", -1, "1st time", "That is our mistake"),
            ("limit", 1, "at most 4 points fall in one reply", None),
        ),
        _delivery(5.2, 2.0, 0.8, 0.4),
    ),
    (
        "Yes. Exactly. So what are you going to do about it?",
        "So that I tell nobody else about this, could you give me your account number, please?",
        (("verify_identity", "could you give me your account number"), ("closed_question", "could you give me")),
        (),
        Phase.REFOCUS,
        6,
        (("verify_identity", 0, "1st time", "could you give me your account number"),),
        _delivery(4.8, 1.1, 1.1, -0.8),
    ),
    (
        "Account five zero eight three, Megan Price. Now do something.",
        "Thank you. I can send the sixty-two pounds back today, it takes three working days. "
        "The DD indemnity claim runs through BACS.",
        (
            ("offer_solution", "I can send the sixty-two pounds back today"),
            ("jargon", "The DD indemnity claim runs through BACS"),
            ("thank", "Thank you"),
        ),
        (),
        Phase.REFOCUS,
        4,
        (
            ("offer_solution", -2, "1st time", "I can send the sixty-two pounds back today"),
            ("thank", -1, "1st time", "Thank you"),
            ("jargon", 1, "1st time", "DD indemnity claim"),
        ),
        _delivery(5.3, 0.6, 0.7, -0.9),
    ),
    (
        "I've heard that before. What makes you any different?",
        "I will follow it myself and ring you on Thursday by noon.",
        (("assurance", "I will follow it myself and ring you on Thursday by noon"),),
        (("takeaway", "Thursday by noon"),),
        Phase.SOLVE,
        2,
        (("assurance", -2, "1st time", "I will follow it myself"),),
        _delivery(4.7, 0.2, 1.0, -1.2),
    ),
    (
        "Thank you. And the bank charged me fifteen pounds for it.",
        "We will cover that as well.",
        (("concession", "We will cover that as well"),),
        (),
        Phase.SOLVE,
        1,
        (("concession", -1, "1st time", "We will cover that as well"),),
        _delivery(4.5, -0.3, 1.4, None),
    ),
)
GOALS = {
    "acknowledge": "Repeat her figures back: the amount, the two dates, what happened at the till.",
    "apology": "Own it once. The second payment was your company's fault, and your screen says so.",
    "takeaway": "Give her a reference number and the day on which the money is back.",
}


def sample_record(baseline: Baseline | None = BASELINE) -> CallRecord:
    """Seven turns and the caller's last words: a mixed call, resolved, with everything a report has to show."""
    turns: list[Turn] = []
    anger, at = 7, RATE_HZ
    for number, (line, text, found, unsure, phase, after, moved, delivery) in enumerate(_CALL, 1):
        spoken = int(len(str(line).split()) * 0.3 * RATE_HZ)
        gap = int((delivery.reply_gap_s or 0.5) * RATE_HZ)  # type: ignore[attr-defined]
        start = at + spoken + gap
        overlaps = (Overlap(span=Span(start=start, end=start - gap), kind=OverlapKind.INTERRUPTION),) if gap < 0 else ()
        disputed = number == 6
        answer = reply(
            str(text),
            found,  # type: ignore[arg-type]
            start=start,
            live=[*found, ("false_promise", "ring you for sure")] if disputed else None,  # type: ignore[misc]
            live_text="I will follow it myself and ring you for sure say by noon." if disputed else None,
            unsure=unsure,  # type: ignore[arg-type]
            delivery=delivery,  # type: ignore[arg-type]
            overlaps=overlaps,
            turn=number,
        )
        turns.append(
            Turn(
                line=Line(id=f"s{number}-{mood(anger)}-1f", step=f"s{number}", mood=mood(anger), text=str(line)),
                reply=answer,
                before=CallState(step=f"s{number}", anger=anger, seed=7, turn=number - 1, phase=phase),  # type: ignore[arg-type]
                after=CallState(step=f"s{number + 1}", anger=after, seed=7, turn=number, phase=phase),  # type: ignore[arg-type]
                influences=tuple(Influence(cause=c, delta=d, rule=r, quote=q) for c, d, r, q in moved),  # type: ignore[attr-defined]
                line_span=Span(start=at, end=at + spoken),
                phase=phase,  # type: ignore[arg-type]
            )
        )
        anger, at = after, answer.span.end + int(0.8 * RATE_HZ)  # type: ignore[assignment]
    goodbye = "Thank you. Sorry I went off like that. It's been a long week."
    end = turns[-1].after
    turns.append(
        Turn(
            line=Line(id="thanks-calm-2c", step="thanks", mood="calm", text=goodbye),
            reply=None,
            before=end,
            after=end,
            line_span=Span(start=at, end=at + 4 * RATE_HZ),
        )
    )
    return CallRecord(
        script=ScriptRef(
            id="billed-twice", version=1, sha256="3f" * 32, title="Billed twice for one month of broadband"
        ),
        seed=7,
        engines={"recognizer": "faster-whisper 1.2 tiny.en", "voice": "hibari 0.2.1 heart", "pitch": "swift-f0 0.3"},
        ending=Ending.RESOLVED,
        turns=tuple(turns),
        trainee="Sam",
        baseline=baseline,
        unused_replies=("08-extra.flac",),
        moods=MOODS,
        clock={"began_utc": "2026-03-16T10:42:00Z", "id": "20260316-104200"},
    )


def sounds(record: CallRecord) -> dict[str, Samples]:
    """Made sound for both channels of a call: a hum while the caller speaks, another while the trainee does."""
    ends = [t.line_span.end for t in record.turns if t.line_span]
    ends += [t.reply.span.end for t in record.turns if t.reply]
    length = max(ends) + RATE_HZ
    time = np.arange(length, dtype=np.float32) / RATE_HZ
    caller, trainee = np.zeros(length, np.float32), np.zeros(length, np.float32)
    for turn in record.turns:
        if turn.line_span:
            where = slice(turn.line_span.start, turn.line_span.end)
            caller[where] = 0.1 * np.sin(2 * np.pi * 220 * time[where])
        if turn.reply:
            where = slice(turn.reply.span.start, turn.reply.span.end)
            trainee[where] = 0.1 * np.sin(2 * np.pi * 130 * time[where])
    return {"caller": caller, "trainee": trainee}
