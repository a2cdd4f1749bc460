"""Looks up a turn's questions, each in the wording that knowledge understands best. Pure.

A recogniser blurs where a question begins: its subject may come before it ("we're on snowflake, can
you hook into that"), a caller who breaks in may start with meaningless words, and a bare "growth
plan price" is no sentence at all. "Can you do that?" asks about the purpose stated before it. Each
question is tried as asked first; context for one that depends on it comes from just before it in
the same turn rather than from questions of earlier turns.
"""

import re
from collections.abc import Callable, Sequence
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
from core.conversation.ledger import Question
from core.conversation.understanding.asks.in_writing import only_in_writing
from core.conversation.understanding.asks.pricing import (
    of_a_price,
)
from core.conversation.understanding.tells.unread import unread
from core.talk import UserSaid
from core.thinking.alternatives import Asked, without_the_other_way
from core.thinking.apart import each_alone, for_a_speaker
from core.thinking.chosen import as_chosen, may_be_wrong
from core.thinking.idioms import meant_by
from core.thinking.looking import NOTHING, About, Look
from core.thinking.resuming import followed_up, of_a_statement
from core.thinking.statements import asks, beside, heard, of_a_wish, stated
from core.thinking.systems import between, without_systems
from core.thinking.wordings import only_asks_whether, wordings
from knowledge.entry import FACTS, Answer, NoAnswer
from knowledge.leading import lead_with
from knowledge.retrieval.words import topics


def look_up(
    commands: tuple[Command, ...],
    said: UserSaid,
    look: Look,
    about: About = NOTHING,
) -> tuple[tuple[Command, ...], Asked]:
    """The commands with each question in the wording that found an answer, and what was found."""
    told = _now_about(about, commands)
    asked: Asked = {}
    made: list[Command] = []
    for command in commands:
        if isinstance(command, AskProduct):
            found = _looked_up(command, commands, said, look, told)
            asked |= {one.question: answer for one, answer in found}
            made += [one for one, _ in found]
            continue
        if isinstance(command, Unclear):
            known = of_a_statement(command, said, look, told)
            asked |= known
            made += [AskProduct(command.span, text) for text in known]
            if known:
                continue
        elif way := of_a_wish(command, said):
            if isinstance(told_of := look(way), Answer):
                asked[way] = told_of
                made.append(AskProduct(command.span, way))
        made.append(command)
    for span, text in beside(commands, said):
        answer = look(text)
        if isinstance(answer, Answer) or asks(text):
            asked[text] = answer
            made.append(AskProduct(span, text))
    return without_the_other_way(for_a_speaker(made, asked), said.text, asked), asked


def _looked_up(
    command: AskProduct, commands: Sequence[Command], said: UserSaid, look: Look, told: About
) -> Sequence[tuple[AskProduct, Answer | NoAnswer]]:
    """A question in the wording that found an answer, or each of the things that it asks for."""
    if only_in_writing(command.question):
        return [(command, NoAnswer("to be sent", ""))]
    if command.passage:  # a model has divided the turn, and chosen
        return [_best(command, said, look, told)]
    if pair := between(command, commands, said, look, whole=only_asks_whether(command.question)):
        return pair
    best, found = _best(command, said, look, told)
    found = followed_up(command.question, found, look, told)
    if isinstance(found, Answer) and not may_be_wrong(found):
        return [(best, found)]
    each = each_alone(command, partial(_best, said=said, look=look, about=NOTHING))
    if isinstance(found, Answer):
        own = {answer.article.id for _, answer in each if isinstance(answer, Answer)}
        return each if 1 < len(own) == len(each) else [(best, found)]
    if each:
        return each
    return [without_systems(command, commands, look) or (best, found)]


def wanted(
    commands: tuple[Command, ...], said: UserSaid, about: About = NOTHING
) -> tuple[str, ...]:
    """Every text that `look_up` may look up, without duplicates."""
    told = _now_about(about, commands)
    texts: list[str] = []
    for command in commands:
        if isinstance(command, AskProduct):
            texts += [way for way, _ in wordings(command.question, said.text, told)]
        elif isinstance(command, Unclear) and heard(command, said):
            texts += [way for ways in stated(said.text) for way in ways]
        elif way := of_a_wish(command, said):
            texts.append(way)
    texts += [text for _, text in beside(commands, said)]
    return tuple(dict.fromkeys(texts))


def redirected(commands: tuple[Command, ...], found: Asked, who: str | None) -> tuple[Command, ...]:
    """The commands without questions that others answer: the contacts a disqualifier's way out
    names, or the person an escalation brings in.

    `who`: what they said earlier that they are.
    """
    out = who or any(isinstance(c, CompetitorOrVendor | SupportNeed) for c in commands)
    if not out and not any(isinstance(c, Escalate | Emergency) for c in commands):
        return commands
    return _without(commands, lambda c: _for_others(c, found, out=bool(out)))


def announced(commands: tuple[Command, ...], found: Asked) -> tuple[Command, ...]:
    """The commands without a stated reason for calling that nothing answers: it tells us what they
    want, and their question about it is still to come."""
    return _without(commands, lambda c: _only_announced(c, found))


def _without(commands: tuple[Command, ...], gone: Callable[[Command], bool]) -> tuple[Command, ...]:
    """The remaining commands; if none remain, the words count as unreadable."""
    kept = tuple(c for c in commands if not gone(c))
    return kept or tuple(unread(c.span) for c in commands[:1])


def _only_announced(command: Command, found: Asked) -> bool:
    if not isinstance(command, AskProduct):
        return False
    says = _CALLS_ABOUT.match(command.question.lower())
    return says is not None and isinstance(found.get(command.question), NoAnswer)


_CALLS_ABOUT = re.compile(
    lead_with("yeah", r"good \w+", r"this is(?: (?!(?:this|i|we)\b)\w+)++")
    + r"(?:i'm|i am|we're|we are) (?:calling|phoning|ringing|writing|here|on) (?:about|regarding)\b"
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
"""Questions about working for us, which may happen to share words with an article."""


def along(
    questions: Sequence[Question], found: Asked, look: Look | None
) -> dict[str, tuple[str, Answer]]:
    """Answers to what unanswered questions may have meant, by question id.

    With `look`, for buyers who cannot soon be asked a clarifying question, the match may be less
    likely: it comes with the question it answers, in a buyer's words.
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

    It must share a word with theirs, so that the reader can see why it is there.
    """
    if result.perhaps is None:
        return None
    wording = result.perhaps.wording
    answer = look(wording, alone=True)
    if not isinstance(answer, Answer) or answer.policy not in FACTS:
        return None
    about = topics(question.text) & topics(f"{wording} {answer.article.title}")
    return (wording, answer) if about else None


def _now_about(about: About, commands: tuple[Command, ...]) -> About:
    """The same with what the buyer says in this turn that they want to do, if anything."""
    told = (c for c in commands if isinstance(c, ProvideSignal) and c.polarity == "positive")
    purpose = next((c.value for c in told if c.criterion == "use_case"), about.purpose)
    return replace(about, purpose=purpose)


def _best(
    command: AskProduct, said: UserSaid, look: Look, about: About
) -> tuple[AskProduct, Answer | NoAnswer]:
    """A question in the first wording that finds something.

    A question that depends on words of its own turn is deferred together with them: "is that a
    problem" alone means nothing to the person who answers it later.
    """
    ways = wordings(command.question, said.text, about)
    best, found = _by_words(command, ways, look)
    chosen = as_chosen(found, command.passage, command.question, (*ways, (said.text, False)), look)
    return (best if chosen is found else command), chosen


def _by_words(
    command: AskProduct, ways: Sequence[tuple[str, bool]], look: Look
) -> tuple[AskProduct, Answer | NoAnswer]:
    """A question in the first wording that finds something by its words."""
    found: NoAnswer | None = None
    spare: tuple[AskProduct, Answer] | None = None
    first = command
    priced = of_a_price(command.question.lower().strip(" ?.!"))
    idiom = meant_by(command.question)
    for wording, alone in ways:
        other = look(wording, alone=alone)
        if isinstance(other, NoAnswer) and idiom and wording not in idiom:
            other = replace(other, perhaps=None, beside=None)  # its words mean something else
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
    return first, found


def _of_no_sum(answer: Answer) -> bool:
    """Whether a fact names no amount of money, so it does not answer "what does it cost"."""
    told = " ".join(p.text for p in answer.passages)
    return answer.policy in FACTS and _MONEY.search(told) is None


_MONEY = re.compile(
    r"[$€£]\s?\d|\d\s?(?:[$€£]|dollars|euros|pounds|cents|a (?:month|year|seat))|free"
)


def _likely(beside: Answer | None) -> float:
    return beside.score if beside else 0.0
