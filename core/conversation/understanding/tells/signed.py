"""The signature of a mail: the writer's name, role, company and place. Pure.

Below a closing ("Best regards,", "--") or as the last lines, beginning with a name. The mail's own
statements come first; a signature adds what they leave out.
"""

import re
from collections.abc import Iterator, Sequence

from core.commands import Command, ProvideContact, ProvideSignal
from core.conversation.understanding.tells.roles import Listed, as_listed
from core.conversation.understanding.tells.titles import FUNCTION, TITLE, written
from core.conversation.words.lexicon import Mention
from core.conversation.words.names import is_a_name
from core.conversation.words.utterance import Found, Utterance
from core.geography.gazetteer import town
from core.geography.places import COUNTRIES

MOST_LINES = 8
MOST_LENGTH = 80
"""A line with more characters is prose, not a signature."""
CLOSING = re.compile(
    r"^[ \t]*(?:-- ?|(?:(?:with |and )?(?:best|kind|kindest|warm|warmest|many|sincere|all the|yours"
    r"|very|thanks|thank you|cheers|sincerely|regards|respectfully|cordially|greetings|ciao)\b"
    r"(?:,? (?:regards|wishes|thanks|best|sincerely|truly|faithfully|so much|again|and|in advance"
    r"|a lot|you|very much|for your (?:help|time)|kind regards|cheers)\b){0,6}))"
    r"(?:[ \t]*[,.!]*[ \t]*$|,[ \t]+)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING_INSIDE = re.compile(
    r"(?<=[.?!] )(?:(?:with |and )?(?:best|kind|kindest|warm|warmest) )?"
    r"(?:regards|wishes|sincerely),[ \t]+",
    re.IGNORECASE,
)
"""A closing within a line, in a mail that has only one."""
_DEVICE = re.compile(
    r"^\s*(?:sent from my|get outlook|this (?:e-?mail|message)|confidential|please consider)\b"
    r"|^\s*(?:p\.? ?s\b|_{4})",
    re.IGNORECASE | re.MULTILINE,
)
"""What follows a signature but is none."""
_PIECE = re.compile(r"(?:(?! [–—-] )[^|·•,\n])+")
_NAME = re.compile(
    r"(?i:(?:dr|prof|mr|mrs|ms|dipl|ing)\.? )*(?P<name>[^\W\d_a-z][\w'’-]*\.?"
    r"(?: (?:(?:de|van|von|der|den|di|da|del|la|le|al|bin) )*[^\W\d_a-z][\w'’-]*\.?){0,3})"
)
_COMPANY = re.compile(
    r"[^\W\d_a-z][\w&.'’+-]*(?: (?:&|of|and|for|the|de|[^\W_a-z][\w&.'’+-]*)){0,4}"
)
_REACHED = re.compile(
    r"\d|@|www\.|https?:|\b(?:street|avenue|road|suite|floor|box)\b|\w\.(?:com|io|org|net|co)\b",
    re.IGNORECASE,
)
"""Numbers, addresses and streets: they say how to reach the writer, not who it is."""
_AT = re.compile(r"\s*(?:at|@|for|with)\s+")


def signed(
    u: Utterance,
    mentions: Sequence[Mention],
    commands: Sequence[Command],
    listed: Listed,
    nameless: bool = False,
    known_as: str = "",
) -> list[Command]:
    """What the signature, or a line of details, adds to the rest: name, company, role and place.
    `nameless`: the writer left an address but no name yet; `known_as`: the known full name of
    somebody who may sign with part of it."""
    card = _card(u.said.text, commands) or (nameless and _full_name(u.said.text, mentions))
    begins = [*_begins(u.said.text), *([0] if card else [])]
    read = (_fields(u.said.text, begin, mentions) for begin in begins)
    found = next(filter(None, read), {})
    if (one := found.get("name")) and one.value.lower().split()[0] in _domains(commands):
        found = {**found, "company": one}  # "Volt Energy, finance@volt.io"
        del found["name"]
    known: set[str] = {c.field for c in commands if isinstance(c, ProvideContact)}
    known |= {c.criterion for c in commands if isinstance(c, ProvideSignal)}
    told: list[Command] = []
    for field in ("name", "company"):
        if (one := found.get(field)) and field not in known:
            if field == "name" and f"{known_as} ".lower().startswith(f"{one.value} ".lower()):
                continue
            told.append(ProvideContact(u.span(one.start, one.end), field, one.value, 0.8))
    for field in ("role", "location"):
        if (one := found.get(field)) and field not in known:
            value = one.value
            if field == "role":
                value = as_listed(value, listed, u.text[one.start : one.end])
            told.append(ProvideSignal(u.span(one.start, one.end), field, value, "positive", 0.8))
    return told


def is_a_team(name: str) -> bool:
    """Whether what stands where a name does is a department's: "Vendor Management Office"."""
    words = name.lower().split()
    return len(words) > 1 and words[-1] in _TEAMS


_TEAMS = frozenset(
    "office team department dept desk group services service management procurement purchasing"
    " support sales billing accounting accounts payable administration admin helpdesk operations"
    " marketing finance division unit committee".split()
)


def _domains(commands: Sequence[Command]) -> str:
    """What follows the @ in the given addresses."""
    mails = [c for c in commands if isinstance(c, ProvideContact) and c.field == "email"]
    return " ".join(c.value.lower().partition("@")[2] for c in mails)


def _card(text: str, commands: Sequence[Command]) -> bool:
    """Whether a turn is only somebody's details: "raj@acme.io, Raj Mehta, VP Data"."""
    given = any(isinstance(c, ProvideContact) for c in commands)
    pieces = [m.group() for m in _PIECE.finditer(text)]
    short = all(len(piece.split()) <= _LONGEST_PIECE for piece in pieces)
    return given and 1 < len(pieces) <= MOST_LINES and short and "?" not in text


def _full_name(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a turn is a full name and related details: "Ann Lee, Volt Energy"."""
    first, *rest = [m.group().strip() for m in _PIECE.finditer(text)] or [""]
    known = any(m.start < len(first) for m in mentions)
    short = 0 < len(rest) <= 3 and all(len(piece.split()) <= _LONGEST_PIECE for piece in rest)
    name = _NAME.fullmatch(first)
    return short and not known and "?" not in text and name is not None and " " in name["name"]


_LONGEST_PIECE = 5
"""Most words of a piece of such a line."""
_LABEL = re.compile(
    r"(?:(?:my|our) )?(?:(?:full )?name|company|title|role|position|location|city)(?: is)?"
    r"\s*[:=-]\s*",
    re.IGNORECASE,
)


def _begins(text: str) -> Iterator[int]:
    """Where the signature may begin: below a closing, or with a name that opens the last lines next
    to a title."""
    yield from (m.end() for m in CLOSING.finditer(text) if _short(text[m.end() :]))
    for closing in _CLOSING_INSIDE.finditer(text):
        rest = text[closing.end() :]
        if _short(rest) and TITLE.search(rest.lower()):
            yield closing.end()
    last = text.rstrip().rfind("\n\n") + 2
    lines = text[last:]
    name = _NAME.match(lines.lstrip())
    signs = name is not None and " " in name["name"] and TITLE.search(lines.lower())
    if last > 1 and signs and _short(lines):
        yield last


def _short(rest: str) -> bool:
    """Whether the rest has the shape of a signature: some short lines that ask nothing."""
    rest = _signature(rest)
    lines = [line for line in rest.splitlines() if line.strip()]
    if "?" in rest:
        return False
    return 0 < len(lines) <= MOST_LINES and all(len(line) <= MOST_LENGTH for line in lines)


def _signature(rest: str) -> str:
    end = _DEVICE.search(rest)
    return rest[: end.start()] if end else rest


def _fields(text: str, begin: int, mentions: Sequence[Mention]) -> dict[str, Found]:
    """Name, role, company and place, each from its own piece."""
    found: dict[str, Found] = {}
    of = -1
    for match in _PIECE.finditer(_signature(text[begin:])):
        piece = _LABEL.sub("", match.group().strip(" \t\r.;:*_"), count=1)
        start = begin + match.start() + match.group().index(piece) if piece else 0
        if not piece or _REACHED.search(piece):
            continue
        if "name" not in found:
            name = _NAME.fullmatch(piece)
            if not name or not is_a_name(name["name"]) or is_a_team(name["name"]):
                return {}
            found["name"] = _found(name["name"], start + name.start("name"))
        elif "role" not in found and (title := TITLE.match(piece.lower())):
            found["role"] = Found(written(title.group()), start, start + title.end())
            of = start + title.end()
            if at := _AT.match(piece, title.end()):
                found["company"] = _found(piece[at.end() :], start + at.end())
        elif place := _place(piece, start, mentions):
            found.setdefault("location", place)
        elif _COMPANY.fullmatch(piece) and not _field(piece):
            named = found.get("company")
            if named is None or (0 <= of < named.start and "\n" not in text[of : named.start]):
                found["company"] = _found(piece, start)  # "VP, Digital Health" was their field
    return found


def _found(value: str, start: int) -> Found:
    return Found(value, start, start + len(value))


def _place(piece: str, start: int, mentions: Sequence[Mention]) -> Found | None:
    """A town or country that is the whole piece."""
    end = start + len(piece)
    known = next(
        (m for m in mentions if m.kind == "place" and (m.start, m.end) == (start, end)), None
    )
    if known:
        return Found(known.name, start, end)
    return Found(piece, start, end) if town(piece) or piece in COUNTRIES else None


def _field(piece: str) -> bool:
    """Whether it is a department: "Marketing", "Department of Plant Biology"."""
    return bool(re.fullmatch(FUNCTION, piece.lower()) or _PART_OF.match(piece))


_PART_OF = re.compile(
    r"(?:department|dept|faculty|division|institute|chair|team|group|unit|office) (?:of|for)\b"
    r"|.* (?:department|dept|division|team)$",
    re.IGNORECASE,
)
