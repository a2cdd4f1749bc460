"""Places in a question: whence it is asked, which is no part of it, and whether we come there."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from core.geography.gazetteer import SHORTEST, a_word, bearers
from core.geography.places import COUNTRIES, SAID_PLACES
from knowledge.entry import Answer, NoAnswer
from knowledge.places import STATES
from knowledge.words import carries_topic

Look = Callable[[str], Answer | NoAnswer]
"""Knowledge, for one wording."""
_AT = re.compile(
    r"(?:^|[\s,]+)(?:(?:over|up|down|out|right|here|all the way) )?"
    r"(?:in|near|around|outside(?: of)?|on|to|cover|serve|service)(?: (?:the|downtown))?\s+",
    re.IGNORECASE,
)
_WHERE_WE_ARE = re.compile(
    r"(?:(?:so|and|but|okay|ok|well|hi|hello|also)[\s,]+)*"
    r"(?:(?:(?:do|can|could|would|will|are|is) )?"
    r"(?:you|your (?:company|team|crews?|people|service))(?: guys| folks| people| lot)?|ever)"
    r"(?: (?:also|even|ever|actually|all))*(?: (?:work|cover|serve|service|operate|come|go|travel"
    r"|install|build|deliver|ship|available|active|based|located|do|business|jobs?|projects?|things?"
    r"|anything|stuff|here|there|up|down|out|over|all|the|way|as|far|round|around|in|near|to|on|of"
    r"|outside))*",
    re.IGNORECASE,
)
"""Asks no more than whether we come to a place, up to its name."""
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
"""Asks of a place that was told just before whether we come to it, or whether it matters."""
_HAS = re.compile(r"\b(?:have|host|hosted|store[ds]?|keep|kept|run|based|located|office)\b", re.I)
"""Words after which a place is a part of what is asked about."""
_MOST_WORDS = 4
WHERE = ("where do you work", "which areas do you cover", "where do you operate")


@dataclass(frozen=True, slots=True)
class Locality:
    """The places of a company that serves a few states. `served`: their codes."""

    served: Collection[str]

    def answer(self, question: str, look: Look) -> Answer | NoAnswer:
        """What is known of a question; where that is nothing, of it without the place it is asked
        from, or of where we are at work."""
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
        """A question without a place it is asked from, where we are at work there."""
        for start, end, ours in self._places(question):
            rest = f"{question[:start]} {question[end:]}".strip(" ,.?!")
            if ours and carries_topic(rest) and not _HAS.search(rest):
                yield rest

    def _asks_of_places(self, question: str) -> bool:
        """Whether it asks no more than whether we come to some place."""
        said = question.strip(" .,?!")
        if verdict := _SO_FAR.search(said):
            told = [*self._places(said[: verdict.start()])]
            return bool(told) and (verdict["far"] is not None or not any(o for *_, o in told))
        return any(
            end == len(said) and _WHERE_WE_ARE.fullmatch(said[:start])
            for start, end, _ in self._places(said)
        )

    def _places(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Where a place is named with what leads to it, and whether it lies in a state served."""
        for match in _AT.finditer(text):
            words = [*re.finditer(r"[\w'.-]+", text[match.end() :])][:_MOST_WORDS]
            for last in reversed(words):
                end = match.end() + last.end()
                name = text[match.end() : end].strip(" .")
                if states := _states(name):
                    yield match.start(), end, not states.isdisjoint(self.served)
                    break


def _states(name: str) -> frozenset[str]:
    """The states in which a place of this name lies, abroad as its country's name; none for no
    place."""
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
    """Whether an answer tells of places, by the names of two."""
    told = " ".join(p.text for p in found.passages)
    return len({name for name in (*STATES, *COUNTRIES) if name in told}) >= 2
