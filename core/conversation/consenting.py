"""What a caller was told about recording and how they responded, turn by turn. Pure.

Only going on after the whole notice counts as consent; where a yes is needed, only a yes to our
question does. An unclear answer is asked about once more, and then counts as a no.
"""

import re
from collections.abc import Sequence

from core.commands import (
    Affirm,
    AllowRecording,
    AskIfAI,
    AskIfRecorded,
    AskRepeat,
    AskWhy,
    Command,
    DeclineRecording,
    Deny,
    Smalltalk,
    Unclear,
)
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.replies.yes_no import only_yes, opens_with_no
from core.events import Fact
from core.facts.consents import Consented, ConsentRecorded, ConsentRule, How
from core.talk import AgentHeard, Sentence, Span, UserSaid

NOTICE, NOTICED, QUESTION = "recording_notice", "recording_notice_given", "recording_question"
"""What the sentences of the opening set: a part of the notice, its end, and the question."""
MOST_ASKED = 2
_OPEN = (AskIfAI, AskIfRecorded, AskRepeat, AskWhy)
"""Said instead of an answer; leaves the question open."""
_MERE = (Affirm, Deny, Smalltalk, AllowRecording, DeclineRecording)

_OF_DETAILS = re.compile(r"\b(?:my|our) (?:\w+ )?(?:number|phone|name|e-?mail|address|details)\b")
"""Objections to something other than recording: "I don't want to give my number"."""

Made = tuple[ConversationState, tuple[Fact, ...]]


def told(state: ConversationState, heard: AgentHeard) -> Made:
    """A sentence of the notice, or the question, was heard to its end."""
    sets, before = heard.sentence.sets, state.recording
    words = f"{before.words} {heard.text}".strip() if sets != QUESTION else heard.text
    asked = before.asked + (sets == QUESTION)
    now = replace(before, words=words, at_ms=heard.end_ms, asked=asked)
    state = replace(state, recording=now)
    if sets != NOTICED or now.consent != "unknown":
        return state, ()
    return _settled(state, "given", "", heard.end_ms, "notice")


def answered(state: ConversationState, said: UserSaid, commands: Sequence[Command]) -> Made:
    """What a turn says about recording, by word or key, unprompted or in answer to our question."""
    mode = state.recording.mode
    refused = next((c for c in commands if isinstance(c, DeclineRecording)), None)
    allowed = next((c for c in commands if isinstance(c, AllowRecording)), None)
    if refused is not None:
        how: How = "key" if said.digits else "word"
        return _settled(state, "declined", refused.span.quote, refused.span.start_ms, how)
    if mode == "never" or state.written:
        return state, ()
    if allowed is not None:
        how = "key" if said.digits else "word"
        return _settled(state, "given", allowed.span.quote, allowed.span.start_ms, how)
    if waiting(state):
        return _to_question(state, said, commands)
    if _to_notice(state, said, commands):
        return _settled(state, "declined", said.text, said.start_ms, "word")
    return state, ()


def waiting(state: ConversationState) -> bool:
    """Whether our recording question was heard last and awaits an answer."""
    return state.awaited.offer == "recording" and state.recording.consent == "unknown"


def to_ask(state: ConversationState) -> bool:
    """Whether the question must be asked (again): it was not heard, or not clearly answered."""
    made = state.recording
    owed = made.mode == "opt_in" and made.consent == "unknown" and made.asked < MOST_ASKED
    return owed and not state.written and state.awaited.offer != "recording"


def unrecorded(state: ConversationState) -> ConversationState:
    """The state of a call that can no longer be recorded, whatever was consented to, so that a
    caller who asks is told the truth."""
    if state.recording.mode == "never":
        return state
    return replace(state, recording=replace(state.recording, consent="declined", mode="never"))


def untrue(sentence: Sentence, state: ConversationState) -> bool:
    """Whether a line says that we record to a caller who has refused."""
    return sentence.sets in (NOTICE, NOTICED) and state.recording.consent == "declined"


def moved(state: ConversationState, rule: ConsentRule, span: Span) -> Made:
    """They named a place with a stricter rule: consent based on the notice alone is withdrawn."""
    if rule.mode == state.recording.mode or state.written:
        return state, ()
    state = replace(state, recording=replace(state.recording, mode=rule.mode))
    if state.recording.consent != "given" or state.recording.explicit:
        return state, (rule,)
    state, facts = _settled(state, "unknown", span.quote, span.start_ms, "place")
    return state, (rule, *facts)


def kept(base: ConversationState, now: ConversationState) -> ConversationState:
    """The state after a turn is rolled back, keeping a refusal: nobody has to refuse twice."""
    if now.recording.consent != "declined":
        return base
    return replace(base, recording=now.recording)


def _to_question(state: ConversationState, said: UserSaid, commands: Sequence[Command]) -> Made:
    """A yes with nothing else is a yes; a no counts whatever else is said, and a "no, go ahead" is
    neither."""
    yes = next((c for c in commands if isinstance(c, Affirm)), None)
    no = next((c for c in commands if isinstance(c, Deny)), None)
    if no is not None:
        return _settled(state, "declined", no.span.quote, no.span.start_ms, "word")
    mere = all(isinstance(c, _MERE) for c in commands) and only_yes(said.text)
    mere = mere and not opens_with_no(said.text)
    if yes is not None and mere:
        return _settled(state, "given", yes.span.quote, yes.span.start_ms, "word")
    if commands and all(isinstance(c, _OPEN) for c in commands):
        return state, ()
    unclear = yes is not None or all(isinstance(c, Unclear | Smalltalk) for c in commands)
    if unclear and state.recording.asked < MOST_ASKED:
        return replace(state, awaited=replace(state.awaited, offer=None)), ()
    return _settled(state, "declined", said.text, said.start_ms, "unanswered")


def _to_notice(state: ConversationState, said: UserSaid, commands: Sequence[Command]) -> bool:
    """Whether a bare no is the first thing said after a notice that explained how to refuse."""
    first = len(state.history.by("caller")) <= 1
    mere = bool(commands) and all(isinstance(c, Deny | Smalltalk) for c in commands)
    no = any(isinstance(c, Deny) and not c.for_now for c in commands)
    no = no and not _OF_DETAILS.search(said.text.lower())
    no = no and opens_with_no(said.text)
    return first and mere and no and state.recording.consent == "given"


def _settled(state: ConversationState, now: Consented, words: str, at_ms: int, how: How) -> Made:
    """Recording consent given, declined or reopened; a repeat changes nothing."""
    before, awaited = state.recording, state.awaited
    fact = ConsentRecorded("recording", now, words, at_ms, how, before.words, before.at_ms)
    explicit = how in ("word", "key")
    same = before.consent == now and (before.explicit or not explicit)
    after = replace(before, consent=now, explicit=explicit)
    if awaited.offer == "recording":
        awaited = replace(awaited, offer=None)
    return replace(state, recording=after, awaited=awaited), () if same else (fact,)
