"""A program, not a module to import: decodes half a second of silence with the Vosk model named as its argument.

It runs in a process of its own, because a damaged model does not raise: it hangs, aborts or crashes. It prints "OK"
if all is well; anything else means that the model cannot be used.
"""

import sys


def main(folder: str) -> None:
    """Load, decode, print. Raises whatever the library raises."""
    import vosk

    vosk.SetLogLevel(-1)
    recognizer = vosk.KaldiRecognizer(vosk.Model(model_path=folder), 16_000.0)
    recognizer.SetWords(True)
    recognizer.AcceptWaveform(bytes(2 * 8_000))
    recognizer.FinalResult()
    sys.stdout.write("OK\n")


if __name__ == "__main__":
    main(sys.argv[1])
