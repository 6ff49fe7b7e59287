"""How far the rule of syllables is off, beside the phonemes of the lexicon that hibari-tts carries.

    python tests/benchmarks/syllables.py

Two figures: over the words of the lexicon (each once), and over running text (the transcripts of LibriSpeech in
``VOICESIM_SPEECH``, without it the sentences below), where common words count as often as they are said.
"""

import gzip
import json
from collections import Counter
from importlib.resources import files

from _speech_data import rows

from voicesim.speech.syllables import spoken_words, syllables

#: Vowels of the lexicon's phonemes: plain, reduced, and the capitals that stand for diphthongs.
VOWELS = frozenset("AIOWYQaæɑɒɔəɚɛɜɝiɪuʊʌᵊᵻɐeo")
#: Sentences of telephone service, our own.
SENTENCES = (
    "Thank you for calling Northgate, this is Sam, how can I help you today?",
    "I apologise, we charged you twice and that is our mistake.",
    "That would upset me as well, and you are right to raise it.",
    "Let me open your account, could you read me the number on the letter?",
    "I can refund the difference this afternoon or credit your next invoice.",
    "I do not know yet, but I will ask my colleague in billing and call you back at noon.",
    "Your reference is four four seven one, and the parcel arrives on Wednesday.",
)


def lexicon() -> dict[str, int]:
    """Syllables of each plain lower-case word of two letters or more; words without a vowel are left out."""
    packed = files("hibari").joinpath("assets/lexicon_us_gold.json.gz").read_bytes()
    found = {}
    for word, phonemes in json.loads(gzip.decompress(packed)).items():
        spoken = phonemes.get("DEFAULT") if isinstance(phonemes, dict) else phonemes
        if spoken and len(word) > 1 and word.isascii() and word.isalpha() and word.islower():
            # A glottal stop before n carries a syllable without a vowel: button.
            found[word] = sum(sound in VOWELS for sound in spoken) + spoken.count("ʔn")
    return {word: count for word, count in found.items() if count}


def main() -> None:
    """Print both figures."""
    known = lexicon()
    ours = {word: syllables(word) for word in known}
    exact = sum(ours[word] == count for word, count in known.items()) / len(known)
    once = Counter(dict.fromkeys(known, 1))
    print(f"lexicon: {len(known)} words, exact {exact:.1%}, total off by {_off(once, known)}")
    texts = [row["transcript"] for row in rows("librispeech")]
    for name, text in (("LibriSpeech", " ".join(texts)), ("service sentences", " ".join(SENTENCES))):
        words = Counter(word for word in spoken_words(text))
        covered = Counter({word: count for word, count in words.items() if word in known})
        if covered:
            counts = f"{words.total()} words, {covered.total()} in the lexicon"
            print(f"{name}: {counts}, total off by {_off(covered, known)}")


def _off(words: Counter[str], known: dict[str, int]) -> str:
    """How far the total is off, and the sum of all errors, both as a share of the total."""
    total = sum(times * known[word] for word, times in words.items())
    errors = [times * (syllables(word) - known[word]) for word, times in words.items()]
    return f"{sum(errors) / total:+.2%} (all errors {sum(map(abs, errors)) / total:.2%})"


if __name__ == "__main__":
    main()
