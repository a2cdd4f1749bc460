"""The answers in a turn: yes and no, a refusal, "I don't know", and objections. Pure."""

import re
from collections.abc import Sequence

from core.asking import ANYTHING, Confirm
from core.commands import (
    Affirm,
    AllowRecording,
    AskProduct,
    ChooseSlot,
    Command,
    CorrectSignal,
    DeclineRecording,
    DeclineToSay,
    Deny,
    DoesNotKnow,
    EndCall,
    KeepMeeting,
    MoveMeeting,
    Objection,
    OptOut,
    ProvideContact,
    ProvideSignal,
    ReadyToBuy,
    RequestHuman,
)
from core.conversation.state import ConversationState
from core.conversation.understanding.meant import answered as without_answer
from core.conversation.understanding.meant import withholding
from core.conversation.understanding.replies.missed import complains
from core.conversation.understanding.replies.yes_no import (
    PUTS_RIGHT,
    considers,
    consults,
    is_me,
    outright,
    parts,
    says_it_was_not,
    uninterested,
    yes_or_no,
)
from core.conversation.understanding.tells.details import THIS_NUMBER
from core.conversation.understanding.tells.needs import REQUIREMENT
from core.conversation.understanding.tells.objections import (
    FINDS_FAULT,
    TOO_EXPENSIVE,
    doubt,
    too_dear,
)
from core.conversation.understanding.tells.stated import NO_CUSTOMER
from core.conversation.understanding.times.choices import PROPOSED
from core.conversation.understanding.times.when import when_of
from core.conversation.words.plain import plain
from core.conversation.words.utterance import Utterance
from knowledge.leading import LEAD

_LEAD_IN = re.compile(
    rf"^{LEAD}(?:okay|ok|right|great|good|cool|nice|lovely|neat|sweet"
    r"|fine|all ?right|i see"
    r"|got it"
    r"|perfect|awesome)\b(?! (?:please|do|yes|that would|sounds|let's))"
)
"""Words that open a turn as often as they agree to something."""


def answers(u: Utterance, commands: Sequence[Command], state: ConversationState) -> list[Command]:
    """Yes, no, a refusal or an "I don't know" to what we just asked; and objections."""
    if complains(commands):
        return []
    answered = any(isinstance(c, ProvideSignal | ProvideContact) for c in commands)
    if withheld := _withheld(u, state, answered, bool(commands)):
        return [withheld]
    found: list[Command] = []
    dear = too_dear(u.text, state.history.reply)
    answer = _meant(u, commands, state, dear is not None)
    full = any(isinstance(c, _SAID_IN_FULL) for c in commands)
    if answer is not None and (not full or (answer and _takes_and_leaves(commands, state, u))):
        first = u.span(0, u.tokens[0].end)
        found.append(Affirm(first, outright(u.text)) if answer else Deny(first, _puts_off(u.text)))
    if answer and _GOES_AHEAD.match(u.text) and _nothing_offered(state):
        found.append(ReadyToBuy(u.whole(), when_of(u)))
    if uninterested(u.text) and not any(isinstance(c, Deny) for c in found):
        found.append(Deny(u.whole(), for_now=True))
    objection = (
        dear
        or (None if uninterested(u.text) else doubt(u.text))
        or (None if answered else REQUIREMENT.search(u.text))
    )
    if objection and not any(isinstance(c, AskProduct) for c in commands):
        span = u.span(objection.start(), objection.end())
        faulted = FINDS_FAULT.search(span.quote.lower())
        about = TOO_EXPENSIVE if dear else "" if faulted else u.said.text
        found.append(Objection(span, about))
    return found


def _meant(
    u: Utterance, commands: Sequence[Command], state: ConversationState, dear: bool
) -> bool | None:
    """The yes or no of a turn, or None; `dear`: it finds the price too high."""
    who = asked_who(u, state)
    answer = is_me(u.text) if who else yes_or_no(u.text)
    arranging = state.awaited.offer in ("callback", "slots")
    arranging = arranging or (state.callback is not None and state.awaited.offer != "more")
    if answer is None and arranging and THIS_NUMBER.search(u.text):
        answer = True
    if answer and not who and (dear or (_LEAD_IN.match(u.text) and _matters(commands))):
        answer = None  # "yeah, that's more than we thought" agrees to nothing
    if answer is False and state.awaited.read_back and _RIGHT_AFTER_NO.match(u.text):
        answer = True
    if answer is not None and _says_more(answer, u.text, state):
        answer = None
    elsewhen = any(isinstance(c, _ELSEWHEN) for c in commands)
    if answer is False and elsewhen and not state.times.slots:
        answer = None  # "no, the other one" refers to the time that was taken
    waiting = state.awaited.offer or state.awaited.read_back
    if answer is False and _only_where(commands) and not waiting:
        answer = None  # "no, Concord Massachusetts"
    return answer


_GOES_AHEAD = re.compile(
    rf"^{LEAD}(?:(?:yes|yeah|okay|ok|great|good|perfect|fine|alright|cool)[, ]+)*let's (?:just )?"
    r"(?:do (?:it|that|this)|go (?:ahead|for it|with (?:it|that))|move (?:ahead|forward)"
    r"|make it happen|get (?:it|that|this) (?:done|going|started|moving)|get (?:started|going))"
    r"(?: (?:then|please|with you))*(?=\s*(?:$|[.,;!]))"
)
"""Takes what was told, where no call or time is on offer: "okay, let's do it"."""


def _nothing_offered(state: ConversationState) -> bool:
    """Whether something was told and nothing proposed."""
    open_ = state.awaited.offer not in (None, "more") or state.times.slots or state.arranged
    return bool(state.given.citations) and not open_ and state.awaited.read_back is None


_RIGHT_AFTER_NO = re.compile(
    rf"^{LEAD}(?:(?:no|nope|nah|yeah)[, ]+)+(?:(?:that|it)(?:'s| is) (?:it|the one|perfect"
    r"|(?:all |exactly |quite )?(?:right|correct|good|fine))|(?:you got|you've got) it(?! wrong)"
    r"(?: right)?|all (?:good|correct|right)|correct)\b(?! address| number| one)"
    r"(?!.*\b(?:wait|but|except|actually|hold on|should|not|wrong|instead|dot|at)\b)"
)
"""A yes to what was read back although it opens with a no: "no, that's right"."""


def _puts_off(text: str) -> bool:
    """Whether a no is only for now, or to everything."""
    rest = _NO.sub("", text)
    return considers(text) or consults(rest) or uninterested(text)


_NO = re.compile(r"^(?:(?:um|uh|well|oh|no|nope|nah)[,. ]+)+")


def _takes_and_leaves(commands: Sequence[Command], state: ConversationState, u: Utterance) -> bool:
    """Whether a goodbye also accepts the one time, or the call, that was just proposed."""
    leaves = all(isinstance(c, EndCall) for c in commands if isinstance(c, _SAID_IN_FULL))
    if not leaves or not state.awaited.fresh(u.said.turn):
        return False
    if state.awaited.offer == "callback":  # "great, thank you, goodbye" accepts none
        return outright(u.text) or not _LEAD_IN.match(u.text)
    return state.awaited.offer == "slots" and len(state.times.slots) == 1


def _withheld(u: Utterance, state: ConversationState, answered: bool, told: bool) -> Command | None:
    """The answer to our question is refused, or unknown; `told`: whether the turn says more."""
    fresh = state.awaited.asks(u.said.turn)
    text = plain(u)
    if place := without_answer("no_questions", text):
        return DeclineToSay(u.span(*place), ANYTHING)
    if told and not fresh:
        return None
    if fresh:
        wanted = fresh.field if isinstance(fresh, Confirm) else fresh
        place = without_answer("decline", text)
        if place and (not answered or 2 * (place[1] - place[0]) > len(u.text)):
            return DeclineToSay(u.span(*place), wanted)
        if not answered and (place := without_answer("unknown", text)):
            return DoesNotKnow(u.span(*place), wanted)
    elif place := withholding(text):
        return DeclineToSay(u.span(*place), None)
    return None


def asked_who(u: Utterance, state: ConversationState) -> bool:
    """Whether our last question was whether they are somebody we know."""
    return state.awaited.offer == "identity" and state.awaited.fresh(u.said.turn)


def refuses_recording(u: Utterance, state: ConversationState) -> DeclineRecording | None:
    """ "I don't want that", right after we mentioned recording."""
    spoke = any(re.search(r"\brecord", line.lower()) for line in state.history.reply)
    place = without_answer("refusal", plain(u)) if spoke else None
    return DeclineRecording(u.span(*place)) if place else None


def answers_that(command: Command, fresh: str | Confirm | None, u: Utterance) -> bool:
    """Whether an apparent request answers our question: "product manager", "that's it"."""
    if isinstance(command, RequestHuman):
        return fresh == "role" and len(u.tokens) <= _BARE_TITLE
    confirms = isinstance(command, EndCall) and isinstance(fresh, Confirm)
    return confirms and command.span.quote.lower().startswith(("that", "it"))


def _says_more(answer: bool, text: str, state: ConversationState) -> bool:
    """Whether an apparent yes or no is none: it only introduces something else, "no, the big one",
    or says whom they must ask first."""
    if consults(text):  # no to something they cannot decide alone
        on_offer = bool(state.times.slots) and state.awaited.offer != "more"
        return not (on_offer or state.awaited.offer in PROPOSED)
    if answer:
        return state.awaited.offer in ("meant", "more") and _goes_on(text)
    if NO_CUSTOMER.search(text):
        return True
    # It rejects what we answered along.
    hedged = bool(state.meanings.hedged) and says_it_was_not(text)
    more = PUTS_RIGHT.match(text) is not None or not parts(text)
    return state.awaited.offer == "more" and not hedged and more


def _goes_on(text: str) -> bool:
    """Whether an "okay" only introduces words that are no yes themselves."""
    lead = _LEAD_IN.match(text)
    rest = text[lead.end() :].strip(" ,.!") if lead else ""
    return len(rest.split()) > 1 and yes_or_no(rest) is None


_BARE_TITLE = 4
_ELSEWHEN = (ChooseSlot, KeepMeeting, MoveMeeting)
_SAID_IN_FULL = (EndCall, OptOut, DeclineRecording, AllowRecording)
"""More than a mere yes or no, though it may open like one: "I'd rather you didn't record me"."""


def _only_where(commands: Sequence[Command]) -> bool:
    """Whether a turn only says where they are."""
    told = [c for c in commands if isinstance(c, ProvideSignal | CorrectSignal)]
    return len(told) == len(commands) > 0 and all(c.criterion == "location" for c in told)


def _matters(commands: Sequence[Command]) -> bool:
    """Whether a turn has content of its own besides a yes or a no."""
    return any(isinstance(c, AskProduct | ProvideSignal | Objection) for c in commands)
