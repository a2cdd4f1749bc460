"""Statements that call for a lookup without asking: requirements, or a wish for a visit. Pure."""

import re

from core.commands import Command, RequestMeeting, Unclear
from core.conversation.understanding.asks.itemised import things
from core.conversation.understanding.replies.doubting import BADLY
from core.conversation.understanding.replies.yes_no import consults
from core.conversation.understanding.times.when import come_themselves
from core.talk import UserSaid
from core.thinking.alternatives import Asked
from core.thinking.looking import Look
from knowledge.entry import Answer, NoAnswer
from knowledge.leading import YES_NO, lead_with
from knowledge.retrieval.words import topics


def of_a_visit(command: Command, said: UserSaid) -> str:
    """What to look up for a buyer who wants a visit, or would visit us: how visits work here."""
    if not isinstance(command, RequestMeeting):
        return ""
    if not (command.visit or come_themselves(said.text)):
        return ""
    return said.text if len(said.text.split()) <= _SHORT_WISH else command.span.quote


_SHORT_WISH = 14


_REQUIRES = re.compile(
    lead_with(*YES_NO, "plus")
    + r"(?:we|i|our (?:\w+ ){1,2}?|my (?:\w+ ){1,2}?)(?:'d| would|'ll| will)?(?: also)?"
    r"(?:'re| are|'m| am)? (?:needs?|wants?(?! to\b)|requires?|must have|insists? on|look for"
    r"|looking for) (?P<what>.+)",
    re.IGNORECASE,
)
_MOST_REQUIRED = 4


def stated(text: str) -> list[tuple[str, ...]]:
    """Ways to word a statement that asks implicitly, or each of several requirements."""
    match = _REQUIRES.fullmatch(text.strip(" .!"))
    what = match["what"] if match else ""
    parts = [what[a:b] for a, b in things(what, 0, len(what))]
    if len(parts) < 2:
        return [(text, *(f"{_HAVE} {_WHERE.split(part)[0]}" for part in parts))]
    return [(f"{_HAVE} {part}",) for part in parts[:_MOST_REQUIRED]]


_HAVE = "do you have"
_WHERE = re.compile(r"\s+(?:for|in|at|by|from|that|which|who|because|so|to|until|before)\b")


def required(text: str, look: Look) -> Asked:
    """Answers to an implicit question: everything that is sure, else the likely answer to the one
    thing they need."""
    read = [{way: look(way) for way in ways} for ways in stated(text)]
    sure: Asked = {}
    for ways in read:
        first = next((way for way, found in ways.items() if isinstance(found, Answer)), None)
        if first is not None:
            sure[first] = ways[first]
    likely: Asked = {
        way: found
        for way, found in read[0].items()
        if isinstance(found, NoAnswer) and found.beside and way.startswith(_HAVE)
    }
    return sure or likely


def heard(command: Unclear, said: UserSaid) -> bool:
    """Whether speech came through, though no sentence did; words that only describe their situation
    ask nothing."""
    if command.reason == "empty" or said.confidence < BADLY:
        return False
    if topics(said.text) <= _OF_TIMES or _SENT.search(said.text.lower()):
        return False
    if consults(said.text.lower()) or _PAST.search(said.text.lower()):
        return False
    if _TELLS_OF_A_NO.match(said.text.lower()) and not said.text.rstrip().endswith("?"):
        return False
    return _OF_THEMSELVES.match(said.text.lower()) is None or said.text.rstrip().endswith("?")


_SENT = re.compile(
    r"^[^.?!,]*\b(?:told|asked|sent|wants?|wanted) (?:me|us) to (?:ask|call|ring|check"
    r"|find out)\W*$"
)
"""Says only who had them call: "my client told me to ask"."""
_OF_TIMES = topics(
    "morning mornings afternoon afternoons evening evenings night nights day days daytime week"
    " weeks weekend weekends month time times hour hours answer answers reply question questions"
    " well"
)
"""Words about nothing else ask nothing: "any time in the morning", "hope you are well"."""
_OF_THEMSELVES = re.compile(
    lead_with(
        *YES_NO,
        "sorry",
        "anyway",
        "honestly",
        "no idea",
        "i don't know",
        "dunno",
        "not sure",
        "i'm not sure",
    )
    + r"(?:i'm|i am|we're|we are|that's|that is|it's|it is|he's|he is|she's|she is|they're"
    r"|they are) (?!there|possible)\w"
)


_PAST = re.compile(
    r"\b(?:we|i|they|he|she|our \w+|my \w+)(?:'d)? (?:\w+ )?(?:had|were|was|got|lost|went|used to"
    r"|[a-z]{2,}ed)\b[^?]*\b(?:last (?:year|month|winter|spring|summer|fall|time)|(?:years?|months?"
    r"|weeks?|while|days) (?:ago|back)|back in \w+|in (?:19|20)\d\d|(?:once|before)(?=\W*$))\b"
    r"[^?]*$"
)
"""Says what happened to them some time ago: "we had a ransomware scare last year"."""
_TELLS_OF_A_NO = re.compile(
    lead_with("no", "sorry", "anyway", "honestly") + r"(?:(?:my|our|the|his|her"
    r"|their) \w+|client|customer|boss|he|she|they|nobody|no one)s? (?:\w+ )?(?:won't|wont|doesn't"
    r"|don't|can't|cant|didn't|isn't|hasn't|haven't|refuses?|wants? no)\b"
)
"""Says what someone on their side refuses: "client won't talk to sales yet"."""
