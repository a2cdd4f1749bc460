"""The opening: who is speaking (an AI), what is recorded, and how we can help.

Where recording needs a yes, the opening ends with that question and the greeting follows the
answer. A chat opening does not mention recording: nothing is recorded. A mail is answered without
an opening; its footer says who writes.
"""

from core.asking import Offer
from core.conversation.consenting import NOTICE, NOTICED, QUESTION
from core.events import Channel
from core.talk import Placed, Sentence
from knowledge.profile import Company
from knowledge.sentences import sentences


def opening_sentences(
    company: Company,
    *,
    after_hours: bool,
    channel: Channel = "voice",
    mode: str = "never",
    placed: Placed | None = None,
    invited: str = "",
) -> tuple[Sentence, ...]:
    """Disclosure and recording notice, which must be heard, then the greeting.

    `mode`: how a call may be recorded, one of `knowledge.jurisdictions`. On an outbound call the
    greeting is replaced by what they asked to be called about; a chat visitor who accepts an
    invitation (`invited`: its id) reads that invitation.
    """
    if channel == "email":
        return ()
    made: list[Sentence] = []
    for text in sentences(_filled(company, company.voice.disclosure)):
        made.append(Sentence(0, len(made), text, "disclosure", must_hear=True, sets="disclosure"))
    if channel == "voice" and mode == "opt_in":
        return (*made, *_question(company, len(made)))
    if channel == "voice" and mode != "never":
        made += _notice(company, len(made))
    if placed is not None:
        return (*made, *_asked_for(company, placed, len(made)))
    invitation = company.chat.invitation(invited)
    said = invitation.text if invitation else greeting(company, after_hours=after_hours)
    for text in sentences(said):
        made.append(Sentence(0, len(made), text, "greeting"))
    return tuple(made)


def greeting(company: Company, *, after_hours: bool) -> str:
    """The greeting; after hours it first says that nobody is in."""
    late = company.voice.after_hours_greeting if after_hours else None
    return _filled(company, late or company.voice.greeting)


def _asked_for(company: Company, placed: Placed, n: int) -> list[Sentence]:
    """Why we call; a no to its last sentence asks for another time."""
    parts = sentences(about_filled(company, company.callbacks.opening, placed.about))
    last = len(parts) - 1
    return [
        Sentence(0, n + i, text, "greeting", asks=Offer("moment") if i == last else None)
        for i, text in enumerate(parts)
    ]


def message_sentences(company: Company, about: str, turn: int) -> tuple[Sentence, ...]:
    """The message for an answering machine; its first sentence says that it is an AI."""
    parts = sentences(about_filled(company, company.callbacks.message, about))
    return tuple(Sentence(turn, n, text, "goodbye") for n, text in enumerate(parts))


def about_filled(company: Company, text: str, about: str) -> str:
    """A wording with its slots filled; `{about}` is dropped when unknown."""
    return _filled(company, text.replace("{about}", f" about {about}" if about else ""))


def _notice(company: Company, n: int) -> list[Sentence]:
    """The notice; once its last sentence is heard, we may record."""
    parts = sentences(_filled(company, company.voice.recording_notice))
    last = len(parts) - 1
    return [
        Sentence(
            0, n + i, text, "disclosure", must_hear=True, sets=NOTICED if i == last else NOTICE
        )
        for i, text in enumerate(parts)
    ]


def _question(company: Company, n: int) -> list[Sentence]:
    """Whether we may record. It need not be heard: without an answer nothing is recorded."""
    parts = sentences(_filled(company, company.consent.ask))
    last = len(parts) - 1
    return [
        Sentence(
            0, n + i, text, "disclosure",
            sets=QUESTION if i == last else None, asks=Offer("recording") if i == last else None,
        )
        for i, text in enumerate(parts)
    ]  # fmt: skip


def _filled(company: Company, text: str) -> str:
    values = {
        "agent": company.voice.agent_name, "company": company.name,
        "key": company.consent.key or "",
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
