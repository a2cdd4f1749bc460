"""Whether somebody asks for our hours, our number or our time: "are you open". Pure."""

import re
from collections.abc import Sequence

from core.commands import AskArranged, Matter
from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.utterance import Utterance
from knowledge.profile import Company

_YOU = (
    r"(?:you|your (?:office|team|sales team|sales|people|lines?)|the (?:office|team|sales team"
    r"|lines?)"
    r"|anyone|anybody|someone|somebody|a (?:real )?(?:person|human))(?: guys| people| all)?"
)
_ASKS = re.compile(
    r"\b(?:what(?:'s| is| are| about)|tell me|how about) (?:your|the) (?:(?!support\b)\w+ )?"
    r"(?:hours|opening times)\b"
    r"|\b(?:sales|office|opening|business|working|phone) hours\b"
    r"|\b(?:when|what (?:time|days|hours)|(?:un)?till? when|how (?:late|early|long))"
    rf" (?:are|do|does|is|will) {_YOU}(?: be)? (?:open|close[ds]?|shut|there|in(?: the office)?"
    rf"|work)\b"
    rf"|\bwhen can (?:i|we) (?:reach|get(?: hold of)?|catch) (?:sales|{_YOU})\b"
    r"|\bwhen can (?:i|we) (?:call|phone|ring|come (?:by|in|over))(?: you| in)?(?= ?(?:$|[.,?!]))"
    r"|\b(?:are|will) (?:you(?: guys)?|your office|the office)(?: be)? (?:open|closed)\b"
    r"(?! (?:source|an?|the|your|another|new|more|up|any|to)\b)"
    r"|\bdo you(?: guys)? (?:open|close|work) (?:on |at |over )?(?:the )?(?:weekends?|\w+days?"
    r"|tomorrow"
    r"|holidays)\b"
)


_ANOTHER_DAY = re.compile(
    r"(?:(?:and|or|but|okay|ok|what about|how about|on|at|over|the)[, ]+)*(?:weekends?|holidays"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|tomorrow|today)[ ?.!]*"
)
"""Continues from hours just asked about: "what about saturday"."""


_OUR_NUMBER = re.compile(
    r"\bwhat(?:'s| is|s)(?: also)? (?:your|the (?:company|office|main|sales))"
    r"(?: (?:company|office|main|direct|sales|phone|telephone))+ number\b(?! of\b)"
    r"|\b(?:do you have|is there|can (?:i|we) (?:have|get)) an? (?:phone|telephone) number"
    r"(?=\W*$|[.,?!]| (?:for (?:you|your|the (?:office|company)|(?:me|us) to)|i|we|where|that"
    r"|please|there|to (?:call|reach|ring|dial))\b)"
    r"|\b(?:which|what) number (?:do|can|should|would) (?:i|we) (?:call|ring|dial)\b"
    r"(?! you back| for| if)"
)
_OUR_CLOCK = re.compile(
    r"\bwhat time is it(?: right now| now)? (?:there|over there|for you|where you are"
    r"|(?:at|on) your (?:end|side|place))\b"
    r"|\b(?:what|which) time ?zone are you(?: guys| folks| all)?(?: in)?\b"
)


def of_ourselves(
    requests: Sequence[Placed], u: Utterance, state: ConversationState, company: Company
) -> list[Placed]:
    """The requests with questions for our hours, our number or our time, which the company's
    profile answers."""
    made = _with(requests, u, "hours", _hours_asked(u, state, company))
    if company.numbers:
        made = _with(made, u, "our_number", [*_OUR_NUMBER.finditer(u.text)])
    return _with(made, u, "our_time", [*_OUR_CLOCK.finditer(u.text)])


def _hours_asked(u: Utterance, state: ConversationState, company: Company) -> list[re.Match[str]]:
    """Where our hours are asked for, if the company states them."""
    said = [line.lower() for line in reversed(state.history.by("caller"))]
    asked = next((line for line in said if not _ANOTHER_DAY.fullmatch(line)), "")
    goes_on = _ASKS.search(asked) and not state.times.slots
    pattern = _ANOTHER_DAY if goes_on and _ANOTHER_DAY.fullmatch(u.text) else _ASKS
    return [*pattern.finditer(u.text)] if any(company.hours.week.values()) else []


def _with(
    requests: Sequence[Placed], u: Utterance, about: Matter, every: Sequence[re.Match[str]]
) -> list[Placed]:
    """The requests with a question of ours, instead of those within it."""
    if not every or any(isinstance(c, AskArranged) for c, _, _ in requests):
        return [*requests]
    start, last = every[0].start(), every[-1].end()
    end = last + len(_REST.findall(u.text[last:])[0])
    others = [r for r in requests if r[2] <= start or end <= r[1]]
    return [*others, (AskArranged(u.span(start, end), about), start, end)]


_REST = re.compile(r"^[^.?!;]*")
