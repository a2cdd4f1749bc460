"""A figure of ours that callers repeat, to make sure or in dismay: "three ninety?". Pure."""

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
    """The figure, if it opens a turn and is questioned or found too high; at most one."""
    heard = " ".join(state.history.reply).lower()
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
