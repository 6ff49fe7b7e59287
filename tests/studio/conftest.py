"""What several tests of the studio use: a process that is killed before each step that changes the disk."""

import os
import subprocess
import sys

import pytest

# A killed process stops between two calls of the system: the n-th that changes a file is the last it begins.
DRIVER = """
import os, shutil, signal, sys
from pathlib import Path
{imports}

def begin(left):
    def counted(call):
        def counting(*given, **named):
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **named)
        return counting
    for name in ("replace", "unlink", "rename", "rmdir", "mkdir"):
        setattr(Path, name, counted(getattr(Path, name)))
    for name in ("rmdir", "unlink"):
        setattr(os, name, counted(getattr(os, name)))
    # What was written outlives the process without it; it only takes time.
    os.fsync = counted(lambda handle: None)

old = Path(sys.argv[1])
for deaths in range(1_000):
    folder = old.with_name(f"killed-{{deaths}}")
    shutil.copytree(old, folder)
    child = os.fork()
    if not child:
        begin(deaths)
        {work}
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    assert os.WTERMSIG(status) == signal.SIGKILL
"""


@pytest.fixture
def killed_at_every_step(monkeypatch):
    """Gives copies of a folder, in each of which one process was killed: one step later each; it ended in the last.

    ``work`` is what the process does with the copy, which it knows as ``folder``.
    """
    if os.name == "nt":
        pytest.skip("no SIGKILL here")

    monkeypatch.setattr(os, "fsync", lambda handle: None)

    def run(old, *, imports, work):
        command = [sys.executable, "-c", DRIVER.format(imports=imports, work=work), str(old)]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        folders = sorted(old.parent.glob("killed-*"), key=lambda path: int(path.name.rpartition("-")[2]))
        assert len(folders) > 5
        return folders

    return run
