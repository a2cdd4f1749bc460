"""Tickets, chats and lost deals from exports of other systems: whose words, when, worth what. Pure.

Reads CSV, JSON and JSON lines from Zendesk, Intercom, HubSpot, Freshdesk and Salesforce, recognised
by their column names; other columns are mapped by hand.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from knowledge.importing.messages import messages_of
from knowledge.importing.proposal import ImportFailed
from knowledge.importing.transcripts import buyers_words

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("ticket id", "id", "conversation id", "record id", "deal id", "opportunity id",
           "hs object id", "display id", "case number", "ticket number", "case id", "chat id"),
    "text": ("subject", "ticket subject", "ticket name", "description", "description text",
             "ticket description", "content", "body", "message", "first message", "initial message",
             "text", "question", "plain body", "comment", "transcript", "chat transcript"),
    "at": ("created at", "created time", "create date", "createdate", "created date", "created",
           "date/time opened", "date", "timestamp", "close date", "closedate", "closed date"),
    "amount": ("amount", "deal amount", "value", "deal value", "annual contract value"),
    "currency": ("currency", "deal currency", "deal currency code", "amount currency",
                 "currency iso code", "opportunity currency"),
    "reason": ("closed lost reason", "loss reason", "lost reason", "reason lost",
               "reason for loss", "primary loss reason", "loss reason details",
               "closed lost details", "why lost"),
    "note": ("closed lost notes", "loss notes", "notes", "note", "deal description", "description",
             "comments", "next step"),
    "stage": ("stage", "deal stage", "dealstage", "stage name"),
    "who": ("requester", "requester name", "requester email", "contact", "contact name",
            "contact email", "email", "full name", "customer", "customer name", "visitor name",
            "associated contact", "primary contact"),
}  # fmt: skip
"""Column names in lower case with spaces; the first that exists is taken, for `text`, `reason`,
`note` and `who` all of them."""
_MANY = ("text", "reason", "note", "who")
_LISTS = ("tickets", "conversations", "results", "records", "deals", "data", "items", "chats")
_INSIDE = ("properties", "helpdesk_ticket", "ticket", "fields", "conversation")
_LOST = re.compile(
    r"\b(?:loss|lost)\b.*\b(?:reason|detail|note)|\b(?:reason|detail|note).*\blost\b"
)
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y, %I:%M %p", "%d.%m.%Y",
          "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S UTC",
          "%Y-%m-%d %H:%M:%S %z")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One ticket, conversation or deal, as far as it tells what buyers ask or object to."""

    id: str
    texts: tuple[str, ...]
    """The buyer's texts."""
    at: datetime | None = None
    reasons: tuple[str, ...] = ()
    """Reasons for a lost deal."""
    notes: tuple[str, ...] = ()
    """Colleagues' notes on a lost deal."""
    amount: float | None = None
    currency: str = ""
    who: tuple[str, ...] = ()
    """Names and addresses of the people in it."""

    @property
    def deal(self) -> bool:
        """Whether it is a lost deal."""
        return bool(self.reasons or self.notes)


def records(text: str, document: str, columns: Mapping[str, str] | None = None) -> list[Record]:
    """The records of an export. `columns`: field to column, where names do not tell.

    Raises: ImportFailed naming the file, the line, and what to do.
    """
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise ImportFailed(f"{document}: the file is empty")
    given = {_plain(name): field for field, name in (columns or {}).items()}
    rows = _json_rows(text, document) if text.lstrip()[0] in "{[" else _csv_rows(text, document)
    made, heads = [], dict[str, None]()
    for where, row in rows:
        heads |= dict.fromkeys(row)
        record = _record(row, where, given)
        if record is not None:
            made.append(record)
    missing = [name for name in (columns or {}).values() if _plain(name) not in map(_plain, heads)]
    if missing:
        raise ImportFailed(f"{document}:1: no column `{missing[0]}`; found {_found(heads)}")
    if not made:
        raise ImportFailed(
            f"{document}:1: nothing a buyer wrote and no reason of a lost deal; found "
            f"{_found(heads)}; name the column: --column text=NAME or --column reason=NAME"
        )
    return made


def _found(heads: Mapping[str, None]) -> str:
    return ", ".join(f"`{name}`" for name in list(heads)[:12]) or "no columns"


def _csv_rows(text: str, document: str) -> Iterator[tuple[str, dict[str, Any]]]:
    head = text.splitlines()[0]
    sign = max(",;\t|", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=sign, restkey="")
    if len([name for name in rows.fieldnames or () if name]) < 1:
        raise ImportFailed(f"{document}:1: the first line has to name the columns")
    try:
        for row in rows:
            if row.get(""):
                where = f"{document}:{rows.line_num}"
                raise ImportFailed(f"{where}: more values than columns; quote what has a `{sign}`")
            yield f"{document}:{rows.line_num}", {k: v for k, v in row.items() if k and v}
    except csv.Error as error:
        raise ImportFailed(f"{document}:{rows.line_num}: {error}; export it as UTF-8 CSV") from None


def _json_rows(text: str, document: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        whole = [json.loads(text)]
    except RecursionError:
        raise ImportFailed(f"{document}: nested too deeply; export a flat list") from None
    except ValueError:
        whole = list(_json_lines(text, document))
    rows = [row for one in whole for row in _listed(one)]
    for n, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise ImportFailed(f"{document}: item {n} is no object; export whole tickets or deals")
        yield f"{document}#{n}", _opened(row)


def _json_lines(text: str, document: str) -> Iterator[Any]:
    for n, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ImportFailed(f"{document}:{n}: this is no JSON ({error})") from error


def _listed(whole: Any) -> list[Any]:
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict) and "id" not in whole:
        return next((whole[k] for k in _LISTS if isinstance(whole.get(k), list)), [whole])
    return [whole]


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    """The row without its system's wrapper."""
    for name in _INSIDE:
        if isinstance(inner := row.get(name), dict):
            row = {k: v for k, v in row.items() if k != name} | inner
    return {k: v["value"] if isinstance(v, dict) and "value" in v else v for k, v in row.items()}


def _record(row: Mapping[str, Any], where: str, given: Mapping[str, str]) -> Record | None:
    found = _fields(row, given)
    reasons = tuple(found["reason"])
    stage = " ".join(found["stage"]).lower()
    lost = bool(reasons) and "won" not in stage
    base = Record(
        (found["id"] or [where])[0][:80], (), _instant((found["at"] or [""])[0]),
        who=tuple(found["who"]),
    )  # fmt: skip
    if lost:
        amount = _amount((found["amount"] or [""])[0])
        currency = (found["currency"] or [""])[0].strip().upper()
        notes = tuple(found["note"])
        return replace(base, reasons=reasons, notes=notes, amount=amount, currency=currency)
    if reasons or stage:
        return None  # a deal that was won, or is open
    texts = (*map(buyers_words, found["text"]), *messages_of(row))
    texts = tuple(text for text in texts if text.strip())
    return replace(base, texts=texts) if texts else None


def _fields(row: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, list[str]]:
    """The values of each field; a column mapped by hand belongs to that field only."""
    plain = {_plain(name): str(value) for name, value in row.items()
             if isinstance(value, str | int | float) and str(value).strip()}  # fmt: skip
    found: dict[str, list[str]] = {}
    for field, names in NAMES.items():
        mapped = [plain[name] for name, to in given.items() if to == field and name in plain]
        usual = [plain[name] for name in names if name in plain and name not in given]
        if field == "reason":
            usual += [v for n, v in plain.items() if n not in (*names, *given) and _LOST.search(n)]
        values = mapped or usual
        found[field] = values if field in _MANY else values[:1]
    return found


def _plain(name: str) -> str:
    """A column's name in lower case with spaces, from `Loss_Reason__c` or `CloseDate`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"__c$", "", name.strip()))
    return re.sub(r"[\s_]+", " ", apart).strip().lower()


def _amount(text: str) -> float | None:
    """A number from an amount as people write it: `12,000.50`, `12.000,50`, `$12,000`."""
    digits = re.sub(r"[^\d.,]", "", text)
    if re.search(r",\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        amount = float(digits.replace(",", ""))
    except ValueError:
        return None
    return amount if amount < math.inf else None


def _instant(text: str) -> datetime | None:
    text = text.strip()
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    made: datetime | None = None
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        for form in _DATES:
            try:
                made = datetime.strptime(text, form)
                break
            except ValueError:
                continue
    if made is None:
        return None
    try:
        return made.astimezone(UTC) if made.tzinfo else made.replace(tzinfo=UTC)
    except OverflowError:  # year 1 or 9999, a placeholder date
        return None
