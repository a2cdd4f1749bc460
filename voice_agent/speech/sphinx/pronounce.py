"""How to pronounce a word, as ARPAbet phonemes: by dictionary, by its parts, or by rule.

In this order: the company folder; the CMU dictionary; letter by letter for abbreviations; two known
words joined (`brightpath`); a known word with an ending; letter-to-sound rules in the style of the
Naval Research Laboratory's (Elovitz and others, 1976).
"""

import re
from collections.abc import Mapping
from pathlib import Path

from knowledge.phones import unstressed

LETTERS = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY",
    "h": "EY CH", "i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N",
    "o": "OW", "p": "P IY", "q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW",
    "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S", "y": "W AY", "z": "Z IY",
}  # fmt: skip

SAID_AS_WORDS = {
    "hipaa": "HH IH P AH", "saml": "S AE M AH L", "scim": "S K IH M", "soc": "S AA K",
    "iso": "AY S OW", "sql": "S IY K W AH L", "saas": "S AE S", "sap": "S AE P", "baa": "B AA",
    "osha": "OW SH AH", "pci": "P IY S IY AY", "fedramp": "F EH D R AE M P", "etl": "IY T IY EH L",
    "gaap": "G AE P", "vat": "V AE T", "ciso": "S IY S OW", "pos": "P IY OW EH S",
}  # fmt: skip
"""Abbreviations people say as a word, or both ways."""

# (left context, letters, right context, phonemes): the first match applies. Contexts are regular
# expressions; `^` and `$` are the ends of the word.
_RULES = [
    ("^", "kn", "", "N"), ("^", "wr", "", "R"), ("^", "ps", "", "S"), ("^", "gn", "", "N"),
    ("^", "x", "", "Z"), ("^", "mc", "", "M AH K"), ("", "tch", "", "CH"), ("", "sch", "", "SH"),
    ("", "ch", "[rl]", "K"), ("", "ch", "", "CH"), ("", "ck", "", "K"), ("", "sh", "", "SH"),
    ("", "th", "", "TH"), ("", "ph", "", "F"), ("^", "wh", "", "W"), ("", "wh", "", "W"),
    ("", "ght", "", "T"), ("^", "gh", "", "G"), ("", "gh", "", ""), ("", "ng", "$", "NG"),
    ("", "ng", "[k]", "NG"), ("", "ng", "", "NG G"), ("", "nk", "", "NG K"), ("", "qu", "", "K W"),
    ("", "q", "", "K"), ("", "tion", "", "SH AH N"), ("", "sion", "", "ZH AH N"),
    ("", "cious", "", "SH AH S"), ("", "tious", "", "SH AH S"), ("", "cial", "", "SH AH L"),
    ("", "tial", "", "SH AH L"), ("", "ture", "", "CH ER"), ("", "ify", "$", "AH F AY"),
    ("", "ity", "$", "AH T IY"), ("", "able", "$", "AH B AH L"), ("", "ible", "$", "AH B AH L"),
    ("", "ical", "$", "IH K AH L"), ("", "ology", "$", "AA L AH JH IY"), ("", "eigh", "", "EY"),
    ("", "igh", "", "AY"), ("", "augh", "", "AO"), ("", "ough", "", "AO"), ("", "oor", "", "AO R"),
    ("", "our", "", "AO R"), ("", "air", "", "EH R"), ("", "ear", "", "IH R"),
    ("", "eer", "", "IH R"),
    ("", "ier", "$", "IY ER"), ("", "are", "$", "EH R"), ("", "ire", "$", "AY ER"),
    ("", "ore", "$", "AO R"), ("", "ure", "$", "Y UH R"), ("", "ar", "", "AA R"),
    ("", "or", "$", "ER"), ("", "or", "", "AO R"), ("", "er", "", "ER"), ("", "ir", "", "ER"),
    ("", "ur", "", "ER"), ("", "ai", "", "EY"), ("", "ay", "", "EY"), ("", "au", "", "AO"),
    ("", "aw", "", "AO"), ("", "ee", "", "IY"), ("", "ea", "", "IY"), ("", "ei", "", "AY"),
    ("", "eu", "", "UW"), ("", "ew", "", "UW"), ("", "ey", "$", "IY"), ("", "ey", "", "EY"),
    ("", "ie", "$", "IY"), ("", "ie", "", "IY"), ("", "io", "$", "IY OW"), ("", "io", "", "IY OW"),
    ("", "ia", "$", "IY AH"), ("", "ia", "", "IY AH"), ("", "oa", "", "OW"), ("", "oe", "$", "OW"),
    ("", "oi", "", "OY"), ("", "oy", "", "OY"), ("", "oo", "", "UW"), ("", "ou", "", "AW"),
    ("", "ow", "$", "OW"), ("", "ow", "", "AW"), ("", "ue", "$", "UW"), ("", "ui", "", "UW"),
    ("", "alk", "", "AO K"), ("", "all", "$", "AO L"), ("", "ce", "$", "S"), ("", "ge", "$", "JH"),
    ("[aeiou]", "se", "$", "Z"), ("[^aeiouy][^aeiouy]", "le", "$", "AH L"),
    ("[^aeiouy]", "le", "$", "AH L"), ("", "e", "$", ""),
    ("", "a", "[^aeiouywxr]e$", "EY"), ("", "e", "[^aeiouywxr]e$", "IY"),
    ("", "i", "[^aeiouywxr]e$", "AY"), ("", "o", "[^aeiouywxr]e$", "OW"),
    ("", "u", "[^aeiouywxr]e$", "UW"), ("", "y", "[^aeiouywxr]e$", "AY"),
    ("", "a", "$", "AH"), ("", "i", "$", "IY"), ("", "o", "$", "OW"), ("", "u", "$", "UW"),
    ("^[^aeiouy]+", "y", "$", "AY"), ("^", "y", "", "Y"), ("[aeiou]", "y", "[aeiou]", "Y"),
    ("", "y", "$", "IY"), ("", "y", "", "IH"), ("^", "a", "[^aeiouy][aeiouy]", "AH"),
    ("", "a", "", "AE"), ("^[^aeiouy]*", "e", "[^aeiouy][aeiou]", "IY"), ("", "e", "", "EH"),
    ("^[^aeiouy]*", "i", "[^aeiouy][aeio]", "AY"), ("", "i", "", "IH"),
    ("^[^aeiouy]*", "o", "[^aeiouy][aeiouy]", "OW"), ("", "o", "", "AA"),
    ("^[^aeiouy]*", "u", "[^aeiouy][aeiouy]", "UW"), ("", "u", "", "AH"),
    ("", "c", "[eiy]", "S"), ("", "c", "", "K"), ("", "g", "[eiy]", "JH"), ("", "g", "", "G"),
    ("", "j", "", "JH"), ("[aeiou]", "s", "$", "Z"), ("[bdglmnrvw]", "s", "$", "Z"),
    ("", "s", "", "S"), ("", "x", "", "K S"), ("", "b", "", "B"), ("", "d", "", "D"),
    ("", "f", "", "F"), ("", "h", "[^aeiouy]|$", ""), ("", "h", "", "HH"), ("", "k", "", "K"),
    ("", "l", "", "L"), ("", "m", "", "M"), ("", "n", "", "N"), ("", "p", "", "P"),
    ("", "r", "", "R"), ("", "t", "", "T"), ("", "v", "", "V"), ("", "w", "[^aeiouy]|$", ""),
    ("", "w", "", "W"), ("", "z", "", "Z"),
]  # fmt: skip
_COMPILED = [
    (
        re.compile(f"(?:{left})$") if left else None,
        letters,
        re.compile(right) if right else None,
        say,
    )
    for left, letters, right, say in _RULES
]
_ENDINGS = [
    ("'s", "Z"), ("s", "Z"), ("ed", "D"), ("ing", "IH NG"), ("er", "ER"), ("ly", "L IY"),
    ("ify", "AH F AY"), ("ware", "W EH R"), ("base", "B EY S"),
]  # fmt: skip


def read_dictionary(path: Path) -> dict[str, tuple[str, ...]]:
    """A dictionary in CMU format: word to its pronunciations, most common first."""
    found: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, phones = line.strip().partition(" ")
            if word and phones:
                base = word.partition("(")[0] if word[0] != "(" else word
                found[base] = (*found.get(base, ()), phones.strip())
    return found


class Pronouncer:
    """Pronunciations of any word; never empty."""

    def __init__(self, dictionary: Mapping[str, tuple[str, ...]], own: Mapping[str, str]) -> None:
        self._known = dictionary
        self._own = {name.lower(): unstressed(phones) for name, phones in own.items()}

    def of(self, word: str, spelled: bool = False) -> tuple[str, ...]:
        """Pronunciations of a lower-case word; `spelled`: an abbreviation said by letters."""
        if word in self._own:
            return (self._own[word],)
        if len(word) == 1 and word in LETTERS:
            return tuple(dict.fromkeys((*self._known.get(word, ()), LETTERS[word])))
        as_word = (SAID_AS_WORDS[word],) if word in SAID_AS_WORDS else ()
        if spelled or as_word:
            usual = self._known.get(word, ())
            return tuple(dict.fromkeys((*as_word, self.letters(word), *usual)))
        if word in self._known:
            return self._known[word]
        return (self._by_parts(word) or by_rule(word),)

    def knows(self, word: str) -> bool:
        """Whether the company folder or the dictionary has exactly this word."""
        return word in self._own or word in self._known

    def letters(self, word: str) -> str:
        """The names of its letters run together."""
        return " ".join(LETTERS[c] for c in word if c in LETTERS)

    def _by_parts(self, word: str) -> str | None:
        """Two known words, the shorter one as long as possible; or a known word with an ending."""
        splits = sorted(range(3, len(word) - 2), key=lambda at: -min(at, len(word) - at))
        for at in splits:
            if word[:at] in self._known and word[at:] in self._known:
                return f"{self._known[word[:at]][0]} {self._known[word[at:]][0]}"
        for ending, phones in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 2 and stem in self._known:
                return f"{self._known[stem][0]} {phones}"
        return None


def by_rule(word: str) -> str:
    """Phonemes of an unknown word, by letter-to-sound rules."""
    letters = re.sub(r"[^a-z]", "", word)
    letters = re.sub(r"([^aeiou])\1", r"\1", letters)
    phones: list[str] = []
    at = 0
    while at < len(letters):
        for left, match, right, say in _COMPILED:
            end = at + len(match)
            if not letters.startswith(match, at):
                continue
            if (
                left is not None
                and not left.search(letters[:at])
                and not (at == 0 and left.search(""))
            ):
                continue
            if right is not None and not right.match(letters, end):
                continue
            phones += say.split()
            at = end
            break
        else:
            at += 1
    return " ".join(phones) or "AH"
