"""What looks like personal data is hinted at before a script is handed out; made-up numbers are not."""

from pathlib import Path

import pytest

from voicesim.studio.personal import personal_hints


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("Ring me on 07911 123 456 after six.", ["'07911 123 456' looks like a telephone number"]),
        ("It is +49 30 1234567.", ["'+49 30 1234567' looks like a telephone number"]),
        ("oh seven nine double one, one two three, four five six", ["looks like a telephone number"]),
        ("Write to anna.berg@firma.de please.", ["'anna.berg@firma.de' looks like an e-mail address"]),
        ("The card is 4111 1111 1111 1111.", ["looks like a whole card number"]),
        ("four one one one one one one one one one one one one one one one", ["looks like a whole card number"]),
        ("07700 900 123, 020 7946 0123 or 212 555 0123", []),
        ("pat@example.com and kim@mail.example.org", []),
        ("On 12 March 2026, or 2026-03-12, or 12/03/2026.", []),
        ("order 4471 2298, 89 euros, the 3rd", []),
        ("The card that ends in four four seven one.", []),
    ],
)
def test_personal_data_are_hinted_at(text, hints):
    found = personal_hints(text)
    assert len(found) == len(hints)
    assert all(hint in one for hint, one in zip(hints, found, strict=True))


def test_shipped_scripts_hold_nobodys_data():
    """What is shipped is an example of how numbers are made up."""
    found = [
        (path.name, hint)
        for path in sorted((Path(__file__).parents[2] / "scripts").rglob("*.yaml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for hint in personal_hints(line)
    ]
    assert found == []
