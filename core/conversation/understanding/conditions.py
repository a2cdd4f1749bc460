"""Questions about the service once they are a customer, which sound like a wish for it now. Pure.

"Can I talk to a person when something breaks?" asks about the service; "can I talk to a person if
that's possible" requests one.
"""

import re

_THEIRS = re.compile(
    r"\b(?<!happens )(?:if|when|whenever|in case|(?:any|every|each) ?time) (?:"
    r"(?:something|anything|things?|it|(?:the|my|our|an?|one of (?:the|my|our)) (?!ai\b|bot\b"
    r"|robot\b|machine\b)(?:\w+ ){0,2}?\w+)"
    r" (?!(?:is |are |would be |was )?(?:not )?(?:too |all |more |at all |the )*(?:ok|okay|alright"
    r"|all|right|fine|possible|same|easier|better|best|free|available|there|here|in|around|able"
    r"|needed|necessary|convenient|trouble|possibly|matters?|helps?|suits?|works?(?! out)|busy)"
    r"\b)\w+"
    r"|there is (?:an?|some|any) (?!chance\b|way\b|person\b|human\b|rep\b|one\b)\w+"
    r"|(?:i|we) (?:have|get|got|run into|hit|see|encounter) (?:an?|any|some) (?:\w+ )?(?:problems?"
    r"|issues?|trouble|emergency|emergencies|outages?|failures?|errors?|breakdowns?))"
)
"""A condition that must occur first, as opposed to whether we may or can right now."""
_FIRST_PERSON = re.compile(r"\b(?:if|when|whenever|in case|(?:any|every|each) ?time) (?:i|we) \w+")
_WISHES = re.compile(
    r"\b(?:if|when) (?:i|we) (?:may|can|could|might|want|wanted|would|wish|am|are|do|ask|asked"
    r"|should|have to)\b"
)
_USUAL = re.compile(
    r"\b(?:do|does|will|would)(?: not)? (?:i|we|you(?: all)?|someone|somebody|an? \w+|your \w+)\b"
    r"(?! (?:please|mind|like|rather|have to)\b)"
)
"""Opens a question about how it usually works: "do I get …", "would I be able to …"."""
_ASKS = re.compile(
    r"\b(?:do|does|will|would|can|could|is|are|may|am) (?:there|i|we|you|someone|somebody|anyone"
    r"|anybody|an? \w+|your \w+)\b|\bwho(?:m)?\b|\bhow (?:do|can|would|could|will)\b"
    r"|\bbe able to\b"
)
_COMES_WITH_IT = re.compile(
    r"\bdo (?:i|we) (?:(?:always|usually|then|each|all) )*(?:get|have)(?! (?:to|any)\b)"
    r"(?!.*\b(?:talk|speak|now|today|here)\b)"
)
_SENTENCE = re.compile(r"(?:^| )[.?](?: |$)")


def of_the_service(text: str, start: int, end: int, *, later: bool) -> bool:
    """Whether an apparent wish in a turn in plain words is only a question: the sentence asks, and
    states what would have to happen first, or asks how it usually works.

    `later`: it may well be wanted for that time: "can you call me when it's ready".
    """
    begin = max((m.end() for m in _SENTENCE.finditer(text, 0, start)), default=0)
    cut = _SENTENCE.search(text, end)
    sentence = text[begin : cut.start() if cut else len(text)]
    usual = _USUAL.search(sentence) is not None
    if not (usual or (_ASKS.search(sentence) and not later)):
        return False
    if _THEIRS.search(sentence) or _COMES_WITH_IT.search(sentence):
        return True
    return usual and bool(_FIRST_PERSON.search(sentence)) and not _WISHES.search(sentence)
