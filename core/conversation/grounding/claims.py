"""What a sentence claims, word by word: content, polarity and figures, in comparable form.

Pure. Two texts say the same when each content word of one occurs in the other, with the same sign.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from core.conversation.words.numbers import SCALES, numbers
from core.conversation.words.stems import stem
from knowledge.number_words import TEENS, TENS, UNITS
from knowledge.retrieval.kin import groups
from knowledge.sentences import sentences

TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")

HARMLESS = frozenset(
    "a an the and or but so as if then than that this these those there here it its itself they"
    " them their he she his her i me my we us our ours you your yours yourself who which what when"
    " where how why while though although because since until about around roughly approximately"
    " at by for from in into of off on onto out over to up upon with within through per between"
    " am is are was be been being do does did done doing have has had having get gets got getting"
    " can could may might would will shall should want wants wanted need needs needed like likes"
    " let lets us go goes going come comes coming make makes making take takes taking give gives"
    " use uses used using work works working run runs running keep keeps put puts set try"
    " see sees show shows say says said tell mean means know look looks looking think ask asking"
    " offer offers provide provides support supports supported include includes included including"
    " cover covers covered contain contains allow allows enable available possible able"
    " yes yeah yep yup no nope sure okay ok right well alright absolutely definitely course"
    " exactly indeed oh ah so also too either just really actually basically simply quite pretty"
    " even still already yet again else instead usually typically generally normally often"
    " sometimes mostly maybe perhaps probably likely today now currently moment once thanks thank"
    " please sorry hi hello happy glad good fine fair makes sense sort kind type thing things"
    " something way ways case cases bit lot part side point example instance such rather"
    " not don't doesn't isn't aren't can't cannot won't wasn't weren't haven't hasn't couldn't"
    " wouldn't shouldn't i'm i'd i've i'll you're you'd you've you'll we're we'd we've we'll it's"
    " it'll that's there's they're they've they'd what's here's let's who's where's how's"
    " other another some own far long straight depend depends depending called whenever"
    " plan plans product platform company question answer whether either understand great hear"
    " no without none both plus together count feel nice only half add first afraid shown seen"
    " given made taken told help helps against across along alongside via during happen happens"
    " handle handles talk people folks someone somebody ones whichever called kept keeping".split()
)
"""Words that claim nothing by themselves; what they combine with must be approved."""
_HARMLESS_STEMS = frozenset(map(stem, HARMLESS))

_CLASSES: dict[str, frozenset[int]] = {}
for _n, _group in enumerate(groups("same", "claims")):
    for _word in _group:
        _CLASSES[stem(_word)] = _CLASSES.get(stem(_word), frozenset()) | {_n}

SPLIT = re.compile(
    r"(?<=[.!?])\s+|[;:]\s+|,?\s+(?:but|because|while|whereas|though|although|so)\s+"
    r"|\s+and\s+(?=\w+n't\b|never\b|cannot\b)"
    r"|,\s+(?:and\s+)?(?=(?:it|you|we|they|there|that|this|i|the|an?|our|your|both"
    r"|each)(?:'\w+)?\b)"
)
_DENIES = re.compile(r"\b(?:\w+n't|not|cannot|unable|neither|nor|unsupported|unavailable)\b")
_LACKS = re.compile(r"\b(?:no|without|never|nothing|none|zero|instead of|rather than)\b(?![,;.!])")
_OPENS = re.compile(r"^(?:(?:yes|no|yeah|yep|nope|sure)\b,|(?:well|so|and)\b,?)\s*")
_CONDITION = re.compile(r"^(?:if|when|unless|until)\b[^,]*,\s*")


def plain(text: str) -> str:
    """Lower case, with one kind of apostrophe and compounds written together."""
    text = text.lower().replace("\u2019", "'").replace("\u2018", "'")
    text = re.sub(r"month[- ]to[- ]month", "monthtomonth", text)
    text = re.sub(r"\bhalf an hour\b", "thirty minutes", text)
    text = re.sub(r"\bday to day\b", "daytoday", text)
    text = re.sub(r"\b(?:in )?both (?:ways|directions)\b", "twoway", text)
    return re.sub(r"\b(set|sign|log)(?:-(up|in|on)| (up|in))\b", r"\1\2\3", text)


def tokens(text: str) -> list[str]:
    """Words of plain text; a compound counts as itself and as its parts."""
    return [t for t in TOKEN.findall(plain(text))]


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Stems of the words that claim something; figures are left to `figures`."""
    low = plain(text)
    for number in reversed(numbers(low)):
        unit = UNIT.match(low[number.end :])
        low = low[: number.start] + " " + low[number.end + (unit.end() if unit else 0) :]
    found = set()
    for token in TOKEN.findall(low):
        for part in [token] if token in HARMLESS else re.split("[-]", token):
            word = part.removesuffix("'s").removesuffix("'")
            if word and not word.isdigit() and word not in COUNTED:
                found.add(stem(word))
    return frozenset(found - _HARMLESS_STEMS)


UNIT = re.compile(
    r"^[\s-]*(?P<unit>%|percent|dollars?|usd|euros?|pounds?|bucks|cents?|minutes?|hours?|days?"
    r"|weeks?|months?|years?|seconds?)\b"
)
COUNTED = frozenset((*UNITS, *TEENS, *TENS, *SCALES, "hundred", "dollar", "dollars", "percent"))
"""Words of figures; those are compared as numbers."""


@lru_cache(maxsize=512)
def vocabulary(text: str) -> frozenset[str]:
    """Every stem of an approved text, harmless or not, whole and in parts."""
    words = {p for t in tokens(text) for p in (t, *t.split("-"), t.replace("-", ""))}
    return frozenset(stem(w.removesuffix("'s")) for w in words if w)


def covered(word: str, known: Set[str]) -> bool:
    """Whether a stem, or a synonym, is among the known ones."""
    if word in known:
        return True
    classes = _CLASSES.get(word)
    return classes is not None and not classes.isdisjoint(_meanings(frozenset(known)))


@lru_cache(maxsize=4096)
def _meanings(known: frozenset[str]) -> frozenset[int]:
    return frozenset(n for k in known for n in _CLASSES.get(k, ()))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words under one sign, and all words of their sentence."""

    words: frozenset[str]
    denied: bool
    around: frozenset[str]
    head: frozenset[str] = frozenset()
    """The words before "on", "in" or "for": what is denied, rather than where."""


@lru_cache(maxsize=512)
def stretches(text: str) -> tuple[Stretch, ...]:
    """A text as affirmed and denied stretches. "Not" denies its clause, "no" what follows it."""
    return tuple(s for whole in sentences(plain(text)) for s in _of_sentence(whole))


def _of_sentence(whole: str) -> Iterator[Stretch]:
    around = content(whole)
    rest = _OPENS.sub("", whole)
    if condition := _CONDITION.match(rest):
        parts = [condition.group(), *SPLIT.split(rest[condition.end() :])]
    else:
        parts = SPLIT.split(rest)
    for part in parts:
        if not part:
            continue
        if _DENIES.search(part):
            yield _denied(part, around)
            continue
        place = 0
        for lack in _LACKS.finditer(part):
            if lack.start() < place:
                continue
            ends = re.search(r"[,;]|\s(?:and|but)\s|$", part[lack.end() :])
            end = lack.end() + (ends.start() if ends else len(part))
            yield Stretch(content(part[place : lack.start()]), False, around)
            lacked = content(part[lack.end() : end])
            yield Stretch(lacked, True, around, lacked)
            place = end
        yield Stretch(content(part[place:]), False, around)


def _denied(part: str, around: frozenset[str]) -> Stretch:
    head = re.split(r"\s(?:on|in|for|within)\s", part)[0]
    return Stretch(content(part), True, around, content(head))


def share(sentence: str, text: str) -> float:
    """The share (0..1) of a sentence's claims that occur in a text; figures count as words."""
    own = content(sentence)
    known = vocabulary(text)
    return sum(covered(w, known) for w in own) / max(len(own), 1)
