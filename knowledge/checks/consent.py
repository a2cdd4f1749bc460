"""Checks the recording wordings: questions must be questions, and the key must be named."""

import re
from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.places import countries
from knowledge.positions import Located
from knowledge.profile import Company

_CODE = re.compile(r"^(?P<country>[A-Z]{2})(?:-[A-Z0-9]{1,3})?$")


def check_consent(company: Company, at: Located) -> Iterator[Problem]:
    """Every problem of the consent section and of the recording notice."""
    consent, notice = company.consent, company.voice.recording_notice
    for key in ("ask", "ask_again"):
        words = getattr(consent, key)
        if not words.rstrip().endswith("?"):
            remedy = "Ask it, so that a yes or a no answers it."
            yield at.problem(("consent", key), "a question", words, remedy)
    if consent.recording in ("announce", "opt_out") and consent.key and "{key}" not in notice:
        remedy = "Say which key refuses, as `press {key}`, or set `consent.key` to null."
        yield at.problem(("voice", "recording_notice"), "the key that refuses", notice, remedy)
    if consent.key is None and "{key}" in notice:
        remedy = "Set `consent.key`, or take `{key}` out."
        yield at.problem(("voice", "recording_notice"), "words without a key", notice, remedy)
    for code in consent.places:
        found = _CODE.match(code)
        if found is None or found["country"] not in countries().values():
            remedy = "Use an ISO code such as DE, or US-CA for a state."
            yield at.problem(("consent", "places", code), "a country or state", code, remedy)
