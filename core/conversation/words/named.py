"""Tools and other listed names, as far as they are said about the buyer."""

import re
from collections.abc import Sequence
from functools import cache

from core.commands import ProvideSignal
from core.conversation.words.figures import TAKEN_BACK, certainty
from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance
from core.events import Polarity

MULTIPLE = frozenset({"tech_stack", "use_case"})
"""Criteria that may have several values at once."""
_GAP = (
    r"(?:\s+(?!(?:we|i|but|and|so|because|our|they|which|it|now|instead|for|with)\b)"
    r"[\w'-]+){0,3}\s*$"
)
NEGATION = re.compile(
    r"\b(?:not|no|don't|doesn't|didn't|isn't|aren't|never(?: used?| had| tried)?|without|haven't"
    r"|hasn't|won't|stopped using|stop using|got rid of|dropped|ditched|dumped|scrapped"
    r"|abandoned|binned|replaced|left|instead of|rather than"
    r"|used to (?:use|have|be on|run)|no longer)\b" + _GAP
)
_LEFT = re.compile(
    r"\b(?:mov(?:e|ed|ing)|migrat(?:e|ed|ing)|switch(?:ed|ing)?|transition(?:ed|ing)?|came|coming"
    r"|going|get(?:ting)?|phas(?:ed|ing))\b[^.?!,]{0,12}?\b(?:from|off|off of|away from|out)\s+$"
)
"""What they leave is not what they have, whatever follows."""
_FROM = re.compile(r"(?<!\bmoving )(?<!\bmove )(?<!\bmoved )(?<!ing over )\bfrom (?:our |the )?$")
_MIGRATES = re.compile(r"\b(?:migrat|switch|transition|c[ao]m|go|went|away|off)\w*(?: over)? $")
_INTO = re.compile(r"^\W*(?:(?:and|or) [\w ]{2,20})?(?:straight |directly |over )?(?:in)?to\b")
_CONSIDERED = re.compile(
    r"\b(?:look(?:ed|ing)? (?:at|into)|consider(?:ed|ing)?|evaluat(?:ed|ing)|tried"
    r"|compar(?:ed|e|ing)(?: (?:you|it|this|that|them|both)(?: guys)? (?:with|to|against)"
    r"(?: [\w'-]+,?(?: and| or)){0,2})?"
    r"|heard of|heard about|trialed|tested|thinking about|thought about|demoed|read about"
    r"|similar to|such as|(?:something|tools?|anything|alternatives?) like|competitor of|bought"
    r" by)\b" + _GAP
)
_SUPPOSED = re.compile(
    r"\bif (?:we|i|they|you) (?:\w+ )?(?:copied|moved|loaded|put|went|switched|migrated|were|had"
    r"|got|used"
    r"|bought|built)\b[^.?!]*$"
)
_YOURS = re.compile(r"\byou(?:'re| are)\b(?!.*\b(?:we|our|i|us|my)\b)[^.?!,]*$")
_LIST = re.compile(r"^\s*(?:,|and|or|nor|,? and|,? or)\s*$")
_NONE_YET = re.compile(
    r"\b(?:(?:don't|do not|doesn't) (?:really |actually )?have (?:one|any|anything)"
    r"(?: yet| at all)?|none(?: yet| at all)?|nothing(?: yet| like that)?(?! (?:else|more|further))"
    r"|(?:just|only|all)(?: (?:in|on|an?|our|my|some|one|two|google|big))*"
    r" (?:spread ?sheets?|excel|csvs?)|haven't got (?:one|any)|not yet)\b"
)
"""In answer to which tools they have."""


@cache
def _without(kinds: frozenset[str]) -> re.Pattern[str]:
    """Says, unasked as well, that they have no tool of some kind: "no data warehouse"."""
    none = r"(?:don't|do not|doesn't) (?:really |actually )?have an?|no|without (?:an?|any)"
    which = r"(?:(?!(?:the|our|my|your|their|this|that)\b)\w+ )?"
    return re.compile(rf"\b(?:{none}) {which}(?:{'|'.join(map(re.escape, sorted(kinds)))})\b")


def _carried(text: str, m: Mention) -> bool:
    """Whether something is moved from one tool to another: "get orders from X into Y"."""
    begins = _FROM.search(text[: m.start])
    if begins is None or m.kind != "tool" or not _INTO.match(text[m.end :]):
        return False
    return not _MIGRATES.search(text[: begins.start()])


_ARROW = re.compile(r"\s*(?:to|into|in|->|=>|→|>|2|and then to)\s*")
_AROUND = re.compile(r"(?:(?:and|so|ok|okay|hi|hey|hello|what about|how about|from|say)[ ,]+)*")


def carried_between(u: Utterance, mentions: Sequence[Mention]) -> bool:
    """Whether a turn is only one tool and another as its target: "hubspot to bigquery"."""
    tools = list({m.start: m for m in mentions if m.kind == "tool"}.values())
    if len(tools) != 2 or tools[0].name == tools[1].name:
        return False
    one, other = tools
    return bool(
        _AROUND.fullmatch(u.text[: one.start])
        and _ARROW.fullmatch(u.text[one.end : other.start])
        and not u.text[other.end :].strip(" ?.!")
    )


def _no_tool(text: str, expecting: str | None, kinds: frozenset[str]) -> re.Match[str] | None:
    """Where they say that they have no such tool."""
    none = _without(kinds).search(text) if kinds else None
    return none or (_NONE_YET.search(text) if expecting == "tech_stack" else None)


def named(
    u: Utterance,
    mentions: Sequence[Mention],
    names: set[str],
    asked: list[tuple[int, int]],
    expecting: str | None,
    kinds: frozenset[str],
) -> list[ProvideSignal]:
    """Signals for names in the turn; those inside a question are implied. `kinds`: the kinds of
    tools that the company asks about."""
    found: dict[tuple[str, str], ProvideSignal] = {}
    last: tuple[int, bool | None] = (-1, True)
    before: Mention | None = None
    for m in mentions:
        criterion = "tech_stack" if m.kind == "tool" or _in_use(u.text, m, asked) else m.kind
        if criterion not in names or (m.kind == "tool" and not _meant(u, m)):
            continue
        listed = last[0] >= 0 and _LIST.match(u.text[last[0] : m.start]) is not None
        listed = listed and not _instead(u.text, last[0], m.start)
        told = _carried(u.text, m) or _cannot_see(u.text, m) or _has(u.text, m.start)
        has = last[1] if listed else told
        last = m.end, has
        if has is None:
            continue
        signal = _signal(u, m, criterion, has, asked)
        key = (criterion, m.name)
        if key in found and found[key].polarity == "negative":
            if has and _SORRY.search(u.text[: m.start]):
                found[key] = signal  # "no salesforce. sorry. salesforce"
            continue  # "it's not databricks, that's the other division"
        if signal.polarity == "negative" and _CORRECTING.search(u.text[: m.start]):
            found.pop(key, None)  # "snowflake. sorry, not snowflake"
        taken_back = before is not None and _REPLACED.search(u.text[before.end : m.start])
        if before is not None and taken_back and before.kind == m.kind == "tool" and has:
            old = found.get((criterion, before.name))
            if old is not None and old.polarity == "positive":
                del found[(criterion, before.name)]  # "redshift. oh wait, it's snowflake now"
        before = m
        found.setdefault(key, signal)
    return [*_single(list(found.values())), *_none(u, mentions, expecting, kinds, bool(found))]


def _none(
    u: Utterance,
    mentions: Sequence[Mention],
    expecting: str | None,
    kinds: frozenset[str],
    others: bool,
) -> list[ProvideSignal]:
    """That they have no tool of a kind; with `others` named, only if they say so plainly: "no
    warehouse, just Shopify"."""
    none = _no_tool(u.text, expecting, kinds)
    if none is None or any(none.start() <= m.start < none.end() for m in mentions):
        return []
    if others and not _without(kinds).fullmatch(none.group()):
        return []
    return [ProvideSignal(u.span(*none.span()), "tech_stack", "none", "negative", 0.85)]


_REPLACED = re.compile(
    rf"\b(?:{TAKEN_BACK}|oh wait|no wait|wait no|oh no|i misspoke"
    r"|sorry,? (?:it's|i)"
    r"|sorry,? we(?:'re)? (?:moved|switched|on)|actually (?:no|it's|we moved|we switched))\b"
    r"(?![^.?!]*\b(?:also|too|as well|and)\b)[^?!]{0,48}$"
)
"""Between two names: the second replaces the first."""
_SORRY = re.compile(r"\b(?:sorry|i mean|wait)\b[,.!? ]*$")
_CORRECTING = re.compile(
    rf"\b(?:{TAKEN_BACK}|sorry|no|wait|actually|rather)\b"
    r"[^.?!]{0,16}\bnot $"
)


def _instead(text: str, end: int, start: int) -> bool:
    """Whether a name only replaces one that is wrong: "not snowflake, bigquery"."""
    before = re.split(r"[.?!;,]", text[:end])[-1]
    return (
        text[end:start].strip() == "," and re.match(r"\s*(?:it's |but )?not \w", before) is not None
    )


_PLAIN_NAMES = frozenset(
    "outreach segment stitch census slack stripe front drift gong notion monday box square fabric"
    " dynamics synapse excel stream looker intercom close copper sage branch heap mode domo chorus"
    " clay crew amplitude".split()
) | {"one login"}
"""Product names that are also plain English words."""
_TOOL_BEFORE = re.compile(
    r"(?:\b(?:in|into|to|from|use|using|on|with|and|have|via|through|or|run|running|has|our|like"
    r"|over|sync|syncing|connect|integrate)"
    r"|,)\s+$"
)


def _meant(u: Utterance, m: Mention) -> bool:
    """Whether a plain word is meant as a name: by its capital, else by the words before it."""
    if u.text[m.start : m.end].removesuffix("s") not in _PLAIN_NAMES:
        return True
    said = u.said.text
    if said != said.lower():
        return said[m.start].isupper()
    return bool(_TOOL_BEFORE.search(u.text[: m.start])) or len(u.tokens) <= 2


def _has(text: str, start: int) -> bool | None:
    """True: said about the buyer; False: denied; None: abandoned or only being evaluated."""
    before = re.split(r"[.?!;]", text[max(0, start - 48) : start])[-1]
    if any(p.search(before) for p in (_SUPPOSED, _LEFT, _CONSIDERED, _YOURS)):
        return None
    return not NEGATION.search(before)


def _cannot_see(text: str, m: Mention) -> bool:
    """Whether their people lack a use, and so need it: "our reps never see product usage"."""
    before = text[max(0, m.start - 48) : m.start]
    return m.kind == "use_case" and _CANNOT_SEE.search(before) is not None


_CANNOT_SEE = re.compile(
    r"\b(?:our|my|the) [\w-]+ (?:never|can't|cannot|don't|doesn't|can not|do not|couldn't)"
    r" (?:\w+ )?(?:see|know|find|look at|access|get to see)(?: (?:any|the|our|their))?\s+$"
)


def _in_use(text: str, m: Mention, asked: Sequence[tuple[int, int]]) -> bool:
    """Whether a competitor is what they use today: "currently on X, looking to replace it"."""
    if any(a <= m.start and m.end <= b for a, b in asked):
        return False
    return m.kind == "competitor" and m.exact and _USED.search(text[: m.start]) is not None


_USED = re.compile(
    r"\b(?:(?:we|i)(?:'re| are|'ve been| have been)?(?: (?:currently|already|still|now|also|just))*"
    r" (?:use|using|run|running|on|pay for|paying for|subscribed to)"
    r"|(?:currently|already|presently|still) (?:on|use|using|with|have|run|running)"
    r"|(?:our|the) (?:current|existing|present) \w+ is|replacing"
    r"|(?:our|my|the) (?:\w+ )?(?:contract|subscription|agreement|deal|plan) with"
    r"|(?:looking|want|have|need|plan\w*|going) to replace)(?: (?:an?|the|our|both|mostly))?\s+$"
)


def _signal(
    u: Utterance, m: Mention, criterion: str, has: bool, asked: list[tuple[int, int]]
) -> ProvideSignal:
    before = u.text[max(0, m.start - 40) : m.start]
    inside = any(a <= m.start and m.end <= b for a, b in asked)
    ours = bool(re.search(r"\b(?:our|my|we|we're|i)\b", before))
    base = (0.85 if ours else 0.6) if inside else 0.9
    sure = certainty(u, m.start, m.end, base if m.exact else base - 0.15)
    polarity: Polarity = "positive" if has or inside else "negative"
    span = u.span(m.start, m.end)
    return ProvideSignal(span, criterion, m.name, polarity, sure, inside and not ours)


def _single(found: list[ProvideSignal]) -> list[ProvideSignal]:
    """One value per turn, the longest name, for single-valued criteria."""
    kept: dict[str, ProvideSignal] = {}
    several = []
    for signal in found:
        if signal.criterion in MULTIPLE:
            several.append(signal)
        elif signal.criterion not in kept or len(signal.value) > len(kept[signal.criterion].value):
            kept[signal.criterion] = signal
    return [*kept.values(), *several]
