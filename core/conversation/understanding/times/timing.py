"""When buyers want to have it, told apart from durations and the past."""

import re
from collections.abc import Sequence
from datetime import timedelta

from core.commands import Command, CorrectSignal, ProvideSignal
from core.conversation.understanding.times.wishes import refused
from core.conversation.words.date_rules import UNIT_DAYS
from core.conversation.words.dates import When, times
from core.conversation.words.figures import TAKEN_BACK, certainty
from core.conversation.words.gatherings import day_of_one
from core.conversation.words.numbers import numbers
from core.conversation.words.utterance import Utterance
from core.quantity import is_day

PLANNED = re.compile(
    r"\b(?:start\w*|live|run(?:ning)?|ready|need\w*|want\w*|launch\w*|begin|place|going|go|plan\w*"
    r"|project|decid\w*|decision|buy\w*|deadline|like|hop(?:e|ing|efully)|due|goal|target\w*|aim\w*"
    r"|implement\w*|roll\w*|deploy\w*|migrat\w*|expire[sd]?|ends?|runs? out"
    r"|renew\w*|kick\w*|ideally|timeline"
    r"|set ?up|finish\w*|done|complete\w*|move|switch\w*|up and|before|by|look(?:ing)? (?:at|to)"
    r"|wanna|gonna|got to|gotta|has to|we'd be|we would be|it'd be|ahead of|in place|purchase"
    r"|sign|onboard\w*|pilot|budget|working on|working toward\w*|must|have to|supposed"
    r"|shoot\w* for|love it|come|at the latest|latest|no later)\b"
)
PAST = re.compile(
    r"\b(?:ago|asked|called|rang|wrote|spoke|talked|e-?mailed|last|grew|grown|hired|raised|since"
    r"|been|was|were|had|did|used to|built|took|founded"
    r"|started (?!looking)|previous|already|moved|so far)\b"
)
_LASTS = re.compile(
    r"\b(?:build|takes?|took|takes about|keep|retain|store|history|archive|trial|onboarding"
    r"|contract(?:s)? (?:are|is|of|runs?)|commit\w*|long|retention|delay|every|updates?|spend|pay"
    r"|cost)\b"
)
_TAKES_BACK = re.compile(
    rf"\b(?:{TAKEN_BACK}|more like|sorry|actually|make that|oh,? wait|wait,? no|or rather|no"
    r"|call it|let's say|so (?:like|say|by)|that is)\b"
)
_BARE = re.compile(
    r"\b(?P<n>an?|one|(?:a |about |maybe |like |roughly )*[a-z]+(?: of)?|\d+"
    r"|[a-z\d]+ (?:to|or) [a-z\d]+) (?P<unit>day|week|month|quarter|year)s?\b"
)
_RATE = re.compile(
    r"\b(?!(?:in|within|about|around|maybe|like|say|probably|roughly|half|under|over|and|or|take"
    r"|takes|give|need|for|only|just|than|it's|i'd|yes|well|um|uh|oh|hm+|okay|ok|to|of|next"
    r"|after)\b)"
    r"[\w']+ $"
)
"""After a thing, "a year" is a rate, not a future time: "twenty thousand a year"."""
_SEASON = re.compile(r"\b(?P<season>spring|summer|fall|autumn|winter)\b")
_IDEAL_SEASON = re.compile(
    r"\b(?:spring|summer|fall|autumn|winter)(?:'s|'d| is| would| works| sounds| might be| may be)"
    r"(?: be| work)? (?:ideal|best|perfect|good|great|fine|better|nice|okay|ok)\b"
    r"|\b(?:ideally|hopefully|preferably),? (?:in |by |this |next )?"
    r"(?:spring|summer|fall|autumn|winter)\b"
)
"""A season as a wish: "spring would be ideal"."""
_HABIT = re.compile(
    r"\b(?:an?|per|each|every) (?:day|night|week|month)\b(?! from\b)[^.?!;]*$"
    r"|\b(?:\d+|hundred|thousand|dozen)(?:'s| is| are| was) (?:for |in |about )?$"
)
"""Before a season in which they do or use so much: "nine thousand a day in summer"."""


TIMELINE = "timeline"
"""The criterion of when they want it, in any company."""


def timeline(
    u: Utterance,
    named: Sequence[When],
    name: str,
    asked: list[tuple[int, int]],
    *,
    expected: bool,
) -> list[ProvideSignal]:
    """The day by which they want it; `named`: every time in the turn, `name`: the criterion,
    `asked`: the ranges of its questions, `expected`: a day alone is enough."""
    today = u.said.at.date()
    found = _bare(u) if not named and (expected or _IDEAL_SEASON.search(u.text)) else named
    kept = standing(u, found)
    for when in sorted(kept, key=lambda w: (w.by is None, w.by == today)):
        inside = any(a <= when.start and when.end <= b for a, b in asked)
        phrase = u.text[when.start : when.end]
        if _OF_A_WEEK.search(phrase) and refused(u.text, when.start, when.end):
            continue  # "I'm busy on Friday"
        if (
            phrase in ("today", "right now", "just looking", "yesterday", "whenever")
            and not expected
        ):
            after = u.text[when.end :]
            if not _URGED.search(u.text[: when.start]) and not _IDEALLY.match(after):
                continue
        if (inside and not _OF_OURS.search(u.text)) or _MEANWHILE.search(u.text[: when.start]):
            continue
        dated = any(w.open and _FOR.fullmatch(u.text, w.end, when.start) for w in kept)
        meant = dated or _meant(u, when, corrected=len(kept) < len(found))
        if not (expected or when.open or meant):
            continue
        start = when.start - len("not ") * u.text[: when.start].endswith("not ")
        span, base = u.span(start, when.end), 0.9 if expected else 0.8
        sure = certainty(u, when.start, when.end, 0.6 if inside else base)
        if when.by is None:
            return [ProvideSignal(span, name, "none", "negative", sure)]
        return [ProvideSignal(span, name, when.by.isoformat(), "positive", sure, inside)]
    return []


_FOR = re.compile(r",? (?:for|ahead of|before|towards?) (?:the )?")
"""Between looking around and what they look for: "just exploring for Q3"."""
_MEANWHILE = re.compile(
    r"\b(?:if|when|once) (?:we|i|they) (?:ever |have to |had to |want to |decide to )?(?:move|moved"
    r"|leave|left|sell|sold|close|closed|retire|retired|relocate|expand|outgrow)\b[^.?!]*$"
)
"""Something that may happen meanwhile, not a plan: "if we move out in five years"."""
_OF_OURS = re.compile(r"\b(?:we|us|live|start|running|ready|(?:has|have|needs?) to be|must be)\b")
"""Words that make a day within a question the buyer's."""
_URGED = re.compile(r"\b(?:need|needed|want|wanted|ideally|preferably)\b")
_IDEALLY = re.compile(r",? (?:ideally|preferably|if possible|would be (?:nice|good|great|best))\b")


SOON_DAYS = 21
"""A time within this many days may be that of a call; "next fall" is a project's."""


def far(u: Utterance) -> bool:
    """Whether every day a turn names is too far away for a call being arranged."""
    today = u.said.at.date()
    days = [w.by for w in standing(u, times(u.text, today)) if w.by is not None]
    return bool(days) and min(days) > today + timedelta(days=SOON_DAYS)


_OF_A_WEEK = re.compile(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow)\b")
_OF_A_PROJECT = re.compile(
    r"\b(?:start\w*|live|launch\w*|running|ready|kick\w*|deadline|due|begin\w*|need it|in place"
    r"|deploy\w*|migrat\w*|roll\w*)\b"
)


def apart(text: str, told: str, others: Sequence[str]) -> bool:
    """Whether something is said in separate sentences: "we start in March. Have someone ring"."""
    sentences = re.split(r"[.?!;]\s+", text)
    mine = [s for s in sentences if told.lower() in s]
    if _OF_A_WEEK.search(told.lower()):  # few plan a project for a Wednesday
        mine = [s for s in mine if _OF_A_PROJECT.search(s)]
    return bool(mine) and not any(_same_matter(s, other.lower()) for s in mine for other in others)


def _same_matter(sentence: str, other: str) -> bool:
    """Whether a sentence holds a request, or the part of a longer one about the call."""
    return other in sentence or (sentence in other and _OF_A_CALL.search(sentence) is not None)


_OF_A_CALL = re.compile(
    r"\b(?:call|phone|ring|meet|talk|speak|chat|book|buzz|reach|works?|suits?)\b"
)


def of_a_time(command: Command) -> bool:
    """Whether a reading may be the time of a call rather than a project's figure or date."""
    if not isinstance(command, ProvideSignal | CorrectSignal):
        return False
    bare = command.criterion in ("employees", "budget") and len(command.span.quote.split()) == 1
    return of_a_day(command) or bare


def of_a_day(command: Command) -> bool:
    """Whether a reading is a date, or that there is none."""
    if not isinstance(command, ProvideSignal | CorrectSignal):
        return False
    return command.criterion == TIMELINE or is_day(command.value)


def of_a_plan(command: Command, u: Utterance, whens: Sequence[str]) -> bool:
    """Whether a sum or a day is about a project although a call is requested in the same sentence:
    "by january, budget around 20k, can i see a demo tomorrow". `whens`: the times of the call."""
    if not isinstance(command, ProvideSignal | CorrectSignal):
        return False
    quote = command.span.quote.lower()
    before = u.text[: max(u.text.find(quote), 0)]
    if command.criterion == "budget":
        return re.search(r"\b(?:budget|spend|pay)\w*\b[^.?!,]{0,20}$", before) is not None
    if not of_a_day(command) or command.value == "none":
        return False
    far_off = command.value > (u.said.at.date() + timedelta(days=SOON_DAYS)).isoformat()
    named = [w for w in whens if w]
    return far_off and bool(named) and not any(w.lower() in quote or quote in w for w in named)


def standing(u: Utterance, found: Sequence[When]) -> Sequence[When]:
    """The times without retracted ones: "this month, actually no, next quarter"."""
    for i in range(len(found) - 1, 0, -1):
        if _TAKES_BACK.search(u.text[found[i - 1].end : found[i].start]):
            return found[i:]
    if last := [w for w in found if _LATEST.match(u.text[w.end :])]:
        return last
    named = [w for w in found if not _SEASON.search(u.text[w.start : w.end])]
    seasons = [w for w in found if w not in named]
    return [w for w in found if w in named or not any(_within(n, w) for n in named)] or seasons


_LATEST = re.compile(r"\s*,? (?:at the (?:very )?latest|no later|tops)\b")


def _within(exact: When, season: When) -> bool:
    """Whether a day only makes a season more precise: "by summer, come june"."""
    if exact.by is None or season.by is None:
        return False
    return timedelta() <= season.by - exact.by <= timedelta(days=100)


def _meant(u: Utterance, when: When, *, corrected: bool = False) -> bool:
    """Whether a day is when the caller wants it, rather than a duration or the past.

    `corrected`: it was said in place of another.
    """
    before = re.split(r"[.?!]", u.text[max(0, when.start - 70) : when.start])[-1]
    after = re.split(r"[.?!]", u.text[when.end : when.end + 40])[0]
    if _RUNS_OUT.search(before):
        return True
    if when.by and (REPLY_BY.search(before) or _paces(before)):
        return False  # "please answer by Friday", "we're swamped before Christmas"
    if day_of_one(before):
        return True
    phrase = u.text[when.start : when.end]
    if _SEASON.search(phrase) and _HABIT.search(before):
        return False
    if _IT_IS.search(before) and not _OF_A_WEEK.match(phrase):  # "it's Monday" may be today
        return True
    lasts = [m.end() for m in _LASTS.finditer(before)]
    plans = [m.end() for m in PLANNED.finditer(before)]
    if re.search(r"\bfor (?:the )?$", before) and when.by and when.by.month == 12:
        return False  # "sixty thousand for this year"
    if (lasts and (not plans or plans[-1] < lasts[-1])) or re.match(
        r"\s+(?:ago|of data|of"
        r" history|old)\b",
        after,
    ):
        return False
    earlier = u.text[: when.start]
    if _TAKES_BACK.search(before):  # "by march. actually my colleague says june"
        before = earlier
    planned = PLANNED.search(before) or PLANNED.search(after) or _PLANS.match(phrase)
    planned = planned or _WOULD.match(after)
    if PAST.search(_SUPPOSED.sub("", before)) and not re.search(
        r"\b(?:need|want|plann|plans? (?:to|on|for)\b|hop|aim)", before
    ):
        return False
    return corrected or len(u.tokens) <= 6 or planned is not None


def _paces(before: str) -> bool:
    return _PACE.search(before) is not None and not re.search(r"\b(?:need|want)", before)


_RUNS_OUT = re.compile(
    r"\b(?:contract|agreement|lease|license|licence|subscription|term)(?:'s| is| comes) up\b"
)
"""Before a time by which they need something else."""
_PACE = re.compile(
    r"\b(?:more|less|fewer|busy|busier|busiest|slammed|swamped|slow|slower|slowest|quiet|quieter"
    r"|crazy|mad|nuts|hectic|flat out|buried|double|triple|twice|peaks?|spikes?|surges?|rush|drops?"
    r"|(?:goes|go|picks?|is|are) up)\b(?: (?!(?:start|live|ready|need|want)\b)[\w']+){0,3} $"
)
"""Before a time: the workload then, not a plan."""
REPLY_BY = re.compile(
    r"\b(?:answers?|reply|replies|respon\w+|feedback|quot(?:e|es|ation)|offer|proposal|estimate"
    r"|questionnaire|(?:get|come|write) back|hear (?:back|from)|submit\w*|send (?:it|us|me|over))\b"
    r"(?:(?! (?:live|running|launch\w*|start\w*|in place)\b)[^.?!;]){0,60}$"
)
"""Before a day: they want an answer by then, not the thing."""
_WOULD = re.compile(
    r"\s*(?:would|'d|might|could|will) (?:be|do|work|suit|make)\b|\s*,? (?:at the )?latest\b"
)
_IT_IS = re.compile(r"\b(?:it's|its|it is|it'll be|it will be)(?: (?:on|in|for))? $")
_SUPPOSED = re.compile(
    r"\bif (?:we|i|they|it) (?:\w+ )?(?:did|do|had|was|were|moved|took|built|raised)\b"
)
"""A hypothetical is not past: "if we did it"."""


_PLANS = re.compile(
    r"(?:before|by|until|not before|within|inside of|start\w*|begin\w*|(?:the )?week of)\b"
    r"|.* (?:from (?:now|today)|out)$"
)


def _bare(u: Utterance) -> list[When]:
    """An answer in bare units ("three months") or a bare season, when a time was asked for."""
    day = u.said.at.date()
    for match in _BARE.finditer(u.text):
        if match["n"] in ("a", "an") and _RATE.search(u.text[: match.start()]):
            continue
        found = numbers(match["n"].replace("couple of", "couple"))
        if not found and match["n"] not in ("a", "an", "one"):
            continue
        count = (found[0].high or found[0].low or 1) if found else 1
        by = day + timedelta(days=int(count * UNIT_DAYS[match["unit"]]))
        return [When(by, match.start(), match.end())]
    season = _SEASON.search(u.text)
    if season is None:
        return []
    named = times(f"in {season['season']}", day)
    return [When(w.by, season.start(), season.end()) for w in named]
