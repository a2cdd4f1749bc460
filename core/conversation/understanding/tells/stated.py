"""Recognises callers who are better served elsewhere, or who need a person at once."""

import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache

from core.asking import Confirm
from core.commands import Command, CompetitorOrVendor, Escalate, ProvideSignal, SupportNeed
from core.conversation.state import ConversationState
from core.conversation.understanding.meant import caller, stating
from core.conversation.words.compounds import goes_on
from core.conversation.words.frames import CALLERS
from core.conversation.words.others import SERVES
from core.conversation.words.plain import Plain, plain
from core.conversation.words.stems import WORD, stem, stems
from core.conversation.words.utterance import Utterance, utterance
from core.conversation.words.works import mends
from core.crm.known import CUSTOMER, YES
from core.talk import Span, UserSaid
from knowledge.profile import Company, Disqualifier

Placed = tuple[Command, int, int]

_NOT_SAID = re.compile(
    r"\b(?:not|don't|aren't|isn't|never|if|used to|formerly|previously|was|were) (?:an? |\w+ )?$"
)

TROUBLE = "trouble"
"""Patterns by which an existing customer reports trouble; from anybody else it is their own."""
_SERVED = "served"
"""Patterns for our past work for them: "you built our array"."""
_SERVES = "serves"
"""Patterns for our current work for them: "you guys do our computers"."""
_DENIABLE = ("competitor", "student", "press", "job_seeker", "vendor")
_DENIED = re.compile(
    r"\b(?:not|never|isn't|aren't|ain't|wasn't|don't|haven't|no longer|used to|spent \w+ \w+ (?:at"
    r"|with)|c[ao]me (?:over |here )?from|moved (?:over |here )?from)\b"
)
"""Within the words themselves: they say the opposite, or are about another time."""


class Stated:
    """The phrases of one company, and the general English of the kinds it names."""

    def __init__(self, company: Company) -> None:
        self._escalations = tuple(
            (_phrase(p), e.id) for e in company.escalations for p in e.phrases
        )
        self._phrases = tuple((_phrase(p), d, p) for d in company.disqualifiers for p in d.phrases)
        self._kinds = tuple((d, kind) for d in company.disqualifiers if (kind := kind_of(d)))
        self._support = next((d for d, kind in self._kinds if kind == "support"), None)
        self._asked = frozenset(
            stems(" ".join(w for c in company.criteria for w in (c.label, *c.ask)))
        )
        self._mends = mends(company.vocabulary.use_cases)
        self._examples = tuple(
            (frozenset(stems(p, _GRAMMAR)), len(p.split()), d)
            for d in company.disqualifiers
            for p in d.phrases
        )

    def find(self, u: Utterance, text: Plain, state: ConversationState) -> list[Placed]:
        """What disqualifies or escalates in a turn, with its offsets; at most one.

        `text`: the turn in plain words.
        """
        for pattern, name in self._escalations:
            if match := pattern.search(u.text):
                return [(Escalate(u.span(*match.span()), name), *match.span())]
        if found := self._by_phrase(u, text) or self._by_kind(u, text, state):
            return [found]
        said = {stem(word) for word in WORD.findall(text.text)}
        for wanted, length, item in self._examples:
            if wanted <= said and (place := stating(wanted, length, text)):
                return [(declared(u.span(*place), item), *place)]
        return []

    def _by_phrase(self, u: Utterance, text: Plain) -> Placed | None:
        for pattern, item, phrase in self._phrases:
            for match in pattern.finditer(u.text):
                a, b = match.span()
                if not _said(u.text, a) or (_NAMES_A_THING.match(phrase) and goes_on(u.text, b)):
                    continue
                if kind_of(item) == "private" and in_passing(text):
                    continue
                return declared(u.span(a, b), item), a, b
        return None

    def _by_kind(self, u: Utterance, text: Plain, state: ConversationState) -> Placed | None:
        if self._support and (placed := _served(u, text, self._support.id)):
            return placed
        ours = state.customer and self._support
        trouble = ((self._support, TROUBLE),) if ours and self._support else ()
        for item, kind in (*self._kinds, *trouble):
            place = caller(kind, text)
            if place is None or (kind == "private" and in_passing(text)):
                continue
            if kind == "support" and self._no_customers(u, place, known=bool(ours)):
                continue
            if kind == "support" and self._asked_of_all(u.text[slice(*place)]):
                continue
            if kind == "support" and _grows(u.text):
                return ProvideSignal(u.span(*place), CUSTOMER, YES), *place
            if kind == "vendor" and _SERVED_BY.match(u.text[slice(*place)]):
                continue
            if kind == "vendor" and _tells_their_trade(
                u.text, u.text[slice(*place)], state.awaited.asks(u.said.turn)
            ):
                continue
            if not (kind in _DENIABLE and _DENIED.search(u.text[slice(*place)])):
                return declared(u.span(*place), item), *place
        return None

    def _asked_of_all(self, said: str) -> bool:
        """Whether words only name what the company asks every buyer: "our renewal", where it asks
        when their policy renews."""
        words = stems(said) - _OF_A_COURSE
        return bool(words) and words <= self._asked and not _ADDRESSED.search(said)

    def _no_customers(self, u: Utterance, place: tuple[int, int], *, known: bool) -> bool:
        """Whether trouble is reported by a non-customer: they say so, or want a repair."""
        theirs = self._mends and not known and not _OF_OURS.search(u.text[slice(*place)])
        return theirs or NO_CUSTOMER.search(u.text) is not None


_OF_A_COURSE = frozenset(stem(w) for w in "coming due upcoming".split())
"""Of what takes its course, for whoever has it: "renewal is coming"."""
_ADDRESSED = re.compile(r"\b(?:you|your|yours|you're|you've)\b")
_GRAMMAR = frozenset(
    "a an the this that these those some any i we my our us me it its is are am was were be been"
    " s re m ve ll d t do does did don have has had will would can could to of in on at for from"
    " with by and or so just please there".split()
)
"""Words by which no example is known: grammar, and its speaker."""


def _served(u: Utterance, text: Plain, support: str) -> Placed | None:
    """That they are customers: if something is wrong, it is left to whoever supports them."""
    amiss = _AMISS.search(u.text) is not None
    if place := caller(_SERVED, text):
        if amiss and not _grows(u.text):
            return SupportNeed(u.span(*place), support), *place
        return ProvideSignal(u.span(*place), CUSTOMER, YES), *place
    place = caller(_SERVES, text) if amiss else None
    return (SupportNeed(u.span(*place), support), *place) if place else None


_OF_OURS = re.compile(
    r"\b(?:you|your|yours|you're|you've|customers?|clients?|subscribers?|accounts?|contract|invoices?"
    r"|bill\w*|charged|overcharged|refund|tickets?|case|subscription|licen[cs]e|orders?|delivery"
    r"|booking|renew\w*|payment|warranty|password|log ?in)\b"
)
"""Makes trouble our concern, even where we repair what others have sold."""
NO_CUSTOMER = re.compile(
    r"\b(?:not|never been|isn't|aren't)(?: (?:really|actually|yet|even|currently))* (?:an?|your"
    r"|(?:one|any) of your) (?:\w+ )?(?:customers?|clients?)\b"
)
_SERVED_BY = re.compile(
    rf"(?:we|i)(?:'ve)?(?: \w+)? (?:have|had|got|use|hired) (?:\w+ ){{0,3}}?(?:{SERVES}|someone"
    r"|somebody|man|woman|person|people|company|firm|outfit|nephew|team)\b"
)
"""Who does it for them today: "we have a guy in Boise who does that"."""
_NAMES_A_THING = re.compile(
    r"(?:(?:for|in|at|on|with|about) |(?:i|we)(?:'m|'re)? (?:\w+ ){1,2})?(?:my|our|an?|the)"
    r" (?:\w+ )?\w+$"
)
"""A phrase that ends with the name of a thing, which more words may change."""
_TRADE = frozenset({"industry", "role", "company", "use_case", "name"})


def _tells_their_trade(text: str, said: str, asked: str | Confirm | None) -> bool:
    """Whether a caller who says what they sell is not selling to us: that is all they say, we
    asked, or they want something."""
    if _TO_US.search(text):
        return False
    return asked in _TRADE or _SELLS.match(said) is not None or _WANTS.search(text) is not None


_SELLS = re.compile(
    r"(?:i|we) sell\b(?!.*\b(?:services?|solutions?|software|advertis\w+|ads|leads)\b)"
)
"""Goods that the caller sells to anybody; services are what a company gets called about."""
_TO_US = re.compile(r"\b(?:you|your|yours|you're|you'd|you'll)\b")
_WANTS = re.compile(
    r"\b(?:i|we)(?:'d| would) (?:like|love) (?!to\b)|\b(?:my|our) (?:clients?|customers?)\b"
    r"|\b(?:i|we)(?:'d|'re|'m| am| are| would| also| just)* (?:own|rent|lease|need|interested"
    r"|thinking|considering|after|looking (?:at|for|into|to (?:buy|get|have|put|install|add)))\b"
    r"|\b(?:on|for|at|in) (?:my|our) (?:own )?\w+|\bour (?:own )?(?:\w+ )?(?:building|roof|office"
    r"|shop|store|warehouse|plant|factory|facility|place)\b"
)


def in_passing(text: Plain) -> bool:
    """Whether a home is only mentioned: the subject is their business, or the home has one."""
    return _BUSINESS.search(text.text) is not None or "already" in text.text.split()


_BUSINESS = re.compile(
    r"(?<!not )(?<!no )\b(?:(?:my|our) (?:own )?(?:\w+ )?(?:business|company|firm)"
    r"|(?:it|that|this) is an? (?:\w+ )?(?:business|company))\b"
    r"|\b(?:my|our|the|this|an?) (?:(?!home\b)\w+ ){0,2}?(?:factory|plant|warehouse|shop|store"
    r"|office|workshop|restaurant|bakery|brewery|farm|school|church|clinic|hotel|facility|hall"
    r"|(?:commercial|office|apartment|industrial) building)s?\b"
)


def _grows(text: str) -> bool:
    """Whether a customer wants more of ours, which is for sales, and reports no trouble."""
    return _MORE.search(text) is not None and _AMISS.search(text) is None


_MORE = re.compile(
    r"\b(?:upgrad(?:e|ing)|expand(?:ing)?|mov(?:e|ing) up|step(?:ping)? up|go(?:ing)? up to"
    r"|bigger plan"
    r"|larger plan|next plan|higher (?:plan|tier)|(?:more|extra|additional|another|second"
    r"|new) (?:\w+ )?"
    r"(?:seats?|licen[cs]es?|rows?|destinations?|workspaces?|teams?|departments?|units?|machines?|devices?"
    r"|sites?|locations?|connectors?)|add(?:ing)? (?:more|another|a second|seats|users)"
    r"|roll(?:ing)? (?:it )?out"
    r" to (?:more|the rest|other|another)|buy(?:ing)? (?:more|another|a second)|order (?:more"
    r"|another|a second))\b"
)
_AMISS = re.compile(
    r"\b(?:wrong|broken|broke|down|error\w*|fail\w*|issues?|problems?|trouble|not work\w*"
    r"|(?:doesn't|won't|can't|cannot)(?! (?:reach|fit|need|know|do|matter))|don't work|stopped"
    r"|quits?|died|dies|refund|invoice|bill(?:ed|ing)?|charged|password|log ?in|ticket"
    r"|cancel\w*|tripp\w+|leak\w*|alarm\w*|fault\w*|beep\w*|flash\w*|blink\w*|red light|dead"
    r"|isn't working|nobody's|zero|nothing|crack\w*|loose|blew|fell|burn\w*|smok\w*|smell\w*"
    r"|noise|noisy|rattl\w*|drip\w*|dumping|pouring|flood\w*|overflow\w*|clogg\w*|jammed"
    r"|out of order|blowing (?:warm|hot|cold)|act(?:s|ed|ing) up|busted|conked|kaput"
    r"|on the (?:fritz|blink)|up the ghost)\b"
)


@cache
def kind_of(item: Disqualifier) -> str | None:
    """The kind of a disqualifier: as named, else the one most of its phrases are examples of."""
    if item.kind in CALLERS:
        return item.kind
    if item.kind != "other" or item.signal:
        return None
    kinds = [k for k in CALLERS if k not in (TROUBLE, _SERVED, _SERVES)]
    votes = Counter(k for p in item.phrases for k in kinds if _example_of(k, p))
    kind, n = votes.most_common(1)[0] if votes else ("", 0)
    return kind if n >= 2 and 2 * n >= len(item.phrases) else None


def _example_of(kind: str, phrase: str) -> bool:
    said = utterance(UserSaid(0, phrase, 0, 0, datetime(2000, 1, 1, tzinfo=UTC)))
    return bool(caller(kind, plain(said))) or (kind == "private" and bool(_HOME.search(phrase)))


_HOME = re.compile(r"\b(?:house|home|condo|apartment|flat|townhouse|home ?owner|residential)s?$")


def _said(text: str, start: int) -> bool:
    return not _NOT_SAID.search(text[:start])


def declared(span: Span, item: Disqualifier) -> Command:
    """The command for words that state a disqualifier."""
    if item.kind == "support":
        return SupportNeed(span, item.id)
    return CompetitorOrVendor(span, item.id)


def _phrase(phrase: str) -> re.Pattern[str]:
    """A company phrase as a pattern that tolerates "i am" for "i'm" and double spaces."""
    text = re.escape(phrase.lower().replace("\u2019", "'")).replace(r"\ ", r"\s+")
    for short, long in (
        ("i'm", "i am"),
        ("we're", "we are"),
        ("can't", "cannot"),
        ("i'd", "i would"),
    ):
        text = text.replace(re.escape(short), f"(?:{short}|{long})").replace(
            short, f"(?:{short}|{long})"
        )
    return re.compile(rf"(?<!\w){text}(?!\w)")
