"""Where the work is to be done, told apart from where somebody has their office. Pure.

"The site's in Gahanna, but our office is in Dayton": the place of the work counts, whichever comes
first. The words that say so stay in the evidence, and no later mention of an office replaces it.
"""

import re

from core.conversation.words.premises import PREMISES

_WORK = (
    r"(?:job ?sites?|work ?sites?|sites?|jobs?|projects?|work|gig|event|festival|wedding|party"
    r"|parade|venue|install(?:ation)?|build|build-?out|pour)"
)
"""Work, or the place of it."""
_PREMISES = "|".join(p for p in PREMISES if p not in ("office", "practice"))
_OUT = (
    r"(?:(?:all|actually|really|just|located|gonna be|going to be|going|on|happening|over|up|down"
    r"|out|way|right|here|there|back|off|(?:across|over) the (?:line|border|river|road)) )*"
)
_IS = r"(?:'s|:| (?:is|are|was|will be|would be|'ll be|'d be)) "
_AT = (
    r"(?:(?:in|at|near|by|around|outside(?: of)?|past|close to"
    r"|(?:at|on|off|by) [\w .']{3,28}? in) )?"
    r"(?:(?:the|downtown|central|greater|east|west|north|south|eastern|western|northern|southern"
    r"|like|maybe|actually) )?$"
)
_FEW = r"(?:(?!client|customer|friend|team|your)[\w-]+ ){1,3}?"
_TOLD = re.compile(
    rf"(?:(?:^|\b(?:the|our|my|this|that|an?|one|another) (?:\w+ )?){_WORK}{_IS}"
    rf"|\b(?:this|that) (?:one|other one){_IS}"
    r"|\b(?:doing|working|work|starting|start|bidding|bid|on|finishing|for|it's|it is) (?:on )?"
    rf"(?:an?|this|some|the|our|my) (?:\w+ )?{_WORK} "
    r"|\b(?:got|have) (?:an?|another|some) (?:\w+ )?(?:jobs?|projects?|events?) "
    r"|\b(?:need|want|looking for) (?!data|support|it\b|to\b|you|host)(?:(?!to\b|you|stored|kept"
    r"|host|from\b|customers|clients)[\w-]+ ){1,4}?"
    rf"|\bworking (?:on|at) (?:an?|the|some|this) {_FEW}"
    rf"|\b(?:it's|it is|this is|that's) (?:all )?for (?:an?|the|our|my|one of our|this) {_FEW}"
    r"|\b(?:the|a) [\w-]+ (?:i'm (?:at|calling about|talking about)|i am at|i run|i manage"
    rf"|we're talking about|in question|it's for)(?:{_IS}| )"
    r"|\bneed (?:it|one|them|this|these|that) (?:hung|installed|put (?:up|in)|set up|cleaned|fixed"
    rf"|replaced|done|serviced|painted|built) ){_OUT}{_AT}"
)
"""Up to a place: it is that of the work."""
_STANDS = re.compile(
    rf"\b(?:the|our|my|this|that) (?:\w+ )?(?:{_PREMISES})"
    rf"(?: (?:that |which |where )?(?:i|we)\b[\w' ]{{2,30}}?)?{_IS}{_OUT}{_AT}"
)
"""The same for premises, if the company works where its buyers are."""
_OF_OURS = re.compile(r"\bfor (?:our|the|my) (?:new )?$")
ONE_OF_OURS = re.compile(rf" (?:branch|job|project|{_PREMISES})\b")
_OWNED = re.compile(r"\b(?:my|our|his|her|their) $")
"""Before a thing that is called like a town: "for my Honda"."""
_OTHER = re.compile(
    r"\b(?:not|isn't|aren't|never|used to|last|previous|other|your|web ?site|(?:head |main )?office"
    r"|headquarter\w*|hq|corporate|based)\b(?! one)"
)
"""Says that a place is not the work's."""
_STOPS = re.compile(r"[.?!;,] |\b(?:but|though|while|and then|because) ")
_LONGEST = 90
"""Letters before a place in which it may be said what is there."""


def told_of_work(text: str, start: int, end: int, *, premises: bool) -> int | None:
    """Where the words begin that make a place, between two offsets of lower-case text, the work's;
    None where it may be any place. `premises`: whether the buyer's premises are one."""
    begin = max([start - _LONGEST, 0, *(m.end() for m in _STOPS.finditer(text, 0, start))])
    before = text[begin:start]
    if _OWNED.search(before) and not ONE_OF_OURS.match(text, end):
        return None
    told = _TOLD.search(before) or (_STANDS.search(before) if premises else None)
    told = told or (_OF_OURS.search(before) if ONE_OF_OURS.match(text, end) else None)
    return None if told is None or _OTHER.search(told[0]) else begin + told.start()


def of_the_work(quote: str) -> bool:
    """Whether a place's evidence begins with words that make it the work's."""
    text = quote.lower()
    ways = (_TOLD, _STANDS, _OF_OURS)
    return any(w.match(text[: m.end()]) for m in re.finditer(r"\s", text) for w in ways)
