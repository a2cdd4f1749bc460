"""Checks for retention periods that contradict each other."""

from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.positions import Located
from knowledge.profile import Company


def check_retention(company: Company, at: Located) -> Iterator[Problem]:
    """Audio must not outlive the words; proof of consent must outlive the contact."""
    kept = company.retention
    if _longer(kept.audio_days, kept.words_days):
        remedy = f"The recording holds the words: give it at most words_days ({kept.words_days})."
        yield at.problem(
            ("retention", "audio_days"), "no longer than the words", str(kept.audio_days), remedy
        )
    if _longer(kept.contact_days, kept.consent_days):
        remedy = (
            "While somebody may be contacted their consent must be provable: raise consent_days "
            f"to {kept.contact_days} or more, or to 0 (for good)."
            if kept.contact_days
            else "Contacts are kept for good, so consent must be: set consent_days to 0."
        )
        yield at.problem(
            ("retention", "consent_days"), "at least as long as contacts", str(kept.consent_days),
            remedy,
        )  # fmt: skip


def _longer(one: int, other: int) -> bool:
    """Whether one period is longer than the other; 0 means forever."""
    return bool(other) and (not one or one > other)
