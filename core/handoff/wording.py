"""Words for what facts name by id: criteria, reps, and how much of a quote fits a summary."""

from knowledge.profile import Company

CONTACT_LABELS = {"name": "Name", "company": "Company", "phone": "Phone", "email": "Email"}


def label(criterion: str, company: Company | None) -> str:
    """How a report names a criterion, e.g. `Company size`."""
    for segment in company.segments if company else ():
        for known in segment.criteria:
            if known.name == criterion:
                return known.label
    return CONTACT_LABELS.get(criterion, criterion.replace("_", " ").capitalize())


def person(rep_id: str, company: Company | None) -> str:
    """The rep's name, or the id where the company names no such rep."""
    rep = company.rep(rep_id) if company else None
    return rep.name if rep else rep_id


def plain(text: str) -> str:
    """One sentence with its full stop."""
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?" else f"{text}."


def short(text: str, words: int) -> str:
    """The first words, and an ellipsis where some are left out."""
    parts = text.split()
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]) + " …"


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return (
        items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
    )
