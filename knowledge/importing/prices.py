"""A CSV price list as price articles: one per row, spoken word for word, with its facts. Pure."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.importing.proposal import ImportFailed, Proposal, Said, passages_of, slug

_NAMES = ("plan", "product", "name", "item", "article", "model", "sku", "package")
_PRICES = ("price", "amount", "list price", "cost", "rate", "net price", "unit price")
_CURRENCIES = ("currency", "ccy")
_PERIODS = ("per", "period", "interval", "billing", "unit", "billing period")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_EACH = {"month": "a month", "monthly": "a month", "mo": "a month", "year": "a year",
         "yearly": "a year", "annual": "a year", "annually": "a year", "yr": "a year",
         "user": "per user", "seat": "per seat", "once": "once", "one-time": "once"}  # fmt: skip
_NUMBER = re.compile(r"\d[\d.,' \u00a0]*")


@dataclass(frozen=True, slots=True)
class _Columns:
    name: str
    price: str
    currency: str | None
    period: str | None
    others: tuple[str, ...]


def read_prices(text: str, document: str, currency: str = "") -> list[Proposal]:
    """A proposal for each row. `currency` is the default if the list names none.

    Raises: ImportFailed naming the line.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if not lines:
        raise ImportFailed(f"{document}: the file is empty")
    best = max(",;\t|", key=lambda sign: lines[0].count(sign))
    rows = csv.DictReader(lines, delimiter=best, skipinitialspace=True, restkey="more")
    sample = [*csv.DictReader(lines, delimiter=best, skipinitialspace=True, restkey="more")]
    columns = _columns([name or "" for name in rows.fieldnames or ()], sample, document)
    seen: dict[str, int] = {}
    found: list[Proposal] = []
    for row in rows:
        if not any(isinstance(v, str) and v.strip() for v in row.values()):
            continue
        where = f"{document}:{rows.line_num}"
        if row.get("more"):
            raise ImportFailed(f"{where}: more values than columns; quote what has a comma in it")
        name = " ".join(passages_of([row[columns.name] or ""]))
        if not name:
            raise ImportFailed(f"{where}: no `{columns.name}`; every price needs a name")
        if slug(name) in seen:
            first = seen[slug(name)]
            raise ImportFailed(f"{where}: {name} has a price on line {first} already; keep one")
        seen[slug(name)] = rows.line_num
        found.append(_row(row, name, columns, document, where, currency))
    if not found:
        raise ImportFailed(f"{document}: no prices below the head line")
    return found


_BLANKS = re.compile(r"\s+")


def _columns(names: list[str], rows: Sequence[Mapping[str, str | None]], document: str) -> _Columns:
    """Which column is which: by its heading, else the first that holds sums is the price, and the
    first other one the name."""
    by = {_BLANKS.sub(" ", name.strip().lower().replace("_", " ")): name for name in names}

    def find(words: tuple[str, ...]) -> str | None:
        return next((by[word] for word in words if word in by), None)

    price = find(_PRICES) or next((n for n in names if n and _sums(n, rows)), None)
    currency, period = find(_CURRENCIES), find(_PERIODS)
    known = {price, currency, period, ""}
    name = find(_NAMES) or (next((n for n in names if n not in known), None) if price else None)
    if name is None or price is None:
        missing = "price" if price is None else "name"
        found = ", ".join(n for n in names if n) or "none"
        raise ImportFailed(
            f"{document}:1: no column is called `{missing}`, and none can be taken for it; "
            f"found {found}"
        )
    used = {name, price, currency, period}
    return _Columns(name, price, currency, period, tuple(n for n in names if n and n not in used))


def _sums(name: str, rows: Sequence[Mapping[str, str | None]]) -> bool:
    """Whether a column holds prices: its heading says so, or each of its values has a currency."""
    values = [v.strip() for row in rows if (v := row.get(name)) and v.strip()]
    if not any(number(v) is not None for v in values):
        return False
    return _PRICED.search(name) is not None or all(_sign(v) for v in values)


_PRICED = re.compile(
    r"\b(?:price|cost|rate|fee|premium|charge|amount|from|per (?:year|month|unit|hour|day))s?\b",
    re.IGNORECASE,
)


def _row(
    row: Mapping[str, str | None],
    name: str,
    columns: _Columns,
    document: str,
    where: str,
    currency: str,
) -> Proposal:
    key = slug(name)
    stated = (row[columns.price] or "").strip()
    period = (row.get(columns.period or "") or "").strip().lower() or _period(columns.price)
    each = _EACH.get(period, f"per {period}" if period else "")
    facts: list[tuple[str, str | int | float]] = []
    amount = number(stated)
    if amount is None:
        if re.search(r"\d", stated) or not stated:
            raise ImportFailed(f"{where}: `{stated}` is no price; write a number, or `on request`")
        words = f"The price of {name} is {stated.lower()}."
    else:
        sign = (row.get(columns.currency or "") or "").strip() or _sign(stated) or currency
        if not sign:
            raise ImportFailed(
                f"{where}: {stated} of which currency? Add a column `currency`, or --currency USD"
            )
        least = "from " if re.search(r"\b(?:from|starting|least)\b", columns.price, re.I) else ""
        words = " ".join(f"{name} costs {least}{money(amount, sign)} {each}".split()) + "."
        facts.append((f"{key}.price{_suffix(each)}", amount))
    passages = [Said(words, (f"how much is {name.lower()}", f"what does {name.lower()} cost",
                             f"price of {name.lower()}"))]  # fmt: skip
    for column, value in _more(row, columns):
        if isinstance(value, str) and _NOTES.fullmatch(column.strip()):
            passages.append(Said(f"{name}: {value.rstrip('.')}."))
            continue
        facts.append((f"{key}.{slug(column).replace('-', '_')}", value))
        what = column.strip().replace("_", " ")
        what = what if what.isupper() else what.lower()
        told = (
            f"includes {value:,} {what}" if not isinstance(value, str) else f"has {what}: {value}"
        )
        passages.append(Said(f"{name} {told}."))
    return Proposal(
        f"{document}#{key}", name, tuple(passages), "price", "verbatim",
        ("pricing", name.lower()), tuple(facts),
    )  # fmt: skip


_NOTES = re.compile(
    r"(?:notes?|description|details?|comments?|remarks?|about|what it is)", re.IGNORECASE
)
"""Headings of what is said of a thing in words."""


def _more(
    row: Mapping[str, str | None], columns: _Columns
) -> Iterator[tuple[str, str | int | float]]:
    for column in columns.others:
        value = _BLANKS.sub(" ", (row.get(column) or "").strip())
        if value:
            amount = number(value) if _NUMBER.fullmatch(value) else None
            yield column, value if amount is None else amount


def _period(heading: str) -> str:
    """The period that a price's heading names: "From per year", "Monthly price"."""
    words = re.findall(r"[a-z-]+", heading.lower())
    return next((w for w in words if w in _EACH and w not in ("user", "seat")), "")


def _suffix(each: str) -> str:
    return {"a month": "_month", "a year": "_year"}.get(each, "")


def _sign(stated: str) -> str:
    return next((code for sign, code in _SIGNS.items() if sign in stated), "")


def number(text: str) -> int | float | None:
    """The number in `1,200`, `1.200,50` or `1 200`; None if it is not a single number."""
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    digits = re.sub(r"[' \u00a0]", "", found[0]).rstrip(".,")
    if "," in digits and "." in digits:
        decimal = max(",.", key=digits.rfind)
        digits = digits.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    elif digits.count(",") == 1 and not re.search(r",\d{3}$", digits):
        digits = digits.replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits):
        digits = digits.replace(".", "")
    digits = digits.replace(",", "")
    try:
        return int(digits) if "." not in digits else float(digits)
    except ValueError:
        return None


def money(amount: int | float, currency: str) -> str:
    """A formatted amount: `$1,200`, `€9.50`, `1,200 CHF`."""
    code = _SIGNS.get(currency, currency.upper())
    figure = f"{amount:,}" if isinstance(amount, int) or amount == int(amount) else f"{amount:,.2f}"
    figure = figure.removesuffix(".0")
    sign = next((sign for sign, known in _SIGNS.items() if known == code), "")
    return f"{sign}{figure}" if sign else f"{figure} {code}"
