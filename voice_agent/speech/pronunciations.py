"""Puts the company folder's pronunciations of names into text for a voice.

Only names with their main stress given ("P OW1 S T G R EH2 S"): a voice that had to guess it would
mispronounce more names than its own rules do. Voices built on espeak-ng take phonemes in brackets,
espeak-ng itself in its own alphabet, Piper in IPA; services take none.
"""

import re
from collections.abc import Mapping
from typing import Literal

Letters = Literal["espeak", "ipa"]
NO_NAMES: Mapping[str, str] = {}

_SOUNDS: Mapping[str, tuple[str, str]] = {
    "AA": ("A:", "ɑː"), "AE": ("a", "æ"), "AO": ("O:", "ɔː"), "AW": ("aU", "aʊ"),
    "AY": ("aI", "aɪ"), "EH": ("E", "ɛ"), "ER": ("3:", "ɜː"), "EY": ("eI", "eɪ"),
    "IH": ("I", "ɪ"), "IY": ("i:", "iː"), "OW": ("oU", "oʊ"), "OY": ("OI", "ɔɪ"),
    "UH": ("U", "ʊ"), "UW": ("u:", "uː"), "AH": ("V", "ʌ"),
    "B": ("b", "b"), "CH": ("tS", "tʃ"), "D": ("d", "d"), "DH": ("D", "ð"), "F": ("f", "f"),
    "G": ("g", "ɡ"), "HH": ("h", "h"), "JH": ("dZ", "dʒ"), "K": ("k", "k"), "L": ("l", "l"),
    "M": ("m", "m"), "N": ("n", "n"), "NG": ("N", "ŋ"), "P": ("p", "p"), "R": ("r", "ɹ"),
    "S": ("s", "s"), "SH": ("S", "ʃ"), "T": ("t", "t"), "TH": ("T", "θ"), "V": ("v", "v"),
    "W": ("w", "w"), "Y": ("j", "j"), "Z": ("z", "z"), "ZH": ("Z", "ʒ"),
}  # fmt: skip
_WEAK: Mapping[str, tuple[str, str]] = {"AH": ("@", "ə"), "ER": ("3", "ɚ")}
"""Vowels that sound different when unstressed."""
_STRESSES = {"1": ("'", "ˈ"), "2": (",", "ˌ")}
_HISSING, _VOICELESS = frozenset("S Z SH ZH CH JH".split()), frozenset("P T K F TH".split())


class Pronunciations:
    """Puts a company's names into texts for one kind of voice. `own`: name to ARPAbet phonemes."""

    def __init__(self, own: Mapping[str, str], letters: Letters) -> None:
        self._letters = ("espeak", "ipa").index(letters)
        self._own = {name.lower(): phones for name, phones in own.items() if "1" in phones}
        names = "|".join(map(re.escape, sorted(self._own, key=len, reverse=True)))
        self._named = re.compile(rf"(?<!\w)({names})('s)?(?!\w)", re.IGNORECASE) if names else None

    def put(self, text: str) -> str:
        """The text with each name as bracketed phonemes; its own brackets are removed."""
        text = text.replace("[", " ").replace("]", " ")
        return self._named.sub(self._sounds, text) if self._named else text

    def _sounds(self, found: re.Match[str]) -> str:
        phones = self._own[found[1].lower()].split()
        if found[2]:
            phones += _possessive(phones[-1])
        return f"[[{''.join(map(self._sound, phones))}]]"

    def _sound(self, phone: str) -> str:
        bare = phone.rstrip("012")
        weak = phone[-1] not in _STRESSES and bare in _WEAK
        sound = (_WEAK if weak else _SOUNDS)[bare][self._letters]
        return _STRESSES.get(phone[-1], ("", ""))[self._letters] + sound


def _possessive(last: str) -> list[str]:
    if last in _HISSING:
        return ["IH", "Z"]
    return ["S"] if last in _VOICELESS else ["Z"]
