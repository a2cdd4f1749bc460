"""The ways to name a day, each with its resolution. Earlier rules win over later ones."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from core.conversation.words.numbers import numbers

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "one": 1, "two": 2,
            "three": 3, "four": 4, "1": 1, "2": 2, "3": 3, "4": 4}  # fmt: skip
SEASONS = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11, "winter": 2}
"""Month by whose end the season is over (northern hemisphere)."""
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_DAY_NUMBERS = {word: n for n, word in enumerate(_ORDINALS, 1)} | {"thirtieth": 30}
_DAY_NUMBERS |= {f"twenty {word}": 20 + n for n, word in enumerate(_ORDINALS[:9], 1)}
_DAY_NUMBERS |= {"thirty first": 31}
_SHORT = {m[:3]: n for n, m in enumerate(MONTHS, 1)} | {"sept": 9}
FEASTS = {"christmas": (12, 24), "the holidays": (12, 24), "new year's eve": (12, 31),
          "halloween": (10, 31), "new year's": (12, 31), "new year": (12, 31),
          "valentine's day": (2, 13), "valentine's": (2, 13), "saint patrick's day": (3, 16),
          "independence day": (7, 3), "the fourth of july": (7, 3), "labor day": (9, 1),
          "christmas eve": (12, 23), "black friday": (11, 20), "cyber monday": (11, 20),
          "thanksgiving": (11, 21)}  # fmt: skip
"""Due date for something wanted before it; movable feasts by their earliest dates."""

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]


def month_end(year: int, month: int) -> date:
    """The last day of a month; months past December continue in the next year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=1)


def quarter_end(day: date, ahead: int = 0) -> date:
    """The last day of the calendar quarter `ahead` quarters after the day's own."""
    return month_end(day.year, ((day.month - 1) // 3 + 1 + ahead) * 3)


def _week_end(day: date, ahead: int) -> date:
    return day + timedelta(days=6 - day.weekday() + 7 * ahead)


def _in_units(match: re.Match[str], day: date) -> date | None:
    found = numbers(match["n"].replace("couple of", "couple"))
    bounds = [x for n in found[:1] for x in (n.high, n.low) if x is not None]
    count = bounds[0] if bounds else 0.5 if "half" in match["n"] else 1
    if not found and not re.fullmatch(r"(?:an?|one|half an?|the next|next|another)", match["n"]):
        return None
    half = 0.5 if re.search(r"and a half", match.group()) and count == int(count) else 0
    return (
        day + timedelta(days=int((count + half) * UNIT_DAYS[match["unit"]]))
        if count < 400
        else None
    )


def _year(match: re.Match[str]) -> int | None:
    """The year said with it: "2027" or "twenty twenty seven"."""
    said = match.groupdict().get("year")
    if not said:
        return None
    if (figures := said.strip("'")).isdigit():
        return int(figures) % 2000 + 2000
    found = numbers(said.replace("twenty twenty", "twenty", 1).replace("two thousand", ""))
    tail = int(found[-1].low or 0) if found else 20
    return 2000 + tail if tail < 100 else None


def _part(match: re.Match[str], year: int, month: int) -> date:
    part = match.groupdict().get("part") or ""
    if re.search(r"early|beginning|start|first (?:week|half)", part):
        return date(year, month, 10)
    if re.search(r"mid|middle", part):
        return date(year, month, 15)
    return month_end(year, month)


def _month(match: re.Match[str], day: date) -> date | None:
    month = _SHORT[match["month"][:3]]
    part = match.groupdict().get("part") or ""
    year = _year(match) or day.year + (1 if month < day.month else 0)
    if re.search(r"(?:^|\s)(?:before|until|ahead of) $", part):
        return month_end(year, month)
    return _part(match, year, month)


def _day_number(said: str) -> int:
    """A day of the month in words or digits: "twenty-first", "21st"."""
    return _DAY_NUMBERS.get(said.replace("-", " ")) or int(re.sub(r"\D", "", said) or 0)


def _exact(match: re.Match[str], day: date) -> date | None:
    said = match["d"] if match["d"] else match["d2"]
    number = _day_number(said)
    month = _SHORT[(match["month"] or match["month2"])[:3]]
    for year in (_year(match) or day.year, day.year + 1):
        try:
            named = date(year, month, number)
        except ValueError:
            return None
        if named >= day:
            week = match["week"] or match["week2"]
            return max(named, named + timedelta(days=4 - named.weekday())) if week else named
    return None


def _of_month(match: re.Match[str], day: date) -> date | None:
    number = _day_number(match["d"])
    for ahead in (0, 1, 2):
        last = month_end(day.year, day.month + ahead)
        if day.replace(day=1) <= last and number <= last.day and last.replace(day=number) >= day:
            return last.replace(day=number)
    return None


def _of_a_month(match: re.Match[str], day: date) -> date | None:
    last = month_end(day.year, day.month + (match["which"] == "next"))
    number = _day_number(match["d"])
    return last.replace(day=number) if 0 < number <= last.day else None


def _iso(match: re.Match[str], day: date) -> date | None:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _weekday(match: re.Match[str], day: date) -> date:
    ahead = (DAYS.index(match["day"]) - day.weekday()) % 7 or 7
    extra = 7 if match["which"] == "next " and ahead + day.weekday() < 7 else 0
    return day + timedelta(days=ahead + extra)


def _quarter(match: re.Match[str], day: date) -> date:
    number = QUARTERS[match["q"] or match["q2"]]
    year = _year(match) or (day.year + 1 if match["later"] else day.year)
    end = month_end(year, number * 3)
    return end if end >= day else month_end(day.year + 1, number * 3)


def _half(match: re.Match[str], day: date) -> date:
    month = 6 if match["half"] in ("first", "1") else 12
    year = _year(match) or (day.year + 1 if "next" in match.group() else day.year)
    end = month_end(year, month)
    return end if end >= day else month_end(day.year + 1, month)


_LAST_DAYS = 14
"""A season with no more days left than this is not the one meant."""


def _season(match: re.Match[str], day: date) -> date:
    month = SEASONS[match["season"]]
    year = _year(match)
    if year:
        return month_end(year, month)
    end = month_end(day.year, month)
    return end if (end - day).days > _LAST_DAYS else month_end(day.year + 1, month)


def _before_season(match: re.Match[str], day: date) -> date:
    months = SEASONS[match["season"]] - 3
    year = _year(match)
    end = month_end(year or day.year, months if months > 0 else 11)
    return end if year or end >= day else month_end(end.year + 1, end.month)


def _month_next_year(match: re.Match[str], day: date) -> date:
    return _part(match, day.year + 1, _SHORT[match["month"][:3]])


def _week_of_month(match: re.Match[str], day: date) -> date:
    month = _SHORT[match["month"][:3]]
    year = day.year + (1 if month < day.month else 0)
    weeks = _DAY_NUMBERS.get(match["w"]) or int(re.sub(r"\D", "", match["w"]) or 0)
    return date(year, month, 7 * weeks) if 1 <= weeks <= 4 else month_end(year, month)


def _before_month(match: re.Match[str], day: date) -> date:
    month = _SHORT[match["month"][:3]]
    year = _year(match) or day.year + (1 if month <= day.month else 0)
    return date(year, month, 1) - timedelta(days=1)


def _in_year(match: re.Match[str], day: date) -> date | None:
    year = _year(match)
    return date(year, 12, 31) if year and year >= day.year else None


def _counted(match: re.Match[str], day: date) -> date | None:
    if match["n"]:
        return _in_units(match, day)
    unit = match["unit2"] or match["unit3"]
    found = numbers(match["n3"] or match["n2"].replace("couple of", "couple"))
    if not found:
        return None
    return day + timedelta(days=int((found[0].high or found[0].low or 1) * UNIT_DAYS[unit]))


def _halves(match: re.Match[str], day: date) -> date:
    if match["half2"]:
        end = month_end(day.year, 6 * int(match["half2"]))
        return end if end >= day else month_end(day.year + 1, 6 * int(match["half2"]))
    return _half(match, day)


def _feast_named(match: re.Match[str], day: date) -> date:
    name = "the holidays" if match["feast"] == "holidays" else match["feast"]
    month, number = FEASTS[name]
    this = date(day.year, month, number)
    coming = this if this >= day else date(day.year + 1, month, number)
    if match["side"].split()[0] in ("right", "straight", "just"):
        return coming + timedelta(days=14)
    if match["side"] == "after":
        return month_end(coming.year + 1, 1) if month == 12 else month_end(coming.year, month)
    return coming


_N = r"(?P<n>half an?|an?|one|the next|next|another|(?:a |the next |about |another |like |maybe )*"
_N += r"[a-z]+(?: of| and a half)?|\d+|[a-z\d]+ (?:to|or|maybe) [a-z\d]+)"
_END = r"(?:the )?end (?:of|off|a|or) "
"""A recogniser may hear "of" as another small word."""
_A_YEAR = (
    r"(?: (?:of |in )?(?P<year>20\d\d|twenty twenty(?: (?:five|six|seven|eight|nine))?|two"
    r" thousand \w+(?: \w+)?"
    r"|(?<= of )(?:'?[2-4]\d|(?:twenty|thirty)(?:[ -](?:one|two|three|four|five|six|seven|eight"
    r"|nine))?)(?![\w-]| \w+s\b)))"
)
_YEAR = f"{_A_YEAR}?"
_PARTS = (
    r"(?P<part>(?:early|late|mid)[ -](?:in )?|(?:the )?(?:very )?(?:end|beginning|start|middle"
    r"|first"
    r" week|first half|second half|last week) (?:of|off|a|or) )?"
)
_SAFE = "|".join(m for m in MONTHS if m not in ("march", "may"))
_ALL = "|".join(MONTHS)
_ABBR = "jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
_BRIEF = "jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec"
"""Short months that are no other word in "by …"."""
_OF_A_SEASON = (
    r"(?! (?:catalog(?:ue)?|collection|season|sale|launch|campaign|semester|term|break|release|drop"
    r"|line|menu|rush|holidays?|conference|show)s?\b)"
)
"""A season that only modifies another word: "before the spring catalog drops"."""
_NTH = "|".join(sorted(_DAY_NUMBERS, key=len, reverse=True)).replace(" ", "[ -]")
_NTH += r"|\d{1,2}(?:st|nd|rd|th)?"
_SAY = r"(?:,? (?:say|maybe|probably|perhaps|around|about|like|on|i'd say|i think))*,? the "
"""Between a month and a day of it given as an afterthought."""
_A_DATE = (
    rf"(?:the )?(?:(?:{_NTH}) (?:of )?(?:{_ALL}|{_ABBR})|(?:{_ALL}|{_ABBR}) (?:the )?(?:{_NTH}))"
)
_WEEKDAY = "|".join(DAYS)


def _rule(pattern: str, resolve: Callable[[re.Match[str], date], date | None]) -> Rule:
    return re.compile(r"\b(?:" + pattern + r")\b"), resolve


OPEN = _rule(
    r"(?:there's |there is )?no (?:particular |big |great |real |specific |fixed |set |hard |strict"
    r" |firm |concrete )*(?:rush|hurry|timeline|timeframe|time ?frame|deadline|dead line|date"
    r"|urgency"
    r"|schedule|time pressure)(?: yet| at all)?"
    r"|not (?:for a while|any ?time soon|in (?:a|any) (?:hurry|rush)|(?:that |really |very )?urgent"
    r"|really sure when|on a deadline)|some ?day|at some point|down the (?:road|line)"
    r"|(?:just|only|still|mostly) (?:looking|browsing|exploring|researching|comparing|shopping)"
    r"(?: around| right now| for now| at this point)?|early days|very early stages?|early stages?"
    r"|(?:no|haven't|hasn't|not) (?:yet )?(?:decided|planned|set|fixed|settled|figured out)"
    r"(?: on)?(?: a| any)?(?: when| (?:date|timeline|deadline|schedule))"
    r"|(?:don't|do not|doesn't) (?:really )?have (?:a|any) (?:\w+ )?(?:timeline|deadline|date|rush"
    r"|timeframe|time frame)(?: yet)?"
    r"|whenever|open[ -]ended|timing is (?:open|flexible)|flexible on (?:timing|the date|when)"
    r"|(?:when|whenever) the budget (?:is|comes)\b[^.?!,]{0,20}",
    lambda m, d: None,
)
RULES: tuple[Rule, ...] = (
    OPEN,
    _rule(
        r"(?:as )?soon as (?:\w+ )?(?:possible|we can|we possibly can|you can)|asap|a s a p"
        r"|right away|as (?:fast|quickly) as (?:possible|we can|you can)"
        r"|immediately"
        r"|straight away|yesterday|right now|urgent(?:ly)?|today|the sooner the better|pretty"
        r" urgent"
        r"|very soon|ideally now|pronto|yesterday",
        lambda m, d: d,
    ),
    _rule(r"the day after tomorrow", lambda m, d: d + timedelta(days=2)),
    _rule(r"tomorrow", lambda m, d: d + timedelta(days=1)),
    _rule(r"(?P<y>20\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)", _iso),
    _rule(rf"{_PARTS}(?P<month>{_ALL}|{_BRIEF}),? (?:of )?next year", _month_next_year),
    _rule(rf"(?P<month>{_SAFE}|march),? (?:the |in the )?"
          r"(?P<w>first|second|third|fourth|last|1st|2nd|3rd) week", _week_of_month),
    _rule(
        rf"(?P<week>(?:the )?week of )?(?:the )?(?P<d>{_NTH}) (?:of |day of )?"
        rf"(?P<month>{_ALL}|{_ABBR}){_YEAR}"
        rf"|(?P<week2>(?:the )?week of )?(?P<month2>{_ALL}|{_ABBR})(?: (?:the )?|{_SAY})"
        rf"(?P<d2>{_NTH})(?!\d| quarter| half| week)(?: people| percent)?",
        _exact,
    ),
    _rule(
        r"(?:in|within|over|inside(?: of)?)(?: the)?(?: next| about| maybe| like| roughly| around|"
        r" another)* "
        + _N + r" (?P<unit>day|week|month|quarter|year)s?(?: from now| or so| time| and a half)?"
        r"|(?:the )?(?:next|coming) (?P<n2>few|couple of|couple|two|three|four|six) "
        r"(?P<unit2>day|week|month|quarter|year)s"
        r"|(?P<n3>[a-z]+(?: (?:to|or) [a-z]+)?|\d+) (?P<unit3>day|week|month|year)s? (?:from now"
        r"|out"
        r"|from today)",
        _counted),
    _rule(r"(?P<half>first|second|1|2|other)(?:st|nd)? half(?: of(?: the| this| next)?(?: year)?)?"
          + _YEAR + r"|h(?P<half2>[12])" , _halves),
    _rule(r"(?:by |before )?" + _END + r"(?:the |this |our )?(?:calendar |fiscal )?year|this year"
          r"|year[ -]?end|end of year", lambda m, d: date(d.year, 12, 31)),
    _rule(r"(?:in |by )?" + _END + r"(?:the |this )?quarter|this quarter"
          r"|(?:this|the) current quarter", lambda m, d: quarter_end(d)),
    _rule(r"(?:" + _END + r"|early |late |start of |beginning of )?(?:the )?next quarter"
          r"|the following quarter", lambda m, d: quarter_end(d, 1)),
    _rule(r"(?:end of |early |late )?(?:q ?(?P<q>[1-4]|one|two|three|four)"
          r"|(?P<q2>first|second|third|fourth|last) quarter)(?P<later> (?:of )?next year)?" + _YEAR
          + r"(?: of (?:the|this) year)?", _quarter),
    _rule(r"(?:(?:early|late|mid|end of|the|in|by|before|until|around|during)[ -])*"
          r"(?P<season>spring|summer|fall|autumn|winter) (?:of )?next year",
          lambda m, d: month_end(d.year + 1, SEASONS[m["season"]])),
    _rule(r"early (?:in )?(?:the )?next year|early in the (?:new )?year|(?:the )?(?:beginning"
    r"|start) of"
          r" (?:the |next )(?:new )?year|(?:in |after )the new year|first thing next year"
          r"|start of next year",
          lambda m, d: date(d.year + 1, 2, 28)),
    _rule(r"(?:mid|middle of)[ -]next year", lambda m, d: date(d.year + 1, 6, 30)),
    _rule(r"(?:some ?time |later |late |end of )?(?:in )?next year",
          lambda m, d: date(d.year + 1, 12, 31)),
    _rule(_END + r"(?:the |this )?month|this month",
          lambda m, d: month_end(d.year, d.month)),
    _rule(rf"(?:the )?(?P<d>{_NTH}) of (?P<which>next|this) month", _of_a_month),
    _rule(r"(?:mid|middle of)[ -](?:the )?next month",
          lambda m, d: month_end(d.year, d.month) + timedelta(days=15)),
    _rule(r"(?:" + _END + r"|some ?time |early )?next month",
          lambda m, d: month_end(d.year, d.month + 1)),
    _rule(_END + r"(?:the |this )?week|this week", lambda m, d: _week_end(d, 0)),
    _rule(r"(?:" + _END + r")?(?:the )?week after next", lambda m, d: _week_end(d, 2)),
    _rule(r"(?:" + _END + r")?next week", lambda m, d: _week_end(d, 1)),
    _rule(r"(?<!not )(?<!n't )(?<!not be )(?<!n't be )(?:before|until|ahead of|prior to)"
          r" (?:the |next )?(?P<season>spring|summer|fall|autumn|winter)" + _OF_A_SEASON + _YEAR,
          _before_season),
    _rule(r"(?<!not )(?:before|ahead of|prior to) (?P<month>" + _ALL + "|" + _BRIEF + r")" + _YEAR,
          _before_month),
    _rule(r"(?P<season>spring|summer|fall|autumn|winter)" + _A_YEAR, _season),
    _rule(r"(?:in|by|during|until|before|for|early|mid|late|around|not before|of)[ -]"
          r"(?P<year>20\d\d|twenty twenty \w+)(?! people| employees| rows)", _in_year),
    _rule(r"(?:(?:early|late|mid|end of|this|next|the|in|by|before|until|around|during|more like"
          r"|rather)[ -])+"
          r"(?P<season>spring|summer|fall|autumn|winter)" + _OF_A_SEASON + _YEAR, _season),
    _rule(r"(?P<side>before|(?:right |straight |just )?after|by|around|over|until|till) (?P<feast>"
          rf"{'|'.join(sorted(FEASTS, key=len, reverse=True))}|holidays)",
          _feast_named),
    _rule(_PARTS + rf"(?P<month>{_SAFE}){_YEAR}", _month),
    _rule(r"(?P<part>(?:the )?(?:end|beginning|start|middle) (?:of|off|a|or) |early (?:in )?"
    r"|late "
          r"|mid[ -])(?P<month>march|may)" + _YEAR, _month),
    _rule(r"(?:in|by|next|this|until|before|for|around|come|till|since|from|starting|beginning|after"
          r")(?P<part> )"
          r"(?P<month>march|may)" + _YEAR, _month),
    _rule(r"(?:an?|our|the)(?P<part> )(?P<month>march|may)(?: (?:launch|start|rollout|go.?live"
          r"|deadline|date|release|kick.?off|close|board|audit|cut.?over|renewal|review))" + _YEAR,
          _month),
    _rule(r"(?P<part>)(?P<month>march|may)(?=[ -]ish\b| (?:would be|at the latest|latest|works"
          r"|suits))", _month),
    _rule(r"(?P<part>(?:early|late|mid)[ -](?:in )?|(?:the )?(?:end|beginning|start|middle"
          r"|first week|last week) of |(?:in|by|until|till|for|from|around|come|next|this|sometime)"
          rf" )(?P<month>{_BRIEF})(?!\w)" + _YEAR, _month),
    _rule(rf"(?P<part>)(?P<month>{_BRIEF})(?= (?:latest|at the latest|ideally|deadline))", _month),
    _rule(r"(?:(?<=says )|(?<=said )|(?<=meant )|(?<=mean )|(?<=like )|(?<=sorry )|(?<=sorry, )"
          r"|(?<=rather )|(?<=no )|(?<=no, )|(?<=or )|(?<=make that )|(?<=make it )|(?<=actually ))"
          r"(?P<part>)(?P<month>march|may)"
          r"(?=\s*(?:$|[.,;!?]))" + _YEAR, _month),
    _rule(r"(?P<month>march|may) (?P<year>20\d\d|twenty twenty \w+)", _month),
    _rule(r"(?:(?:start|begin)\w*(?: on| from| around| about)?|by|before|until|from|after|around"
          rf"|on|{_WEEKDAY}),? the (?P<d>{_NTH})"
          r"(?=\s*(?:$|[.,;!?]| at the latest| please| or so| for| until| till| through| in))",
          _of_month),
    _rule(r"(?<!on a )(?<!of a )(?<!black )(?P<which>next |this |on |by )?"
          rf"(?P<day>{_WEEKDAY})(?!,? {_A_DATE}\b)", _weekday),
)  # fmt: skip
