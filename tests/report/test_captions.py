import re
from dataclasses import replace

import pytest

from voicesim.errors import InputError
from voicesim.model import Phase, Word
from voicesim.report.captions import captions

CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n<v ([^>]+)>(.+)")


def cues(text):
    """Start, end, speaker and words of each caption."""
    return [
        (60 * (60 * int(h) + int(m)) + float(s), 60 * (60 * int(H) + int(M)) + float(S), who, said)
        for h, m, s, H, M, S, who, said in CUE.findall(text)
    ]


def test_everything_that_was_said_is_captioned_in_order(sample):
    record = sample.sample_record()
    text = captions(record)
    found = cues(text)
    assert text.startswith("WEBVTT\n\n")
    assert len(found) == text.count("-->")
    for speaker, said in (
        ("Caller", [t.line.text for t in record.turns]),
        ("Sam", [" ".join(w.text for w in t.reply.final.transcript.words) for t in record.turns if t.reply]),
    ):
        assert " ".join(words for *_, who, words in found if who == speaker).split() == " ".join(said).split()
    assert [begin for begin, *_ in found] == sorted(begin for begin, *_ in found)


def test_a_caption_fits_two_lines_and_stands_long_enough_to_be_read(sample):
    for begin, end, _, words in cues(captions(sample.sample_record())):
        assert len(words) <= 84
        assert 0.1 <= end - begin <= 6.5


def test_a_reply_begins_with_its_first_word(sample):
    record = sample.sample_record()
    first = record.turns[0].reply
    begins = [begin for begin, _, who, _ in cues(captions(record)) if who == "Sam"]
    assert begins[0] == pytest.approx(first.final.transcript.words[0].span.start_s, abs=0.001)


def test_words_that_look_like_markup_or_a_time_are_only_words(sample):
    record = sample.call([(Phase.CONTROL, "Well?", sample.reply("x", start=64_000), 7)])
    reply = record.turns[0].reply
    evil = Word(text="<v Boss>00:00 --> 00:09\n\n&", span=reply.final.transcript.words[0].span)
    said = replace(reply.final, transcript=replace(reply.final.transcript, words=(evil,)))
    turn = replace(record.turns[0], reply=replace(reply, final=said))
    text = captions(replace(record, turns=(turn,), trainee="A > B"))
    assert text.count("-->") == 2
    assert "<v A &gt; B>&lt;v Boss&gt;00:00 --&gt; 00:09 &amp;" in text


def test_a_reply_whose_words_have_no_times_is_spread_over_its_span(sample):
    record = sample.sample_record()
    reply = record.turns[0].reply
    said = replace(reply.final, transcript=replace(reply.final.transcript, words=()))
    turn = replace(record.turns[0], reply=replace(reply, final=said))
    found = [c for c in cues(captions(replace(record, turns=(turn,)))) if c[2] == "Sam"]
    assert found[0][0] == pytest.approx(reply.span.start_s, abs=0.001)
    assert found[-1][1] == pytest.approx(reply.span.end_s, abs=0.001)


def test_a_typed_call_has_no_captions(sample):
    record = sample.call([(Phase.CONTROL, "Well?", None, 7)], sound=False)
    with pytest.raises(InputError, match="typed call"):
        captions(record)
