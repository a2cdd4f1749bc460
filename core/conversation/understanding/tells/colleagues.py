"""A colleague of the buyer for the invitation: "please invite ravi@acme.io". Pure."""

import re
from collections.abc import Iterator

from core.commands import Command, InviteColleague
from core.conversation.state import ConversationState
from core.conversation.words.contact import WRITTEN, email, emails
from core.conversation.words.utterance import Utterance

_ALONG = re.compile(
    r"\b(?:invite|include|add|cc|copy|copying|cc'ing|loop|loop in|bring|join|joins|joining|attend"
    r"|attending|colleagues?|be (?:on|there|invited|included|part|copied)|dial in"
    r"|forward (?:\w+ )?invit\w+|(?:his|her|their) (?:e-?mail|mail)(?: address)? is)\b"
)
"""In the sentence of an address that is not the buyer's."""
_OWN = re.compile(
    r"\b(?:(?:me|us)(?: \w+){0,2}|(?:my|our) (?:[\w-]+ ){0,2}(?:e-?mail|mail|address|inbox|account)"
    r"(?: \w+)?)[ :]*\(?<?$"
)


_ALONG_TOO = re.compile(
    r"[, ]+(?:(?:and )?(?:please |can you |could you )?(?:invite|include|add|cc|copy|loop)\b"
    r"|(?:should|will|would|wants? to|needs? to|is going to|can)\b[^,.?!]{0,20}"
    r"\b(?:join|attend|be (?:on|there|invited|included|copied)|dial in)\b|(?:is )?joining\b)"
)
"""Right after a colleague's address."""
_AND = re.compile(r"[.,;]?\s*(?:(?:and|&|plus|as well as|also|,|/)\s*)+")
"""Between their own address, when we ask for it, and a colleague's."""
_HAS = re.compile(
    r"\b(?!(?:it|this|that|mine|mail|e-?mail|email|address|here|one|which)\b)[^\W\d_]{2,}"
    r"(?:'s(?: e-?mail| address)*)?(?: is| =|:) \(?<?$"
)
"""Introduces somebody's address, if the buyer's is known: "and jens is jens@acme.io"."""


def colleagues(u: Utterance, state: ConversationState) -> list[tuple[Command, int, int]]:
    """Each with its sentence, which requests nothing else."""
    if second := _second(u, state):
        return [second]
    if WRITTEN.search(u.text) or state.signals.value("email") is None:
        return [*_addresses(u, state)]
    spoken = email(u)
    if spoken is None or _OWN.search(before := u.text[: spoken.start]):
        return []
    if not (_ALONG.search(before) or _ALONG_TOO.match(u.text, spoken.end)):
        return []  # "bob at acme dot com told me about you, do you include training"
    return [(InviteColleague(u.whole(), spoken.value), 0, len(u.text))]


def _second(u: Utterance, state: ConversationState) -> tuple[Command, int, int] | None:
    """A colleague's address right after their own, when we ask for it."""
    said = emails(u) if state.awaited.ask == "email" else []
    if len(said) != 2 or said[0].value == said[1].value:
        return None
    own, other = said
    if not _AND.fullmatch(u.text[own.end : other.start]):
        return None
    return InviteColleague(u.span(other.start, other.end), other.value), own.end, other.end


def _addresses(u: Utterance, state: ConversationState) -> Iterator[tuple[Command, int, int]]:
    own = (state.signals.value("email") or "").lower()
    for match in WRITTEN.finditer(u.text):
        address = match.group().rstrip(".")
        start = max(u.text.rfind(mark, 0, match.start()) for mark in ("?", "!", "\n", ". ")) + 1
        end = min((m.start() for m in _END.finditer(u.text, match.end())), default=len(u.text))
        before = u.text[start : match.start()]
        along = _ALONG.search(u.text[start:end]) or (own and _HAS.search(before))
        if address == own or _OWN.search(before) or not along:
            continue
        yield InviteColleague(u.span(start, end), address), start, end


_END = re.compile(r"[?!\n]|\.(?=\s|$)")
