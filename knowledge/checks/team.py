"""Checks working hours, languages, absences and meeting types."""

from collections.abc import Iterator
from importlib import import_module

from knowledge.calendars import FORMS, place_of
from knowledge.errors import Problem
from knowledge.languages import LANGUAGES
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company, Hours, MeetingType

LONGEST_DAYS = 365
"""An absence longer than this means that the person has left the team."""


def check_team(company: Company, at: Located) -> list[Problem]:
    """Every problem of hours, languages, absences and meeting types."""
    problems = [*check_hours(at, ("hours",), company.hours)]
    for n, rep in enumerate(company.team):
        path: Path = ("team", n)
        if rep.hours is not None:
            problems.extend(check_hours(at, (*path, "hours"), rep.hours))
        problems.extend(check_languages(at, (*path, "languages"), rep.languages))
        if place_of(rep.calendar) is None:
            near = did_you_mean(str(rep.calendar), {"google", "microsoft"})
            remedy = near or "Write it so, or leave it out: the agent keeps one then."
            problems.append(at.problem((*path, "calendar"), FORMS, str(rep.calendar), remedy))
        for m, away in enumerate(rep.away):
            days = (away.last - away.first).days
            if not 0 <= days <= LONGEST_DAYS:
                expected = f"a day from {away.first.isoformat()} on, within a year"
                remedy = "Swap the days, or split the absence."
                where: Path = (*path, "away", m, "to")
                problems.append(at.problem(where, expected, away.last.isoformat(), remedy))
    for n, meeting in enumerate(company.meeting_types):
        problems.extend(_meeting(company, at, ("meeting_types", n), meeting, n))
    return problems


def check_languages(at: Located, path: Path, codes: tuple[str, ...]) -> Iterator[Problem]:
    """Languages must be ISO codes, so that "Spanish" and "es" cannot both be used."""
    for n, code in enumerate(codes):
        if code not in LANGUAGES:
            named = {name: short for short, name in LANGUAGES.items()}.get(code.capitalize())
            remedy = f"Use `{named}`." if named else did_you_mean(code, set(LANGUAGES))
            expected = "an ISO 639-1 language code such as en or es"
            yield at.problem((*path, n), expected, code, remedy or "Use the two-letter code.")


def check_hours(at: Located, path: Path, hours: Hours) -> Iterator[Problem]:
    """Spans in order, each ending after it starts; holidays of a known country."""
    for day, spans in hours.week.items():
        last = 0
        for n, span in enumerate(spans):
            where: Path = (*path, "week", day, n)
            first, end = span.minutes
            if end <= first:
                expected = f"a time after {span.start:%H:%M}"
                remedy = 'Swap the times. What goes past midnight ends at "24:00", and begins the next day at "00:00".'  # noqa: E501
                yield at.problem((*where, "to"), expected, f"{span.end:%H:%M}", remedy)
            if first < last:
                expected = "a time from {:02}:{:02} on".format(*divmod(last, 60))
                remedy = "Put the spans in order, without overlap."
                yield at.problem((*where, "from"), expected, f"{span.start:%H:%M}", remedy)
            last = end
    if hours.holiday_country:
        yield from _holidays(at, path, hours.holiday_country, hours.holiday_region)
    elif hours.holiday_region:
        remedy = "Add `holiday_country:` beside it."
        yield at.problem((*path, "holiday_region"), "a country as well", "none", remedy)


def _holidays(at: Located, path: Path, country: str, region: str | None) -> Iterator[Problem]:
    try:
        import_module("holidays").country_holidays(country, subdiv=region)
    except NotImplementedError:
        key = "holiday_region" if region else "holiday_country"
        remedy = "Use an ISO country code such as US, and a region of it such as MA."
        found = f"{country} {region}" if region else country
        yield at.problem((*path, key), "a country and region with known holidays", found, remedy)


def _meeting(
    company: Company, at: Located, path: Path, meeting: MeetingType, n: int
) -> Iterator[Problem]:
    earlier = company.meeting_types[:n]
    if meeting.id in {other.id for other in earlier}:
        yield at.problem((*path, "id"), "an id of its own", meeting.id, "Rename it.")
    if meeting.minutes % 15:
        remedy = "Round it; calendars are kept in quarters of an hour."
        yield at.problem(
            (*path, "minutes"), "a multiple of 15 minutes", str(meeting.minutes), remedy
        )
    if meeting.notice_minutes >= meeting.horizon_days * 24 * 60:
        expected = f"less than the {meeting.horizon_days} days of `horizon_days`"
        found, remedy = f"{meeting.notice_minutes} minutes", "Lower it, or raise `horizon_days`."
        yield at.problem((*path, "notice_minutes"), expected, found, remedy)
    if meeting.fast_notice > meeting.notice_minutes:
        expected = f"no more than the {meeting.notice_minutes} minutes of `notice_minutes`"
        found = f"{meeting.fast_notice_minutes} minutes"
        yield at.problem((*path, "fast_notice_minutes"), expected, found, "Lower it.")
    if not _long_enough(company, meeting):
        found, remedy = f"{meeting.minutes} minutes", "Shorten it, or widen somebody's hours."
        expected = "a meeting that fits into somebody's working hours"
        yield at.problem((*path, "minutes"), expected, found, remedy)


def _long_enough(company: Company, meeting: MeetingType) -> bool:
    every = [rep.hours or company.hours for rep in company.team]
    spans = [span for hours in every for day in hours.week.values() for span in day]
    return any(end - first >= meeting.minutes for first, end in (s.minutes for s in spans))
