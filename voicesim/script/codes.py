"""Every code that ``voicesim script check`` can show: one place, so that none is used twice.

VS001 to VS015 are about scripts that load, VS020 to VS025 about takes, from VS030 on about files
that cannot be loaded (their names are in voicesim/reading/codes.py).
"""

from dataclasses import dataclass

#: Code -> what it means, in the words of docs/lint.md.
CODES = {
    "VS001": "a step cannot be reached",
    "VS002": "a step has no 'otherwise'",
    "VS003": "an ending cannot be reached from the first step",
    "VS004": "a goal names something that nothing detects",
    "VS005": "digits or signs in spoken text",
    "VS006": "one slip leads to a hang-up",
    "VS007": "one reply wins the call",
    "VS008": "the same line can come twice running",
    "VS009": "the persona is not known",
    "VS010": "there are fewer than two ways for the call to end",
    "VS011": "no good ending exists",
    "VS012": "the call may go on for ever",
    "VS013": "a rule can never match",
    "VS014": "the stop word is said in ordinary replies",
    "VS015": "a list of phrases is never named",
    "VS020": "a line has no take",
    "VS021": "a take belongs to no line",
    "VS022": "a take is clipped",
    "VS023": "a take is silent",
    "VS024": "a take does not say its line",
    "VS025": "a take should be recorded again",
    "VS030": "a key is not known",
    "VS031": "a key is missing",
    "VS032": "a step is not there",
    "VS033": "a mood is not known",
    "VS034": "a technique, mistake, offer or list is not known",
    "VS035": "a key stands twice",
    "VS036": "a value does not fit",
    "VS037": "the file cannot be read",
    "VS038": "YAML that scripts do without",
    "VS039": "another format",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One remark about a script that loads: ``line`` of its file, and how to mend it."""

    code: str
    line: int
    what: str
    mend: str
