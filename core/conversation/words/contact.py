"""Email addresses as spoken or spelled."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from core.conversation.words.given_names import GIVEN_NAMES
from core.conversation.words.phone import DIGITS
from core.conversation.words.utterance import Found, Token, Utterance
from core.geography.places import COUNTRIES

JOINTS = {"dot": ".", "period": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-",
          "minus": "-", "plus": "+"}  # fmt: skip
ENDINGS = {"com", "org", "net", "io", "co", "edu", "gov", "ai", "de", "uk", "fr", "ca", "eu", "us",
           "health", "app", "dev", "tech", "biz", "info", "me", "cloud", "nl", "es", "it", "au",
           "ch", "at", "se"} | {code.lower() for code in COUNTRIES.values()}  # fmt: skip
NOT_LOCAL = {"am", "are", "is", "was", "here", "work", "working", "look", "looking", "based", "be",
             "them", "us", "good", "people", "person", "one", "someone", "team", "job", "reach",
             "email", "mail", "address", "me"}  # fmt: skip
WRITTEN = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


_HALF_WRITTEN = re.compile(
    r"(?P<before>(?:^|\b(?:it's|its|is|that's|e-?mail|mail|address|to|um|uh)[:,]? ))?"
    r"(?<![\w.'@+-])(?P<local>[a-z0-9]+(?P<joint>[._+-][a-z0-9]+)*) at"
    r" (?P<domain>[a-z0-9-]+(?:(?:\.| dot )[a-z0-9-]+)*(?:\.| dot )(?P<end>[a-z]{2,12}))(?![\w@])"
)
"""An address with its dots written and its "at" spelled out, as recognisers mix them."""


def _half_written(text: str) -> Found | None:
    for match in _HALF_WRITTEN.finditer(text):
        known = match["end"] in ENDINGS and match["local"] not in NOT_LOCAL
        dotted = "." in match["domain"] and match["before"] is not None
        if known and (match["joint"] or dotted):
            local = match["local"]
            if _LETTER_BY_LETTER.fullmatch(local):
                local = local.replace("-", "")
            address = f"{local}@{match['domain'].replace(' dot ', '.')}"
            return Found(address, match.start("local"), match.end())
    return None


_LETTER_BY_LETTER = re.compile(r"[a-z0-9](?:-[a-z0-9]){2,}")
"""Spelled out, as recognisers write it: "r-e-n-a-t-a"."""


def email(u: Utterance) -> Found | None:
    """An address, written or spoken ("jane dot doe at acme dot com")."""
    if match := WRITTEN.search(u.text):
        return Found(match.group().rstrip("."), match.start(), match.end())
    if half := _half_written(u.text):
        return half
    said = list(_spoken(_plainly(u)))
    if not said:
        return None
    first, last = said[0], said[-1]
    (local, _, host), (other, _, domain) = (f.value.partition("@") for f in (first, last))
    likely = fuzz.ratio(local, other) >= _SAME_PERSON
    again = host == domain and (likely or not _BESIDE.search(u.text[first.end : last.start]))
    return last if again else first  # repeated with more care, or put right


_SAME_PERSON = 50
"""Similarity in per cent from which two addresses of one host are one, said twice."""
_BESIDE = re.compile(r"\b(?:and|plus|or|also|as well as|cc|copy|copying)\b")
"""Between two people's addresses, rather than one and its correction."""


def emails(u: Utterance) -> list[Found]:
    """Every address of a turn, written or spoken."""
    written = [Found(m.group().rstrip("."), *m.span()) for m in WRITTEN.finditer(u.text)]
    return written or [*_spoken(_plainly(u))]


def _spoken(tokens: Sequence[Token]) -> Iterator[Found]:
    for i, token in enumerate(tokens):
        if token.text not in ("at", "@") or not 0 < i < len(tokens) - 2:
            continue
        domain, last = _domain(tokens, i + 1)
        local, first = _local(tokens, i)
        if domain and local:
            yield Found(f"{local}@{domain}", tokens[first].start, tokens[last].end)


def _plainly(u: Utterance) -> tuple[Token, ...]:
    """The words of a dictated address without spelling aids: "k as in kilo" is k."""
    asides = [m.span() for m in _ASIDE.finditer(u.text)]
    return tuple(t for t in u.tokens if not any(a <= t.start < b for a, b in asides))


_ASIDE = re.compile(
    r"\b(?:i'll spell (?:it|that)(?: for you| out)?|let me spell (?:it|that)|spelled|that's spelled"
    r"|with (?:an? |the letter )\w(?= |$)"
    r"|all (?:one word|lower ?case)|lower ?case|capital|no spaces?|(?<=\w )(?:as in|like in) \w+"
    r"|(?<=\b\w )for [a-z]{4,}(?= ))\b"
)


def _domain(tokens: Sequence[Token], i: int) -> tuple[str, int]:
    """Domain from token `i`, and its last token; empty without a top-level domain.

    An unknown one is accepted if it comes right after the dot and nothing follows it.
    """
    text, good, last = "", "", i
    if tokens[i].text in _NO_DOMAIN:
        return "", i
    while i < len(tokens) and i < last + 6:
        word = tokens[i].text
        if word in ("dot", "point"):
            text += "."
        elif word in ("dash", "hyphen", "minus"):
            text += "-"
        else:
            text += DIGITS.get(word, word) if len(text) == 0 or text[-1] != "." else word
            if "." in text and text.rsplit(".", 1)[1] in ENDINGS:
                good, last = text, i
                if i + 1 >= len(tokens) or tokens[i + 1].text not in ("dot", "point"):
                    break
        i += 1
    if not good and i == len(tokens) and _ENDING.search(text):
        good, last = text, i - 1
    return good.replace("..", "."), last


_NO_DOMAIN = frozenset("what which this that the some any one a an".split())
"""Before "point" these begin no domain: "at what point do you"."""
_ENDING = re.compile(r"^[a-z0-9-]{2,}(?:\.[a-z0-9-]+)*\.[a-z]{2,12}$")


def _character(tokens: Sequence[Token], i: int) -> str:
    """A word of an address as written; an "o" is a zero only beside another digit."""
    word = tokens[i].text
    if word not in _OH:
        return DIGITS.get(word, word)
    beside = [tokens[n].text for n in (i - 1, i + 1) if 0 <= n < len(tokens)]
    return "0" if any(w.isdigit() or (w in DIGITS and w not in _OH) for w in beside) else "o"


_OH = ("o", "oh")


def _local(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The part before "at", read backwards over joints, spelled letters and digits."""
    parts: list[str] = []
    i = at - 1
    while i >= 0:
        word = tokens[i].text
        joined = bool(parts) and parts[0] in "._-+"
        spelled = len(word) == 1 or word in DIGITS or word.isdigit()
        if word in JOINTS and parts:
            parts.insert(0, JOINTS[word])
        elif word in NOT_LOCAL and not joined:
            break
        elif not parts or joined or spelled or (parts[0].isdigit() and len(word) > 2):
            parts.insert(0, _character(tokens, i))
        else:
            break
        i -= 1
    if i + 2 == at and _first_name(tokens, i):
        parts.insert(0, tokens[i].text)
        i -= 1
    return "".join(parts).strip("._-+"), i + 1


def _first_name(tokens: Sequence[Token], i: int) -> bool:
    """Whether a first name is said as part of the address, in one breath with the last name after
    it: "karen kim at", but not "thanks karen, info at"."""
    if i < 0 or tokens[i].text not in GIVEN_NAMES or (i and tokens[i - 1].text in _TO_SOMEBODY):
        return False
    last = tokens[i + 1]
    surname = len(last.text) > 1 and last.text.isalpha() and last.text not in _MAILBOXES
    return surname and tokens[i].end + 1 == last.start and last.text != tokens[i].text


_TO_SOMEBODY = frozenset("thanks you hi hey hello sorry".split())
"""Before the name of whoever they talk to."""
_MAILBOXES = frozenset(
    "info sales office accounts accounting admin billing support contact hello help hr jobs mail"
    " marketing ops operations orders payroll purchasing service team dispatch".split()
)
"""Nobody's last name."""


_WRONG = (
    r"(?:(?:no|nope|nah|not quite|almost|close|sorry|wrong|actually|but|it's|its|it is|that's"
    r"|i said|it should be|should be)[,. ]+)+"
)
_PART_ANEW = re.compile(
    _WRONG + r"(?P<part>[a-z0-9]+(?: (?:dot|point|underscore|dash|hyphen) [a-z0-9]+)*)"
    r"(?: at(?: (?P<host>[a-z0-9-]+))?)?[ .!]*"
)
_ENDING_ANEW = re.compile(
    rf"(?:{_WRONG})?(?:(?P<host>[a-z0-9-]+) )?dot (?P<end>[a-z]{{2,6}})"
    r"(?:,? (?:and )?not (?:dot )?[a-z]+)?[ .!]*"
)
_SAME_HOST = 80
"""Similarity in per cent from which a host is the one we read back."""


def amended_address(text: str, known: str) -> str:
    """The address we read back, with the part a buyer says anew; empty if they say none.

    "no, it's karen dot kim", "dot org, not dot com".
    """
    local, _, domain = known.partition("@")
    host, _, ending = domain.rpartition(".")
    if (match := _ENDING_ANEW.fullmatch(text)) and match["end"] in ENDINGS - {ending}:
        return f"{local}@{host}.{match['end']}" if _is_host(match["host"], host) else ""
    match = _PART_ANEW.fullmatch(text)
    if match is None or not _is_host(match["host"], host):
        return ""
    words = match["part"].split()
    if match["host"] is None and (len(words) == 1 or words[-1] in ENDINGS):
        return ""  # "no, it's wrong", "no, it's karen dot com"
    return f"{''.join(JOINTS.get(word, DIGITS.get(word, word)) for word in words)}@{domain}"


def _is_host(said: str | None, host: str) -> bool:
    return said is None or fuzz.ratio(said, host) >= _SAME_HOST
