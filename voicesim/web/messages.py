"""What page and server tell each other over a socket, beside sound: JSON, version 1, told apart by ``type``.

A message that does not fit is refused as a whole. Session modules add what they send to the page below their name.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from voicesim.errors import UsageError

VERSION = 1
#: What a trainee can want in a call.
WISHES = (
    "accept",
    "pause",
    "repeat",
    "hang_up",
    "stop",
    "again",
    "type",
    "talk",
    "mute",
    "unmute",
    "hold",
    "unhold",
    "transfer",
)


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    v: Literal[1] = 1


# -- from the page ----------------------------------------------------------------------------------------------------


class Hello(_Message):
    """The page is there: its microphone's name, and how long sound takes from the page to ears and from lips to it."""

    type: Literal["hello"]
    label: str = Field(max_length=200)
    latency_s: float = Field(ge=0, le=2, allow_inf_nan=False)


class Wish(_Message):
    """A button or a key was pressed."""

    type: Literal["wish"]
    wish: Literal[WISHES]  # type: ignore[valid-type]  # a tuple of strings is what Literal takes


class Typed(_Message):
    """A typed reply."""

    type: Literal["typed"]
    text: str = Field(max_length=2_000)


class Answer(_Message):
    """The choice that a person made in a dialogue, by its key."""

    type: Literal["answer"]
    answer: str = Field(max_length=40)


class Notes(_Message):
    """What the trainee wrote down beside the call, whole."""

    type: Literal["notes"]
    text: str = Field(max_length=20_000)


FromPage = Annotated[Hello | Wish | Typed | Answer | Notes, Field(discriminator="type")]
_FROM_PAGE: TypeAdapter[FromPage] = TypeAdapter(FromPage)


def from_page(text: str) -> FromPage:
    """The message that a page sent. Raises UsageError for anything else."""
    try:
        return _FROM_PAGE.validate_json(text)
    except ValidationError:
        raise UsageError("the page sent something that is not understood", mend="Load the page again.") from None


# -- to the page ------------------------------------------------------------------------------------------------------


class ToPage(_Message):
    """What the server tells the page; ``type`` is the name of the message."""

    type: str


class Welcome(ToPage):
    """The socket is open. The page goes on with sound frame ``next``; None: with what it hears from now on."""

    type: Literal["welcome"] = "welcome"
    next: int | None


class Problem(ToPage):
    """Something went wrong, in words for the person."""

    type: Literal["problem"] = "problem"
    what: str
    mend: str


class Counts(ToPage):
    """Seconds of sound that got lost on the way to the server and to the ears, and how often the socket broke."""

    type: Literal["counts"] = "counts"
    lost_s: float
    starved_s: float
    breaks: int


# -- a dialogue: headset check, calibration, recordings ------------------------------------------------------------


class Told(ToPage):
    """A line for the person, and after it the words to be said aloud now, if any."""

    type: Literal["told"] = "told"
    text: str
    say: str = ""


class Listening(ToPage):
    """Whether the microphone is listened to now."""

    type: Literal["listening"] = "listening"
    on: bool


class Choice(BaseModel):
    """One way to go on: its key (Enter is empty) and what it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    does: str


class Asked(ToPage):
    """A question with its ways to go on; without any, the question was answered."""

    type: Literal["asked"] = "asked"
    question: str = ""
    choices: tuple[Choice, ...] = ()


class DialogueOver(ToPage):
    """The dialogue has ended: where the page goes on, or what went wrong and how to mend it."""

    type: Literal["dialogue_over"] = "dialogue_over"
    next: str = ""
    what: str = ""
    mend: str = ""


# -- the booth: a dialogue in which takes are recorded --------------------------------------------------------------


class BoothCheck(BaseModel):
    """One thing that is wrong with a take, or merely advised (``fault`` false), with its measure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    advice: str
    measure: str
    value: float | None
    fault: bool


class BoothTake(ToPage):
    """A take that is kept: its sound lies at ``address``, ``path`` draws it in a box of ``width`` x ``height``."""

    type: Literal["booth_take"] = "booth_take"
    line: str
    n: int
    speaker: str
    address: str
    duration_s: float
    path: str
    width: int
    height: int
    checks: tuple[BoothCheck, ...]


class BoothPrompt(ToPage):
    """The line to be spoken next, and its chosen take; ``taken`` of the script's ``lines`` have one."""

    type: Literal["booth_prompt"] = "booth_prompt"
    line: str
    step: str
    mood: str
    text: str
    coaching: str
    number: int
    of: int
    taken: int
    lines: int
    take: BoothTake | None


class BoothStage(ToPage):
    """What begins now, and how a person is told."""

    type: Literal["booth_stage"] = "booth_stage"
    stage: str
    told: str


# -- a call -----------------------------------------------------------------------------------------------------------


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpokenRow(_Part):
    """What was said, in its order: by the caller or by ``you``; and, below a reply, what moved her and by how much."""

    you: bool
    text: str
    moved: tuple[str, ...] = ()


class HoldShown(_Part):
    """The caller is on hold, or was: how it was done so far; None is not known yet."""

    on: bool
    asked: bool
    announced: bool
    thanked: bool | None = None


class AgainShown(_Part):
    """The reply that can be said again: why it moved her, and a better one with the reason ("" for none known)."""

    turn: int
    why: tuple[str, ...]
    better: str
    reason: str


class CallEnd(_Part):
    """How a call ended: ``good`` None is not judged; ``call`` is its id among the stored calls ("" if none is kept)."""

    sentence: str
    good: bool | None = None
    score: int | None = None
    stopped: bool = False
    call: str = ""
    what: str = ""
    mend: str = ""


class CallShown(ToPage):
    """A call as it stands, whole: whatever a page missed, this is enough to go on from.

    ``anger`` 0..10 and its ``mood`` are None in an exam. ``clock_s`` is the time of the call so far; it runs on while
    ``state`` is speaking or listening. ``waits_by`` is who paused it: trainee, again, headset or disk.
    """

    type: Literal["call"] = "call"
    state: Literal["preparing", "ringing", "connecting", "speaking", "listening", "paused", "closing", "over"]
    doing: str = ""
    done: int = 0
    of: int = 0
    clock_s: float = 0.0
    anger: int | None = None
    mood: str | None = None
    line: str = ""
    rows: tuple[SpokenRow, ...] = ()
    waits: str = ""
    waits_by: str = ""
    hold: HoldShown | None = None
    again: AgainShown | None = None
    muted: bool = False
    talking: bool = False
    note: str = ""
    end: CallEnd | None = None


class Partial(ToPage):
    """The reply under way reads so, as far as it was heard."""

    type: Literal["partial"] = "partial"
    text: str


class Levels(ToPage):
    """How loud the machine's own headset is, in dBFS: its microphone and its ears."""

    type: Literal["levels"] = "levels"
    mic_dbfs: float
    ears_dbfs: float
