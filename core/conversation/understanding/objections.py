"""Doubts and hesitations: what somebody says who is not convinced, above all of the price. Pure."""

import re

_TOO_MUCH = (
    r"too expensive|(?:highway|daylight) robbery|rip-? ?off|an arm and a leg|through the roof"
    r"|(?:silly|crazy|insane|ridiculous|outrageous|absurd) (?:money|price|prices|amount)"
    r"|(?:that's|sounds|seems|is|feels|looks) (?:a bit |quite |kind of |kinda |pretty "
    r"|really |very |rather |still |a little )*(?:expensive|pricey|steep|costly|a lot|too much"
    r"|high for (?:us|me))"
    r"|(?:more|higher|pricier|steeper|costlier) than (?:i|we) (?:thought|expected|hoped|budgeted"
    r"|planned|imagined|wanted|can afford|would like|had in mind|figured)"
    r"|(?:more|higher|pricier|steeper|costlier) than (?:i|we)(?:'d| had| was| were)? (?:thought"
    r"|expected|hop(?:ed|ing)"
    r"|expecting|budgeted|thinking)"
    r"|(?:out of|over|above|beyond|outside) (?:our|my|the) (?:budget|price range|range|means)"
    r"|(?:can't|cannot|couldn't|don't think we can|hard to) (?:afford|justify)|sticker shock"
    r"|cheaper|(?:that's|this is|it's|wow|that is) (?:just |completely |totally |absolutely )*"
    r"(?:crazy|insane|nuts|outrageous|ridiculous|a joke|daft)(?=$|[.,!?])"
)
OBJECTS = re.compile(
    rf"\b(?:{_TOO_MUCH}"
    r"|(?:already|currently) (?:use|using|have|with|on)|(?:happy|fine) with (?:what|our)"
    r"|not (?:convinced|interested)"
    r"|(?:worried|concerned|nervous) about|sounds complicated|(?:bad|terrible) experience"
    r"|why would (?:i|we)|build (?:it|this)"
    r" (?:ourselves|in house|in-house)"
    r"|(?:engineers|developers|team|guys|we) (?:could|can|would|might) (?:just |also |probably )?"
    r"(?:build|write|do|make|code) (?:it|that|this|one)|don't trust|locked in|lock-in)\b"
)
TOO_DEAR = re.compile(rf"\b(?:{_TOO_MUCH})\b")
TOO_EXPENSIVE = "that's too expensive"
"""What knowledge is searched for when a price is too high for them, however they put it."""
