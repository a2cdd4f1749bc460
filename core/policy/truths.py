"""What must be said truthfully at any moment: that it is an AI, and whether it records. Also
applies the caller's recording choice. Pure."""

from core.asking import Offer
from core.commands import (
    AllowRecording,
    AskIfAI,
    AskIfRecorded,
    DeclineRecording,
    GaveCard,
    Unclear,
)
from core.conversation.consenting import MOST_ASKED, to_ask, waiting
from core.conversation.wording.opening import about_filled, greeting
from core.plan import Act, Point, Tell
from core.policy.chasing import sorry
from core.policy.colleagues import along
from core.policy.data_rights import passed_on
from core.policy.recalling import recalled
from core.policy.view import View

ASKING = Offer("recording")


def first_of_all(view: View) -> tuple[Point, ...]:
    """What comes before anything else: the truth, an apology, what was passed on or also done."""
    return (*truths(view), *sorry(view), *passed_on(view), *along(view))


def truths(view: View) -> tuple[Point, ...]:
    """What must be answered truthfully, first and whatever else the turn was about."""
    points: list[Point] = [Tell("card_off")] if view.has(GaveCard) else []
    if settled := _settled(view):
        points.append(settled)
    elif view.has(AskIfRecorded):
        points.append(Tell(_recorded(view), kind="answer"))
    if told := recalled(view):
        points.append(told)
    if view.has(AskIfAI):
        points.append(Tell("is_ai", kind="answer", must_hear=True, sets="disclosure"))
    return tuple(points)


def _settled(view: View) -> Tell | None:
    """How this turn's words settled the recording."""
    fact = view.consent
    if view.has(DeclineRecording) or (fact and fact.state == "declined" and fact.how == "word"):
        kept = view.company.consent.when_stopped == "keep"
        late = view.stopped and view.state.turn > 1
        topic = ("recording_stopped" if kept else "recording_deleted") if late else "recording_off"
        return Tell(topic, must_hear=True)
    if fact is not None and fact.state == "given":
        return Tell("recording_on")
    if fact is not None and fact.how == "place":
        return Tell("recording_held", must_hear=True)
    if view.has(AllowRecording):
        return Tell("recording_on" if view.state.recording.consent == "given" else "never_recorded")
    return None


def _recorded(view: View) -> str:
    """Whether it is recording now; a notice given first in this same reply counts."""
    state = view.state
    if state.recording.mode == "never" or state.recording.consent == "declined":
        return "not_recorded"
    if state.recording.mode == "opt_in" and state.recording.consent == "unknown":
        return "not_recorded_unless"
    return "is_recorded"


def asked(view: View, said: tuple[Point, ...]) -> Act | None:
    """The response to their answer to our opening question, then the delayed greeting."""
    fact, state = view.consent, view.state
    if state.recording.mode != "opt_in" or state.given.count or state.open_questions():
        return None
    nothing = view.has(Unclear) or (fact is None and view.mere and not said)
    if nothing and (waiting(view.state) or to_ask(view.state)):
        return Act("consent", (*said, question(view)))
    if fact is None or not view.mere:
        return None
    if fact.how == "unanswered":
        said = (*said, Tell("recording_not_on"))
    return Act("consent", (*said, *_greeting(view)))


def _greeting(view: View) -> tuple[Point, ...]:
    if (placed := view.state.opened.placed) is not None:
        why = about_filled(view.company, view.company.callbacks.opening, placed.about)
        return (Tell("said", (("text", why),), kind="greeting", asks=Offer("moment")),)
    text = greeting(view.company, after_hours=not view.open_now)
    return (Tell("said", (("text", text),), kind="greeting"),)


def question(view: View) -> Tell:
    """Whether we may record, asked a second time at most."""
    first = view.state.recording.asked == 0
    text = view.company.consent.ask if first else view.company.consent.ask_again
    slots = (("text", text.replace("{key}", view.company.consent.key or "")),)
    return Tell("said", slots, kind="ask", asks=ASKING, sets="recording_question")


def owed_question(view: View) -> Tell | None:
    """The recording question, if unheard or not clearly answered, as the one question of a turn."""
    state = view.state
    if not to_ask(state) or state.recording.asked >= MOST_ASKED or state.ending.closing:
        return None
    return question(view)
