"""Places in a question: where the buyer is, which is not part of it, and whether we serve it."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from core.geography.gazetteer import SHORTEST, a_word, bearers
from core.geography.places import COUNTRIES, SAID_PLACES
from knowledge.entry import Answer, NoAnswer
from knowledge.leading import LEAD
from knowledge.places import STATES
from knowledge.retrieval.words import carries_topic

Look = Callable[[str], Answer | NoAnswer]
"""Looks up one wording."""
_AT = re.compile(
    r"(?:^|[\s,]+)(?:(?:over|up|down|out|right|here|all the way) )?"
    r"(?:in|near|around|outside(?: of)?|on|to|cover|serve|service)(?: (?:the|downtown))?\s+",
    re.IGNORECASE,
)
_WHERE_WE_ARE = re.compile(
    LEAD + r"(?:(?:(?:do|can|could|would|will|are|is) )?"
    r"(?:you|your (?:company|team|crews?|people|service))(?: guys| folks| people| lot)?|ever)"
    r"(?: (?:also|even|ever|actually|all))*(?: (?:work|cover|serve|service|operate|come|go|travel"
    r"|install|build|deliver|ship|available|active|based|located|do|business|jobs?|projects?|things?"
    r"|anything|stuff|here|there|up|down|out|over|all|the|way|as|far|round|around|in|near|to|on|of"
    r"|outside))*",
    re.IGNORECASE,
)
"""Asks only whether we serve a place, up to its name."""
_SO_FAR = re.compile(
    r"\b(?:(?P<far>(?:(?:do|can|could|would|will) )?you(?: guys| folks)?(?: (?:even|ever|all))*"
    r" (?:come|go|get|travel|work|drive|deliver|run|serve|cover)"
    r"(?: (?:up|down|out|over|all the way))*"
    r" (?:(?:this|that|so) far(?: \w+)?|here|there|to us|us|our way))"
    r"|(?:is|would|will) (?:that|it|this|there)(?: be)?(?: still)?"
    r" (?:a problem|an issue|too far|ok(?:ay)?|all ?right|fine"
    r"|(?:in|within|outside)(?: of)? your (?:area|range|territory)))\W*$",
    re.IGNORECASE,
)
"""Asks whether we serve a place named just before, or whether the place matters."""
_HAS = re.compile(r"\b(?:have|host|hosted|store[ds]?|keep|kept|run|based|located|office)\b", re.I)
"""Words after which a place is part of the question itself."""
_MOST_WORDS = 4
WHERE = ("where do you work", "which areas do you cover", "where do you operate")


@dataclass(frozen=True, slots=True)
class Locality:
    """Places for a company that serves a few states. `served`: their codes."""

    served: Collection[str]

    def answer(self, question: str, look: Look) -> Answer | NoAnswer:
        """The answer to a question; failing that, to the question without the place they ask from,
        or to where we work."""
        found = look(question)
        if isinstance(found, Answer):
            return found
        for way in self._elsewhere(question):
            other = look(way)
            if isinstance(other, Answer):
                return other
        for way in WHERE if self._asks_of_places(question) else ():
            other = look(way)
            if isinstance(other, Answer) and _names_places(other):
                return other
        return found

    def _elsewhere(self, question: str) -> Iterator[str]:
        """The question without the place they ask from, if we work there."""
        for start, end, ours in self._places(question):
            rest = f"{question[:start]} {question[end:]}".strip(" ,.?!")
            if ours and carries_topic(rest) and not _HAS.search(rest):
                yield rest

    def _asks_of_places(self, question: str) -> bool:
        """Whether it only asks whether we serve some place."""
        said = question.strip(" .,?!")
        if verdict := _SO_FAR.search(said):
            told = [*self._places(said[: verdict.start()])]
            return bool(told) and (verdict["far"] is not None or not any(o for *_, o in told))
        return any(
            end == len(said) and _WHERE_WE_ARE.fullmatch(said[:start])
            for start, end, _ in self._places(said)
        )

    def _places(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Where a place, with the words leading to it, stands, and whether we serve its state."""
        for match in _AT.finditer(text):
            words = [*re.finditer(r"[\w'.-]+", text[match.end() :])][:_MOST_WORDS]
            for last in reversed(words):
                end = match.end() + last.end()
                name = text[match.end() : end].strip(" .")
                if states := _states(name):
                    yield match.start(), end, not states.isdisjoint(self.served)
                    break


def _states(name: str) -> frozenset[str]:
    """The states with a place of this name; abroad, its country's name; empty if it is no place."""
    known = SAID_PLACES.get(name.lower())
    if known is None and (len(name) < SHORTEST or a_word(name) or not carries_topic(name)):
        return frozenset()
    if known in STATES:
        return frozenset((STATES[known],))
    *town, last = name.split(" ")
    if town and (state := SAID_PLACES.get(last.lower())) in STATES:
        return frozenset((STATES[state],)) if _states(" ".join(town)) else frozenset()
    towns = {t.state or t.country for t in bearers(name)}
    return frozenset(towns | ({known} if known else set()))


def _names_places(found: Answer) -> bool:
    """Whether an answer lists places, judged by two names."""
    told = " ".join(p.text for p in found.passages)
    return len({name for name in (*STATES, *COUNTRIES) if name in told}) >= 2
