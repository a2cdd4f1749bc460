"""Checks `company.yaml` beyond each key's type: references, ranges, wordings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from string import Formatter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import phonenumbers

from knowledge.checks.callbacks import SAYS_AI, check_callbacks
from knowledge.checks.chat import check_chat
from knowledge.checks.consent import check_consent
from knowledge.checks.crm import check_crm
from knowledge.checks.fitting import check_fitting
from knowledge.checks.pilot import check_pilot
from knowledge.checks.playbook import check_playbook
from knowledge.checks.retention import check_retention
from knowledge.checks.routing import check_routing
from knowledge.checks.segments import check_segments
from knowledge.checks.systems import check_systems
from knowledge.checks.team import check_team
from knowledge.checks.transfers import check_transfers
from knowledge.entry import Article
from knowledge.errors import Problem
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company

_EMAIL = re.compile(r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$")
_ADDRESS = re.compile(r"^https?://[^\s\\]+$")
_NAMES = ("products", "plans", "integrations", "competitors", "industries", "use_cases", "roles",
          "tools", "terms")  # fmt: skip


def check_company(company: Company, at: Located, articles: Sequence[Article]) -> list[Problem]:
    """Every problem inside the profile, including its references to article topics."""
    topics = {topic.lower() for article in articles for topic in article.topics}
    problems: list[Problem] = []
    problems.extend(_identity(company, at))
    problems.extend(_people(company, at))
    problems.extend(_marks(company, at))
    problems.extend(check_team(company, at))
    problems.extend(check_crm(company, at))
    problems.extend(check_consent(company, at))
    problems.extend(check_pilot(company, at))
    problems.extend(check_chat(company, at))
    problems.extend(_wording(company, at))
    problems.extend(_vocabulary(company, at))
    problems.extend(_exits(company, at))
    problems.extend(check_fitting(company, at, names(company), articles))
    problems.extend(check_segments(company, at, names(company), topics))
    problems.extend(check_routing(company, at, names(company), topics))
    problems.extend(check_playbook(company, at, topics))
    problems.extend(check_callbacks(company, at))
    problems.extend(check_retention(company, at))
    problems.extend(check_systems(company, at, names(company)))
    problems.extend(check_transfers(company, at, _blanks, _phone))
    return problems


def names(company: Company) -> set[str]:
    """Every name the vocabulary declares, in its own spelling."""
    return {name for kind in _NAMES for name in getattr(company.vocabulary, kind)}


def repeated(values: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Index and value of each repeated value, ignoring case."""
    seen: set[str] = set()
    for n, value in enumerate(values):
        if value.lower() in seen:
            yield n, value
        seen.add(value.lower())


def _identity(company: Company, at: Located) -> Iterator[Problem]:
    yield from _zone(at, ("timezone",), company.timezone)
    for n, number in enumerate(company.numbers):
        yield from _phone(at, ("numbers", n), number)
    if not _ADDRESS.match(company.website):
        remedy = "Write it with https:// before it."
        expected = "an address such as https://www.example.com"
        yield at.problem(("website",), expected, company.website, remedy)
    if not company.numbers:
        remedy = "Give at least one number in E.164, e.g. +16175550142."
        yield at.problem(("numbers",), "a phone number", "none", remedy)


def _marks(company: Company, at: Located) -> Iterator[Problem]:
    for n, mark in repeated(m.id for m in company.review.scorecard):
        path: Path = ("review", "scorecard", n, "id")
        yield at.problem(path, "an id of its own", mark, "Rename one of the two.")


def _people(company: Company, at: Located) -> Iterator[Problem]:
    everyone = [r.id for r in company.team] + [s.id for s in company.stewards]
    for n, person in repeated(everyone):
        inside = n < len(company.team)
        path: Path = ("team", n) if inside else ("stewards", n - len(company.team))
        yield at.problem((*path, "id"), "an id of its own", person, "Rename one of the two.")
    segments = {segment.id for segment in company.segments}
    for n, rep in enumerate(company.team):
        if rep.timezone != company.timezone:
            yield from _zone(at, ("team", n, "timezone"), rep.timezone)
        yield from _email(at, ("team", n, "email"), rep.email)
        if rep.phone is not None:
            yield from _phone(at, ("team", n, "phone"), rep.phone)
        for m, segment in enumerate(rep.segments):
            if segment not in segments:
                remedy = did_you_mean(segment, segments) or "Name a segment of this file."
                path = ("team", n, "segments", m)
                yield at.problem(path, "the id of a segment", segment, remedy)
    for n, steward in enumerate(company.stewards):
        yield from _email(at, ("stewards", n, "email"), steward.email)
    if company.rep(company.default_owner) is None:
        ids = [rep.id for rep in company.team]
        remedy = did_you_mean(company.default_owner, ids) or "Name a rep of `team`."
        yield at.problem(("default_owner",), "the id of a rep", company.default_owner, remedy)


def _zone(at: Located, path: Path, zone: str) -> Iterator[Problem]:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield at.problem(path, "an IANA time zone", zone, like_zone(zone))


def like_zone(zone: str) -> str:
    """The remedy for an unknown time zone: the zone of that town, or one spelled alike."""
    town = zone.rpartition("/")[2].replace(" ", "_").lower()
    there = sorted(z for z in available_timezones() if z.rpartition("/")[2].lower() == town)
    near = f"Did you mean `{there[0]}`?" if there else did_you_mean(zone, available_timezones())
    return near or "Use a name such as America/New_York or Europe/Berlin."


def _email(at: Located, path: Path, address: str) -> Iterator[Problem]:
    if not _EMAIL.match(address):
        yield at.problem(path, "an e-mail address", address, "Write it as name@domain.")


def _phone(at: Located, path: Path, number: str) -> Iterator[Problem]:
    try:
        good = phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        good = False
    if not good:
        remedy = "Write it in E.164: plus, country code, number, no spaces."
        yield at.problem(path, "a phone number such as +16175550142", number, remedy)


def _wording(company: Company, at: Located) -> Iterator[Problem]:
    voice = company.voice
    allowed = {"company", "agent"}
    for key in ("disclosure", "greeting", "after_hours_greeting", "check_in", "idle_goodbye",
                "goodbye", "apology"):  # fmt: skip
        yield from _blanks(at, ("voice", key), getattr(voice, key) or "", allowed)
    yield from _blanks(at, ("voice", "recording_notice"), voice.recording_notice, allowed | {"key"})
    for key in ("ask", "ask_again"):
        words = getattr(company.consent, key)
        yield from _blanks(at, ("consent", key), words, allowed | {"key"})
    for key in ("deferral", "deferral_again"):
        for n, line in enumerate(getattr(voice, key)):
            yield from _blanks(at, ("voice", key, n), line, allowed | {"owner"})
    for n, follow_up in enumerate(company.email.follow_ups):
        path: Path = ("email", "follow_ups", n, "text")
        yield from _blanks(at, path, follow_up.text, allowed | {"name"})
    if not SAYS_AI.search(voice.disclosure):
        remedy = (
            "Say so in the first sentence, e.g. `Hi, this is {agent}, {company}'s AI assistant.`"
        )
        expected = "words that say this is an AI"
        yield at.problem(("voice", "disclosure"), expected, voice.disclosure, remedy)


def _blanks(at: Located, path: Path, line: str, allowed: set[str]) -> Iterator[Problem]:
    expected = "only " + ", ".join(f"{{{name}}}" for name in sorted(allowed))
    try:
        found = {name for _, name, _, _ in Formatter().parse(line) if name is not None}
    except ValueError as error:
        yield at.problem(path, expected, str(error), "Close or remove the brace.")
        return
    for name in sorted(found - allowed):
        remedy = did_you_mean(name, allowed) or "Remove it."
        yield at.problem(path, expected, f"{{{name}}}", remedy)


def _vocabulary(company: Company, at: Located) -> Iterator[Problem]:
    known = names(company)
    for kind in _NAMES:
        for n, name in repeated(getattr(company.vocabulary, kind)):
            path: Path = ("vocabulary", kind, n)
            yield at.problem(path, "each name once", name, "Remove the second.")
    for said, name in company.vocabulary.synonyms.items():
        if name not in known:
            remedy = did_you_mean(name, known) or "Add the name to the vocabulary first."
            path = ("vocabulary", "synonyms", said)
            yield at.problem(path, "a name of the vocabulary", name, remedy)


def _exits(company: Company, at: Located) -> Iterator[Problem]:
    for n, item in enumerate(company.disqualifiers):
        path: Path = ("disqualifiers", n)
        by_value = bool(item.signal and item.values)
        told = item.phrases or by_value or item.outside
        if not told and item.kind in ("geography", "other"):
            remedy = "Give `phrases`, `signal` and `values`, `outside` or a `kind`."
            yield at.problem(path, "a way to notice it", "none", remedy)
        if item.signal == "intent":
            remedy = "Weigh it as a criterion, or route by it; who is no buyer says so."
            yield at.problem((*path, "signal"), "what a buyer states", item.signal, remedy)
        if bool(item.signal) != bool(item.values):
            found = "`signal` without `values`" if item.signal else "`values` without `signal`"
            yield at.problem(path, "`signal` and `values` together", found, "Give both or neither.")
    for n, name in repeated(d.id for d in company.disqualifiers):
        yield at.problem(("disqualifiers", n, "id"), "an id of its own", name, "Rename it.")
