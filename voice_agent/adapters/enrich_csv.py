"""`CsvAccounts`: company data from a CSV file of accounts.

A header names the columns: `domain`, `company`, `employees`, `industry`, `location`, `tech_stack`
(semicolon-separated), `intent` (`topic:strength:day`, semicolon-separated, such as `reverse
ETL:high:2026-11-20`), in any order; `domain` or `company` is required, others are ignored.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.enrichment.enrich import CRITERIA
from core.enrichment.enriched import Subject
from voice_agent.errors import ConfigError

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class CsvAccounts:
    """Implements `core.enrichment.enrich.Enricher`; read once."""

    name: str
    by_domain: Mapping[str, Mapping[str, Any]]
    by_company: Mapping[str, Mapping[str, Any]]

    async def look_up(self, subject: Subject) -> Mapping[str, Any] | None:
        """A company's row, by domain first, then by name."""
        row = self.by_domain.get(subject.domain.lower()) if subject.domain else None
        return row or (self.by_company.get(subject.company.lower()) if subject.company else None)


def read_accounts(path: Path) -> CsvAccounts:
    """The accounts in a file. Raises: ConfigError."""
    by_domain: dict[str, Mapping[str, Any]] = {}
    by_company: dict[str, Mapping[str, Any]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = {(name or "").strip().lower() for name in rows.fieldnames or ()}
            if not columns & {"domain", "company"}:
                raise ConfigError(f"{path}: the first line must name a column domain or company")
            for n, raw in enumerate(rows, start=2):
                if n > MOST_ROWS:
                    raise ConfigError(f"{path} has more than {MOST_ROWS} lines")
                row = _row(raw)
                if domain := row.pop("domain", ""):
                    by_domain[domain.lower().removeprefix("www.")] = row
                if row.get("company"):
                    by_company.setdefault(row["company"].lower(), row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path} cannot be read: {error}; save it as CSV in UTF-8") from error
    return CsvAccounts(path.name, by_domain, by_company)


def _row(raw: Mapping[str | None, Any]) -> dict[str, Any]:
    """A row's known columns, empty ones left out."""
    told = {
        (name or "").strip().lower(): value.strip()
        for name, value in raw.items()
        if isinstance(value, str) and value.strip()
    }
    row: dict[str, Any] = {name: told[name] for name in ("domain", *CRITERIA) if name in told}
    if "tech_stack" in row:
        row["tech_stack"] = [part.strip() for part in row["tech_stack"].split(";")]
    if "intent" in row:
        row["intent"] = [_intent(part) for part in row["intent"].split(";") if part.strip()]
    return row


def _intent(text: str) -> dict[str, str]:
    """`topic:strength:day` as a service would return it; only the topic is required."""
    parts = [part.strip() for part in text.split(":")]
    return dict(zip(("topic", "strength", "seen_at"), parts, strict=False))
