"""`Reading`: one way to read a question, with the parts common to all passages computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.retrieval.answer_type import Asked, asked_for
from knowledge.retrieval.words import Term

_WH = frozenset("what which who whose where when why how".split())
_AUX = frozenset(
    "do does did is are was were can could will would have has should may might".split()
)
_WHO = frozenset(
    "you your it we i they there the that this these those our my a an any anyone someone".split()
)
_DETERMINERS = frozenset("a an the your our my its their any some".split())
_RAMBLING = 13
"""From this many words on, a single topic word is more likely misheard than meant."""


@dataclass(frozen=True)
class Reading:
    """A wording and its terms, possibly extended by context."""

    wording: str
    terms: Sequence[Term]
    after: str = ""
    """The question it continues: "and for frozen?" asks what that one did."""
    leans: bool = False
    """Whether it only asks for a verdict on something else: "is that a problem"."""

    @cached_property
    def asked(self) -> Asked:
        """The kind of fact asked for."""
        own = asked_for(self.wording)
        return asked_for(self.after) if own == "any" and self.after else own

    @cached_property
    def content(self) -> list[Term]:
        """The terms with a topic."""
        return [t for t in self.terms if t.weight in ("light", "content")]

    @cached_property
    def focus(self) -> list[Term]:
        """The subject of a question: the words right after its last question word."""
        opens = [
            n
            for n, (term, after) in enumerate(zip(self.terms, [*self.terms[1:], None], strict=True))
            if term.said in _WH or (term.said in _AUX and after and after.said in _WHO)
        ]
        run: list[Term] = []
        for term in self.terms[opens[-1] if opens else 0 :]:
            if term.weight in ("light", "content"):
                run.append(term)
            elif run and term.said not in _DETERMINERS:
                break
        return run

    @cached_property
    def rambles(self) -> bool:
        """Whether it says much with next to no topic."""
        spoken = [t for t in self.terms if t.said not in ("um", "uh")]
        named = any(t.name for t in self.content)
        return len(spoken) >= _RAMBLING and len(self.content) <= 1 and not named
