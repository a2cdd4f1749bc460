"""What callers want done: the requests of a turn, and the words in which they were made. Pure."""

import re
from collections.abc import Sequence

from core.commands import (
    AskArranged,
    AskRepeat,
    AskTold,
    Busy,
    CancelMeeting,
    Chase,
    ChooseSlot,
    Command,
    CompetitorOrVendor,
    EndCall,
    KeepMeeting,
    MoveMeeting,
    OffTopic,
    OptOut,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    ReturnsCall,
    Smalltalk,
)
from core.conversation.state import ConversationState
from core.conversation.understanding.answers import answers_that, asked_who, refuses_recording
from core.conversation.understanding.asks.by_name import asked_by_name
from core.conversation.understanding.asks.data_rights import data_rights
from core.conversation.understanding.asks.ourselves import of_ourselves
from core.conversation.understanding.asks.returning import named_after
from core.conversation.understanding.intents import intents
from core.conversation.understanding.replies.echoing import echoed
from core.conversation.understanding.replies.missed import missed
from core.conversation.understanding.replies.yes_no import is_me, yes_or_no
from core.conversation.understanding.tells.colleagues import colleagues
from core.conversation.understanding.tells.stated import Stated
from core.conversation.understanding.tells.taken_back import taken_back
from core.conversation.understanding.times.arranged import about_arranged, of_whom_they_meet
from core.conversation.understanding.times.choosing import Placed, about_meetings
from core.conversation.understanding.times.proposing import asks_to_meet
from core.conversation.understanding.turn import Turn
from core.conversation.words.plain import Plain, plain
from core.conversation.words.utterance import Utterance
from knowledge.profile import Company


def requested(
    turn: Turn, statements: Stated, company: Company
) -> tuple[list[Placed], list[tuple[int, int]]]:
    """What they want done, and where they only repeat a figure of ours."""
    u, state = turn.u, turn.state
    stated = statements.find(u, turn.text, state) or taken_back(u, turn.text, state, company)
    meetings = about_meetings(u, state, company)
    requests = _settled_first(meetings, stated, u, plain(u, [*turn.mentions, *turn.named]))
    requests = _arranged_first(requests, about_arranged(u, state, requests))
    requests += named_after(u, turn.named, state, requests)
    requests += [*data_rights(u), *colleagues(u, state), *(echo := echoed(u, state))]
    requests = asked_by_name(of_ourselves(requests, u, state, company), turn.named, u, company)
    requests = missed(u, requests, state)
    if state.written:
        requests = [r for r in requests if not _what_this_is(r[0])]
    if state.by_mail and state.signals.value("phone") is None:
        chased = any(isinstance(c, Chase) and c.missed for c, _, _ in requests)
        requests = [(_met(c), a, b) for c, a, b in requests if not (chased and _of_no_time(c))]
    its_me = asked_who(u, state) and is_me(u.text) and yes_or_no(u.text) is None
    if its_me or (state.awaited.read_back and "wrong number" in u.text):  # the one we read back
        requests = [r for r in requests if not isinstance(r[0], EndCall)]
    return requests, [(a, b) for _, a, b in echo]


def _what_this_is(command: Command) -> bool:
    """Whether "what is this" was taken for a check whom they reached: on a page that says who
    writes, it asks what we are."""
    return (
        isinstance(command, Smalltalk)
        and command.kind == "who"
        and _WHAT_THIS_IS.match(command.span.quote.lower()) is not None
    )


_WHAT_THIS_IS = re.compile(r"what(?:'s| is) this\b")


def clauses(u: Utterance, requests: Sequence[Placed]) -> list[tuple[int, int]]:
    """The words in which a request was made, and which ask or tell nothing else."""
    return [
        (a, _rest(u.text, b) if isinstance(c, _WHOLE) else b)
        for c, a, b in requests
        if not isinstance(c, Smalltalk) or c.kind != "greeting"
    ]


def beside_an_answer(turn: Turn, requests: Sequence[Placed]) -> list[Command]:
    """The requests that do not themselves answer what we asked, and a refused recording."""
    u, fresh = turn.u, turn.fresh
    commands = [c for c, _, _ in requests if not answers_that(c, fresh, u)]
    if fresh is None and (refused := refuses_recording(u, turn.state)):
        commands.append(refused)
    return commands


def proposed(
    u: Utterance,
    asked: list[tuple[int, int]],
    requests: Sequence[Placed],
    state: ConversationState,
) -> list[Placed]:
    """A time together that is only asked about: "any chance of Monday at ten?"."""
    if state.board is None:
        return []
    if any(isinstance(c, OF_A_TIME) for c, _, _ in requests):
        return []
    times = [(a, b) for a, b in asked if asks_to_meet(u.text[a:b], u.said.at.date())]
    return [(RequestMeeting(u.span(a, b), u.text[a:b]), a, b) for a, b in times[:1]]


def _of_no_time(command: Command) -> bool:
    """A call that did not come, and that a buyer who writes is told of in writing."""
    return isinstance(command, RequestCallback) and not command.when


def _met(command: Command) -> Command:
    """ "Can we talk on Friday", from a buyer who left no number, means a meeting."""
    if (
        isinstance(command, RequestCallback)
        and command.when
        and _TOGETHER.search(command.span.quote)
    ):
        return RequestMeeting(command.span, command.when, command.rep)
    return command


_TOGETHER = re.compile(r"\b(?:we|us)\b.*\b(?:talk|speak|chat)|\blet'?s\b", re.IGNORECASE)


def _arranged_first(requests: list[Placed], arranged: list[Placed]) -> list[Placed]:
    """Requests of a turn, where a question about a call or a meeting is nothing else as well."""
    told = [r for r in requests if not (arranged and isinstance(r[0], AskTold | AskRepeat))]
    if any(isinstance(c, AskArranged) and of_whom_they_meet(c) for c, _, _ in arranged):
        told = [r for r in told if not isinstance(r[0], RequestHuman)]
    return [*told, *arranged]


def _settled_first(
    meetings: list[Placed],
    stated: list[tuple[Command, int, int]],
    u: Utterance,
    text: Plain,
) -> list[tuple[Command, int, int]]:
    """Requests of a turn; what it says about times already on offer is not requested again."""
    wanted = intents(u, text, [(a, b) for _, a, b in stated])
    instead = _INSTEAD.search(u.text) and any(isinstance(c, RequestCallback) for c, _, _ in wanted)
    if instead or any(isinstance(c, OffTopic) for c, _, _ in wanted):
        meetings = []  # "scrap that, have someone call me friday", "will it snow tomorrow"
    asks = (RequestMeeting, RequestCallback) if meetings else ()
    return [*meetings, *stated, *(i for i in wanted if not isinstance(i[0], asks))]


_INSTEAD = re.compile(
    r"\b(?:(?:scrap|scratch|forget|drop|skip|leave|never ?mind) (?:that|it|this|the \w+|about \w+)"
    r"|(?:have|get|let|ask|tell) (?:someone|somebody|him|her|them|one of \w+|\w+)(?: \w+)?(?: to)?"
    r" (?:just )?(?:call|ring|phone)|call me (?:back )?(?:first|instead|rather)"
    r"|(?:someone|somebody|they|you|he|she) (?:just )?(?:call|ring|phone) me (?:back )?(?:first"
    r"|instead)"
    r"|call ?back instead|just (?:call|ring|phone) me)\b"
)
"""Says that a call is wanted instead of the offered times."""
OF_A_TIME = (
    RequestCallback, RequestMeeting, Busy, ChooseSlot, MoveMeeting, KeepMeeting, CancelMeeting,
    AskArranged, OptOut,
)  # fmt: skip
"""Next to these a time is that of a call, not of a project."""
_WHOLE = (Chase, RequestHuman, RequestCallback, ReturnsCall, CompetitorOrVendor, OffTopic)
"""The clause of these contains no further question: "to speak with someone from sales"."""
_REST = re.compile(
    r"[^,.?!;]*?(?= (?:and|but|so) "
    r"| (?:do|does|can|is|are|what|how) (?:you|we|i|it|there|the|your|much) "
    r"|[,.?!;]|$)(?:, (?:please|(?:would|will|can|could) you))?"
)


def _rest(text: str, end: int) -> int:
    """Where the clause ends in which a request was made."""
    match = _REST.match(text, end)
    return match.end() if match else end
