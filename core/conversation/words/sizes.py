"""How many people a buyer's company has, told apart from other figures and from parts of it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from core.commands import ProvideSignal
from core.conversation.words.figures import certainty, standing_numbers
from core.conversation.words.gatherings import of_an_event
from core.conversation.words.measures import unit_of
from core.conversation.words.money import SPENDABLE
from core.conversation.words.numbers import Number, numbers
from core.conversation.words.others import of_others
from core.conversation.words.premises import MANY
from core.conversation.words.utterance import Utterance

_NOUN = (
    r"(?:people|peoples|ppl|employees?|persons?|staff(?:ers)?|folks"
    r"|heads(?! of)|head(?= (?:in|at|here|total|on|all))|headcount|team members"
    r"|workers|ftes?|full[ -]timers|colleagues|associates|souls|guys|girls|lads|hands|crew|faculty"
    r"|(?:agents|drivers|nurses|engineers|doctors|teachers) and (?:\w+ )?(?:staff|people|folks?)"
    r"|strong|man (?=team|shop|company"
    r"|start))"
)
PEOPLE = re.compile(
    rf"^(?!\s*(?:of (?:you|your|them|those|these|my|our)|you|your)\b)[\s-]*"
    r"(?:or so |plus |ish |odd |or more |and up |and (?:something|some|change|a bit) |of )?"
    rf"(?:\w+ )?{_NOUN}\b"
    r"|^\s*(?:or so |plus )?(?:of us\b|on (?:the )?payroll|in (?:total|the company|our company|all"
    r"|the whole company)\b|all told|altogether|company-?wide|worldwide|globally"
    r"|(?:total|overall)\b(?=\s*(?:$|[.,;!?])))"
)
"""What follows a figure that counts people."""
_OTHER_UNIT = re.compile(
    rf"^[\s-]*(?:\w+ )?(?:{MANY})\b"
    r"|^[\s-]*(?:or so |plus |to )?(?:\w+ )?(?:figures?|rows|tables|records|syncs|dollars|bucks"
    r"|euros|pounds"
    r"|percent|%|weeks?|months?|days?|years?|quarters?|hours?|minutes?|seconds?|gigabytes?|gb"
    r"|terabytes?|tb|connectors?|destinations?|sources?|customers?|clients?|users?|seats|contacts"
    r"|leads|accounts|locations|stores|shops|sites|branches|warehouses?|tools|apps|systems"
    r"|questions?|things?|am|pm|o'?clock|grand|hospitals|clinics|offices|countries|states|beds"
    r"|products|skus|orders|events|trucks|vehicles|schools|students|patients|members|campaigns"
    r"|reports|dashboards|pipelines|requests|tickets|times?|plans?|options?|models?|samples?)\b"
    r"|^[\s-]*(?:million|k)\b(?! (?:people|employees))"
)
_BEFORE = re.compile(
    r"\b(?:team of|company of|group of|firm of|staff of|organi[sz]ation of|shop of|workforce of"
    r"|headcount(?: is|'s| of)?|number of (?:employees|people|staff) is|employees is|people is"
    r"|we're|we are|we're at|there are|there's|company(?: is|'s| has| counts)"
    r"|(?:headcount|workforce|strength|staff|size|team|company)(?: is|'s)?(?: currently| now)?"
    r" (?:sitting|standing|hovering|running|stands|sits|hovers)(?: at)?"
    r"|(?:employees|people|staff|headcount|company size|size),? (?:it is|it's|it would be|that's"
    r"|that is|we have|we've got|we are|we're|i'd say)"
    r"|(?:everyone|everybody|all of us|altogether|in total|all in|all)(?: together| included)?,?"
    r"(?: i'd say| it's| that's| we're| we are| it is| makes| would be| is)*"
    r"|employ(?:s|ing)?|size(?: is|'s| of)|passed(?: the)?|reached|grew to|grown to|count(?:s"
    r"|ing)?)"
    r"(?: (?:about|around|roughly|only|just|like|a|an|over|under|more than|less than|maybe"
    r"|probably|approximately|some|currently|now|at|close to|closer to|nearly|almost|today|still"
    r"|say|right|upwards of|fewer than|the))*\s*$"
)
_PART = re.compile(
    r"\b(?!(?:(?<=we are )|(?<=we're ))an? (?:\w+ ){0,2}group\b)"
    r"(?:(?:my|our|the|this|that|a) (?:own )?(?:\w+ ){0,2}?(?:team|department|dept|group|division"
    r"|unit|office|branch|squad|side)\b(?! (?:of|is the))|\b(?:in|on|under) (?:my|our|the) \w+"
    r" team)"
    r"[^.?!,]*$"
)
_PART_AFTER = re.compile(
    r"^[^.?!,]{0,24}?\b(?:in (?:sales|marketing|engineering|it|support|data|finance|product|ops"
    r"|operations|my|our|the \w+ (?:team|department|office))|on (?:my|our|the) (?:\w+ ){0,2}team"
    r"|(?:who|that|which)? ?(?:would|will|are going to|need to|have to|should) (?:be )?"
    r"(?:us(?:e|ing)|log(?:ging)?|access(?:ing)?)|use (?:it|this)|using (?:it|this)"
    r"|report(?:s|ing)? to me)\b"
    r"|^\s*of us (?:decide|share|use|run|handle|manage|look after|work on)\b"
)
_KEPT = re.compile(
    r"^[^.?!,]{0,24}?\b(?:in (?:there|it|that|the (?:\w+ )?(?:list|system|database|crm|warehouse"
    r"|tables?))|on (?:the|our|my|that) (?:\w+ )?list|(?:every|each|per) (?:month|day|week))\b"
)
"""People who are database rows: "forty thousand people in there"."""
_ALL_TOLD = re.compile(
    r"^[^.?!,]{0,24}?\b(?:all told|in all|all in|altogether|in total|on (?:the )?payroll)\b"
)
_WHOLE = re.compile(
    r"\b(?:company|companies|whole|total|overall|altogether|worldwide|globally|organi[sz]ation"
    r"|business|firm|headcount|payroll|employ\w*|all told|in all)\b"
)
_OF_A_PART = re.compile(
    r"^[\s-]*(?:or so )?(?:sales|marketing|data|support|it|engineering|finance|ops|operations|dev"
    r"|product|analytics|security|field|store|other|new|more)\s"
)
"""A team is not a company: three sales people."""
_OURS = re.compile(r"\b(?:of us|we're|we are|there's|there are|company|business|startup|payroll)\b")
_HIRING = re.compile(r"\b(?:hir(?:e|ed|ing)|lay(?:ing)? off|laid off|serve|serving|interview)\b")
_OF_MONEY = re.compile(
    r"\b(?:net|budget(?:'s|ed)?|spend(?:ing)?|quot(?:e|ed|es)|charg(?:e|es|ed)|pays?|paid|costs?"
    r"|priced?)\b"
)
"""A bare figure after these is a sum, even if we asked for the company's size."""
_ALONE = re.compile(
    r"(?<!\bnot )\b(?:just me|only me|it's me|just myself|solo|by myself"
    r"|(?:an? )?one[ -](?:man|woman|person)(?: (?:band|shop|show|business|company|operation|team))?"
    r"|on my own|i'm alone|sole proprietor|freelancer|self[ -]employed)\b"
    r"(?! (?:who |that |to |that's |who's )*(?:decid\w*|sign\w*|approv\w*|choos\w*|pick\w*"
    r"|evaluat\w*|look\w*|ask\w*|research\w*|involved|on (?:this|the|it)\b))"
)
_PLAINLY = re.compile(r"just me|self|sole|freelance|one[ -]\w+ ")
"""Says so even if we did not ask."""
_TROUBLE = re.compile(
    r"\b(?:can't|cannot|can not|log ?in|get in|password|locked|colleagues?|everyone else|others?)\b"
)
"""Words that make "just me" the person affected by a fault, not a company of one."""
_WITH_ME = re.compile(
    r"\b(?P<all>(?:just|only|it's|it is|there's|we're|that's) )?me and (?:my |a |one )?"
    r"(?:co-?founder|partner|business partner|wife|husband|brother|sister|friend"
    r"|colleague|assistant|someone|one other)\b"
    r"|\b(?:just|only|it's|there's) me and (?P<n>[a-z]+|\d+) (?:other )?"
    r"(?:people|others?|guys|girls|lads|ladies|women|men|more|part[ -]?timers?|employees|staff"
    r"|helpers?|folks)\b"
    r"|(?:^|[,.] ?)(?:so |and |it's )?me and (?P<more>[a-z]+|\d+) (?:others?|guys|helpers?"
    r"|employees)"
    r"(?=\s*(?:$|[.,;!?]))"
)


_FOLK = (
    r"(?:lawyers|attorneys|solicitors|paralegals|agents|brokers|nurses|doctors|dentists|physicians"
    r"|teachers|professors|faculty|drivers|pilots|engineers|consultants|accountants|partners"
    r"|technicians|mechanics|electricians|plumbers|carpenters|cooks|waiters|stylists|scientists"
    r"|researchers|developers|designers|advisors|instructors|trainers|guides|guards|cleaners)"
)
"""Groups that make up a kind of company, each with the rest of its people next to them."""
_BESIDE = re.compile(
    rf"^ (?:\w+ )?{_FOLK},? (?:and|plus|with) (?:another |about |around |some |roughly )*$"
)
_MADE_OF = re.compile(
    rf"^ (?!sales|support|service|our|your)(?:\w+ )?{_FOLK}"
    r"(?=\s*(?:$|[.,;!?]| and | plus | in ))"
)


_WITH = re.compile(r"\bwith (?:just |only |about |our |my |like )*$")
"""Doing something "with two engineers" makes no company of two."""


def _together(u: Utterance, kept: Sequence[Number]) -> ProvideSignal | None:
    """A company told by its parts: "eighty lawyers and forty support staff"."""
    for first, second in pairwise(kept):
        between, after = u.text[first.end : second.start], u.text[second.end :]
        people = PEOPLE.match(after)
        if _BESIDE.match(between) and people and first.low and second.low:
            whole = Number(first.low + second.low, first.low + second.low, first.start, second.end)
            span = u.span(first.start, second.end + people.end())
            return ProvideSignal(span, "employees", whole.value, "positive", 0.8)
    return None


_AND_MORE = re.compile(
    r",? (?:and|plus) (?:about |maybe )?(?P<n>[a-z]+|\d+) (?:part[ -]?timers?|others?|more|girls?"
    r"|guys?|people|employees?|helpers?|staff|students?|kids|lads|ladies|women|men|temps?)\b"
)


def employees(u: Utterance, expecting: str | None) -> list[ProvideSignal]:
    """The size of the company; a team's only if nothing was said about the whole."""
    asked = expecting == "employees"
    if alone := _alone(u, asked):
        return [alone]
    every = numbers(u.text)
    kept = standing_numbers(u.text, every)
    if both := _together(u, kept):
        return [both]
    standing = set(kept)
    gone = [n for n in every if n not in standing]
    meant = asked or any(
        PEOPLE.match(u.text[n.end :]) or _rank(u.text, n, False)[0] or _had(u.text, n) for n in gone
    )
    ranked = [
        (rank, -n, number, end)
        for n, number in enumerate(kept)
        for rank, end in [_rank(u.text, number, meant)]
        if rank > 0
    ]
    ranked = ranked or [(1, 0, n, n.end) for n in kept if not asked and _listed(u.text, n)][:1]
    if not ranked:
        return []
    rank, _, number, end = max(ranked, key=lambda r: r[:2])
    base = 0.95 if rank >= 4 else 0.9 if asked else 0.75
    sure = certainty(u, number.start, number.end, base)
    span = u.span(number.start, end)
    return [ProvideSignal(span, "employees", number.value, "positive", sure)]


def _rank(text: str, number: Number, asked: bool) -> tuple[int, int]:
    """How surely a figure is the company's size (0: it is not), and where its words end."""
    after, before = text[number.end :], text[max(0, number.start - 60) : number.start]
    people = PEOPLE.match(after)
    end = number.end + (people.end() if people else 0)
    made_of = _MADE_OF.match(after) and not _WITH.search(before)
    counted = bool(people or made_of) or (asked and not _OTHER_UNIT.match(after))
    money = "grand" in text[number.start : number.end] or (SPENDABLE.match(after) and not people)
    if money or _NAMED_BY.search(before):
        return 0, end  # "grand, so I'll report back"
    members = _WE_ARE.search(before) and re.match(r" members\b", after)
    if _of_a_thing(text, number) or (_OTHER_UNIT.match(after) and not people and not members):
        return 0, end
    stated = _BEFORE.search(before) and (number.high or number.low or 0) >= 2
    if not counted and not stated:
        return 0, end
    clause = re.split(r"[.?!,]|\b(?:and|but|so)\b", before)[-1]
    if _NO_LONGER.match(after) or (not asked and _WOULD_BE.search(before)):
        return 0, end
    few = (number.high or number.low or 0) <= 2 and not (asked or stated or _OURS.search(text))
    if not people and not stated and _OF_MONEY.search(clause):
        return 0, end
    if few or _HIRING.search(clause) or of_others(text, number.start):
        return 0, end
    if people and (_KEPT.match(after) or of_an_event(text, number.start, number.end)):
        return 0, end
    if _ALL_TOLD.match(after):
        return 5, end
    if _PART.search(clause) or _PART_AFTER.match(after) or _OF_A_PART.match(after):
        return (1 if asked else 0), end
    whole = _WHOLE.search(clause) or _WHOLE.search(after[:24])
    return (4 if people else 2) + bool(whole), end


def _of_a_thing(text: str, number: Number) -> bool:
    """Whether a figure has a unit, or a sign, that does not count people."""
    unit = unit_of(text, number)
    return unit is not None and unit.measure != "people"


_NAMED_BY = re.compile(
    r"\b(?:type|tier|level|phase|version|option|class|grade|category|part|chapter|section|article"
    r"|room"
    r"|suite|floor|gate|route|highway|model|series) $"
    r"|\b(?:account|order|invoice|ticket|case|reference|ref|customer|contract|policy|po|tracking)"
    r"(?: (?:number|no|nr|id))?(?: is|'s)?[ .:#]*$"
    r"|\b(?:mornings?|evenings?|nights?|afternoons?|days?),? at (?:about |around )?$"
)
"""A figure after these is a name, a reference or an hour: "type two", "every morning at six"."""
_WOULD_BE = re.compile(r"\bthere(?:'ll| will| would|'d|'s going to| might) be(?: \w+){0,2} $")
"""How many will come or take part: "there would be two of us"."""
_WE_ARE = re.compile(r"\b(?:we're|we are)(?: (?:about|around|only|some|like|just))* $")
_NO_LONGER = re.compile(
    r"\s*(?:\w+ )?(?:was|were|used to be|is what we (?:were|had)|before|back then|last year"
    r"|at (?:our|the) peak)\b"
)
"""A figure of another time."""


def _listed(text: str, number: Number) -> bool:
    """Whether a bare figure is in a list of what they are: "games studio, seattle, 350"."""
    sentence = re.split(r"[.?!]", text[: number.start])[-1]
    after = re.match(r"(?: or so| plus| in all)?\s*(?=$|[.,;])", text[number.end :])
    bare = re.search(rf"(?:^|,) *(?:{_APPROX} )*$", sentence)
    return bool(after and bare and _SORT.search(sentence)) and (number.low or 0) >= 5


_APPROX = r"(?:about|around|roughly|some|maybe|nearly|almost|over|under|we're|we are)"
_SORT = re.compile(
    r"\b(?:compan(?:y|ies)|studio|firm|shop|stores?|retailer|bank|insurer|agency|start ?-?up"
    r"|business|group|brand|hospital|clinic|manufacturer|maker|carrier|outfit|school|university"
    r"|publisher|nonprofit|charity|house|lab|practice|broker|lender|operator|chain|distributor)\b"
)


def _had(text: str, number: Number) -> bool:
    """Whether a bare figure was given as what they have: only a correction makes it a size."""
    bare = re.match(r"\s*(?:[,.;]|$)", text[number.end :])
    return bool(bare and _HAVE.search(text[max(0, number.start - 40) : number.start]))


_HAVE = re.compile(r"\b(?:we have|we've got|we've|we got)(?: (?:about|around|like|maybe|some))* $")


def _first(text: str) -> int:
    """The first number in a few words; 0 if there is none."""
    found = numbers(text)
    return int(found[0].low or 0) if found else 0


def _alone(u: Utterance, asked: bool) -> ProvideSignal | None:
    match = _WITH_ME.search(u.text)
    if match and (beside := match["n"] or match["more"]):
        whole = str(1 + _first(beside))
        return ProvideSignal(u.span(*match.span()), "employees", whole, "positive", 0.8)
    if match and (asked or match["all"]):  # "me and my brother" may also be who decides
        more = _AND_MORE.match(u.text, match.end())
        extra = _first(more["n"]) if more else 0
        span = u.span(match.start(), more.end() if more else match.end())
        return ProvideSignal(span, "employees", str(2 + extra), "positive", 0.8)
    match = _ALONE.search(u.text)
    if match is None or (not asked and _TROUBLE.search(u.text)):
        return None
    if not (asked or _PLAINLY.search(match.group())):
        return None
    span = u.span(match.start(), match.end())
    return ProvideSignal(span, "employees", "1", "positive", 0.8)
