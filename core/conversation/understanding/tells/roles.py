"""The caller's role in the company: their own title, or who decides."""

import re
from collections.abc import Callable, Sequence

from core.commands import ProvideSignal
from core.conversation.understanding.tells.titles import (
    FUNCTION,
    TITLE,
    field_of,
    spelled_out,
    turned,
    without_level,
    written,
)
from core.conversation.words.figures import certainty
from core.conversation.words.others import of_others
from core.conversation.words.utterance import Found, Utterance
from core.events import Polarity
from knowledge.leading import LEAD

DECIDES = "decision maker"
DECIDES_NOT = "not the decision maker"
Listed = Callable[[str], str | None]
"""The company's form of a title, if it lists it."""

_CUE = re.compile(
    r"\b(?:i'm|i am|i was made|as|being|i work as|i serve as|i act as|(?:my|the) (?:role"
    r"|job title|title|job"
    r"|position)(?: here| there)?(?: is|'s)|title is|speaking as|i'm (?:both|currently)|this is"
    r"|my name is|my name's|name's)"
    r"(?: (?!(?:my|your|his|her|for|to|with|looking|need|want|hiring|talking|not|no|using|trying"
    r"|calling|asking|about|under|reporting|helping|behalf|by|where|when|what|from|without)\b)"
    r"[\w'-]+){0,4},? $"
)
_GREETED = re.compile(
    r"\s*(?:(?:hi|hello|hey|yes|yeah|well|so|um|uh|good \w+)(?: there)?,? )*"
    r"(?:(?:i'm |i am |this is |my name is |it's )?(?!(?:my|our|your|his|her|their|the|an?)\b)"
    r"[^\W\d]+(?: [^\W\d]+){0,2}, )?(?:and )?(?:i'm |i am )?(?:the |an? )?"
)
_MISHEARD = re.compile(rf"{LEAD}(?:in|i am in|him) the ")
"""What a recogniser makes of "I'm the"; with only a title it is hardly a place."""
_SOME = re.compile(r"\b(?:the|an?) ?$")
"""Before a title said alone: somebody who is spoken of, where nobody asked what they are."""
_THEN = re.compile(
    r"(?: here\b|(?: over| out| down| up)? (?:at|with|for|from) | of (?:an?|the|our|this|my) "
    r"|,? and i\b|, |[.!] )"
)
"""A title that opens a sentence and leads to a company is the caller's own."""
_SENTENCE = re.compile(r"(?<!\bmr)(?<!\bms)(?<!\bdr)(?<!\bmrs)[.?!]")
_SOMEONE_ELSES = re.compile(r"\b(?:my|his|her|your|their|our|another|any|some) $")
_OURS_AND_ME = re.compile(r"\b(?:i'm|i am) (?:our|their) $")
_RUNS = re.compile(
    rf"\b(?:i|(?:(?:i'm|i am|this is|it's|my name is|name's)(?: [\w']+){{0,4}}"
    r"|(?<!tell )(?<!told )(?<!show )(?<!ask )me|myself),? who"
    rf"|(?<!\w )a) (?:also |currently |basically |kind of |mostly )?"
    rf"(?:run|lead|head(?: up)?|manage|oversee|looks? after|own|direct|supervise|handle"
    rf"|takes? care of)s?"
    rf" (?:our |the |all (?:of )?(?:our |the )?|everything in )?(?P<field>{FUNCTION})\b"
    rf"|\bi(?:'m| am) (?:responsible for|in charge of|heading(?: up)?|leading|running|managing|over"
    rf"|overseeing|accountable for) (?:our |the |all (?:of )?)?(?P<field2>{FUNCTION})\b"
)
_OWNS = re.compile(
    r"\bi(?:'m the one who)? (?:own|founded|started|co-?founded|run) (?:the |this |my own |my "
    r"|our |a )"
    r"(?:\w+ ){0,2}(?:company|business|firm|agency|shop|store|practice|place)\b"
    r"|\bi own (?:an?|two|three|four|five|six|several|some|a few|a couple of|\d+) (?:\w+ )?\w+"
)
_TEAM = re.compile(
    r"\bi (?:run|lead|head|manage|oversee|look after) (?:our|the|a) (?P<team>[\w-]+(?: [\w-]+)?)"
    r" team\b"
)
_WORKS_IN = re.compile(
    rf"\b(?:i do|i(?:'m| am)|i(?:'m| am) in|i work (?:in|on)|i(?:'m| am) (?:on|part of) the"
    rf"|i(?:'m| am) with(?: the)?)"
    rf" (?:our |the )?(?P<field>{FUNCTION})(?: team| department| side)?(?=$|[.,]| (?:here|around"
    rf" here|at|and|for|so)\b)"
)
_BOSS = (
    r"(?:boss|bosses|manager|supervisor|lead|leadership|management|board|committee|team lead|owner"
    r"|superiors?|higher-?ups|procurement|finance|legal|director|head|vp|vice president|president"
    r"|c[a-z]o|ciso|founders?|ceo and \w+|head of \w+|vp of \w+|director of \w+|husband|wife"
    r"|partner|professor|prof|principal investigator|group leader|rector|dean|doctor"
    r"|chief \w+(?: officer)?|executives?|exec team|it department|purchasing|investors)"
)
_THEY = rf"(?:my|our|the) (?:\w+ ){{0,2}}?{_BOSS}|someone else|somebody else|another team|they"
r"|corporate"
_DECIDING = (
    r"(?:decid\w*|signs?(?: off)?|approv\w*|has the (?:final|last)|have the (?:final|last)"
    r"|final say|last word|mak(?:es?|ing) the|choos\w*|picks?|holds? the|controls? the|owns? the"
    r"|need(?:s)? to (?:ok|okay)|is the one|would be the one|call the shots|calls the shots)"
)
_NOT_ME = re.compile(
    rf"\b(?:{_THEY})\b[^.?!]{{0,32}}?\b{_DECIDING}\b"
    rf"|\b(?:who(?:ever)?|(?:the )?(?:one|person) (?:who|that)) {_DECIDING}[^.?!]{{0,24}}? (?:is"
    rf"|would be)"
    rf" (?:{_THEY})\b"
    r"|\b(?:get|have|need) (?!(?:it|this|that|me|us|you)\b)(?:\w+ ){1,3}to (?:sign(?: off)?"
    r"|approve|ok|okay)"
    r"\b"
    rf"|\b(?:up to|depends on|decision (?:is|lies|rests) (?:with|by)|approval (?:from|of|by)"
    rf"|sign-?off (?:from|of|by)|run (?:it|this) (?:by|past)|clear it with|convince|get (?:it|this)"
    rf" past) (?:my|our|the) (?:\w+ ){{0,2}}?{_BOSS}\b"
    r"|\bnot (?:just |only )?(?:me alone|on my own|by myself|alone|just me)\b"
    r"|\bthere(?:'s| is)(?: also)? (?:an? |the )?(?:\w+ )?(?:committee|board|panel|tender|steering"
    r" group)\b"
    r"|\bnot (?:really )?(?:my|mine) (?:call|decision|choice|budget)|\bi (?:don't|do not|can't"
    r"|cannot"
    r"|won't|wouldn't) (?:\w+ )?(?:decide|make (?:the|that|any) |sign|approve|have the (?:final"
    r"|authority"
    r"|budget))|\bi'm not the (?:one who decides|decision maker|buyer|one deciding|one choosing"
    r"|person who decides)|\bi (?:only|just) (?:recommend|advise|research|make recommendations)"
    r"|\bi(?:'d|'ll| would| will)? (?:have|need) to (?:ask|check with|run it by) my (?:boss|manager"
    r"|director|vp|ceo|cto)"
)
_TOGETHER = re.compile(
    r"\b(?:me and|(?:him|her|them) and (?:me|i)|and (?:i|me|myself))\b.*\bdecide"
    r"|\bdecid\w+ (?:it )?together\b|\bwe both decide\b"
)
"""Deciding together with somebody is deciding: "me and the CISO decide together"."""
_GATHERS = re.compile(
    r"\b(?:just|only|mostly|mainly|simply) (?:gathering|collecting|researching|getting(?= info"
    r"| quotes| prices| options)|doing"
    r"|looking(?! for)"
    r"|scouting|comparing|putting together|making a list|the messenger)\b[^.?!]{0,40}?(?:\bfor\b"
    r"|\binfo\b"
    r"|\bquotes?\b|\bresearch\b|\boptions\b|\bprices?\b|messenger)"
    r"|\b(?:i'm|i am|this is)(?: just| only)? (?:his|her|their|\w+'s|the \w+'s)"
    r" (?:\w+ )?(?:assistant"
    r"|secretary|pa|ea|receptionist)\b"
    r"|\b(?:my|our|the) (?:boss|manager|director|ceo|cto|cfo|vp) (?:has )?(?:asked|told|sent|wants"
    r"|wanted) me to (?:call|ring|get|find|ask|check|look|write)\b"
    r"|\b(?:gathering|collecting) (?:information|info|quotes|options|prices)\b"
    r"|\b(?:research\w*|looking|asking|calling|evaluating) (?:this |into this |it |around"
    r" )?(?:for|on"
    r" behalf of) (?:my|our) (?:\w+ )?(?:boss|manager|team|director|ceo|cto|vp|company's|client)\b"
)
_ME = re.compile(
    r"\b(?:just|only) me (?:who |that |that's )?(?:decid\w+|signing|approving|choosing)"
    r"|\bi(?:'m| am) the (?:only )?(?:one (?:who (?:decides|chooses|signs|buys)|choosing|deciding"
    r"|buying)"
    r"|decision[ -]maker|final decision|buyer|budget owner|economic buyer|person who decides)"
    r"|\bi(?:'ll| will|'d| would)? (?:be the one to )?(?:make|made|take|have|get) (?:the|that|all"
    r" the"
    r"|those|final) (?:final |last |buying |purchasing )*(?:decisions?|calls?|say|word)\b"
    r"|\bi (?:decide|choose|get to decide|call the shots)\b|\bit(?:'s| is)(?: all)? (?:my (?:call"
    r"|decision"
    r"|budget|choice|money)|up to me|mine to decide)|\b(?:the )?decision(?:'s| is) mine\b|\bup to"
    r" me\b"
    r"|\bi (?:hold|own|control|have) the (?:budget|purse)|\bi have (?:\w+ )?(?:budget|signing"
    r"|buying"
    r"|purchasing|sign-?off) (?:authority|power)|\bi (?:can )?sign (?:off|the|for|it|contracts)"
    r"|\bi approve\b|\b(?:is|be|was|entirely|ultimately|totally|solely) my (?:decision|call)\b"
    r"|\bi(?:'ll| will) be (?:choosing|deciding|picking)"
)
_OF_TIME = re.compile(
    r"\b(?:when|(?:what|which) (?:time|day|date)|if|once|until|unless|before|after|as soon as"
    r"|in case|suppose|supposing|assuming|say|should) $"
)
"""Before what is asked about, or may come to be, which tells no role: "if I sign off"."""
_ASKED_ME = re.compile(
    r"\b(?:both|choos(?:e|ing)|decid(?:e|ing)|i do|the decision|all of (?:it|that|the above)|me"
    r"|i am|i would|myself|that's me|my (?:decision|call))\b"
)


def roles(
    u: Utterance,
    expecting: str | None,
    asked: list[tuple[int, int]],
    listed: Listed,
    titles: Sequence[tuple[int, int]] = (),
) -> list[ProvideSignal]:
    """At most one: the caller's own title, what they run, or else whether they decide.

    `titles`: where the turn names a role that the company lists.
    """
    wanted = expecting == "role"
    title = own_title(u, wanted, asked, titles)
    if title:
        value = as_listed(title.value, listed, u.text[title.start : title.end])
        sure = certainty(u, title.start, title.end, 0.9)
        return [ProvideSignal(u.span(title.start, title.end), "role", value, "positive", sure)]
    if found := _decides(u, wanted, asked):
        return [found]
    if match := _TEAM.search(u.text):
        span = u.span(*match.span())
        return [ProvideSignal(span, "role", f"{match['team']} team lead", "positive", 0.7)]
    if match := _WORKS_IN.search(u.text):
        value = as_listed(field_of(match["field"]), listed, match["field"])
        return [ProvideSignal(u.span(*match.span()), "role", value, "positive", 0.7)]
    return []


def own_title(
    u: Utterance,
    wanted: bool,
    asked: list[tuple[int, int]],
    titles: Sequence[tuple[int, int]] = (),
) -> Found | None:
    """The caller's own title with its place, in the words of a list; the longest one."""
    found = [
        Found(written(u.text[start:end]), start, end)
        for start, end in dict.fromkeys([*(m.span() for m in TITLE.finditer(u.text)), *titles])
        if u.text[start:end] != "it"
        and not any(a <= start and end <= b for a, b in asked)
        and _theirs(u.text, start, end, wanted)
    ]
    if found:
        return max(found, key=lambda f: (f.value != DECIDES, f.value.isupper(), f.end - f.start))
    if owns := _OWNS.search(u.text):
        return Found("owner", owns.start(), owns.end())
    for match in _RUNS.finditer(u.text):
        field = match["field"] or match["field2"]
        if u.text[match.end() :].startswith(" team of") or _object(u.text, match):
            continue
        if of_others(u.text, match.start()) or (field == "it" and not _of_computers(u, match)):
            continue
        return Found(f"head of {field_of(field)}", match.start(), match.end())
    return None


def _theirs(text: str, start: int, end: int, wanted: bool) -> bool:
    """Whether a title is the caller's own; `wanted`: it was asked for."""
    before, after = _SENTENCE.split(text[max(0, start - 60) : start])[-1], text[end:]
    others = _SOMEONE_ELSES.search(before) and not _OURS_AND_ME.search(before)
    said_first = bool(_GREETED.fullmatch(before) and _THEN.match(after))
    bare = _GREETED.fullmatch(before) and not _SOME.search(before)
    alone = not after.strip(" .!") and bool(bare or _MISHEARD.fullmatch(before))
    own = _CUE.search(before) or (wanted and _answers(before))
    return said_first or alone or (not others and bool(own))


def _of_computers(u: Utterance, match: re.Match[str]) -> bool:
    """Whether "it" is the department, no pronoun: not in "yes, i own it", nor "i run it"."""
    at = match.start("field") if match["field"] else match.start("field2")
    if match["field2"] or u.said.text[at : at + 2] == "IT":
        return True
    leads = re.search(r"\b(?:runs?|leads?|heads?(?: up)?|manages?|oversees?)\b", match.group())
    return bool(leads and re.match(r" (?:here|at|for|in|over)\b", u.text[match.end() :]))


def _object(text: str, match: re.Match[str]) -> bool:
    """Whether what is run is a thing rather than a field: "i run sales reports"."""
    return bool(
        re.match(r" (?:reports?|campaigns?|queries|jobs|syncs?|pipelines?)\b", text[match.end() :])
    )


def _answers(before: str) -> bool:
    """Whether a title after these words may answer what the role is."""
    return not re.search(r"\b(?:for|to|with|by|but|and then|ask|tell)\b[^.?!]*$", before)


def as_listed(title: str, listed: Listed, said: str) -> str:
    """A title as the company lists it, in the words it was `said` in or as written, with or without
    its seniority; else as written."""
    plain = without_level(title)
    names = (said, without_level(said), title, plain, turned(plain), *spelled_out(title))
    return next((own for name in names if (own := listed(name))), title)


def _decides(u: Utterance, wanted: bool, asked: list[tuple[int, int]]) -> ProvideSignal | None:
    """Whether the caller decides; what others decide outweighs what they do themselves."""
    rules = (
        (_NOT_ME, DECIDES_NOT, 0.8), (_ME, DECIDES, 0.9), (_GATHERS, DECIDES_NOT, 0.75),
        *(((_ASKED_ME, DECIDES, 0.8),) if wanted and len(u.tokens) <= 14 else ()),
    )  # fmt: skip
    for pattern, value, base in rules:
        for match in pattern.finditer(u.text):
            if any(a <= match.start() and match.end() <= b for a, b in asked):
                continue
            if pattern is _NOT_ME and _TOGETHER.search(u.text):
                continue
            if pattern is _ME and _OF_TIME.search(u.text[: match.start()]):
                continue  # "what time is my call"
            sure = certainty(u, match.start(), match.end(), base)
            polarity: Polarity = "negative" if value == DECIDES_NOT else "positive"
            return ProvideSignal(u.span(*match.span()), "role", value, polarity, sure)
    return None


def employer_places(u: Utterance, asked: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges that say what the caller does: they contain no company name."""
    runs = [m.span() for pattern in (_RUNS, _OWNS, _TEAM) for m in pattern.finditer(u.text)]
    title = own_title(u, False, list(asked))
    return [*runs, *([(title.start, title.end)] if title else [])]
