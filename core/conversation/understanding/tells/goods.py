"""What a buyer wants to get done, told by the thing they want: "we need gift boxes". Pure.

Only things that a single kind of buyer is asked to count say so.
"""

import re
from collections.abc import Sequence

from core.conversation.words.compounds import goes_on
from core.conversation.words.counting import GOODS
from core.conversation.words.lexicon import Mention
from core.conversation.words.stems import WORD, stem
from core.qualification.leaning import own_things
from knowledge.profile import Company

_NP = (
    r"(?:[, ]+(?!(?:on|in|at|with|to|from|by|about|that|which|who|if|and|but|or|is|are|was|were|be"
    r"|has|it|you|they|he|she|i|we|for|no|not|of (?:my|our|the|your))\b)[\w'-]+){0,6}?[, ]+"
)
"""What may stand between a verb and the thing: "need about two thousand new ..."."""
_WANTED = re.compile(
    r"\b(?:(?:need|want|like|love|look|hop|try|plan|hav|got|ha)(?:s|ed|ing|e)? to \w+(?: up| out)?"
    r"|(?<!don't )(?:need|want)(?:s|ed|ing)?|(?:'d|would) (?:like|love)|look(?:ing)? (?:for|at)"
    r"|shopping (?:\w+ )?for|in the market for|in need of|(?:i'm|we're) (?:\w+ )?after"
    r"|sourc(?:e|ing)|(?:re-?)?order(?:ing)?|interested in|(?:time|ready) for"
    r"|quot(?:e|es|ed|ing)(?: (?:me|us))?(?: (?:on|for))?"
    r"|(?:price|prices|pricing|bid|bids|estimate)(?: (?:on|for))|(?:out of|low on) (?:our|my)"
    r"|(?:run(?:ning)?|ran) (?:\w+ )?(?:out of|low on)|(?:we|i) (?:\w+ )?(?:put out|publish|issue)"
    rf"|(?:we|i) (?:\w+ )?do (?:an?|our|some)|it(?:'s| is|'d be| would be) (?:about )?(?:an?|for)?"
    rf"|(?:calling|here) about an?){_NP}$"
)
_TO_DO = re.compile(rf"\b(?:have|has|had|got|'ve){_NP}$")
_STILL = re.compile(
    r"\s+(?:to (?!(?:you|us|me|them)\b)\w+|that (?:need|ha(?:s|ve) to)|coming up)\b"
)
"""Around something that is still to be done: "I've got postcards to get out"."""
_ASKED = re.compile(
    r"\b(?:(?:do|can|could|would|will) (?:you|y'all)(?: (?:guys|all|folks|ever|also|even))* \w+"
    rf"(?: (?:me|us))?(?: up| out)?|(?:what|how) about){_NP}$"
)
"""Before a thing they ask us for."""
_ANYBODYS = frozenset(map(stem, "order copy letter address name card call time sheet".split()))
"""One of these is asked of any business: "I need a copy of my invoice"."""
_ONE = re.compile(r"\b(?:an?|the|your|my|that|this|one) (?:\w+ )?$")


class Goods:
    """The things of one company that say what a buyer wants."""

    def __init__(self, company: Company) -> None:
        own = own_things(company)
        self._uses = {thing: use for thing, use in own.items() if thing not in GOODS}

    def wanted(
        self, text: str, mentions: Sequence[Mention], start: int, end: int, *, asked: bool = False
    ) -> str | None:
        """The use that the first thing wanted in a range of lower-case text tells; `asked`: in a
        question."""
        known = {m.start: m for m in mentions if m.kind == "product"}
        for word in WORD.finditer(text, start, end):
            use = self._use(word.group(), known.get(word.start()))
            last = known[word.start()].end if word.start() in known else word.end()
            if use is None or goes_on(text, last):
                continue
            before = text[start : word.start()]
            if stem(word.group()) in _ANYBODYS and _ONE.search(before):
                continue
            if _WANTED.search(before) or (asked and _ASKED.search(before)):
                return use
            if _TO_DO.search(before) and _STILL.match(text, last):
                return use
        return None

    def _use(self, word: str, mention: Mention | None) -> str | None:
        name = mention.name.lower().split()[-1] if mention else word
        return self._uses.get(stem(name)) or self._uses.get(stem(word))
