"""What to do next. Rules in order: law and safety, a person, unheard parts, open questions,
agreements, the end of the call, repair, courtesies, discovery, the next step.

Pure: a view in, an act out. The order is the policy; each rule returns an act or passes.
"""

from core.asking import Again, Offer
from core.commands import (
    Abuse,
    Affirm,
    AskRepeat,
    AskWhy,
    Chase,
    CompetitorOrVendor,
    CorrectSignal,
    DeclineToSay,
    Deny,
    DoesNotKnow,
    Emergency,
    Escalate,
    LeaveMessage,
    NamesRival,
    Objection,
    OffTopic,
    ProvideContact,
    ReadyToBuy,
    RequestHuman,
    Smalltalk,
    SupportNeed,
    Unclear,
    WantsNoCall,
)
from core.conversation.state import ConversationState, replace
from core.facts.standing import CONTACT
from core.plan import ANYTHING_ELSE, OPEN, WHAT_ELSE, Act, Defer, Give, Learned, Point, Tell
from core.policy.agreements import (
    agreed,
    asked_to_send,
    asks_a_quote,
    ending,
    in_writing,
    phone_given,
    promise,
    what_next,
    writes,
)
from core.policy.answering import answers_of
from core.policy.arranged import arranged
from core.policy.booking import booking
from core.policy.chasing import chased
from core.policy.checking import asks_alone, checked, settled
from core.policy.data_rights import data_asked
from core.policy.kept import handed_on
from core.policy.leading import lead, offer_callback
from core.policy.messages import message
from core.policy.noting import TOLD, let_be, offered_still
from core.policy.returning import returned
from core.policy.stands import call_stands
from core.policy.transferring import accepted, put_through, taker
from core.policy.truths import asked, first_of_all
from core.policy.view import View
from core.reply import Action
from core.routing.lead import MOST_ABUSE
from core.talk import SentenceKind


def next_act(view: View) -> Act:
    """The act of this turn."""
    true = first_of_all(view)
    for rule in (_law, data_asked, _person, asked, _unheard):
        if act := rule(view, true):
            return act
    answers = answers_of(view)
    answering = any(not (isinstance(p, Defer) and p.late) for p in answers)
    points = (*true, *_welcome(view), *_glad(view), *_acknowledge(view, answering), *answers)
    if view.state.judged.disqualified and (act := _elsewhere(view, points, bool(answers))):
        return act
    if asks_alone(view) and (act := checked(view, points)):
        return act
    for agreement in _AGREEMENTS:
        if act := agreement(view, points):
            return _plainly(act) if view.state.by_mail else act
    if not answers:
        for courtesy in (chased, settled, _repair, _manners):
            if act := courtesy(view, true):
                return act
    return _discover(view, points)


def _plainly(act: Act) -> Act:
    """A mail that arranges a meeting does not repeat what was told along with it."""
    if act.tool is None and not any(isinstance(p, Tell) and p.offers for p in act.points):
        return act
    return replace(act, points=tuple(p for p in act.points if not isinstance(p, Learned)))


_AGREEMENTS = (
    message, accepted, arranged, booking, returned, agreed, ending, handed_on, checked,
)  # fmt: skip
"""Pending agreements, in the order they are continued."""


# --- law and safety ------------------------------------------------------------------------------


def _law(view: View, said: tuple[Point, ...]) -> Act | None:
    turn = view.state.turn
    if view.state.ending.opted_out:
        goodbye = Tell("opted_out", kind="goodbye", must_hear=True, sets="goodbye")
        return Act("opt_out", (*said, goodbye), Action(turn, "hang_up", "opted out"))
    if view.has(Abuse):
        if view.state.abuse >= MOST_ABUSE:
            goodbye = Tell("abuse_end", kind="goodbye", sets="goodbye")
            return Act("abuse", (*said, goodbye), Action(turn, "hang_up", "abuse"))
        return Act("abuse", (*said, Tell("abuse")))
    return None


# --- a person ------------------------------------------------------------------------------------


def _person(view: View, said: tuple[Point, ...]) -> Act | None:
    """A request for a person always wins: a transfer if possible now, else a promised call."""
    state = view.state
    urgent = view.has(Escalate, Emergency)
    asked_now = view.has(RequestHuman, Escalate)
    number_now = state.callback is None and phone_given(view) and not state.awaited.read_back
    mail_now = state.written and any(s.criterion == "email" for s in view.learned)
    mail_now = mail_now and not state.number
    told = asked_now or number_now or mail_now
    if not state.wants.human or not told or view.has(LeaveMessage):
        return None
    if view.has(Emergency):
        said = (*said, Tell("emergency", must_hear=True))
    escalation = next((e for e in view.company.escalations if e.id == state.wants.escalated), None)
    if escalation and view.has(Escalate):
        said = (*said, Tell("said", (("text", escalation.say),), must_hear=True))
    owner = escalation.owner if escalation else state.wants.keeper or view.rep
    if person := taker(view, owner, "human"):
        line, through = put_through(view, person, "asked for a person")
        return Act("human", (*said, line), through)
    if state.callback is not None and state.wants.keeper in (None, state.callback.owner):
        return Act("human", (*said, call_stands(view, state.callback), ANYTHING_ELSE))
    if any(s.criterion == "language" for s in view.learned):
        said = (*said, Tell("only_english"))
    if mail_now or (state.by_mail and not state.number):
        return Act("human", (*said, *answers_of(view), writes(view, owner)))
    asks_for = (escalation or state.wants.keeper) and not state.number
    who = view.name_of(owner) if asks_for else "someone"
    busy = Tell("line_busy" if view.open_now else "nobody_here", (("name", who),))
    opening = (busy,) if asked_now else ()
    promised = promise(view, (*said, *opening, *answers_of(view)), owner)
    if view.open_now or urgent or promised.callback is None:
        return promised
    *points, last = promised.points
    return replace(promised, points=(*points, Tell("or_else", kind="next_step"), last))


# --- what could not be heard ---------------------------------------------------------------------


def _unheard(view: View, _said: tuple[Point, ...]) -> Act | None:
    state = view.state
    unclear = next((c for c in view.commands if isinstance(c, Unclear)), None)
    if unclear is None or state.open_questions():
        return None
    meaningless, fresh = unclear.reason == "meaningless", state.awaited.asks(state.turn)
    if state.once.exited and (state.written or meaningless) and state.unclear < 3:
        return Act("exit", _exit_again(view))
    told = meaningless and unclear.kind != "asks"  # in words that we cannot parse
    if state.unclear >= 3 and "callback" not in state.proposals.refused and state.callback is None:
        if told:
            return Act("unclear", (Tell("noted"), offer_callback(view)))
        return Act("unclear", (Tell("unclear_person", asks=Offer("callback")),))
    if told and not state.written and (first := let_be(view, unclear)):
        return Act("unclear", (first, ANYTHING_ELSE))
    if told and unclear.kind and state.by_mail:
        return Act("unclear", (Tell("noted"),))
    asked = (fresh and fresh not in CONTACT) or state.awaited.offer in ("slots", "callback")
    if told and (state.unclear > 1 or asked or state.asks.invited or unclear.kind in TOLD):
        return Act("unclear", (Tell("noted"), *(offered_still(view) or lead(view, 0, ()))))
    if state.unclear > 1:
        return Act("unclear", (Tell("unclear_again", kind="repair"),))
    if meaningless and fresh not in CONTACT:
        return Act("unclear", (Tell("not_understood"),))
    return Act("unclear", (Tell("say_again" if fresh else "unclear", kind="repair"),))


# --- the way out -------------------------------------------------------------------------------


def _exit(view: View) -> tuple[Point, ...]:
    """Where someone who is better served elsewhere should go."""
    out = view.state.judged.disqualified
    item = next((d for d in view.company.disqualifiers if d.id == out), None)
    if item is None:
        return ()
    way_out = Tell("said", (("text", item.exit),), kind="next_step", sets="exited")
    return way_out, ANYTHING_ELSE


def _elsewhere(view: View, points: tuple[Point, ...], answered: bool) -> Act | None:
    """Send them elsewhere, once; and again if they say nothing beyond what is handled there."""
    if not view.state.once.exited:
        told = (p for p in points if not isinstance(p, Learned))
        return Act("exit", (*told, *_exit(view)))
    again = (CompetitorOrVendor, SupportNeed, *((Chase,) if view.state.written else ()))
    learned = {s.criterion for s in view.learned}
    only_phone = learned == {"phone"} and view.state.callback is None
    presses = only_phone or (view.state.written and learned == {"timeline"})
    goes_on = (view.has(*again) or presses) and not answered
    return Act("exit", _exit_again(view)) if goes_on else None


def _exit_again(view: View) -> tuple[Point, ...]:
    """Repeat where to go, if they keep on about what is handled there; in full in writing."""
    if not view.state.written and view.asks_where:
        return _exit(view)
    if not view.state.written:
        return (Tell("same_way_out"), ANYTHING_ELSE)
    way_out, *_ = _exit(view) or (OPEN,)
    return (Tell("not_here"), way_out)


# --- repair and manners --------------------------------------------------------------------------


def _repair(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    repeats = [c for c in view.commands if isinstance(c, AskRepeat)]
    if state.once.exited and any(c.where for c in repeats):
        return Act("repeat", (*said, *_exit(view)))
    if repeats:
        last = (("text", " ".join(state.history.reply)),)
        asks = _again(state)
        return Act("repeat", (*said, Tell("repeat", last, "repair", asks=asks)))
    wanted = state.awaited.asks(state.turn)
    yes = view.mere and any(isinstance(c, Affirm) and c.outright for c in view.commands)
    if wanted in CONTACT and yes:  # in answer to "what's your name?"
        return Act("go_ahead", (*said, Tell("go_ahead", asks=Again(wanted))))
    if any(isinstance(c, AskWhy) and c.refused for c in view.commands):
        return _why_refused(view, said)
    if view.has(AskWhy):
        why = _why(view, state.awaited.wanted or (state.asks.made[-1] if state.asks.made else ""))
        return Act("why", (*said, Tell("said", (("text", why),)) if why else Tell("why")))
    if any(isinstance(c, Deny) and c.for_now for c in view.commands) and not view.learned:
        return Act("considers", (*said, Tell("takes_time"), ANYTHING_ELSE))
    if view.has(DeclineToSay, DoesNotKnow) and not view.learned:
        topic = "declined" if view.has(DeclineToSay) else "unknown"
        return Act(topic, (*said, Tell(topic), *lead(view, 0, ())))
    return None


def _why_refused(view: View, said: tuple[Point, ...]) -> Act | None:
    """Why we did not put them through, for a caller who asked for a person."""
    if not view.state.wants.human or view.state.written:
        return None
    stands = (call_stands(view, view.state.callback),) if view.state.callback else ()
    last = view.state.awaited.asks(view.state.turn)
    return Act("why", (*said, Tell("why_not_now", asks=Again(last) if last else None), *stands))


def _again(state: ConversationState) -> Again | None:
    """What our last question or proposal, repeated, asks for. It is not a new one."""
    if asked := state.awaited.asks(state.turn):
        return Again(asked)
    offer, check = state.awaited.offer, state.meanings.check
    if offer is None:
        return None
    return Again(Offer(offer, check.article if offer == "meant" and check else ""))


def _why(view: View, name: str) -> str:
    """The company's reason for asking, for the caller's segment if known."""
    chosen = view.state.judged.segment
    ordered = sorted(view.company.segments, key=lambda s: s.id != chosen)
    return next((c.why for s in ordered for c in s.criteria if c.name == name and c.why), "")


_WAITING = ("wait", "presence", "filler")
"""Courtesies that keep the line open: who asks us to repeat wants what came before them."""


def _manners(view: View, said: tuple[Point, ...]) -> Act | None:
    state = view.state
    manners = [c for c in view.commands if isinstance(c, Smalltalk)]
    if view.has(OffTopic) and not view.learned:
        return Act("off_topic", (*said, Tell("off_topic")))
    if view.learned or view.has(Objection, CorrectSignal, NamesRival) or view.help:
        return None
    if manners:
        kind = manners[-1].kind
        if kind == "thanks" and view.has(Deny):
            open_door = Tell("recap_open" if state.by_mail else "anything_else", asks=Offer("more"))
            return Act("manners", (*said, Tell("declined"), open_door))
        if kind == "thanks" and state.given.count:
            return Act("manners", (*said, Tell("thanks", asks=Offer("more"))))
        if kind == "miss":
            name = (("name", view.name_of(view.rep)),)
            return Act("manners", (*said, Tell(kind, name, asks=Offer("callback"))))
        asks = Again("trouble") if kind == "let_down_before" else None
        aside: SentenceKind = "repair" if kind in _WAITING else "acknowledge"
        return Act("manners", (*said, Tell(kind, kind=aside, asks=asks)))
    if said:
        opened = state.given.count or any("?" in line for line in state.history.reply[-1:])
        return Act("truth", said if opened else (*said, OPEN))
    if view.has(Affirm) and state.awaited.offer == "more":
        return Act("manners", (Tell("go_ahead"),))
    return _content(view)


def _content(view: View) -> Act | None:
    """What happens next, for a buyer who only said "alright" when asked for anything else."""
    state = view.state
    content = view.mere and view.has(Affirm) and state.awaited.offer is None
    if not content or view.before.offer != "more":
        return None
    arranged = what_next(view)
    return Act("content", arranged) if arranged else None


# --- discovery and the next step -----------------------------------------------------------------


def _welcome(view: View) -> tuple[Point, ...]:
    """Welcome a returning buyer, unless their name is acknowledged anyway."""
    named = any(s.criterion == "name" for s in view.learned)
    return (Tell("welcome_back"),) if view.back and not named else ()


def _glad(view: View) -> tuple[Point, ...]:
    """Thank a buyer who wants to buy, before it is arranged."""
    return (Tell("ready_to_buy"),) if view.has(ReadyToBuy) else ()


def _acknowledge(view: View, answering: bool) -> tuple[Point, ...]:
    """Acknowledge what the buyer told; if an answer is due, only their name or a correction."""
    silent = ("phone", "email", "disqualifier", *(("name",) if view.state.by_mail else ()))
    sorry = (Tell("my_mistake"),) if _mistaken(view) else ()
    told = [s for s in view.learned if s.basis == "stated" and s.criterion not in silent]
    if answering:
        told = [s for s in told if s.criterion == "name" or s.supersedes]
    if told or sorry:
        return (*sorry, *((Learned(tuple(told)),) if told else ()))
    rivals = [c.rival for c in view.commands if isinstance(c, NamesRival)]
    if answering or not rivals:
        return ()
    return (Tell("names_rival", (("value", " and ".join(dict.fromkeys(rivals))),)),)


def _mistaken(view: View) -> bool:
    """Whether they said that we took them for the wrong person."""
    corrected = [c for c in view.commands if isinstance(c, CorrectSignal)]
    return any(c.criterion == "disqualifier" for c in corrected)


def _discover(view: View, points: tuple[Point, ...]) -> Act:
    """If nothing was asked, offer help; then at most one question or proposal."""
    gives = sum(isinstance(p, Give) and not p.refused and _is_new(p, view.state) for p in points)
    answered = any(isinstance(p, Give | Defer) for p in points)
    if not answered and view.help:
        word_for_word = view.help.policy == "verbatim"
        points = (*points, Give((), "", view.help.passages, word_for_word))
        gives += 1
    elif not answered and view.has(Objection):
        if not view.state.once.reframed:
            return Act("objection", (*points, Tell("objection", sets="reframed")))
        points = (*points, Tell("fair"))
    elif not answered and view.has(WantsNoCall):
        return Act("no_call", (*points, Tell("fair"), *in_writing(view, WHAT_ELSE)))
    elif not points and view.has(Deny):
        if any(isinstance(c, Deny) and c.for_now for c in view.commands):
            return Act("considers", (Tell("takes_time"), ANYTHING_ELSE))
        points = (Tell("declined"),)
    elif not points and view.has(ProvideContact):
        told = [s for s in view.learned if s.criterion in ("phone", "email")]
        points = (Learned(tuple(told)),) if told else ()
    told_where = any(s.criterion == "email" for s in view.learned)
    told_where = told_where and view.state.awaited.read_back is None
    owed = any(isinstance(p, Defer) and (p.wants != "answer" or p.passage) for p in points)
    quoted = view.state.by_mail and asks_a_quote(view.state) and not owed
    if quoted or (told_where and not view.state.by_mail and _by_writing(view.state)):
        points = (*points, writes(view, view.rep or view.company.default_owner))
    return Act("discover", (*points, *lead(view, gives, points)))


def _by_writing(state: ConversationState) -> bool:
    """Whether they give an address for something we send: what they asked for, or an answer."""
    return asked_to_send(state) or state.answers_last is not None


def _is_new(give: Give, state: ConversationState) -> bool:
    """Whether none of it was told yet; wording decides which of its passages are said."""
    return all(passage.citation not in state.given.citations for passage in give.passages)
