"""ARPAbet, the notation of pronunciations in the company folder: "P OW1 S T G R EH2 S"."""

from typing import Annotated

from pydantic import AfterValidator

VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
CONSONANTS = frozenset("B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH".split())
STRESSES = ("0", "1", "2")
"""After a vowel: none, primary stress, secondary stress."""
_EXPECTED = "ARPAbet phones such as T AY1 D L AY2 N (a vowel may have its stress, 0 to 2)"


def unstressed(phones: str) -> str:
    """The phones without stress marks, as recognisers take them."""
    return " ".join(phone.rstrip("012") for phone in phones.split())


def _checked(phones: str) -> str:
    for phone in phones.split():
        bare = phone[:-1] if phone[-1] in STRESSES else phone
        if bare not in VOWELS and (bare != phone or bare not in CONSONANTS):
            raise ValueError(f"{_EXPECTED}, and {phone} is none")
    if not phones.strip():
        raise ValueError(_EXPECTED)
    return " ".join(phones.split())


Phones = Annotated[str, AfterValidator(_checked)]
"""One word's sounds, space-separated. Errors name the first invalid one."""
