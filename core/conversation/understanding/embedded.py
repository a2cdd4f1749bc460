"""Turns a turn's words into typed commands by rules and the company's vocabulary, without a model.

Requests are read first, then questions in the rest, then what the buyer says about themselves.
"""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.commands import (
    AskArranged,
    AskProduct,
    Command,
    EndCall,
    OffTopic,
    OptOut,
    ProvideContact,
    ProvideSignal,
    RequestHuman,
    Smalltalk,
    Unclear,
)
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.answers import answers
from core.conversation.understanding.asked import asked_of_us
from core.conversation.understanding.asks.by_name import people, without_namesakes
from core.conversation.understanding.asks.in_writing import sent_on
from core.conversation.understanding.asks.itemised import itemised
from core.conversation.understanding.asks.questions import asking
from core.conversation.understanding.asks.reaching import asks_who
from core.conversation.understanding.asks.returning import without_their_call
from core.conversation.understanding.replies import ai_call
from core.conversation.understanding.replies.doubting import settled
from core.conversation.understanding.replies.goodbyes import sure_goodbye
from core.conversation.understanding.replies.keypad import keyed
from core.conversation.understanding.replies.keys import pressed
from core.conversation.understanding.replies.late import answering_late
from core.conversation.understanding.requests import (
    OF_A_TIME,
    beside_an_answer,
    clauses,
    proposed,
    requested,
)
from core.conversation.understanding.tells.choices import Choices
from core.conversation.understanding.tells.details import beside_a_number, details
from core.conversation.understanding.tells.messages import for_whom, messages
from core.conversation.understanding.tells.objections import OBJECTS
from core.conversation.understanding.tells.purposes import Purposes, of_others_purpose
from core.conversation.understanding.tells.reading import Reader, slips
from core.conversation.understanding.tells.rivals import rivals
from core.conversation.understanding.tells.signed import signed
from core.conversation.understanding.tells.stated import Stated
from core.conversation.understanding.tells.unanswered import really_told, whole_told
from core.conversation.understanding.times.choosing import Placed
from core.conversation.understanding.times.proposing import asks_to_meet
from core.conversation.understanding.times.retiming import (
    arranging,
    not_wanted,
    retimed,
    withdrawn,
)
from core.conversation.understanding.times.timing import apart, of_a_day, of_a_plan, of_a_time
from core.conversation.understanding.times.when import only_a_time
from core.conversation.understanding.turn import Turn
from core.conversation.words.came_by import came_by
from core.conversation.words.lexicon import Lexicon, Mention, trades_of
from core.conversation.words.phone import home_region
from core.conversation.words.plain import plain
from core.conversation.words.third_persons import own_words
from core.conversation.words.tongues import languages, wants_no_more, written_in
from core.conversation.words.trades import listed
from core.conversation.words.utterance import Utterance, utterance
from core.conversation.words.wider import with_wider
from core.geography.namesakes import Near
from core.qualification.leaning import counts_of_uses
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
            self.near, any(m.visit for m in company.meeting_types), counts_of_uses(company),
            frozenset(self.lexicon.tool_kinds),
        )  # fmt: skip
        self.region = home_region(company.numbers)
        self.stated = Stated(company)
        self._zone = ZoneInfo(company.timezone)

    def read(self, said: UserSaid, state: ConversationState) -> tuple[Command, ...]:
        """All commands of the turn in the order they were spoken; never empty.

        Each pass works on the words that the passes before it left: a request's clause holds no
        question, and a question tells nothing about who asks it.
        """
        u = utterance(replace(keyed(said, state), at=said.at.astimezone(self._zone)))
        if (at_once := self._at_once(said, u, state)) is not None:
            return at_once
        state = answering_late(u, state)
        mentions = without_namesakes(u, with_wider(u, self.lexicon.mentions(u)))
        turn = Turn(u, mentions, people(u, mentions, self.company), plain(u, mentions), state)
        requests, echo = requested(turn, self.stated, self.company)
        taken = clauses(u, requests)
        asked, requests, turn = self._questions(turn, requests, taken)
        commands = beside_an_answer(turn, requests)
        if checks := self._who(u, asked):
            asked = [q for q in asked if q not in checks]
            commands.append(Smalltalk(u.whole(), "who"))
        own = own_words(u) if state.written and turn.fresh not in _REACHED else u
        told = details(own, mentions, turn.state, self.region)
        asked = [(a, b) for a, b in asked if not _where_to(u.said.text[a:b], told)]
        commands += [AskProduct(u.span(a, b), u.span(a, b).quote) for a, b in asked]
        commands += [*told, *languages(u)]
        used = [*echo, *slips(u.text), *came_by(u.text), *checks]
        commands += self._of_themselves(turn, u.without(used), asked, commands, bool(taken))
        if state.written:
            commands = self._written(turn, own, commands)
        return self._reconciled(turn, asked, commands)

    def _questions(
        self, turn: Turn, requests: list[Placed], taken: list[tuple[int, int]]
    ) -> tuple[list[tuple[int, int]], list[Placed], Turn]:
        """The questions, the requests that only their wording shows, and what is then expected."""
        u = turn.u
        asked, state = asked_of_us(u, turn.mentions, taken, turn.state)
        requests = [*requests, *proposed(u, asked, requests, state)]
        asked = without_their_call(u, _without_times(u, asked, requests, state), requests)
        asked, requests = sent_on(u, asked, requests, state)
        return asked, requests, replace(turn, state=state)

    def _of_themselves(
        self,
        turn: Turn,
        left: Utterance,
        asked: list[tuple[int, int]],
        commands: Sequence[Command],
        requested: bool,
    ) -> list[Command]:
        """What they say about themselves in the words that are left."""
        u = turn.u
        if (rest := beside_a_number(left, commands, turn.state)) is None:
            return []
        inside = [asking(u, a, b) for a, b in asked]
        told = self._signals(rest, turn.mentions, inside, commands, turn.state)
        if any(isinstance(c, OffTopic) for c in commands):
            return []  # "the weather in boston"
        return [t for t in told if not (requested and t.span == u.whole())]

    def _written(self, turn: Turn, own: Utterance, commands: list[Command]) -> list[Command]:
        """The commands of a written turn, with its signature, and its list taken apart."""
        state = turn.state
        reached = state.signals.value("email") or state.signals.value("phone")
        name = state.signals.value("name")
        named = signed(
            own, turn.mentions, commands, self.lexicon.listed_role,
            bool(reached) and name is None, name or "",
        )  # fmt: skip
        return itemised(turn.u, [*commands, *named])

    def _reconciled(
        self, turn: Turn, asked: list[tuple[int, int]], commands: list[Command]
    ) -> tuple[Command, ...]:
        """The commands that remain once each is read beside all the others."""
        u, state = turn.u, turn.state
        commands = [c for c in commands if not of_others_purpose(c, commands)]
        commands += rivals(u, turn.mentions, asked, commands)
        commands += answers(u, commands, state)
        commands = not_wanted(u, withdrawn(u, commands, state), state)
        commands = [*ai_call.answered(u, state, commands)]
        if left := messages(u, turn.text, state, commands):
            return for_whom(left, turn.named, state, self.company)
        return settled(u, sure_goodbye(u, commands, state), state)

    def _who(self, u: Utterance, asked: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Questions that only check whom they have reached."""
        return [q for q in asked if asks_who(u.said.text[q[0] : q[1]], self.company, self.lexicon)]

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
        if state.awaited.asks(u.said.turn):
            found = [*whole_told(really_told(found, u), u, state)]
        if call := retimed(u, asked, [*commands, *found], state):
            found = [call, *found]
        found = [f for f in found if not self._of_what_stands(f, u, state)]
        ended = " ".join(c.span.quote.lower() for c in commands if isinstance(c, EndCall))
        found = [f for f in found if not (of_a_time(f) and f.span.quote.lower() in ended)]
        if any(isinstance(c, AskArranged) and c.about == "answer" for c in commands):
            found = [f for f in found if not of_a_time(f)]  # the time by which they want an answer
        if arranged := [c for c in (*commands, *found) if isinstance(c, OF_A_TIME)]:
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
        if not isinstance(told, ProvideSignal) or not of_a_day(told):
            return False
        booking = state.meeting.booking
        meeting = booking and booking.start.astimezone(self._zone).date().isoformat()
        days = (meeting, state.callback.day if state.callback else None)
        return told.value in days and state.awaited.asks(u.said.turn) != told.criterion


_REACHED = ("name", "email", "phone")
"""When asked for these, somebody else's details mean that person."""
_STOP = re.compile(r"(?:please )?stop(?: it| this| please)*[ .!]*")


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
    if not any(isinstance(c, OF_A_TIME) for c, _, _ in requests):
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
