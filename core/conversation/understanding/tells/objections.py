"""Doubts and hesitations of an unconvinced buyer, above all about the price. Pure."""

import re
from collections.abc import Sequence

_TOO_MUCH = (
    r"too expensive|(?:highway|daylight) robbery|rip-? ?off|an arm and a leg|through the roof"
    r"|(?:silly|crazy|insane|ridiculous|outrageous|absurd) (?:money|price|prices|amount)"
    r"|(?:that's|sounds|seems|is|feels|looks|(?:that|it|this) (?:might|would|could"
    r"|may) be) (?:a bit |quite |kind of |kinda |pretty "
    r"|really |very |rather |still |a little )*(?:expensive|pricey|steep|costly|too much"
    r"|a lot(?!,? (?:thanks|thank you|to (?:take in|remember|digest)|of (?:info\w*|help|detail)))"
    r"|high for (?:us|me))"
    r"|(?:more|higher|pricier|steeper|costlier) than (?:i|we) (?:thought|expected|hoped|budgeted"
    r"|planned|imagined|wanted|can afford|would like|had in mind|figured)"
    r"|(?:more|higher|pricier|steeper|costlier) than (?:i|we)(?:'d| had| was| were)? (?:thought"
    r"|expected|hop(?:ed|ing)"
    r"|expecting|budgeted|thinking)"
    r"|(?:more|higher|pricier|costlier|double|twice) (?:than )?(?:what )?(?:i|we)(?:'re| are)?"
    r" (?:currently |now |already |usually )*(?:pay|paying|spend|spending)"
    r"|(?:out of|over|above|beyond|outside) (?:our|my|the) (?:budget|price range|range|means)"
    r"|(?:can't|cannot|couldn't|don't think we can|hard to) (?:afford|justify)|sticker shock"
    r"|cheaper|(?:that's|this is|it's|wow|that is) (?:just |completely |totally |absolutely )*"
    r"(?:crazy|insane|nuts|outrageous|ridiculous|a joke|daft)(?=$|[.,!?])"
)
_FAULT = (
    r"(?:^\W*(?:(?:hmm?|no|well|but|sorry|okay|ok|oh|way|just|probably|maybe)[, ]+){0,3}"
    r"|\b(?:it|that|this|they|you|your \w+)(?:'s|'re| is| are| sounds?| looks?"
    r"| seems?| feels?|(?:'d| would| might| may) be|'ll be| will be) (?:\w+ ){0,3})"
    r"too (?:slow|complicated|complex|limited|limiting|basic|simple|risky|rigid|technical|heavy"
    r"|much work|late) for (?:us|me|our|my)\b"
)
FINDS_FAULT = re.compile(_FAULT)
"""Faults what was just told; by its own words nothing can be looked up."""
OBJECTS = re.compile(
    rf"\b(?:{_TOO_MUCH}"
    r"|(?:already|currently) (?:use|using|have|with|on)|(?:happy|fine) with (?:what|our)"
    r"|not (?:convinced|interested)"
    rf"|{_FAULT}"
    r"|(?:probably|likely|might|may|rather|will|'ll) (?:just |probably |then )*(?:go|stick) with"
    r" (?:them|theirs|someone else|somebody else"
    r"|another (?:vendor|tool|provider|company|supplier)|(?:one of )?your competitors?)"
    r"|(?:worried|concerned|nervous) about|sounds complicated|(?:bad|terrible) experience"
    r"|why would (?:i|we)|build (?:it|this)"
    r" (?:ourselves|in house|in-house)"
    r"|(?:engineers|developers|team|guys|we) (?:could|can|would|might) (?:just |also |probably )?"
    r"(?:build|write|do|make|code) (?:it|that|this|one)|don't trust|locked in|lock-in)\b"
)
TOO_DEAR = re.compile(rf"\b(?:{_TOO_MUCH})\b")
TOO_EXPENSIVE = "that's too expensive"
"""What is looked up when a price is too high for them, however they put it."""
_VENTS = re.compile(r"\b(?:crazy|insane|nuts|outrageous|ridiculous|a joke|daft)$")
"""Said about a price, and about anything else that annoys."""
_OF_MONEY = re.compile(
    r"[$€£]|\b(?:price[sd]?|pricing|costs?|pay|charge|fees?|dollars|euros|pounds|bucks|grand|money)\b"
)


def too_dear(said: str, heard: Sequence[str]) -> re.Match[str] | None:
    """Where a price is called too high; general words ("ridiculous") count only if money was
    mentioned, in the turn or in our words (`heard`) before it."""
    found = TOO_DEAR.search(said)
    if found and _VENTS.search(found.group()):
        return found if any(_OF_MONEY.search(line.lower()) for line in (said, *heard)) else None
    return found


def doubt(said: str) -> re.Match[str] | None:
    """Where any other doubt is voiced."""
    found = OBJECTS.search(said)
    return None if found and _VENTS.search(found.group()) else found
