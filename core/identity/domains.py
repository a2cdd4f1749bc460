"""Mail domains: those that identify a company, and those of mail providers."""

SHARED_DOMAINS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com "
    "proton.me protonmail.com gmx.com gmx.de web.de mail.com".split()
)
"""Domains of mail providers: they say nothing about the company."""


def company_domain(address: str) -> str | None:
    """The domain of a company address; None for a mail provider's."""
    domain = address.strip().lower().rpartition("@")[2]
    return domain if domain and domain not in SHARED_DOMAINS else None
