"""Shared calls for tests of reviews: held, contested and handed on as the terminal does it, and sent to the page."""

import io
import zipfile
from pathlib import Path

import pytest
from calls_made import FAIR, HARSH, REFUND, held, use

from voicesim.cli import main


def contested_call(place: Path) -> Path:
    """The folder of a call that was held below ``place``, in which the trainee contests a finding."""
    with pytest.MonkeyPatch.context() as patch:
        use(place / "data", patch)
        folder = held(place, HARSH, FAIR, REFUND)
        assert main(["contest", "last", "--turn", "1", "--finding", "command_calm", "--note", "I <quoted> her."]) == 0
    return folder


def shared_copy(call: Path) -> Path:
    """A new copy of a call with what is handed on of it."""
    data = call.parents[3]
    with pytest.MonkeyPatch.context() as patch:
        use(data, patch)
        assert main(["share", str(call), "--out", str(data.parent / "copy")]) == 0
    return data.parent / "copy"


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def files_of(copy):
    return {f"a-call/{path.name}": path.read_bytes() for path in copy.iterdir()}


def send(client, *contents, who="A", names=None):
    names = names or [f"{number}.zip" for number in range(len(contents))]
    files = [("copies", (name, content)) for name, content in zip(names, contents, strict=True)]
    return client.post("/review/shared", files=files, data={"who": who})
