"""Names that nothing introduces: a turn that is only a name, and names beside an address."""

import re
from collections.abc import Sequence
from typing import Literal

from core.commands import ProvideContact
from core.conversation.state import ConversationState
from core.conversation.words.employers import titled
from core.conversation.words.given_names import GIVEN_NAMES, WORDS_TOO
from core.conversation.words.lexicon import Mention
from core.conversation.words.names import capitals, cased, is_a_name
from core.conversation.words.numbers import numbers
from core.conversation.words.utterance import Found, Utterance
from knowledge.retrieval.english import LIGHT, STOP

_SURENESS = 0.8
_LONGEST_NAME = 3
"""Most words of a name spoken by itself."""
_BEFORE_A_NAME = frozenset(
    "it's its it is that's that i'm am my name name's and this sure yes yeah okay ok".split()
)
_TYPED_NAME = re.compile(r"[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){1,2}[ .,!]*")
_INTRODUCES = re.compile(r"(?:it's|it is|this is|(?:my )?name(?:'s| is)|i'm|i am) [^\W\d]+[ .!]*$")
_ONLY_A_NAME = re.compile(
    r"(?:(?:oh|yeah|yes|sure|okay|ok|um|uh|and|so|hi|hello|it's|it is|this is|i'm|i am|that's"
    r"|(?:my )?name(?:'s| is))[, ]+)*"
    r"(?P<title>(?:mr|mrs|ms|miss|mister|dr|doctor|prof|professor)\b\.? )?"
    r"(?P<name>[^\W\d_][\w'-]*(?: [^\W\d_][\w'-]*){0,2})"
    r"(?:[, ]+[a-z](?:[, -]+[a-z]\b)+)?[ .,!]*$"
)
"""A turn of a name, which may be spelled after it."""


def bare_name(
    u: Utterance, mentions: Sequence[Mention], state: ConversationState
) -> ProvideContact | None:
    """The name of a buyer who says nothing else: a new one, or the one we know."""
    known = state.signals.value("name")
    if mentions:
        return None
    if known is None and _expected(u, state):
        return ProvideContact(u.whole(), "name", _as_a_name(u), _SURENESS)
    given = None if state.awaited.ask in ("company", "name") else _given(u)
    if given is None:
        return None
    name = given.value
    if known and not name.lower().startswith(known.lower()):
        if name.lower() not in known.lower():
            return None
        name = known
    return ProvideContact(u.span(given.start, given.end), "name", name, _SURENESS)


def full_name_first(
    u: Utterance, mentions: Sequence[Mention], state: ConversationState
) -> list[ProvideContact]:
    """The full name and the company that a turn consists of, once a name was asked for: "jim
    halpert dunder mifflin paper"."""
    awaited = "name" in state.asks.made and state.signals.value("name") is None
    match = _NAME_AND_MORE.match(u.text) if awaited and not mentions else None
    if match is None or state.signals.value("company"):
        return []
    first, *others = f"{match['name']} {match['company']}".split()
    odd = any(_plain(word) or len(word) < 2 or word in _PARTICLES for word in others)
    if odd or first not in GIVEN_NAMES:
        return []
    places = ((field, *match.span(field)) for field in ("name", "company"))
    return [
        ProvideContact(u.span(a, b), "name" if f == "name" else "company", cased(u, a, b).value,
                       _SURENESS)
        for f, a, b in places
    ]  # fmt: skip


_NAME_AND_MORE = re.compile(
    r"(?:(?:oh|yeah|yes|sure|okay|ok|um|uh|it's|it is|this is|i'm|i am|(?:my )?name(?:'s| is))"
    r"[, ]+)*(?P<name>[^\W\d_][\w'-]* [^\W\d_][\w'-]*)[, ]+"
    r"(?P<company>[^\W\d_][\w'&-]*(?: [^\W\d_][\w'&-]*){1,2})[ .,!]*$"
)


def bare_company(u: Utterance, state: ConversationState) -> ProvideContact | None:
    """The company of a buyer who says nothing else, by its last word: "Buckeye Mechanical"."""
    match = _ONLY_A_COMPANY.match(u.text)
    if match is None or state.signals.value("company") is not None:
        return None
    start, end = match.span("company")
    *rest, last = u.text[start:end].split()
    written, kind = capitals(u.said.text[start:end]), last in _OF_COMPANIES
    sure = last in _LEGAL or (kind and written) or (bool(match["lead"]) and (kind or written))
    if match["lead"]:  # "at first union bank"
        odd = not _OF_NONE.isdisjoint(rest) or all(_plain(word) for word in rest)
    else:
        odd = _plain(rest[0]) or any(numbers(word) for word in rest)
    if not sure or odd:
        return None
    return ProvideContact(u.span(start, end), "company", cased(u, start, end).value, _SURENESS)


_ONLY_A_COMPANY = re.compile(
    r"(?:(?:oh|yeah|yes|sure|okay|ok|um|uh|and|so|it's|it is|we're|we are|this is|that's)[, ]+)*"
    r"(?P<lead>(?:i'm |we're |here |over )*(?:at|from|with) (?:the )?"
    r"|(?:my|our|the) (?:company|firm|business|employer)(?:'s name)?(?:'s| is) )?"
    r"(?P<company>[^\W\d_][\w'&-]*(?: (?:&|and|[^\W\d_][\w'-]*)){1,4})[ .,!]*$"
)
_OF_NONE = frozenset(
    "my our your a an another this that these some any their his her at in on from".split()
)
"""Words of no company's name."""
_LEGAL = frozenset("inc llc ltd corp corporation gmbh enterprises holdings industries".split())
"""Last words of a company's name in any spelling."""
_OF_COMPANIES = frozenset(
    "company group partners properties construction builders contractors contracting mechanical"
    " electric plumbing roofing foods farms solutions systems technologies logistics dental bank"
    " university hospital clinic brewing bakery church co sons brothers associates services realty"
    " capital studios labs motors supply freight transport landscaping manufacturing".split()
)
"""The same, if all its words are written with capitals or it is said to be their company."""


def name_before(
    u: Utterance, number: str, mentions: Sequence[Mention], state: ConversationState
) -> ProvideContact | None:
    """The name said just before one's number: "hector, 614 555 0199"."""
    at = u.said.text.find(number)
    lead = u.cut([(at, len(u.text))])
    return bare_name(lead, mentions, state) if at >= 0 and lead.text.strip() else None


def _given(u: Utterance) -> Found | None:
    """A common given name, or a title, and what may be a family name: "mike", "doctor osei"."""
    match = _ONLY_A_NAME.match(u.text)
    if match is None:
        return None
    first, *family = match["name"].split()
    if any(len(word) < 2 or _plain(word) for word in family):
        return None
    named = cased(u, *match.span("name"))
    said = u.said.text[named.start : named.end]
    written = " " in said and capitals(said)
    if len(family) > 1 and not written and family[0] not in GIVEN_NAMES | _PARTICLES:
        return None  # "john deere tractor"
    sure = first in GIVEN_NAMES or (first in WORDS_TOO and written)
    return titled(u, named) if sure or (match["title"] and not _plain(first)) else None


_PARTICLES = frozenset("al ben bin da de del der di dos du el la le mac san st van von".split())
"""Begin a family name of two words."""


def _plain(word: str) -> bool:
    """Whether a word is plain English, and so no part of a name."""
    return word in _ENGLISH or not is_a_name(word)


_ENGLISH = STOP | LIGHT | {"dot", "yes", "no", "yeah", "okay", "sorry"}


def _expected(u: Utterance, state: ConversationState) -> bool:
    """Whether a buyer who just left an address, or is to leave one, now gives only a name."""
    left = state.signals.value("email") or state.signals.value("phone")
    asked = "name" in state.asks.made and "name" not in state.asks.declined  # some turns ago
    arranged = asked and state.arranged and state.awaited.ask != "name"
    if not state.written and (state.awaited.ask in ("email", "phone") or arranged):
        return _names_alone(u)
    if not left:
        return False
    if state.written:
        return _TYPED_NAME.fullmatch(u.said.text.strip()) is not None
    words = [t.text for t in u.tokens if t.text not in _BEFORE_A_NAME]
    own = (state.signals.value("email") or "").split("@")[0].lower()
    like = all(w in own or w[0] in own for w in words) and any(w[1:2] and w in own for w in words)
    return 1 < len(words) <= _LONGEST_NAME and like


def _names_alone(u: Utterance) -> bool:
    """Whether a turn is two or three words that are no plain English: "it's lena, lena vogel"; one
    is enough if introduced."""
    words = [t.text for t in u.tokens if t.text not in _BEFORE_A_NAME]
    strange = all(w.isalpha() and len(w) > 1 and not _plain(w) for w in words)
    least = 1 if _INTRODUCES.match(u.text) and not u.text.rstrip().endswith("?") else 2
    return least <= len(dict.fromkeys(words)) <= _LONGEST_NAME and strange


def _as_a_name(u: Utterance) -> str:
    """The name that a turn consists of, capitalised."""
    said = u.said.text.strip(" .,!")
    told = [w.strip(",.") for w in said.split() if w.lower().strip(",.") not in _BEFORE_A_NAME]
    if len(told) > 2 and told[0].lower() == told[1].lower():
        told = told[1:]
    return (
        said
        if said != said.lower() and len(told) == len(said.split())
        else " ".join(w[:1].upper() + w[1:] for w in told)
    )


def beside_address(
    u: Utterance, address: Found, mentions: Sequence[Mention], state: ConversationState
) -> list[ProvideContact]:
    """The name and the company said right before or after an address that resembles them: "dan lee,
    dan@acme.io", "acme dental, ann@acmedental.com"."""
    local, _, domain = address.value.lower().partition("@")
    ahead = _LAST_PIECE.search(u.text[: address.start])
    after = _FIRST_PIECE.match(u.text, address.end)
    found: dict[str, ProvideContact] = {}
    for piece in filter(None, (ahead, after)):
        words = [w for w in re.finditer(r"[^\W\d_][\w'’-]*", piece["said"])]
        words = [w for w in words if w.group() not in _BEFORE_A_NAME]
        if not 0 < len(words) <= _LONGEST_NAME:
            continue
        start = piece.start("said") + words[0].start()
        end = piece.start("said") + words[-1].end()
        named = cased(u, start, end).value
        field = _resembling([w.group() for w in words], local, domain.partition(".")[0])
        other = field == "name" and any(m.start < end and start < m.end for m in mentions)
        if field is not None and not other and state.signals.value(field) is None:
            given = ProvideContact(u.span(start, end), field, named, _SURENESS)
            found.setdefault(field, given)
    return list(found.values())


def _resembling(words: Sequence[str], local: str, domain: str) -> Literal["name", "company"] | None:
    """Which part of an address a few words name, if any."""
    if len("".join(words)) > _SHORT and "".join(words) in (domain, domain.replace("-", "")):
        return "company"
    alike = any(len(word) > _SHORT and word in local for word in words)
    own = words[0] == local and words[0] in GIVEN_NAMES | WORDS_TOO
    if is_a_name(" ".join(words)) and (alike or own):
        return "name"
    return None


_SHORT = 2
"""Letters that resemble an address by accident."""
_LAST_PIECE = re.compile(r"(?:^|[.,;:!?\n(])(?P<said>[^.,;:!?\n(@]+)[\s,;:(<–-]*$")
_FIRST_PIECE = re.compile(r"[\s,;:)>–-]*(?P<said>[^.,;:!?\n(@]+)")
