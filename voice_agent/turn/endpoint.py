"""How long silence must last before a turn is over. Pure: ending, slot and pace in, seconds out.

In human conversation turns change hands after about 200 ms, and people pause longer than that
inside a sentence. So the words decide: a finished question or answer is taken up at once, one that
stops after "and", "our", "um" or in the middle of a number gets time, and unclear endings wait
something in between. Badly recognised words are not believed; then the voice decides: one that fell
to its bottom is done, one that stayed up goes on. Whatever the voice did, words that make sense to
us were recognised correctly: a question we can answer, or what we asked for; words that make none
may be the beginning of something. What was asked matters: a phone number is not over at six digits.
And a caller who makes long pauses gets more time.
"""

from dataclasses import dataclass, replace
from typing import Literal

from core.thinking.understood import Sense
from voice_agent.turn.completeness import Completeness, completeness
from voice_agent.turn.events import Melody, Slot

SPAN_S: dict[Completeness, tuple[float, float]] = {
    "finished": (0.20, 0.34),
    "answer": (0.26, 0.40),
    "bare": (0.38, 0.48),  # "no", "thank you": often the first words of more
    "fallen": (0.34, 0.54),  # by the voice alone
    "unclear": (0.62, 1.02),
    "dictating": (0.95, 1.05),
    "unfinished": (0.99, 1.10),
}
"""Seconds of silence for the quickest and the slowest caller; for the effect of other values see
tests/bench/bench_premature.py --roc."""

_PATIENCE = list(SPAN_S)
LONGEST_S = 1.2
QUICK_PAUSE_S, SLOW_PAUSE_S = 0.25, 0.80
MERGE_COST_S = 0.15
HEARD_WELL = 0.5
"""Confidence from which words are believed; below it the melody says more."""
SENSIBLE, SENSELESS, SENSELESS_DICTATED = 0.3, 0.6, 0.8
"""Confidence from which sense proves that we heard correctly, and below which its lack proves that
we did not; when a number or a name is expected, other words are doubted more."""
_DICTATED = ("phone", "email", "name")
LEAST_QUESTION = 5
"""In words; shorter questions that knowledge could answer are often the beginning of others."""
FALLEN_ST, FALLING_ST_S = -2.5, -4.0
"""A voice this far below its usual pitch, or falling this fast, has finished."""
HELD_ST, RISING_ST_S = -1.0, 8.0
"""A voice that has not fallen and is not falling, or that rises this fast, goes on or asks."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How this caller pauses, from the turns so far."""

    pauses: tuple[float, ...] = ()
    """The latest pauses inside turns, seconds."""
    cut_short: float = 0.0
    """How often we spoke too soon, decaying with every turn that went well."""

    def after_turn(self, pauses: list[float], *, merged: bool) -> "Pace":
        """The pace after one more turn; `merged`: it continued one that we had ended."""
        faded = self.cut_short * 0.7 + (1.0 if merged else 0.0)
        return replace(self, pauses=(*self.pauses, *pauses)[-12:], cut_short=min(faded, 2.0))

    @property
    def slowness(self) -> float:
        """0 for the quickest, 1 for the slowest; 0.4 until something is known."""
        known = sorted((*self.pauses, 0.47, 0.47, 0.47))
        typical = known[(len(known) * 3) // 4]
        return min(1.0, max(0.0, (typical - QUICK_PAUSE_S) / (SLOW_PAUSE_S - QUICK_PAUSE_S)))


@dataclass(frozen=True, slots=True)
class Ending:
    """What a pause is judged by."""

    text: str
    confidence: float = 1.0
    """The recogniser's confidence in the words, 0..1."""
    melody: Melody | None = None
    """How the voice went into the pause; None when unknown."""
    unended: str = ""
    """The words if the sentence is unfinished, when they differ from `text`."""
    sense: Sense | None = None
    """What the engine makes of the words; None when unknown."""


def silence_s(ending: Ending, slot: Slot | None, pace: Pace) -> float:
    """Seconds of silence that end a turn which ends like this, 0.2 to 1.2."""
    quickest, slowest = SPAN_S[judged(ending, slot)]
    span = quickest + (slowest - quickest) * pace.slowness
    return min(LONGEST_S, span + MERGE_COST_S * pace.cut_short)


def worth_preparing(ending: Ending, slot: Slot | None) -> bool:
    """Whether a reply prepared at the first silence is likely to be used."""
    return bool(ending.text) and judged(ending, slot) not in ("unfinished", "dictating")


def judged(ending: Ending, slot: Slot | None) -> Completeness:
    """The judgement by the words' sense, else the more patient of both readings."""
    heard = _heard(ending, slot)
    if _sensible(ending, slot):
        return min(heard, _at_most(ending, slot), key=_PATIENCE.index)
    if _senseless(ending, slot) and heard != "bare":
        least: Completeness = "dictating" if slot in _DICTATED else "unclear"
        return max(heard, least, key=_PATIENCE.index)
    return heard


def _at_most(ending: Ending, slot: Slot | None) -> Completeness:
    """The most patience that words which make sense call for, however they were said."""
    said = completeness(ending.text, slot)
    if said == "finished" or (said == "answer" and ending.sense != "question"):
        return "answer"
    if said == "unclear":
        return "fallen" if ending.sense in ("request", "answer") else "unclear"
    return "unfinished"


def _sensible(ending: Ending, slot: Slot | None) -> bool:
    """Whether the words make a sense unlikely to come from misrecognition, or from half of them."""
    if ending.confidence < SENSIBLE:
        return False
    if slot in _DICTATED:
        whole = completeness(ending.text, slot) in ("finished", "answer")
        return whole and ending.sense == "answer" and ending.confidence >= HEARD_WELL
    if ending.sense == "question":
        return len(ending.text.split()) >= LEAST_QUESTION
    told = ending.sense == "told" and ending.confidence >= HEARD_WELL
    return told or ending.sense in ("answer", "request")


def _senseless(ending: Ending, slot: Slot | None) -> bool:
    """Whether the words make no sense and were not recognised well either."""
    well = SENSELESS_DICTATED if slot in _DICTATED else SENSELESS
    return ending.confidence < well and ending.sense in ("nothing", "unanswered", "other")


def _heard(ending: Ending, slot: Slot | None) -> Completeness:
    """The more patient judgement of both readings of the words."""
    readings = [text for text in (ending.text, ending.unended) if text] or [""]
    return max((_judged(text, ending, slot) for text in readings), key=_PATIENCE.index)


def _judged(text: str, ending: Ending, slot: Slot | None) -> Completeness:
    """Judge by the words if they were recognised well, else by how the voice ended."""
    said, way = completeness(text, slot), _way(ending.melody)
    if way == "unknown" or said == "bare":
        return said
    if ending.confidence >= HEARD_WELL:
        return "unfinished" if way == "held" and said in ("answer", "unclear") else said
    whole = said in ("finished", "answer")
    if way == "held":
        return "dictating" if whole else "unfinished"
    if way == "level":
        return "unclear" if whole else "unfinished"
    if slot in _DICTATED:
        return "dictating"
    return said if whole else "fallen"


def _way(melody: Melody | None) -> Literal["held", "level", "fell", "unknown"]:
    """The voice's direction: up or not down, nowhere in particular, or to its bottom."""
    if melody is None:
        return "unknown"
    pitch_st, slope_st_s = melody.pitch_st, melody.slope_st_s
    if slope_st_s >= RISING_ST_S or (slope_st_s > 0 and pitch_st > HELD_ST):
        return "held"
    return "fell" if pitch_st <= FALLEN_ST or slope_st_s <= FALLING_ST_S else "level"
