"""Enters what is known about the buyer from before into a conversation, and removes it again. Pure.

A buyer who may be somebody else is asked once, by first name only; until then the state holds
nothing but the pending memory (`guesses`), so nothing can leak.
"""

from dataclasses import replace

from core.conversation.parts import Signals
from core.conversation.state import ConversationState
from core.crm.known import fact_of, surely, told
from core.crm.records import Found
from core.enrichment.enrich import enrich
from core.events import Fact, PersonAnswered, PersonRecalled, SignalCaptured
from core.identity.memory import Memory, Recognition, overrides
from core.identity.names import same_name
from knowledge.sections.crm import AskByName

LOOKED_UP = ("enriched", "crm")
"""The basis of facts looked up outside the conversation."""
CRM = "crm."
"""Id prefix, before the criterion, of a signal from the CRM."""
AS_SURE = 0.7
"""Confidence in a CRM value: somebody once entered it."""


def recognised(
    state: ConversationState, found: Recognition, *, ask: AskByName = "never"
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state after an identity lookup, and its facts.

    With several candidates the buyer is asked, or their name decides; a known identity stays.
    `ask`: which buyers, unknown here, are asked for by their name in the CRM.
    """
    facts: tuple[Fact, ...] = ()
    if found.candidates:
        guesses = tuple(m for m in found.candidates if m.name)
        state = state if state.identity.person else _guessing(state, guesses)
    else:
        state, facts = remember(state, found.known)
    state = _supposed(state, found.crm, ask)
    state, of_crm = known_to_crm(state, found.crm)
    state, learned = enrich(state, found.enriched)
    return state, (*facts, *of_crm, *learned)


def _supposed(state: ConversationState, found: Found | None, ask: AskByName) -> ConversationState:
    """Add the CRM contact for the calling number as a guess, to be asked for once."""
    known = state.identity
    if found and found.by == "email" and known.guesses and not known.guesses[0].person:
        return _guessing(state, ())  # an address says more than the number did
    if found is None or known.crm is not None or known.person or known.guesses:
        return state
    personal = found.by == "mobile" or (found.by == "phone" and ask == "any")
    if ask == "never" or not personal or found.shared or not found.name:
        return state
    if state.signals.value("name"):
        return state
    name = SignalCaptured(f"{CRM}name", "name", found.name, "positive", "crm", AS_SURE, "", 0, 0, 0)
    return _guessing(state, (Memory(_NOBODY, (name,)),))


def _guessing(state: ConversationState, guesses: tuple[Memory, ...]) -> ConversationState:
    """The state with these candidates for who the buyer is."""
    return replace(state, identity=replace(state.identity, guesses=guesses))


def known_to_crm(
    state: ConversationState, found: Found | None
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with the CRM contact for the number, and its facts.

    Its values count only if the contact is surely the buyer, and where nothing better is known.
    """
    if found is None:
        return state, ()
    sure = surely(found, state.signals.value)
    fact = fact_of(found, sure)
    if state.identity.crm == fact:
        return state, ()
    own = tuple(s for s in state.signals.all if s.basis != "crm")
    known = {s.criterion for s in own if s.signal_id not in state.signals.superseded}
    fresh = tuple(
        SignalCaptured(f"{CRM}{name}", name, value, "positive", "crm", AS_SURE, quote, 0, 0, 0)
        for name, value, quote in told(found, sure)
        if name not in known
    )
    made = replace(
        state,
        identity=replace(state.identity, crm=fact),
        signals=replace(state.signals, all=(*fresh, *own)),
    )
    return made, (fact, *fresh)


def remember(
    state: ConversationState, memory: Memory | None, *, turn: int = 0
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with what was known, and its facts. None: they are nobody we know.

    `turn`: the one in which they said who they are, which may still be rolled back.

    Idempotent; if more is known, or another person is, it replaces what was recalled before. What
    this conversation itself told always stands.
    """
    known = state.identity.person
    if memory is None:
        return (state, ()) if known is None else _forgotten(state)
    memory = memory.discreet()
    if known is not None and replace(known, turn=0) == memory.recalled:
        return state, ()
    recalled = replace(memory.recalled, turn=turn)
    own, superseded = _own(state)
    fresh = tuple(
        s for s in memory.signals
        if s.signal_id not in superseded and not any(overrides(o, s) for o in own)
    )  # fmt: skip
    declined = (n for n in memory.recalled.declined if not any(s.criterion == n for s in own))
    cited = tuple(dict.fromkeys((*memory.told, *state.given.citations)))
    made = replace(
        state,
        identity=replace(state.identity, person=recalled, guesses=()),
        signals=state.signals.recalling(fresh),
        asks=state.asks.refusing(declined),
        given=replace(state.given, citations=cited),
    )
    return made, (recalled, *fresh)


def answered(
    state: ConversationState, yes: bool, quote: str
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state after a yes or no to "am I speaking with …?"."""
    if not state.identity.guesses:
        return state, ()
    guess = state.identity.guesses[0]
    if not guess.person:  # a CRM contact: their name is all we can say
        return _guessing(state, ()), ()
    fact = PersonAnswered(guess.person, yes, state.turn, quote)
    if not yes:
        return _guessing(state, ()), (fact,)
    made, facts = remember(state, guess.confirmed(), turn=state.turn)
    return made, (fact, *facts)


def named(
    state: ConversationState, name: str, quote: str
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state after a name was given: which of the candidates they are, if any."""
    guesses = state.identity.guesses
    if not guesses:
        return state, ()
    if not guesses[0].person:
        return _guessing(state, ()), ()
    alike = [m for m in guesses if same_name(m.name, name)]
    if len(alike) > 1:
        return state, ()
    answers: list[Fact] = [PersonAnswered(m.person, m in alike, state.turn, quote) for m in guesses]
    if not alike:
        return _guessing(state, ()), tuple(answers)
    made, facts = remember(state, alike[0].confirmed(), turn=state.turn)
    return made, (*answers, *facts)


def begun_anew(opening: ConversationState, now: ConversationState) -> ConversationState:
    """The opening state, keeping what was heard of our identity and who they may be."""
    return replace(
        carried(opening, now), once=replace(opening.once, disclosed=now.once.disclosed),
        recording=now.recording, board=now.board,
    )  # fmt: skip


def carried(base: ConversationState, now: ConversationState) -> ConversationState:
    """The state before a turn that is rolled back, keeping what was recalled or looked up."""
    told, who = base.signals, now.identity
    looked_up = tuple(s for s in now.signals.own if s.basis in LOOKED_UP)
    if who.crm != base.identity.crm or any(s not in told.all for s in looked_up):
        others = (s for s in told.all if s.basis not in LOOKED_UP or s.origin)
        gone = {s.supersedes for s in looked_up if s.supersedes}
        told = Signals((*looked_up, *others), told.superseded | gone)
        base = replace(base, identity=replace(base.identity, crm=who.crm), signals=told)
    said_so = who.person is not None and who.person.turn == now.turn
    if said_so or who.person == base.identity.person:
        return _guessing(base, who.guesses or base.identity.guesses)
    return replace(
        base,
        identity=replace(base.identity, person=who.person, guesses=who.guesses),
        signals=told.recalling(now.signals.recalled),
        asks=base.asks.refusing((who.person or _NOBODY).declined),
    )


_NOBODY = PersonRecalled("", False)


def _own(state: ConversationState) -> tuple[list[SignalCaptured], set[str]]:
    """What this conversation told, and the ids of what it retracted."""
    told = [s for s in state.signals.active if not s.origin]
    return told, {s.supersedes for s in state.signals.own if s.supersedes}


def _forgotten(state: ConversationState) -> tuple[ConversationState, tuple[Fact, ...]]:
    """They are nobody we know after all."""
    nobody = replace(state.identity, person=None, guesses=())
    return replace(state, identity=nobody, signals=state.signals.recalling(())), (_NOBODY,)
