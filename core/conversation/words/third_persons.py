"""Where a turn gives somebody else's name and contact details. Pure.

"My client Bob Hart at Acme, bob@acme.com", or a quoted mail: none of it is about the writer.
"""

import re

from core.conversation.words.utterance import Utterance

_ROLE = (
    r"(?:clients?|customers?|patients?|tenants?|colleagues?|co-?workers?|team ?mates?|boss|manager"
    r"|supervisor|director|engineers?|developers?|architects?|analysts?|admin(?:istrator)?|assistant"
    r"|secretary|partner|contact(?: person)?|c[a-z]o|vp|head of [\w-]+|lawyer|attorney|accountant"
    r"|bookkeeper|consultant|contractor|vendor|supplier|landlord|friend|wife|husband|brother|sister"
    r"|son|daughter|father|mother|neighbou?r|employer|owner|lead|buyer)"
)
_SOMEBODY = re.compile(
    r"(?<!i'm )(?<!i am )(?<!we're )(?<!we are )(?<!as )(?<!this is )(?<!me, )"
    rf"\b(?:my|our|the|an?|their|his|her|another) (?:[\w-]+ ){{0,2}}?{_ROLE}\b"
    r"(?! (?:here|speaking)\b)"
    r"|\bon behalf of\b|\b(?:his|her|their) (?:[\w-]+ )?(?:name|number|cell|mobile|phone|extension"
    r"|e-?mail|mail|address|company|contact)\b"
)
_ONESELF = re.compile(
    r"\b(?:i'm|i am|this is|mine is|(?:reach|call|e-?mail|mail|write|text|contact|ring|phone|ping)"
    r"(?: back)?(?: to)? (?:me|us)|(?:me|us) (?:at|on|under|via)|(?:my|our) (?:(?:own|direct|work"
    r"|cell|office|mobile|personal|other|new) )*(?:name|number|cell|mobile|phone|line|e-?mail|mail"
    r"|address))\b"
)
_ENDS = re.compile(r"[?!;\n]|\.(?=\s|$)")
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_BELOW = re.compile(
    r"^[ \t>]*(?:-{2,} ?(?:original|forwarded|weitergeleitete|mensaje|message)\b"
    r"|begin forwarded message|on [^\n]{5,160}\bwrote:[ \t]*$"
    r"|from:[^\n]+\n(?:[ \t>]*(?:sent|date|to|cc|subject|reply-to):[^\n]*\n?)+)",
    re.MULTILINE,
)
"""Where somebody else's mail begins, below or inside this one."""


def own_words(u: Utterance) -> Utterance:
    """The turn without what is said about others, for finding the speaker's own details."""
    return u.cut([*_quoted(u.text), *_told_of_others(u.text)])


def _quoted(text: str) -> list[tuple[int, int]]:
    below = _BELOW.search(text)
    lines = [m.span() for m in _QUOTED.finditer(text)]
    return [*lines, (below.start(), len(text))] if below else lines


def _told_of_others(text: str) -> list[tuple[int, int]]:
    """From where somebody else is mentioned to the end of the sentence, or to the speaker again."""
    found = []
    for somebody in _SOMEBODY.finditer(text):
        start = somebody.start()
        stops = [m.start() for p in (_ENDS, _ONESELF) if (m := p.search(text, somebody.end()))]
        found.append((start, min([len(text), *stops])))
    return found
