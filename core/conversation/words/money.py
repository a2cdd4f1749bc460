"""What a buyer can spend in a year: stated sums, digit counts ("six figures"), or none."""

import re

from core.commands import ProvideSignal
from core.conversation.words.figures import certainty, standing_numbers
from core.conversation.words.numbers import Number, numbers
from core.conversation.words.others import of_others
from core.conversation.words.utterance import Utterance

_CURRENCY = r"(?:dollars?|bucks|euros?|pounds?|usd|eur|gbp|francs|grand|k)"
_MONEY_AFTER = re.compile(rf"^\s*(?:or so |plus )?(?:us )?{_CURRENCY}\b|^\s*us\b")
_PER = re.compile(
    r"^[^.?!]{0,22}?\b(?:(?:a|per|each|every|the) (?P<per>month|quarter|week|year)|"
    r"(?P<ly>monthly|quarterly|weekly|annually|yearly))\b"
)
_TIMES = {"month": 12, "quarter": 4, "week": 52, "year": 1,
          "monthly": 12, "quarterly": 4, "weekly": 52, "annually": 1, "yearly": 1}  # fmt: skip
_BUDGET = re.compile(
    r"\b(?:budgets?|budgeted|spend|spending|afford|(?:set|put|laid) aside|allocated|earmarked"
    r"|ear-?marked"
    r"|ring[ -]?fenced|reserved|signed off|sign off on|pencilled in|come in (?:under|at|below)"
    r"|stretch|go(?:ing)? (?:over|above|beyond|past)|(?:money|funds|cash|room) (?:for|left)"
    r"|approved|approval|sign[ -]off|stay (?:under|below|within)|keep it (?:under|below)"
    r"|willing to pay|could pay|can pay|would pay|'d pay|thinking|comfortable|cap(?:ped)?|ceiling"
    r"|invest|price range"
    r"|mentioned|floated|heard|ballpark of|don't want to (?:pay|spend)|go (?:up to|over|above"
    r"|higher)|we have|we've got|i've got|i got|i have|can do)\b"
)
"""Words that make a sum what they can spend."""
_PLAIN = re.compile(
    r"\b(?:mentioned|floated|heard|thinking|we have|we've got|i've got|i got|i have|can do"
    r"|comfortable)\b"
)
"""Those of them that need the sum to be recognisable as money."""
_PAID = re.compile(
    r"\b(?:(?:we're|we are|currently|already|now|today) (?:paying|spending)|we pay|we spend|costs"
    r" us"
    r"|paid|charges? us|quoted|their price|they want|is it|are you|how much|does it|cost|revenue"
    r"|turnover|raised|funding|worth|make|made|sell|sales of|salary)\b"
)
"""Words that make a sum something else: a price, current spending, income."""
SPENDABLE = re.compile(
    rf"\s*(?:{_CURRENCY} |or so |total |max |a year |per year )*(?:for (?:this|it|that|the"
    rf" (?:project"
    r"|year|whole thing|tool))\b|to (?:spend|work with|play with|put (?:in|into|towards))\b"
    r"|available\b|set aside\b|left\b|(?:in|as) (?:the|our|a) budget\b|budget(?:ed)?\b)"
)
"""Right after a sum: it is available to spend."""
_UNIT = re.compile(
    r"^[\s-]*(?:or so )?(?:(?!(?:a|per|each|every|the|one) )\w+ )?(?:rows|tables|figures?|records"
    r"|weeks?|months?|days?|years?|hours?|minutes?"
    r"|people|employees|users?|seats|customers?|contacts|stores|percent|%|connectors?|sources?"
    r"|destinations?|samples?|of us|folks|persons?|am|pm|o'?clock|terabytes?|gigabytes?)\b"
)
_EACH_HOLDS = re.compile(
    r"\b(?!(?:budget|fund|cost|payment|saving|mean|expense|resource|limit)s)[a-z]+s (?:of|with|at)"
    r" (?:about |around |roughly |some |maybe |like |up to |over )*$"
)
"""Before a number: how much each of several things holds, "three tables of 500k"."""
_TO_SPEND = re.compile(r"k?\W*(?:\w+ ){0,2}(?:budgets?|to spend|dollars|bucks)\b")
"""After a number: it is money whatever comes before, "sites with 5k budget"."""
_FIGURES = re.compile(
    r"\b(?P<part>low|lower|mid|middle|high|upper)?[ -]*(?P<n>four|five|six|seven)[ -]figures?\b"
)
_DIGITS = {"four": 1_000, "five": 10_000, "six": 100_000, "seven": 1_000_000}
_PARTS = {"low": (1, 3), "lower": (1, 3), "mid": (4, 6), "middle": (4, 6), "high": (7, 9.99),
          "upper": (7, 9.99)}  # fmt: skip
_NONE = re.compile(
    r"\b(?:no|not? (?:an? |any )?(?:set|fixed|real|specific|official)?|without an?|zero"
    r"|(?:don't|do not|doesn't|haven't|hasn't|isn't|never|nobody(?:'s| has)?)(?: \w+){0,3}?)"
    r" (?:set |fixed |real |official |specific |formal |dedicated )?budgets?(?: for (?:it|this))?\b"
    r"|\bbudgets?(?: \w+){0,2}? (?:hasn't|hasn't|isn't|not|haven't|wasn't|is still|still needs)\b"
    r"(?: \w+){0,2}|\bunbudgeted\b"
)
_NOT_SET = re.compile(
    r"^(?:none|zero|nothing)\b|\b(?:haven't|hasn't|not|nothing|no|isn't|don't have)\b(?:"
    r" \w+){0,3}? (?:set|aside|approved"
    r"|allocated|decided|number|amount|figure|one|yet|defined|planned|earmarked)\b"
)


def budget(u: Utterance, expecting: str | None) -> list[ProvideSignal]:
    """The yearly sum, as a stored quantity; "none" if they say there is no budget."""
    asked = expecting == "budget"
    for number in standing_numbers(u.text, numbers(u.text)):
        per = _PER.match(u.text[number.end :])
        if not _is_budget(u, number, asked, per is not None):
            continue
        end = number.end + (per.end() if per else 0)
        money = _MONEY_AFTER.match(u.text[number.end :])
        end = max(end, number.end + (money.end() if money else 0))
        sure = certainty(u, number.start, number.end, 0.9)
        capped = bool(_NEVER_OVER.search(u.text[max(0, number.start - 50) : number.start]))
        value = _yearly(number, per, capped)
        return [ProvideSignal(u.span(number.start, end), "budget", value, "positive", sure)]
    if match := _FIGURES.search(u.text):
        if asked or _BUDGET.search(u.text):
            return [_figures(u, match)]
    none = _NONE.search(u.text) or (_NOT_SET.search(u.text) if asked else None)
    if none:
        span = u.span(none.start(), none.end())
        return [ProvideSignal(span, "budget", "none", "negative", 0.8)]
    return []


def _is_budget(u: Utterance, number: Number, asked: bool, per: bool) -> bool:
    text = u.text
    before, after = text[max(0, number.start - 60) : number.start], text[number.end :]
    if of_others(text, number.start) and not asked:
        return False
    clause = re.split(r"[.?!]|\bbut\b", before)[-1]
    said = text[number.start : number.end]
    thousands = said.endswith("k") and not _UNIT.match(after)
    money = "grand" in said or thousands or bool(_MONEY_AFTER.match(after))
    money = money or before.rstrip().endswith("$")
    if _UNIT.match(after) and not money:
        return False
    if thousands and not _TO_SPEND.match(after) and _EACH_HOLDS.search(before):
        return False
    cues = [m.end() for m in _BUDGET.finditer(clause)]
    paid = [m.end() for m in _PAID.finditer(clause)]
    if paid and (not cues or paid[-1] > cues[-1]):
        return False
    if _NEVER_OVER.search(clause) and not paid:
        return money or per or (number.low or number.high or 0) >= 1_000
    later = _BUDGET.search(after[:48]) is not None and not _PAID.search(after[:48])
    if asked or (SPENDABLE.match(after) and (number.high or number.low or 0) >= 1_000):
        return True
    if not cues:
        short = len(u.tokens) <= 9 and (per or number.low != number.high)
        return money and (later or short)
    large = (number.high or number.low or 0) >= 1_000
    plain = _PLAIN.search(clause) is not None and "budget" not in clause
    return (money or per) and (not plain or large or per) if plain else money or per or large


_NEVER_OVER = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|don't want to|won't|not|never|shouldn't|mustn't)(?: \w+)?"
    r" (?:go|spend|pay|be|get|stretch)(?: \w+)? (?:over|above|beyond|past|more than)\s+(?:\$)?$"
)


def _yearly(number: Number, per: re.Match[str] | None, capped: bool) -> str:
    times = _TIMES[per["per"] or per["ly"]] if per else 1
    if capped:  # "can't go over six hundred"
        number = Number(None, number.low or number.high, number.start, number.end)
    low = number.low * times if number.low is not None else None
    high = number.high * times if number.high is not None else None
    return Number(low, high, number.start, number.end).value


def _figures(u: Utterance, match: re.Match[str]) -> ProvideSignal:
    """ "Low five figures" is ten to thirty thousand; "six figures" a hundred thousand or more."""
    unit = _DIGITS[match["n"]]
    low, high = _PARTS.get(match["part"] or "", (1, None))
    number = Number(low * unit, high * unit if high else None, match.start(), match.end())
    sure = certainty(u, match.start(), match.end(), 0.75)
    span = u.span(match.start(), match.end())
    return ProvideSignal(span, "budget", number.value, "positive", sure)
