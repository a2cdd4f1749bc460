"""The one question that ends a turn, if any: a proposal, a criterion, or an offer of more help."""

from core.asking import Offer
from core.commands import AskProduct, DeclineToSay, Deny, Unclear
from core.conversation.ledger import PROPOSALS
from core.conversation.state import ConversationState
from core.facts.standing import HANDED_OVER
from core.plan import ANYTHING_ELSE, OPEN, WHAT_ELSE, AskFor, Defer, Give, Point, Tell
from core.policy.agreements import sends_now, writing_owed
from core.policy.booking import propose, proposed_again, unchosen
from core.policy.ledger import MOST_PROMISED, asks_so_far, criterion_named, may_ask, next_ask
from core.policy.truths import owed_question
from core.policy.view import View
from knowledge.entry import Answer

MOST_OPEN = 3
"""Nothing is asked while more of the buyer's questions than this are open."""
MOST_PROPOSALS = 2
"""Most offers of a callback: repeated only if the first one went unanswered."""
TOLD_ALL = 4
"""Turns after which a qualified buyer who volunteered everything is offered a person unasked."""
ENOUGH_ASKED = 3
"""Questions after which a qualified buyer is offered a person rather than asked more."""


def lead(view: View, gives: int, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The question that ends a turn, if any: a proposal, a criterion, or an offer of more help."""
    state = view.state
    waiting = 0 if state.written else len(state.open_questions())  # in writing, all are answered
    if waiting > MOST_OPEN or state.ending.closing:
        return ()
    if first := _first(view) or _guided(view, gives) or _neither(view):
        return (first,)
    if (settled := _settled(view, gives)) is not None:
        return settled
    topics = (*_topics(view), *state.given.topics[-3:])
    criterion = next_ask(state, view.company, view.worth, topics)
    promised = [] if gives else [p for p in points if isinstance(p, Defer) and p.meant is None]
    may = may_ask(state, gives, len(promised))
    asking = criterion is not None and may and not _passed_over(view)
    asking = asking and (not promised or asks_so_far(state) < MOST_PROMISED)
    if _should_propose(view, gives, asking):
        return (propose(view) or offer_callback(view),)
    if criterion is not None and asking and not _just_refused(points):
        helps = promised[0].owner_name if promised else ""
        return (AskFor(criterion.name, criterion.ask, helps),)
    if not state.given.count and not gives:
        return (_opening(view, points, bool(criterion)),)
    if (again := _standing(view)) is not None and (again or points):
        return again
    early = asks_so_far(state) <= 1 and not promised and not view.has(DeclineToSay)
    if criterion and early and not gives and "permission" not in state.proposals.made:
        topic = "offer_permission" if asks_so_far(state) == 0 else "one_more"
        return (Tell(topic, asks=Offer("permission")),)
    if gives and (state.turn % 2 or _just_refused(points)):
        return ()
    return (WHAT_ELSE,)


def _settled(view: View, gives: int) -> tuple[Point, ...] | None:
    """How a turn ends when nothing is left to ask: all is arranged, or times await a choice."""
    state = view.state
    if state.judged.disqualified or state.arranged:
        return () if gives else (ANYTHING_ELSE,)
    return unchosen(view) if gives else None


def _standing(view: View) -> tuple[Tell, ...] | None:
    """How a turn ends that ignored a proposal: repeat it if they told us something, otherwise say
    nothing, or a "yes, please" would answer "anything else?"."""
    if view.refused or view.has(Deny):
        return None
    if not _changed(view):
        return () if view.state.awaited.offer in PROPOSALS else None
    again = proposed_again(view) if _proposed(view.state) < MOST_PROPOSALS else None
    return (again,) if again else None


def _opening(view: View, points: tuple[Point, ...], asking: bool) -> Tell:
    """What to say to a buyer who has been given nothing yet: if they talk about themselves, ask
    permission to ask, then offer a call, instead of asking over and over what they want."""
    state = view.state
    if any(isinstance(p, Defer) for p in points):
        return WHAT_ELSE
    told = {s.criterion for s in view.learned} - WHO_THEY_ARE or view.has(Unclear)
    if asking and told and not state.asks.invited and "permission" not in state.proposals.made:
        return Tell("offer_permission", asks=Offer("permission"))
    again = state.once.opened
    let_us = "permission" in state.proposals.made and "permission" not in state.proposals.refused
    tired = (let_us or again) and state.turn >= TOLD_ALL
    no_call = view.refused or state.identity.barred or _proposed_enough(state)
    if tired and state.signals.all and not no_call:
        return propose(view) or offer_callback(view)
    if (let_us or again) and view.learned:
        return Tell("go_on")
    return WHAT_ELSE if state.questions else OPEN


WHO_THEY_ARE = frozenset({"name", "company", "phone", "email", "language"})
"""Said in introductions; does not yet say what they want."""


def _proposed_enough(state: ConversationState) -> bool:
    """Whether a call or meeting was declined, or proposed as often as allowed."""
    return bool(PROPOSALS & {*state.proposals.refused}) or _proposed(state) >= MOST_PROPOSALS


def _changed(view: View) -> bool:
    """Whether they told us anything since the last proposal they ignored, so that it may be
    repeated."""
    state = view.state
    if not _proposed(state):
        return True
    stated = [s for s in state.signals.active if s.basis == "stated"]
    told = [s.turn for s in stated if s.criterion not in WHO_THEY_ARE]
    return max(told, default=0) > state.proposals.turn


def _proposed(state: ConversationState) -> int:
    return sum(offer in PROPOSALS for offer in state.proposals.made)


def _first(view: View) -> Tell | None:
    """What comes before any qualifying question: recording, where to write to, who they are."""
    if owed := owed_question(view):
        return owed
    if (view.has(AskProduct) or sends_now(view.state)) and writing_owed(view.state):
        return Tell("ask_email", asks="email")
    return recognise(view.state)


def _neither(view: View) -> Tell | None:
    """An offer of more help to a buyer who declines both a meeting and a call."""
    both = "callback" in view.refused and "slots" in view.state.proposals.refused
    return WHAT_ELSE if both else None


def _guided(view: View, gives: int) -> Point | None:
    """What a colleague wants asked or proposed, if allowed and not done yet."""
    state, guidance = view.state, view.state.guidance
    if guidance.propose and len(state.proposals.made) <= guidance.offers:
        if guidance.propose == "callback":
            return offer_callback(view) if state.callback is None else None
        return propose(view) or offer_callback(view)
    if not may_ask(state, gives):
        return None
    wanted = next((n for n in guidance.ask if n not in state.asks.made), "")
    criterion = criterion_named(state, view.company, wanted)
    return AskFor(criterion.name, criterion.ask) if criterion is not None else None


def recognise(state: ConversationState) -> Tell | None:
    """Ask once who is calling if it may be somebody we know: by first name only."""
    if not state.identity.guesses or "identity" in state.proposals.made or state.asks.tried("name"):
        return None
    if len(state.identity.guesses) > 1:
        return Tell("who_is_calling", kind="ask", asks="name")
    slots = (("value", state.identity.guesses[0].first_name),)
    return Tell("am_i_speaking_with", slots, kind="ask", asks=Offer("identity"))


def offer_callback(view: View) -> Tell:
    """Offer a callback."""
    slots = (("name", view.name_of(view.rep)),)
    return Tell("offer_callback", slots, kind="next_step", asks=Offer("callback"))


def _passed_over(view: View) -> bool:
    """Whether they ignored our last question to ask on; if so, let them."""
    state = view.state
    asked_last = bool(state.asks.made) and state.awaited.ask == state.asks.made[-1]
    return (
        asked_last
        and state.awaited.fresh(state.turn)
        and view.has(AskProduct)
        and not view.learned
        and not state.asks.invited
    )


def _just_refused(points: tuple[Point, ...]) -> bool:
    """Whether all we said was that we cannot: a question about them would be unwelcome."""
    given = [p for p in points if isinstance(p, Give)]
    return bool(given) and all(p.refused or p.passages[0].spoken.startswith("No,") for p in given)


def _should_propose(view: View, gives: int, asking: bool) -> bool:
    """For a qualified buyer, or when nothing could change the outcome; and only after having
    helped.

    A qualified buyer is first asked what the rep would want to know, while the ledger allows it.
    """
    state = view.state
    if state.identity.barred or _proposed_enough(state) or not _changed(view):
        return False
    helped = state.given.count + gives or state.turn >= TOLD_ALL
    if state.awaited.offer in PROPOSALS or not helped:
        return False
    if state.judged.verdict and state.judged.verdict.result in HANDED_OVER:
        return not asking or asks_so_far(state) >= ENOUGH_ASKED
    settled = next_ask(state, view.company, view.worth, ()) is None
    settled = settled or (not asking and asks_so_far(state) >= ENOUGH_ASKED)
    return settled and bool(state.signals.all) and (asks_so_far(state) > 0 or state.given.count > 2)


def _topics(view: View) -> tuple[str, ...]:
    """Topics being answered, which make some questions natural."""
    answers = [r for r in view.found.values() if isinstance(r, Answer)]
    return tuple(t for r in answers for t in (*r.article.topics, r.article.type))
