"""Expands what people type in shorthand: "hw long n how much 4 200 ppl?". Pure.

Rules read full words; quotes of the buyer stay as typed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.commands import Command
from core.events import Channel
from core.talk import Span, UserSaid

_FULL = {
    "r u": "are you", "u r": "you are", "u": "you", "ur": "your", "r": "are", "n": "and",
    "w": "with", "w/": "with", "w/o": "without", "b4": "before",
    "incl": "include", "4": "for", "ure": "you're", "cud": "could", "shud": "should",
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "weds": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "y": "why", "hw": "how", "wat": "what", "wut": "what", "abt": "about", "bout": "about",
    "hv": "have", "hve": "have", "tho": "though", "thru": "through", "bc": "because",
    "cuz": "because", "coz": "because", "ppl": "people", "yr": "year", "yrs": "years",
    "mos": "months", "wk": "week", "wks": "weeks", "hr": "hour", "hrs": "hours", "min": "minutes",
    "mins": "minutes", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "2mrw": "tomorrow",
    "2moro": "tomorrow", "2morrow": "tomorrow", "tomo": "tomorrow", "2": "to",
    "2day": "today", "rn": "right now", "pls": "please", "plz": "please", "thx": "thanks",
    "tnx": "thanks", "thnx": "thanks", "ty": "thank you", "np": "no problem", "sry": "sorry",
    "k": "okay", "kk": "okay", "okey": "okay", "yea": "yes", "yeh": "yes", "ya": "yes",
    "nah": "no", "nope": "no", "idk": "i don't know", "btw": "by the way", "tbh": "honestly",
    "lmk": "let me know", "nvm": "never mind", "sth": "something", "smth": "something",
    "mktg": "marketing", "fb": "facebook", "q": "question", "qs": "questions", "hav": "have",
    "eod": "end of the day", "eow": "end of the week", "eom": "end of the month",
    "eoy": "end of the year", "atm": "at the moment", "dwh": "data warehouse",
    "acct": "account", "mgr": "manager", "dept": "department", "gr8": "great", "tia": "thanks",
    "brb": "be right back", "bbl": "be right back", "afk": "be right back", "gtg": "i have to go",
    "g2g": "i have to go", "ttyl": "talk to you later", "fyi": "", "imo": "", "msg": "message",
    "mtg": "meeting", "appt": "appointment", "prob": "probably",
    "dont": "don't", "cant": "can't", "wont": "won't", "doesnt": "doesn't", "didnt": "didn't",
    "isnt": "isn't", "arent": "aren't", "wouldnt": "wouldn't", "couldnt": "couldn't",
    "havent": "haven't", "hasnt": "hasn't", "wasnt": "wasn't",
    "wld": "would", "shld": "should", "cld": "could", "im": "i'm", "ive": "i've",
    "whats": "what's", "hows": "how's", "wheres": "where's", "whos": "who's", "thats": "that's",
    "theres": "there's", "youre": "you're", "theyre": "they're", "lets": "let's",
    "lol": "", "lmao": "", "haha": "", "hehe": "", "omg": "", "wtf": "", "ugh": "", "pfft": "",
}  # fmt: skip
_SHORT = "|".join(re.escape(word) for word in sorted(_FULL, key=len, reverse=True))
_CAPITALS = "|".join(w for w in _FULL if len(w) > 2 and w.isalpha() and w not in ("min", "mon"))
"""Shorthand of a length at which capitals are hardly initials: "EOY", "Thx"."""
_SCALE = {"mil": "million", "mill": "million", "mio": "million", "mln": "million", "mm": "million",
          "mn": "million", "m": "million", "bn": "billion", "bil": "billion"}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![\w.,@$€£])(?P<n>\d[\d,]*(?:\.\d+)?)(?: ?(?P<s>mil|mill|mio|mln|mn|bn|bil)|(?P<m>mm?))"
    r"(?![\w@&+'-])",
    re.IGNORECASE,
)
"""A figure with an abbreviated scale, as recognisers write it too: "12 mil", "1.5m"."""
_WORD = re.compile(
    rf"(?<![\w'@&./+-])(?:{_SHORT}|(?i:{_CAPITALS}|im)|[Ii]ll|[Ii]d)(?![\w'@&+-]|[./][\w])"
    r"|/ ?(?P<per>mo|month|yr|year|wk|week|hr|hour|day)\b"
    r"|(?:https?://|www\.)\S*[^\s.,;:!?)]"
    r"|(?<=\w) ?(?:[-=]+>|\u2192|\u27a1\ufe0f?) ?(?=\w)"
    r"|[\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50\uFE0F\u200D]+"
)
_PRONOUNS = {
    "ill": (
        "i'll", re.compile(r" (?!(?:and|or|with|at|on|in|for|from|to|today|now)\b)[a-z]"),
        re.compile(r"\b(?:is|are|was|were|be|been|am|'[msr]e?|feel\w*|fell|fall\w*|gets?|got|so|very"
                   r"|too|mentally|the|not|critically|seriously) $", re.IGNORECASE),
    ),
    "id": (
        "i'd", re.compile(r" (?:just |also |really |rather |still )*(?:like|love|rather|prefer|want"
                          r"|need|say|be|have|hope|appreciate|know|ask|go|take|use|guess)\b"),
        re.compile(r"\b(?:an?|the|your|our|my|user|customer|external|record|by) $", re.IGNORECASE),
    ),
}  # fmt: skip
"""Pronouns without their apostrophe that are also words: what they stand for, what follows, and
before what they are the word."""
_ARROW = re.compile(r">|\u2192|\u27a1")
_TO = re.compile(r"\b(?:talk|speak|chat|listen|able|how|going|trying|used) $", re.IGNORECASE)
"""Before a "2" that is no figure: "can i talk 2 someone"."""
_PER = {"mo": "month", "yr": "year", "wk": "week", "hr": "hour"}
_ALONE = {"y": "yes", "n": "no"}
"""What letters say that are all of a turn."""
_LINK = "your page"
"""What a link is read as; alone it asks nothing."""
_SIGNS = {"\U0001f44d": "yes", "\U0001f44c": "yes", "\u2705": "yes", "\U0001f44e": "no",
          "\U0001f64f": "thanks"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A turn with its words expanded, and what each range of them stands for."""

    said: UserSaid
    raw: str
    places: tuple[tuple[int, int, int, int], ...]
    """(start, end) of an expansion and (start, end) of what was typed there."""

    def quoting(self, commands: Sequence[Command]) -> tuple[Command, ...]:
        """The commands, each quoting what was typed."""
        if not self.places:
            return tuple(commands)
        return tuple(replace(c, span=self._quote(c.span)) for c in commands)

    def _quote(self, span: Span) -> Span:
        start = self.said.text.find(span.quote)
        if start < 0:
            return span
        quote = self.of(start, start + len(span.quote))
        return replace(span, quote=quote.strip(" ,.;:?!-") or span.quote)

    def of(self, start: int, end: int) -> str:
        """What was typed for a range of the expanded text."""
        return self.raw[self._back(start, first=True) : self._back(end, first=False)]

    def _back(self, offset: int, *, first: bool) -> int:
        moved = 0
        for start, end, raw_start, raw_end in self.places:
            if offset >= end:
                moved = raw_end - end
            elif offset > start:
                return raw_start if first else raw_end
        return offset + moved


def as_typed(words: str, text: str) -> str:
    """The part of a text that these words stand for once it is expanded; empty if none does."""
    full = typed(UserSaid(0, text, 0, 0, datetime.min), "email")
    asked = r"\W+".join(re.findall(r"\w+", words))
    found = re.search(asked, full.said.text, re.IGNORECASE) if asked else None
    return full.of(*found.span()) if found else ""


def typed(said: UserSaid, channel: Channel) -> Typed:
    """The typed text, expanded; a recogniser abbreviates only figures."""
    raw, text = said.text, ""
    if channel != "voice" and (alone := _ALONE.get(raw.strip(" .,!").lower())):
        return Typed(replace(said, text=alone), raw, ((0, len(alone), 0, len(raw)),))
    places: list[tuple[int, int, int, int]] = []
    at = 0
    short = [*_FIGURE.finditer(raw), *(_WORD.finditer(raw) if channel != "voice" else ())]
    for match in sorted(short, key=lambda m: m.start()):
        full = _scaled(match) if match.re is _FIGURE else _full(match, raw)
        if full is None or match.start() < at:
            continue
        text += raw[at : match.start()]
        places.append((len(text), len(text) + len(full), match.start(), match.end()))
        text += full
        at = match.end()
    if not places:
        return Typed(said, raw, ())
    text += raw[at:]
    if not text.replace(_LINK, "").strip(" .!?\n") and raw.strip(" .!?"):  # only a symbol or a link
        return Typed(replace(said, text="okay"), raw, ((0, 4, 0, len(raw)),))
    return Typed(replace(said, text=text), raw, tuple(places))


def _scaled(match: re.Match[str]) -> str:
    """A figure with its full scale."""
    return f"{match['n']} {_SCALE[(match['s'] or match['m']).lower()]}"


def _full(match: re.Match[str], raw: str) -> str | None:
    """A shorthand form expanded; None if it is none here: a letter among letters, "20 k"."""
    word = match[0]
    if match["per"]:
        return f" a {_PER.get(match['per'], match['per'])}"
    if word.startswith(("http", "www.")):
        return _LINK
    if _ARROW.search(word):
        return " to "
    if not word[0].isascii():
        return next((f"{said} " for sign, said in _SIGNS.items() if sign in word), "")
    before, after = raw[: match.start()], raw[match.end() :]
    if word == "4":
        for_it = re.search(r"[a-z] $", before) and re.match(
            r" (?:an?|the|my|our|some|us|me|it)\b", after
        )
        return "for" if for_it else None
    spelled = re.search(r"(?<![\w'])[A-Za-z][ -]$", before) or re.match(
        r"[ -](?![Aa] [a-z]{2})[A-Za-z](?!\w)", after
    )
    if len(word) == 1 and (spelled or re.search(r"\d ?$", before)):
        return None
    if word == "2":
        return "to" if _TO.search(before) and re.match(r" [a-z]", after) else None
    if word == "min" and not re.search(r"\d ?$", before):
        return "minimum" if re.match(r" [a-z]{3}", after) else None
    if word.lower() in _PRONOUNS:
        full, follows, unless = _PRONOUNS[word.lower()]
        return full if follows.match(after) and not unless.search(before) else None
    return _FULL[word.lower()]
