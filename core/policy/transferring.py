"""Transfers to a person: to whom, when, and what is said if the person could not be reached.
Pure."""

from datetime import datetime

from core.asking import Offer
from core.commands import Affirm
from core.conversation.state import ConversationState, replace
from core.plan import ANYTHING_ELSE, Act, Point, Tell
from core.policy.view import View
from core.presence import presence
from core.qualification.verdict import target_account
from core.reply import Action
from knowledge.profile import Company, Occasion, Rep

MOST_TRIES = 2
"""After this many people could not be reached, no more transfers are tried."""


def takers(company: Company, state: ConversationState, at: datetime) -> frozenset[str]:
    """Ids of the reps this caller could be transferred to now: available, with a telephone."""
    if company.transfers.mode == "off" or not state.opened.waits or state.written:
        return frozenset()
    there = (r for r in company.team if r.phone and presence(company, at, r).there)
    return frozenset(rep.id for rep in there)


def taker(view: View, rep_id: str | None, occasion: Occasion) -> Rep | None:
    """The rep, if the caller may be transferred to them now on this occasion."""
    unreached = view.state.wants.unreached
    if rep_id in unreached or len(unreached) >= MOST_TRIES:
        return None
    if rep_id not in view.takers or occasion not in view.company.transfers.when:
        return None
    return view.company.rep(rep_id)


def put_through(view: View, rep: Rep, why: str) -> tuple[Tell, Action]:
    """What the caller must hear first, and the transfer."""
    slots = (("name", rep.name.split()[0]),)
    line = Tell("transfer", slots, kind="next_step", must_hear=True)
    return line, Action(view.state.turn, "transfer", why, rep.id)


def offered(view: View) -> Tell | None:
    """Offer an urgent lead a person who is available now."""
    if "transfer" in view.state.proposals.refused or _urgent(view) is None:
        return None
    slots = (("name", view.name_of(view.rep)),)
    return Tell("offer_transfer", slots, kind="next_step", asks=Offer("transfer"))


def accepted(view: View, said: tuple[Point, ...]) -> Act | None:
    """A yes to "shall I put you through"; a rep who has left since calls back instead."""
    if not (view.has(Affirm) and view.state.awaited.offer == "transfer"):
        return None
    if (found := _urgent(view)) is None:
        slots = (("name", view.name_of(view.rep)),)
        gone = Tell("gone_meanwhile", slots, kind="next_step", asks=Offer("callback"))
        return Act("transfer", (*said, gone))
    rep, why = found
    line, action = put_through(view, rep, why)
    return Act("transfer", (*said, line), action)


def _urgent(view: View) -> tuple[Rep, str] | None:
    """Who takes an urgent lead, and why it is urgent."""
    route = view.state.judged.route
    if route is not None and route.fast_track:
        if rep := taker(view, view.rep, "fast_track"):
            return rep, "fast track"
    if target_account(view.state.signals.active, view.company):
        if rep := taker(view, view.rep, "target_account"):
            return rep, "target account"
    return None


def unreached(state: ConversationState, rep: str, name: str) -> tuple[ConversationState, Act]:
    """The state after a person could not be reached, and what is said about it.

    They are not tried again in this conversation, and they are the one who calls back.
    """
    after = replace(
        state,
        wants=replace(state.wants, unreached=(*state.wants.unreached, rep), keeper=rep),
        awaited=replace(state.awaited, offer=None, ask=None),
    )
    told = Tell("unreached", (("name", name),), kind="next_step")
    if state.callback is not None:
        slots = (("name", name), ("when", state.callback.when))
        stands = Tell("callback_stands", slots, "next_step")
        return after, Act("unreached", (told, stands, ANYTHING_ELSE))
    if state.identity.barred or "callback" in state.proposals.refused:
        return after, Act("unreached", (told, ANYTHING_ELSE))
    offer = Tell("unreached_offer", (("name", name),), kind="next_step", asks=Offer("callback"))
    return after, Act("unreached", (told, offer))
