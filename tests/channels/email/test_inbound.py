"""Mail over HTTP: raw, and in providers' webhook formats."""

import base64
import json
from urllib.parse import urlencode

import pytest

from core.errors import StoreFailed
from core.store.store import Store
from tests.channels.email.mails import COST, DANA, OURS, buyer_mail, words
from tests.channels.email.rig import INBOUND, rig
from tests.fakes.mail_sink import Sink
from voice_agent.channels.email.inbound import allowed
from voice_agent.channels.email.inbox import MAX_BYTES
from voice_agent.channels.email.message import read
from voice_agent.channels.email.robots import SIGNS

pytestmark = pytest.mark.real_clock
BEARER = {"Authorization": f"Bearer {INBOUND}"}
RAW = {**BEARER, "Content-Type": "message/rfc822"}


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"mail:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "token", "fine"),
    [
        (f"Bearer {INBOUND}", "", True),
        (basic(INBOUND), "", True),
        ("", INBOUND, True),
        ("", "", False),
        ("Bearer ", "", False),
        ("Bearer x", "x", False),
        (basic("x"), "", False),
        ("Basic \u00e9", "", False),
        (f"Bearer {INBOUND}x", "", False),
    ],
)
def test_only_who_knows_the_secret_may_post(authorization, token, fine):
    assert allowed(INBOUND, authorization, token) is fine
    assert not allowed("", authorization, token)


FORMS = {
    "SendGrid, raw": {"email": buyer_mail(COST).decode(), "envelope": '{"from": "dana@northwind.example"}'},  # noqa: E501
    "SendGrid, parsed": {
        "headers": "Message-ID: <1@x>\nReferences: <0@x>", "from": DANA, "to": OURS, "subject": "Cost",  # noqa: E501
        "text": COST, "html": "<p>x</p>", "envelope": '{"to": ["x"], "from": "dana@northwind.example"}',  # noqa: E501
    },
    "Mailgun, raw": {"recipient": OURS, "sender": "dana@northwind.example", "body-mime": buyer_mail(COST).decode()},  # noqa: E501
    "Mailgun, parsed": {
        "sender": "dana@northwind.example", "from": DANA, "recipient": OURS, "subject": "Cost",
        "body-plain": COST, "message-headers": '[["Message-Id", "<1@x>"]]',
    },
    "markup alone": {"from": DANA, "to": OURS, "subject": "Cost", "html": f"<p>{COST}</p>"},
}  # fmt: skip


@pytest.mark.parametrize("fields", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("as_files", [False, True], ids=["form", "multipart"])
async def test_a_providers_form_is_a_mail(
    store: Store, mail_server: Sink, fields: dict[str, str], as_files: bool
):
    async with rig(store, mail_server) as mail:
        if as_files:
            multipart = {name: (None, value) for name, value in fields.items()}
            told = await mail.http.post("/email/inbound", headers=BEARER, files=multipart)
        else:
            told = await mail.http.post("/email/inbound", headers=BEARER, data=fields)
        assert told.status_code == 202, told.text
        await mail.jobs.run()
        assert "$1,200" in words(mail_server.mails[0])
        assert mail_server.envelopes[0].rcpt_tos == ["dana@northwind.example"]


async def test_a_form_says_which_charsets_its_fields_are_in(store: Store, mail_server: Sink):
    fields = {
        "from": DANA.encode(), "to": OURS.encode(), "subject": b"Cost",
        "text": f"{COST} It\u2019s for M\u00fcller & \u0141ukasz.".encode("cp1250"),
        "charsets": b'{"text": "windows-1250", "from": "UTF-8"}',
    }  # fmt: skip
    async with rig(store, mail_server) as mail:
        multipart = {name: (None, value) for name, value in fields.items()}
        await mail.http.post("/email/inbound", headers=BEARER, files=multipart)
        (row,) = await store.mails.inbox(None, 10)
        stored = await store.mails.arrived(row["key"])
        assert stored is not None
        assert "It\u2019s for M\u00fcller & \u0141ukasz." in read(stored.raw).content.text


async def test_a_whole_mail_in_a_form_is_taken_byte_for_byte(store: Store, mail_server: Sink):
    raw = buyer_mail(COST) + "caf\u00e9".encode("latin-1")
    async with rig(store, mail_server) as mail:
        for files in ({"email": (None, raw)}, {"email": ("mail.eml", raw)}):
            await mail.http.post("/email/inbound", headers=BEARER, files=files)
        form = {**BEARER, "Content-Type": "application/x-www-form-urlencoded"}
        await mail.http.post("/email/inbound", headers=form, content=urlencode({"email": raw}))
        (row,) = await store.mails.inbox(None, 10)
        stored = await store.mails.arrived(row["key"])
        assert stored is not None and stored.raw == raw


@pytest.mark.parametrize("sign", [name for name in SIGNS if name != "return-path"])
async def test_a_robot_is_known_in_whatever_form_its_mail_comes(
    store: Store, mail_server: Sink, sign: str
):
    value = "bulk" if sign == "precedence" else "yes"
    form = {"from": DANA, "to": OURS, "subject": "Cost", "text": COST}
    json_ = {"From": DANA, "To": OURS, "Subject": "Cost", "TextBody": COST}
    async with rig(store, mail_server) as mail:
        door = "/email/inbound"
        lines = {**form, "headers": f"Message-ID: <1@x>\n{sign}: {value}"}
        await mail.http.post(door, headers=BEARER, data=lines)
        pairs = {**form, "message-headers": f'[["Message-Id", "<2@x>"], ["{sign}", "{value}"]]'}
        await mail.http.post(door, headers=BEARER, data=pairs)
        listed = [{"Name": "Message-ID", "Value": "<3@x>"}, {"Name": sign, "Value": value}]
        await mail.http.post(door, headers=BEARER, json={**json_, "Headers": listed})
        await mail.jobs.run()
        assert not mail_server.mails and len(await store.mails.inbox("recorded", 10)) == 3


async def test_postmarks_json_is_a_mail(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        posted = {
            "From": DANA, "To": OURS, "Subject": "Cost", "TextBody": COST, "MessageID": "1-2",
            "Headers": [{"Name": "References", "Value": "<0@x>"}],
        }  # fmt: skip
        told = await mail.http.post("/email/inbound", headers=BEARER, json=posted)
        assert told.status_code == 202
        robot = posted | {"Headers": [{"Name": "Auto-Submitted", "Value": "auto-replied"}],
                          "MessageID": "3"}  # fmt: skip
        await mail.http.post("/email/inbound", headers=BEARER, json=robot)
        await mail.jobs.run()
        assert len(mail_server.mails) == 1 and mail_server.mails[0]["In-Reply-To"] == "<1-2>"


async def test_a_raw_mail_is_stored_and_then_answered(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        told = await mail.http.post("/email/inbound", headers=RAW, content=buyer_mail(COST))
        assert told.status_code == 202
        assert (await mail.status(told.json()["id"]))[0] == "received"
        await mail.jobs.run()
        assert len(mail_server.mails) == 1


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "message/rfc822"}, b"x", 401),
        (RAW, b"", 422),
        ({**BEARER, "Content-Type": "image/png"}, b"x", 422),
        ({**BEARER, "Content-Type": "application/json"}, b"[", 422),
        ({**BEARER, "Content-Type": "application/json"}, b"[" * 100_000, 422),
        ({**BEARER, "Content-Type": "application/json"}, b'{"From": {"a": 1}}', 422),
        ({**BEARER, "Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 422),
        ({**BEARER, "Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\nnonsense", 422),
        (RAW, b"x" * (MAX_BYTES + 1), 413),
    ],
)
async def test_what_is_no_mail_is_refused_with_a_reason(
    store: Store, mail_server: Sink, headers: dict[str, str], content: bytes, status: int
):
    async with rig(store, mail_server) as mail:
        told = await mail.http.post("/email/inbound", headers=headers, content=content)
        assert told.status_code == status and told.text.strip()
        assert await store.mails.inbox(None, 10) == []


async def test_a_posted_header_cannot_break_the_mail_in_two(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        fields = {"from": f"{DANA}\r\nBcc: x@y.example\r\n\r\nBody", "to": OURS, "text": COST,
                  "headers": json.dumps("x")}  # fmt: skip
        await mail.http.post("/email/inbound", headers=BEARER, data=fields)
        await mail.jobs.run()
        (row,) = await store.mails.inbox(None, 10)
        stored = await store.mails.arrived(row["key"])
        assert stored is not None and b"\r\nBcc:" not in stored.raw


async def test_a_mail_that_cannot_be_stored_is_left_with_the_sender(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:

        async def down(row: object) -> bool:
            raise StoreFailed("away")

        store.mails.receive = down  # type: ignore[method-assign]
        told = await mail.http.post("/email/inbound", headers=RAW, content=buyer_mail(COST))
        assert told.status_code == 503
