"""`voice-agent check` of the chat's invitations: whether each one's question can be answered."""

from datetime import date
from pathlib import Path

from knowledge.answer import KnowledgeBase
from knowledge.entry import NoAnswer
from knowledge.errors import Problem
from knowledge.governance.vault import PROFILE, Vault
from knowledge.load import Loaded
from knowledge.positions import read_yaml


def unanswered_invitations(folder: Path, loaded: Loaded, today: date) -> list[Problem]:
    """Invitations whose question no published article answers."""
    asking = [(n, one) for n, one in enumerate(loaded.company.chat.invitations) if one.asks]
    if not asking:
        return []
    base, at = KnowledgeBase(loaded), read_yaml(PROFILE, Vault(folder).text(PROFILE) or "")
    remedy = "Ask as the articles have it, or write one: voice-agent knowledge new ID --as PERSON."
    return [
        at.problem(
            ("chat", "invitations", n, "asks"), "a question that an article answers", one.asks,
            remedy,
        )
        for n, one in asking
        if isinstance(base.answer(one.asks, day=today), NoAnswer)
    ]  # fmt: skip
