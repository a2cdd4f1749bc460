"""Words that flags are based on: frustration, prices, competitors, card numbers. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from core.privacy.cards import luhn
from knowledge.profile import Company

_FRUSTRATION = re.compile(
    r"\b(?:this is (?:ridiculous|useless|a joke|absurd|insane|pointless|a waste)"
    r"|you(?:'re| are) (?:useless|not listening|not helping|wasting my time)|waste of (?:my )?time"
    r"|(?:i )?(?:already|just) (?:told|said|answered|gave) (?:you|that|this)"
    r"|how many times|for the (?:second|third|fourth|fifth|last|hundredth) time"
    r"|(?:stop|quit) (?:asking|repeating)|fed up|sick of|so (?:frustrating|annoying)"
    r"|(?:i'm|i am) (?:getting )?(?:really |very |so |pretty )?(?:frustrated|annoyed|angry|upset)"
    r"|are you even listening|forget (?:it|about it)|never ?mind then|unbelievable"
    r"|terrible (?:service|experience)|for (?:god's|heaven's|christ's) sake)\b",
    re.IGNORECASE,
)
_PRICES = re.compile(
    r"\b(?:pric(?:e|es|ing|ed|ey)|costs?|how much (?:is|are|do|does|would|will)|discounts?|quotes?"
    r"|cheap(?:er|est)?|expensive|afford(?:able)?|(?:per|a) (?:seat|user) (?:fee|price|cost)"
    r"|(?:annual|monthly|setup|set-up) fees?|better deal|negotiat\w+)\b",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\d])(?:\d[ -]?){12,18}\d(?!\d)")
_AROUND = 60


def frustration(text: str, more: Sequence[str]) -> str:
    """The frustrated words with some context; empty if none."""
    found = _FRUSTRATION.search(text)
    if found is None:
        found = next((m for words in more if (m := _plain(words).search(text))), None)
    return _around(text, found)


def prices(text: str) -> str:
    """The mention of prices; empty if none."""
    return _around(text, _PRICES.search(text))


def competitors(text: str, company: Company) -> Iterator[str]:
    """Competitors named in the text, as the company writes them."""
    for name in company.vocabulary.competitors:
        if _plain(name).search(text):
            yield name


def held_card(text: str) -> bool:
    """Whether the text contains a payment card number."""
    numbers = (re.sub(r"\D", "", found.group()) for found in _CARD.finditer(text))
    return any(len(set(digits)) > 1 and luhn(digits) for digits in numbers)


@lru_cache(maxsize=512)
def _plain(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)


def _around(text: str, found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    start, end = max(found.start() - _AROUND, 0), min(found.end() + _AROUND, len(text))
    cut = text[start:end].strip()
    return ("… " if start else "") + cut + (" …" if end < len(text) else "")
