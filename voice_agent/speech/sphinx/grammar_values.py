"""Values any caller may say: numbers, money, times, names, phone numbers, email addresses."""

import random
from collections.abc import Callable, Sequence

from voice_agent.speech.sphinx.grammar_dictated import Dictated
from voice_agent.speech.sphinx.grammar_names import (
    CERTS,
    DAYS,
    FIRM_ENDS,
    FIRM_WORDS,
    FIRST,
    LAST,
    LETTERS,
    MONTHS,
    NATO,
    ONES,
    ORDINALS,
    PLACES,
    TEAMS,
    TENS,
    ZONES,
)  # fmt: skip


def spoken_number(n: int, joined: bool = False) -> str:
    """A whole number below a billion in words; `joined` puts `and` after hundreds."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + ("" if n % 10 == 0 else " " + ONES[n % 10])
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            head, rest = divmod(n, size)
            link = " and " if joined and rest < 100 else " "
            tail = link + spoken_number(rest, joined) if rest else ""
            return f"{spoken_number(head, joined)} {name}{tail}"
    raise ValueError(n)


class Values:
    """Lists of values, drawn from one seeded source so that they never change."""

    def __init__(self, seed: int = 7) -> None:
        self._rng = random.Random(seed)
        self._dictated = Dictated(self._rng)

    def lists(self) -> dict[str, Sequence[str]]:
        """Every list that does not depend on the company."""
        return {
            "first": FIRST,
            "last": LAST,
            "letter": LETTERS,
            "nato": NATO,
            "firm_word": FIRM_WORDS,
            "month": MONTHS,
            "day": DAYS,
            "place": PLACES,
            "zone": ZONES,
            "cert": CERTS,
            "team": TEAMS,
            "full_name": self._many(self._full_name, 600),
            "firm": self._many(self._firm, 500),
            "number": self._many(self._number, 700),
            "number_big": self._many(self._big, 150),
            "number_small": [spoken_number(n) for n in range(1, 61)],
            "money": self._many(self._money, 300),
            "time": self._many(self._time, 200),
            "when": self._many(self._when, 700),
            "time_ahead": self._many(self._ahead, 120),
            "digits": self._many(self._dictated.digits, 900),
            "phone": self._many(self._dictated.phone, 900),
            "spelled": self._many(self._dictated.spelled, 700),
            "email": self._many(self._dictated.email, 900),
            "email_user": self._many(self._dictated.email_user, 400),
            "email_domain": self._many(self._dictated.email_domain, 400),
        }

    def _many(self, draw: Callable[[], str], n: int) -> list[str]:
        return [draw() for _ in range(n)]

    def _of(self, options: Sequence[str]) -> str:
        return self._rng.choice(options)

    def _full_name(self) -> str:
        return f"{self._of(FIRST)} {self._of(LAST)}"

    def _firm(self) -> str:
        return self._of(
            [
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_ENDS)}",
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_WORDS)}",
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_WORDS)} {self._of(FIRM_ENDS)}",
                f"{self._of(LAST)} {self._of(FIRM_ENDS)}",
                f"{self._of(LAST)} and {self._of(LAST)}",
            ]
        )

    def _number(self) -> str:
        rng = self._rng
        n = rng.choice(
            (
                rng.randint(2, 20),
                rng.randint(20, 99),
                10 * rng.randint(2, 99),
                5 * rng.randint(4, 60),
                100 * rng.randint(1, 30),
                1000 * rng.randint(1, 40),
                rng.randint(100, 999),
            )
        )
        if n % 100 == 0 and 1100 <= n < 5000 and n % 1000 and rng.random() < 0.7:
            return f"{spoken_number(n // 100)} hundred"
        words = spoken_number(n, rng.random() < 0.4)
        if words.startswith("one ") and rng.random() < 0.6:
            words = "a " + words[4:]
        extras = (
            "a couple hundred",
            "a few hundred",
            "a dozen",
            "several hundred",
            "a few thousand",
            "fifty something",
            "twenty or thirty",
            "a hundred plus",
            "half a million",
        )
        return self._of(extras) if rng.random() < 0.05 else words

    def _big(self) -> str:
        n = self._of(
            [
                "one",
                "two",
                "three",
                "five",
                "ten",
                "twenty",
                "fifty",
                "a hundred",
                "half a",
                "a few",
                "several",
                "two hundred",
                "five hundred",
                "a couple of",
            ]
        )
        return f"{n} {self._of(['million', 'million', 'thousand', 'billion', 'hundred thousand'])}"

    def _money(self) -> str:
        n = self._rng.choice(
            (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 500)
        )
        amount = spoken_number(n, self._rng.random() < 0.3)
        kind = self._of(
            [
                "thousand",
                "thousand",
                "thousand dollars",
                "k",
                "grand",
                "dollars",
                "bucks",
                "hundred",
                "hundred dollars",
                "million",
                "thousand euros",
            ]
        )
        return f"{amount} {kind}"

    def _time(self) -> str:
        hour = self._of(ONES[1:13])
        minute = self._of(["", "", "", "", "thirty", "fifteen", "forty five", "o'clock"])
        part = self._of(["", "", "", "a m", "p m", "in the morning", "in the afternoon", "sharp"])
        half = f"{self._of(['half past', 'quarter past', 'quarter to'])} {hour}"
        said = self._of([hour, hour, hour, half, "noon", "lunch", "lunchtime", "midday"])
        return " ".join(
            f"{said if said != hour else f'{hour} {minute}'} {part if said == hour else ''}".split()
        )

    def _when(self) -> str:
        day = self._of(
            [*DAYS[:5], *DAYS, "tomorrow", "today", "tomorrow", "the day after tomorrow"]
        )
        part = self._of(
            [
                "morning",
                "afternoon",
                "evening",
                "after lunch",
                "before lunch",
                "early",
                "late in the day",
                "at noon",
                "first thing",
                "around noon",
            ]
        )
        when = self._time()
        date = self._of(
            [
                f"{self._of(MONTHS)} {self._of(ORDINALS)}",
                f"the {self._of(ORDINALS)}",
                f"the {self._of(ORDINALS)} of {self._of(MONTHS)}",
            ]
        )
        return self._of(
            [
                f"{day} at {when}",
                f"{day} at {when}",
                f"{day} {part}",
                f"{day} {part}",
                day,
                f"at {when}",
                f"next {self._of(DAYS)}",
                f"next {self._of(DAYS)} at {when}",
                f"on {day} at {when}",
                f"this {self._of(DAYS)}",
                f"{day} around {when}",
                "next week",
                f"on {day}",
                f"{when}",
                f"{when} on {day}",
                f"{date}",
                f"on {date}",
                f"{date} at {when}",
                "this afternoon",
                f"any time {day}",
                f"any time after {when}",
                f"some time {day} {part}",
                f"{when} {day}",
                f"{day} {when}",
                f"next {self._of(DAYS)} around {when}",
                "later today",
                "later this week",
                "this morning",
                "early next week",
                f"in {self._of(ONES[2:13])} minutes",
                "in an hour",
                f"{day} between {self._of(ONES[1:13])} and {self._of(ONES[1:13])}",
                f"{day} or {self._of(DAYS)}",
                f"the {self._of(['morning', 'afternoon'])}",
                "in the morning",
                "in the afternoon",
            ]
        )

    def _ahead(self) -> str:
        n = self._of(
            [*ONES[2:13], "a couple of", "a few", "the next few", "the next two", "about three"]
        )
        unit = self._of(["weeks", "months", "days", "quarters"])
        fixed = (
            "this quarter",
            "next quarter",
            "this year",
            "next year",
            "this month",
            "next month",
            "the quarter",
            "the year",
            "the summer",
            "the fall",
            "the spring",
            "a month",
            "a week",
            "six months",
            "q one",
            "q two",
            "q three",
            "q four",
            "the first quarter",
            "the holidays",
            "the fourth quarter",
            "next week",
            "the new year",
            "christmas",
            "a year",
            "half a year",
        )
        return self._of([f"{n} {unit}", self._of(fixed), self._of(fixed)])
