"""Ways to word a question: as said, without its introduction, and about what was said before it.

"Our flour's organic. Is that going to be a headache for you?" asks about organic goods: its last
sentence only asks for a verdict. Only words that articles have turn what was said into a lookup; a
caller's account of themselves is full of others.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge.retrieval.circumstance import ENDS, subject_of
from knowledge.retrieval.english import VERDICTS
from knowledge.retrieval.follow_up import points_back
from knowledge.retrieval.index import Index
from knowledge.retrieval.reading import Reading
from knowledge.retrieval.tokens import SENTENCE, stem
from knowledge.retrieval.words import Term, Terms

_OPENING = re.compile(
    r"\b(wondering|want(ed)? to (know|ask|understand)|like to (know|ask|understand)|tell me|curious"
    r"|(my|one|a|another|quick) question( is)?|asking|find out|see|know|check)\b"
    r"( if| whether| about| is)*",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"\b(we|we're|we've|our|i|i'm|i've|my|us)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"\b(is|does|do|can|could|will|would|are) (it|that|this|you|they|there)\b", re.IGNORECASE
)
_FRESH = re.compile(r"\b(how (much|many|long|often)|what (is|are|does))\b", re.IGNORECASE)
"""A question that starts over after words that may have been misheard or abandoned."""
_FALSE_START = 8
_AFTERTHOUGHT = re.compile(
    r"(?<=\w)(?:, (?:(?:because|cause|since|as) )?| (?:because|cause|since|as) )"
    r"(?:we|i|we're|we've|i'm|i've|our|my)\b"
    r"(?! (?:mean|guess|suppose|think|assume|wonder|e?-?mail|address|number|phone|cell)\b)"
    r"[^,?.!]*[?.! ]*$",
    re.IGNORECASE,
)
"""A statement about the asker after the question: "…, we don't have an engineer"."""
_VERDICTS = frozenset(map(stem, VERDICTS))
_LEAST_TOLD = 2
"""Fewest words before a verdict question that can be its subject."""
_LONGEST_VERDICT = 12
_VERDICT = re.compile(
    r"(?:^|(?<=[\s,.;!?]))(?:so |and |but |or )?(?P<tail>(?:"
    r"(?:is|does|do|can|could|will|would|are|should)"
    r" (?:it|that|this|you|your|they|there|we|i|he|she|those|these)\b"
    r"|(?:it|that|this) (?:is|can|you can)\b|you can\b"
    r"|(?:how|who|what)(?:'s| is| are| do| does| would| will| can)?"
    r" (?:it|that|this|you|we|they|then|takes?|gets?)\b"
    r"|any |feasible|doable|possible|can or not|is he|ok(?:ay)?\b"
    r"|(?:you|right|correct|true)(?= *[.?!]* *$))[^.?!]*)[.?! ]*$",
    re.IGNORECASE,
)
"""May only ask for a verdict on what was said."""

_TELLS = re.compile(
    r"\b(?:i|we|he|she|it|they|you|this|that|there|my|our|his|her|their|us|me|who|is|are|was|were|am"
    r"|has|have|had|do|does|did|can|could|will|would|must|should|need|needs|want|wants|keep|keeps)\b"
    r"|'(?:s|re|ve|m|ll|d)\b|n't\b",
    re.IGNORECASE,
)
"""Words of a sentence that states something."""
_YES_OR_NO = re.compile(
    r"(?:\W|\b(?:and|so|but|or|well|um|uh|okay|ok|then)\b)*(?:is|are|do|does|did|can|could|will"
    r"|would|have|has|should)\b",
    re.IGNORECASE,
)
_WHICH_OF_THEM = re.compile(
    r"(?:\W|\b(?:and|so|but|or|well|um|uh|okay|ok|then)\b)*which (?:one|of (?:them|those|these))\b",
    re.IGNORECASE,
)
_WONDERS = re.compile(r"\b(?:if|whether|how|what|which|that|because|know|see)$", re.IGNORECASE)
"""Before a question worded like a verdict but not one: "to see if this is something for us"."""
_ASKS_OF = re.compile(
    r"(?:\W|\b(?:and|so|but|or|well|um|uh|okay|ok|then)\b)*(?:what|which|how)\b"
    r"(?! (?:we|i|they)\b)",
    re.IGNORECASE,
)


def of_what_was_told(question: str, index: Index, split: Terms) -> Iterator[Reading]:
    """The question about what was said before it, if it only asks for a verdict on that."""
    for match in _VERDICT.finditer(question):
        lead, tail = question[: match.start()].strip(ENDS), match["tail"]
        said = split(tail)
        if len(tail.split()) > _LONGEST_VERDICT or not all(map(judges, said)):
            continue
        sentences = [s for s in SENTENCE.split(lead) if len(s.split()) >= _LEAST_TOLD]
        if not sentences or _ASKS_OF.match(sentences[-1]) or not _TELLS.search(sentences[-1]):
            return  # "and payment in rupees, is that possible" asks, it states nothing
        if _WONDERS.search(lead):
            return
        asks = [t for t in said if t.weight == "question"]
        before: list[Term] = []
        for told in dict.fromkeys((*sentences[-1:], " ".join(sentences[-2:]))):
            terms = [t for t in split(told) if _tells(t, index)]
            if terms and terms != before:
                yield Reading(tail, [*terms, *asks])
            before = terms
        return


def leaves_to_told(wording: str) -> bool:
    """Whether a question only wants a verdict on something said before: "is that a problem", "which
    one's better"."""
    verdict = _YES_OR_NO.match(wording) or _WHICH_OF_THEM.match(wording)
    return verdict is not None and points_back(wording)


def judges(term: Term) -> bool:
    """Whether a word of a question carries no subject."""
    return term.weight != "content" or stem(term.said) in _VERDICTS


def _tells(term: Term, index: Index) -> bool:
    return term.name is not None or (term.weight == "content" and index.knows(term))


def _wordings(question: str) -> Iterator[tuple[str, str]]:
    """The question as said, then without its introduction; with that, for the names in it."""
    yield question, ""
    sentences = [s for s in SENTENCE.split(question.strip()) if s]
    if len(sentences) > 1:
        yield from ((s, "") for s in reversed(sentences) if s.endswith("?"))
    for match in _OPENING.finditer(question):
        rest = question[match.end() :].strip()
        if len(rest.split()) >= 3 and match.start() > 0:
            yield rest, ""
    for match in _FRESH.finditer(question):
        if 3 <= len(question[: match.start()].split()) <= _FALSE_START:
            yield question[match.start() :], ""
    for match in _TAIL.finditer(question):
        lead = question[: match.start()]
        if _STATEMENT.search(lead):
            yield question[match.start() :], lead
    if after := _AFTERTHOUGHT.search(question):
        yield question[: after.start()], after.group()


def put(
    question: str, index: Index, split: Terms
) -> Iterator[tuple[str, str, Sequence[Term], bool]]:
    """Each wording of a question, with its introduction, and its terms without what describes the
    asker, if that is shorter: what an answer must cover. Then those wordings without it."""
    put = [*_wordings(question)]

    def limits(text: str) -> bool:
        return index.limits(split(text))

    def tells(text: str) -> bool:
        return index.tells_of(split(text))

    less = {wording: subject_of(wording, limits, tells) for wording, _ in put}
    for wording, lead in put:
        bare = less[wording] != wording.strip(ENDS)
        yield wording, lead, split(less[wording]) if bare else (), False
    for wording, lead in put:
        if less[wording] != wording.strip(ENDS):
            yield less[wording], lead, (), True
