"""A person of the team is told by mail, once."""

from core.ports import Matter
from core.store.unit_of_work import Store
from tests.channels.email.rig import rig
from tests.core.talk import sample
from tests.fakes.mail_sink import Sink
from voice_agent.channels.email.colleagues import MailNotify

DUE = Matter("callback-due", "cb1/1/remind", "Call Dana at 9 AM", "Dana asked for it.", urgent=True)


async def test_a_colleague_gets_one_mail_for_one_key(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        outbox, settings = mail.room.outbox, mail.room.settings
        maya, other = sample().company.team[:2]
        notify = MailNotify(settings, store.mails, outbox, mail.clock)
        for person in (maya, maya, other):
            await notify.tell(person, DUE)
        rows = await store.mails.outbox("queued")
        assert sorted(r.recipient for r in rows) == sorted([maya.email, other.email])
        assert {r.subject for r in rows} == {"Urgent: Call Dana at 9 AM"}
