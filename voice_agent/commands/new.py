"""`voice-agent new FOLDER`: creates a working company folder, small enough to read in one go."""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from core.clock import utc_now
from knowledge.checks.company import like_zone
from knowledge.errors import CompanyInvalid
from knowledge.load import load
from voice_agent.config import Settings

REVIEW = timedelta(days=365)
"""How far off the articles' review is."""
NEXT = (
    ("voice-agent check {folder}", "what is left to write"),
    ("voice-agent eval {folder}", "hold the callers of its evals/"),
    ("voice-agent talk --company {folder}", "be the caller, and see why it answers as it does"),
    ("voice-agent serve --company {folder}", "ask it at /chat and /phone"),
)
"""What to do next; `docs/company.md` says the same."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Write a company folder that works: company.yaml with comments, a few articles marked "
        "TO DO, golden questions, a few callers in evals/. Replace what is yours; "
        "`voice-agent check` says what is left."
    )
    parser.add_argument("folder", type=Path, help="the folder to make; it may be there, and empty")
    parser.add_argument("--name", help="the company's, as it is spoken; default: the folder's")
    parser.add_argument("--number", default="+12025550142", help="it is called on, in E.164")
    parser.add_argument("--timezone", default="America/New_York", help="such as Europe/Berlin")
    parser.set_defaults(command=new)


def new(_settings: Settings, given: argparse.Namespace) -> int:
    """Write the folder; 1 when something is in the way."""
    folder: Path = given.folder
    try:
        begin(folder, given, utc_now().date())
    except OSError as error:
        why = error.strerror or error
        print(f"error: {folder} cannot be written ({why}): name a folder that can", file=sys.stderr)  # noqa: T201
        return 1
    except (ValueError, CompanyInvalid) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"{folder} is a company now. Next:")  # noqa: T201
    for command, does in (*NEXT, ("docs/company.md", "in which order to edit it")):
        print(f"  {command.format(folder=folder):<50} {does}")  # noqa: T201
    return 0


def begin(folder: Path, given: argparse.Namespace, today: date) -> None:
    """Create the folder, valid from `today`. Raises: ValueError, OSError, CompanyInvalid."""
    blanks = _blanks(folder, given, today)
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty: name a folder of its own")
    for path, text in _texts(files("knowledge") / "starter", ""):
        there = folder / path
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(filled(text, blanks), encoding="utf-8")
    load(folder)


def filled(text: str, blanks: dict[str, str]) -> str:
    """The text with each `@BLANK@` filled in."""
    for name, value in blanks.items():
        text = text.replace(f"@{name}@", value)
    return text


def _blanks(folder: Path, given: argparse.Namespace, today: date) -> dict[str, str]:
    """The values to fill in. Raises: ValueError naming the option."""
    name = " ".join((given.name or folder.resolve().name.replace("-", " ").title()).split())
    if not re.fullmatch(r"\w[\w '&.,-]{0,59}", name) or ": " in name:
        raise ValueError(f"--name: letters, digits and blanks, as it is spoken; found {name!r}")
    try:
        ZoneInfo(given.timezone)
        number = phonenumbers.parse(given.number)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = like_zone(given.timezone)
        raise ValueError(f"--timezone: found {given.timezone!r}. {remedy}") from error
    except phonenumbers.NumberParseException as error:
        told = (
            f"--number: plus and country code first, such as +12025550142; found {given.number!r}"
        )
        raise ValueError(told) from error
    country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return {
        "NAME": name,
        "ID": re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "company",
        "NUMBER": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        "ZONE": given.timezone,
        "HOLIDAYS": f"  holiday_country: {country}\n" if _has_holidays(country) else "",
        "TODAY": today.isoformat(),
        "REVIEW": (today + REVIEW).isoformat(),
    }


def _has_holidays(country: str) -> bool:
    from holidays import country_holidays  # slow to import

    try:
        country_holidays(country)
    except NotImplementedError:
        return False
    return True


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    """Each file of the starter: its path in the folder, and its text with blanks."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".md", ".yaml")):
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")
