"""What a caller says of their part in the company: a title with its field, or who decides."""

import re

from core.commands import ProvideSignal
from core.conversation.lexicon import Mention
from core.conversation.utterance import Utterance

HEARSAY = re.compile(
    r"\b(?:my (?:boss|manager|cto|ceo|director|vp|team lead|supervisor|lead)|our (?:ceo|cto|cfo"
    r"|board|vp|director|owner)"
    r"|(?:someone|somebody) else|not (?:me|my (?:call|decision))|i don't (?:decide"
    r"|make the decision)|management|the board"
    r"|procurement)\b(?:[^.?!]{0,30}\b(?:decides?|signs? off|approves?"
    r"|makes? the (?:final )?(?:decision|call)|has the final"
    r" say|is the one|would decide|will decide|decision))?"
)
DECIDES = re.compile(
    r"\b(?:i(?:'m| am) the (?:one who decides|decision maker|one choosing|buyer)|i (?:make"
    r"|made) the (?:final )?(?:decision|call)"
    r"s?|i decide|it's my (?:call|decision|budget)|i have the final say|i sign off"
    r"|i own the budget|my decision)\b"
)
_FIELD = (
    r"(?:(?:revenue|sales|marketing|business|data|it|customer|product|people|growth|supply"
    r"|information|security|cloud|platform|software|health|clinical|field|store|global)\s+)?"
    r"(?:operations|ops|data|analytics|engineering|marketing|sales|revenue|growth|finance|product"
    r"|technology|it|security|compliance|success|platform|integrations?|systems|procurement"
    r"|strategy|intelligence|architecture|infrastructure|applications|transformation)"
)
_TITLE = r"(?:director|head|vice president|vp|svp|manager|lead|leader|chief|president)"
TITLED = re.compile(
    rf"\b(?:{_TITLE} (?:of|for) (?:the )?{_FIELD}(?: and {_FIELD})?"
    rf"|{_FIELD} (?:director|manager|lead|leader|vp|engineer|analyst|architect|developer))\b"
)
"""A title with its field, which tells more than the title alone."""
RUNS = re.compile(
    rf"\b(?:i|who|(?<!\w )a) (?:run|lead|head|manage|oversee|look after)s? (?:up )?"
    rf"(?:our |the |all )?(?P<field>{_FIELD})\b"
    rf"|\bi(?:'m| am) (?:responsible for|in charge of|heading(?: up)?|leading|running) "
    rf"(?:our |the |all )?(?P<field2>{_FIELD})\b"
)
CUE = re.compile(
    r"\b(?:i'm|i am|as|as the|my role|i work as|i serve as|title is|this is \w+)\b[^.?!]{0,28}$"
)


def claimed(before: str) -> bool:
    """Whether a role in this place is the caller's own and not that of someone they mention."""
    return bool(CUE.search(before)) and not re.search(r"\b(?:my|our|his|her) $", before)


def titles(u: Utterance, expecting: str | None) -> list[ProvideSignal]:
    """The caller's own title with its field, or what they run."""
    for match in RUNS.finditer(u.text):
        field = match["field"] or match["field2"]
        span = u.span(match.start(), match.end())
        return [ProvideSignal(span, "role", f"head of {field}", "positive", 0.85)]
    for match in TITLED.finditer(u.text):
        if expecting == "role" or claimed(u.text[max(0, match.start() - 40) : match.start()]):
            span = u.span(match.start(), match.end())
            return [ProvideSignal(span, "role", _written(match.group()), "positive", 0.9)]
    return []


def _written(title: str) -> str:
    """A title as it is listed: "vice president of data" is a VP of data."""
    title = re.sub(r"\bvice president\b", "VP", re.sub(r"\b(?:the|for)\b ?", "", title))
    return re.sub(r"\b(?:s?vp|it)\b", lambda m: m.group().upper(), re.sub(r" {2,}", " ", title))


def own_role(u: Utterance, mentions: list[Mention]) -> bool:
    """Whether the caller names a role of their own, which tells more than that they decide."""
    return bool(titles(u, None)) or any(
        m.kind == "role" and claimed(u.text[max(0, m.start - 40) : m.start]) for m in mentions
    )


def authority(u: Utterance, expecting: str | None) -> list[ProvideSignal]:
    """Whether the caller decides. Asked about it, a bare "both" or "choosing it" says so too."""
    match = DECIDES.search(u.text)
    if match is None and expecting == "role":
        match = re.search(r"\b(?:both|choos(?:e|ing)|decid(?:e|ing)|i do|the decision)\b", u.text)
    if match:
        span = u.span(match.start(), match.end())
        return [ProvideSignal(span, "role", "decision maker", "positive", 0.9)]
    gathering = r"\b(?:gathering|collecting|researching|just using|for (?:someone|my|our))\b"
    if expecting == "role" and (match := re.search(gathering, u.text)):
        span = u.span(match.start(), match.end())
        return [ProvideSignal(span, "role", "not the decision maker", "negative", 0.7)]
    match = HEARSAY.search(u.text)
    if match and re.search(r"deci|sign|approv|final say|call\b|choos", u.text):
        span = u.span(match.start(), match.end())
        return [ProvideSignal(span, "role", "not the decision maker", "negative", 0.8)]
    return []
