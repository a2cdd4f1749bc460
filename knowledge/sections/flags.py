"""The flags section of `company.yaml`: which flags are set, and their thresholds."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from knowledge.section import Section

FlagRule = Literal[
    "hot_unrouted", "asked_for_human", "frustrated", "low_confidence", "abstained", "price_talk",
    "competitor", "consent_unclear", "card_spoken", "long_silence", "overlap", "recognition_poor",
    "booking_failed", "callback_overdue", "random_audit",
]  # fmt: skip
FLAG_RULES: tuple[str, ...] = get_args(FlagRule)


class Flags(Section):
    """What reviewers are shown automatically. A rule that is off sets no new flags."""

    off: tuple[FlagRule, ...] = ()
    """Rules that are off."""
    confidence_below: Annotated[float, Field(ge=0, le=1)] = 0.6
    """A signal that decided the verdict with less confidence than this is flagged."""
    long_silence_s: Annotated[float, Field(gt=0, le=120)] = 8.0
    """Seconds in which nobody spoke on the phone."""
    overlap_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    """Seconds in which both spoke at once."""
    recognition_below: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Callers recognised with a lower average confidence than this count as poorly heard."""
    callback_grace_minutes: Annotated[int, Field(ge=0, le=10_080)] = 15
    """Minutes after its promised time from which a callback is overdue."""
    audit_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Share of conversations flagged for review at random, the same ones every time."""
    frustrated: tuple[Annotated[str, Field(min_length=3, max_length=80)], ...] = ()
    """Words of frustration in addition to the built-in ones."""
