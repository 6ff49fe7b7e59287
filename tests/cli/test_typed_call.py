"""A call with typed replies on the command line: what a person at the keyboard meets."""

import builtins
import json

from voicesim.cli import main


def typing(monkeypatch, *answers):
    """Let a person type those answers; an exception is raised instead of one."""
    left = iter(answers)

    def asked(prompt):
        answer = next(left)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(builtins, "input", asked)


def test_ctrl_c_keeps_the_call_and_exits_130(monkeypatch, tmp_path):
    typing(monkeypatch, "Hello, this is Sam. Please tell me what happened.", KeyboardInterrupt())
    assert main(["practice", "billed-twice", "--text", "-", "--out", str(tmp_path / "call")]) == 130
    record = json.loads((tmp_path / "call" / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "stopped"
    assert [turn["reply"] is not None for turn in record["turns"]] == [True, False]
    assert (tmp_path / "call" / "report.html").is_file()


def test_ctrl_c_is_told_before_an_ending_that_was_not_met(monkeypatch, tmp_path):
    typing(monkeypatch, KeyboardInterrupt())
    call = str(tmp_path / "call")
    assert main(["practice", "billed-twice", "--text", "-", "--out", call, "--expect", "resolved"]) == 130


def test_the_end_of_what_is_typed_stops_the_call_after_one_silence(monkeypatch, tmp_path):
    typing(monkeypatch, "Hello, this is Sam.", EOFError())
    assert main(["practice", "billed-twice", "--text", "-", "--out", str(tmp_path / "call")]) == 0
    record = json.loads((tmp_path / "call" / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "stopped"
    assert [turn["reply"] is not None for turn in record["turns"]] == [True, False, False]
