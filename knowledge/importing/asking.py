"""Finds questions and objections in what buyers and colleagues wrote, by sentence. Pure."""

import html
import re
from collections.abc import Iterator

from knowledge.leading import LEAD
from knowledge.retrieval.english import STOP
from knowledge.retrieval.tokens import tokens

_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.I)
_HIDDEN = re.compile(r"<(style|script|blockquote)\b.*?</\1>", re.I | re.S)
_TAG = re.compile(r"<[a-z/!][^>]*>", re.I)
_QUOTED = re.compile(
    r"^(?:>.*|on .{8,120} wrote:|-{2,} ?original message ?-{2,}|-- ?|sent from my .*|from: .*)$",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”')]*\s+|\n+")
_HELLO = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^,.!?\n]{0,40}[,.!]\s*", re.I
)  # noqa: E501
_LEAD = re.compile(
    r"^(?:(?:and|so|also|but|well|okay|ok|then|second(?:ly)?|first(?:ly)?|finally),? )*"
    r"(?:(?:please|could you|can you|kindly) )*(?:let (?:me|us) know|tell (?:me|us)|advise"
    r"|(?:i|we)(?:'d| would) (?:like|love) to (?:know|understand)|(?:i|we)(?: was| were|'m|'re)? "
    r"(?:just )?wonder(?:ing|ed)?|(?:i|we) need to know)\s+(?:if|whether)\s+",
    re.I,
)
_ASKS = re.compile(
    rf"^{LEAD}(?:what|how|which|where|when|who|why|do|does|did|is|are"
    r"|can|could|will|would|have|has|any way to|is there)\b",
    re.I,
)
_DOUBTS = re.compile(
    r"\b(?:need(?:s|ed)?|miss(?:es|ing)|lack(?:s|ed|ing)?|no|without|because|due to|too|could ?n.t"
    r"|does ?n.t|did ?n.t|do not|unable|went with|chose|lost to|prefer(?:s|red)?|require[sd]?"
    r"|must|instead|expensive|price|pricing|budget|cheaper|concern(?:s|ed)?|worried|risk)\b",
    re.I,
)
_SAYS_LITTLE = frozenset(
    "other none unknown decision response unresponsive responsive duplicate timing dark ghosted "
    "lost competitor competition reason reasons customer prospect client buyer deal closed fit bad "
    "interest interested longer priority test spam project cancelled canceled funding not non no "
    "n a tbd see notes they them their we our us went with chose feature missing budget".split()
)
"""Picklist words that say nothing knowledge could answer, alone or together."""
_STANDS_FOR = re.compile(
    r"^(?:missing(?: feature)?|lack of|no|lost to|need(?:s|ed)?|want(?:s|ed)?|require[sd]?"
    r"|they (?:need|want|wanted|needed|require)|customer (?:needs|needed|wants|wanted)|went with"
    r"|chose|concerns? (?:about|over|with)|due to|because of)\b[\s:–-]*",
    re.I,
)
_PLAIN_VERB = re.compile(
    r"^(?:you|we|they|i) (?!are\b|can\b|could\b|have\b|will\b|would\b|were\b|may\b|should\b)", re.I
)
FEWEST, MOST = 2, 45
"""Fewest and most words of a question."""
BUDGET = frozenset(("price", "pricing", "budget", "expensive", "cost", "costs"))


def plain_text(text: str) -> str:
    """The text without markup, mail quotes and signatures."""
    text = _TAG.sub(" ", _BREAK.sub("\n", _HIDDEN.sub(" ", text)))
    lines: list[str] = []
    for raw in html.unescape(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = " ".join(raw.split())
        if _QUOTED.match(line):
            if not line.startswith(">"):
                break
            continue
        lines.append(line)
    return "\n".join(lines).strip()


def questions_in(text: str) -> Iterator[str]:
    """Its questions, each in a form that can be looked up by itself."""
    for sentence in _SENTENCE.split(plain_text(text)):
        said = _HELLO.sub("", sentence.strip(" •*-\t"))
        asked = _LEAD.sub("", said)
        if not (said.endswith("?") or asked != said or _ASKS.match(said)):
            continue
        if asked != said and _PLAIN_VERB.match(asked):
            asked = f"do {asked}"
        if FEWEST <= len(asked.split()) <= MOST:
            yield asked.rstrip("?.! ") + "?"


def objections_in(reason: str) -> Iterator[str]:
    """Each reason for a lost deal, without meaningless picklist words."""
    for part in re.split(r"[;\n|]+|(?<=[.!?])\s+", plain_text(reason)):
        said = part.strip(" .,•*-\t")
        if said and len(said.split()) <= MOST and _tells(said):
            yield said


def doubts_in(note: str) -> Iterator[str]:
    """Sentences of a colleague's note that give a reason, rather than just an event."""
    for said in objections_in(note):
        if len(said.split()) >= 3 and _DOUBTS.search(said):
            yield said


def matter_of(objection: str) -> str:
    """The subject of an objection: for "Lost to Fivetran", Fivetran."""
    return _STANDS_FOR.sub("", objection) or objection


def _tells(said: str) -> bool:
    words = set(tokens(said)) - STOP
    return bool(words & BUDGET) or bool(words - _SAYS_LITTLE)
