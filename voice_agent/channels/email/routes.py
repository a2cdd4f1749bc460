"""The mail channel's HTTP routes: incoming mail, unsubscribing, and drafts to approve."""

from contextlib import aclosing
from html import escape
from typing import Any

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.errors import StoreFailed
from core.projections.document import instant
from core.store.mail_tables import MailOutRow
from core.store.mails import Mails
from voice_agent.channels.email import inbound, thread
from voice_agent.channels.email.drafts import Drafts
from voice_agent.channels.email.inbound import Posted, Unusable
from voice_agent.channels.email.inbox import MAX_BYTES, Inbox
from voice_agent.channels.email.settings import MailSettings
from voice_agent.http import (
    Refused,
    body_within,
    filters,
    guarded,
    json_object,
    one_of,
    page_size,
)

MAX_DRAFT = 64 * 1024
LARGEST_PAGE = 500
STATES = ("received", "answered", "recorded", "held")
_PAGE = (
    "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>"
    "<title>Email</title><body style='font-family:sans-serif;max-width:36em;margin:4em auto;"
    "padding:0 1em;line-height:1.5'>{}</body></html>"
)


class MailRoutes:
    """The routes and what they work on."""

    def __init__(
        self,
        settings: MailSettings,
        mails: Mails,
        inbox: Inbox,
        desk: Drafts,
        api_token: str,
    ) -> None:
        self._settings = settings
        self._mails = mails
        self._inbox = inbox
        self._desk = desk
        self._api_token = api_token

    def routes(self) -> list[Route]:
        """`/email/…` for mail systems and buyers, `/api/v1/…` behind the API token."""
        token = self._api_token
        return [
            Route("/email/inbound", self._inbound, methods=["POST"]),
            Route("/email/unsubscribe", self._unsubscribe, methods=["GET", "POST"]),
            Route("/api/v1/mails", guarded(self._list, token), methods=["GET"]),
            Route("/api/v1/drafts", guarded(self._drafts, token), methods=["GET"]),
            Route("/api/v1/drafts/{id}/{act}", guarded(self._act, token), methods=["POST"]),
        ]

    # --- mail in -----------------------------------------------------------------------------

    async def _inbound(self, request: Request) -> Response:
        """Receive a mail: 202 once it is stored."""
        authorization = request.headers.get("authorization", "")
        given = request.query_params.get("token", "")
        if not inbound.allowed(self._settings.inbound_secret, authorization, given):
            refused = PlainTextResponse(
                "the secret of VOICE_AGENT_EMAIL_INBOUND_SECRET is needed\n", 401
            )
            refused.headers["WWW-Authenticate"] = "Basic"
            return refused
        try:
            posted = await _posted(request)
        except Unusable as error:
            return PlainTextResponse(f"{error}\n", 422)
        if posted is None:
            return PlainTextResponse(f"a mail has at most {MAX_BYTES} bytes\n", 413)
        try:
            key = await self._inbox.receive(posted.raw, "inbound", posted.returned_to)
        except StoreFailed:
            return PlainTextResponse("cannot store mail now, try again later\n", 503)
        return JSONResponse({"status": "stored", "id": key}, 202)

    # --- unsubscribing -----------------------------------------------------------------------

    async def _unsubscribe(self, request: Request) -> Response:
        """GET asks first, as link checkers follow every link; POST unsubscribes (RFC 8058)."""
        token = request.query_params.get("t", "")
        address = thread.unsubscribed(self._settings.secret, token)
        if address is None:
            told = "<p>This link is not valid. Reply with the word “unsubscribe” instead.</p>"
            return HTMLResponse(_PAGE.format(told), 404)
        shown = escape(address)
        if request.method in ("GET", "HEAD"):
            action = f"/email/unsubscribe?t={escape(token)}"
            return HTMLResponse(
                _PAGE.format(
                    f"<h1>Stop emails?</h1><p>We'll stop writing to {shown} unasked.</p>"
                    f"<form method=post action='{action}'><button>Stop emails</button></form>"
                )
            )
        try:
            await self._inbox.stop(address, "unsubscribed by link")
        except StoreFailed:
            return PlainTextResponse("cannot do that now, please try again\n", 503)
        return HTMLResponse(_PAGE.format(f"<h1>Done</h1><p>No more emails to {shown}.</p>"))

    # --- for people --------------------------------------------------------------------------

    async def _list(self, request: Request) -> Response:
        given = filters(request, ("status", "limit"))
        status, size = one_of(given, "status", STATES), page_size(given, LARGEST_PAGE, 100)
        rows = await self._mails.inbox(status, size)
        shown = [row | {"received_at": instant(row["received_at"])} for row in map(dict, rows)]
        return JSONResponse({"mails": shown})

    async def _drafts(self, request: Request) -> Response:
        size = page_size(filters(request, ("limit",)), LARGEST_PAGE, 200)
        drafts = await self._mails.outbox("draft", size)
        return JSONResponse({"drafts": [await self._shown(draft) for draft in drafts]})

    async def _shown(self, draft: MailOutRow) -> dict[str, Any]:
        asked = await self._mails.arrived(draft.answers) if draft.answers else None
        return {
            "id": draft.id,
            "kind": draft.kind,
            "conversation_id": draft.conversation_id,
            "to": draft.recipient,
            "subject": draft.subject,
            "text": draft.text,
            "invitation": draft.invitation is not None,
            "created_at": instant(draft.created_at),
            "answers": {"id": asked.key, "subject": asked.subject} if asked else None,
        }

    async def _act(self, request: Request) -> Response:
        """Approve, edit or reject a draft."""
        mail_id, act = request.path_params["id"], request.path_params["act"]
        given = await json_object(request, MAX_DRAFT)
        match act:
            case "approve":
                done = await self._desk.approve(mail_id)
            case "reject":
                done = await self._desk.reject(mail_id, str(given.get("why", "")))
            case "edit":
                text, subject = given.get("text"), given.get("subject")
                if not isinstance(text, str) or not text.strip():
                    raise Refused(422, "bad-text", "`text` must hold the words of the mail")
                subject = subject if isinstance(subject, str) else None
                done = await self._desk.edit(mail_id, text, subject)
            case _:
                raise Refused(404, "not-found", "a draft can be approved, edited or rejected")
        if not done:
            raise Refused(409, "no-draft", "there is no such draft, or it was decided already")
        row = await self._mails.out(mail_id)
        return JSONResponse({"id": mail_id, "status": row.status if row else "unknown"})


async def _posted(request: Request) -> Posted | None:
    """The mail of a request; None when it is too large. Raises: Unusable."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        length = request.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            raise Unusable("a form needs its Content-Length; post longer mails as message/rfc822")
        if len(length) > 12 or int(length) > 2 * MAX_BYTES:
            return None
        return inbound.from_form(await _multipart(request))
    body = await body_within(request, MAX_BYTES)
    if body is None:
        return None
    if kind == "application/json":
        return inbound.from_json(body)
    if kind == "application/x-www-form-urlencoded":
        return inbound.from_form(inbound.urlencoded(body))
    if kind in inbound.RAW_TYPES and body.strip():
        return Posted(body)
    raise Unusable(f"no mail found: post it as message/rfc822, not as {kind or 'nothing'}")


async def _multipart(request: Request) -> dict[str, bytes]:
    """A multipart form's fields, byte for byte, and the whole mail if it was posted as a file.

    Raises: Unusable.
    """
    given = request.headers["content-type"]
    exact = Headers({"content-type": f"{given}; charset=latin-1"})  # a letter for each byte
    found: dict[str, bytes] = {}
    try:
        async with aclosing(request.stream()) as stream:
            form = await MultiPartParser(
                exact, stream, max_files=50, max_fields=200, max_part_size=MAX_BYTES
            ).parse()
    except MultiPartException as error:
        raise Unusable("the form cannot be read") from error
    try:
        for name, value in form.multi_items():
            if isinstance(value, str):
                found[name] = value.encode("latin-1")
            elif name in ("email", "body-mime", "raw", "mime"):
                found[name] = await value.read()
    finally:
        await form.close()
    return found
