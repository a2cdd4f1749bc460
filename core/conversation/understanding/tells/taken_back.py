"""Callers who were misclassified say so: "no, it's for my shop". Pure."""

import re

from core.commands import CorrectSignal
from core.conversation.state import ConversationState
from core.conversation.understanding.meant import of_a_project
from core.conversation.understanding.tells.stated import Placed, in_passing, kind_of
from core.conversation.words.plain import Plain
from core.conversation.words.utterance import Utterance
from knowledge.profile import Company

NO_LONGER = "none"
"""Replaces a disqualifier that was retracted."""
_WORDS = {
    "private": r"houses?|homes?|homeowners?|residential|private|personal|condo|apartment|hobby",
    "job_seeker": r"jobs?|work|hired|hiring|apply|applying|position|career|employment",
    "vendor": r"sell|selling|sales|pitch|pitching|offer|offering|vendor|supplier|salesm[ae]n",
    "support": r"customers?|yours|you (?:built|installed|put|made|sold|did)",
    "competitor": r"competitor|competition|rival|compete|with them|for them|RIVAL",
    "student": r"student|school|thesis|homework|class|study|studying",
}
_NOT = r"(?:not|never|no|neither|none)\b(?: \w+){0,5}? (?:an? |any |my |our |your |of )?"
_MISHEARD = re.compile(
    r"\b(?:you (?:have )?(?:got|get|took|take|misunderst\w+|misheard)(?: me)?(?: that| it)? wrong"
    r"|you (?:have )?(?:misunderst\w+|misheard)|that is not what i (?:said|meant|asked)"
    r"|not what i (?:said|meant|asked)|wrong end of the stick)\b"
)
_NOT_YOU = re.compile(
    r"\b(?:not you|you (?:did not|never|have not)(?: \w+)? (?:build|built|install\w*|put|sell|sold"
    r"|make|made|do|done|suppl\w+))\b"
)
_MEANS = re.compile(
    r"\b(?:no|not|sorry|i mean|i meant|i am talking|talking about|it is|it would|this is|we are"
    r"|i am)\b"
)


def taken_back(
    u: Utterance, text: Plain, state: ConversationState, company: Company
) -> list[Placed]:
    """Retracts a disqualifier, if they had one and say that it is wrong."""
    said = [s.value for s in state.signals.active if s.criterion == "disqualifier"]
    item = next((d for d in company.disqualifiers if d.id in said), None)
    if item is None or state.judged.disqualified != item.id:
        return []
    words = _WORDS.get(kind_of(item) or "", re.escape(item.label.lower()))
    ways = [re.compile(rf"\b{_NOT}(?:{words})\b"), _MISHEARD]
    ways += [_NOT_YOU] if item.kind == "support" else []
    denied = any(way.search(text.text) for way in ways)
    business = kind_of(item) == "private" and in_passing(text) and _MEANS.search(text.text)
    project = kind_of(item) == "job_seeker" and of_a_project(text)
    if not (denied or business or project):
        return []
    return [(CorrectSignal(u.whole(), "disqualifier", NO_LONGER), 0, 0)]
