"""Checks the pilot: it needs a line of the company's own, which must not be one of the agent's."""

from collections.abc import Iterator

import phonenumbers

from knowledge.errors import Problem
from knowledge.positions import Located, did_you_mean
from knowledge.profile import Company


def check_pilot(company: Company, at: Located) -> Iterator[Problem]:
    """Every problem of the pilot section."""
    pilot = company.pilot
    if pilot is None:
        return
    try:
        good = phonenumbers.is_possible_number(phonenumbers.parse(pilot.line))
    except phonenumbers.NumberParseException:
        good = False
    if not good:
        remedy = "Write it in E.164: plus, country code, number, no spaces."
        yield at.problem(
            ("pilot", "line"), "a phone number such as +16175550100", pilot.line, remedy
        )
    if pilot.line in company.numbers:
        remedy = "Name the line people answer; the agent's own would come back to it for ever."
        yield at.problem(("pilot", "line"), "none of `numbers`", pilot.line, remedy)
    for n, number in enumerate(pilot.numbers):
        if number not in company.numbers:
            remedy = did_you_mean(number, set(company.numbers)) or "Name one of `numbers`."
            yield at.problem(("pilot", "numbers", n), "one of `numbers`", number, remedy)
