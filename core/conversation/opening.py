"""The first words: who is speaking (an AI), what is recorded, and how we can help.

A chat is opened with the same words but for the notice: nothing is recorded. A mail is answered
before anything is said, and who writes is told under every answer.
"""

from core.conversation.realise import sentences
from core.events import Channel
from core.talk import Sentence
from knowledge.profile import Company


def opening_sentences(
    company: Company, *, after_hours: bool, channel: Channel = "voice"
) -> tuple[Sentence, ...]:
    """Disclosure and recording notice, which must be heard, then the greeting."""
    if channel == "email":
        return ()
    voice = company.voice
    greeting = voice.after_hours_greeting if after_hours else None
    made: list[Sentence] = []
    for text in sentences(_filled(company, voice.disclosure)):
        made.append(Sentence(0, len(made), text, "disclosure", must_hear=True, sets="disclosure"))
    if channel == "voice" and company.consent.recording != "never":
        made += _notice(company, len(made))
    for text in sentences(_filled(company, greeting or voice.greeting)):
        made.append(Sentence(0, len(made), text, "greeting"))
    return tuple(made)


def _notice(company: Company, n: int) -> list[Sentence]:
    """The notice; its last sentence, once heard, settles or asks for consent."""
    parts = sentences(_filled(company, company.voice.recording_notice))
    opt_in = company.consent.recording == "opt_in"
    sets = "recording_notice" if opt_in else "recording_notice_given"
    last = len(parts) - 1
    return [
        Sentence(
            0, n + i, text, "disclosure", must_hear=True,
            sets=sets if i == last else None,
            asks="offer:recording" if opt_in and i == last else None,
        )
        for i, text in enumerate(parts)
    ]  # fmt: skip


def _filled(company: Company, text: str) -> str:
    return text.replace("{agent}", company.voice.agent_name).replace("{company}", company.name)
