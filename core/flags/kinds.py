"""Every kind of flag in plain words; an unknown kind from a newer version shows its name."""

from dataclasses import dataclass
from typing import Literal

Weight = Literal["urgent", "look", "note"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`label`: for chips; `means`: the explanation. Urgent: a lead at risk, or a broken rule."""

    label: str
    means: str
    weight: Weight = "look"


KINDS = {
    "hot_unrouted": Kind("hot, no rep", "A fit, and nobody was given it or promised.", "urgent"),
    "ready_to_buy": Kind("ready to buy", "Said they want to buy, order or sign.", "urgent"),
    "asked_for_human": Kind("asked for a person", "Asked to speak with a person.", "urgent"),
    "data_request": Kind("asks for their data", "Wants their data shown or deleted.", "urgent"),
    "frustrated": Kind("frustrated", "Words of frustration.", "urgent"),
    "abuse": Kind("abusive", "Was abusive."),
    "low_confidence": Kind("unsure signal", "The verdict rests on words heard with doubt."),
    "abstained": Kind("not answered", "Approved knowledge did not cover a question."),
    "gate_blocked": Kind("gate blocked", "A sentence no source licenses was stopped."),
    "price_talk": Kind("price", "Price or discount came up.", "note"),
    "competitor": Kind("competitor", "Named a competitor.", "note"),
    "objection": Kind("objection", "Hesitated.", "note"),
    "noted": Kind("noted", "Told something that was only noted down.", "note"),
    "consent_unclear": Kind("consent unclear", "Recorded, and consent is not on record.", "urgent"),
    "card_spoken": Kind("card number", "A payment card's number was given.", "urgent"),
    "long_silence": Kind("long silence", "Nobody spoke for long."),
    "overlap": Kind("spoke over", "Both spoke at once for long."),
    "recognition_poor": Kind("hard to hear", "The caller was heard badly."),
    "booking_failed": Kind("booking failed", "A meeting was wanted and not booked.", "urgent"),
    "booking_not_heard": Kind("booking unheard", "The booking was not heard confirmed.", "urgent"),
    "calendar_failed": Kind("not in calendar", "A meeting is not in the calendar.", "urgent"),
    "calendar_changed": Kind(
        "meeting changed", "Somebody changed a meeting the buyer agreed to.", "urgent"
    ),
    "crm_failed": Kind("not in the CRM", "The CRM did not take a record.", "urgent"),
    "crm_incomplete": Kind("CRM incomplete", "The CRM did not take a field of a record."),
    "callback_overdue": Kind("call back overdue", "A promised call was not made.", "urgent"),
    "question_left_open": Kind("left open", "A question was neither answered nor deferred."),
    "must_hear_not_heard": Kind("notice unheard", "A line that must be heard was not.", "urgent"),
    "engine_failed": Kind("broke off", "An engine of ours failed.", "urgent"),
    "dead_air": Kind("dead air", "The caller waited over four seconds for our words."),
    "stuck_speaking": Kind("stuck", "It is not known that our words were heard, or they went on."),
    "late_speech": Kind("choppy", "Our speech was sent late: the caller may have heard gaps."),
    "stored_late": Kind("stored late", "The database was away during the call."),
    "not_stored": Kind("not all stored", "The database refused some of it; the operator has it."),
    "recording_incomplete": Kind("recording cut", "The disk did not take all of the recording."),
    "turn_failed": Kind("turn failed", "A message could not be answered.", "urgent"),
    "emergency": Kind("emergency", "Said that somebody is hurt or in danger.", "urgent"),
    "escalated": Kind("escalated", "Touched what a named person has to handle."),
    "attachment": Kind("attachment", "A mail's attachment was not read.", "note"),
    "mail_cut": Kind("mail cut", "Only the first part of a long mail was read."),
    "mail_flood": Kind("many mails", "Answering was stopped for the hour."),
    "mail_undeliverable": Kind("mail undelivered", "Our mail was not delivered.", "urgent"),
    "meeting_untold": Kind("meeting untold", "A meeting's mail was discarded unsent.", "urgent"),
    "transfer_failed": Kind("not put through", "The person the caller wanted was not reached."),
    "turned_away": Kind("turned away", "No server could take the call.", "urgent"),
    "not_recorded": Kind("not recorded", "After a transfer, the rest was not recorded."),
    "message_left": Kind("message", "Left a message for the team.", "urgent"),
    "pilot": Kind("pilot", "Taken while the agent is tried out.", "note"),
    "random_audit": Kind("random check", "Drawn at random for review.", "note"),
}
_RANKS = ("urgent", "look", "note")


def kind_of(name: str) -> Kind:
    """A kind by its name."""
    return KINDS.get(name) or Kind(name.replace("_", " "), "")


def gravest(names: set[str]) -> list[str]:
    """Kinds, gravest first."""
    return sorted(names, key=lambda name: (_RANKS.index(kind_of(name).weight), name))
