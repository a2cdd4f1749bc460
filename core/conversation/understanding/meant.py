"""Matches a turn against phrase patterns (`frames`), unless it denies them, supposes them, or says
them of somebody else."""

import re
from collections.abc import Callable, Iterator, Sequence

from core.conversation.understanding.conditions import of_the_service
from core.conversation.words.frames import CALLERS, REQUESTS
from core.conversation.words.plain import Plain
from core.conversation.words.stems import WORD, stem

Place = tuple[int, int]

_UNSAID = re.compile(
    r"\b(?:used to|no longer|formerly|former|previously|never|not (?:an? |the |for |from |at "
    r"|with |one "
    r"|doing |looking |calling )*|if|left|quit|once|years ago|until"
    r"|(?:was|were)(?! (?:just )?(?:wondering|hoping|calling|asking|curious)))(?: \w+){0,2} ?$"
)
"""Just before a statement: it is about another time, hypothetical, or denied."""
_INSIDE = re.compile(
    r"\b(?:used to|no longer|formerly|former|previously|ex|years ago|last year i)\b"
)
_OF_OTHERS = re.compile(
    r"\b(?:customers?|clients?|users?|our (?:students|agents|reps|people|sales team|sales"
    r" people)|they"
    r"|he|she|boss|colleague|vendor)(?: (?:are|is|were|can|will|want|need|must|have|has|call"
    r"|should))?"
    r"(?: \w+)? ?$"
)
"""Just before: what follows is about somebody else."""
_OTHER_TOOL = re.compile(
    r"\b(?:(?:current|existing) (?!customers?|clients?|users?|subscri|accounts?|plan|contract)"
    r"|own|old|home ?grown|in house|scripts?|cron|custom|manual|legacy"
    r"|other|vendors?|provider|supplier|RIVAL|every (?:week|day|month)|when a|what happens)\b"
)
_ABOUT_RIVAL = re.compile(
    r"\b(?:customers?|user|users|using|use|moving|move|migrating|switching|comparing|compare"
    r"|looking"
    r"|contract|quote|happy|coming|evaluat\w+|clients?|partners?|not|never|ex|away|left|tired"
    r"|stuck|rows|leaving|paying|pay|live|trial|demo|talked|talking|spoke|meeting|data|better"
    r"|cheaper"
    r"|different|got|get|replacing|replace|between|considering|instead|offer|price|tool|alternative"
    r"|works? with|integrat\w+|heard|run|running|our|people|sync\w*|plan|have|had|went"
    r"|difference)\b"
)
_SERVED = re.compile(
    r"^(?:we are|our company is|my company is)\b.* with RIVAL$"
    r"|\b(?:currently|already|still|been|presently|locked in)\b.* with RIVAL$"
)
""""We are with" a competitor, or "I am still with" them, means buying from them."""
_USES = re.compile(
    r" (?:at the moment|today|right now|now|as a customer|for (?:\w+ )?(?:years?|months?)"
    r"|since|until"
    r"|for our|for the|and (?:it|they|not|un)|but (?:it|they|not|un|want|would))\b"
)
"""Just after "we are with" a competitor: as its customer."""
_ASKS = re.compile(r"^(?:do|does|can|is|are|what|how|which|will|would|could|who|when|where|did)\b")


_CUT = re.compile(r"(?:^| )[.?,](?: |$)")


def _begins(text: str, at: int) -> int:
    """Where the clause around a position begins."""
    return max((m.end() for m in _CUT.finditer(text, 0, at)), default=0)


def _ends(text: str, at: int) -> int:
    found = _CUT.search(text, at)
    return found.start() if found else len(text)


def request(name: str, p: Plain) -> Place | None:
    """The first place where a turn makes a request."""
    return next(requests(name, p), None)


def requests(name: str, p: Plain) -> Iterator[Place]:
    """Every place of a request, frame by frame."""
    for frame in REQUESTS[name].of(p.text):
        for match in frame.finditer(p.text):
            if not barred(name, p, *match.span()):
                yield p.place(*match.span())


def barred(name: str, p: Plain, start: int, end: int) -> bool:
    """Whether a request at a position of the plain text is unsaid: by who is to do it, a denial
    right before it, or what it is about."""
    begin, cut = _begins(p.text, start), _ends(p.text, end)
    clause = p.text[begin:cut]
    if name not in _HOLDS and _OF_OTHERS.search(p.text[begin:start]):
        return True
    if name in _ARRANGED and of_the_service(p.text, start, end, later=name != "person"):
        return True
    if name == "visit" and _RECURRING.search(clause):
        return True
    return REQUESTS[name].unsaid(clause, start - begin, end - begin)


_HOLDS = ("recording", "ask_recorded", "emergency")
_ARRANGED = ("person", "callback", "meeting", "visit")
_RECURRING = re.compile(
    r"^(?!.*\b(?:look|see|quote|price|estimate|walk|measure|bid|meet|talk|show|visit)\b).*"
    r"\b(?:(?:once|twice|times) (?:a|per) (?:day|week|month|year)"
    r"|every (?:\w+ ){0,2}(?:day|night|week|month|quarter|morning|evening)s?"
    r"|nightly|daily|weekly|monthly|regularly)\b"
)
"""A recurring visit is the work itself: "somebody to come in every couple weeks"."""


def caller(kind: str, p: Plain) -> Place | None:
    """Where a turn says that the caller is of a kind in `callers.yaml`."""
    for frame in CALLERS[kind].of(p.text):
        for match in frame.finditer(p.text):
            if _states(kind, p.text, match):
                return p.place(*match.span())
    return None


def _states(kind: str, text: str, match: re.Match[str]) -> bool:
    begin = _begins(text, match.start())
    before, whole = text[begin : match.start()], text[begin : _ends(text, match.end())]
    inside = _INSIDE.search(whole)
    lately = kind == "served" and inside and inside.group() == "years ago"  # "you installed it"
    if (inside and not lately) or _OF_OTHERS.search(before):
        return False
    if kind not in ("private", "support", "trouble", "served") and _UNSAID.search(before):
        return False
    if kind in ("competitor", "student", "vendor"):
        if re.search(r"\b(?:not|never|no)\b", match.group()):
            return False
    unless = _UNLESS.get(kind)
    return unless is None or not unless(text, match, whole)


def _seeks_none(text: str, match: re.Match[str], whole: str) -> bool:
    """Whether a "job" is ours to do, or somebody offers staff."""
    ours = re.search(r"\b(?:we|our \w+) (?:also |do )?$", text[: match.start()])
    return bool(ours or _AGENCY.search(text) or _PROJECT.search(whole))


def of_a_project(p: Plain) -> bool:
    """Whether a "job" is what a trade does for its customers."""
    return _PROJECT.search(p.text) is not None


def _buys_from_rival(text: str, match: re.Match[str], whole: str) -> bool:
    said = match.group()
    if "RIVAL" not in said:
        return False
    about = (
        _ABOUT_RIVAL.search(said, said.find(" ", 2) + 1)
        or _SERVED.search(said)
        or _USES.match(text, match.end())
    )
    return bool(about or _ASKS.search(whole))


def _studies_nothing(text: str, match: re.Match[str], whole: str) -> bool:
    homework = re.search(r"\b(?:done|did|do) (?:my|our) homework", whole)
    given = _NO_SCHOOL.search(text)
    return bool(_FOR_A_LAB.search(text) or homework or given or _ASKS.search(whole))


_NO_SCHOOL = re.compile(
    r"\b(?:golf|race|obstacle|dance|yoga|spin|fitness|cooking|exercise|swim|cdl|first|world"
    r"|business|weight|size) (?:class|course)\b|\bclass (?:[a-e]|\d+|one|two|three)\b"
    r"|\b(?:i|we) (?:teach|hold|host|put on|(?:run|own) (?:an?|the|two|three))\b"
)
"""A class or a course outside a school, or one that the caller teaches."""


def _gives(text: str, match: re.Match[str], whole: str) -> bool:
    """Whether what is done for us is what a buyer does: they pay, send papers, help."""
    said, after = match.group(), text[match.end() :]
    if said.endswith(" cut you"):
        return True
    if said.endswith(" get you"):
        return _PAPERS.match(after) is not None
    return said.endswith(" help you") and _A_HAND.match(after) is not None


_PAPERS = re.compile(
    r" (?:(?:an?|the|my|our|that|those|this|some|your) )?(?:\w+ )?(?:po|p ?o|purchase order"
    r"|che(?:ck|que)|deposit|card|payment|money|drawings?|prints?|photos?|pictures?|details?"
    r"|address|numbers?|specs?|dimensions?|certificate|cert|coi|paperwork|copy|answer|signature)\b"
    r"| (?:that|it|those|them)(?= |$)"
)
_A_HAND = re.compile(
    r" (?:(?:un)?load\w*|find (?:it|us|the|me)|carry|lift|with (?:that|this|it)\b)"
)


def _not_ours(text: str, match: re.Match[str], whole: str) -> bool:
    return bool(_OTHER_TOOL.search(whole) or _hypothetical(whole) or _BY_OTHERS.search(text))


_OF_THEIR_HOME = re.compile(r"\b(?:my|our) (?:\w+ )?(?:house|home|condo\w*|cottage|bungalow)\b")
_AGENCY = re.compile(
    r"\b(?:we are|i am|i am (?:with|from)|we run|from|represent) an? (?:\w+ ){0,3}(?:agency"
    r"|recruiter|headhunter|(?:staffing|recruiting|recruitment|outsourcing) \w+)\b"
)
"""A person who offers staff seeks no job for themselves."""
_PROJECT = re.compile(
    r"\b(?:small|smaller|smallest|little|tiny|big|bigger|biggest|large|larger|largest|minimum|size"
    r"|sized|kind of|type of|sort of|typical|average|whole|entire|roof|roofing|paint|repair|rush"
    r"|solar|commercial|residential|similar|same|one|per|each|every) jobs?\b"
    r"|\bjobs? (?:(?:do|did|have|can|could|would|will) )?(?:you|they|your \w+)(?: \w+)? (?:take"
    r"|takes|do|did|done|handle|finish|finished|quote|quoted|bid|price|charge|tackle|take on)\b"
    r"|\b(?:on the|do (?:an?|the|that|this|my|our)|did (?:an?|the|my|our)|a (?:good|great|nice|bad"
    r"|terrible)|long (?:does|would|will) (?:an?|the|this|that)|price (?:an?|the)|bid on (?:an?|the"
    r"|our|my)) jobs?\b(?! (?:market|hunt|board|ad|opening|search|list))|\bjob ?sites?\b"
    r"|\bjobs? (?:(?:that|this|of that|of this) (?:size|big|large|small|kind|sort)|like (?:that"
    r"|this|ours|mine))\b"
)
"""A trade's work for a customer is no employment."""
_BY_OTHERS = re.compile(
    r"\b(?!(?:you|your|we|i|who|OURS)\b)\w+ (?:had |has |have )?(?:(?:put|set) (?:it|them|that"
    r"|those|ours|this) (?:in|up)|(?:installed|built|fitted|supplied|sold us|made|did|wired) (?:it"
    r"|them|that|those|ours|this)\b)"
    r"|\b(?:installed|built|put in|put up|fitted|supplied|made|sold|done) by (?!you\b|your\b|OURS\b"
    r"|us\b)\w+|\bfrom (?:another|a different|some other|somebody else|someone else)\b"
    r"|\bwent (?:out of business|bust|under|bankrupt|belly up)\b|\bout of business\b"
)
"""The fault is in somebody else's work."""
_OF_A_SALE = re.compile(
    r"(?=.*\b(?:supposed|meant|due|scheduled|expected|booked|showed|show|came|come|here|late)\b).*"
    r"\b(?:estimates?|quotes?|surveys?|assessments?|consultations?|demos?|bids?|walk ?through"
    r"|measure|give (?:me|us) (?:a|some) (?:price|numbers?))\b"
)
"""A missed visit that was to sell something: the caller is no customer."""
_NOBODY_CAME = re.compile(
    r"your (?:\w+ )?(?:guys?|man|men|person|people|fellow|lady|rep|salesm[ae]n|salesperson"
    r"|estimator|surveyor) (?:never|(?:did|has|have) not)\b"
    r"(?!.*\b(?:finish|deliver|unload|brought|pick|repair|fix|service)).*"
)
"""Nor if somebody was to come and look."""
_SUPPOSED = re.compile(r"(?:if|when|once|after|before|until|have|had|suppose|say|let us say) ")
_UNLESS: dict[str, Callable[[str, re.Match[str], str], object]] = {
    "job_seeker": _seeks_none,
    "competitor": _buys_from_rival,
    "student": _studies_nothing,
    "vendor": _gives,
    "support": lambda t, m, w: (
        _not_ours(t, m, w) or _OF_A_SALE.search(t) or _NOBODY_CAME.fullmatch(m.group())
    ),
    "trouble": lambda t, m, w: _ASKS.search(w) or _not_ours(t, m, w),
    "served": lambda t, m, w: _ASKS.search(w) or _SUPPOSED.match(w),
    "private": lambda t, m, w: _ASKS.search(w) and not _OF_THEIR_HOME.search(m.group()),
}
"""Exceptions to a kind's words, by the turn, the match and its clause."""
_FOR_A_LAB = re.compile(r"^(?=.*\bprofessor\b).*\b(?:quote|quotation|price|offer)s?\b", re.DOTALL)
"""Somebody who collects prices for a professor is a buyer."""


def _hypothetical(clause: str) -> bool:
    """Whether a clause asks how things work rather than reporting a problem."""
    return bool(
        re.match(
            r"(?:what (?:if|happens)|how (?:(?:do|can) (?!i \w+ (?:my|our)\b)|does|long|many"
            r"|often|much)"
            r"|does it|do(?:es)? you|does your|can you (?!help)|(?:if|when) your)\b",
            clause,
        )
    )


def answered(name: str, p: Plain) -> Place | None:
    """Where an answer is refused (`decline`), unknown (`unknown`), or no more is to be asked
    (`no_questions`)."""
    for frame in REQUESTS[name].of(p.text):
        if match := frame.search(p.text):
            return p.place(*match.span())
    return None


def withholding(p: Plain) -> Place | None:
    """Where a turn says, whatever was asked, that something is withheld."""
    for frame in REQUESTS["decline"].of(p.text):
        if (match := frame.search(p.text)) and _WITHHELD.search(match.group()):
            return p.place(*match.span())
    return None


_WITHHELD = re.compile(
    r"\b(?:say|share|tell|disclose|reveal|discuss|confidential|private|internal|sensitive"
    r"|classified|secret|nda|proprietary|(?:give|giving) (?:you|that|it|out|those|my|our|any))\b"
)
ENOUGH = 2
"""Content words by which a phrase is recognised in another order or form."""
_FIRST_PERSON = re.compile(r"\b(?:i|we|my|our|me|us)\b")


def stating(wanted: frozenset[str], length: int, p: Plain) -> Place | None:
    """Where one clause states, in the first person, all stems of an example of that many words, in
    any order, close together."""
    start = 0
    if len(wanted) < ENOUGH:
        return None
    for cut in [*_CUT.finditer(p.text), None]:
        clause = p.text[start : cut.start() if cut else len(p.text)]
        words = list(WORD.finditer(clause))
        found = [m for m in words if stem(m.group()) in wanted]
        if (
            _together(wanted, length + _BETWEEN, [stem(m.group()) for m in words])
            and _FIRST_PERSON.search(clause)
            and not (_ASKS.search(clause) or _INSIDE.search(clause))
            and not (_UNSAID.search(clause[: found[0].start()]) or _DENIED.search(clause))
            and not _OF_OTHERS.search(clause[: found[0].start()])
        ):
            return p.place(start + found[0].start(), start + found[-1].end())
        start = cut.end() if cut else len(p.text)
    return None


def _together(wanted: frozenset[str], most: int, said: Sequence[str]) -> bool:
    """Whether that many consecutive words contain everything wanted."""
    return any(wanted <= {*said[n : n + most]} for n in range(len(said)))


_BETWEEN = 4
"""Extra words allowed for a different wording of an example."""
_DENIED = re.compile(r"\b(?:not|never|no|nobody|none|unless|if)\b")
