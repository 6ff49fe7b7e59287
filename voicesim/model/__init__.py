"""The data that rooms hand to each other: frozen, keyword-only values with the unit in the name.

``sounds`` has sound and its clock, ``replies`` what is known of one reply, ``calls`` a whole call. Unknown is ``None``,
never 0. A :class:`Span` counts samples at 16 kHz; seconds appear at the output only. Mappings are read-only by
agreement: whoever changes one makes a new one.
"""

from voicesim.model.calls import (
    Branch,
    CallRecord,
    CallState,
    Change,
    Context,
    Dial,
    Ending,
    Feedback,
    Influence,
    Line,
    Moment,
    Phase,
    ScorePart,
    ScriptRef,
    Turn,
    WhatIf,
)
from voicesim.model.replies import (
    Baseline,
    Delivery,
    Finding,
    Heard,
    Kind,
    Overlap,
    OverlapKind,
    Reply,
    Transcript,
    Word,
)
from voicesim.model.sounds import FRAME, RATE_HZ, Samples, Sound, Span

__all__ = [
    "FRAME",
    "RATE_HZ",
    "Baseline",
    "Branch",
    "CallRecord",
    "CallState",
    "Change",
    "Context",
    "Delivery",
    "Dial",
    "Ending",
    "Feedback",
    "Finding",
    "Heard",
    "Influence",
    "Kind",
    "Line",
    "Moment",
    "Overlap",
    "OverlapKind",
    "Phase",
    "Reply",
    "Samples",
    "ScorePart",
    "ScriptRef",
    "Sound",
    "Span",
    "Transcript",
    "Turn",
    "WhatIf",
    "Word",
]
