"""Where a turn is about somebody else: what is said there says nothing about the buyer."""

import re

SERVES = "fella|fellow|guy|lady|consultant|contractor|provider|vendor"
"""Pattern for people who do something for a buyer."""
_THIRD = re.compile(
    r"\b(?<!with )(?<!and )(?:an?|my|our|some) (?:good |old |close |former )?"
    r"(?:friends?|buddy|pal|colleague (?:at"
    r"|from)"
    r"|neighbou?rs?|brother|sister|cousin|wife|husband|dad|father|mother|mom|son|daughter|uncle"
    r"|acquaintance)\b"
    r"|(?<!i'm )(?<!i am )(?<!we're )(?<!we are )(?<!as )(?<!this is )\b(?:an?|the|this"
    r"|that|our|my) (?:[\w-]+ ){0,2}?"
    rf"(?:{SERVES}|gal|chap|bloke|freelancer|broker|supplier|competitor|accountant|bookkeeper)s?\b"
    r"(?: (?:(?:that|who|whom) )?(?:we|i)(?:'ve| have|'re)?(?: been)? (?:use|used|using|have|had"
    r"|hired|got|work with|deal with|go through|buy from|rent from)(?: (?:now|today|currently|right"
    r" now))?)?"
    r"|\b(?:my|our) (?:last|previous|former|old|ex) ?(?:company|job|employer|boss|place|gig|role"
    r"|firm)\b"
    r"|\b(?:at|in|from) my (?:last|previous|former|old)\b|\bi used to\b|\bformerly\b|\bback when\b"
    r"|\b(?:i|we) (?:read|saw|heard) (?:that |about )?(?:you|someone|somebody|a)\b"
    r"|\b(?:you're|you are|you guys are|your (?:company|team)|does your|do you)\b"
)
_FAMILY = re.compile(
    r"\bmy (?:wife|husband|partner|dad|father|mother|mom|son|daughter|brother|sister|family)"
    r" (?:\w+ )?(?:runs?|owns?|has|have|founded|started)\b"
    r"|\bmy (?:uncle|aunt|nephew|niece|grand\w+) (?:\w+ )?(?:runs?|owns?|has|founded|started) an?"
    r" (?:[\w'-]+ ){0,3}?(?:shop|business|store|company|farm|restaurant|firm|practice|clinic|plant"
    r"|office|bakery|brewery|garage|hotel)\b"
)
"""A family's business is the one they call for."""
_EMPLOYER = re.compile(
    r"\b(?:(?:manager|director|estimator|superintendent|supervisor|foreman|engineer|coordinator"
    r"|planner|buyer|owner|partner|president|officer|assistant|administrator) (?:with|at|for)"
    r"|(?:i am|i'm|this is|here|calling) (?:[\w&'.-]+ ){0,6}?(?:with|from|at|for)"
    r" (?:[\w&'.-]+ ){0,4}?[\w&'.-]+,)"
    rf" an? (?:[\w-]+ ){{0,2}}?(?:{SERVES})s?\b"
)
"""Their employer, although it serves others: "estimator with Stark, a road contractor"."""
_TURNS = re.compile(r"[.?!;]|\b(?:but|and we|while we|whereas)\b")
LONGEST_SENTENCE = 400
"""Characters; anything further back is about another subject."""
_OWN = re.compile(
    r"\b(?:we|we're|we've|our|i'm|i am|i've|i have|i own|i run|i manage|us|ourselves"
    r"|my (?:company|team))\b"
)


def of_others(text: str, at: int) -> bool:
    """Whether the words at an offset are about others, in lower-case text."""
    before = _TURNS.split(text[max(0, at - LONGEST_SENTENCE) : at])[-1]
    thirds = [m.end() for m in _THIRD.finditer(before)]
    owns = [m.end() for own in (_OWN, _FAMILY, _EMPLOYER) for m in own.finditer(before)]
    return bool(thirds) and (not owns or max(owns) < thirds[-1])
