"""How the replies sounded, against the trainee's own baseline: observations that never score.

Only behaviour is named, in units; what anybody felt is not measured and not said.
"""

from statistics import fmean, median

from voicesim.coach.rubric import source
from voicesim.model import CallRecord, Delivery, Moment, Overlap, OverlapKind

#: Shorter replies say nothing about pace.
PACE_WORDS = 8
#: Fewer scored replies carry no verdict for a call.
TENSION_REPLIES = 3


def paced(record: CallRecord) -> tuple[Delivery, ...]:
    """The deliveries of replies that are long enough to say something about pace."""
    replies = [t.reply for t in record.turns if t.reply is not None]
    long = [r for r in replies if len(r.final.transcript.words) >= PACE_WORDS]
    return tuple(r.delivery for r in long if r.delivery and r.delivery.articulation_rate_sps is not None)


def deliveries(record: CallRecord) -> tuple[Delivery, ...]:
    """The deliveries of all replies that have one, in order."""
    return tuple(t.reply.delivery for t in record.turns if t.reply is not None and t.reply.delivery is not None)


def observations(record: CallRecord) -> tuple[Moment, ...]:
    """Pace, level, gap, tension, backchannels and cross-talk, as far as they were measured; no points."""
    told = (
        ("pace", _pace(record), "slower2023"),
        ("level", _level(record), "ours"),
        ("reply_gap", _gap(record), "industry"),
        ("tension", _tension(record), "rueff2015"),
        ("backchannel", _backchannels(record), "ours"),
        ("cross_talk", _cross_talk(record), "industry"),
    )
    return tuple(
        Moment(id=name, turn=None, title=title, quote=None, why=source(key).finding, source=key)
        for name, title, key in told
        if title
    )


def _pace(record: CallRecord) -> str | None:
    rates = [d.articulation_rate_sps for d in paced(record) if d.articulation_rate_sps is not None]
    if not rates:
        return None
    rate, own = fmean(rates), record.baseline.articulation_rate_sps if record.baseline else None
    text = f"You spoke at {rate:.1f} syllables a second"
    if not own:
        return text
    change = round(100 * (rate / own - 1))
    if change == 0:
        return f"{text}, as in your own baseline"
    return f"{text}, {abs(change)} % {'faster' if change > 0 else 'slower'} than your own baseline of {own:.1f}"


def _level(record: CallRecord) -> str | None:
    levels = [d.level_db_re_baseline for d in deliveries(record) if d.level_db_re_baseline is not None]
    if not levels:
        return None
    mean = fmean(levels)
    if abs(mean) < 1:
        return "You were as loud as in your own baseline, within 1 dB"
    return f"You were {abs(mean):.0f} dB {'louder' if mean > 0 else 'softer'} than in your own baseline"


def _gap(record: CallRecord) -> str | None:
    gaps = [d.reply_gap_s for d in deliveries(record) if d.reply_gap_s is not None]
    return f"You answered {max(0.0, median(gaps)):.1f} s after the caller's last word (median)" if gaps else None


def _tension(record: CallRecord) -> str | None:
    bands = [d.tension_band for d in deliveries(record) if d.calibrated and d.tension is not None and d.tension_band]
    if len(bands) < TENSION_REPLIES:
        return None
    counts = ", ".join(f"{bands.count(b)} {b}" for b in ("calm", "raised", "tense") if b in bands)
    return f"Tension of the voice against your own baseline, in {len(bands)} replies: {counts}"


def _overlaps(record: CallRecord, kind: OverlapKind) -> list[Overlap]:
    return [o for t in record.turns if t.reply is not None for o in t.reply.overlaps if o.kind is kind]


def _backchannels(record: CallRecord) -> str | None:
    times = len(_overlaps(record, OverlapKind.BACKCHANNEL))
    if not times:
        return None
    often = "once" if times == 1 else f"{times} times"
    return f"You let the caller hear that you were listening {often} while the line went on"


def _cross_talk(record: CallRecord) -> str | None:
    seconds = sum(o.span.duration_s for o in _overlaps(record, OverlapKind.INTERRUPTION))
    return f"You spoke over the caller for {seconds:.1f} s of the call" if seconds else None
