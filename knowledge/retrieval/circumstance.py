"""Removes from a question what only describes the asker: where they are, for whom it is, how big it
is, when, what they have. "Do you offer financing for our school, around here" asks about financing;
"do you offer it for boats" asks about boats.

A word missing from a passage causes a deferral only if it is the subject. A description of the
asker is recognised by its form, at an edge of the question: a preposition before a common kind of
place or people, or before something of their own; a clause about themselves; a time that is now. A
name, or a thing nobody knows, is none of these.
"""

import re
from collections.abc import Callable

from knowledge.leading import LEAD
from knowledge.retrieval.tokens import stem, tokens

Told = Callable[[str], bool]
"""Whether a phrase names something that articles cover."""

_ANYWHERE = """
place spot space room building site facility property premises location branch office headquarters
operation business company firm organization organisation outfit startup corporation enterprise
group team department crew family household person people folks staff size kind sort case situation
project somebody someone
"""
_KINDS = """
warehouse plant factory mill workshop shop store supermarket grocery mall market boutique salon spa
gym school college university campus kindergarten daycare nursery academy library museum gallery
theater theatre cinema church temple mosque synagogue parish hospital clinic practice pharmacy lab
laboratory bakery brewery winery distillery creamery butcher restaurant diner cafe bar pub pizzeria
kitchen canteen hotel motel hostel inn resort bank farm ranch greenhouse barn dairy vineyard garage
dealership laundry laundromat printer foundry sawmill yard depot terminal airport station marina
stadium arena rink club clubhouse studio hall town city village county council municipality
district agency charity nonprofit foundation association union cooperative manufacturer retailer
wholesaler distributor contractor landlord house home apartment flat condo complex tower center
centre chain bookstore florist fleet
"""
_OF_ANYBODY = frozenset(map(stem, _ANYWHERE.split()))
"""What anybody is, has or lives in."""
_KIND = frozenset(map(stem, _KINDS.split()))
"""Kinds of places and companies by which callers describe themselves."""
_OUR = frozenset("our my".split())
_SOME = frozenset("a an this that the some any such several".split()) | _OUR
_WITHIN = frozenset("for to from of in on at into with and or than that which who between".split())
"""Words at which something else begins: the preceding words are said about it."""

_AT = re.compile(r"[\s,]+(?P<at>for|at|in|inside|near|on|as)\s", re.IGNORECASE)
_LIKE_OURS = re.compile(
    r" (?:like|such as) (?:ours|mine|us|me|this|that|these|those)$"
    r"|(?: of)? (?:our|my|this|that|a similar|the same) (?:size|kind|type|sort)$"
    r"| (?:that|this) (?:big|small|large)$| of (?:ours|mine)$"
)
_NUMBER = (
    r"(?:\d[\d.,]*k?|a (?:couple|few|dozen|hundred|thousand)(?: of)?|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousand|million|half|couple|dozen)"
)
_MEASURE = (
    r"(?:(?:square|sq\.?|cubic)[ -]?(?:foot|feet|ft|met(?:er|re)s?|yards?)"
    r"|(?:kilo|mega)?watts?|[km]wp?|amps?|volts?|horse ?power|acres?|hectares?|foot|feet"
    r"|inch(?:es)?|miles?|tons?|tonnes?|gallons?"
    r"|(?:person|people|employee|seat|bed|room|unit|site|stor(?:y|ey|ie)|car|man)s?)"
)
_SIZE = re.compile(
    rf"(?:\b(?:about|around|roughly|some|maybe|say|nearly|almost|over|under|up to) )?"
    rf"\b(?:{_NUMBER}[ -])+{_MEASURE}\b(?! hours?)",
    re.IGNORECASE,
)
"""The size of something of theirs; the thing itself stays in the question."""
_LAST = re.compile(
    r"[\s,]+(?:these days|nowadays|right now|at the moment|at present|at this point"
    r"|any ?(?:more|longer)"
    r"|in general|on average|as a rule|as things stand"
    r"|(?:in |during )?this (?:year|month|week|season|spring|summer|fall|autumn|winter|quarter)"
    r"|(?:up|down|out|over|around|round) (?:here|there|our way|my way)|in town|locally"
    r"|(?:in|around|near|for) (?:this|our|my|the) (?:\w+ )?(?:area|region|town|city|state|county"
    r"|neighbou?rhood|part of [\w ]{3,20})"
    r"|for (?:something|anything|things?|stuff) (?:like|such as) (?:this|that|it|ours)"
    r"|(?:from|with|through|by) (?:you|your (?:company|team|people))(?: guys| folks| people)?"
    r"|(?:just |exactly )?(?:like|the way) (?:we|i|they|others|every(?:one|body)|most|my|our)"
    r"\b[^.?!,]{1,60}"
    r"|if (?:i|you) (?:may|might|don't mind)(?: (?:ask|me asking|telling me))?"
    r"|(?:do|would) you (?:happen to )?know|off the top of your head|roughly|ball ?park"
    r"|approximately|and (?:what ?not|stuff|so on|such|all (?:of )?that)"
    r"|or (?:something|anything)(?: like that)?"
    r")[\s.,?!]*$",
    re.IGNORECASE,
)
"""Trailing words that ask nothing: a time that is now, here, of us, as with others, please."""
_SAYS = re.compile(
    r"[\s,]+(?:(?:since|because|as|now that|given that|considering(?: that)?|seeing as|but"
    r"|(?:al)?though) (?:we|i|our|my)\b|(?:if|when|once|assuming) (?:we|i)(?:'re|'ve| are| am| have"
    r"| own| run| need| want(?: to| it)?| sign(?: up)?| go ahead| start| buy| order| decide| choose"
    r"| book| do it)\b)[^.?!]{0,80}$",
    re.IGNORECASE,
)
"""A clause about themselves: what they are and have, or that they agree to terms. Other actions of
theirs may well be the question: "what happens if we leave"."""
_ASKED = (
    r"(?:how|what|which|who|whose|when|where|why|do|does|did|can|could|is|are|will|would|should|have"
    r"|has)\b"
)
_FIRST = re.compile(
    rf"^{LEAD}(?P<told>(?:for|at|in|on|as|if|since"
    rf"|because|when|now that|given that) [^.?!]{{2,80}}?)[\s,]+(?={_ASKED})",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(
    rf"^{LEAD}(?:can|could|does|do|will|would|is|are|may|should)"
    r" (?!you\b|your\b|there\b)",
    re.IGNORECASE,
)
"""Asks what a thing can do: its location is then part of the question."""
_OPEN = re.compile(r"\b(?:how|what|which|who|whose|when|why)\b", re.IGNORECASE)
_MOST = 4
ENDS = " .,?!"
"""Characters that may surround a question."""


def subject_of(question: str, limits: Told, tells: Told) -> str:
    """The question without what only describes its asker; unchanged if there is nothing of that.

    `tells`: whether any article covers what a phrase names; `limits`: whether one says that it is
    not for that, so that it matters who asks.
    """
    rest = question.strip(ENDS)
    for _ in range(_MOST):
        shorter = _without_last(rest, limits, tells)
        if shorter is None:
            break
        rest = shorter
    if first := _FIRST.match(rest):
        if _of_theirs(first["told"], rest[first.end() :], limits, tells):
            rest = rest[first.end() :]
    return rest


def _without_last(text: str, limits: Told, tells: Told) -> str | None:
    """The text without the last description of its asker; None if it ends on the subject."""
    if last := _LAST.search(text):
        return text[: last.start()]
    for match in reversed([*_AT.finditer(text)]):
        if _of_theirs(text[match.start("at") :], text[: match.start()], limits, tells):
            return text[: match.start()]
    says = _SAYS.search(text)
    if says and not tells(says.group()):
        return text[: says.start()]
    sized = _SIZE.sub(" ", text)
    return " ".join(sized.split()) if sized != text else None


def _of_theirs(stretch: str, asked: str, limits: Told, tells: Told) -> bool:
    """Whether a preposition and what follows, or a clause, only describes the asker."""
    at, *words = tokens(_LIKE_OURS.sub("", stretch.lower().strip(ENDS)))
    if at not in _PREPOSITIONS:
        return _SAYS.fullmatch(f" {stretch}") is not None and not tells(stretch)
    if not words or _WITHIN & {*words} or len(words) > _LONGEST:
        return False
    if at not in ("for", "as") and _OF_A_THING.match(asked):
        return False
    head = stem(words[-1])
    if head in _OF_ANYBODY or (head in _KIND and (words[0] in _SOME or words[0].isdigit())):
        return not limits(" ".join(words[:-1] if head in _OF_ANYBODY else words))
    return words[0] in _OUR and bool(_OPEN.search(asked)) and not tells(stretch)


_PREPOSITIONS = frozenset("for at in inside near on as".split())
_LONGEST = 7
"""Most words that say what something is for."""
