"""Approved passages as spoken sentences: which, how many, and with a "yes" only after a question
that a yes answers. Pure."""

import re
from collections.abc import Iterable

from core.conversation.wording.pieces import Piece, upper_first
from core.plan import Give
from knowledge.entry import Passage, leans
from knowledge.sentences import sentences


def worded(passage: Passage, written: bool) -> str:
    """A passage as written, or in its spoken form."""
    return passage.text if written else passage.spoken


def given(point: Give, most: int, written: bool) -> list[Piece]:
    """The passages' sentences; unasked help does not begin with a yes."""
    made: list[Piece] = []
    most = max(most, len({p.article_id for p in point.passages}), len(point.questions))
    passages = _chosen(point, most)
    if leans(point.passages[0]):  # and what it leans on
        before = passages[: passages.index(point.passages[0])]
        most = max(most, 1 + sum(len(sentences(worded(p, written))) for p in before))
    for passage in passages:
        whole = worded(passage, written)
        if point.verbatim:
            made += _word_for_word(point, passage, whole, first=not made)
            if len(made) >= most:
                break
            continue
        asked = point.question.lower()
        yes = point.questions and point.affirms and _answers_yes(asked)
        if not yes or _denied(asked, whole.lower()) or _relieved(asked, whole.lower()):
            whole = upper_first(WITHOUT_YES.sub("", whole))
        elif made:
            whole = upper_first(re.sub(r"^Yes, ", "", whole))  # it was said
        for text in sentences(whole):
            if len(made) < most:
                answers = () if made else point.questions
                made.append(Piece(text, point, (passage.citation,), answers))
    return made


WITHOUT_YES = re.compile(r"^(?:Yes|No), ")


def _word_for_word(point: Give, passage: Passage, whole: str, *, first: bool) -> list[Piece]:
    """Every sentence of a passage, uncut and unchanged."""
    answers = point.questions if first else ()
    texts = sentences(whole)
    return [
        Piece(text, point, (passage.citation,), answers if n == 0 else ())
        for n, text in enumerate(texts)
    ]


def _answers_yes(question: str) -> bool:
    """Whether a yes or no answers the question: it opens with a verb and not with a "how"."""
    if re.search(r"\bquestions? (?:about|on)\b", question):
        return False
    yes, open_ = YES_NO.search(question), _OPEN.search(question)
    return yes is not None and (open_ is None or yes.start() < open_.start())


def _denied(question: str, told: str) -> bool:
    """Whether a passage denies what is asked, although it affirms something else: "do I need a
    card" where "yes, there is a trial, and it doesn't need one"."""
    return any(
        re.search(rf"n't (?:\w+ )?{stem}|\bno (?:\w+ )?{stem}", told)
        for stem in _ASKED_VERB.findall(question)
    )


_ASKED_VERB = re.compile(
    r"\b(?:do|does|did|will|would|can|could|must|should|have) (?:i|we|you|it|they|that|this)"
    r"(?: (?:have|also|really|still|always|ever|even))*(?: to)? (\w{4,}?)(?:s|es|ed|ing)?\b"
)
"""The verb of a yes-or-no question, without its ending."""


def _relieved(question: str, told: str) -> bool:
    """Whether a yes would confirm a burden of theirs of which the passage does not speak: "do I
    have to rebuild it by hand" where "yes, our engineers import it"."""
    return (
        told.startswith("yes")
        and _BURDEN.search(question) is not None
        and _NEEDED.search(told) is None
    )


_BURDEN = re.compile(
    r"\b(?:do|does|did|will|would|must|am|are) (?:i|we|they|my \w+|our \w+)"
    r"(?: (?:still|then|really|also|always))* (?:need(?: to)?|have to|require|lose|\w+ing)\b"
    r"|\b(?:is|are|was|will) (?:it|this|that|the \w+)(?: be)?(?: (?:very|really|so|too))*"
    r" (?:hard|difficult|painful|complicated|risky|a (?:lot of work|pain|hassle|headache))\b"
)
_NEEDED = re.compile(r"\b(?:need|needs|require[sd]?|must|have to|has to|necessary|mandatory)\b")


def _chosen(point: Give, most: int) -> list[Passage]:
    """A yes-or-no question needs only the best passage of an article; others come in order: none
    that opens with the yes to another question, and never first one that refers back ("That's …").
    """
    best = point.passages[0]
    alone = not leans(best)
    direct = alone and re.match(r"(?:Yes|No)\b", best.spoken)
    if direct or (alone and most == 1):
        return [best, *(p for p in point.passages[1:] if p.article_id != best.article_id)]
    kept = (p for p in point.passages if not alone or p is best or not WITHOUT_YES.match(p.spoken))
    return in_order(kept)


def in_order(passages: Iterable[Passage]) -> list[Passage]:
    """Passages as their articles have them, the article of the first one first."""
    told = [*passages]
    first = [p.article_id for p in told]
    return sorted(told, key=lambda p: (first.index(p.article_id), p.number))


YES_NO = re.compile(
    r"\b(?:do|does|did|is|are|was|can|could|will|would|have|has|if|whether|what about|how about"
    r"|and|don't|doesn't|can't)\b(?! (?:you|someone|somebody) (?:tell|explain|give|describe|send))"
)
"""Openings of a question that a yes or no answers."""
_OPEN = re.compile(
    r"\b(?:(?:what|how)\b(?! about)|which|where|when|who|why|tell me|explain|questions?\b)"
)
