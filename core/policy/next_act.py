"""What to do next. Rules in their order: law and safety, a person, open questions, repair, what was
agreed, the end of the call, discovery, the next step. Pure: a view in, an act out.

The order is the policy; each rule is a function that adds its points or passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.commands import (
    Abuse,
    Affirm,
    AskIfAI,
    AskIfRecorded,
    AskRepeat,
    AskWhy,
    BadContact,
    Command,
    CorrectSignal,
    DeclineRecording,
    DeclineToSay,
    Deny,
    Objection,
    RequestCallback,
    RequestMeeting,
    Smalltalk,
    Unclear,
)
from core.conversation.state import Callback, ConversationState, Question
from core.events import Action, SignalCaptured
from core.plan import Act, AskFor, Defer, Give, Learned, Point, Tell
from core.policy.ledger import CONTACT, may_ask, next_ask
from knowledge.entry import Answer, NoAnswer
from knowledge.profile import Company

MOST_ANSWERS = 3
"""Questions answered in one turn; more stay open for the next."""


@dataclass(frozen=True, slots=True)
class View:
    """All a decision may look at."""

    state: ConversationState
    commands: tuple[Command, ...]
    learned: tuple[SignalCaptured, ...]
    """Signals new in this turn."""
    found: Mapping[str, Answer | NoAnswer]
    """What knowledge has for each open question, by question id."""
    help: Answer | None
    """Something approved and not yet told that fits what the buyer just said."""
    undecided: tuple[str, ...]
    company: Company
    open_now: bool
    transfers: bool
    """Whether the channel can hand a waiting caller to a person."""
    rep: str | None
    """Who would take this caller."""
    callback: Callback
    """The call back we could promise now."""
    today: date
    names: Mapping[str, str] = field(default_factory=dict)
    """Spoken names of people by id."""

    def has(self, *kinds: type) -> bool:
        return any(isinstance(c, kinds) for c in self.commands)

    def name_of(self, person: str | None) -> str:
        """A person's name, or a plain word for someone of ours."""
        return self.names.get(person or "", "a colleague")


def next_act(view: View) -> Act:
    """The act of this turn."""
    for rule in (_law, _person, _unheard):
        if act := rule(view):
            return act
    said = _truths(view)
    answers = _answers(view)
    if view.state.disqualified and not view.state.exited:
        return Act("exit", (*said, *answers, *_exit(view)))
    for further in (_agreed, _ending, _repair, _manners):
        if not answers and (act := further(view, said)):
            return act
    if answers and view.has(RequestCallback, RequestMeeting):
        return _with(_agreed(view, (*said, *answers)), "answer_and_agree", (*said, *answers))
    if answers and view.state.closing:
        return _with(_ending(view, (*said, *answers)), "answer_and_end", (*said, *answers))
    return _discover(view, (*said, *_acknowledge(view, bool(answers)), *answers))


def _with(act: Act | None, rule: str, points: tuple[Point, ...]) -> Act:
    return act or Act(rule, points)


# --- law and safety -------------------------------------------------------------------------------


def _law(view: View) -> Act | None:
    turn = view.state.turn
    if view.state.opted_out:
        goodbye = Tell("opted_out", kind="goodbye", must_hear=True, sets="goodbye")
        return Act("opt_out", (goodbye,), Action(turn, "hang_up", "opted out"))
    if view.has(Abuse):
        if view.state.abuse >= 2:
            goodbye = Tell("abuse_end", kind="goodbye", sets="goodbye")
            return Act("abuse", (goodbye,), Action(turn, "hang_up", "abuse"))
        return Act("abuse", (Tell("abuse"),))
    return None


def _truths(view: View) -> tuple[Point, ...]:
    """What must be answered truthfully, before anything else."""
    points: list[Point] = []
    if view.has(DeclineRecording):
        points.append(Tell("recording_off", must_hear=True))
    elif view.has(AskIfRecorded):
        points.append(
            Tell(
                "is_recorded" if view.state.recording == "given" else "not_recorded", kind="answer"
            )
        )
    if view.has(AskIfAI):
        points.append(Tell("is_ai", kind="answer", must_hear=True, sets="disclosure"))
    return tuple(points)


# --- a person --------------------------------------------------------------------------------------


def _person(view: View) -> Act | None:
    """A request for a person always wins: now when someone is there, else a promised call."""
    state = view.state
    asked_now = any(c.__class__.__name__ in ("RequestHuman", "Escalate") for c in view.commands)
    if not state.wants_human or not (
        asked_now or state.expecting == "phone" or _phone_just_given(view)
    ):
        return None
    escalation = next((e for e in view.company.escalations if e.id == state.escalated), None)
    rep = escalation.owner if escalation else view.rep
    opening: tuple[Point, ...] = ()
    reachable = view.company.rep(rep) if rep else None
    if view.transfers and view.open_now and reachable and reachable.phone:
        line = (
            Tell("said", (("text", escalation.say),))
            if escalation
            else Tell("transfer", _who(view, rep))
        )
        return Act("human", (line,), Action(state.turn, "transfer", "asked for a person", rep))
    if asked_now:
        opening = (Tell("nobody_here" if not view.open_now else "line_busy"),)
    return _promise(view, opening, rep)


def _who(view: View, person: str | None) -> tuple[tuple[str, str], ...]:
    name = view.name_of(person)
    return (("name", name.split()[0] if person else name),)


def _phone_just_given(view: View) -> bool:
    return any(s.criterion == "phone" for s in view.learned)


# --- what could not be heard ------------------------------------------------------------------------


def _unheard(view: View) -> Act | None:
    if not view.has(Unclear):
        return None
    count = view.state.unclear
    command = next(c for c in view.commands if isinstance(c, Unclear))
    if view.state.open_questions():
        return None
    if count >= 3:
        return Act("unclear", (Tell("unclear_person", asks="offer:callback"),))
    if command.reason == "meaningless" and count == 1:
        return Act("unclear", (Tell("not_understood"),))
    if view.state.expecting and view.state.expecting_turn == view.state.turn - 1:
        return Act("unclear", (Tell("say_again"),))
    return Act("unclear", (Tell("unclear" if count <= 1 else "unclear_again"),))


# --- questions --------------------------------------------------------------------------------------


def _answers(view: View) -> tuple[Point, ...]:
    """An answer or an owner for every open question, the newest turn's first."""
    waiting = view.state.open_questions()[-MOST_ANSWERS:]
    return tuple(_answer(view, q) for q in waiting)


def _answer(view: View, question: Question) -> Point:
    result = view.found.get(question.id)
    if isinstance(result, Answer) and result.policy in ("paraphrase", "verbatim", "refuse"):
        verbatim = result.policy != "paraphrase"
        return Give(question.id, question.text, result.passages, verbatim)
    owner = question.owner or view.company.default_owner
    return Defer(question.id, question.text, owner, view.name_of(owner))


def _exit(view: View) -> tuple[Point, ...]:
    """The useful way out for someone who is better served elsewhere."""
    item = next((d for d in view.company.disqualifiers if d.id == view.state.disqualified), None)
    if item is None:
        return ()
    return (
        Tell("said", (("text", item.exit),), kind="next_step", sets="exit"),
        Tell("anything_else", asks="offer:more"),
    )


# --- agreements: contact details, callbacks ----------------------------------------------------------


def _agreed(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    bad = next((c for c in view.commands if isinstance(c, BadContact)), None)
    if bad:
        topic = f"bad_{bad.field}"
        return Act("contact", (*said, Tell(topic, kind="ask", asks=bad.field)))
    if state.pending and _pending_now(view):
        return _read_back(view, said)
    wants = view.has(RequestCallback, RequestMeeting) or (view.has(Affirm) and _accepted(view))
    going = (
        state.callback is None
        and state.wants_meeting
        and (_phone_just_given(view) or _confirmed(view))
    )
    if (wants or going) and state.callback is None:
        return _promise(view, said, view.rep)
    if wants:
        return Act("callback", (*said, *_settled(view)))
    if state.callback and (
        state.expecting == "name" or any(s.criterion == "name" for s in view.learned)
    ):
        if any(s.criterion == "name" for s in view.learned):
            return Act(
                "callback", (*said, Learned(view.learned), Tell("anything_else", asks="offer:more"))
            )
    return None


def _accepted(view: View) -> bool:
    """The buyer said yes to a call back that we offered."""
    return view.state.offered == "callback" and view.state.wants_meeting


def _confirmed(view: View) -> bool:
    return view.has(Affirm) and any(
        s.confidence >= 0.99 for s in view.learned if s.criterion in CONTACT
    )


def _pending_now(view: View) -> bool:
    pending = view.state.pending
    if pending is None:
        return False
    given = any(s.criterion == pending.field for s in view.learned)
    return given or view.has(Deny)


def _read_back(view: View, said: tuple[Point, ...]) -> Act:
    """Repeat a dictated number or address; after a refusal ask for it again, letter by letter."""
    pending = view.state.pending
    assert pending is not None
    given = any(s.criterion == pending.field for s in view.learned)
    if not given:
        topic = f"again_{pending.field}" if pending.refused <= 1 else f"spell_{pending.field}"
        return Act("contact", (*said, Tell(topic, kind="ask", asks=pending.field)))
    slots = ((pending.field, pending.value),)
    asks = f"confirm:{pending.field}"
    return Act(
        "contact", (*said, Tell(f"confirm_{pending.field}", slots, kind="confirm", asks=asks))
    )


def _promise(view: View, said: tuple[Point, ...], rep: str | None) -> Act:
    """Agree on a call back: a number first if we have none, then who calls and when."""
    state = view.state
    if not reachable_by_phone(state):
        if "phone" in state.declined or state.asked.count("phone") >= 2:
            return Act("callback", (*said, Tell("no_number", kind="next_step")))
        return Act("callback", (*said, Tell("ask_phone", kind="ask", asks="phone")))
    callback = Callback(
        rep or view.callback.owner, view.callback.when, view.callback.day, view.callback.quote
    )
    slots = (
        ("name", view.name_of(callback.owner)),
        ("when", callback.when),
        ("number", _number(state)),
    )
    line = Tell("callback_set", slots, kind="next_step", must_hear=True, promise=callback.owner)
    return Act("callback", (*said, line, *_after_promise(view)), callback=callback)


def _after_promise(view: View) -> tuple[Point, ...]:
    state = view.state
    if state.value("name") is None and "name" not in state.asked and "name" not in state.declined:
        return (Tell("ask_name", kind="ask", asks="name"),)
    return (Tell("anything_else", asks="offer:more"),)


def _settled(view: View) -> tuple[Point, ...]:
    callback = view.state.callback
    assert callback is not None
    slots = (("name", view.name_of(callback.owner)), ("when", callback.when))
    return (
        Tell("callback_stands", slots, kind="next_step"),
        Tell("anything_else", asks="offer:more"),
    )


def reachable_by_phone(state: ConversationState) -> bool:
    """Whether we hold a number: dictated, or the one the call comes from."""
    return bool(state.value("phone") or state.opened.caller)


def _number(state: ConversationState) -> str:
    return state.value("phone") or "caller"


# --- the end -----------------------------------------------------------------------------------------


def _ending(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    if not state.closing:
        return None
    owed = bool(state.promises) or any(q.status == "deferred" for q in state.questions)
    if owed and not reachable_by_phone(state) and "phone" not in (*state.asked, *state.declined):
        return Act(
            "before_goodbye", (*said, Tell("number_before_goodbye", kind="ask", asks="phone"))
        )
    points: list[Point] = [*said]
    if state.callback:
        slots = (("name", view.name_of(state.callback.owner)), ("when", state.callback.when))
        points.append(Tell("recap_callback", slots, kind="next_step"))
    elif owed:
        owner = next((q.owner for q in reversed(state.questions) if q.status == "deferred"), None)
        points.append(Tell("recap_owed", (("name", view.name_of(owner)),), kind="next_step"))
    points.append(Tell("goodbye", kind="goodbye", sets="goodbye"))
    return Act("end", tuple(points), Action(state.turn, "hang_up", "the caller was done"))


# --- repair and manners --------------------------------------------------------------------------------


def _repair(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    if view.has(AskRepeat):
        lines = " ".join(state.agent_lines) or ""
        return Act("repeat", (*said, Tell("repeat", (("text", lines),), asks=_still_asked(state))))
    if view.has(AskWhy):
        why = _why(view, state.expecting or (state.asked[-1] if state.asked else ""))
        return Act("why", (*said, Tell("said", (("text", why),)) if why else Tell("why")))
    if view.has(DeclineToSay):
        return Act("declined", (*said, Tell("declined"), *_onward(view)))
    return None


def _still_asked(state: ConversationState) -> str | None:
    fresh = state.expecting_turn >= state.turn - 1
    return state.expecting if fresh else None


def _why(view: View, name: str) -> str:
    for segment in view.company.segments:
        for criterion in segment.criteria:
            if criterion.name == name and criterion.why:
                return criterion.why
    return ""


def _onward(view: View) -> tuple[Point, ...]:
    return (Tell("what_else", asks="offer:more"),) if view.state.gives else (Tell("open"),)


def _manners(view: View, said: tuple[Point, ...]) -> Act | None:
    manners = [c for c in view.commands if isinstance(c, Smalltalk)]
    if view.learned or view.has(Objection, CorrectSignal) or view.help:
        return None
    if manners:
        kind = manners[-1].kind
        if kind == "thanks" and view.state.gives:
            return Act("manners", (*said, Tell("thanks", asks="offer:more")))
        return Act("manners", (*said, Tell(kind)))
    if said:
        return Act("truth", (*said, *_onward(view)))
    if view.has(Affirm) and not view.state.invited:
        topic = "go_ahead" if view.state.offered == "more" else "open"
        return Act("manners", (Tell(topic),))
    return None


# --- discovery and the next step --------------------------------------------------------------------------


def _acknowledge(view: View, answering: bool) -> tuple[Point, ...]:
    told = tuple(s for s in view.learned if s.basis == "stated")
    if answering:
        told = tuple(s for s in told if s.criterion in ("name",) or s.supersedes)
    return (Learned(told),) if told else ()


def _discover(view: View, points: tuple[Point, ...]) -> Act:
    """Help unasked where nothing was asked, then at most one question or proposal."""
    state = view.state
    gives = sum(isinstance(p, Give) for p in points)
    asked_us = any(isinstance(p, Give | Defer) for p in points)
    if not asked_us and view.help:
        points = (*points, Give("", "", view.help.passages))
        gives += 1
    elif not asked_us and view.has(Objection):
        points = (*points, Tell("objection"))
    return Act("discover", (*points, *_lead(view, gives, points)))


def _lead(view: View, gives: int, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The one question that ends a turn, if any: a proposal, a criterion, or an open door."""
    state = view.state
    if len(state.open_questions()) > MOST_ANSWERS or state.closing:
        return ()
    if state.disqualified or state.callback:
        return () if gives else (Tell("what_else", asks="offer:more"),)
    if _should_propose(view, gives):
        return (Tell("offer_callback", _rep_slots(view), kind="next_step", asks="offer:callback"),)
    topics = (*_topics(view), *state.topics[-3:])
    criterion = next_ask(state, view.company, view.undecided, topics)
    if criterion and may_ask(state, gives):
        return (AskFor(criterion.name, criterion.ask),)
    if (
        criterion
        and not gives
        and "permission" not in state.refused
        and state.offered != "permission"
    ):
        if state.signals:
            return (Tell("offer_permission", asks="offer:permission"),)
    if any(isinstance(p, Give | Defer) for p in points) and state.turn % 2:
        return ()
    if any(isinstance(p, Give | Defer) for p in points):
        return (Tell("what_else", asks="offer:more"),)
    return (
        Tell(
            "open" if not state.gives else "what_else", asks="offer:more" if state.gives else None
        ),
    )


def _should_propose(view: View, gives: int) -> bool:
    """Once: a fit, or nothing left that could change the outcome; and only after having helped."""
    state = view.state
    if "callback" in state.refused or state.offered == "callback" or not (state.gives + gives):
        return False
    result = state.verdict.result if state.verdict else "insufficient"
    asks = sum(name not in CONTACT for name in state.asked)
    if result in ("qualified", "needs_human"):
        return True
    settled = not next_ask(state, view.company, view.undecided, ())
    return settled and bool(state.signals) and (asks > 0 or state.gives > 2)


def _rep_slots(view: View) -> tuple[tuple[str, str], ...]:
    return (("name", view.name_of(view.rep)),)


def _topics(view: View) -> tuple[str, ...]:
    return tuple(
        t
        for r in view.found.values()
        if isinstance(r, Answer)
        for t in (*r.article.topics, r.article.type)
    )
