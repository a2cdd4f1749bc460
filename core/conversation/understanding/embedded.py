"""Turns a turn's words into typed commands by rules and the company's vocabulary, without a model.

Requests are read first, then questions in the rest, then what the buyer says about themselves.
"""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.commands import (
    AskArranged,
    AskProduct,
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
    ProvideContact,
    ProvideSignal,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    ReturnsCall,
    Smalltalk,
    Unclear,
)
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.answers import (
    answers,
    answers_that,
    asked_who,
    refuses_recording,
)
from core.conversation.understanding.asked import asked_of_us
from core.conversation.understanding.asks.by_name import asked_by_name, people
from core.conversation.understanding.asks.data_rights import data_rights
from core.conversation.understanding.asks.in_writing import sent_on
from core.conversation.understanding.asks.itemised import itemised
from core.conversation.understanding.asks.opening_hours import with_hours
from core.conversation.understanding.asks.questions import asking
from core.conversation.understanding.asks.reaching import asks_who
from core.conversation.understanding.asks.returning import named_after, without_their_call
from core.conversation.understanding.intents import intents
from core.conversation.understanding.replies import ai_call
from core.conversation.understanding.replies.doubting import settled
from core.conversation.understanding.replies.echoing import echoed
from core.conversation.understanding.replies.goodbyes import sure_goodbye
from core.conversation.understanding.replies.keypad import keyed
from core.conversation.understanding.replies.keys import pressed
from core.conversation.understanding.replies.late import answering_late
from core.conversation.understanding.replies.yes_no import (
    is_me,
    yes_or_no,
)
from core.conversation.understanding.tells.choices import Choices
from core.conversation.understanding.tells.colleagues import colleagues
from core.conversation.understanding.tells.details import beside_a_number, details
from core.conversation.understanding.tells.messages import for_whom, messages
from core.conversation.understanding.tells.objections import OBJECTS
from core.conversation.understanding.tells.purposes import Purposes, of_others_purpose
from core.conversation.understanding.tells.reading import Reader, slips
from core.conversation.understanding.tells.rivals import rivals
from core.conversation.understanding.tells.signed import signed
from core.conversation.understanding.tells.stated import Stated
from core.conversation.understanding.tells.taken_back import taken_back
from core.conversation.understanding.tells.unanswered import really_told, whole_told
from core.conversation.understanding.times.arranged import about_arranged
from core.conversation.understanding.times.choosing import Placed, about_meetings, asks_to_meet
from core.conversation.understanding.times.retiming import (
    arranging,
    not_wanted,
    retimed,
    withdrawn,
)
from core.conversation.understanding.times.timing import apart, of_a_plan, of_a_time
from core.conversation.understanding.times.when import only_a_time
from core.conversation.words.lexicon import Lexicon, Mention, trades_of
from core.conversation.words.phone import home_region
from core.conversation.words.plain import Plain, plain
from core.conversation.words.third_persons import own_words
from core.conversation.words.tongues import languages, wants_no_more, written_in
from core.conversation.words.trades import listed
from core.conversation.words.utterance import Utterance, utterance
from core.conversation.words.wider import with_wider
from core.geography.namesakes import Near
from core.qualification.segments import told_apart_by
from core.talk import UserSaid
from knowledge.profile import Company, Criterion


class Understanding:
    """The embedded reader of one company's callers. Pure: the same turn and state read the same."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.lexicon = Lexicon(company)
        criteria: dict[str, Criterion] = {}
        for segment in company.segments:
            for criterion in segment.criteria:
                criteria.setdefault(criterion.name, criterion)
        self.near = Near.company(
            company.numbers, (t for rep in company.team for t in rep.territories)
        )
        self.reader = Reader(
            tuple(criteria.values()), Purposes(company), Choices(company), told_apart_by(company),
            listed(trades_of(company), company.vocabulary.synonyms), self.lexicon.listed_role,
            self.near, any(m.visit for m in company.meeting_types),
        )  # fmt: skip
        self.region = home_region(company.numbers)
        self.stated = Stated(company)
        self._zone = ZoneInfo(company.timezone)

    def read(self, said: UserSaid, state: ConversationState) -> tuple[Command, ...]:
        """All commands of the turn in the order they were spoken; never empty."""
        u = utterance(replace(keyed(said, state), at=said.at.astimezone(self._zone)))
        if (at_once := self._at_once(said, u, state)) is not None:
            return at_once
        state = answering_late(u, state)
        text = plain(u, mentions := with_wider(u, self.lexicon.mentions(u)))
        stated = self.stated.find(u, text, state) or taken_back(u, text, state, self.company)
        named, meetings = people(u, mentions, self.company), about_meetings(u, state, self.company)
        requests = _settled_first(meetings, stated, u, plain(u, [*mentions, *named]))
        requests = _arranged_first(requests, about_arranged(u, state, requests))
        requests += named_after(u, named, state, requests)
        requests += [*data_rights(u), *colleagues(u, state), *(echo := echoed(u, state))]
        requests = asked_by_name(
            with_hours(requests, u, state, self.company), named, u, self.company
        )
        if state.by_mail and state.value("phone") is None:
            requests = [(_met(c), a, b) for c, a, b in requests]
        if asked_who(u, state) and is_me(u.text) and yes_or_no(u.text) is None:
            requests = [r for r in requests if not isinstance(r[0], EndCall)]  # "that's me"
        taken = [
            (a, _rest(u.text, b) if isinstance(c, _WHOLE) else b)
            for c, a, b in requests
            if not isinstance(c, Smalltalk) or c.kind != "greeting"
        ]
        asked, state = asked_of_us(u, mentions, taken, state)
        requests += _proposed(u, asked, requests, state)
        asked = without_their_call(u, _without_times(u, asked, requests, state), requests)
        asked, requests = sent_on(u, asked, requests, state)
        fresh = state.expects(u.said.turn)
        commands = [c for c, _, _ in requests if not answers_that(c, fresh, u)]
        if fresh is None and (refused := refuses_recording(u, state)):
            commands.append(refused)
        if checks := self._who(u, asked):
            asked = [q for q in asked if q not in checks]
            commands.append(Smalltalk(u.whole(), "who"))
        own = own_words(u) if state.written and fresh not in _REACHED else u
        told = details(own, mentions, state, self.region)
        asked = [(a, b) for a, b in asked if not _where_to(u.said.text[a:b], told)]
        commands += [
            *(AskProduct(span, span.quote) for span in (u.span(a, b) for a, b in asked)),
            *told, *languages(u),
        ]  # fmt: skip
        fresh_words = u.without([*((a, b) for _, a, b in echo), *slips(u.text), *checks])
        if (rest := beside_a_number(fresh_words, commands, state)) is not None:
            inside = [asking(u, a, b) for a, b in asked]
            told = self._signals(rest, mentions, inside, commands, state)
            if not any(isinstance(c, OffTopic) for c in commands):  # "the weather in boston"
                commands += [t for t in told if not (taken and t.span == u.whole())]
        if state.written:
            reached = state.value("email") or state.value("phone")
            nameless = bool(reached) and state.value("name") is None
            known_as = state.value("name") or ""
            commands += signed(
                own, mentions, commands, self.lexicon.listed_role, nameless, known_as
            )
            commands = itemised(u, commands)
        commands = [c for c in commands if not of_others_purpose(c, commands)]
        commands += rivals(u, mentions, asked, commands)
        commands += answers(u, commands, state)
        commands = not_wanted(u, withdrawn(u, commands, state), state)
        commands = [*ai_call.answered(u, state, commands)]
        if left := messages(u, text, state, commands):
            return for_whom(left, named, state, self.company)
        return settled(u, sure_goodbye(u, commands, state), state)

    def _who(self, u: Utterance, asked: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Questions that only check whom they have reached."""
        ours = self.company.name
        return [q for q in asked if asks_who(u.said.text[q[0] : q[1]], ours, self.lexicon)]

    def _at_once(
        self, said: UserSaid, u: Utterance, state: ConversationState
    ) -> tuple[Command, ...] | None:
        """Turns that need no parsing: a key, nothing at all, or an unsupported language."""
        whole = u.whole()
        if said.digits and (key := pressed(said, state, self.company.consent.key)) is not None:
            return (key,)
        if state.written and wants_no_more(u):
            return (OptOut(whole),)
        if state.written and _STOP.fullmatch(u.text.strip()):
            return (OptOut(whole) if state.by_mail else EndCall(whole),)
        if state.written and (foreign := written_in(u)):
            told = ProvideSignal(whole, "language", foreign, "positive", 0.9)
            return (told, RequestHuman(whole))
        if not u.tokens and not said.digits:
            return (Unclear(whole, "empty"),)
        return None

    def _signals(
        self,
        u: Utterance,
        mentions: list[Mention],
        asked: list[tuple[int, int]],
        commands: Sequence[Command],
        state: ConversationState,
    ) -> list[Command]:
        """What callers say about themselves; a callback's time is no project timeline."""
        left = [m for m in mentions if u.text[m.start : m.end].strip()]
        found = self.reader.read(u, left, asked, state)
        if state.expects(u.said.turn):
            found = [*whole_told(really_told(found, u), u, state)]
        if call := retimed(u, asked, commands, state):
            found = [call, *found]
        found = [f for f in found if not self._of_what_stands(f, u, state)]
        ended = " ".join(c.span.quote.lower() for c in commands if isinstance(c, EndCall))
        found = [f for f in found if not (of_a_time(f) and f.span.quote.lower() in ended)]
        if any(isinstance(c, AskArranged) and c.about == "answer" for c in commands):
            found = [f for f in found if not of_a_time(f)]  # the time by which they want an answer
        if arranged := [c for c in (*commands, *found) if isinstance(c, _OF_A_TIME)]:
            spoken = [c.span.quote for c in arranged]
            whens = [getattr(c, "when", "") for c in arranged]
            found = [
                f
                for f in found
                if not of_a_time(f) or apart(u.text, f.span.quote, spoken) or of_a_plan(f, u, whens)
            ]
        if OBJECTS.search(u.text) or any(isinstance(c, ProvideContact) for c in commands):
            found = [f for f in found if f.span != u.whole()]
        return found

    def _of_what_stands(self, told: Command, u: Utterance, state: ConversationState) -> bool:
        """Whether a day is that of the arranged meeting or call: "see you wednesday"."""
        if not isinstance(told, ProvideSignal) or told.criterion != "timeline":
            return False
        meeting = state.booking and state.booking.start.astimezone(self._zone).date().isoformat()
        days = (meeting, state.callback.day if state.callback else None)
        return told.value in days and state.expects(u.said.turn) != "timeline"


_REACHED = ("name", "email", "phone")
"""When asked for these, somebody else's details mean that person."""
_STOP = re.compile(r"(?:please )?stop(?: it| this| please)*[ .!]*")


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


def _proposed(
    u: Utterance,
    asked: list[tuple[int, int]],
    requests: Sequence[Placed],
    state: ConversationState,
) -> list[Placed]:
    """A time together that is only asked about, in writing: "any chance of Monday at ten?"."""
    if not state.written or state.board is None:
        return []
    if any(isinstance(c, _OF_A_TIME) for c, _, _ in requests):
        return []
    times = [(a, b) for a, b in asked if asks_to_meet(u.text[a:b], u.said.at.date())]
    return [(RequestMeeting(u.span(a, b), u.text[a:b]), a, b) for a, b in times[:1]]


def _without_times(
    u: Utterance,
    asked: list[tuple[int, int]],
    requests: Sequence[Placed],
    state: ConversationState,
) -> list[tuple[int, int]]:
    """Questions other than when a meeting or a call could be: that is being arranged."""
    today = u.said.at.date()
    if arranging(state):
        asked = [(a, b) for a, b in asked if not only_a_time(u.text[a:b], today)]
    if not any(isinstance(c, _OF_A_TIME) for c, _, _ in requests):
        return asked
    return [(a, b) for a, b in asked if not asks_to_meet(u.text[a:b], today)]


def _where_to(question: str, told: Sequence[Command]) -> bool:
    """Whether a question only says where to send something: "can you send it to ann at …"."""
    addresses = [c.span.quote for c in told if isinstance(c, ProvideContact) and c.field == "email"]
    return _SENDING.search(question.lower()) is not None and any(a in question for a in addresses)


_SENDING = re.compile(
    r"\b(?:send|forward|e-?mail|mail|put|use)\b.*\b(?:invit\w*|confirmation|it|that|this"
    r"|calendar)\b"
)
_INSTEAD = re.compile(
    r"\b(?:(?:scrap|scratch|forget|drop|skip|leave|never ?mind) (?:that|it|this|the \w+|about \w+)"
    r"|(?:have|get|let|ask|tell) (?:someone|somebody|him|her|them|one of \w+|\w+)(?: \w+)?(?: to)?"
    r" (?:just )?(?:call|ring|phone)|call me (?:back )?(?:first|instead|rather)"
    r"|(?:someone|somebody|they|you|he|she) (?:just )?(?:call|ring|phone) me (?:back )?(?:first"
    r"|instead)"
    r"|call ?back instead|just (?:call|ring|phone) me)\b"
)
"""Says that a call is wanted instead of the offered times."""
_OF_A_TIME = (
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
