"""Finds the questions in a turn, even several in one sentence, without relying on punctuation."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from core.conversation.understanding.asks.itemised import items
from core.conversation.understanding.asks.openers import (
    ASKS,
    AUX,
    HEADED,
    LEADS,
    NOT_ASKING,
    OPENER,
    SUBJECT,
    WH,
    WONDERS,
    does_it,
    headed_at,
    opens,
)
from core.conversation.words.rhetorical import announces, of_own_business
from core.conversation.words.utterance import Utterance
from knowledge.leading import lead_with
from knowledge.retrieval.words import carries_topic

_BOUNDARY = re.compile(
    r"(?:,?\s+(?:and|or)\b)?[.?!;,:]*\s*(?:^|\n)\s*(?:\(?(?:\d{1,2}|[a-z])[.)]|[-*•–])\s+"
    r"|(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bprof)[.?!;]+(?:\s+(?:\(?\d{1,2}[.)]\s+)?|$)"
    r"|\s+-+\s+|\n+"
    rf"|:\s+(?={WH}\b|{AUX} {SUBJECT}\b)"
)
"""The end of a sentence, a line or a list item."""
_JOIN = re.compile(
    rf"(?:,\s*|\s+)(?:and also|and then|also|and|plus|but|or|oh and|because|so)\s+"
    rf"(?!(?:what|how|why|when|where)\s*(?:[.?!,]|$))(?={WH}\b|whether\b"
    rf"|{AUX} {SUBJECT}\b|{ASKS})"
)
_COMMA = re.compile(
    r",\s*(?=(?:do|does|can|could|is|are|will|would) (?:you|it|there|we|i|they|that)\b"
    r"|(?:where|how|what|when) (?:the|your|our|much|many|long|often|it|happens)\b"
    r"|whether (?!or\b|not\b)\w+ \w|which \w+\s*(?:[.?!]|$))"
)
"""A comma before a question: between two, or before "which plan" at the end."""
_ALSO = re.compile(
    r",\s*(?:(?:and|or)\s+)?(?=(?:does|do|is|are|will) (?!not\b)[a-z]+ [a-z]+\b[^.!?]*\?)"
)
"""Before another question on any subject: "what is it a month, and does VAT come on top?"."""
_FACT = re.compile(
    r"(?:,\s*|\s+)(?:and |because |since |so |but |by the way |as )?"
    r"(?=(?:we're|we are|we've|we have (?!to)|we use|we run|we want|we need|we'd like|i'd like"
    r"|i need|i want|i'm|i am"
    r"|my name|this is \w+ (?:from|at)|our team is|our company)\b)"
)
_OF_WHICH = re.compile(r"\b(?:what|which|whose) (?:kind of )?\w+$")
"""After these a fact is asked about, not stated: "what industry we're in"."""
_KEEP_BEFORE = frozenset(
    "if that when how what because which where whether while as than like the what's say think know"
    " and or say sure know mean since until before after do does did can could will would are"
    " is".split()
)
_EMBEDDED = frozenset(
    "know understand see understood sure remember forget forgot decide tell".split()
)
_WANTING = frozenset("want wants wanted need needs needed".split())
_ANTECEDENTS = frozenset("one person guy lady man woman people somebody someone those he".split())
"""Antecedents of a relative "who": "i'm the one who does the books"."""
_HANDLING = frozenset("get move push sync send bring take use join match combine load of".split())
"""Verbs whose "what" is a thing: "we need to get what's in the warehouse across"."""


def clauses(u: Utterance) -> Sequence[tuple[int, int]]:
    """Ranges of text that hold one thought each, as offsets."""
    return _clauses(u.text)


@lru_cache(maxsize=16)
def _clauses(text: str) -> tuple[tuple[int, int], ...]:
    gaps = [m.span() for pattern in (_BOUNDARY, _JOIN) for m in pattern.finditer(text)]
    gaps += [(a, b) for a, b in _numbered(text) if not any(c < b and a < d for c, d in gaps)]
    ends = sorted(b for _, b in gaps)
    gaps += [
        m.span()
        for m in (*_COMMA.finditer(text), *_ALSO.finditer(text))
        if text.startswith("which", m.end()) or opens(text[_since(ends, m.start()) : m.start()])
    ]
    for match in _FACT.finditer(text):
        before = text[max(0, match.start() - 120) : match.start()]
        words = before.split()
        if len(words) >= 3 and words[-1].strip(",") not in _KEEP_BEFORE:
            if not _OF_WHICH.search(before):
                gaps.append(match.span())
    edges = [0, *(edge for gap in sorted(gaps) for edge in gap), len(text)]
    stretches = zip(edges[::2], edges[1::2], strict=True)
    return tuple((a, _marked_end(text, b)) for a, b in stretches if text[a:b].strip(" ,.;?!"))


def _numbered(text: str) -> list[tuple[int, int]]:
    """The numbers of a list on one line: "1) how often 2) is there a fee"."""
    found: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text):
        if int(match["n"]) == len(found) + 1:
            found.append(match.span())
    return found if len(found) > 1 else []


_NUMBER = re.compile(r"(?<!\S)(?:and |,\s*)?\(?(?P<n>\d{1,2})[.)]\s+(?=[a-z])")


def _since(ends: Sequence[int], at: int) -> int:
    """Where the clause begins that ends at a position."""
    before = bisect_right(ends, at)
    return ends[before - 1] if before else 0


def _marked_end(text: str, end: int) -> int:
    """Include the question mark: it says what kind of clause this is."""
    return end + 1 if text[end : end + 1] == "?" else end


def questions(u: Utterance, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Offsets of the questions; ranges `taken` by a request are not product questions."""
    found: list[tuple[int, int]] = []
    before: int | None = None
    last = 0
    for start, end in clauses(u):
        cut = [b for a, b in taken if a < end and start < b]
        start = max([*cut, start])
        rest = u.text[start:end]
        asked = None if cut and not opens(rest) else _asked(rest)  # its mark belongs to the request
        goes_on = (found and found[-1][1] >= last) or _LEADS_UP.search(u.text[:start])
        if asked is None and goes_on and _ALSO_WHETHER.match(rest):
            asked = 0
        last = end
        if asked is None and before is not None and _SAME_OF_US.fullmatch(rest):
            if "r" not in rest or _OURS.search(u.text[before:start]):
                asked = 0
        if asked is None:
            before = None if ":" in u.text[end : end + 2] else start
            continue
        tail = u.text[start + asked : end].strip()
        whether = asked and _IF.match(rest) and not _WH.match(tail)
        named = not (whether or _OF_THOSE.search(tail)) or carries_topic(tail)
        leans = not named or _LEANS.match(tail)
        told = start if asked else before
        found.append((told if leans and told is not None else start + asked, end))
        before = None
    return [item for a, b in found for item in items(u.text, a, b)][:MOST_QUESTIONS]


MOST_QUESTIONS = 24
"""Most questions of one turn; more than that is meant to keep us busy."""

_SAME_OF_US = re.compile(r"(?:and )?you(?: guys| folks| all)?\?|(?:right|correct|true)\?")
"""Asks about us what was just said about others, or whether what was said about us is true."""
_OURS = re.compile(r"\byour?\b")

_LEADS_UP = re.compile(
    r"\b(?:tell (?:me|us)|know|check|confirm|find out|advise|wonder(?:ing)?|clarify)[ :,]*\n"
    r"\s*(?:\(?(?:\d{1,2}|[a-z])[.)]|[-*•–])\s+$"
)
"""Before the first item of a list of questions."""
_ALSO_WHETHER = re.compile(
    r"(?:whether|if) (?!not\b)\w+ \w(?!.*\b(?:we|i)(?:'ll| will| would|'d)? (?:go|sign|pick|take"
    r"|choose|buy|leave|cancel|look|use|stay)\b)"
)
"""Continues the previous question: "whether you do HubSpot and whether it's safe"."""


def asking(u: Utterance, start: int, end: int) -> tuple[int, int]:
    """Where the actual question is within its sentence: its introduction is a statement."""
    stretches = [(a, b) for a, b in clauses(u) if start <= b and a < end]
    last = stretches[-1] if stretches else (start, end)
    a = max(start, last[0])
    return a + (_asked(u.text[a:end]) or 0), end


_LEANS = re.compile(
    r"(?:so )?(?:can|could|do|does|will|would|is|are) (?:you|it|that|this)"
    r"(?: guys)?(?: also)?(?: (?:guys|folks|people|do|handle|support|help|work|possible|something"
    r"|anything|much|that"
    r"|this|it|with|for|us|able|to|you|supported|included|enough|okay|ok|alright|all|right|fine|a|an|problem|issue"
    r"|trouble))*[?.]?$"
)
"""A question without content of its own: it asks about what was said just before."""


_WH = re.compile(WH)
_OF_THOSE = re.compile(
    r"\b(?:them|those|these|such|one|(?:on top of|besides?|instead of|next to|alongside) (?:that|it"
    r"|this))[?.]?$"
)
"""Ends a question about what was said before it: "we'd put it out to tender. Do you do those?"."""
_IF = re.compile(rf"{lead_with('lovely', 'great')}(?:if|when|once|in case|should)\b")
"""Opens with a condition: "if some of it fails, would I know?"."""


def tails(question: str) -> list[tuple[str, str]]:
    """The possible actual question after a short beginning: (beginning, question)."""
    found = []
    for word in re.finditer(r"\S+", question):
        if OPENER.match(question, word.start()) is None:
            continue
        lead, tail = question[: word.start()], question[word.start() :]
        if 0 < len(lead.split()) <= _LONGEST_LEAD and len(tail.split()) >= _SHORTEST_TAIL:
            if not NOT_ASKING.match(tail) and tail.split()[0] not in _STATING:
                found.append((lead, tail))
    return found


_LONGEST_LEAD, _SHORTEST_TAIL = 7, 4


def _asked(clause: str) -> int | None:
    """Where the question begins in a clause; None when there is none."""
    if announces(clause) or of_own_business(clause) or _YOU_KNOW.match(clause):
        return None
    marked = clause.rstrip().endswith("?") or bool(_TAGGED.search(clause))
    if (start := _verb_first(clause)) is not None:
        return start
    for match in OPENER.finditer(clause):
        rest = clause[match.start() :]
        before = clause[: match.start()].split()
        headed = not set(before) - LEADS and HEADED.match(rest)
        states = does_it(clause, match.start())
        if states or (NOT_ASKING.match(rest) and not headed) or len(rest.split()) < 2:
            continue
        if set(before) - LEADS and _relative(rest, clause[: match.start()]):
            continue
        if not marked and _goes_on(match, clause[: match.start()], rest):
            continue
        soon = len(clause[: match.start()].rsplit(",", 1)[-1].split()) <= _SOON
        if match.group().split()[0] in _STARTERS or soon or marked or WONDERS.match(rest):
            return match.start() + (told.end() if (told := _KNOW_IS.match(rest)) else 0)
    if marked and len(clause.split()) >= 2:
        return 0
    start = answers.end() if (answers := _ANSWERS.match(clause)) else 0
    if _names_things(clause[start:]):
        return start
    about = _ABOUT_US.match(clause)
    return about.start("us") if about else None


_YOU_KNOW = re.compile(
    r"(?:\w+,? ){0,2}you (?:(?:\w+ )?well |already |perfectly |full well )*know (?:\w+ ){0,2}(?:who"
    r"|what|why|how|where|when)\b[^?]*$"
)
"""Says that we know, and asks nothing: "you know damn well who this is"."""


def _names_things(clause: str) -> bool:
    """Whether things are asked for by name only: "and a DPA, plus the report please"."""
    named = _NAMED_THINGS.match(clause) is not None and not _NO_THING.search(clause)
    return named and carries_topic(clause)


_ANSWERS = re.compile(r"(?:(?:yes|yeah|yep|no|nope|ok|okay|sure|right),? )+(?:but )?|but ")
_NAMED_THINGS = re.compile(
    r"(?=(?:and|also|plus) (?:an?|the|your)\b|.*\b(?:please|pls|also|too|as well)\W*$)"
    r"(?:[\w/+&'-]+,? ){1,9}[\w/+&'-]+\W*$"
)
_NO_THING = re.compile(
    r"\b(?:call|ring|phone|send|e-?mail|mail|write|put|book|tell|let|wait|hold|stop|cancel|make|do"
    r"|does|go|be|is|are|was|'s|me|us|it|that|this|him|her|them|i|i'm|we|we're|you|he|she|they|one"
    r"|ones|have|has|had|use|work\w*|need|want|like|repeat|explain|english|words|time|day|number"
    r"|address|after|before|until|till|around|by|at|on|yes|no|not|okay|ok|hi|hello"
    r"|thanks?|sorry|\w+day|morning|afternoon|tomorrow|today)\b"
)


def _verb_first(clause: str) -> int | None:
    """Where a question opens with its verb: at the start, or after a statement and a comma ("we're
    a bakery, does flour dust hurt them")."""
    if (head := headed_at(clause)) is not None:
        return head
    found = (m.end() for m in _VERB_FIRST.finditer(clause))
    return next((at for at in found if headed_at(clause[at:]) == 0), None)


_VERB_FIRST = re.compile(
    r",\s*(?:(?:and|but|so|or|then|well|um|uh|like)\s+)*"
    r"(?=(?:do|does|did|can|could|will|would|should)"
    r" (?:(?:the|your|our|my|an?|any|this|these|those|some)\s+)?[a-z]+ (?!and\b|or\b)[a-z]+)"
    r"(?!(?:do|does|did|can|could|will|would|should) (?:not|be|have|never|also|need|like|love"
    r"|probably|only|just|always|still|do|make|take|get|go|come|sell|use|work|want|it|that"
    r"|this)\b)"
)
_KNOW_IS = re.compile(
    r"(?:i|we)(?:'d| would)? (?:like|want|need)(?:ed)? to (?:know|understand|ask|learn) (?:is|was) "
    r"(?=whether|if|how|what|which|where|when|who|why)"
)
"""Introduces a question: "all I want to know is whether …"."""
_TAGGED = re.compile(
    r"\b(?:or (?:no|not|what)|yes or no"
    r"|(?:that|it|this)(?:'s|'d| is| would| will|'ll)(?: be)?(?: (?:about|around|like))?"
    r" (?:what|how (?:much|many|long))"
    r"|you(?:'re| are| guys| people)? (?:sell|selling|do|doing|offer|offering|make|making) what"
    r"|(?:you|it) (?:can|could|will|does|has|do|have)\b.* no)\s*\.*$"
)
"""A question by its tag: "is that something you fix or no", "you can bring it no"."""
_FIRST = r"(?:(?:so|and|but|ok|okay|hi|hello|well|yes) ){0,6}"
_ABOUT_US = re.compile(
    rf"{_FIRST}(?:[^.?!]{{0,80}}\b(?:good|sorry|please) {_FIRST})?"
    r"(?P<us>(?:[^.?!]{0,60}\b(?:told (?:me|us)|heard|read|says?|claims?)"
    r"(?: (?:somewhere|online|that|people say))* )you (?:guys )?"
    r"(?:had|were|are|got|lost|leak|sell|sold|don't|can't|won't)"
    r"|you (?:have|offer|support|provide|sell|integrate|connect|work with)"
    r"(?! (?:me|my|us|our|to|been|an? (?:nice|great|good|lovely|cool)))"
    r"|it (?:is possible|can (?:do|put|handle|sync|move|bring|send|connect|work)))\b"
)
"""A statement about us is a question: "you have a person that speaks Spanish", "I read that you had
a breach"."""
_SOON = 4
"""Words after which a question may still begin with any of its openers."""


def _goes_on(match: re.Match[str], said: str, rest: str) -> bool:
    """Whether an apparent opener, without a question mark, only continues what was said before."""
    before = said.split()
    first, last = match.group().split()[0], before[-1] if before else ""
    if _FOR_OTHERS.search(said):
        return True
    if "if" in before[:3] and _IF_THEN.match(rest):
        return False
    turned = _TURNED.match(rest) is not None and last not in _SAYS_WHAT
    if first in _STATING and set(before) - LEADS and not (_LEANS.match(rest) or turned):
        return True
    if (last in _HANDLING and first.startswith("what")) or (
        last in _WANTING and first in _PLAIN_WH
    ):
        return True
    joined = first.startswith("who") or last == "who"
    told = last.endswith(",") and not set(before) <= LEADS  # "our CIO, who has one concern"
    if joined and (told or {*before[-2:]} & _ANTECEDENTS):
        return True
    return last in _EMBEDDED and "don't" in before


_IF_THEN = re.compile(r"(?:is|are|does|do|can|will|would) (?:it|that|they|we|you|there) \w")
"""A question after a condition: "if we leave is it deleted"."""
_TURNED = re.compile(
    r"(?:is (?:it|there)|are (?:they|there|we)) \w+ \w"
    r"|(?:is|are) (?:it|that|this|those) (?:something|anything|a thing|the (?:kind|sort) of)\b"
    r"|are (?:you|they|it) \w+ enough\b"
)
_SAYS_WHAT = frozenset(
    "problem thing issue question reason point idea goal concern truth fact catch challenge plan"
    " what that all trouble worry answer deal which this".split()
)
"""After these "is it …" is a statement: "the thing is it takes too long"."""


def _relative(rest: str, before: str) -> bool:
    """Whether a "when", "where", "who", "which", "how" inside a clause only joins two thoughts."""
    return bool(_JOINS.match(rest)) and not _WANTS_TO_KNOW.search(before)


_JOINS = re.compile(
    rf"(?:when|where|who|why|which(?! (?:\w+ ){{1,2}}{AUX}\b)|how(?! (?:much|many|long|fast"
    rf"|often|big|soon|quickly|about)\b))"
    rf" (?!{AUX}\b)\w"
)
_WANTS_TO_KNOW = re.compile(
    r"\b(?:know|tell|ask\w*|wonder\w*|explain|understand|curious|idea|questions?|find out|see"
    r"|hear|learn|check|figure|about|on)\b[^.?!]{0,24}$"
)
_FOR_OTHERS = re.compile(
    r"\b(?:want|love|like|need|wish|hop)(?:s|ed|ing)? (?:for )?(?!(?:to|you|me|us)\b)"
    r"(?:[\w'-]+ ){1,6}?to (?:\w+ ){0,3}?"
    r"(?:see|know|get|tell|look|find|hear|learn|track|check|show)\b(?! (?:me|us)\b)[^.?!]*$"
)
"""What others are to learn, not the asker: "I'd love my sales team to see in the CRM when …"."""
_STARTERS = frozenset(
    "what how which where when who why do does is are am can could will would tell have has to the"
    " due as it's and please".split()
)
_STATING = frozenset("is are was has have had isn't aren't".split())
"""Verbs also used inside statements: they open a question only at its start."""
_PLAIN_WH = frozenset("what which who where when".split())
ELLIPSIS = re.compile(
    r"^(?:(?:hold on|hang on|wait|stop|no|sorry|okay|ok|oh|well|um|uh)\s+)*"
    r"(?:and|or|what about|how about|and what about|also)\s+(?:for |with |on "
    r"|about )?(?P<rest>.+)$"
)


def goes_further(rest: str) -> bool:
    """Whether this continues an earlier question: "and webhooks", "and if i go over"."""
    return rest.startswith("if ") or (len(rest.split()) <= 3 and not _STATES.match(rest))


_STATES = re.compile(
    r"(?:i|we|it|you|they|that|this|my|our|he|she|yes|no|sure|then|so|the|thanks?|bye|okay|ok)\b"
)


def bare(u: Utterance) -> bool:
    """Whether a word or two with a question mark are the question: "graphql?"."""
    return len(u.tokens) <= 2 and u.text.rstrip().endswith("?") and carries_topic(u.text)
