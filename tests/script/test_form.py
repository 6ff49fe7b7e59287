"""One layout: comments stay at what they are about, twice is as once, and the meaning never changes."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim.errors import ScriptError
from voicesim.script.form import formatted, meaning, quoted
from voicesim.script.load import load_script

ROOT = Path(__file__).parents[2]
FIRST = ("benefit-stopped", "billed-twice", "parcel-third-time")
SHIPPED = sorted((ROOT / "scripts").glob("*.yaml"))
SMALL = (ROOT / "tests" / "data" / "small.yaml").read_text()
BILLED = (ROOT / "scripts" / "billed-twice.yaml").read_text()
COMMENT = re.compile(r"# remark \d+")


def laid_out(text):
    return formatted(text.encode(), "x.yaml")


def means(text):
    return meaning(load_script(text.encode(), "x.yaml"))


@pytest.mark.parametrize("name", FIRST)
def test_the_first_scripts_are_in_the_layout(name):
    text = (ROOT / "scripts" / f"{name}.yaml").read_text()
    assert laid_out(text) == text


@pytest.mark.parametrize("path", [*SHIPPED, ROOT / "tests" / "data" / "small.yaml"], ids=lambda p: p.stem)
def test_the_meaning_stays_and_twice_is_as_once(path):
    text = path.read_text()
    once = laid_out(text)
    assert means(once) == means(text)
    assert [line.id for line in means(once).lines()] == [line.id for line in means(text).lines()]
    assert laid_out(once) == once


def shuffled(value, draw, path=()):
    """The same data with the keys of every mapping in another order, but where order has a meaning."""
    if isinstance(value, list):
        return [shuffled(one, draw, path) for one in value]
    if not isinstance(value, dict):
        return value
    fixed = path[-1:] in (("moods",), ("steps",))
    keys = list(value) if fixed else draw(st.permutations(list(value)))
    return {key: shuffled(value[key], draw, (*path, key)) for key in keys}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_way_to_write_a_script_has_the_same_layout_of_keys_and_the_same_meaning(data):
    tree = shuffled(yaml.safe_load(SMALL), data.draw)
    text = yaml.safe_dump(
        tree,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=data.draw(st.sampled_from([None, False, True])),
        width=data.draw(st.integers(20, 200)),
        indent=data.draw(st.integers(2, 6)),
    )
    once = laid_out(text)
    assert means(once) == means(text)
    assert laid_out(once) == once


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_every_comment_stays_above_or_behind_what_it_is_about(data):
    lines = BILLED.splitlines()
    # Several phrases stand on a line of a list in brackets; the next test is about those.
    whole = [number for number, line in enumerate(lines) if not re.match(r' {4,5}\[?"|    \[', line)]
    places = data.draw(st.sets(st.sampled_from(whole), min_size=1, max_size=12))
    about, commented = {}, []
    for number, line in enumerate(lines):
        if number in places and line.strip():
            own = data.draw(st.booleans())
            remark = f"# remark {number}"
            about[remark] = line.strip()
            commented += [" " * data.draw(st.integers(0, 9)) + remark, line] if own else [f"{line}  {remark}"]
        else:
            commented.append(line)
    once = laid_out("\n".join(commented) + "\n")
    assert sorted(COMMENT.findall(once)) == sorted(about)
    after = [line for line in once.splitlines() if line.strip()]
    for number, line in enumerate(after):
        for remark in COMMENT.findall(line):
            here = line if line.strip() != remark else next(x for x in after[number:] if not x.strip().startswith("#"))
            assert COMMENT.sub("", here).strip() == about[remark]
    assert COMMENT.sub("", once).split() == BILLED.split()


def test_a_list_in_brackets_with_a_comment_in_it_has_a_line_for_each_item():
    text = SMALL.replace("steps:\n", 'phrases:\n  says_no:\n    ["no",  # plainly\n     "never"]\nsteps:\n')
    text = text.replace("reply_mentions: [amount]", "reply_mentions: [says_no]")
    assert '  says_no:\n    - "no"  # plainly\n    - "never"\n' in laid_out(text)


def test_names_of_lists_and_facts_stand_without_quotes_and_a_blank_line_parts_the_lists_from_the_steps():
    text = SMALL.replace("steps:\n", "phrases: {says_it: [amount, back]}\nsteps:\n")
    text = text.replace("reply_mentions: [amount]", "reply_mentions: [says_it, day, now]")
    once = laid_out(text)
    assert '\n\nphrases: {says_it: [amount, "back"]}\n\nsteps:\n' in once
    assert 'reply_mentions: [says_it, day, "now"]' in once
    assert means(once) == means(text)


def test_a_comment_moves_with_its_key():
    text = SMALL.replace('title: "A small call"\n', "").replace(
        "steps:\n", '# what trainees read\ntitle: "A small call"  # short\n# the places\nsteps:\n'
    )
    assert '# what trainees read\ntitle: "A small call"  # short\nlanguage' in laid_out(text)
    assert "\n\n# the places\nsteps:\n" in laid_out(text)


def test_head_and_foot_of_a_file_stay_where_they_are():
    once = laid_out(f"# my script\n# by me\n\n{SMALL}\n# the end\n")
    assert once.startswith("# my script\n# by me\n\nformat: 1\n")
    assert once.endswith("\n\n# the end\n")


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("title: \"A small call\"", "title: 'It''s \"small\"'", 'title: "It\'s \\"small\\""'),
        ("title: \"A small call\"", "title: 0471", 'title: "0471"'),
        ('name: "Pat Doe"', "name: Pat\n     Doe", 'name: "Pat Doe"'),
        ('about: "Wants the money back."', "about: |\n     Wants\n     money.", "about: |\n    Wants\n    money.\n"),
        ('["one open order, 12"]', '[\n "one open order, 12"\n ]', 'you_see: ["one open order, 12"]'),
        ("[amount]", '["amount"]', '{reply_mentions: ["amount"]}'),
        ("[amount]", "[owed]", '{reply_mentions: ["owed"]}'),
        ("go: offer}", '"go": "offer"}', "go: offer}"),
        ('calm: "0-3"', "calm: 0-3", 'calm: "0-3"'),
        ("language: en-GB", "language:", "language:\n"),
    ],
)  # fmt: skip
def test_texts_are_quoted_and_names_are_not(old, new, wanted):
    assert old in SMALL
    changed = SMALL.replace(old, new, 1)
    once = laid_out(changed)
    assert wanted in once
    assert means(once) == means(changed)


def test_a_long_list_that_was_broken_is_broken_where_lines_are_full():
    phrases = ", ".join(f'"money back in {n} days"' for n in range(9))
    text = SMALL.replace(
        'may_offer: {refund: [refund, "money back"]}', f"may_offer:\n    refund:\n      [refund,\n {phrases}]"
    )
    lines = laid_out(text).splitlines()
    at = lines.index("    refund:")
    assert lines[at + 1].startswith('      [refund, "money back in 0 days", ')
    assert len(lines[at + 1]) <= 120
    assert lines[at + 2].startswith('       "money')
    assert lines[at + 3].endswith('"money back in 8 days"]')
    assert laid_out("\n".join(lines)) == "\n".join(lines) + "\n"
    assert means(laid_out(text)) == means(text)


def test_a_file_that_cannot_be_loaded_is_refused():
    with pytest.raises(ScriptError, match="VS030"):
        laid_out(SMALL.replace("title:", "titel:"))


@given(st.text())
def test_a_quoted_text_reads_back_as_it_was(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert yaml.safe_load(quoted(text)) == text
