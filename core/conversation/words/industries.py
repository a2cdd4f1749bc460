"""The buyer's own industry, told apart from their customers' and from departments."""

import re
from collections.abc import Mapping, Sequence

from core.commands import ProvideSignal
from core.conversation.words.figures import TAKEN_BACK, certainty
from core.conversation.words.lexicon import Mention
from core.conversation.words.others import of_others
from core.conversation.words.premises import PLACES
from core.conversation.words.stems import stem
from core.conversation.words.trades import FRAMES, ONLINE
from core.conversation.words.utterance import Utterance

_PART_OF = re.compile(
    r"\s+(?:teams?|departments?|people|folks|side|reports?|reporting|systems?|tools?|data|stack"
    r"|director|manager|lead|head(?! office)|officer"
    r"|operations|ops|analytics|customers|clients|use|uses"
    r"|compliance|compliant|records?|project|plan|campaigns?|budget|services? team|cloud|hub"
    r"|engineers?|developers?|software (?=to|for)|degree|student|class|year|quarter|statements?"
    r"|close|controls?|results|crisis|floors?|roofs?|ceilings?|walls?|barn|parking)\b"
)
"""A department, not an industry: "our finance team"."""
_THEIRS = re.compile(
    r"\b(?:sell(?:s|ing)?|sold|serv(?:es?|ing)|help(?:s|ing)?|advis(?:es?|ing)|suppl(?:y|ies|ying)"
    r"|consult(?:s|ing)?|market(?:s|ing)?|cater(?:s|ing)?|provid(?:es?|ing)|build(?:s|ing)?"
    r"|mak(?:es?|ing)|develop(?:s|ing)?|software|apps?|tools?|platform|services|solutions"
    r"|products?|equipment|customers?|clients?|work(?:s|ing)?)\b"
    r"[^.?!,]{0,24}?\b(?:to|for|with|in|are|serving)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:serv(?:es?|ing)|help(?:s|ing)?|advis(?:es?|ing)|suppl(?:y|ies|ying)|targets?|for)"
    r"\s+(?:\w+\s+)?$"
)
"""The industry of those they work for is their customers'."""
_MINE_AFTER_ALL = re.compile(
    r"\b(?:i|we) (?:both )?work (?:for|in|with|at) (?:an? |the )?(?:\w+ ){0,2}$"
    r"|\bi (?:run|lead|head(?: up)?|manage|handle|own|oversee|look after|do|keep|review|audit|check"
    r"|buy|purchase) (?:[\w']+ ){1,3}(?:for|in|with|at) (?:an? |the )?(?:\w+ ){0,2}$"
    r"|\b(?:i'm|i am) (?:an?|the|one of the|in charge of) (?!customer|client)(?:\w+ ){1,5}"
    r"(?:for|in|with|at|of) (?:an? |the )(?:\w+ ){0,2}$"
    r"|\b(?:i'm|i am|we're|we are|just) (?:calling|phoning|ringing|asking|here|enquiring|inquiring"
    r"|looking)(?: \w+){0,3}? (?:for|on behalf of|about|regarding) (?:an? |the |our )(?:\w+ )?$"
    r"|\b(?:it's|it is|this is|that's) for (?:an? |the )(?:[\w-]+ )?$"
    r"|\b(?:compar|evaluat|review|shortlist)\w+ (?:\w+ ){0,3}for (?:an? |the )(?:[\w,-]+ ){0,2}$"
)
_OURS = re.compile(r"\bfor (?:our|my) (?:own )?$")
_CUE = re.compile(
    r"\b(?:we're|we are|we were|we've|i've|i'm|i am|it's|it is|we|i|they're"
    r"|company is|company's|business is"
    r"|(?:company|business|firm|family|outfit) does"
    r"|as an?|being an?|from an?|at an?|for an?|with an?|over at an?|calling from|in the|in|our"
    r"|of an?|call from|(?:owns?|runs?|started|founded|got) (?:an?|the))"
    r"(?: (?!(?:use|using|want|wanted|need|needs|sync|connect|integrate|to|looking|like|get|have to"
    r"|send|see|about|your|you|customers?|clients?|data|data's|tool|tools|load|move|and we|export"
    r"|import|share|report|track)\b)[\w'-]+){0,7} $"
)
_ORGANISATION = re.compile(
    r"^\s*(?:and \w+ )?(?:compan(?:y|ies)|co\b|groups?|business(?:es)?|start ?-?ups?|firms?"
    r"|providers?"
    r"|chains?|agenc(?:y|ies)|organi[sz]ations?|brands?|makers?|network|vendor|platform|space"
    r"|studios?|thing|house|label|practice"
    r"|industry|sector|field|shop|operator|operation|outfit|corporation|cooperative)\b"
)
_APART = re.compile(
    r"(?:[,.;:] |^|(?:people|employees|staff|ppl|strong|folks),? )(?:and )?(?:in |mostly |mainly "
    r"|an? )?"
    r"(?:[\w-]+ ){0,2}?\0(?: and \w+| \w+)?"
    r"(?: (?:for|of|mostly|mainly|selling|in|near|from) [\w ]{2,24})?"
    r"\s*(?:$|[,.;!])"
)
"""An industry that stands by itself: "we're forty people, fintech, all on Postgres"."""


def describes(quote: str, said: str) -> bool:
    """Whether a quoted trade only describes a company: "a landscaping" of "a landscaping firm"."""
    _, whole, after = said.lower().partition(quote.lower())
    return bool(whole) and _ORGANISATION.match(after) is not None


_OPENS = re.compile(r"(?:(?:hi|hello|hey|yes|good \w+)[,.!]? )*(?:an? |the )?(?:\w+ )?")
_ARTICLE = re.compile(r"\b(?:an?|our|the|this|mid ?-?size[d]?|small|large|big|global|regional) $")
_NOT = re.compile(r"\b(?:not|no|don't|isn't|aren't|never|used to|formerly|stopped)\b[^.?!,]{0,20}$")

_PUPIL = re.compile(
    r"\b(?:back|off|away|gone|go|goes|going|went|still|kids?|son|daughter|nephew|niece|boys?|girls?"
    r"|grandson|granddaughter)(?:'s|'re| is| are)? (?:still )?(?:in|at|to|through|of|from) $"
)
"""Before a school that somebody attends: "he's going back to school"."""


def industry(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    expecting: str | None,
    named: Mapping[str, str],
) -> list[ProvideSignal]:
    """At most one industry: a named one, else what they do ("we move containers").

    `asked`: parts of the turn that ask something; `named`: the company's name for each trade.
    """
    wanted = expecting == "industry"
    trades = [m for m in mentions if m.kind == "industry"]
    own = [_own(u, m, asked, wanted) for m in trades]
    for n in range(1, len(trades)):  # "a hospital, well no, a biotech"
        taken_back = _TAKES_BACK.search(u.text[trades[n - 1].end : trades[n].start])
        own[n] = own[n] or (own[n - 1] and taken_back is not None)
    found = [m for m, mine in zip(trades, own, strict=True) if mine]
    online = _done(u, ONLINE, asked, named)
    goods = online[0].span.quote.lower() if online else ""  # goods alone are no industry
    shop = named.get("retail", "retail")
    if online and all(m.name == shop or u.text[m.start : m.end] in goods for m in found):
        return online
    if found:
        m = _head(u.text, found)
        sure = certainty(u, m.start, m.end, 0.9 if m.exact else 0.75)
        article = _A.search(u.text[: m.start])
        span = u.span(article.start() if article else m.start, m.end)
        return [ProvideSignal(span, "industry", m.name, "positive", sure)]
    return _done(u, FRAMES, asked, named)


_A = re.compile(r"\ban? $")


def _done(
    u: Utterance,
    frames: Sequence[tuple[re.Pattern[str], str]],
    asked: list[tuple[int, int]],
    named: Mapping[str, str],
) -> list[ProvideSignal]:
    """The industry told by what they do."""
    for pattern, trade in frames:
        for match in pattern.finditer(u.text):
            if any(a < match.end() and match.start() < b for a, b in asked):
                continue
            span, sure = u.span(*match.span()), certainty(u, *match.span(), 0.75)
            return [ProvideSignal(span, "industry", named.get(trade, trade), "positive", sure)]
    return []


def _own(u: Utterance, m: Mention, asked: list[tuple[int, int]], wanted: bool) -> bool:
    """Whether an industry at this position is the buyer's own."""
    before, after = u.text[max(0, m.start - 70) : m.start], u.text[m.end :]
    before = re.split(r"[.?!]|,(?!\d)", before)[-1]
    inside = any(a <= m.start and m.end <= b for a, b in asked)
    if _no_trade(u.text, m, before, after) or _NOT.search(before) or of_others(u.text, m.start):
        return False
    mine = _OURS.search(before) or _MINE_AFTER_ALL.search(before)
    if _THEIRS.search(before) and not mine:
        return False
    if inside and not re.search(r"\b(?:we're|we are|our|i'm|as an?)\b", before):
        return False
    if _of_a_name(u, m):
        return not inside
    if (
        wanted
        or _MINE_AFTER_ALL.search(before)
        or _CUE.search(before)
        or _APART.search(u.text[: m.start] + "\0" + after)
    ):
        return True
    if _OPENS.fullmatch(u.text[: m.start]) and re.match(r" (?:in|at|from|near)\b|,", after):
        return not inside
    return bool(_ORGANISATION.match(after) and (_ARTICLE.search(before) or not before.strip()))


def _no_trade(text: str, m: Mention, before: str, after: str) -> bool:
    """Whether a word is no trade here: a part of a company, a paper, where the work is, or who
    works for them ("our electrician")."""
    said = text[m.start : m.end]
    if _DEPARTMENT.fullmatch(said) and _ACTS.match(after):
        return True
    if said == "electric" and _POWERED.match(after):
        return True
    whole = m.name == "healthcare" and re.match(r" systems?\b", after)  # "a hospital system"
    whole = whole or (stem(said.split()[-1]) in PLACES and _USES.match(after))
    return bool(
        (_FUNCTION.search(before) and _AT.match(after))
        or (_SOME.search(before) and _OF_A_VENDOR.match(after))
        or (_SOMEBODY.fullmatch(said) and _OF_OURS.search(before))
        or _BESIDE.search(before)
        or _SOUGHT.search(before)
        or _TURNS_TO.search(before)
        or _PUPIL.search(before)
        or _PAPER_OF.search(before)
        or _PAPER.match(after)
        or (_PART_OF.match(after) and not whole)
    )


_POWERED = re.compile(
    r",? (?:(?:not|or|rather than|instead of) (?:an? )?(?:gas\w*|diesel|propane|manual|hydraulic"
    r"|air|battery|petrol|lp)|powered|ones?|models?|versions?|motors?|lifts?|drive)\b"
)
"""After "electric": how a machine is driven."""
_USES = re.compile(r" (?:uses?|needs?)\b")
_SOMEBODY = re.compile(r"(?:\w+ )*\w+(?:er|or|ian|ist|ant|ect)")
_OF_OURS = re.compile(r"\b(?:our|my|the|your|their|his|her) (?:\w+ )?$")
_SOUGHT = re.compile(
    r"\b(?:need|want|get|find|buy|(?:look|shop)(?:ing)? for|quotes? (?:for|on|of)|priced?)"
    r" (?:(?:some|more|new|better|cheaper|good) )*$"
)
"""Before what they want of us: "we need insurance for our trucks"."""
_BESIDE = re.compile(
    r"\b(?:behind|next to|beside|across from|above|underneath|in front of|on top of"
    r"|(?:roof|ceiling|floor|walls?|sign|lot|patio|deck|driveway|addition)"
    r" (?:on|of|at|in|for)) (?:an?|the|this|that) (?:\w+ )?$"
)
"""Before what is next to the work: "a patio base behind a restaurant"."""
_TURNS_TO = re.compile(
    r"\b(?:ask|bug|pester|chas|beg|nag|e-?mail|involv|loop(?:s|ed|ing)? in|wait(?:s|ed|ing)? on"
    r"|tickets? (?:to|with)|requests? (?:to|with)|back to|through|over to)(?:e?s|e?d|ing|e)? $"
)
"""Before colleagues who do it for them: "marketing keeps asking engineering for lists"."""
_PAPER_OF = re.compile(r"\b(?:(?:certificates?|proof) of|cyber|liability|carry) $")
_PAPER = re.compile(r" (?:certificates?|coverage|polic(?:y|ies)|limits?)\b")
"""Asked of a supplier, not an industry: "certificate of insurance"."""
_SOME = re.compile(r"\b(?:the|another|some) $")
_OF_A_VENDOR = re.compile(
    r"(?: (?:company|vendor|firm|people|guys|provider|agency|consultants?))? (?:set|gave|sold|built"
    r"|made"
    r"|provid\w+|runs?|hosts?|does|did|installed|that (?:set|sold|built|made)|we (?:use|bought"
    r"|hired))\b"
)
"""Whoever set something up for them: "the software company set it up"."""
_DEPARTMENT = re.compile(r"legal|finance|marketing|advertising|accounting|security|insurance|hr")
_ACTS = re.compile(
    r" (?:team|department|dept|side|people|folks|guys|colleagues?|asks?|asked|wants?|needs?"
    r"|says?|said"
    r"|is asking|has to|have to|will|would|must|requires?)\b"
)
"""A department's action: "our legal asks"."""
_FUNCTION = re.compile(
    r"\bi(?:'m| am)?(?: also| currently| mostly)? (?:run|do|lead|head(?: up)?|manage|handle|oversee"
    r"|look after|work in|in|in charge of|responsible for|over) (?:the |all )?(?:\w+ and )?$"
)
_AT = re.compile(r" (?:and \w+ )?(?:at|for|here|of|in|over|with)\b")
"""Before an employer: "runs finance at" tells what they do there, not what the company does."""


def _of_a_name(u: Utterance, m: Mention) -> bool:
    """Whether an industry ends the written name of the caller's company: "at Bluestem Bank"."""
    name = _NAMED.search(u.said.text[max(0, m.start - 40) : m.start])
    named = name and u.said.text[m.start].isupper()
    return bool(named) and not _OF_GOODS.fullmatch(u.text[m.start : m.end])


_OF_GOODS = re.compile(r"foods?|drinks|beverages|seeds|paints|crops")
"""Company names contain what they sell as often as what they started with."""
_NAMED = re.compile(
    r"\b(?:at|from|with|I'm|I am|for|behalf of|company is) (?:the )?(?:[A-Z][\w'&-]+ ){1,2}$"
)
_TAKES_BACK = re.compile(rf"\b(?:{TAKEN_BACK}|no|sorry|actually|or rather|wait)\b")


_ADVICE = "consulting"


def _head(text: str, found: Sequence[Mention]) -> Mention:
    """The last of a chain of names ("logistics software" is software), else the first."""
    head = found[0]
    for m in found[1:]:
        if m.name == _ADVICE and not text[head.end : m.start].strip(" -"):
            break  # "an engineering consultancy"
        if _TAKES_BACK.search(text[head.end : m.start]):
            head = m
            continue
        if text[head.end : m.start].strip(" -"):
            break
        head = m
    return head
