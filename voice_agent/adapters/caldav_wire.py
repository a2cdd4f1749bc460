"""CalDAV (RFC 4791) requests and answers: a calendar collection, its objects and their ETags.

Redirects are not followed: a password goes only to the address it was given for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree

import httpx

from core.clock import utc_now
from core.errors import CalendarFailed
from voice_agent.patience import asked_s

LARGEST = 16 * 1024 * 1024
"""Most bytes of one answer; two weeks of a calendar take a hundredth of that."""
_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
_DATA = "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
_TAKEN_ALREADY = (403, 409, 412)


@dataclass(frozen=True, slots=True)
class Target:
    """A person's calendar collection and how to sign in there."""

    url: str
    """Ends with a slash."""
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A calendar object as stored on a server."""

    url: str
    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class CalDav:
    """Requests to CalDAV servers. All raise CalendarFailed with the remedy."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def between(self, target: Target, start: datetime, end: datetime) -> list[str]:
        """The calendar objects with events in a range; recurring ones as their rules."""
        span = f'<C:time-range start="{_stamp(start)}" end="{_stamp(end)}"/>'
        return [stored.text for stored in await self._query(target, span)]

    async def find(self, target: Target, uid: str) -> Stored | None:
        """The object with a UID, at our address for it or wherever else it is; None if nowhere."""
        url = address(target, uid)
        got = await self._ask("GET", target, url)
        if got.status == 200 and (etag := got.headers.get("etag")):
            return Stored(url, etag, got.body.decode("utf-8", "replace"))
        if got.status not in (200, 404, 410):
            raise _failed(got, target)
        text = uid.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        match = f'<C:text-match collation="i;octet">{text}</C:text-match>'
        wanted = f'<C:prop-filter name="UID">{match}</C:prop-filter>'
        found = await self._query(target, wanted)
        return next((s for s in found if f"UID:{uid}" in _unfolded(s.text)), None)

    async def put_new(self, target: Target, uid: str, text: str) -> bool:
        """Store a new object; False when the server already has one with that UID."""
        new = {"If-None-Match": "*"}
        got = await self._ask("PUT", target, address(target, uid), text, new)
        if got.status in _TAKEN_ALREADY:
            if got.status == 403 and b"no-uid-conflict" not in got.body:
                raise _failed(got, target)
            return False
        return self._done(got, target)

    async def put_over(self, target: Target, stored: Stored, text: str) -> bool:
        """Replace the object we have seen; False when it has changed since."""
        same = {"If-Match": stored.etag}
        got = await self._ask("PUT", target, stored.url, text, same)
        return got.status not in (404, 412) and self._done(got, target)

    async def delete(self, target: Target, stored: Stored) -> bool:
        """Delete the object we have seen; False if it has changed since. Already gone is
        success."""
        got = await self._ask("DELETE", target, stored.url, headers={"If-Match": stored.etag})
        if got.status in (404, 410):
            return True
        return got.status != 412 and self._done(got, target)

    async def is_calendar(self, target: Target) -> bool:
        """Whether the address is a calendar that can be written to."""
        wanted = "<D:prop><D:resourcetype/><D:current-user-privilege-set/></D:prop>"
        body = f"{_HEAD}<D:propfind {_SPACES}>{wanted}</D:propfind>"
        got = await self._ask("PROPFIND", target, target.url, body, {"Depth": "0"})
        if got.status != 207:
            raise _failed(got, target)
        tree = _xml(got, target)
        told = tree.find(f".//{_DAV}current-user-privilege-set")
        rights = {node.tag for node in told.iter()} if told is not None else set()
        writes = {f"{_DAV}{name}" for name in ("all", "write", "write-content")}
        writable = told is None or bool(rights & writes)
        return writable and tree.find(f".//{_CAL}calendar") is not None

    async def _query(self, target: Target, inner: str) -> list[Stored]:
        events = f'<C:comp-filter name="VEVENT">{inner}</C:comp-filter>'
        wanted = f'<C:filter><C:comp-filter name="VCALENDAR">{events}</C:comp-filter></C:filter>'
        body = f"{_HEAD}<C:calendar-query {_SPACES}>{_DATA}{wanted}</C:calendar-query>"
        got = await self._ask("REPORT", target, target.url, body, {"Depth": "1"})
        if got.status != 207:
            raise _failed(got, target)
        return list(_objects(_xml(got, target), target))

    async def _ask(
        self,
        method: str,
        target: Target,
        url: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        kind = "text/calendar" if method == "PUT" else "application/xml"
        sent = {"Accept-Encoding": "identity"}  # a proxy that compresses changes the ETag
        if body is not None:
            sent["Content-Type"] = f"{kind}; charset=utf-8"
        try:
            async with self._client.stream(
                method, url, content=body.encode() if body is not None else None,
                headers={**sent, **(headers or {})}, auth=(target.user, target.password),
            ) as answer:  # fmt: skip
                return Answer(answer.status_code, answer.headers, await _within(answer, target))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = str(error) or type(error).__name__
            raise CalendarFailed(f"{_host(target)} cannot be reached: {why}") from error

    def _done(self, got: Answer, target: Target) -> bool:
        if got.status not in (200, 201, 204):
            raise _failed(got, target)
        return True


def address(target: Target, uid: str) -> str:
    """The address of an object of ours in a calendar."""
    return f"{target.url}{quote(uid, safe='')}.ics"


async def _within(answer: httpx.Response, target: Target) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise CalendarFailed(f"{_host(target)} answered more than {LARGEST} bytes")
    return bytes(body)


def _objects(tree: ElementTree.Element, target: Target) -> Iterator[Stored]:
    for response in tree.iter(f"{_DAV}response"):
        href, etag = response.findtext(f"{_DAV}href"), response.findtext(f".//{_DAV}getetag")
        text = response.findtext(f".//{_CAL}calendar-data")
        if href and text:
            yield Stored(_same_host(target, href), etag or "", text)


def _same_host(target: Target, href: str) -> str:
    """A URL on the target's own server; others get no password from us."""
    there = urljoin(target.url, href)
    mine, theirs = urlsplit(target.url), urlsplit(there)
    if (mine.scheme, mine.netloc) != (theirs.scheme, theirs.netloc):
        raise CalendarFailed(f"{_host(target)} names objects of {theirs.netloc}")
    return there


def _xml(got: Answer, target: Target) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(got.body)
    except ElementTree.ParseError as error:
        raise CalendarFailed(f"{_host(target)} answered no XML: {error}") from error


def _failed(got: Answer, target: Target) -> CalendarFailed:
    where = f"{_host(target)}{unquote(urlsplit(target.url).path)}"
    remedies: Sequence[tuple[tuple[int, ...], str]] = (
        ((401,), "user or password is wrong; correct VOICE_AGENT_CALDAV_ACCOUNTS"),
        ((403,), "this account may not do that; share the calendar with it for writing"),
        ((404, 405, 410), "there is no calendar; correct `calendar` of the rep in company.yaml"),
        ((301, 302, 307, 308), f"it moved to {got.headers.get('location', 'elsewhere')}; "
            "write that as `calendar` of the rep in company.yaml"),
    )  # fmt: skip
    why = next((text for codes, text in remedies if got.status in codes), "")
    told = f"{where} answered {got.status}{': ' if why else ''}{why}"
    after_s = asked_s(got.headers, utc_now())
    return CalendarFailed(told, retryable=not why, after_s=after_s)


def _host(target: Target) -> str:
    return urlsplit(target.url).netloc.rpartition("@")[2]


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _unfolded(text: str) -> str:
    return text.replace("\r\n ", "").replace("\n ", "")
