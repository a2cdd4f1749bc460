"""Whether somebody asks when we are there: "what are your sales hours", "are you open". Pure."""

import re
from collections.abc import Sequence

from core.commands import AskArranged
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
    r"|\b(?:are|will) (?:you(?: guys)?|your office|the office)(?: be)? (?:open|closed)\b(?! source)"
    r"|\bdo you(?: guys)? (?:open|close|work) (?:on |at |over )?(?:the )?(?:weekends?|\w+days?"
    r"|tomorrow"
    r"|holidays)\b"
)


def with_hours(requests: Sequence[Placed], u: Utterance, company: Company) -> list[Placed]:
    """The requests with that question, where the company states hours; nobody is fetched for it."""
    found = _ASKS.search(u.text) if any(company.hours.week.values()) else None
    if found is None or any(isinstance(c, AskArranged) for c, _, _ in requests):
        return [*requests]
    start, end = found.start(), found.end() + len(_REST.findall(u.text[found.end() :])[0])
    others = [r for r in requests if r[2] <= start or end <= r[1]]
    return [*others, (AskArranged(u.span(start, end), "hours"), start, end)]


_REST = re.compile(r"^[^.?!;]*")
