"""What a turn's questions are answered with, each in the wording that knowledge understands. Pure.

A recogniser blurs where a question begins: its matter may stand before it ("we're on snowflake,
can you hook into that"), a caller who breaks in may start with words that mean nothing, and a bare
"growth plan price" is no sentence at all. "Can you do that?" asks about the purpose that was told
before it. Each is tried as it was put first; but what a question leans on is sooner what was said
just before it in its own turn than what was asked some turns ago.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from core.commands import (
    AskProduct,
    Command,
    CompetitorOrVendor,
    Emergency,
    Escalate,
    ProvideSignal,
    RequestHuman,
    SupportNeed,
    Unclear,
)
from core.conversation.state import Question
from core.conversation.understanding.asks.in_writing import only_in_writing
from core.conversation.understanding.asks.openers import ASKING
from core.conversation.understanding.asks.pricing import (
    AS_MANY,
    PER_HEAD,
    of_a_price,
    of_figures,
    of_no_thing,
    prices_of,
)
from core.conversation.understanding.asks.questions import ELLIPSIS, tails
from core.conversation.understanding.tells.unread import unread
from core.talk import UserSaid
from core.thinking.alternatives import Asked, without_the_other_way
from core.thinking.apart import each_alone, for_a_speaker
from core.thinking.idioms import meant_by, put_plainly, wanted_done
from core.thinking.looking import Look
from core.thinking.statements import heard, of_a_visit, required, stated
from knowledge.entry import FACTS, Answer, NoAnswer
from knowledge.words import carries_topic, topics

_BREAKS_IN = re.compile(
    r"\b(?:stop|sorry|wait|hold|hang|interrupt|question|okay|actually|thanks?|excuse)\b"
)
_POINTS_BACK = re.compile(r"\b(?:it|that|this|there|them|those|these|one)\b")
_SHORT = 5
_BREATH = 40
"""Words a caller says of one thing; a mail goes from one to the next."""
_CAN_YOU = re.compile(
    r"(?:so |and |okay |ok )*(?:(?:can|could|do|does|will|would) (?:you|it|that|this|your \w+)"
    r"(?: guys| folks| all)?(?: also| even| actually)? (?:do|handle|support|help(?: us)?(?: with)?"
    r"|automate|fix|solve|manage|work|cover|take care of|make|speed up|get rid of|improve)"
    r"(?: that| this| it| those| these)?(?: for (?:me|us))?"
    r"|(?:is (?:that|this|it)|it(?:'s| is)) (?:possible|doable|feasible"
    r"|something you(?: guys)? (?:can |could )?"
    r"(?:do|help with|offer|support|handle)))"
    r"(?: (?:by|before|until|within) (?:\w+ ?){1,3}| for (?:me|us)| too| then)?[ ?.]*$"
)
"""Asks no more than whether we can do what was told."""


def look_up(
    commands: tuple[Command, ...],
    said: UserSaid,
    look: Look,
    purpose: str | None = None,
    last: str = "",
) -> tuple[tuple[Command, ...], Asked]:
    """The commands with each question in the words that found an answer, and what was found.

    `purpose`: what they told us before that they want to do; `last`: what was answered last.
    """
    told = _purpose(commands) or purpose
    asked: Asked = {}
    made: list[Command] = []
    alone = partial(_best, said=said, look=look, purpose=None, last="")
    for command in commands:
        if isinstance(command, AskProduct) and only_in_writing(command.question):
            asked[command.question] = NoAnswer("to be sent", "")
        elif isinstance(command, AskProduct):
            best, found = _best(command, said, look, told, last)
            if isinstance(found, NoAnswer) and (each := each_alone(command, alone)):
                asked |= {one.question: answer for one, answer in each}
                made += [one for one, _ in each]
                continue
            command, asked[best.question] = best, found
        elif isinstance(command, Unclear) and heard(command, said):
            known = required(said.text, look)
            asked |= known
            made += [AskProduct(command.span, text) for text in known]
            if known:
                continue
        elif way := of_a_visit(command, said):
            if isinstance(told_of := look(way), Answer):
                asked[way] = told_of
                made.append(AskProduct(command.span, way))
        made.append(command)
    return without_the_other_way(for_a_speaker(made, asked), said.text, asked), asked


def wanted(
    commands: tuple[Command, ...], said: UserSaid, purpose: str | None = None, last: str = ""
) -> tuple[str, ...]:
    """Every text that `look_up` may look up, each once."""
    told = _purpose(commands) or purpose
    texts: list[str] = []
    for command in commands:
        if isinstance(command, AskProduct):
            texts += [way for way, _ in wordings(command.question, said.text, told, last)]
        elif isinstance(command, Unclear) and heard(command, said):
            texts += [way for ways in stated(said.text) for way in ways]
        elif way := of_a_visit(command, said):
            texts.append(way)
    return tuple(dict.fromkeys(texts))


def redirected(commands: tuple[Command, ...], found: Asked, who: str | None) -> tuple[Command, ...]:
    """The commands without questions that others answer: those whom the way out names, or the
    person who is brought in for what they tell.

    `who`: what they said before they are.
    """
    out = who or any(isinstance(c, CompetitorOrVendor | SupportNeed) for c in commands)
    if not out and not any(isinstance(c, Escalate | Emergency) for c in commands):
        return commands
    return _without(commands, lambda c: _for_others(c, found, out=bool(out)))


def announced(commands: tuple[Command, ...], found: Asked) -> tuple[Command, ...]:
    """The commands without what somebody only says they call about and nothing answers: it tells
    what they want, and what they ask of it is still to come."""
    return _without(commands, lambda c: _only_announced(c, found))


def _without(commands: tuple[Command, ...], gone: Callable[[Command], bool]) -> tuple[Command, ...]:
    """The commands that stay; words that leave none are words nobody could read."""
    kept = tuple(c for c in commands if not gone(c))
    return kept or tuple(unread(c.span) for c in commands[:1])


def _only_announced(command: Command, found: Asked) -> bool:
    if not isinstance(command, AskProduct):
        return False
    says = _CALLS_ABOUT.match(command.question.lower())
    return says is not None and isinstance(found.get(command.question), NoAnswer)


_CALLS_ABOUT = re.compile(
    r"(?:(?:hi|hello|hey|so|well|yeah|um|uh|okay|good \w+|this is [\w ]+)[,. ]+)*"
    r"(?:i'm|i am|we're|we are) (?:calling|phoning|ringing|writing|here|on) (?:about|regarding)\b"
    r"(?!.*[?]\s*$)"
)


def _for_others(command: Command, found: Asked, *, out: bool) -> bool:
    if isinstance(command, RequestHuman):
        return out and command.whom
    if not isinstance(command, AskProduct):
        return False
    question = command.question
    return isinstance(found.get(question), NoAnswer) or (
        out and _OF_WORK.search(question.lower()) is not None
    )


_OF_WORK = re.compile(
    r"\b(?:(?:the|this|that|your|a) (?:\w+ )?(?:role|position|job|vacancy|internship|opening)"
    r"|salary|salaries|hiring|vacancies|internships?|job interview|visa|relocat\w+"
    r"|(?:my|the) (?:cv|resume|application))\b"
)
"""What is asked of a job, in whatever words an article may have."""


def along(
    questions: Sequence[Question], found: Asked, look: Look | None
) -> dict[str, tuple[str, Answer]]:
    """What is known of what questions without an answer may ask, by id.

    With `look`, for who cannot soon be asked back, that may be something less likely: it comes
    with the question it answers, as a buyer puts it.
    """
    made: dict[str, tuple[str, Answer]] = {}
    for question in questions:
        result = found.get(question.id)
        if not isinstance(result, NoAnswer):
            continue
        if look and (guess := _guessed(question, result, look)):
            made[question.id] = guess
        elif result.beside:
            made[question.id] = ("", result.beside)
    return made


def _guessed(question: Question, result: NoAnswer, look: Look) -> tuple[str, Answer] | None:
    """A question that may have been meant, with its answer.

    Only what is about a word of theirs: who reads it has to see why it is said.
    """
    if result.perhaps is None:
        return None
    wording = result.perhaps.wording
    answer = look(wording, alone=True)
    if not isinstance(answer, Answer) or answer.policy not in FACTS:
        return None
    about = topics(question.text) & topics(f"{wording} {answer.article.title}")
    return (wording, answer) if about else None


def _purpose(commands: tuple[Command, ...]) -> str | None:
    """What this turn tells that they want to do."""
    told = (c for c in commands if isinstance(c, ProvideSignal) and c.polarity == "positive")
    return next((c.value for c in told if c.criterion == "use_case"), None)


def _best(
    command: AskProduct, said: UserSaid, look: Look, purpose: str | None, last: str
) -> tuple[AskProduct, Answer | NoAnswer]:
    """A question in the first wording that finds something.

    One that leans on words of its own turn is passed on with them: "is that a problem" says nothing
    to who has to answer it later.
    """
    found: NoAnswer | None = None
    spare: tuple[AskProduct, Answer] | None = None
    first = command
    ways = wordings(command.question, said.text, purpose, last)
    priced = of_a_price(command.question.lower().strip(" ?.!"))
    idiom = meant_by(command.question)
    for wording, alone in ways:
        other = look(wording, alone=alone)
        if isinstance(other, NoAnswer) and idiom and wording not in idiom:
            other = replace(other, perhaps=None, beside=None)  # by its words, which mean another
        if isinstance(other, Answer) and priced and _of_no_sum(other):
            spare = spare or (replace(command, question=wording), other)
            continue
        if isinstance(other, Answer):
            return replace(command, question=wording), other
        first = replace(command, question=wording) if found is None else first
        found = found or other
        likelier = max(found.beside, other.beside, key=_likely)
        found = replace(found, perhaps=found.perhaps or other.perhaps, beside=likelier)
    if spare is not None:
        return spare
    assert found is not None, "a question is a wording of itself"
    for wording, alone in (*ways, (said.text, False)) if command.passage else ():
        other = look(wording, alone=alone, passage=command.passage)
        if isinstance(other, Answer):
            return first, other
    return first, found


def _of_no_sum(answer: Answer) -> bool:
    """Whether a fact names no figure of money: no answer to "what does it cost"."""
    told = " ".join(p.text for p in answer.passages)
    return answer.policy in FACTS and _MONEY.search(told) is None


_MONEY = re.compile(r"[$€£]\s?\d|\d\s?(?:[$€£]|dollars|euros|pounds|a (?:month|year|seat))|free")


def _likely(beside: Answer | None) -> float:
    return beside.score if beside else 0.0


def wordings(
    question: str, text: str, purpose: str | None = None, last: str = ""
) -> list[tuple[str, bool]]:
    """The ways to put a question of a turn, the likeliest first, and whether each stands alone."""
    led = _led(question, text)
    leans = bool(led) and _leans(question)
    first = [*led] if leans else [PER_HEAD] if AS_MANY.fullmatch(question.lower()) else []
    first = [*of_figures(question.lower(), _before(question, text).lower()), *first]
    if of_no_thing(question.lower()):
        meant = (last if _POINTS_BACK.search(question.lower()) else "", purpose)
        things = [f"how much is {thing}" for thing in meant if thing]
    else:
        things = []
    ways = dict.fromkeys([*things, *first, question, *led, *_heard_as(question, text, purpose)])
    return [
        (way, way == PER_HEAD or (leans and way in (*led, question)) or way in things)
        for way in ways
    ]


def _leans(question: str) -> bool:
    """Whether a question has too little matter of its own."""
    return not carries_topic(question) or bool(_POINTS_BACK.search(question.lower()))


def _led(question: str, text: str) -> list[str]:
    """The question with what its own sentence says first ("if we stop, …"), then with the sentence
    before that, where these tell anything.
    """
    *earlier, own = _SENTENCES.split(_before(question, text))
    if _HEADS_A_LIST.search(_before(question, text)):
        return []
    own = _JOINED.sub("", own).strip()
    told = next((s.strip() for s in reversed(earlier) if carries_topic(s)), "")
    made = []
    if carries_topic(own) and not _BREAKS_IN.search(own.lower()):
        made.append(f"{own} {question}")
    if told and not told.endswith("?"):
        made.append(" ".join(filter(None, (told, own, question))))
    return made


def _before(question: str, text: str) -> str:
    """What a turn says ahead of its question."""
    return text[: max(text.find(question), 0)]


_HEADS_A_LIST = re.compile(r":[\s*•–-]*$")
"""Before a question: what leads up to a list is no part of what it asks."""
_SENTENCES = re.compile(r"(?<=[.?!;])\s+|\n+")
_JOINED = re.compile(r"^(?:(?:and|so|but|then|okay|ok|also|well|oh|now)\b[,\s]*)+", re.IGNORECASE)


def _heard_as(question: str, text: str, purpose: str | None) -> Iterator[str]:
    before = _before(question, text).lower()
    for lead, tail in tails(question.lower()):
        if _BREAKS_IN.search(before + lead) or ASKING.match(tail):
            yield question[len(lead) : len(lead) + len(tail)]
    leans = len(question.split()) <= _SHORT or _POINTS_BACK.search(question.lower())
    if leans and len(question) < len(text) and _one_breath(question, text):
        yield text
    yield from prices_of(question.lower())
    if goes_on := ELLIPSIS.match(question.lower().strip(" ?.")):
        rest = goes_on["rest"]
        yield f"what happens {rest}" if rest.startswith("if ") else f"do you have {rest}"
    elif len(question.split()) <= 2:
        yield f"do you have {question}"
    yield from put_plainly(question)
    if any(_CAN_YOU.match(part) for part in _parts(question)):
        yield from wanted_done(f"{before} {question.lower()}")
        if purpose:
            yield f"can you help with {purpose}"


def _one_breath(question: str, text: str) -> bool:
    """Whether all that was said may be about one thing: it is short and asks nothing else."""
    return len(text.split()) <= _BREATH and "?" not in text.replace(question, "").strip(" ?\n")


def _parts(question: str) -> list[str]:
    """A question, and its last sentence alone."""
    whole = question.lower().strip()
    return [whole, re.split(r"[.,;!] ", whole)[-1]]
