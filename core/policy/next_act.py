"""What to do next. Rules in their order: law and safety, a person, what was not heard, open
questions, agreements, the end of the call, repair, manners, discovery, the next step.

Pure: a view in, an act out. The order is the policy; each rule gives an act or passes.
"""

from core.commands import (
    Abuse,
    Affirm,
    AskIfAI,
    AskIfRecorded,
    AskProduct,
    AskRepeat,
    AskWhy,
    CorrectSignal,
    DeclineRecording,
    DeclineToSay,
    Deny,
    DoesNotKnow,
    Escalate,
    Objection,
    RequestHuman,
    Smalltalk,
    Unclear,
)
from core.conversation.state import Question, replace
from core.events import Action
from core.plan import Act, AskFor, Defer, Give, Learned, Point, Tell
from core.policy.agreements import agreed, ending, phone_given, promise, writing_owed
from core.policy.ledger import asks_so_far, may_ask, next_ask
from core.policy.view import View
from knowledge.entry import Answer

MOST_ANSWERS = 3
"""Questions answered in one turn; more stay open for the next."""
MOST_PROPOSALS = 2
"""How often a call back is offered: again only if the first offer went unanswered."""
ENOUGH_ASKED = 3
"""Questions after which a fit is offered a person rather than asked further."""


def next_act(view: View) -> Act:
    """The act of this turn."""
    for rule in (_law, _person, _unheard):
        if act := rule(view):
            return act
    answers = _answers(view)
    truths = _truths(view)
    points = (*truths, *_acknowledge(view, bool(answers)), *answers)
    if view.state.disqualified and not view.state.exited:
        return Act("exit", (*points, *_exit(view)))
    for agreement in (agreed, ending):
        if act := agreement(view, points):
            return act
    if not answers:
        for courtesy in (_repair, _manners):
            if act := courtesy(view, truths):
                return act
    return _discover(view, points)


# --- law and safety ------------------------------------------------------------------------------


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
        topic = "is_recorded" if view.state.recording == "given" else "not_recorded"
        points.append(Tell(topic, kind="answer"))
    if view.has(AskIfAI):
        points.append(Tell("is_ai", kind="answer", must_hear=True, sets="disclosure"))
    return tuple(points)


# --- a person ------------------------------------------------------------------------------------


def _person(view: View) -> Act | None:
    """A request for a person always wins: now when someone is there, else a promised call."""
    state = view.state
    asked_now = view.has(RequestHuman, Escalate)
    number_now = state.callback is None and phone_given(view) and not state.pending
    if not state.wants_human or not (asked_now or number_now):
        return None
    escalation = next((e for e in view.company.escalations if e.id == state.escalated), None)
    owner = escalation.owner if escalation else view.rep
    person = view.company.rep(owner) if owner else None
    if view.transfers and view.open_now and person is not None and person.phone:
        slots = (("name", person.name.split()[0]), ("text", escalation.say if escalation else ""))
        line = Tell("said" if escalation else "transfer", slots, kind="next_step")
        return Act("human", (line,), Action(state.turn, "transfer", "asked for a person", owner))
    if state.callback is not None:
        slots = (("name", view.name_of(state.callback.owner)), ("when", state.callback.when))
        more = Tell("anything_else", asks="offer:more")
        return Act("human", (Tell("callback_stands", slots, kind="next_step"), more))
    opening = (Tell("line_busy" if view.open_now else "nobody_here"),) if asked_now else ()
    return promise(view, opening, owner)


# --- what could not be heard ---------------------------------------------------------------------


def _unheard(view: View) -> Act | None:
    state = view.state
    unclear = next((c for c in view.commands if isinstance(c, Unclear)), None)
    if unclear is None or state.open_questions():
        return None
    if state.unclear >= 3 and "callback" not in state.refused and state.callback is None:
        return Act("unclear", (Tell("unclear_person", asks="offer:callback"),))
    if unclear.reason == "meaningless" and state.unclear == 1:
        return Act("unclear", (Tell("not_understood"),))
    if state.expecting and state.unclear == 1:
        return Act("unclear", (Tell("say_again"),))
    return Act("unclear", (Tell("unclear" if state.unclear <= 1 else "unclear_again"),))


# --- questions -----------------------------------------------------------------------------------


def _answers(view: View) -> tuple[Point, ...]:
    """An answer or an owner for every open question; a caller who leaves hears no old ones."""
    if view.state.closing and not view.has(AskProduct):
        return ()
    turn = view.state.turn
    waiting = sorted(view.state.open_questions(), key=lambda q: (q.turn != turn, q.turn))
    points = [_answer(view, q) for q in waiting[:MOST_ANSWERS]]
    put_off = any(q.status == "deferred" for q in view.state.questions)
    for n, point in enumerate(points):
        if isinstance(point, Defer):
            points[n] = replace(point, again=put_off)
            put_off = True
    return tuple(points)


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
    way_out = Tell("said", (("text", item.exit),), kind="next_step", sets="exit")
    return way_out, Tell("anything_else", asks="offer:more")


# --- repair and manners --------------------------------------------------------------------------


def _repair(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    if view.has(AskRepeat):
        fresh = state.expecting if state.expecting_turn >= state.turn - 1 else None
        offered = f"offer:{state.offered}" if state.offered else None
        slots = (("text", " ".join(state.agent_lines)),)
        return Act("repeat", (*said, Tell("repeat", slots, asks=_again(fresh) or offered)))
    if view.has(AskWhy):
        why = _why(view, state.expecting or (state.asked[-1] if state.asked else ""))
        return Act("why", (*said, Tell("said", (("text", why),)) if why else Tell("why")))
    if view.has(DeclineToSay, DoesNotKnow) and not view.learned:
        topic = "declined" if view.has(DeclineToSay) else "unknown"
        return Act(topic, (*said, Tell(topic), *_lead(view, 0, ())))
    return None


def _again(expecting: str | None) -> str | None:
    """What a repeated question still asks for. It is not asked anew, so the ledger stands."""
    return f"again:{expecting}" if expecting else None


def _why(view: View, name: str) -> str:
    """The company's reason for asking, in the caller's own segment where that is known."""
    chosen = view.state.verdict.segment if view.state.verdict else None
    ordered = sorted(view.company.segments, key=lambda s: s.id != chosen)
    return next((c.why for s in ordered for c in s.criteria if c.name == name and c.why), "")


def _manners(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    manners = [c for c in view.commands if isinstance(c, Smalltalk)]
    if view.learned or view.has(Objection, CorrectSignal) or view.help:
        return None
    if manners:
        kind = manners[-1].kind
        if kind == "thanks" and state.gives:
            return Act("manners", (*said, Tell("thanks", asks="offer:more")))
        return Act("manners", (*said, Tell(kind)))
    if said:
        opened = state.gives or any("?" in line for line in state.agent_lines[-1:])
        return Act("truth", said if opened and len(said) > 0 else (*said, Tell("open")))
    if view.has(Affirm) and state.offered == "more":
        return Act("manners", (Tell("go_ahead"),))
    return None


# --- discovery and the next step -----------------------------------------------------------------


def _acknowledge(view: View, answering: bool) -> tuple[Point, ...]:
    """What the buyer told, unless an answer waits: then only their name or a correction."""
    silent = ("phone", "email", "disqualifier")
    told = [s for s in view.learned if s.basis == "stated" and s.criterion not in silent]
    if answering:
        told = [s for s in told if s.criterion == "name" or s.supersedes]
    return (Learned(tuple(told)),) if told else ()


def _discover(view: View, points: tuple[Point, ...]) -> Act:
    """Help unasked where nothing was asked, then at most one question or proposal."""
    gives = sum(isinstance(p, Give) for p in points)
    answered = any(isinstance(p, Give | Defer) for p in points)
    if not answered and view.help:
        points = (*points, Give("", "", view.help.passages))
        gives += 1
    elif not answered and view.has(Objection):
        return Act("objection", (*points, Tell("objection")))
    elif not points and view.has(Deny):
        points = (Tell("declined"),)
    return Act("discover", (*points, *_lead(view, gives, points)))


def _lead(view: View, gives: int, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The one question that ends a turn, if any: a proposal, a criterion, or an open door."""
    state = view.state
    if len(state.open_questions()) > MOST_ANSWERS or state.closing:
        return ()
    if view.has(AskProduct) and writing_owed(state):
        return (Tell("ask_email", asks="email"),)
    if state.disqualified or state.callback:
        return () if gives else (Tell("anything_else", asks="offer:more"),)
    topics = (*_topics(view), *state.topics[-3:])
    criterion = next_ask(state, view.company, view.undecided, topics)
    put_off = not gives and any(isinstance(p, Defer) for p in points)
    asking = criterion is not None and may_ask(state, gives) and not _passed_over(view)
    asking = asking and not put_off
    if _should_propose(view, gives, asking):
        slots = (("name", view.name_of(view.rep)),)
        return (Tell("offer_callback", slots, kind="next_step", asks="offer:callback"),)
    if criterion is not None and asking and not _just_refused(points):
        return (AskFor(criterion.name, criterion.ask),)
    if not state.gives and not gives:
        answered = any(isinstance(p, Defer) for p in points)
        return (Tell("what_else", asks="offer:more"),) if answered else (Tell("open"),)
    early = asks_so_far(state) <= 1
    if criterion and early and not gives and "permission" not in state.offers:
        return (Tell("offer_permission", asks="offer:permission"),)
    if gives and (state.turn % 2 or _just_refused(points)):
        return ()
    return (Tell("what_else", asks="offer:more"),)


def _passed_over(view: View) -> bool:
    """Whether our last question went unanswered while the buyer asked on: then let them ask."""
    state = view.state
    asked_last = bool(state.asked) and state.expecting == state.asked[-1]
    return (
        asked_last
        and state.expecting_turn == state.turn - 1
        and view.has(AskProduct)
        and not view.learned
        and not state.invited
    )


def _just_refused(points: tuple[Point, ...]) -> bool:
    """Whether all we said is that we cannot: a question about them would not be welcome."""
    given = [p for p in points if isinstance(p, Give)]
    return bool(given) and all(p.passages[0].spoken.startswith("No,") for p in given)


def _should_propose(view: View, gives: int, asking: bool) -> bool:
    """For a fit, or when nothing left could change the outcome; and only after having helped.

    A fit is first asked what the rep would want to know, while the ledger allows it.
    """
    state = view.state
    if "callback" in state.refused or state.offers.count("callback") >= MOST_PROPOSALS:
        return False
    if state.offered == "callback" or not state.gives + gives:
        return False
    if state.verdict and state.verdict.result in ("qualified", "needs_human"):
        return not asking or asks_so_far(state) >= ENOUGH_ASKED
    settled = next_ask(state, view.company, view.undecided, ()) is None
    settled = settled or (not asking and asks_so_far(state) >= ENOUGH_ASKED)
    return settled and bool(state.signals) and (asks_so_far(state) > 0 or state.gives > 2)


def _topics(view: View) -> tuple[str, ...]:
    """Topics of what is being answered: they make some questions natural."""
    answers = [r for r in view.found.values() if isinstance(r, Answer)]
    return tuple(t for r in answers for t in (*r.article.topics, r.article.type))
