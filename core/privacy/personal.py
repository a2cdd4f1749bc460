"""Texts of other systems without personal data. Pure."""

import re
from collections.abc import Sequence

from core.privacy.cards import redacted

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(https?://[^\s?#]+)[?#]\S*")
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d[\d ()./–-]{5,}\d(?!\w)")
_DIGITS = re.compile(r"(?<!\w)(?=\w*\d{4})[A-Z]{0,4}\d[\dA-Z]{7,}(?!\w)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_CALLED = re.compile(
    r"\b((?:my|his|her) name is|(?:i am|i'm|this is)(?= [A-Z][a-z]+(?:[ ,.!]|$))) "
    r"([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
FEWEST = 7
"""A number with this many digits may be personal."""


def without_personal(text: str, names: Sequence[str] = ()) -> str:
    """The text without mail addresses, phone, card and account numbers, link parameters, and the
    `names` of the people in it."""
    text = redacted(text)
    text = _LINK.sub(r"\1", _MAIL.sub("[email]", text))
    text = _DIGITS.sub("[number]", _NUMBER.sub(_hidden, _IBAN.sub("[number]", text)))
    text = _CALLED.sub(r"\1 [name]", text)
    for name in sorted({part for one in names for part in _parts(one)}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _hidden(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return "[number]" if digits >= FEWEST and not _DATE.fullmatch(found[0].strip()) else found[0]


def _parts(name: str) -> list[str]:
    """A name's variants: in full, and its longer parts."""
    plain = " ".join(name.split())
    if not plain or "@" in plain or any(c.isdigit() for c in plain):
        return []
    return [plain, *(part for part in plain.split() if len(part) > 2)]
