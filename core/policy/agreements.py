"""What is agreed with a buyer: details read back, a promised callback, the end of the call."""

from core.asking import Again, Confirm, Offer
from core.commands import (
    Affirm,
    AskNext,
    BadContact,
    Busy,
    CancelCallback,
    Deny,
    ProvideContact,
    RequestCallback,
    RequestMeeting,
)
from core.conversation.appointments import Callback
from core.conversation.ledger import PROPOSALS, ReadBack
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.asks.sending import (
    says_a_quote,
    says_to_send,
    wants_it_sent,
)
from core.conversation.words.dates import days_cased
from core.plan import ANYTHING_ELSE, Act, Point, Tell
from core.policy.promising import elsewhere, unmet
from core.policy.stands import answer_stands, call_stands, meeting_stands
from core.policy.view import View
from core.reply import Action

MOST_NUMBER_ASKS = 2


def agreed(view: View, said: tuple[Point, ...]) -> Act | None:
    """Continue what is being agreed: a detail to confirm, a callback to promise."""
    state = view.state
    bad = next((c for c in view.commands if isinstance(c, BadContact)), None)
    if view.has(CancelCallback) and not state.ending.closing:
        return Act("withdrawn", (*said, Tell("no_call"), *in_writing(view)))
    if bad:
        return Act("contact", (*said, Tell(f"bad_{bad.field}", kind="ask", asks=bad.field)))
    pending = state.awaited.read_back
    if pending and (_dictated(view, pending.field) or view.has(Deny)):
        return _read_back(view, said, pending)
    accepted = view.has(Affirm) and state.awaited.offer == "callback" and state.wants.meeting
    asked = view.has(RequestCallback, RequestMeeting) or accepted
    if view.has(AskNext) and state.callback is None:
        slots = (("name", view.name_of(view.rep)),)
        line = Tell("offer_callback", slots, kind="next_step", asks=Offer("callback"))
        return Act("next", (*said, line))
    asked = asked or view.has(AskNext)
    named = any(isinstance(c, RequestCallback) and c.when for c in view.commands)
    if ("moment" in view.refused or view.has(Busy)) and not named:
        return Act("moment", (*said, Tell("another_moment", kind="ask", asks="callback_time")))
    if state.callback is not None:
        return _again(view, said, asked)
    if asked or (state.wants.meeting and (phone_given(view) or _another_way(view))):
        return promise(view, said, state.wants.keeper or view.rep)
    return None


def in_writing(view: View, otherwise: Tell = ANYTHING_ELSE) -> tuple[Point, ...]:
    """After they decline a call: where to write to, if they want that; else an offer of help."""
    if writing_owed(view.state):
        return (Tell("ask_email", kind="ask", asks="email"),)
    if view.state.signals.value("email") and asked_to_send(view.state):
        return (writes(view, view.rep or view.company.default_owner),)
    return (otherwise,)


def _again(view: View, said: tuple[Point, ...], asked: bool) -> Act | None:
    """With a callback agreed: move it, repeat it when asked, or go on once they gave their name."""
    callback = view.state.callback
    more = _after_promise(view)
    moved = any(isinstance(c, RequestCallback) and c.when for c in view.commands)
    renewed = callback is not None and phone_given(view) and not view.state.awaited.read_back
    other = callback is not None and _window(view.callback) != _window(callback)
    instead = next((c.rep for c in view.commands if isinstance(c, RequestCallback) and c.rep), "")
    instead = instead or _taken_over(view)
    another = callback is not None and instead not in ("", callback.owner)
    if callback is not None and (renewed or (moved and other) or another):
        return _renewed(view, said, callback, more, instead if another else "")
    if callback is not None and view.state.ai_call[1] == view.state.turn:
        return Act("ai_call", (*said, _who_calls(view, callback), more))
    if asked and callback is not None:
        return Act("callback", (*said, call_stands(view, callback), more))
    return Act("callback", (*said, more)) if _given(view, "name") and said else None


def _taken_over(view: View) -> str:
    """The rep who makes the promised call instead, because what they just told makes it theirs;
    empty if the one who was promised keeps it."""
    asked_for = view.state.wants.keeper or view.state.wants.escalated
    return "" if asked_for or not view.learned else view.rep or ""


def _window(callback: Callback) -> tuple[str, str]:
    return callback.when, callback.start


def _renewed(
    view: View, said: tuple[Point, ...], callback: Callback, more: Tell, instead: str
) -> Act:
    """The callback at its new time or number, or by the person asked for `instead`."""
    anew = ((view.has(RequestCallback) or phone_given(view)) and view.state.wants.when) or instead
    renewed = replace(view.callback if anew else callback, owner=instead or callback.owner)
    number = ("number", view.state.said_number)
    slots = (("name", view.name_of(renewed.owner)), ("when", renewed.when), number)
    taken_over = instead and not view.has(RequestCallback) and not phone_given(view)
    topic = "callback_taken_over" if taken_over else "callback_set"
    line = Tell(topic, slots, kind="next_step", must_hear=True, promise=renewed.owner)
    if view.state.ending.closing:
        said = (*said, replace(line, sets="recap"))
        return Act("end", (*said, _GOODBYE), _hang_up(view), callback=renewed)
    points = (*said, *unmet(renewed), line, *elsewhere(renewed), more)
    return Act("callback", points, callback=renewed)


def _dictated(view: View, field: str) -> bool:
    """Whether this turn gave a number or an address, new or repeated."""
    return any(isinstance(c, ProvideContact) and c.field == field for c in view.commands)


def _given(view: View, field: str) -> bool:
    return any(s.criterion == field for s in view.learned)


def phone_given(view: View) -> bool:
    """Whether this turn gave a usable number, or settled one that was read back."""
    return _given(view, "phone") or view.settled == "phone"


def _another_way(view: View) -> bool:
    """Whether we asked for a number to call and got an address instead."""
    wanted = "phone" in view.state.asks.made and not view.state.number
    return wanted and (_given(view, "email") or view.settled == "email")


def _read_back(view: View, said: tuple[Point, ...], pending: ReadBack) -> Act:
    """Read back a dictated number or address; after a refusal ask again, then letter by letter."""
    if not _dictated(view, pending.field):
        topic = f"again_{pending.field}" if pending.refused <= 1 else f"spell_{pending.field}"
        return Act("contact", (*said, Tell(topic, kind="ask", asks=Again(pending.field))))
    slots = ((pending.field, pending.value),)
    asks = Confirm(pending.field)
    line = Tell(f"confirm_{pending.field}", slots, kind="confirm", asks=asks)
    return Act("contact", (*said, line))


def promise(view: View, said: tuple[Point, ...], rep: str | None) -> Act:
    """Agree on a callback: first a number if we have none, then who calls and when."""
    state = view.state
    if not state.number:
        when = next((c.when for c in view.commands if isinstance(c, RequestCallback)), "")
        told = bool(when) and "phone" in state.asks.made
        if told:
            said = (*said, Tell("wish_noted", (("when", days_cased(when)),)))
        asked = state.asks.count("phone") >= MOST_NUMBER_ASKS and not told
        if "phone" in state.asks.declined or asked:
            offer = Tell("offer_message", kind="next_step", asks=Offer("message"))
            return Act("callback", (*said, Tell("no_number", kind="next_step"), offer))
        return Act("callback", (*said, Tell("ask_phone", kind="ask", asks="phone")))
    wish = view.callback
    callback = replace(wish, owner=rep or wish.owner)
    number = ("number", state.said_number)
    slots = (("name", view.name_of(callback.owner)), ("when", callback.when), number)
    topic = "demo_set" if view.has(RequestMeeting) else "callback_set"
    line = Tell(topic, slots, kind="next_step", must_hear=True, promise=callback.owner)
    points = (*said, *unmet(callback), line, *elsewhere(callback), _after_promise(view))
    return Act("callback", points, callback=callback)


def _after_promise(view: View) -> Tell:
    """Who the callback is for, if unknown; whether the AI may place it; else "anything else?"."""
    state = view.state
    if (state.callback is None and _nameless(state)) or _unnamed(state):
        return Tell("ask_name", kind="ask", asks="name")
    asked = bool(state.ai_call[0]) or "ai_call" in state.proposals.made
    if view.company.callbacks.ai_calls and not asked and not state.ending.closing:
        text = view.company.callbacks.ask.replace("{company}", view.company.name)
        slots = (("text", text.replace("{agent}", view.company.voice.agent_name)),)
        return Tell("said", slots, kind="next_step", asks=Offer("ai_call"))
    return ANYTHING_ELSE


def _nameless(state: ConversationState) -> bool:
    return state.signals.value("name") is None and not state.asks.tried("name")


def _unnamed(state: ConversationState) -> bool:
    """Whether they just ignored our question for a name, for example to say when to call."""
    passed_over = state.awaited.asks(state.turn) == "name"
    open_still = state.signals.value("name") is None and "name" not in state.asks.given_up
    return passed_over and open_still and state.asks.count("name") < MOST_NUMBER_ASKS


def _who_calls(view: View, callback: Callback) -> Tell:
    """Who will call, once they have said whether the AI may."""
    topic = "ai_call_yes" if view.state.ai_call[0] == "given" else "ai_call_no"
    slots = (("name", view.name_of(callback.owner)), ("when", callback.when))
    return Tell(topic, slots, kind="next_step", must_hear=True)


def ending(view: View, said: tuple[Point, ...]) -> Act | None:
    """The goodbye: what happens next and who does it, then the end of the call."""
    state = view.state
    if not state.ending.closing:
        return None
    if state.ending.farewell:
        return Act("end", (*said, Tell("bye", kind="goodbye", sets="goodbye")), _hang_up(view))
    owed = state.answers_last
    unreachable = not state.number
    writable = state.signals.value("email") is not None
    if _unoffered(state):
        slots = (("name", view.name_of(view.rep)),)
        line = Tell("offer_at_door", slots, kind="next_step", asks=Offer("callback"))
        return Act("before_goodbye", (*said, line))
    if owed and unreachable and not writable and not state.asks.tried("phone"):
        line = Tell("number_before_goodbye", kind="ask", asks="phone")
        return Act("before_goodbye", (*said, line))
    return Act("end", (*said, *_recap(view, owed, unreachable), _GOODBYE), _hang_up(view))


def _unoffered(state: ConversationState) -> bool:
    """Whether a qualified buyer leaves having neither accepted nor declined a call or a meeting."""
    fit = state.judged.verdict is not None and state.judged.verdict.result == "qualified"
    settled = "callback" in state.proposals.made or PROPOSALS & {*state.proposals.refused}
    made = settled or state.arranged or state.identity.barred
    return fit and not made and bool(state.number) and not state.judged.disqualified


def _recap(view: View, owed: str | None, unreachable: bool) -> tuple[Point, ...]:
    """What happens next, said once: the call, the mail, or the answers owed."""
    state = view.state
    if state.ending.recapped:
        return ()
    if state.meeting.booking:
        return (meeting_stands(view, state.meeting.booking, "recap_booking", sets="recap"),)
    if state.callback:
        return (call_stands(view, state.callback, "recap_callback", sets="recap"),)
    address = state.signals.value("email")
    if address and (owed or asked_to_send(state)):
        return (writes(view, owed or view.rep or view.company.default_owner),)
    if owed and not unreachable:
        return (answer_stands(view, owed, sets="recap"),)
    return (Tell("recap_open", kind="next_step", sets="recap"),) if state.given.count else ()


def what_next(view: View) -> tuple[Point, ...]:
    """What is arranged or owed, said before a goodbye; empty if nothing is."""
    recap = _recap(view, view.state.answers_last, not view.state.number)
    return tuple(p for p in recap if not (isinstance(p, Tell) and p.topic == "recap_open"))


def writes(view: View, owner: str | None) -> Tell:
    """Says that a colleague will write: buyers who write to us get their answer in writing."""
    email = view.state.signals.value("email") or "this address"
    when = "" if view.state.number else days_cased(view.state.wants.when)
    slots = (("name", view.name_of(owner)), ("email", email), ("when", when))
    topic = "recap_mail_when" if when else "recap_mail"
    return Tell(topic, slots, kind="next_step", promise=owner, sets="recap")


def asked_to_send(state: ConversationState) -> bool:
    """Whether the buyer asked for something in writing."""
    return state.wants.writing or any(wants_it_sent(q.text) for q in state.questions)


def asks_a_quote(state: ConversationState) -> bool:
    """Whether this turn asks for a quote, although a price may have answered it."""
    return says_a_quote(state.history.lines[-1][1])


def sends_now(state: ConversationState) -> bool:
    """Whether this turn of a written conversation asks for something to be sent."""
    return state.written and says_to_send(state.history.lines[-1][1])


def writing_owed(state: ConversationState) -> bool:
    """Whether something must be sent and we have no address for it."""
    asked = state.asks.tried("email")
    return asked_to_send(state) and not asked and state.signals.value("email") is None


_GOODBYE = Tell("goodbye", kind="goodbye", sets="goodbye")


def _hang_up(view: View) -> Action:
    return Action(view.state.turn, "hang_up", "the caller was done")
