"""When buyers drop a question of theirs, or the conversation: by asking on, "that's enough", or
"no, thanks"."""

import re

from core.commands import (
    Affirm,
    AskProduct,
    Command,
    Deny,
    EndCall,
    RequestCallback,
    RequestMeeting,
    Smalltalk,
)
from core.conversation.state import ConversationState, replace

_ENOUGH = re.compile(
    r"^(?:okay |ok |yes |yeah |no |oh )*(?:stop|i understand|i see|i get it|got it|never mind"
    r"|that's enough|i know|skip)\b"
)
"""Said over an answer, these mean that the buyer has heard enough."""


def left(state: ConversationState, commands: tuple[Command, ...], text: str) -> ConversationState:
    """Mark a question as left when the buyer interrupts the answer to ask something else, asks it
    more fully, or asks again instead of confirming our guess at its meaning."""
    asked = [c.question.lower() for c in commands if isinstance(c, AskProduct)]
    if not asked and not _ENOUGH.search(text.lower()) and not _declines(commands):
        return state
    again = [q.text.lower() in asked for q in state.questions]
    fuller = [any(q.text.lower() in a for a in asked) for q in state.questions]
    agreed = any(isinstance(c, Affirm) for c in commands)
    checked = state.meanings.check.question_id if state.meanings.check and not agreed else None
    questions = tuple(
        replace(q, status="left")
        if q.status == "open" and not same and (q.begun or more or q.id == checked)
        else q
        for q, same, more in zip(state.questions, again, fuller, strict=True)
    )
    ending = replace(state.ending, farewell=False, recapped=False)
    return replace(state, questions=questions, ending=ending)


def _declines(commands: tuple[Command, ...]) -> bool:
    """Whether a turn is no more than "no, thanks"."""
    manners = all(isinstance(c, Deny | Smalltalk) for c in commands)
    for_now = any(isinstance(c, Deny) and c.for_now for c in commands)
    return manners and (for_now or {type(c) for c in commands} == {Deny, Smalltalk})


def done(
    state: ConversationState, offered: str | None, commands: tuple[Command, ...], text: str
) -> bool:
    """Whether the buyer is done: they said so, or said no to "anything else?" and nothing more."""
    if any(isinstance(c, AskProduct | RequestMeeting | RequestCallback) for c in commands):
        return any(isinstance(c, EndCall) for c in commands) or state.ending.opted_out
    only_no = all(isinstance(c, Deny | Affirm | Smalltalk) for c in commands)
    said_no = any(isinstance(c, Deny) for c in commands)
    nothing_else = only_no and said_no and not _TELLS.search(text.lower())
    return state.ending.closing or (offered == "more" and nothing_else)


_TELLS = re.compile(
    r"^\W*(?:no|nope|nah)\b[\s,.]+(?:but )?(?:i|we)"
    r"(?: (?:do not|did not|have not|am not|are not|never|(?:do|did|have|are)n't)|'m not|'re not"
    r"|'ve never) (?!(?:think|believe|really|actually|sure|see"
    r"|want to (?:keep|hold|bother|take up))\b"
    r"|(?:\w+ )?(?:a thing|(?<=have )one|much|(?:the )?time|any|anything|more|other|further"
    r"|questions?|else|nothing)\b)\w+"
)
"""A no that tells something: "no, I don't have an account"."""
