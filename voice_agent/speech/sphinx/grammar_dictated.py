"""What callers dictate: digits, phone numbers, spelled names, email addresses."""

import random
from collections.abc import Sequence

from voice_agent.speech.sphinx.grammar_names import (
    DIGITS,
    FIRM_ENDS,
    FIRM_WORDS,
    FIRST,
    LAST,
    LETTERS,
    MAILERS,
    ONES,
    TENS,
    TOPS,
)  # fmt: skip


class Dictated:
    """Draws from the given random source; the same seed gives the same results."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def _of(self, options: Sequence[str]) -> str:
        return self._rng.choice(options)

    def _digit(self) -> str:
        digit = self._of(DIGITS)
        return "oh" if digit == "zero" and self._rng.random() < 0.6 else digit

    def digits(self, n: int = 0) -> str:
        """Two to seven digits, or `n`, as people say them."""
        words: list[str] = []
        n = n or self._rng.randint(2, 7)
        while len(words) < n:
            if n - len(words) >= 2 and self._rng.random() < 0.06:
                words += [self._of(["double", "double", "triple"]), self._digit()]
            elif n - len(words) >= 2 and self._rng.random() < 0.06:
                words += [self._of(TENS[2:]), self._of(DIGITS[1:])]
            else:
                words.append(self._digit())
        return " ".join(words)

    def phone(self) -> str:
        """A North American number, with or without its area code."""
        area, office, line = self.digits(3), self.digits(3), self.digits(4)
        if self._rng.random() < 0.1:
            office = f"{self._of(['eight', 'five', 'nine', 'two'])} hundred"
        if self._rng.random() < 0.12:
            line = f"{self._of(ONES[10:] + TENS[2:])} {self._of(ONES[10:] + TENS[2:])}"
        plus = self._of(["", "", "", "", "", "one ", "plus one ", "area code "])
        return self._of([f"{plus}{area} {office} {line}"] * 4 + [f"{office} {line}"])

    def spelled(self) -> str:
        """A name or something else, letter by letter."""
        if self._rng.random() < 0.55:
            name = self._of([*FIRST, *LAST]).replace("'", "")
        else:
            name = "".join(self._of(LETTERS) for _ in range(self._rng.randint(2, 7)))
        return " ".join(name)

    def email_user(self) -> str:
        """The part before `at`."""
        first, last = self._of(FIRST), self._of(LAST).replace("'", "")
        return self._of(
            [
                first,
                f"{first} dot {last}",
                f"{first} dot {last}",
                f"{self._of(LETTERS)} {last}",
                f"{first} underscore {last}",
                f"{first} dash {last}",
                f"{first} {last}",
                self.spelled(),
                f"{self._of(LETTERS)} dot {last}",
                f"{first} {self.digits(2)}",
                " ".join(first),
                f"{' '.join(first)} dot {' '.join(last)}",
                f"{' '.join(first)} dot {last}",
                last,
                self._of(
                    ["info", "sales", "office", "contact", "hello", "admin", "support", "team"]
                ),
                f"{self._of(['sales', 'data'])} {self._of(['dot', 'dash', 'underscore'])} team",
            ]
        )

    def email_domain(self) -> str:
        """The part after `at`."""
        firm = f"{self._of(FIRM_WORDS)} {self._of(FIRM_WORDS)}"
        name = self._of(
            [
                firm,
                firm,
                self._of(FIRM_WORDS),
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_ENDS)}",
                f"{self._of(LAST)} {self._of(FIRM_ENDS)}",
                self.spelled(),
                f"{self._of(FIRM_WORDS)} dash {self._of(FIRM_WORDS)}",
                self._of(LAST),
            ]
        )
        return self._of(
            [f"{name} dot {self._of(TOPS)}", self._of(MAILERS), f"{name} dot {self._of(TOPS)}"]
        )

    def email(self) -> str:
        """A whole address."""
        return f"{self.email_user()} at {self.email_domain()}"
