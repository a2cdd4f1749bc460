"""Thinks one turn through, without wording it: commands, knowledge, state, verdict, act. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from core.commands import AskProduct, Command, RequestCallback, RequestMeeting
from core.conversation.appointments import Callback
from core.conversation.consenting import moved
from core.conversation.ledger import Question
from core.conversation.reduce import reduce
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.asks.reaching import asks_where
from core.conversation.understanding.embedded import Understanding
from core.conversation.understanding.replies.yes_no import says_it_was_not
from core.events import (
    Fact,
    Flagged,
    PersonAnswered,
    QuestionAnswered,
    SignalCaptured,
    VerdictReached,
)
from core.facts.consents import ConsentRecorded
from core.facts.standing import INTENT
from core.geography.gazetteer import town
from core.geography.places import place_of
from core.plan import Act, Defer, Give, Tell
from core.policy.booking import with_offer
from core.policy.checking import with_check
from core.policy.jurisdiction import rule_of
from core.policy.kept import offered_keeper
from core.policy.messages import facts_of
from core.policy.next_act import next_act
from core.policy.noting import NOTED
from core.policy.promising import callback_by, requested, seen
from core.policy.transferring import takers
from core.policy.view import View
from core.presence import is_open, local_day
from core.privacy.given import with_card
from core.qualification.verdict import Case, verdict, worth_asking
from core.routing.choose import Lead, choose
from core.routing.lead import gone
from core.scheduling.openings import Openings
from core.talk import Span, UserSaid
from core.thinking.alternatives import Asked
from core.thinking.asking import along, announced, look_up, redirected, wanted
from core.thinking.chosen import as_chosen, may_be_wrong
from core.thinking.helping import fitting, unasked
from core.thinking.inference import Inference
from core.thinking.locality import Locality
from core.thinking.looking import Look, about, caller_of, looked_up, topics_of
from core.thinking.read import RuleReading
from core.thinking.read import read as read_turn
from core.thinking.understood import Sense, sense
from knowledge.answer import KnowledgeBase, Shown
from knowledge.entry import Answer, NoAnswer
from knowledge.languages import language_code
from knowledge.profile import Company
from knowledge.retrieval.meaning import NO_VECTORS, Vectors

MOST_SOUGHT = 2
"""Questions per turn for which a model is shown the nearest passages, if not all."""


@dataclass(frozen=True, slots=True)
class Thought:
    """The decision of a turn, the state it leaves, and the facts it found."""

    act: Act
    state: ConversationState
    facts: tuple[Fact, ...]
    read: RuleReading
    sense: Sense = "other"
    """What could be made of the words."""
    unsure: bool = False
    """Whether it states a fact in answer to a question that is not an approved wording."""

    @property
    def at_a_loss(self) -> bool:
        """Whether nothing is left but to ask again, ask a clarifying question or defer."""
        if self.act.rule == "unclear" or self.act.check is not None:
            return True
        return any(isinstance(point, Defer) for point in self.act.points)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A turn's commands, the state and facts they made, and what the state is judged by."""

    commands: tuple[Command, ...]
    state: ConversationState
    facts: tuple[Fact, ...]
    case: Case


class Thinker:
    """Thinks for one company. Holds no conversation state."""

    def __init__(
        self,
        company: Company,
        knowledge: KnowledgeBase,
        criteria_version: str,
        *,
        transfers: bool = False,
    ) -> None:
        self.company = company
        self.knowledge = knowledge
        self.criteria_version = criteria_version
        self.transfers = transfers
        self.understanding = Understanding(company)
        self.lexicon = self.understanding.lexicon
        self.exact = frozenset(c.name for c in company.criteria if c.kind in ("number", "date"))
        self.locality = Locality(self.understanding.near.served)
        self.inference = Inference(company, knowledge)
        self.names = {p.id: p.name for p in company.team} | {p.id: p.name for p in company.stewards}

    def warm(self, at: datetime) -> None:
        """Build what would otherwise be built on first use."""
        day = local_day(self.company, at)
        is_open(self.company, at)
        town(self.company.name)
        self.knowledge.answer(f"what is {self.company.name}", day=day)

    def read(self, state: ConversationState, said: UserSaid) -> RuleReading:
        """The turn as the rules read it, shared by everything that needs it."""
        return read_turn(self.understanding, state, said)

    def questions(
        self, state: ConversationState, read: RuleReading, reading: tuple[Command, ...] = ()
    ) -> tuple[str, ...]:
        """The texts that `think` may look up as questions, those still open last."""
        commands, _ = read.along(state, reading, self.exact)
        still = (question.text for question in state.open_questions())
        texts = wanted(commands, read.said, about(state, self.knowledge))
        return tuple(dict.fromkeys((*texts, *still)))

    def shown(self, state: ConversationState, read: RuleReading) -> Shown:
        """The passages in which a model may find an answer."""
        commands, _ = read.along(state, (), self.exact)
        asked = [c.question for c in commands if isinstance(c, AskProduct)]
        return self.knowledge.shown(
            tuple(dict.fromkeys((*asked[:MOST_SOUGHT], read.said.text))),
            day=local_day(self.company, read.said.at),
            context=state.history.context,
            caller=caller_of(state),
            typed=state.written,
        )

    def think(
        self,
        state: ConversationState,
        said: UserSaid,
        reading: tuple[Command, ...] = (),
        vectors: Vectors = NO_VECTORS,
        read: RuleReading | None = None,
    ) -> Thought:
        """The whole turn; the same input gives the same thought.

        `reading`: a model's commands, if any; `vectors`: question embeddings, where available;
        `read`: what `read` returned for this turn, if it was called.
        """
        day = local_day(self.company, said.at)
        read = read or self.read(state, said)
        commands, state = read.along(state, reading, self.exact)
        heard = read.said
        commands = with_card(commands, said)
        look = self._look(state, day, vectors, heard.text)
        commands, asked = look_up(commands, heard, look, about(state, self.knowledge))
        commands = announced(redirected(commands, asked, state.judged.disqualified), asked)
        commands = self.inference.infer(commands, asked, day, heard)
        taken = self._taken(state, heard, commands, asked, day)
        if taken.state.judged.disqualified and not state.judged.disqualified:
            left = redirected(commands, asked, taken.state.judged.disqualified)
            if left != commands:
                taken = self._taken(state, heard, left, asked, day)
        made = sense(state, taken.commands, asked, taken.facts)
        after, judged = self._judged(taken.state, taken.case)
        found = self._open(after, asked, day, vectors)
        guess = self._look(after, day, vectors) if after.by_mail else None
        meant = along(after.open_questions(), found, guess)
        view = self._view(state, replace(taken, state=after), heard, found, meant)
        act = next_act(view)
        after, more = self._enter(after, act, heard, view)
        unsure = any(may_be_wrong(one) for one in asked.values())
        return Thought(act, after, (*taken.facts, *judged, *more), read, made, unsure)

    def _taken(
        self,
        state: ConversationState,
        said: UserSaid,
        commands: tuple[Command, ...],
        asked: Asked,
        day: date,
    ) -> _Taken:
        """The state after a turn's commands, the facts, and the case to judge."""
        after, facts = reduce(state, said, commands, asked)
        after, placed = self._placed(after, _learned(facts))
        case = self._case(after, day)
        out = case.out[0].id if case.out else None  # by what is stated now: a correction undoes it
        after = replace(after, judged=replace(after.judged, disqualified=out))
        return _Taken(commands, after, (*facts, *placed), case)

    def judge(
        self, state: ConversationState, day: date
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        """Verdict and route for a state; facts only where they changed."""
        return self._judged(state, self._case(state, day))

    def _judged(
        self, state: ConversationState, case: Case
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        reached = verdict(case, self.criteria_version)
        route = choose(self._lead(state, reached), self.company)
        facts: list[Fact] = []
        before = after = state.judged
        if before.verdict is None or replace(reached, turn=before.verdict.turn) != before.verdict:
            after = replace(after, verdict=reached)
            facts.append(reached)
        if before.route is None or replace(route, turn=before.route.turn) != before.route:
            after = replace(after, route=route)
            facts.append(route)
        return replace(state, judged=after), tuple(facts)

    def _case(self, state: ConversationState, day: date) -> Case:
        number = place_of(state.number)
        return Case(self.company, state.signals.active, day, state.turn, state.wants.human, number)

    def _lead(self, state: ConversationState, reached: VerdictReached) -> Lead:
        industry = state.signals.value("industry")
        topics = (*state.given.topics, *((industry,) if industry else ()))
        said = state.signals.value("location")
        lead = Lead(
            reached.result, reached.segment, said or place_of(state.number), topics,
            state.signals.value("company"), turn=state.turn, said_place=said is not None,
            language=language_code(state.signals.value("language")), at=state.opened.at,
            booked_with=state.booked_with,
            owner=(state.identity.crm and state.identity.crm.owner) or None,
            customer=state.customer,
            intent=tuple(s.value for s in state.signals.active if s.criterion == INTENT),
            gone=gone(opted_out=state.ending.opted_out, abuse=state.abuse),
        )  # fmt: skip
        return lead.with_board(state.board)

    def _placed(
        self, state: ConversationState, learned: tuple[SignalCaptured, ...]
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        """Apply the recording rule of a place they named, if stricter than their number's."""
        told = next((s for s in learned if s.criterion == "location"), None)
        if told is None or state.written:
            return state, ()
        opened = state.opened
        rule = rule_of(self.company, opened.caller, opened.called, told.value)
        return moved(state, rule, Span(told.quote, told.start_ms, told.end_ms))

    # --- knowledge -------------------------------------------------------------------------------

    def _look(self, state: ConversationState, day: date, vectors: Vectors, now: str = "") -> Look:
        return looked_up(self.knowledge, self.locality, state, day, vectors, now)

    def _open(
        self,
        state: ConversationState,
        asked: dict[str, Answer | NoAnswer],
        day: date,
        vectors: Vectors,
    ) -> dict[str, Answer | NoAnswer]:
        """Answers to all open questions by id; those of earlier turns are looked up again."""
        look = self._look(state, day, vectors)

        def again(question: Question) -> Answer | NoAnswer:
            text, passage = question.text, question.passage
            return as_chosen(look(text, alone=True), passage, text, ((text, True),), look)

        return {q.id: asked.get(q.text) or again(q) for q in state.open_questions()}

    # --- policy ----------------------------------------------------------------------------------

    def _view(
        self,
        before: ConversationState,
        taken: _Taken,
        said: UserSaid,
        found: dict[str, Answer | NoAnswer],
        meant: dict[str, tuple[str, Answer]],
    ) -> View:
        """Everything a decision may look at; `before`: the state the turn was said in."""
        state, commands, facts = taken.state, taken.commands, taken.facts
        learned = _learned(facts)
        consents = (f for f in reversed(facts) if isinstance(f, ConsentRecorded))
        rep = state.judged.rep or self.company.default_owner
        look = self._look(state, taken.case.today, NO_VECTORS)
        return View(
            state=state,
            commands=commands,
            learned=learned,
            found=found,
            meant=meant,
            help=None if found else unasked(state, learned, commands, self.lexicon, look),
            fitting=fitting(state, found, look),
            worth=worth_asking(taken.case),
            company=self.company,
            now=said.at,
            open_now=is_open(self.company, said.at),
            takers=takers(self.company, state, said.at) if self.transfers else frozenset(),
            rep=rep,
            callback=self._callback(state, commands, said, rep),
            names=self.names,
            openings=self._openings(state, said.at, rep),
            confirmed=any(isinstance(f, QuestionAnswered) for f in facts),
            corrected=says_it_was_not(said.text),
            asks_where=asks_where(said.text),
            back=any(isinstance(f, PersonAnswered) and f.yes for f in facts),
            before=before.awaited,
            refused=state.proposals.refused[len(before.proposals.refused) :],
            sees=seen(self.company, self._caller(state, rep), said.at, state.zone),
            consent=next((f for f in consents if f.kind == "recording"), None),
            stopped=before.recording.consent == "given" and state.recording.consent != "given",
        )

    def _openings(self, state: ConversationState, at: datetime, rep: str) -> Openings | None:
        """The times that could be offered, if the team's availability is known."""
        if state.board is None:
            return None
        zone = state.zone
        segment = state.judged.segment
        fast = state.judged.fast_track
        who = state.wants.keeper if self.company.rep(state.wants.keeper or "") else rep
        return Openings(
            self.company, state.board, who or rep, segment, fast, zone, at, by_mail=state.by_mail,
            visit=state.wants.visit,
        )  # fmt: skip

    def _callback(
        self,
        state: ConversationState,
        commands: tuple[Command, ...],
        said: UserSaid,
        rep: str,
    ) -> Callback:
        """The callback we could promise: at the time they wished for, on a day the team works."""
        asked = next((c for c in commands if isinstance(c, RequestCallback | RequestMeeting)), None)
        quote = asked.span.quote if asked else said.text
        return callback_by(self._caller(state, rep), state, self.company, said.at, quote)

    def _caller(self, state: ConversationState, rep: str) -> str:
        """Who would call: the owner of the escalation, else the keeper, else the rep."""
        if state.wants.human and state.wants.escalated:
            return next(e.owner for e in self.company.escalations if e.id == state.wants.escalated)
        return state.wants.keeper or rep

    def _enter(
        self, state: ConversationState, act: Act, said: UserSaid, view: View
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        """What the act itself changes: topics covered, and a callback that was agreed."""
        topics = [
            t
            for p in act.points
            if isinstance(p, Give)
            for question in p.questions
            for t in topics_of(view.found.get(question))
        ]
        if topics:
            answered = tuple(dict.fromkeys((*state.given.topics, *topics)))[-16:]
            state = replace(state, given=replace(state.given, topics=answered))
        state = with_check(with_offer(state, act), act)
        noted = any(isinstance(p, Tell) and p.topic in NOTED for p in act.points)
        kept = (Flagged("noted", said.turn, said.start_ms, said.text),) if noted else ()
        if act.rule == "kept":
            state = replace(state, wants=replace(state.wants, keeper=offered_keeper(view)))
        if act.message is not None:
            return replace(state, message=act.message.text), facts_of(act.message, said)
        if act.callback is None or act.callback == state.callback:
            return state, kept
        fact = requested(act.callback, state, self.company, said.turn)
        awaited = replace(state.awaited, offer=None)
        return replace(state, callback=act.callback, awaited=awaited), (fact,)


def _learned(facts: tuple[Fact, ...]) -> tuple[SignalCaptured, ...]:
    return tuple(f for f in facts if isinstance(f, SignalCaptured) and not f.origin)
