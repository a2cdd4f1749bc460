"""A message for the team: asked for, taken, read back in short, and given an owner. Pure."""

from core.commands import Affirm, LeaveMessage
from core.events import Fact, Flagged
from core.facts.messages import MessageTaken
from core.plan import ANYTHING_ELSE, Act, Message, Point, Tell
from core.policy.agreements import MOST_NUMBER_ASKS
from core.policy.view import View
from core.talk import UserSaid

READ_BACK = 24
"""Most words that are read back; the record has the full text."""


def message(view: View, said: tuple[Point, ...]) -> Act | None:
    """Continue with a message: ask for its text, or confirm that it was taken."""
    left = next((c for c in view.commands if isinstance(c, LeaveMessage)), None)
    if left is None and not (view.has(Affirm) and view.state.awaited.offer == "message"):
        return None
    owner = (left.rep if left else "") or view.owner
    name = (("name", view.name_of(owner)),)
    if left is None or not left.text:
        return Act("message", (*said, Tell("what_message", name, kind="ask", asks="message")))
    words = left.text.split()
    short = " ".join(words[:READ_BACK]).rstrip(" .,;") + ("" if len(words) <= READ_BACK else " …")
    noted = Tell("message_noted", (*name, ("text", short)), kind="confirm", must_hear=True)
    topic = "message_next" if view.sees else "message_next_open"
    then = Tell(topic, (*name, ("when", view.sees)), kind="next_step", promise=owner)
    points = (*said, noted, then, _after(view))
    return Act("message", points, message=Message(left.text, owner))


def _after(view: View) -> Tell:
    """Where to reach them, if unknown; else an offer of more help."""
    state = view.state
    asked = "phone" in state.asks.declined or state.asks.count("phone") >= MOST_NUMBER_ASKS
    if not state.reachable and not asked:
        return Tell("ask_phone", kind="ask", asks="phone")
    return ANYTHING_ELSE


def facts_of(left: Message, said: UserSaid) -> tuple[Fact, ...]:
    """The facts that record a message."""
    taken = MessageTaken(left.text, said.turn, said.start_ms, left.owner)
    return taken, Flagged("message_left", said.turn, said.start_ms, left.text)
