"""Existing customers according to the CRM: recognised, routed, reported, and served as such."""

from dataclasses import replace

import pytest

from core.commands import SupportNeed
from core.conversation.remembering import known_to_crm
from core.conversation.understanding.embedded import Understanding
from core.crm.records import Found
from core.events import ConversationStarted, Fact, Logged
from core.handoff.brief import brief
from core.identity.memory import Past, Recognition, recall
from core.nurture import lead_of, never
from core.projections.document import document
from core.rehearsal.backtest import outcome
from core.routing.choose import Lead, choose
from core.routing.replay import past
from core.talk import UserSaid
from core.thinking.thinker import Thinker
from tests.core.talk import MONDAY_NOON, OTHER, Talk, engine, knowledge, sample

COMPANY = sample().company
DANA = Found(
    "hubspot", "77", name="Dana Reyes", company="Acme", owner="tom-beckett",
    customer="lifecyclestage is customer",
)  # fmt: skip
BEGAN = ConversationStarted(
    "voice", "inbound", "+14155550100", None, None, "t", "1", "1", False
)  # fmt: skip


def met(talk: Talk, found: Found | None) -> Talk:
    """What the CRM answered comes to the conversation."""
    talk.state, facts = engine().recognised(talk.state, Recognition(crm=found))
    talk.facts += facts
    return talk


def told(talk: Talk) -> dict:
    began = ConversationStarted(
        "voice", "inbound", "+14155550100", None, None, "t", "1", "1", False
    )
    facts: list[Fact] = [began, *talk.facts]
    logged = [Logged("c1", n, MONDAY_NOON, f) for n, f in enumerate(facts, start=1)]
    return document("c1", logged, company=COMPANY)


async def test_a_customer_who_says_who_they_are_is_known_as_one_by_the_crm():
    talk = met(Talk(), DANA)
    await talk.says("Hi, this is Dana Reyes.")
    talk = met(talk, DANA)
    (flag,) = [s for s in talk.state.signals.active if s.criterion == "customer"]
    assert (flag.value, flag.basis) == ("yes", "crm") and talk.state.customer
    assert flag.quote == "hubspot: lifecyclestage is customer"
    made = told(talk)
    assert made["customer"] and made["crm_contact"]["customer"] == "lifecyclestage is customer"
    assert (
        "Existing customer (hubspot: lifecyclestage is customer)."
        in brief(talk.facts, COMPANY)["summary"]
    )
    assert "customer yes" not in brief(talk.facts, COMPANY)["summary"], "it is told once"


async def test_of_who_may_be_somebody_else_it_counts_for_the_route_and_is_never_their_word():
    talk = met(Talk(), DANA)
    await talk.says("Do you work with Snowflake?")
    assert talk.state.customer and talk.state.signals.value("customer") is None
    route = talk.state.judged.route
    assert (route.rep, route.action) == ("tom-beckett", "callback")
    assert route.reasons[0] == "Too little said to judge, existing customer."
    assert route.rule == "existing-customer"
    handed = brief(talk.facts, COMPANY)["summary"]
    assert "By number or address an existing customer" in handed


async def test_nobody_is_taken_for_a_customer_by_a_crm_that_does_not_say_so():
    talk = met(Talk(), replace(DANA, customer=""))
    await talk.says("Do you work with Snowflake?")
    assert not talk.state.customer and not told(talk)["customer"]
    assert talk.state.judged.route.rule != "existing-customer"


def test_a_rule_can_be_for_customers_alone_or_for_all_but_them():
    only = COMPANY.routing[2].model_copy(
        update={"id": "only", "customer": True, "verdicts": (), "reps": ("kenji-mori",)}
    )
    others = only.model_copy(update={"id": "others", "customer": False, "reps": ("priya-nair",)})
    company = COMPANY.model_copy(update={"routing": (only, others)})
    routes = {c: choose(Lead("insufficient", customer=c), company) for c in (True, False)}
    assert {c: r.rep for c, r in routes.items()} == {True: "kenji-mori", False: "priya-nair"}
    assert routes[False].reasons[0] == "No customer yet."


TROUBLE = (
    "Salesforce stopped updating last night.", "Something's broken.", "My dashboard is empty.",
    "Our users can't log in.", "Half of our rows are not arriving.", "We get a 403 from the API.",
    "Duplicates keep showing up in HubSpot.", "Records are missing in HubSpot.", "I need support.",
)  # fmt: skip
NONE = (
    "What happens if a sync fails?", "Do records get duplicated?", "We're on Snowflake.",
    "Is it possible that data is stale?", "I can't find the pricing for Enterprise.",
    "We want to add more seats.", "We have data in Redshift and want it in HubSpot.",
)  # fmt: skip


def hears_trouble(talk: Talk, words: str) -> bool:
    said = UserSaid(1, words, 0, 900, MONDAY_NOON)
    return any(isinstance(c, SupportNeed) for c in Understanding(COMPANY).read(said, talk.state))


@pytest.mark.parametrize("words", TROUBLE)
def test_what_is_wrong_at_a_customers_is_for_support_and_at_anybody_elses_is_their_story(words):
    assert hears_trouble(met(Talk(), DANA), words) and not hears_trouble(Talk(), words)


@pytest.mark.parametrize("words", NONE)
def test_a_customer_who_asks_or_tells_is_not_sent_to_support(words):
    assert not hears_trouble(met(Talk(), DANA), words)


async def test_a_customer_in_trouble_hears_where_support_is():
    talk = met(Talk(), DANA)
    turn = await talk.says("Salesforce stopped updating last night.")
    assert "support@tideline.example" in turn.text
    assert talk.state.judged.disqualified == "support"


async def test_what_is_wrong_with_what_they_have_from_us_is_for_support():
    talk = Talk(folder=OTHER.parent / "creek")
    turn = await talk.says("the softener we rent from you is dumping water on my boiler room floor")
    assert "614 555 0199" in turn.text and talk.state.judged.disqualified == "customer"


async def test_who_is_a_customer_is_left_alone_by_nurture():
    talk = met(Talk(), DANA)
    await talk.says("We are 40 people without a warehouse, no plans at all, dana@acme.com.")
    made = told(talk) | {"verdict": {"result": "nurture", "criteria": [], "reasons": ["early"]}}
    lead = lead_of(made, COMPANY, {}, MONDAY_NOON)
    assert lead is not None and never(lead, COMPANY) == "customer"
    assert never(replace(lead, customer=False), COMPANY) == ""


async def test_rules_tried_on_stored_conversations_know_customers():
    talk = met(Talk(), DANA)
    await talk.says("Do you work with Snowflake?")
    began = ConversationStarted(
        "voice", "inbound", "+14155550100", None, None, "t", "1", "1", False
    )
    facts = [began, *talk.facts]
    seen = past("c1", MONDAY_NOON, facts, {})
    assert seen is not None and seen.lead.customer and seen.lead.owner == "tom-beckett"
    again = outcome("c1", MONDAY_NOON, facts, Thinker(COMPANY, knowledge(), "v"), {})
    assert again is not None and again.route.rep == "tom-beckett"


def test_a_customer_of_an_earlier_conversation_is_looked_up_anew():
    state, facts = known_to_crm(Talk().state, replace(DANA, proven=True))
    assert state.signals.value("customer") == "yes"
    began = ConversationStarted("chat", "inbound", None, None, None, "t", "1", "1", False)
    known = recall("p", [Past("c0", "chat", "2026-01-01T00:00:00+00:00", (began, *facts))],
                   sure=True)  # fmt: skip
    assert [s.criterion for s in known.signals] == ["company"]


def test_the_playbook_says_by_the_crm_what_nobody_said():
    rule = COMPANY.playbook[0].model_copy(
        update={"id": "customer", "signals": {"customer": ()}, "say": "Look at their account."}
    )
    company = COMPANY.model_copy(update={"playbook": (rule,)})
    _, facts = known_to_crm(Talk().state, replace(DANA, proven=True))
    (advice,) = brief(facts, company)["recommended_approach"]
    assert advice["because"] == "by the CRM: yes"
