"""What is already known enters a conversation once, and nothing slips out before it may."""

from dataclasses import replace

import pytest

from core.crm.records import Found, FoundBy
from core.events import Earlier, PersonAnswered, PersonRecalled, SignalCaptured
from core.facts.standing import live_signals, unmerged
from core.identity.memory import Memory, Recognition
from core.projections.document import document
from tests.core.talk import Talk
from tests.fakes.a_call import logged, signal

CHAT = Earlier("chat", "chat", "2026-11-30T15:00:00+00:00")


def remembered(criterion: str, value: str, n: int) -> SignalCaptured:
    found = signal(n, criterion, value, value.lower())
    return replace(found, origin="chat", signal_id=f"chat/s{n}")


def memory(
    *signals: SignalCaptured, name: str = "Dana Reyes", person: str = "p1", sure: bool = False
):
    named = (remembered("name", name, 1),) if name else ()
    return Memory(PersonRecalled(person, sure, (CHAT,), declined=("budget",)), (*named, *signals))


HEALTH = remembered("industry", "Healthcare", 2)
STACK = remembered("tech_stack", "Snowflake", 3)


def talk(found: Recognition) -> Talk:
    made = Talk()
    made.state, facts = made.engine.recognised(made.state, found)
    made.facts += facts
    return made


def known(it: Talk) -> dict[str, str]:
    return {s.criterion: s.value for s in it.state.signals.active}


async def test_who_is_known_brings_what_they_told_and_the_verdict_counts_it():
    it = talk(Recognition(memory(HEALTH, STACK, sure=True)))
    turn = await it.says("how much is the growth plan")
    assert known(it) == {"name": "Dana Reyes", "industry": "Healthcare", "tech_stack": "Snowflake"}
    assert any("chat/s3" in c.signals for c in it.verdict.criteria)
    assert "industry" not in turn.asks and "budget" in it.state.asks.declined
    made = document("c2", logged(it.facts, "c2"))
    assert {s["criterion"]: (s["origin"] or {}).get("words") for s in made["signals"]} == {
        "name": "in chat on Monday, 30 Nov", "industry": "in chat on Monday, 30 Nov",
        "tech_stack": "in chat on Monday, 30 Nov",
    }  # fmt: skip
    assert made["person"] == {"id": "p1", "sure": True}
    assert "Before: in chat on Monday, 30 Nov" in made["handoff"]["summary"]


async def test_a_correction_supersedes_across_conversations():
    it = talk(Recognition(memory(remembered("employees", "20", 2), sure=True)))
    await it.says("we have two hundred people")
    (told,) = [s for s in live_signals(it.facts) if s.criterion == "employees"]
    assert (told.value, told.supersedes, told.origin) == ("200", "chat/s2", "")


async def test_recognised_twice_changes_nothing():
    found = Recognition(memory(HEALTH, sure=True))
    it = talk(found)
    assert it.engine.recognised(it.state, found) == (it.state, ())


async def test_what_was_told_here_first_stands_against_what_is_recalled_later():
    it = Talk()
    await it.says("we have two hundred people")
    old = remembered("employees", "20", 2)
    it.state, facts = it.engine.recognised(it.state, Recognition(memory(old, HEALTH, sure=True)))
    assert old not in facts and known(it)["employees"] == "200" and HEALTH in facts


async def test_another_person_takes_the_place_of_the_one_they_were_taken_for():
    it = talk(Recognition(memory(HEALTH)))
    other = memory(STACK, name="", person="p2")
    for found in (Recognition(other), Recognition()):
        it.state, facts = it.engine.recognised(it.state, found)
        it.facts += facts
        wanted = {"tech_stack": "Snowflake"} if found.known else {}
        assert known(it) == wanted
        assert {s.criterion: s.value for s in live_signals(unmerged(it.facts))} == wanted


async def test_a_number_s_one_person_is_asked_for_once_by_first_name_and_nothing_else():
    it = talk(Recognition(candidates=(memory(HEALTH, STACK),)))
    first = await it.says("how much is the growth plan")
    assert first.text.endswith("Is this Dana?") or "Am I speaking with Dana?" in first.text
    assert first.asks == ["offer:identity"] and known(it) == {}
    said = first.text
    for line in ("do you support sso", "is there a free trial"):
        turn = await it.says(line)
        said += turn.text
        assert "offer:identity" not in turn.asks
    assert not any(w in said for w in ("Reyes", "Healthcare", "Snowflake"))
    assert not any(isinstance(f, PersonRecalled) for f in it.facts)


@pytest.mark.parametrize("yes", ["yes", "yes it is", "speaking", "that's me", "yes this is dana"])
async def test_a_yes_brings_what_is_known(yes):
    it = talk(Recognition(candidates=(memory(HEALTH),)))
    await it.says("how much is the growth plan")
    turn = await it.says(yes)
    assert (
        known(it)["industry"] == "Healthcare"
        and it.state.identity.person
        and it.state.identity.person.sure
    )
    assert [f.yes for f in turn.facts if isinstance(f, PersonAnswered)] == [True]
    assert "industry" not in turn.asks


@pytest.mark.parametrize("no", ["no", "no this is lee", "no my name is Lee Chan"])
async def test_a_no_forgets_and_is_never_asked_again(no):
    it = talk(Recognition(candidates=(memory(HEALTH),)))
    await it.says("how much is the growth plan")
    turn = await it.says(no)
    assert not it.state.identity.guesses and "industry" not in known(it)
    assert [f.yes for f in turn.facts if isinstance(f, PersonAnswered)] == [False]
    more = await it.says("do you support sso")
    assert "offer:identity" not in (*turn.asks, *more.asks)


@pytest.mark.parametrize("line", ["okay", "okay and do you support sso", "great"])
async def test_an_okay_is_no_yes_to_who_they_are(line):
    it = talk(Recognition(candidates=(memory(HEALTH),)))
    await it.says("how much is the growth plan")
    await it.says(line)
    assert it.state.identity.person is None and "industry" not in known(it)


async def test_a_name_given_unasked_settles_it():
    it = talk(Recognition(candidates=(memory(HEALTH),)))
    turn = await it.says("hi this is dana from acme how much is the growth plan")
    assert known(it)["industry"] == "Healthcare" and "offer:identity" not in turn.asks
    other = talk(Recognition(candidates=(memory(HEALTH),)))
    turn = await other.says("hi this is robert from acme how much is the growth plan")
    assert "industry" not in known(other) and "offer:identity" not in turn.asks


async def test_a_line_several_share_asks_for_a_name_once_and_reveals_none():
    both = (memory(HEALTH), memory(STACK, name="Lee Chan", person="p2"))
    it = talk(Recognition(candidates=both))
    turn = await it.says("how much is the growth plan")
    assert turn.asks == ["name"] and "Dana" not in turn.text and "Lee" not in turn.text
    await it.says("lee chan")
    assert it.state.identity.person and it.state.identity.person.person_id == "p2"
    assert known(it)["tech_stack"] == "Snowflake" and "industry" not in known(it)


async def test_one_who_once_opted_out_is_served_and_proposed_nothing():
    quiet = memory(HEALTH, STACK, remembered("employees", "400", 4), sure=True)
    quiet = replace(quiet, recalled=replace(quiet.recalled, opted_out="chat"))
    it = talk(Recognition(quiet))
    for line in ("how much is the growth plan", "do you support sso", "is there a free trial",
                 "are you hipaa compliant"):  # fmt: skip
        turn = await it.says(line)
        assert turn.action is None and not {"offer:callback", "offer:slots"} & {*turn.asks}
    made = document("c2", logged(it.facts, "c2"))
    assert "Do not contact: they asked us not to (in chat" in made["handoff"]["summary"]


async def test_a_turn_that_is_taken_back_takes_back_what_it_brought():
    from core.booked import kept
    from core.events import TurnMerged

    it = talk(Recognition(candidates=(memory(HEALTH),)))
    await it.says("how much is the growth plan")
    before = it.state
    await it.says("yes")
    it.state = kept(before, it.state)
    assert it.state.identity.person is None and it.state.identity.guesses == before.identity.guesses
    assert not live_signals(unmerged([*it.facts, TurnMerged(2)]))


async def test_what_was_recalled_beside_a_turn_outlives_it():
    from core.booked import kept

    it = Talk()
    before = it.state
    await it.says("how much is the growth plan")
    it.state, _ = it.engine.recognised(it.state, Recognition(memory(HEALTH, sure=True)))
    it.state = kept(before, it.state)
    assert known(it)["industry"] == "Healthcare" and it.state.identity.person is not None


def of_crm(by: FoundBy, *, shared: bool = False) -> Recognition:
    found = Found("hubspot", "77", name="Dana Reyes", company="Northwind", by=by, shared=shared)
    return Recognition(crm=found)


async def test_whose_mobile_the_crm_knows_is_asked_by_first_name_and_known_once_they_say_yes():
    it = talk(of_crm("mobile"))
    first = await it.says("how much is the growth plan")
    said = first.text if "Dana" in first.text else (await it.says("do you support sso")).text
    assert "Am I speaking with Dana?" in said and "Reyes" not in said and "Northwind" not in said
    await it.says("yes")
    assert known(it)["name"] == "Dana Reyes"
    it.state, facts = it.engine.recognised(it.state, of_crm("mobile"))
    assert it.state.identity.crm.sure and known(it)["company"] == "Northwind"
    assert not [f for f in it.facts if isinstance(f, PersonAnswered)], "no person of ours"


async def test_an_office_telephone_a_shared_number_and_a_typed_address_ask_nobody_by_name():
    for found in (of_crm("phone"), of_crm("email"), of_crm("mobile", shared=True)):
        assert not talk(found).state.identity.guesses, found
    it = talk(of_crm("mobile"))
    await it.says("hi my name is walter brown")
    assert not it.state.identity.guesses and it.state.identity.person is None
    it = talk(of_crm("mobile"))
    it.state = replace(
        it.state,
        awaited=replace(it.state.awaited, offer="identity", turn=0),
        proposals=replace(it.state.proposals, made=("identity",)),
    )
    await it.says("no i'm not")
    assert not it.state.identity.guesses and "name" not in known(it)
