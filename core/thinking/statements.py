"""Statements that call for a lookup without asking: requirements, or a wish for a visit. Pure."""

import re
from collections.abc import Iterator, Sequence

from core.commands import AskNext, Command, RequestMeeting, Unclear
from core.conversation.understanding.asks.itemised import things
from core.conversation.understanding.replies.doubting import BADLY
from core.conversation.understanding.replies.yes_no import consults
from core.conversation.understanding.times.when import come_themselves
from core.talk import Span, UserSaid
from core.thinking.alternatives import Asked
from core.thinking.looking import Look
from knowledge.entry import Answer, NoAnswer
from knowledge.leading import YES_NO, lead_with
from knowledge.retrieval.words import topics


def of_a_wish(command: Command, said: UserSaid) -> str:
    """What to look up beside a wish: how visits work here, for a buyer who wants one or would visit
    us; how to start, for one who asks that."""
    if isinstance(command, AskNext) and command.span.quote.lower().startswith(("how", "where")):
        return command.span.quote
    if not isinstance(command, RequestMeeting):
        return ""
    if not (command.visit or come_themselves(said.text)):
        return ""
    return said.text if len(said.text.split()) <= _SHORT_WISH else command.span.quote


_SHORT_WISH = 14


_REQUIRES = re.compile(
    lead_with(*YES_NO, "plus")
    + r"(?:we|i|(?:our|my)(?: \w+){1,2}?)(?:'d| would|'ll| will)?(?: also)?"
    r"(?:'re| are|'m| am)? (?:needs?|wants?(?! to\b)|requires?|must have|insists? on|look for"
    r"|looking for|interested in|curious about) (?P<what>.+)",
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
    return [(_worded(part),) for part in parts[:_MOST_REQUIRED]]


def _worded(part: str) -> str:
    known = _TO_KNOW.match(part)
    return part[known.end() :] if known else f"{_HAVE} {part}"


_TO_KNOW = re.compile(
    r"to (?:know|see|understand|hear|learn|find out) (?=(?:who|what|which|where|how)\b)"
)


def asks(way: str) -> bool:
    """Whether a wording of a requirement is a question in their own words."""
    return not way.startswith(_HAVE)


_HAVE = "do you have"
_WHERE = re.compile(r"\s+(?:for|in|at|by|from|that|which|who|because|so|to|until|before)\b")


def beside(commands: Sequence[Command], said: UserSaid) -> Iterator[tuple[Span, str]]:
    """Requirements in sentences of a turn of which nothing else was read, with where each is said:
    "our CISO wants a pen test report. What does Enterprise cost?"."""
    at = 0
    for sentence in _SENTENCES.split(said.text)[:_MOST_SENTENCES]:
        at = said.text.find(sentence, at)
        match = _REQUIRES.fullmatch(sentence.strip(" .!"))
        if match and not any(_within(c, sentence) for c in commands):
            span = _span(said, at, len(sentence))
            told = [ways[-1] for ways in stated(sentence)]
            yield from ((span, way) for way in told if way != sentence)


_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_MOST_SENTENCES = 12


def _within(command: Command, sentence: str) -> bool:
    quote = command.span.quote
    return quote in sentence or sentence.strip(" .!") in quote


def _span(said: UserSaid, at: int, length: int) -> Span:
    """A sentence of a written turn, with its instants by proportion."""
    whole, took = max(len(said.text), 1), said.end_ms - said.start_ms
    start = said.start_ms + took * at // whole
    quote = said.text[at : at + length].strip(" .!?;")
    return Span(quote, start, start + took * length // whole)


def required(text: str, look: Look) -> Asked:
    """Answers to an implicit question: everything that is sure, else the likely answer to the one
    thing they need."""
    read = [{way: look(way) for way in ways} for ways in stated(text)]
    sure: Asked = {}
    for ways in read:
        first = next((way for way, found in ways.items() if _tells(text, found)), None)
        first = first or next((way for way in ways if asks(way) and len(read) > 1), None)
        if first is not None:
            sure[first] = ways[first]
    likely: Asked = {
        way: found
        for way, found in read[0].items()
        if isinstance(found, NoAnswer) and found.beside and way.startswith(_HAVE)
    }
    return sure or likely


def _tells(text: str, found: Answer | NoAnswer) -> bool:
    """Whether a lookup found something to say to a statement; only who requires a thing is told
    that it is no matter for us."""
    if not isinstance(found, Answer):
        return False
    return found.policy != "refuse" or _REQUIRES.match(text.strip()) is not None


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
    r"|they are) (?!there|possible|(?:\w+ )?interested in)\w"
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
