"""What speech over the agent means, by its words and its length. Pure.

A backchannel ("mm-hm", "right") leaves the floor with the agent. Any other words take it, and so
does speech too long to be a backchannel. Recogniser text has no punctuation and small errors, so a
lone short function word counts as noise, and an unsettled word counts only with others.
"""

import re
from string import ascii_lowercase
from typing import Literal

Meaning = Literal["interruption", "backchannel", "nothing", "unknown"]

PHRASES = re.compile(
    r"\b(?:got it|i see|all right|of course|makes sense|that makes sense|sounds good|fair enough|"
    r"no problem|no worries|uh huh|m+ h+m+|oh okay|good to know|for sure|okay cool)\b"
)
BACKCHANNELS = frozenset(
    "mm mmm mhm mmhm mmhmm hm hmm uhhuh uh huh um er erm ah oh yeah yep yup yes ya right okay ok "
    "kay sure cool great good nice alright gotcha exactly absolutely perfect totally true fine "
    "interesting wow definitely understood indeed certainly".split()
)
STOP = re.compile(
    r"\b(?:stop|wait|hold on|hang on|hold up|no|nope|actually|sorry|excuse me|pardon|one second|"
    r"one moment|just a (?:second|moment|minute)|let me|listen|question|but|enough|never mind)\b"
)
REACHING = re.compile(
    r"(?:\b(?:hello|hey|hi|are you (?:still )?there|you there|anybody there|anyone there|"
    r"is (?:anyone|anybody|someone) there|can you hear me|do you hear me|still there)\b\s*)+"
)
BEGINNINGS = re.compile(
    r"(?:oh |yeah |okay )*(?:got|makes|that|that makes|sounds|fair|good|good to|i|no|of|for|all)"
)
"""The beginning of a possible backchannel of several words."""
FRAGMENTS = frozenset("an the it and of to in is that for".split()) | frozenset(ascii_lowercase)
"""Short words a recogniser finds in a murmur; "l j" was an "okay"."""

WORD_S = 0.45
"""In shorter speech an unsettled word is not trusted: half an "okay" is a "no"."""
MURMURED = 0.3
"""Confidence below which a lone short word is more likely an "mm-hm"."""
LONGEST_NOISE_S = 0.7
LONGEST_NOISE_WARY_S = 0.64
"""Long enough for an "okay" to be requested and heard: we are silent by then anyway."""
LONGEST_DOUBT_S = 0.65
LONGEST_BACKCHANNEL_S = 1.4


def words(text: str) -> list[str]:
    """Lower-case words without punctuation; hyphens join ("mm-hm" is one word)."""
    return re.findall(r"[a-z0-9@+']+(?:\.[a-z0-9@+']+)*", text.lower().replace("-", ""))


def meaning(
    text: str, *, sure: bool, voiced_s: float, asked: bool, confidence: float = 1.0
) -> Meaning:
    """What words heard over the agent mean.

    `sure`: the text is settled, with this `confidence`. `asked`: the agent's question was heard, so
    "yeah" is an answer.
    """
    said = words(text)
    if not said:
        return "nothing"
    line = PHRASES.sub(" ", " ".join(said))
    others = [word for word in line.split() if word not in BACKCHANNELS]
    if not others:
        return "interruption" if asked else "backchannel"
    if STOP.search(line) and (sure or voiced_s >= WORD_S):
        return "interruption"
    if all(word in FRAGMENTS for word in others) and voiced_s < LONGEST_NOISE_S:
        return "nothing" if len(others) == len(line.split()) else "backchannel"
    if not sure and BEGINNINGS.fullmatch(line.strip()):
        return "backchannel"
    lone = len(others) == 1 and not asked
    if sure and lone and confidence < MURMURED and voiced_s < LONGEST_NOISE_S:
        return "nothing"
    if sure:
        return "interruption"
    enough = len(others) >= 2 and voiced_s >= WORD_S
    return "interruption" if enough else "unknown"


def longest_s(meant: Meaning, *, wary: bool) -> float:
    """Seconds of speech after which it is an interruption, whatever the words so far."""
    if meant == "backchannel":
        return LONGEST_BACKCHANNEL_S
    if wary:
        return LONGEST_NOISE_WARY_S
    return LONGEST_DOUBT_S if meant == "unknown" else LONGEST_NOISE_S


def patience_s(voiced_s: float) -> float:
    """Seconds of silence to wait for the words of speech this long before deciding without them."""
    return 0.35 if voiced_s < 0.15 else 1.0


def is_reaching(text: str) -> bool:
    """Whether the caller only checks the line ("hello, are you there") while a reply is due."""
    return bool(REACHING.fullmatch(" ".join(words(text)).strip()))
