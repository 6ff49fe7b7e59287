"""Trimming: silence goes, speech stays, soft consonants with it."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.files import read_sound
from voicesim.model import RATE_HZ, Span
from voicesim.sound import level_dbfs
from voicesim.studio.trim import LEAD_S, TAIL_S, kept_span, trimmed


def room(rng, seconds, level=1e-3):
    return (level * rng.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


def tone(seconds, amplitude=0.2):
    return (amplitude * np.sin(2 * np.pi * 200 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def span(start_s, end_s):
    return Span(start=round(start_s * RATE_HZ), end=round(end_s * RATE_HZ))


def recorded_speech():
    """Clips of recorded people, where there are any (VOICESIM_SPEECH, else beside the checkout)."""
    folder = Path(os.environ.get("VOICESIM_SPEECH") or Path(__file__).parents[3] / "shared" / "speech")
    if not (folder / "manifest.tsv").is_file():
        return []
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["speaker"] in ("2033", "3080")]
    return [folder / row["path"] for row in sorted(rows, key=lambda row: float(row["seconds"]))[:6]]


def test_silence_at_both_ends_goes_but_for_a_little_room(rng):
    samples = np.concatenate([room(rng, 1.0), tone(1.0), room(rng, 1.5)])
    kept = kept_span(samples, [span(1.0, 2.0)])
    assert kept.start_s == pytest.approx(1.0 - LEAD_S, abs=0.02)
    assert kept.end_s == pytest.approx(2.0 + TAIL_S, abs=0.02)
    assert len(trimmed(samples, [span(1.0, 2.0)])) == kept.length


def test_a_soft_consonant_before_the_speech_stays(rng):
    """Voice activity hears the vowel alone; the hiss before it, 26 dB softer, is kept whole."""
    hiss = room(rng, 0.2, level=0.01)
    samples = np.concatenate([room(rng, 1.0), hiss, tone(1.0), hiss, room(rng, 1.0)])
    kept = kept_span(samples, [span(1.2, 2.2)])
    assert kept.start_s <= 1.0
    assert kept.end_s >= 2.4


def test_a_stop_before_the_closed_mouth_of_a_t_stays(rng):
    click = room(rng, 0.02, level=0.05)
    samples = np.concatenate([room(rng, 1.0), tone(1.0), room(rng, 0.06), click, room(rng, 1.0)])
    assert kept_span(samples, [span(1.0, 2.0)]).end_s >= 2.08


def test_nothing_of_other_lines_is_kept(rng):
    samples = np.concatenate([tone(1.0), room(rng, 0.1), tone(1.0), room(rng, 0.1), tone(1.0)])
    kept = kept_span(samples, [span(1.1, 2.1)], inside=span(1.05, 2.15))
    assert (kept.start, kept.end) == (span(1.05, 2.15).start, span(1.05, 2.15).end)


def test_without_speech_all_of_it_stays(rng):
    samples = room(rng, 1.0)
    assert trimmed(samples, []) is samples
    assert kept_span(samples, []) is None


@pytest.mark.parametrize("wrong", [[span(-1, 0.5)], [span(0.5, 9.0)]])
def test_spans_beyond_the_recording_are_cut_to_it(rng, wrong):
    samples = room(rng, 1.0)
    assert 0 < len(trimmed(samples, wrong)) <= len(samples)


@pytest.mark.skipif(not recorded_speech(), reason="no recorded speech here (VOICESIM_SPEECH)")
def test_no_sound_of_recorded_people_is_cut_off():
    """Whatever is left out of read sentences lies 30 dB under the speech: room and breath, no word."""
    vad = SileroVad()
    for path in recorded_speech():
        samples = read_sound(path)[0].samples
        speech = speech_spans(samples, vad)
        kept = kept_span(samples, speech)
        spoken_dbfs = level_dbfs(samples[kept.start : kept.end])
        outside = np.concatenate([samples[: kept.start], samples[kept.end :]])
        frames = outside[: len(outside) // 160 * 160].reshape(-1, 160)
        assert all(level_dbfs(frame) < spoken_dbfs - 30 for frame in frames), path.name
        assert kept.start <= speech[0].start
        assert kept.end >= speech[-1].end
