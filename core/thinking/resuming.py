"""Follow-ups on what was just told: "type two?", "is that per year". Pure.

They repeat words of the last answer, or ask for a figure in it, and mean little without it.
"""

import re

from core.commands import Unclear
from core.conversation.understanding.asks.openers import opens
from core.conversation.understanding.replies.doubting import BADLY
from core.talk import UserSaid
from core.thinking.alternatives import Asked
from core.thinking.looking import About, Look
from core.thinking.statements import heard, required
from knowledge.entry import Answer, NoAnswer
from knowledge.retrieval.lookup import REPEATED
from knowledge.retrieval.sufficiency import SURE

POINTS_BACK = re.compile(r"\b(?:it|that|this|(?<!\bis )(?<!\bare )there|them|those|these|one)\b")
_CHOOSES = re.compile(r"(?:\w+,? ){0,2}(?:which|what|who|where|when)\b", re.IGNORECASE)
"""Asks for one thing among others, rather than whether what was told is so."""
_TWO_WORDS, _FEW, _BRIEF = 2, 4, 8
"""Most words of a fragment, with a question word or without, and of a question that may follow
up."""


def of_a_statement(command: Unclear, said: UserSaid, look: Look, about: About) -> Asked:
    """What words without a question's form may ask all the same, and what answers it: a word or two
    about what was just told, or a requirement."""
    brief = about.told and 1 < len(said.text.split()) <= _FEW
    if brief and command.reason != "empty" and said.confidence >= BADLY:
        found = look(said.text, told=about.told)
        if isinstance(found, Answer):
            return {said.text: found}
    return required(said.text, look) if heard(command, said) else {}


def followed_up(
    question: str, found: Answer | NoAnswer, look: Look, about: About
) -> Answer | NoAnswer:
    """What answers a question: a surer passage than that of what was just told, or that one."""
    sure = isinstance(found, Answer) and found.score >= SURE
    leans = POINTS_BACK.search(question.lower()) is not None
    brief = len(question.split()) <= (_BRIEF if leans else _FEW)
    if sure or not about.told or not brief:
        return found
    told = look(question, told=about.told)
    if not isinstance(told, Answer):
        return found
    fragment = not opens(question.lower()) or len(question.split()) <= _TWO_WORDS
    repeats = told.score >= REPEATED and (fragment or (leans and not _CHOOSES.match(question)))
    return told if repeats or isinstance(found, NoAnswer) else found
