"""Help given without being asked: what fits what the buyer said, or who they are. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from core.commands import Command, NamesRival, Objection
from core.conversation.state import ConversationState
from core.conversation.understanding.tells.taken_back import NO_LONGER
from core.conversation.words.lexicon import Lexicon
from core.events import SignalCaptured
from core.thinking.looking import Look
from knowledge.entry import FACTS, Answer, NoAnswer, leans

_OF_THEM = re.compile(r"\b(?:we|we're|we'd|us|our|i|i'd|me|my|recommend)\b")


def unasked(
    state: ConversationState,
    learned: tuple[SignalCaptured, ...],
    commands: tuple[Command, ...],
    lexicon: Lexicon,
    look: Look,
) -> Answer | None:
    """An approved answer not yet given about what the buyer just said, to give before we ask."""
    objections = [c for c in commands if isinstance(c, Objection) and c.about]
    wanted = [(w, "") for c in objections for w in (c.about, c.span.quote)]
    rivals = [c.rival for c in commands if isinstance(c, NamesRival)]
    wanted += [(f"how do you compare to {rival}", "") for rival in rivals]
    for signal in learned:
        if (signal.criterion, signal.value) == ("tech_stack", NO_LONGER):
            wanted += [(f"do we need a {kind}", "") for kind in lexicon.tool_kinds]
        if signal.polarity == "negative" or signal.basis != "stated":
            continue
        if signal.criterion == "tech_stack":
            wanted.append((f"do you work with {signal.value}", ""))
        elif signal.criterion == "industry":
            wanted.append((f"do you work with {signal.value} companies", ""))
        elif signal.criterion == "use_case":
            ways = [f"can you help with {signal.value}", signal.quote]
            named = lexicon.names(signal.quote.lower())
            ways = ways[::-1] if named else ways
            wanted += [(way, signal.value) for way in ways]
    for question, use in wanted:
        found = _untold(look(question, alone=True), state)
        if found and not (use and found.article.implies and use not in found.article.implies):
            return found  # and not for another use: from their tools rather than into them
    return None


def fitting(
    state: ConversationState, found: Mapping[str, Answer | NoAnswer], look: Look
) -> Answer | None:
    """The answer to a turn's only question for the buyer's own industry, if they named it earlier:
    "which plan would we need" has a different answer in healthcare. None if that is the same
    article, or one on another subject."""
    industry = state.signals.value("industry")
    asked = [q for q in state.open_questions() if q.turn == state.turn]
    if not industry or len(asked) != 1:
        return None
    question, result = asked[0].text.lower(), found.get(asked[0].id)
    if not isinstance(result, Answer) or result.policy != "paraphrase":
        return None
    if industry in result.article.topics or not _OF_THEM.search(question):
        return None
    own = _untold(look(f"{question.rstrip(' ?.!')} in {industry}", alone=True), state)
    return own if own and industry in own.article.topics else None


def _untold(found: Answer | NoAnswer, state: ConversationState) -> Answer | None:
    """The answer with just its first passage, and the one that leans on, if the first may be said
    and has not been."""
    if not isinstance(found, Answer) or found.policy not in FACTS:
        return None
    if found.passages[0].citation in state.given.citations:
        return None
    return replace(found, passages=found.passages[: 1 + leans(found.passages[0])])
