"""Single values of a file changed at their places: what is not meant stays as it is, to the letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim.errors import UsageError, VoicesimError
from voicesim.files import shipped
from voicesim.reading.tree import parse
from voicesim.script.edit import composed, with_items, with_key, with_value, without
from voicesim.script.field_edits import with_fields
from voicesim.script.fields import DROP, LINES, NEW, TEXT, form_fields
from voicesim.script.load import load_script

SHIPPED = sorted(shipped("scripts").glob("*.yaml"))
FIELDS = {path.stem: list(form_fields(path.read_text(encoding="utf-8")).every()) for path in SHIPPED}
WORDS = st.text("abc .,:#'\"\\[]{}-é", min_size=1, max_size=20).filter(lambda text: any(map(str.isalpha, text)))


def plain(text):
    """A text as the values that it holds, as they are written."""

    def value(node):
        if node.id == "mapping":
            return {key.value: value(one) for key, one in node.value}
        return [value(one) for one in node.value] if node.id == "sequence" else node.value

    return value(composed(text))


def differences(before, after, path=()):
    """The paths at which two values differ; a list that got longer or shorter differs as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(key for key in after if key not in before)]
        return [one for key in keys for one in differences(before.get(key), after.get(key), (*path, key))]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            one for n, (a, b) in enumerate(zip(before, after, strict=True)) for one in differences(a, b, (*path, n))
        ]
    return [] if before == after else [path]


def unchanged_around(before, after):
    """How many letters at the beginning and the end of two texts are the same, together, at most the shorter's."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, end


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_form_that_is_sent_back_as_it_was_changes_nothing(path):
    text = path.read_text(encoding="utf-8")
    sent = {field.name: field.value.replace("\n", "\r\n") for field in FIELDS[path.stem]}
    assert with_fields(text, sent) == text


@settings(max_examples=15, deadline=None)
@given(st.data(), st.sampled_from(SHIPPED))
def test_one_field_changes_its_own_value_and_no_other_letter(data, path):
    """Every other byte stays, the result loads, and it holds exactly that change."""
    text = path.read_text(encoding="utf-8")
    fields = [f for f in FIELDS[path.stem] if f.kind in (TEXT, LINES) and f.value and not f.fixed]
    field = data.draw(st.sampled_from(fields), label="field")
    rows = field.value.split("\n")
    at = data.draw(st.integers(0, len(rows) - 1), label="row")
    words = data.draw(WORDS, label="words").strip()
    rows[at] = words
    after = with_fields(text, {field.name: "\n".join(rows)})
    load_script(after.encode(), "file")
    changed = differences(plain(text), plain(after))
    assert changed in ([], [field.path], [(*field.path, at)], [(*field.path, at, "text")])
    start, end = unchanged_around(text, after)
    assert "\n" not in text[start : len(text) - end].strip("\n")
    assert len(text) - start - end <= max(map(len, field.value.split("\n"))) + 6


@settings(max_examples=15, deadline=None)
@given(st.data(), st.sampled_from(SHIPPED))
def test_a_line_more_or_less_leaves_the_others_with_their_comments(data, path):
    text = path.read_text(encoding="utf-8")
    fields = [f for f in FIELDS[path.stem] if f.path[-2:-1] == ("say",) and f.value]
    field = data.draw(st.sampled_from(fields))
    rows = field.value.split("\n")
    at = data.draw(st.integers(0, len(rows)))
    more = with_fields(text, {field.name: "\n".join([*rows[:at], "Is this a new line?", *rows[at:]])})
    load_script(more.encode(), "file")
    assert differences(plain(text), plain(more)) == [field.path]
    assert with_fields(more, {field.name: field.value}) == text


@settings(max_examples=15, deadline=None)
@given(st.data(), st.sampled_from(SHIPPED), st.text(max_size=30))
def test_whatever_is_sent_is_written_as_a_file_or_refused_in_words(data, path, value):
    field = data.draw(st.sampled_from(FIELDS[path.stem]))
    try:
        after = with_fields(path.read_text(encoding="utf-8"), {field.name: value, "text:nowhere": "x"})
        parse(after, "file")
    except VoicesimError as error:
        assert error.what


TEXTS = """\
# head
a: one  # behind
list:
  # above two
  - "two"
  - {text: "three", weight: 2}  # behind three
flow: [four, "five"]
empty:
block:
  key: value
last: |
  long
  text
"""


@pytest.mark.parametrize(
    ("path", "value", "written"),
    [
        (("a",), "uno", "a: uno  # behind"),
        (("a",), "u: no", 'a: "u: no"  # behind'),
        (("list", 0), "due", '- "due"'),
        (("list", 1, "text"), 'say "tre"', '- {text: "say \\"tre\\"", weight: 2}  # behind three'),
        (("flow", 0), "true", 'flow: ["true", "five"]'),
        (("empty",), "full", "empty: full"),
        (("block", "other"), "9", "  other: 9"),
        (("list", 1, "abuse"), "yes", "abuse: yes}  # behind three"),
    ],
)
def test_a_value_is_written_where_it_stands(path, value, written):
    after = with_value(TEXTS, path, value)
    assert written in after
    assert differences(plain(TEXTS), plain(after)) == [path]


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        (["two", "new", "three"], '  - "two"\n  - "new"\n  - {text: "three", weight: 2}  # behind three\n'),
        (["two", "three", "new"], '  - {text: "three", weight: 2}  # behind three\n  - "new"\n'),
        (["three"], 'list:\n  # above two\n  - {text: "three", weight: 2}  # behind three\n'),
        (["two"], '  - "two"\nflow:'),
        ([], "a: one  # behind\nflow:"),
    ],
)
def test_a_list_is_brought_to_what_is_wanted_item_by_item(wanted, written):
    assert written in with_items(TEXTS, ("list",), wanted, prose=True)


def test_a_key_that_is_not_there_is_made_with_what_holds_it():
    after = with_key(TEXTS, ("new", "inner"), "[1]")
    assert plain(after)["new"] == {"inner": ["1"]}
    assert after.startswith(TEXTS)


def test_what_is_not_there_cannot_be_deleted():
    with pytest.raises(UsageError, match="not there any more"):
        without(TEXTS, ("nothing",))


def test_windows_line_ends_stay():
    text = TEXTS.replace("\n", "\r\n")
    after = with_items(text, ("list",), ["two", "new"], prose=True)
    assert after.count("\n") == after.count("\r\n")


BILLED = next(path for path in SHIPPED if path.stem == "billed-twice").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"key:caller.facts#name": "shop", "key:caller.facts#value": "Aldi"}, ("caller", "facts", "shop")),
        ({"key:goals#name": "close", "key:goals#value": "End warmly."}, ("goals", "close")),
        (
            {"key:briefing.may_offer#name": "ring back", "key:briefing.may_offer#value": "ring back, ring you"},
            ("briefing", "may_offer", "ring back"),
        ),
        ({"key:phrases#name": "says_no", "key:phrases#value": "never, amount"}, ("phrases", "says_no")),
        ({"key:anger.raised_by#name": "blame", "key:anger.raised_by#value": "3, 1"}, ("anger", "raised_by", "blame")),
        (
            {"step:#name": "more", "step:#mood": "calm", "step:#lines": "One.\nTwo.", "step:#then": "story"},
            ("steps", "more"),
        ),
        (
            {"rule:wall#reply_has": "refer, apology", "rule:wall#mood": "calm", "rule:wall#go": "story"},
            ("steps", "wall", "next"),
        ),
        ({"drop:steps/wall/next/1": "on"}, ("steps", "wall", "next")),
    ],
)
def test_what_is_new_or_dropped_in_the_form_is_the_only_change(given, path):
    after = with_fields(BILLED, given)
    load_script(after.encode(), "file")
    assert differences(plain(BILLED), plain(after)) == [path]


def test_a_new_rule_stands_before_the_otherwise():
    after = load_script(with_fields(BILLED, {"rule:wall#mood": "calm", "rule:wall#go": "story"}).encode(), "file")
    before = load_script(BILLED.encode(), "file")
    assert len(after.steps["wall"].rules) == len(before.steps["wall"].rules) + 1


@pytest.mark.parametrize("given", [{"key:goals#name": "close"}, {"step:#name": "more"}, {"rule:wall#go": "story"}])
def test_half_of_something_new_is_refused(given):
    with pytest.raises(UsageError, match="needs"):
        with_fields(BILLED, given)


def test_every_kind_of_field_is_in_a_shipped_script():
    assert {field.kind for field in FIELDS["billed-twice"]} >= {TEXT, LINES, DROP, NEW, "word", "words"}
