"""Nothing leaves the machine: whole commands with every socket to another machine refused, and without a network."""

import os
import subprocess
import sys

import pytest

#: Refuses, before it is tried, every connection, datagram, listening socket and look-up that is not a UNIX socket.
REFUSED = """
import sys
NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
           "socket.gethostbyname", "urllib.Request", "http.client.connect"}
def refuse(event, arguments):
    if event in NETWORK and not isinstance(arguments[-1], (str, bytes)):
        print("NETWORK", event, arguments[1:], file=sys.stderr, flush=True)
        raise PermissionError(event)
sys.addaudithook(refuse)
from voicesim.cli import main
sys.exit(main(sys.argv[1:]))
"""
REPLIES = "Hello, this is Sam. Please tell me what happened.\nThat would upset me too. 89 euros left twice.\n"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("offline")
    (folder / "replies.txt").write_text(REPLIES)
    return folder, {**os.environ, "VOICESIM_DATA": str(folder / "data")}


def run(folders, *command, before=()):
    folder, variables = folders
    filled = [part.format(folder=folder) for part in command]
    program = [*before, sys.executable, "-c", REFUSED, *filled]
    return subprocess.run(program, env=variables, capture_output=True, text=True, timeout=300, check=False)


COMMANDS = [
    ("demo", "--fast", "--out", "{folder}/demo"),
    ("practice", "billed-twice", "--text", "{folder}/replies.txt"),
    ("analyse", "{folder}/demo/trainee.flac", "--json"),
    ("analyse", "--text", "{folder}/replies.txt"),
    ("calls",),
    ("show", "last"),
    ("report", "last"),
    ("share", "last", "--out", "{folder}/shared"),
    ("export", "--all", "--out", "{folder}/all.zip"),
    ("script", "list"),
    ("script", "check", "billed-twice"),
    ("models", "list"),
    ("settings",),
    ("doctor",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_opens_a_socket_to_another_machine(folders, command):
    done = run(folders, *command)
    assert "NETWORK" not in done.stderr
    assert done.returncode in ((0, 3) if command == ("doctor",) else (0,)), done.stderr


def test_the_refusal_would_be_seen(folders):
    """The one command that goes out is stopped by it: what guards the others can fail."""
    done = run(folders, "models", "install", "vosk-small-en-us")
    assert "NETWORK" in done.stderr
    assert done.returncode != 0


def _without_network():
    tried = subprocess.run(["unshare", "--user", "--map-root-user", "--net", "true"], check=False, capture_output=True)
    return tried.returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or not _without_network(), reason="allow unprivileged user namespaces")
def test_a_whole_call_without_any_network(folders):
    """What is written in C is covered too: in a namespace of its own there is not even a loopback address."""
    before = ("unshare", "--user", "--map-root-user", "--net")
    done = run(folders, "demo", "--fast", "--out", "{folder}/alone", before=before)
    assert done.returncode == 0, done.stderr
    assert "Call ended: resolved" in done.stdout
