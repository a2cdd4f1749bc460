"""The language a caller asks to be served in: "does anyone there speak Spanish". Pure."""

import re

from core.commands import ProvideSignal
from core.conversation.words.utterance import Utterance
from knowledge.languages import LANGUAGES

_KNOWN = {name.lower(): name for name in LANGUAGES.values()}
_KNOWN |= {"mandarin": "Chinese", "farsi": "Persian"}
_NAMES = "|".join(sorted(_KNOWN, key=len, reverse=True))
_ASKED = re.compile(
    rf"\b(?:(?:who|that|anyone|someone|somebody|anybody|you|they|people|reps?) (?:here |there )?"
    rf"(?:can |could |also |who )*speaks? (?P<a>{_NAMES})"
    rf"|(?:talk|speak|call|meeting|demo|conversation|someone|do (?:this|it|that)|continue|it|us|me)"
    rf" in (?P<b>{_NAMES})|(?P<c>{_NAMES}) speak(?:er|ing)\b|(?:i|we) (?:only )?(?:prefer|speak)"
    rf" (?P<d>{_NAMES}))\b"
)


def languages(u: Utterance) -> list[ProvideSignal]:
    """The language asked for, by its English name, if any."""
    match = _ASKED.search(u.text)
    if match is None:
        return []
    named = next(name for name in match.groups() if name)
    span = u.span(match.start(), match.end())
    return [ProvideSignal(span, "language", _KNOWN[named], "positive", 0.9)]
