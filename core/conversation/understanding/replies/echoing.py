"""What callers repeat of our answer, to make sure or in dismay: "three ninety?", "so no". Pure."""

import re

from core.commands import Smalltalk
from core.conversation.state import ConversationState
from core.conversation.understanding.tells.objections import TOO_DEAR
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.numbers import numbers
from core.conversation.words.utterance import Utterance

_LEAD = re.compile(
    r"(?:(?:so|wow|whoa|oh|um|uh|sorry|wait|what|and|hm+|really|gosh|okay|ok|it's|that's"
    r"|did you say"
    r"|you said)\b[,.!? ]*)*(?:[$€£]\s?)?"
)
_OF_IT = frozenset("a an per each every month year monthly yearly annually dollars bucks".split())
"""Words next to a figure that add nothing to it."""


def echoed(u: Utterance, state: ConversationState) -> list[Placed]:
    """The figure, if it opens a turn and is questioned or found too high, or a turn that only draws
    the yes or no from our answer; at most one."""
    heard = " ".join(state.history.reply).lower()
    if _concludes(u.text, heard, state):
        return [(Smalltalk(u.whole(), "echo"), 0, len(u.text))]
    figure = next(iter(numbers(u.text)), None)
    if figure is None or not _LEAD.fullmatch(u.text[: figure.start]):
        return []
    if figure.low not in {n.low for n in numbers(heard)}:
        return []
    clause = re.match(r"[^?.!,;]*", u.text[figure.end :])
    end = figure.end + (clause.end() if clause else 0)
    dear = TOO_DEAR.search(u.text, figure.end)
    if dear and dear.start() < end:
        end = figure.end
    ours = {*re.findall(r"[\w']+", heard), *_OF_IT}
    same = {*re.findall(r"[\w']+", u.text[figure.end : end])} <= ours
    if not same or not (dear or u.text.startswith("?", end)):
        return []
    return [(Smalltalk(u.span(figure.start, end), "echo"), 0, end)]


def _concludes(text: str, heard: str, state: ConversationState) -> bool:
    """Whether words only sum up the answer we just gave, rightly, with nothing on offer."""
    match = _SUMS_UP.fullmatch(text.strip(" .?!"))
    told = state.given.turn == state.turn > 0
    if match is None or not told or state.awaited.offer not in (None, "more", "permission"):
        return False
    return (match["no"] is not None) == (_NEGATIVE.search(heard) is not None)


_SUMS_UP = re.compile(
    r"(?:so|then|ok so|okay so)[, ]+(?:that's |it's |that is |it is )?(?:a )?"
    r"(?:(?P<no>no)|yes|yeah)(?: then)?"
)
_NEGATIVE = re.compile(r"\b(?:no|not|don't|doesn't|can't|cannot|isn't|aren't|won't|never)\b")
