"""How to say acronyms, abbreviations, product spellings and symbols."""

import re
from collections.abc import Callable

from voice_agent.speech.verbalise.contacts import can_be_said, spelled

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

WORDS = {
    "HIPAA": "hippa", "SAML": "sam-el", "SCIM": "skim", "SOC": "sock", "NASA": "nassa",
    "SQL": "sequel", "JSON": "jason", "YAML": "yammel", "REST": "rest", "OAuth": "oh-auth",
    "SaaS": "sass", "PaaS": "pass", "IaaS": "eye-ass", "iPaaS": "eye-pass", "GIF": "gif",
    "LAN": "lan", "WAN": "wan", "RAM": "ram", "PIN": "pin", "NATO": "nay-toe", "CRUD": "crud",
    "FedRAMP": "fed ramp", "OK": "okay", "MySQL": "my sequel", "PostgreSQL": "postgres",
    "NoSQL": "no sequel", "dbt": "D-B-T", "iOS": "I-O-S", "macOS": "mac O-S", "SFTP": "S-F-T-P",
    "LinkedIn": "linked in", "GitHub": "git hub", "eBay": "e bay", "iPhone": "I phone",
    "BANT": "bant", "MEDDIC": "meddick", "ASAP": "A-S-A-P", "FAQ": "F-A-Q", "HANA": "hanna",
    "PHI": "P-H-I", "CIO": "C-I-O", "CISO": "see-so", "COO": "C-O-O", "CEO": "C-E-O",
    "IaC": "I-A-C", "PhD": "P-H-D", "IoT": "I-O-T", "QoS": "Q-O-S", "TBD": "to be decided",
}  # fmt: skip
"""Names whose reading does not follow from their letters, by exact spelling."""

PHRASES = {
    "iso 27001": "I-S-O twenty-seven thousand one",
    "iso 27018": "I-S-O twenty-seven oh eighteen",
    "soc 1": "sock one",
    "soc 2": "sock two",
    "soc 3": "sock three",
    "aes-256": "A-E-S two fifty-six",
    "sha-256": "shah two fifty-six",
    "customer 360": "customer three sixty",
    "office 365": "office three sixty-five",
    "microsoft 365": "Microsoft three sixty-five",
}
"""Names with a number in them, in any capitalisation."""

ABBREVIATIONS = {
    "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Dr.": "Doctor", "Prof.": "Professor",
    "St.": "Saint", "Jr.": "Junior", "Sr.": "Senior", "e.g.": "for example", "i.e.": "that is",
    "vs.": "versus", "approx.": "approximately", "etc.": "et cetera", "Inc.": "Incorporated",
    "Ltd.": "Limited", "Corp.": "Corporation", "Co.": "Company", "dept.": "department",
    "Dept.": "Department", "est.": "established", "incl.": "including", "excl.": "excluding",
    "max.": "maximum", "min.": "minimum", "ext.": "extension", "w/o": "without", "w/": "with",
    "a.k.a.": "also known as", "U.S.": "U-S", "U.K.": "U-K", "E.U.": "E-U", "vs": "versus",
    "hrs.": "hours", "hr.": "hour", "mins.": "minutes",
}  # fmt: skip

_SIGNS = {
    "&": "and", "@": "at", "+": "plus", "=": "equals", "≈": "about", "≥": "at least",
    "≤": "at most", ">": "more than", "<": "less than", "→": "to", "×": "times", "%": "percent",
    "#": "number", "°": "degrees", "$": "dollars", "€": "euros", "£": "pounds",
}  # fmt: skip
_EMPHASISED = set("NOT NO YES AND OR THE ALL ANY NEW NOW IS DO CAN ONE TWO BUT FOR YOU".split())
_CLUSTER = re.compile(r"[^AEIOUY]{3}")
_ROMAN = {"I": "one", "II": "two", "III": "three", "IV": "four", "V": "five"}
_W = r"[\w\U000F0000-\U000FFFFD]"  # a letter, or a character that stands for finished words
_KEPT_NAMES = re.compile(r"^(Mc|Mac|O'|De|Di|Le|La|Van|Von)[A-Z]")


def _caps(match: re.Match[str]) -> str:
    word, plural = match.group(1), "'s" if match.group(2) else ""
    if word in WORDS:
        return WORDS[word] + ("s" if plural else "")
    # Four letters and more that read as a word are a word in capitals, not an abbreviation.
    if word in _EMPHASISED or len(word) >= 4 and can_be_said(word) and not _CLUSTER.search(word):
        return word.lower() + ("s" if plural else "")
    return spelled(word) + plural


def _abbreviation(match: re.Match[str]) -> str:
    written = match.group(0)
    said = ABBREVIATIONS[written]
    ended = match.end() == len(match.string.rstrip())
    return said + ("." if ended and written.endswith(".") else "")


def _camel(match: re.Match[str]) -> str:
    word = match.group(0)
    if _KEPT_NAMES.match(word):
        return word
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", word).split(" ")
    return " ".join(spelled(part) if part.isupper() and len(part) > 1 else part for part in parts)


def _any_of(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


NAMES: list[Rule] = [
    (
        re.compile(rf"\b(?:{_any_of([*PHRASES])})\b", re.IGNORECASE),
        lambda m: PHRASES[m.group(0).lower()],
    ),
    (
        re.compile(rf"(?<![\w.])(?:{_any_of([*ABBREVIATIONS])})(?![\w])"),
        _abbreviation,
    ),
    (
        re.compile(rf"(?<![\w-])({_any_of([*WORDS])})(s?)(?![A-Za-z'’])"),
        lambda m: WORDS[m.group(1)] + m.group(2),
    ),
    (
        re.compile(r"\b(Type|Tier|Phase|Part|Level|Class|Title|Stage) (I|II|III|IV|V)\b"),
        lambda m: f"{m.group(1)} {_ROMAN[m.group(2)]}",
    ),
]
"""Applied before the numbers: their digits belong to the name."""

LETTERS: list[Rule] = [
    (re.compile(r"\b([ap])\.m\."), lambda m: f"{m.group(1).upper()}-M"),
    (
        re.compile(r"\b([A-Z]{2,4})/([A-Z]{2,4})\b"),
        lambda m: f"{spelled(m.group(1))} {spelled(m.group(2))}",
    ),
    (re.compile(r"\b([A-Z]{2,})(s?)(?![\w-])"), _caps),
    (re.compile(r"\b([A-Z]{2,})()(?=-)"), _caps),
    (re.compile(r"\b[A-Za-z]*[a-z][A-Z][A-Za-z]*\b"), _camel),
    (re.compile(r"\b([A-Z])\.(?=\s[A-Z])"), lambda m: m.group(1)),
    (re.compile(rf"\s?~\s?(?={_W})"), lambda _: " about "),
    (re.compile(r"\band/or\b"), lambda _: "and or"),
    (re.compile(rf"(?<={_W})\s?/\s?(?={_W})"), lambda _: " or "),
    (re.compile(r"\s?([&@+=≈≥≤><→×%#°$€£])\s?"), lambda m: f" {_SIGNS[m.group(1)]} "),
]
"""Applied last: remaining capitals, mixed spellings and single symbols."""
