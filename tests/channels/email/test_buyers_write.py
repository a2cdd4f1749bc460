"""Mails as buyers write them: several wishes at once, in their own order and shorthand."""

import pytest

from core.events import SignalCaptured
from core.store.store import Store
from tests.channels.email.mails import buyer_mail, words
from tests.channels.email.rig import Rig, rig
from tests.fakes.mail_sink import Sink

pytestmark = pytest.mark.real_clock
GRACE = """Good morning,

We are a 1,200-employee hospital network in Ohio evaluating customer data
platforms. Before our steering committee on December 9 we need to know: do
you sign a BAA, is PHI encrypted at rest with customer-managed keys, and
what is your uptime SLA?

I am out of office until Thursday, so Friday would be best for a conversation;
our CISO (Dr. Alan Reyes, areyes@medora.example) should join.

Best,
Grace Lin
VP, Digital Health
Medora Health | Columbus, OH
"""


async def thread(mail: Rig, sink: Sink, sender: str, *texts: str) -> list[str]:
    """The replies to the mails of one thread."""
    last = None
    for text in texts:
        await mail.get(buyer_mail(text, sender=sender, answers=last))
        last = sink.mails[-1]
    return [words(reply) for reply in sink.mails]


async def test_a_list_behind_an_announcement_is_answered_item_by_item_and_a_day_offered(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        first, second, third = await thread(
            mail, mail_server, "Grace Lin <grace.lin@medora.example>", GRACE,
            "1pm Friday is fine.",
            "Apologies, something came up. Please cancel Friday; I'll come back to you in January.",
        )  # fmt: skip
        assert "> Do you sign a BAA\nYes," in first
        assert "> Is PHI encrypted at rest with customer-managed keys\nData is encrypted" in first
        assert "> What is your uptime SLA?\nThe service level" in first
        assert "steering committee" not in first
        assert "Friday, December 4 at" in first and "December 9" not in first
        assert "areyes@medora.example" in first
        assert "booked with" in second and "Friday, December 4 at 1 PM your time" in second
        assert "is cancelled" in third


async def test_a_call_asked_for_beside_a_question_is_offered_and_taken_by_its_weekday(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        first, second = await thread(
            mail, mail_server, "Hannah Cole <hcole@brightpath.example>",
            "We're a nonprofit (75 staff). Do you offer nonprofit pricing? I'd love a quick call"
            " sometime next week, mornings are best (I'm in Denver).\n\nHannah Cole\n",
            "Tuesday please",
        )  # fmt: skip
        assert "Discounts are for an account executive" in first
        assert "Tuesday, December 8 at 8 AM" in first
        assert "booked with Priya for Tuesday, December 8 at 8 AM" in second


async def test_a_time_that_works_is_booked_and_moved_at_its_hour(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        first, second, third = await thread(
            mail, mail_server, "Priya Raman <priya@oakline.example>",
            "1. Can we self-host?\n2. What would ~40M rows/month cost us?\n",
            "Thursday at 11 works. Please invite joe@oakline.example too.",
            "Sorry, can we make that Friday instead?",
        )  # fmt: skip
        assert "> What would ~40M rows/month cost us?" in first
        assert "Thursday, December 3 at 11 AM" in second and "joe@oakline.example" in second
        assert "now booked with" in third and "Friday, December 4 at 11 AM" in third


async def test_who_was_promised_an_answer_is_told_who_writes_and_asked_for_no_number(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        (reply,) = await thread(
            mail, mail_server, "Ana Silva <ana@logipro.example>",
            "Following up on my call with your assistant yesterday - it said somebody would get"
            " back to me about Oracle but nobody has. What's going on?",
        )  # fmt: skip
        assert "sorry" in reply and "will write to you at ana@logipro.example" in reply
        assert "number" not in reply


async def test_a_buyers_accounts_payable_sells_nothing_and_a_department_is_greeted_by_no_name(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        first, second = await thread(
            mail, mail_server, "Procurement <ap@oak.example>",
            "Is your API rate limited? And can I get your w9 and bank details for our AP team to"
            " set you up as vendor?\n\nRegards,\nVendor Management Office",
            "Anything else you need from us?",
        )  # fmt: skip
        assert first.startswith("Hello,") and second.startswith("Hello,")
        assert "six hundred requests a minute" in first and "vendors@" not in first
        (conversation,) = await mail.store.mails.conversations_with("ap@oak.example")
        facts = [entry.fact for entry in await mail.store.log.read(conversation)]
        told = [f.criterion for f in facts if isinstance(f, SignalCaptured)]
        assert "disqualifier" not in told and "name" not in told


async def test_who_wants_mail_instead_of_calls_is_answered_and_has_not_opted_out(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        (reply,) = await thread(
            mail, mail_server, "Lee Park <lee@parkandsons.example>",
            "Need pricing. 15 people. Shopify to BigQuery. Don't call me, email only.",
        )  # fmt: skip
        assert "$390 a month" in reply and "contacted" not in reply


async def test_a_time_in_their_city_is_booked_there(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        (reply,) = await thread(
            mail, mail_server, "Ravi Menon <ravi@kitebank.example>",
            "Can do Tue or Wed next week, 3pm London",
        )  # fmt: skip
        assert "3 PM UK time" in reply or "3 PM your time" in reply, reply
