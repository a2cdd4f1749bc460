"""Where the buyer is, told apart from where their customers or their data are."""

import re
from collections.abc import Sequence

from core.commands import ProvideSignal
from core.conversation.words.figures import TAKEN_BACK, certainty
from core.conversation.words.lexicon import Mention
from core.conversation.words.others import of_others
from core.conversation.words.premises import MANY
from core.conversation.words.sites import ONE_OF_OURS, told_of_work
from core.conversation.words.trades import TRADES
from core.conversation.words.utterance import Utterance
from core.geography.gazetteer import a_word, town
from core.geography.places import COUNTRIES, DEMONYMS

_BEFORE = re.compile(
    r"\b(?:based(?: mostly| mainly)?(?: in| out of| here in| over in| at| near)|located(?: in|"
    r" near)"
    r"|(?:we're|we are|i'm|i am|we sit|sitting|sits?|located|office|offices|headquarters|hq"
    r"|headquartered|plant|team|company|university|hospital|school|college|institute|city|startup"
    r"|business|firm|group|lab|site|everyone) (?:\w+ )?"
    r"(?:in|is in|are in|is|over in|up in|down in|out of|out in|here in|near|outside|from|of)"
    rf"|(?:{MANY})"
    r" (?:all )?(?:in|around|across|throughout|over)|outside(?: of)?|near|close to"
    r"|out of|headquartered(?: in| out of)|calling(?: you)?(?: in)? from|operate(?: in| out of)"
    r"|(?:base|home|hq|headquarters|head office|main office) is|(?:spread|split) (?:between|across)"
    r"|(?:based|location|located|hq|headquarters|offices?|city|site|country):"
    r"|just outside|find us in|live in|here in|over in|up in|down in|(?:up|over|down|out) by|from"
    r"|move to|past|(?:north|south|east|west) of|in)\s+(?:the |downtown |central |greater "
    r"|east(?:ern)? |west(?:ern)? "
    r"|north(?:ern)? |south(?:ern)? |mainland |sunny |rainy |lovely |beautiful |cold )?$"
)
_ORG_AFTER = re.compile(
    r"^[\s-]*based\b|^\s+(?:hq|headquarters|head office)\b"
    r"|^\s+(?:\w+ )?(?:outfit|operation|bank|retailer|manufacturer|insurer"
    r"|compan(?:y|ies)|start ?-?up|firm|business|agency|group|brand"
    r"|shop)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:data|stored|storage|stay|host(?:ed|ing)?|servers?|regions?|residency|customers?"
    r"|clients?|dealers?|distributors?|partners?|buy|import(?:ing)?|sourc(?:e|ing)"
    r"|bring(?:s|ing)? in|haul(?:s|ing)?|lanes?"
    r"|buyers|users|patients|suppliers?|vendors?|sell(?:s|ing)?|ship(?:s|ping)?|expand(?:ing)?"
    r"|competitors?|support|laws?(?! (?:firm|office|practice))|available"
    r"|met|fair|conference|expo|summit|trade show|event"
    r"|you|your|flight|travel\w*|vacation|not|isn't|aren't"
    r"|don't|never|used to|(?<!just )outside)\b(?! find us)[^.?!,]*$"
)
_HERE = re.compile(
    r"\b(?:(?:at|with|from|for) an?|based|headquartered|located|here in|we're|we are|i'm|i am"
    r"|compan(?:y|ies)|consultancy"
    r"|firm"
    r"|bank|start-?up|agency|business|office|shop|group|store|hospital|clinic|maker|manufacturer|studio|outfit|site)\b[^.?!,]{0,24}$"
)
"""Words after which a place is their own again: "i run data platforms at a bank in"."""
_DENIED = re.compile(
    r"\b(?:not|don't|doesn't|isn't|aren't|never|no longer|used to|left"
    r"|(?:we|i|it|company|office) (?:was|were)(?! (?:founded|started|born))|(?:was|were) in"
    r"|your (?:\w+ )?(?:sites?|offices?|shops?|stores?|yards?|branch(?:es)?|locations?|place|team)"
    r"|formerly|previously|if (?:my |a |the )?(?:card|payment|invoice|server|customer)\w*)"
    r"\b[^.?!,]*$"
)
_MAIN = re.compile(r"\b(?:headquarter\w*|hq|main office|head office|based)\b")
_ENDS = re.compile(
    r"\s*(?:$|[.,;:?!)]|[\s-]*based\b|\s(?:and|but|so|in|on|we|we're|i|i'm|it's|with|for|at|to"
    r"|about|near|roughly|around|some|a"
    r"|right|here|there|just|off|by|past|next|if|when|because|now|area|region|office|where|which|who|that|the|our|is|are|looking|using"
    r"|currently|actually|please|yes|yeah|uh|um|mostly|mainly|though|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|a hundred)\b)"
)
"""What follows a place that is not the first word of a longer name."""
_SPELLS = re.compile(r"\bas in\s*$")
_DEMONYM = re.compile(
    rf"\b(?:an?|the|our) (?:\w+ ){{0,2}}?(?P<who>{'|'.join(DEMONYMS)}) \w+"
    rf"|\b(?:we're|we are|company is|firm is) (?P<we>{'|'.join(DEMONYMS)})(?=\s*(?:$|[.,;!?]"
    rf"| and | (?:company|firm|start-?up|business|bank|agency|manufacturer|retailer)\b))"
)
_OWN = re.compile(
    r"\b(?:we're|we are|i'm|i am|it's|our company is|from|at|for|with)\b[^.?!,]{0,24}$"
)
_NOT_PLACE = re.compile(
    r"\s+(?:language|speak\w*|translation|customers?|market|data|law|lessons|version|tax|taxes|vat"
    r"|invoices?|currency|holidays?|rules?|regulations?|authorit\w+|regulators?|numbers?|accent"
    r"|screens?|interface|plugs?|time|hours|dollars?|pesos?|pounds?)\b"
)


def location(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    expecting: str | None,
    *,
    premises: bool = False,
) -> list[ProvideSignal]:
    """At most one place: where the work is, else the head office where several are named.

    `premises`: whether the work is where theirs are.
    """
    if work := _of_the_work(u, mentions, asked, premises=premises):
        start, end, name = work[-1] if _put_right(u, work) else work[0]
        sure = certainty(u, start, end, 0.9)
        return [ProvideSignal(u.span(start, end), "location", name, "positive", sure)]
    wanted = expecting == "location"
    places = [m for m in mentions if m.kind == "place" and _theirs(u, m, asked, wanted)]
    if places and (cue := _PUT_RIGHT.search(u.text, places[0].end)):
        later = [m for m in mentions if m.start >= cue.end()]
        instead = location(u.without([(0, cue.end())]), later, asked, "location")
        if instead:
            return instead
    if places:
        main = (
            p
            for p in places
            if _MAIN.search(_clause(u.text, p.start))
            or _described(u, p)
            or _RATHER.search(u.text[: p.start])
        )
        m = next(main, places[0])
        sure = certainty(u, m.start, m.end, 0.9)
        return [ProvideSignal(u.span(m.start, m.end), "location", m.name, "positive", sure)]
    if (found := _town(u, mentions, asked, expecting)) is not None:
        start, end, name = found
        sure = certainty(u, start, end, 0.85)
        return [ProvideSignal(u.span(start, end), "location", name, "positive", sure)]
    for match in _DEMONYM.finditer(u.text):
        start, end = match.span("we" if match["we"] else "who")
        inside = any(a <= start < b for a, b in asked)
        own = match["we"] or _OWN.search(u.text[max(0, match.start() - 40) : match.start()])
        if inside or not own or _NOT_PLACE.match(u.text[end:]):
            continue
        span, sure = u.span(start, end), certainty(u, start, end, 0.8)
        return [ProvideSignal(span, "location", DEMONYMS[u.text[start:end]], "positive", sure)]
    return []


def _of_the_work(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    *,
    premises: bool,
) -> list[tuple[int, int, str]]:
    """Places said to be the work's, in order."""
    found = [(m.start, m.end, m.name) for m in mentions if m.kind == "place"]
    known = [(a, b) for a, b, _ in found]
    found += [t for t in _towns(u) if not any(a < t[1] and t[0] < b for a, b in known)]
    own = [
        (a, b, name)
        for a, b, name in sorted(found)
        if not any(x <= a and b <= y for x, y in asked) and not _of_others(u, a)
    ]
    for any_premises in (False, True)[: 1 + premises]:  # what is needed there, before what is
        if there := [
            p for p in own if told_of_work(u.text, *p[:2], premises=any_premises) is not None
        ]:
            return there
    return []


def _ends(text: str, end: int) -> bool:
    """Whether no longer name goes on after an offset; "our Westerville location" has ended."""
    return bool(_ENDS.match(text[end:]) or ONE_OF_OURS.match(text, end))


def _put_right(u: Utterance, places: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the last of several places corrects those before it."""
    return _RIGHTED.search(u.text[places[0][1] : places[-1][0]]) is not None


def _towns(u: Utterance) -> list[tuple[int, int, str]]:
    """Towns by name only, the longest at each word."""
    found: list[tuple[int, int, str]] = []
    for i, first in enumerate(u.tokens):
        for last in reversed(u.tokens[i : i + 3]):
            said = u.text[first.start : last.end]
            if said not in _TRADES and town(said) and _ends(u.text, last.end):
                found.append((first.start, last.end, said.title()))
                break
    return found


def _town(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    expecting: str | None,
) -> tuple[int, int, str] | None:
    """A town named where only a place can stand: after "we're in", before no other name."""
    for i in range(len(u.tokens)):
        for used in (3, 2, 1):
            tokens = u.tokens[i : i + used]
            if len(tokens) < used:
                continue
            start, end = tokens[0].start, tokens[-1].end
            said = u.text[start:end]
            known = town(said)
            if known is None or said in _TRADES or any(a <= start and end <= b for a, b in asked):
                continue
            if _of_others(u, start):
                continue
            before = _clause(u.text, start)
            alone = expecting == "location" and not before.strip()
            around = (m.end for m in mentions if m.kind == "place" and 0 < m.start - end <= 2)
            wider = next(around, None)
            alone = alone or (expecting != "name" and _stands(u, start, wider or end))
            coded = _CODED.match(u.said.text, end)
            if coded and coded["code"] in (known.country, known.state):
                return start, end, said.title()  # "Utrecht (NL)"
            if (alone or _BEFORE.search(before)) and (wider or _ENDS.match(u.text[end:])):
                if not _abroad(before) and not _SPELLS.search(before):
                    return start, end, said.title()
    return None


_CODED = re.compile(r" ?[(,] ?(?P<code>[A-Z]{2})\b\)?")
_TRADES = {word for trade in TRADES for form in trade.words for word in form.split()}
"""There is a town called Bank."""
_THEY_ARE = re.compile(
    r"\b(?:we're|we are|i'm|i am|as) (?:only |just )?an?"
    r" (?:(?!with|for|of|that|who|and|whose)[\w-]+ ){0,3}$"
)
"""Just before what somebody says they are: "we're a parts distributor in"."""
_SHOP_HERE = re.compile(
    r"\b(?:we|i) (?:\w+ )?(?:sell|import|stock) (?!to\b|in\b|into\b|it\b)[^.?!,]* in $"
)
"""Somebody who sells in a town has a shop there; in a country they may have customers."""
_BRIEF = 8
"""Most words of a turn that is only an industry and a place: "in Hartford, insurance"."""
_CALLS_FROM = re.compile(r"\bcall(?:ing)?(?: you)?(?: here)?(?: today)? from (?:the )?$")


_A_FEW_OF_US = re.compile(
    r"\b(?:one|two|three|four|five|six|[1-6]|few|couple|some) of (?:our|my|the)(?: own)?"
    r" (?:folks|people|employees|guys|staff|team|workers|techs|reps|developers|engineers)\b"
    r"[^.?!]*$"
    r"|\b(?:one|two|three|four|five|six|[1-6]|few|couple|some)(?: of)? (?:people|ppl|folks"
    r"|employees|guys|reps|techs|workers|developers|engineers)\b[^.?!,]*"
    r"\b(?:remote|remotely|from home)\b[^.?!,]*$"
)
"""Before where a few of them are: "four of our own folks work from home down in"."""


def _of_others(u: Utterance, start: int) -> bool:
    return of_others(u.text, start) or _A_FEW_OF_US.search(u.text[:start]) is not None


def _abroad(before: str, *, city: bool = True) -> bool:
    """Whether the words before a place make it somebody else's, or that of their data."""
    found = _ELSEWHERE.search(before)
    if found is None or _CALLS_FROM.search(before) or (city and _OUT_OF.search(before)):
        return False
    if _THEY_ARE.search(before[: found.start()]):
        return False
    outskirts = re.fullmatch(r"outside(?: of)? ", found.group())
    return not (city and (outskirts or _SHOP_HERE.search(before)))


def _theirs(u: Utterance, m: Mention, asked: list[tuple[int, int]], wanted: bool) -> bool:
    if any(a <= m.start and m.end <= b for a, b in asked):
        return False
    before = _without_town(u, m, _clause(u.text, m.start))
    elsewhere = _ELSEWHERE.search(before) if _abroad(before, city=_is_city(m)) else None
    here = elsewhere and _HERE.search(before, elsewhere.start() + 1)
    if _of_others(u, m.start) or _DENIED.search(before) or (elsewhere and not here):
        return False
    if _TO_US.match(u.text, m.end) and not wanted:
        return False
    own = _BEFORE.search(before) or _described(u, m) or _in_full(u, m)
    return wanted or bool(own or (not a_word(m.name) and _stands(u, m.start, m.end)))


def _in_full(u: Utterance, m: Mention) -> bool:
    """Whether a town with its state stands by itself: "35 pallets, columbia sc"."""
    said, town_only = u.text[m.start : m.end], m.name.partition(",")[0]
    stands = _APART.search(_IT_IS.sub("", u.text[: m.start]) + "\0" + u.text[m.end :])
    asks = _ASKED.match(u.text, m.end)
    return len(said.split()) > len(town_only.split()) and stands is not None and not asks


_IT_IS = re.compile(r"\b(?:it's|it is|that's|that is|this is) (?:in |for )?$")
_ASKED = re.compile(r"[^.?!]*\?")


def _without_town(u: Utterance, m: Mention, before: str) -> str:
    """The words before a place without its town, known by capitals: "in High Point North …"."""
    said = u.said.text[m.start - len(before) : m.start]
    town_before = re.search(r"\b(?:[A-Z][\w'-]+ ){1,2}$", said)
    return before[: town_before.start()] if town_before else before


def _is_city(m: Mention) -> bool:
    return m.name not in COUNTRIES and (", " in m.name or town(m.name) is not None)


def _stands(u: Utterance, start: int, end: int) -> bool:
    """Whether a place stands by itself, between stops or right after their number of people."""
    counted = re.search(rf"{_COUNTED}\s+$", u.text[:start]) is not None
    return _apart(u, start, end) or (counted and _ENDS.match(u.text, end) is not None)


_APART = re.compile(
    r"(?:^|[.!?;,])\s*(?:in |from |out of )?\0\s*(?:$|[.!?;,])|\((?:in )?\0\s*[,;)]"
)
_SELF = re.compile(
    r"\b(?:we|we're|people|employees|staff|folks|of us|strong|i'm|our|compan(?:y|ies)|studio|firm"
    r"|agency|start ?-?up|business|brand|hospital|clinic|insurer|retailer|manufacturer|maker|bank"
    r"|group|shop|nonprofit|school|university|publisher|carrier|outfit|dentists?|chain)\b"
)


def _apart(u: Utterance, start: int, end: int) -> bool:
    """Whether a place stands by itself in a caller's short self-description."""
    stands = _APART.search(u.text[:start] + "\0" + u.text[end:])
    trade = len(u.tokens) <= _BRIEF and any(t.text in _TRADES for t in u.tokens)
    themselves = trade or _SELF.search(u.text)
    return bool(stands and themselves and not u.text.rstrip().endswith("?"))


def _described(u: Utterance, m: Mention) -> bool:
    """Whether a place describes a company: "a Texas outfit", "London based"."""
    adjective = re.search(r"\b(?:an?|our|this) (?:\w+ )?$", _clause(u.text, m.start))
    after = u.text[m.end :]
    return bool(_ORG_AFTER.match(after) and (adjective or _SEATED.match(after)))


_SEATED = re.compile(r"[\s-]*(?:based|hq|headquarters|head office)\b")
_OUT_OF = re.compile(r"\bout of (?:\w+ )?$")
_COUNTED = r"\b(?:people|ppl|heads|employees|staff|folks|of us|persons|strong)\b"
_ONE = r"(?<!not )\bthe one (?=in\b)"
"""After these another subject begins: "eighty heads Columbus Ohio", "not that one, the one in"."""
_RATHER = re.compile(rf"{_ONE}in (?:the )?$")
_PUT_RIGHT = re.compile(
    rf"\b(?:{TAKEN_BACK}|sorry|no,? wait|wait,? no|or rather)\b[\s,.]*"
    r"(?:(?:i meant?|it's|we're|actually|in) )*(?=\w+(?: \w+){0,2}\s*(?:[.,;!]|$))"
)
"""After one place: the next one, standing by itself, replaces it."""
_RIGHTED = re.compile(rf"\b(?:{TAKEN_BACK}|sorry|no|wait|actually|hang on)\b")
_TO_US = re.compile(r"\s+(?:do |can |are |will )?you\b")
"""Follows a place that is asked about: "in India you are selling"."""


def _clause(text: str, end: int) -> str:
    return re.split(rf"[.?!,;]|\bbut\b|{_COUNTED}|{_ONE}", text[max(0, end - 70) : end])[-1]
