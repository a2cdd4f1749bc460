"""How long the machine waits: the instants at which its rules are due. Pure.

Each function says when its rule may fire if nothing else happens; only the machine acts on it.
"""

from voice_agent.turn import bargein, endpoint
from voice_agent.turn.endpoint import Ending, Pace
from voice_agent.turn.events import Slot
from voice_agent.turn.keypad import Keypad
from voice_agent.turn.utterance import BLIP_S, Ended, OpenUtterance

PAUSE_AFTER_S = 0.10
SETTLE_AFTER_S = 0.09
EARLY_SETTLE_S = 0.45
"""Speech over playback without words by then: request them rather than wait for silence."""
RESUME_AFTER_S = 0.25
MERGE_AFTER_S, MERGE_GAP_S = 0.40, 1.5
"""Speech this long, this soon after a turn's end, continues the turn whatever its words."""
MERGE_WORDLESS_S = 1.6
TEXT_CAP_S = 1.6
WORDLESS_S, WORDLESS_ASKED_S = 0.5, 0.25
"""Speech without words at least this long is a turn; shorter when an answer was due."""
DISCARD_AFTER_S = 0.30
LONGEST_SPEECH_S = 30.0


def for_silence(heard: OpenUtterance | None) -> float | None:
    """Instant at which speech that does not stop is given up."""
    return heard.start + LONGEST_SPEECH_S if heard is not None and heard.speaking else None


def to_settle(heard: OpenUtterance, *, over_reply: bool) -> float | None:
    """Instant to request the transcript; None while it is known or already requested."""
    if heard.settled:
        return None
    if heard.speaking:
        early = over_reply and not heard.early_settle
        return heard.reaches(EARLY_SETTLE_S) if early else None
    if heard.settle_for == heard.end:
        return None
    return max(heard.end + SETTLE_AFTER_S, heard.known_at)


def to_pause(heard: OpenUtterance) -> float:
    """Instant at which speech over our reply silences it."""
    return heard.reaches(PAUSE_AFTER_S)


def to_judge(heard: OpenUtterance, meant: bargein.Meaning, *, wary: bool) -> float:
    """Instant to decide what speech over our reply is, if its words have not said so by then."""
    if heard.speaking:
        return heard.reaches(bargein.longest_s(meant, wary=wary))
    return heard.end + (
        RESUME_AFTER_S if heard.settled else bargein.patience_s(heard.voiced_s(heard.end))
    )


def is_interruption(heard: OpenUtterance, meant: bargein.Meaning) -> bool:
    """Whether speech over our reply counts as an interruption if its words have not said."""
    if heard.speaking:
        return True
    return (
        meant != "backchannel" and not heard.settled and heard.voiced_s(heard.end) >= EARLY_SETTLE_S
    )


def to_merge(heard: OpenUtterance, owed: Ended) -> float:
    """Instant to decide whether speech before our reply continues the turn it answers."""
    if heard.speaking:
        soon = heard.first - owed.end < MERGE_GAP_S and not bargein.is_reaching(heard.text)
        return heard.reaches(MERGE_AFTER_S if soon else MERGE_WORDLESS_S)
    return heard.end + (DISCARD_AFTER_S if heard.settled else TEXT_CAP_S)


def goes_on(heard: OpenUtterance) -> bool:
    """Whether speech before our reply then continues the turn."""
    if heard.speaking:
        return True
    short = heard.voiced_s(heard.end) < BLIP_S
    return not (heard.settled or short or bargein.is_reaching(heard.text))


def to_end_keys(keys: Keypad, heard: OpenUtterance | None, slot: Slot | None) -> float:
    """Instant at which the pressed keys are all, with whatever was said along with them."""
    due = keys.due(slot)
    return due if heard is None or heard.settled else max(due, heard.end + TEXT_CAP_S)


def silence_s(ending: Ending, slot: Slot | None, pace: Pace) -> float:
    """Seconds of silence after which a turn that ends like this is over, once its text is there."""
    worded = bargein.words(ending.text)
    return endpoint.silence_s(ending, slot, pace) if worded else DISCARD_AFTER_S


def to_end(heard: OpenUtterance, silence_s: float) -> float:
    """Instant at which the turn is over after this much silence, or without its text."""
    return heard.end + (silence_s if heard.settled else max(silence_s, TEXT_CAP_S))


def is_turn(heard: OpenUtterance, slot: Slot | None) -> bool:
    """Whether speech without words was long enough to be somebody we did not understand."""
    return heard.voiced_s(heard.end) >= (WORDLESS_S if slot is None else WORDLESS_ASKED_S)
