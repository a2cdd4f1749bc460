"""The questions to us in a turn, as spans of its words. Pure."""

import re

from core.conversation.state import ConversationState, replace
from core.conversation.understanding.asks.openers import opens
from core.conversation.understanding.asks.pricing import as_many, asked_plainly, bids, so_many
from core.conversation.understanding.asks.questions import (
    ELLIPSIS,
    bare,
    goes_further,
    questions,
)
from core.conversation.understanding.meant import withholding
from core.conversation.understanding.tells.unanswered import nothing_told
from core.conversation.words.figures import only_figures
from core.conversation.words.lexicon import Mention
from core.conversation.words.named import carried_between
from core.conversation.words.numbers import numbers
from core.conversation.words.plain import plain
from core.conversation.words.rhetorical import themselves
from core.conversation.words.utterance import Utterance
from knowledge.leading import YES_NO, lead_with
from knowledge.retrieval.follow_up import asks_alone
from knowledge.retrieval.words import carries_topic

_HELP = re.compile(
    r"\b(?:can|could|would) you (?:guys )?(?:help|do anything)(?: (?:us|me))?"
    r"(?: (?:out|with (?:that|this|it)|here))*[ ?.!]*$"
    r"|[.,;!] (?:is (?:that|it|this) )?(?:possible|doable|feasible)\?$"
)
"""Asks whether we can help with what was told just before, or whether it can be done."""


def asked_of_us(
    u: Utterance,
    mentions: list[Mention],
    taken: list[tuple[int, int]],
    state: ConversationState,
) -> tuple[list[tuple[int, int]], ConversationState]:
    """The questions to us. A question callers answer themselves only introduces what follows."""
    asked, wanted = [], None
    fresh = state.awaited.asks(u.said.turn) is not None
    found = _questions(u, mentions, taken, state, fresh)
    withheld = found and (withholding(plain(u)) or (nothing_told(u) if fresh else None))
    for a, b in found:
        if withheld and withheld[0] <= a <= withheld[1] + 1:
            continue  # "i'd rather not say what we pay", "wouldn't know mate"
        if _POINTS.search(u.text[:a]) and not u.text[b:].startswith("?"):
            continue  # "that's what they said last week"
        about = themselves(u.text[a:b]) if u.text[b:].strip(" .?!,") else None
        wanted = about or wanted
        uptalk = fresh and not opens(u.text[a:b]) and only_figures(u.text[a:b])
        uptalk = uptalk or _BELIEVES.match(u.text[a:b]) is not None
        guess = _GUESSES.match(u.text[a:b])
        uptalk = uptalk or bool(guess and numbers(u.text[a:b]) and len(u.text[a:b].split()) <= 8)
        uptalk = uptalk and not (ELLIPSIS.match(u.text) and u.text.endswith("?"))
        if about is None and not uptalk:
            asked.append((a, b))
    if wanted is None:
        return asked, state
    awaited = replace(state.awaited, ask=wanted, turn=u.said.turn - 1)
    return asked, replace(state, awaited=awaited)


_ANYBODY = r"\b(?:nobody|no one|somebody|someone|everybody|everyone)(?: else)? "
_POINTS = re.compile(
    rf"\b(?:that's|that is|this is|that was|which is) (?:exactly |just )?$|{_ANYBODY}$"
)
_GUESSES = re.compile(
    lead_with("yeah", "i'd say", "i guess", "i think")
    + r"(?:maybe|like|about|around|probably|roughly|somewhere around|give or take|i'd say"
    r"|i guess)\b"
    r"(?!.*\b(?:you|your|it|that|this)\b)"
)
"""Guesses a figure, with a question's intonation: "maybe like ten thousand feet?"."""
_BELIEVES = re.compile(
    rf"{lead_with(*YES_NO)}i (?:think|believe|guess) (?:it|we|they|he|she|that"
    r"|there|our"
    r"|the)(?:'\w+)?\b(?!.*\b(?:you|your|right|correct|isn't|doesn't|don't)\b)"
    rf"|{_ANYBODY}(?:does|did|is|has|will|can|was)\b(?!.*\b(?:you|your|right|correct)\b)"
)
"""States a belief, with a question's intonation: "i think it's called snowflake?"."""


def _questions(
    u: Utterance,
    mentions: list[Mention],
    taken: list[tuple[int, int]],
    state: ConversationState,
    fresh: bool,
) -> list[tuple[int, int]]:
    """`fresh`: whether we have just asked something."""
    found = questions(u, taken)
    helps = _HELP.search(u.text)
    told = helps and (carries_topic(u.text[: helps.start()]) or state.signals.value("use_case"))
    if told and not found:
        return [(0, len(u.text))]
    found = [*found, *_in_a_word(u, [*found, *taken])] if state.written else found
    found.sort()
    follow = ELLIPSIS.match(u.text.strip(" .?!,"))
    more = as_many(u.text, state.history.context) or so_many(u.text, state.history.context)
    more = more or (not fresh and bids(u.text, state.history.context))
    if not found and not taken and (plainly := asked_plainly(u.text)):
        return [plainly]
    if not found and not taken and more:
        return [(0, len(u.text))]
    supposes = follow and follow["rest"].startswith(("if ", "your "))
    supposes = supposes or _ANY.fullmatch(u.text.strip(" ?.!")) is not None
    if not found and not taken and state.history.context and (supposes or asks_alone(u.text)):
        return [(0, len(u.text))]
    if not found and not taken and carried_between(u, mentions):
        return [(0, len(u.text))]
    short = len(u.tokens) <= 6 and bool(state.history.context) and not found and not taken
    answers = fresh and any(_criterion(m) == state.awaited.ask for m in mentions)
    if short and follow and mentions and not answers:
        return [(0, len(u.text))]
    if not (fresh or found or taken) and bare(u):
        return [(0, len(u.text))]
    if state.written and not (answers or found or taken):
        added = state.awaited.ask is None or u.text.startswith("and ")
        further = short and follow and added
        if bare(u) or (further and follow and goes_further(follow["rest"])):
            return [(0, len(u.text))]
    return found


_ANY = re.compile(r"(?:and |so |okay |ok )*any (?:other |more )?(?:[\w-]+ ){0,2}[a-z-]+s")
"""Continues a question: "any hospitals", after who else uses it."""


def _in_a_word(u: Utterance, others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Several subjects asked about, one word each: "price? trial?"."""
    words = [m.span("word") for m in _WORD_ASKED.finditer(u.text)]
    several = len(words) > 1 or len(u.text.split()) > _A_FEW
    free = [(a, b) for a, b in words if not any(c < b and a < d for c, d in others)]
    return [(a, b) for a, b in free if several and carries_topic(u.text[a:b])]


_WORD_ASKED = re.compile(
    r"(?:^|(?<=[.?!;)\n])|(?<=[.?!;)] ))(?:\(?\d{1,2}[.)]\s+)?(?P<word>[a-z][\w-]{2,}\?)"
)
_A_FEW = 3


def _criterion(mention: Mention) -> str:
    return {"tool": "tech_stack", "place": "location"}.get(mention.kind, mention.kind)
