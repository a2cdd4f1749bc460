"""Who is speaking and how to reach them, as far as a turn says so."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from core.commands import BadContact, Command, ProvideContact
from core.conversation.state import ConversationState
from core.conversation.understanding.tells.bare_names import (
    bare_company,
    bare_name,
    beside_address,
    full_name_first,
    name_before,
)
from core.conversation.understanding.tells.colleagues import colleagues
from core.conversation.understanding.tells.roles import employer_places, own_title
from core.conversation.understanding.tells.signed import CLOSING
from core.conversation.understanding.tells.titles import FIELD, TITLE
from core.conversation.understanding.tells.unanswered import nothing_told
from core.conversation.words.contact import amended_address, email
from core.conversation.words.lexicon import GLUE, Mention
from core.conversation.words.names import (
    employer,
    name_and_company,
    told_anew,
)
from core.conversation.words.phone import (
    amended,
    digit_run,
    ended,
    only_digits,
    phone_number,
    valid,
)
from core.conversation.words.sizes import PEOPLE
from core.conversation.words.spelling import (
    LIKE,
    as_spelled,
    only_spells,
    respelled,
    spellings,
)
from core.conversation.words.trades import TRADES
from core.conversation.words.utterance import Found, Utterance
from core.geography.gazetteer import town
from core.geography.places import COUNTRIES, territories
from knowledge.leading import YES_NO, lead_with

_THEIRS = re.compile(r"\b(?:his|her|their) (?:e-?mail|mail)(?: address)?(?: is|'s|:)?:? \(?<?$")
_TO_OTHERS = re.compile(r"\b(?:to|for) (?:my|our) (?:[\w-]+ ){0,2}[\w-]+,?(?: at)?:? \(?<?$")
_REFERENCE = re.compile(
    r"\b(?:rf[pqi]|tender|invoice|ticket|po|purchase order"
    r"|(?:order|case|reference|contract|project|customer|policy|account|quote|ref)"
    r"(?= ?(?:no\b|number|nr\b|id\b|#|:)))(?: ?(?:no|number|nr|id)\b)?[ .:#-]*$"
)
"""Just before digits: they number a document and reach nobody."""


def details(
    u: Utterance, mentions: Sequence[Mention], state: ConversationState, region: str
) -> list[Command]:
    """Names, companies, numbers and addresses given; `region`: home country for local numbers."""
    if theirs := [(a, b) for _, a, b in colleagues(u, state)]:
        u = u.cut(theirs)
    address = _own_address(u, state)
    spelled = [] if address else spellings(u)
    said = u.cut([(r.start, r.end) for r in spelled])
    if address is None and (alone := _alone(u, said, mentions, state, spelled)):
        return [alone]
    if address is None and not spelled and (both := full_name_first(u, mentions, state)):
        return [*both]
    found: list[Command] = []
    taken = [(m.start, m.end) for m in mentions if m.kind not in ("place", "industry", "rep")]
    if address:
        found.append(ProvideContact(u.span(address.start, address.end), "email", address.value))
        taken.append((address.start, address.end))
    elif anew := _spelled_anew(spelled, u, state) or _amended(u, state):
        found.append(anew)
    elif state.awaited.ask == "email" and re.search(r"\bdot\b|@", u.text):
        found.append(BadContact(u.whole(), "email", u.said.text))
    if not found or address:
        rest = u.without([(address.start, address.end)]) if address else u
        own = _this_number(rest, state)
        numbered = [own] if own else _phone(rest, state, region, _regions(mentions, state))
        found += [c for c in numbered if not (address and isinstance(c, BadContact))]
    people = _people(said if said.tokens else u, mentions, state, taken, address is not None)
    people = [_as_spelled(c, u, spelled) for c in people]
    numbers = [
        c for c in found if isinstance(c, ProvideContact | BadContact) and c.field == "phone"
    ]
    if numbers and not people and (named := name_before(u, numbers[0].span.quote, mentions, state)):
        people.append(named)
    if address:
        told = {c.field for c in people}
        beside = beside_address(u, address, mentions, state)
        people += [given for given in beside if given.field not in told]
    return [*found, *people]


def _alone(
    u: Utterance,
    said: Utterance,
    mentions: Sequence[Mention],
    state: ConversationState,
    spelled: Sequence[Found],
) -> ProvideContact | None:
    """The name or the company that a turn consists of, or their name spelled out; `said`: the turn
    without what is spelled."""
    known, pending = state.signals.value("name"), state.awaited.read_back
    if only_spells(u, spelled):
        right = respelled(known, spelled[0].value) if known and not pending else known
        span = u.span(spelled[0].start, spelled[0].end)
        return ProvideContact(span, "name", right) if right and right != known else None
    if named := bare_name(said, mentions, state):
        return _as_spelled(named, u, spelled)
    company = bare_company(u, state)
    return None if company is None or _kind_of(company.value) else company


_OTHERS_NAME = re.compile(r"\b(?:her|his|their) name(?:'s| is| was) $")
"""Before the name of somebody they speak of."""


def _people(
    u: Utterance,
    mentions: Sequence[Mention],
    state: ConversationState,
    taken: Sequence[tuple[int, int]],
    addressed: bool,
) -> list[ProvideContact]:
    """Who is speaking and for whom; `taken` ranges name other things, an address is no company."""
    found: list[ProvideContact] = []
    known = [(m.start, m.end) for m in mentions]
    titles = [m.span() for m in TITLE.finditer(u.text)]
    name, company = name_and_company(u, state.awaited.wanted, known, titles)
    if name and state.awaited.ask != "name" and _OTHERS_NAME.search(u.text[: name.start]):
        name = None
    known_as = state.signals.value("name") or ""
    if name and state.awaited.ask == "name" and nothing_told(u):
        name = None  # "beats me"
    if name and known_as and name.value.lower() not in known_as.lower():
        anew = (company and not state.by_mail) or state.awaited.ask == "name" or told_anew(u)
        name, company = (name, company) if anew else (None, None if state.by_mail else company)
    if name and f"{known_as} ".lower().startswith(f"{name.value} ".lower()):
        name = None  # their full name is known: a short signature
    places = [(m.start, m.end) for m in mentions if m.kind in ("place", "rep")]
    if name and not overlaps(name.start, name.end, taken):
        found.append(ProvideContact(u.span(name.start, name.end), "name", name.value, 0.8))
    if company is None and (title := own_title(u, state.awaited.ask == "role", [])):
        company = employer(u, title.end, _leads(title.value))
    fields = employer_places(u, ())
    if company and (
        company.end - company.start < 2 or town(company.value) or _kind_of(company.value)
    ):
        company = None
    if company and not addressed and not overlaps(company.start, company.end, [*places, *fields]):
        span = u.span(company.start, company.end)
        found.append(ProvideContact(span, "company", company.value, 0.8))
    return found


def _own_address(u: Utterance, state: ConversationState) -> Found | None:
    """The address a turn gives; not that of a person to notify as well, or instead if the buyer's
    own is known."""
    address = email(u)
    before = u.text[: address.start] if address else ""
    known = state.signals.value("email") is not None
    others = _THEIRS.search(before) or (known and _TO_OTHERS.search(before))
    if others or (address and state.by_mail and known and not _is_own(address, u, state)):
        return None
    return address


def _is_own(address: Found, u: Utterance, state: ConversationState) -> bool:
    """Whether an address in a mail, other than the sender's, is said to be the writer's too:
    explicitly, by their name in it, in the signature, or because we asked for one."""
    local = address.value.partition("@")[0].lower()
    name = (state.signals.value("name") or "").lower()
    alike = any(len(part) > 2 and part in local for part in name.split())
    before = re.split(r"[?!\n]|\.\s", u.text[: address.start])[-1]
    own = _MINE.search(before) or _MINE.search(u.text[address.end :].split("\n")[0])
    signs = any(m.end() <= address.start for m in CLOSING.finditer(u.text))
    return bool(alike or own or signs) or state.awaited.ask == "email" or u.text == address.value


_MINE = re.compile(
    r"\b(?:me|us|my|mine|our|instead|i'm|i am|(?:write|reply|respond|send \w+|answer) to)\b"
)


def _kind_of(company: str) -> bool:
    """Whether words describe a kind of company or a department, rather than its name: "the
    university", "the admissions office"."""
    *before, last = company.lower().split()
    part = last in _PARTS or FIELD.fullmatch(company.lower())
    return bool(part) or (last in _KINDS and all(word in _KINDS | GLUE for word in before))


_PARTS = frozenset(
    "office department dept team desk division laboratory lab ward side floor unit helpdesk"
    " reception administration front warehouse branch".split()
)
_KINDS = _PARTS | {word for trade in TRADES for form in trade.words for word in form.split()}


def _leads(title: str) -> bool:
    """Whether "of" after a title names a company: a founder of, the CEO of."""
    return bool(re.search(r"founder|owner|president|partner|^C[A-Z]+O$|managing director", title))


def _regions(mentions: Sequence[Mention], state: ConversationState) -> list[str]:
    """Countries whose numbers the caller may mean: those they name, and where they are."""
    places = [m.name for m in mentions if m.kind == "place"]
    wider = [t for p in (*places, state.signals.value("location") or "") for t in territories(p)]
    return [COUNTRIES[t] for t in wider if t in COUNTRIES]


def _phone(
    u: Utterance, state: ConversationState, region: str, others: Sequence[str]
) -> list[Command]:
    if len(keys := u.said.digits.strip("#*")) >= 7:
        number = phone_number(keys, region)
        given: Command = BadContact(u.whole(), "phone", keys)
        return [ProvideContact(u.whole(), "phone", number) if number else given]
    given_before = state.signals.value("phone")
    if given_before and (anew := amended(given_before, u)):
        return [ProvideContact(u.span(anew[1].start, anew[1].end), "phone", anew[0])]
    run = digit_run(u)
    if run is None or _REFERENCE.search(u.text[: run.start]):
        return []
    span = u.span(run.start, run.end)
    if state.awaited.read_back and state.awaited.read_back.field == "phone" and only_digits(u, run):
        end = ended(state.awaited.read_back.value, run)
        given = ProvideContact(span, "phone", end) if end else BadContact(span, "phone", run.value)
        return [given]
    wanted = state.awaited.ask == "phone"
    if len(run.value) < 7 and PEOPLE.match(u.text[run.end :]):
        return []
    if len(run.value.strip("+")) < (4 if wanted else 7):
        return []
    number = phone_number(run.value, region)
    abroad = (phone_number(run.value, r) for r in others if not run.value.startswith("+"))
    if named := next((n for n in abroad if n and valid(n)), None):
        number = named if "0" == run.value[0] or number is None or not valid(number) else number
    if (number is None or not valid(number)) and (other := digit_run(u, apart=True)):
        spaced = phone_number(other.value, region)
        number = spaced if spaced and valid(spaced) else number
    if number:
        return [ProvideContact(span, "phone", number)]
    to_call = state.callback is not None and not state.written
    meant = wanted or to_call or (len(run.value) >= _WHOLE and _TO_CALL.search(u.text[: run.start]))
    return [BadContact(span, "phone", run.value)] if meant else []


_WHOLE = 9
"""Digits from which a number is a telephone number, next to a wish to be called."""
_TO_CALL = re.compile(r"\b(?:call|ring|phone|reach|text)(?:ed|ing)?\b")
THIS_NUMBER = re.compile(
    r"\b(?:this|the|that|same|my) (?:very )?(?:number|phone|line|one)(?: (?:is|'s|i'm|i am|you"
    r"|on|we"
    r"|here|that|works|will|would)|'s|$)|\b(?:calling|phoning|ringing|talking|speaking) (?:you )?"
    r"(?:from|on)\b|\bon this (?:number|line|phone)\b"
)


def _this_number(u: Utterance, state: ConversationState) -> ProvideContact | None:
    """The number they call from, if one was asked for: "this number's fine"."""
    caller = state.opened.caller
    asked = state.awaited.ask == "phone" and THIS_NUMBER.search(u.text)
    unasked = state.awaited.read_back is None and _BEST_NUMBER.match(u.text)
    if not (asked or unasked) or not caller or re.search(r"\b(?:not|no|isn't)\b", u.text):
        return None
    return ProvideContact(u.whole(), "phone", caller)


_LINE = r"(?:number|line|phone|cell|mobile)"
_BEST_NUMBER = re.compile(
    lead_with(*YES_NO)
    + rf"(?:(?:(?:on |at )?(?:this|(?:the )?same) {_LINE}|the {_LINE} i'm (?:calling|on) \w+)"
    r"(?:'s| is| works)?"
    r"(?: (?:the |a |my )?(?:best|right|good|fine|okay|ok|perfect|great|own)"
    r"(?: one| number)?)?"
    r"|(?:this|the one i'm (?:calling|on) \w+)(?:'s| is) (?:the |a |my )?"
    rf"(?:best |right |good |own )?{_LINE}"
    r"|the one i'm (?:calling|on) \w+(?:'s| is| works)(?: (?:the )?(?:best|good|fine|right))?)"
    r"(?: (?:for me|to (?:reach|call) me(?: (?:on|at))?))*[ .!]*$"
)
"""Says unasked that they can be reached where they call from: "this is the best number"."""


def _as_spelled(given: ProvideContact, u: Utterance, spelled: Sequence[Found]) -> ProvideContact:
    """A name or a company as it was spelled after it was said."""
    if not spelled:
        return given
    start, end = u.found(given.span.quote)
    return replace(given, value=as_spelled(u, Found(given.value, start, end), spelled))


def _spelled_anew(
    spelled: Sequence[Found], u: Utterance, state: ConversationState
) -> ProvideContact | None:
    """Letters spelled while an address awaits a yes: they correct the most similar part."""
    if not spelled or state.awaited.read_back is None or state.awaited.read_back.field != "email":
        return None
    run, parts = spelled[0], re.split(r"([._+@-])", state.awaited.read_back.value)
    likeness = [fuzz.ratio(run.value, part) for part in parts[:-1]]
    best = max(range(len(likeness)), key=lambda n: likeness[n])
    if likeness[best] < LIKE:
        return None
    parts[best] = run.value
    return ProvideContact(u.span(run.start, run.end), "email", "".join(parts))


def _amended(u: Utterance, state: ConversationState) -> ProvideContact | None:
    """The address that awaits a yes, with one part said anew."""
    pending = state.awaited.read_back
    if pending is None or pending.field != "email":
        return None
    address = amended_address(u.text.strip(), pending.value)
    return ProvideContact(u.whole(), "email", address) if address else None


def beside_a_number(
    u: Utterance, commands: Sequence[Command], state: ConversationState
) -> Utterance | None:
    """The turn for further reading: without an address, whose words name no industry, and without a
    telephone number, whose digits are no sizes; None if little else is in it."""
    mails = [c.span.quote for c in commands if isinstance(c, ProvideContact) and c.field == "email"]
    found = [(u.said.text.find(quote), len(quote)) for quote in mails]
    u = u.without([(at, at + n) for at, n in found if at >= 0])
    numbers = [
        c.span.quote
        for c in commands
        if isinstance(c, ProvideContact | BadContact) and c.field == "phone"
    ]
    if not numbers:
        return u
    if len(u.tokens) < _MORE_THAN_A_NUMBER or not state.written:
        return None
    places = [(u.said.text.find(n), len(n)) for n in numbers]
    return u.without([(at, at + n) for at, n in places if at >= 0])


_MORE_THAN_A_NUMBER = 6
"""Words from which a written turn says more than the number in it."""


def overlaps(start: int, end: int, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether a range touches any of the others."""
    return any(a < end and start < b for a, b in stretches)
