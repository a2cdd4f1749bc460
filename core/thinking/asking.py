"""Looks up a turn's questions, each in the wording that knowledge understands best. Pure.

A recogniser blurs where a question begins: its subject may come before it ("we're on snowflake, can
you hook into that"), a caller who breaks in may start with meaningless words, and a bare "growth
plan price" is no sentence at all. "Can you do that?" asks about the purpose stated before it. Each
question is tried as asked first; context for one that depends on it comes from just before it in
the same turn rather than from questions of earlier turns.
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
from core.conversation.ledger import Question
from core.conversation.understanding.asks.in_writing import only_in_writing
from core.conversation.understanding.asks.openers import ASKING
from core.conversation.understanding.asks.per_time import of_its_time
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
from core.conversation.words.came_by import without_came_by
from core.talk import UserSaid
from core.thinking.alternatives import Asked, without_the_other_way
from core.thinking.apart import each_alone, for_a_speaker
from core.thinking.chosen import as_chosen, may_be_wrong
from core.thinking.idioms import meant_by, of_either, put_plainly, wanted_done
from core.thinking.looking import NOTHING, About, Look
from core.thinking.resuming import POINTS_BACK, followed_up, of_a_statement
from core.thinking.statements import asks, beside, heard, of_a_wish, stated
from core.thinking.systems import between, without_systems
from knowledge.entry import FACTS, Answer, NoAnswer
from knowledge.leading import lead_with
from knowledge.retrieval.follow_up import asks_alone
from knowledge.retrieval.words import carries_topic, topics

_BREAKS_IN = re.compile(
    r"\b(?:stop|sorry|wait|hold|hang|interrupt|question|okay|actually|thanks?|excuse)\b"
)
_SHORT = 5
_BREATH = 40
"""Words a caller says about one subject; a mail moves from one to the next."""
_CAN_YOU = re.compile(
    r"(?:so |and |okay |ok )*(?:(?:can|could|do|does|will|would) (?:you|it|that|this|your \w+)"
    r"(?: guys| folks| all)?(?: also| even| actually)? (?:do|handle|support|help(?: us)?(?: with)?"
    r"|automate|fix|solve|manage|work(?: with)?|deal with|cover|take care of|make|speed up"
    r"|get rid of|improve)"
    r"(?: that| this| it| those| these)?(?: for (?:me|us))?"
    r"|(?:is (?:that|this|it)|it(?:'s| is)) (?:possible|doable|feasible"
    r"|(?:something|a thing|(?:the|a) (?:kind|sort|type) of (?:thing|work|job))"
    r"(?: that)? you(?: guys| folks)? (?:can |could |would )?"
    r"(?:do|help with|offer|support|handle|take on)))"
    r"(?: (?:by|before|until|within) (?:\w+ ?){1,3}| for (?:me|us)| too| then)?[ ?.]*$"
)
"""Asks only whether we can do what was just described."""


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
    if pair := between(command, commands, said, look, whole=_only_asks_whether(command.question)):
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


def wordings(question: str, text: str, about: About = NOTHING) -> list[tuple[str, bool]]:
    """Ways to word a question of a turn, likeliest first, each with whether it stands alone."""
    text = without_came_by(text)
    led = _led(question, text)
    if not led and about.before and (_only_asks_whether(question) or _OF_A_KIND.match(question)):
        led = _led(question, f"{about.before.rstrip(' .!')}. {question}")
    leans = bool(led) and _leans(question)
    first = [*led] if leans else [PER_HEAD] if AS_MANY.fullmatch(question.lower()) else []
    figures = of_figures(question.lower(), _before(question, text).lower())
    first = [*of_either(question), *figures, *first]
    if of_no_thing(question.lower()):
        back = POINTS_BACK.search(question.lower()) or of_its_time(question.lower())
        meant = (about.last if back else "", about.purpose)
        things = [f"how much is {thing}" for thing in meant if thing]
    else:
        things = []
    ways = dict.fromkeys(
        [*things, *first, question, *led, *_heard_as(question, text, about.purpose)]
    )
    return [
        (way, way == PER_HEAD or (leans and way in (*led, question)) or way in things)
        for way in ways
    ]


_OF_A_KIND = re.compile(
    r"(?:so |and |but )?(?:do|would|will|can|should) (?:we|i|you) \w+ (?:one|any)\W*$", re.I
)
"""Asks about something of the kind that was just spoken of: "do we need one"."""


def _leans(question: str) -> bool:
    """Whether a question has too little content of its own."""
    return not carries_topic(question) or bool(POINTS_BACK.search(question.lower()))


def _led(question: str, text: str) -> list[str]:
    """The question preceded by the start of its own sentence ("if we stop, …"), then by the
    previous sentence, where these have content."""
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
    """The part of a turn before its question."""
    return text[: max(text.find(question), 0)]


_HEADS_A_LIST = re.compile(r":[\s*•–-]*$")
"""Before a question: the introduction to a list is not part of the question."""
_SENTENCES = re.compile(r"(?<=[.?!;])\s+|\n+")
_JOINED = re.compile(r"^(?:(?:and|so|but|then|okay|ok|also|well|oh|now)\b[,\s]*)+", re.IGNORECASE)


def _heard_as(question: str, text: str, purpose: str | None) -> Iterator[str]:
    before = _before(question, text).lower()
    for lead, tail in tails(question.lower()):
        if _BREAKS_IN.search(before + lead) or ASKING.match(tail):
            yield question[len(lead) : len(lead) + len(tail)]
    leans = len(question.split()) <= _SHORT or POINTS_BACK.search(question.lower())
    if leans and len(question) < len(text) and _one_breath(question, text):
        yield text
    yield from prices_of(question.lower())
    if goes_on := ELLIPSIS.match(question.lower().strip(" ?.")):
        rest = goes_on["rest"]
        yield f"what happens {rest}" if rest.startswith("if ") else f"do you have {rest}"
    elif len(question.split()) <= 2 and not asks_alone(question):
        yield f"do you have {question}"
    yield from put_plainly(question)
    if _only_asks_whether(question):
        yield from wanted_done(f"{before} {question.lower()}")
        if purpose:
            yield f"can you help with {purpose}"


def _one_breath(question: str, text: str) -> bool:
    """Whether the whole turn may be about one thing: it is short and asks nothing else."""
    whole = question in text and len(text.split()) <= _BREATH
    return whole and "?" not in text.replace(question, "").strip(" ?\n")


def _only_asks_whether(question: str) -> bool:
    """Whether a question, or its last sentence, only asks whether we can do what was described."""
    whole = question.lower().strip()
    return any(_CAN_YOU.match(part) for part in (whole, re.split(r"[.,;!] ", whole)[-1]))
