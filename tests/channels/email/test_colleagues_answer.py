"""A colleague's answer to an open question is mailed once, into the existing thread."""

import pytest

from core.store.store import Store
from tests.channels.email.mails import SNOWFLAKE, buyer_mail, words
from tests.channels.email.rig import rig
from tests.fakes.mail_sink import Sink

pytestmark = pytest.mark.real_clock


async def test_it_is_mailed_once_for_its_question_whatever_was_called_again(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        given = ("c1", "q2", "Jane <jane@acme.example>", "Jane Doe", "An office\nin Lima?")
        for answer in ("No, but in Bogotá.", "Changed my mind."):
            made = await mail.post.unasked.answer(*given, answer, "Sofia Álvarez")
            assert made is not None
            await store.mails.queue(made)
        assert not await mail.post.unasked.answer("c1", "q3", "nowhere", "", "?", "!", "Sofia")
        await mail.room.tend()
        await mail.jobs.run()
        (sent,) = mail_server.mails
        text = words(sent)
        assert "You asked: “An office in Lima?”" in text and "No, but in Bogotá." in text
        assert "Sofia Álvarez" in text and "Jane" in text
        assert sent["To"] and "jane@acme.example" in str(sent["To"])


async def test_it_stands_in_the_thread_of_who_wrote_by_mail_and_only_to_them(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        (reply,) = mail_server.mails
        (row,) = await store.mails.outbox("sent")
        to = row.recipient
        asked = (row.conversation_id, "q1")
        theirs = (*asked, to, "", "What of Lima?", "Yes.", "Sofia")
        other = (row.conversation_id, "q2", "other@elsewhere.example", "", "What?", "Yes.", "Sofia")
        for given in (theirs, other):
            made = await mail.post.unasked.answer(*given)
            assert made is not None
            await store.mails.queue(made)
        await mail.room.tend()
        await mail.jobs.run()
        ours, elsewhere = mail_server.mails[1:]
        if "elsewhere" in str(ours["To"]):
            ours, elsewhere = elsewhere, ours
        assert ours["In-Reply-To"] == reply["Message-ID"] and ours["Subject"] == reply["Subject"]
        assert elsewhere["In-Reply-To"] is None
