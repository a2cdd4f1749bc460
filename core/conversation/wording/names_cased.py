"""Restores the company's spelling of names in a line as it was spoken. Pure."""

import re
from collections.abc import Callable

from knowledge.profile import Company


def names_cased(company: Company) -> Callable[[str], str]:
    """A function that writes "soc 2 for snowflake" as "SOC 2 for Snowflake"."""
    words = company.vocabulary
    named = (
        *words.products, *words.plans, *words.integrations, *words.competitors, *words.tools,
        *words.terms,
    )  # fmt: skip
    written = {name.lower(): name for name in (*named, company.name)}
    longest = sorted(written, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
    return lambda line: pattern.sub(lambda found: written[found[0].lower()], line)
