"""A script file becomes a script, or one line says where it does not and how to mend it."""

from pathlib import Path

import pytest

from voicesim.errors import ScriptError
from voicesim.model import Ending, Phase
from voicesim.script.load import load_script

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text()


def load(text: str):
    return load_script(text.encode(), "small.yaml")


def test_a_script_holds_what_the_file_says():
    script = load(SMALL)
    assert (script.id, script.version, script.first.name) == ("small", 2, "opening")
    assert script.anger.effect("acknowledge").by == (-3, -1)
    assert script.anger.effect("blame").by == (4,)
    assert script.anger.effect("empathy").by == (-2, -1)
    assert script.anger.effect("empathy").from_anger == 5
    assert script.steps["thanks"].end is Ending.RESOLVED
    assert script.steps["offer"].phase is Phase.SOLVE


def test_a_fact_named_in_a_rule_means_its_value():
    assert load(SMALL).phrases() == ("20 euros",)


LISTS = 'phrases: {says_no: ["never", day]}\nsteps:\n'


def test_a_list_named_in_a_rule_means_its_phrases_at_that_place():
    text = SMALL.replace("steps:\n", LISTS).replace("[amount]", '["no", says_no, amount]')
    when = load(text).first.rules[0].when
    assert when.reply_mentions == ("no", "never", "3 May", "20 euros")
    assert when.mentioned == ("no", "20 euros", "says_no")
    assert load(text).phrase_lists["says_no"].line_number == text[: text.index("phrases:")].count("\n") + 1


def test_one_list_may_stand_without_brackets_and_be_named_often():
    text = SMALL.replace("steps:\n", LISTS).replace("[amount]", "says_no")
    text = text.replace("reply_offers: [refund]", "reply_mentions: [says_no]")
    script = load(text)
    assert script.first.rules[0].when == script.steps["offer"].rules[0].when.__class__(
        reply_mentions=("never", "3 May")
    )
    assert script.phrases() == ("never", "3 May")


@pytest.mark.parametrize(
    ("lists", "named", "message"),
    [
        (
            LISTS,
            "say_no",
            r":\d+: VS034 'say_no' is neither a list under 'phrases' nor a fact\. Did you mean 'says_no'",
        ),
        ("steps:\n", "says_no", r":\d+: VS034 'says_no' is neither .* Known here: amount, day"),
        ("phrases: {no: [never]}\nsteps:\n", "no", r":\d+: VS036 'no' cannot name a list of phrases\. .* asks_who"),
        ("phrases: {says_no: }\nsteps:\n", "says_no", r":\d+: VS036 the list 'says_no' has no phrases\. Write"),
        ("phrases: {says_no: []}\nsteps:\n", "says_no", r":\d+: VS036 the list 'says_no' has no phrases"),
        ("phrases: {a_b: [never], c_d: [a_b]}\nsteps:\n", "a_b", r"VS034 the list 'c_d' names 'a_b', which is no fact"),
        ("phrases: [never]\nsteps:\n", "no", r"VS036 'phrases' must be a list of `name: value` lines"),
    ],
)
def test_a_list_that_is_not_there_or_not_right_is_refused_with_its_line(lists, named, message):
    with pytest.raises(ScriptError, match=message):
        load(SMALL.replace("steps:\n", lists).replace("[amount]", f"[{named}]"))


def test_the_hash_is_of_the_bytes_so_that_any_edit_shows():
    assert load(SMALL).sha256 != load(SMALL + "\n").sha256


def test_a_line_id_changes_with_its_text_only():
    before = {line.text: line.id for line in load(SMALL).lines()}
    after = {line.text: line.id for line in load(SMALL.replace("Goodbye!", "Goodbye.")).lines()}
    assert before["Thank you."] == after["Thank you."]
    assert before["Goodbye!"] != after["Goodbye."]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format: 1", "format: 2", r"small.yaml:1: VS\d+ this is format 2\. This voicesim reads format 1"),
        ("id: small", "id: Small One", r"small.yaml:2: VS\d+ the id 'Small One' does not fit"),
        ("id: small", "id: small\nstop_word: '!!'", r"small.yaml:3: VS\d+ nobody can be heard to say .* three letters"),
        ("id: small", "id: small\nstop_word: go", r"small.yaml:3: VS\d+ nobody can be heard to say .* three letters"),
        ("version: 2", "version: two", r"small.yaml:3: VS\d+ 'version' is 'two'\. Write a whole number"),
        ("title:", "titel:", r"small.yaml:4: VS\d+ the script does not know the key 'titel'\. Did you mean 'title'"),
        ("title: ", "headline: ", r"small.yaml:1: VS\d+ the script has no 'title'"),
        ("caller:", "callr:", r":\d+: VS\d+ the script does not know the key 'callr'\. Did you mean 'caller'"),
        ('title: "A small call"', "title:", r"small.yaml:4: VS\d+ the script has 'title' with nothing behind it"),
        ("language: en-GB", "langauge: en-GB", r":5: VS\d+ the script does not know the key 'langauge'.*'language'"),
        ("goals: {empathy:", "goals: {empaty:", r":6: VS\d+ 'empaty' is not a technique.*Did you mean 'empathy'"),
        ("id: small", "id: small\nid: small", r":3: VS\d+ the key 'id' stands here twice \(first on line 2\)"),
        ("title: ", "title: &a ", r"small.yaml:4: VS\d+ anchors and aliases"),
        ("title: ", "title: *a #", r"small.yaml:4: VS\d+ anchors and aliases"),
        ("title: ", "title: !!python/object:os.system ", r"small.yaml:4: VS\d+ tags \(.*\) are not allowed"),
        ("title: ", "title: !x ", r"small.yaml:4: VS\d+ tags"),
        ('title: "A small call"', "title: [" * 30 + "]" * 30, r"small.yaml:4: VS\d+ is nested deeper than 20"),
        ('"A small call"', '"A small call', r"small.yaml:\d+: VS\d+ is not valid YAML here"),
        ("start: 6", "start: 11", r"'start' is '11'\. Write a whole number from 0 to 10"),
        ("start: 6", "start: 0x6", r"'start' is '0x6'"),
        ('"4-7"', '"5-7"', r"the range of 'angry' is 5-7\. It must begin at 4"),
        ('"8-10"', '"8-9"', r"the moods end at 9"),
        ('{calm: "0-3", angry: "4-7"', '{angry: "0-3", calm: "4-7"', r"'calm' stands after an angrier mood"),
        ('"8-10"', "[8, 10]", r"the range of 'furious' is a list"),
        ("blame: 4", "acknowledge: 1", r"'acknowledge' stands under 'lowered_by' too"),
        ("{at: 10, go: bye}", "{at: 11, go: bye}", r"'at' is '11'. Write a whole number from 1 to 10"),
        ("{at: 10, go: bye}", "{at: 10, go: offer}", r"sends the call to 'offer', which does not end it"),
        ("format: 1", "format: true", r"this is format true"),
        ("format: 1", "format: [1]", r"this is format a list"),
        ('"And now?"', '"?!"', r"'line' is '\?!', without a word"),
        ('silence: ["Hello?"', 'silence: [". ."', r"'silence' is '. \.', without a word"),
        ("persona: woman", "persona: woman, speed: 0.5", r"'speed' is '0.5'. Write a number from 0.6 to 2"),
        ("furious: \"8-10\"", "raging: \"8-10\"", r"'raging' is not a mood"),
        ("blame: 4", "blame: -4", r"'blame' is '-4'"),
        ("go: bye}", "go: by}", r"anger sends the call to 'by', which is not a step\. Did you mean 'bye'"),
        ("go: offer}", "go: ofer}", r"small.yaml:\d+: VS\d+ step 'opening' goes to 'ofer'.*Did you mean 'offer'"),
        ("reply_has: [refer]", "reply_has: [reffer]", r"'reply_has' is 'reffer'\. Did you mean 'refer'"),
        ("reply_offers: [refund]", "reply_offers: [money]", r"'reply_offers' is 'money'"),
        ("mood: [calm]", "mood: [mellow]", r"'mood' is 'mellow'"),
        ("{reply_mentions: [amount]}", "{}", r"'when' asks for nothing"),
        ("tries: 3, then: gives_up", "tries: 3", r"'tries' and 'then' belong together"),
        ("end: resolved", "end: solved", r"'end' is 'solved'\. Did you mean 'resolved'"),
        (", end: resolved", "", r"step 'thanks' needs either 'next' or 'end'"),
        ("calm: [\"Thank you.\"]", "glad: [\"Thank you.\"]", r"step 'thanks' speaks in the mood 'glad'"),
        ('{calm: ["Thank you."]}', "{calm: []}", r"step 'thanks' says nothing"),
        ("weight: 2", "weight: 0", r"'weight' is '0'"),
        ("weight: 2", "volume: 2", r"the line does not know the key 'volume'"),
        ("persona: woman", "persona: woman, engine: x", r"the voice does not know the key 'engine'"),
        ("when_interrupted: stop", "when_interrupted: cry", r"'when_interrupted' is 'cry'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(old, new, message):
    assert old in SMALL
    with pytest.raises(ScriptError, match=message):
        load(SMALL.replace(old, new, 1))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"- a\n- b\n", r"x.yaml:1: VS\d+ the script must be a list of `key: value` lines"),
        (b"format: 1\n\xff\xfe: 2\n", r"x.yaml:2: VS\d+ byte 0xff is not UTF-8"),
        (b"a" * 1_000_001, "is 1,000,001 bytes long"),
        (b"format: 1\n---\nformat: 1\n", r"x.yaml:2: VS\d+ a second document begins"),
        (b"a: " + b"[" * 100_000, r"x.yaml:1: VS\d+ is nested deeper"),
        (b"b: 1\na: \x00\n", r":2: VS\d+ is not valid YAML here: the character 0x00 belongs in no text. Remove it"),
        (b"\tformat: 1\n", r"x.yaml:1: VS\d+ is not valid YAML here: a tab stands here. Indent with spaces"),
        (b"a:\n  b: 1\n   c: 2\n", "x.yaml:3: .*a second colon .* indented too far.* same column"),
        (b"a:\n   b: 1\n  c: 2\n", "x.yaml:3: .*this does not fit the lines above it"),
        (b"a: one: two\n", "x.yaml:1: .*a second colon in one line.* in quotes"),
        (b"a: [one\nb: two\n", "x.yaml:2: .*the closing bracket is missing"),
        (b"a: ['I don't know']\n", "x.yaml:1: .*a comma or the closing bracket is missing before this.*double quotes"),
        (b'a: "one\n', "x.yaml:2: .*the file ends inside a quoted text"),
        (b"? [1, 2]\n: 3\n", r"x.yaml:1: VS\d+ a key must be a word"),
    ],
)
def test_files_that_are_no_script_are_refused(data, message):
    with pytest.raises(ScriptError, match=message):
        load_script(data, "x.yaml")


def test_only_decimal_numbers_are_numbers():
    script = load(SMALL.replace("title: ", "title: on #").replace("authors", "authors"))
    assert script.title == "on"


def test_a_number_that_stands_for_a_text_stays_as_it_was_written():
    script = load(SMALL.replace('amount: "20 euros"', "amount: 0471").replace("holiday:", "007:"))
    assert script.caller.facts["amount"] == "0471"
    assert "007" in script.briefing.may_not


def test_a_name_that_looks_like_a_number_can_be_named_again():
    script = load(
        SMALL.replace("refund: [refund,", "24: [refund,").replace("reply_offers: [refund]", "reply_offers: [24]")
    )
    assert script.steps["offer"].rules[0].when.reply_offers == ("24",)


def test_a_byte_order_mark_is_no_error():
    assert load_script(b"\xef\xbb\xbf" + SMALL.encode(), "small.yaml").id == "small"
