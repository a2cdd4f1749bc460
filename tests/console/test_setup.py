"""Set-up: each phase judged by what is there, and the agent switched off with one press."""

from dataclasses import replace

import pytest

from core.pilot import Switch
from core.store import audit
from core.store.figures import Period, figures
from core.store.pilot import switched
from tests.console.conftest import Office
from tests.console.test_queues import call
from tests.core.talk import OTHER, sample
from tests.fakes.a_call import AT
from voice_agent.console.setup import phases

pytestmark = pytest.mark.real_clock


async def test_every_phase_is_judged_by_what_is_there(office: Office):
    nothing = await office.store.query(lambda c: figures(c, Period(AT, AT), "UTC"))
    for folder in (office.company, OTHER):
        made = phases(sample(folder), {}, nothing, Switch(), AT)
        assert [p.name for p in made] == [
            "Foundation", "Knowledge", "Integration", "Pilot", "Scale"
        ]  # fmt: skip
        assert all(i.state == "done" for i in made[0].items[:2])
    bare = sample().company.model_copy(update={"disqualifiers": (), "numbers": ()})
    made = phases(
        replace(sample(), company=bare), {"sync": 3, "elsewhere": 2, "unwritten": 4}, nothing,
        Switch(False), AT,
    )  # fmt: skip
    states = {item.text: item.state for phase in made for item in phase.items}
    assert states["Nothing says who is no fit."] == states["No number is set."] == "missing"
    assert states["To be written, marked # TO DO: 4 articles."] == "missing"
    assert states["Records failed of 3 conversations."] == "look"
    assert states["Without an answer: 2 questions of other systems."] == "look"
    assert any(text.startswith("Switched off") for text in states)


async def test_hours_taken_over_from_the_company_are_nothing_missing(office: Office):
    nothing = await office.store.query(lambda c: figures(c, Period(AT, AT), "UTC"))
    company = sample().company
    some = company.hours.model_copy(update={"week": {}})
    first, *others = (rep.model_copy(update={"hours": None}) for rep in company.team)
    n = len(company.team)

    def told(**changes: object) -> dict[str, str]:
        other = replace(sample(), company=company.model_copy(update=changes))
        made = phases(other, {}, nothing, Switch(), AT)
        return {item.text: item.state for phase in made for item in phase.items}

    same = told(team=(first, *others))
    assert same[f"{n} of {n} reps have working hours, {n} of them the company's."] == "done"
    own = tuple(rep.model_copy(update={"hours": company.hours}) for rep in company.team)
    assert told(team=own)[f"{n} of {n} reps have working hours."] == "done"
    nobody = first.model_copy(update={"hours": some})
    gone = told(team=(nobody, *own[1:]))
    assert gone[f"{n - 1} of {n} reps have working hours."] == "look"


async def test_a_manager_takes_the_agent_off_everything_and_puts_it_back(office: Office):
    await call(office.store, "a")
    rep, manager = await office.browser("rep"), await office.browser("manager")
    assert (await rep.post("/console/setup/switch", {"on": "no"})).status_code == 403
    on = (await manager.see("/console/setup")).text
    assert "The agent is on" in on and "calls hear the words of <code>overflow</code>" in on
    await manager.post("/console/setup/switch", {"on": "no", "why": "<b>fire drill</b>"})
    assert not (await office.store.query(switched)).on
    page = (await manager.see("/console/setup")).text
    assert "The agent is off" in page and "&lt;b&gt;fire drill" in page
    await manager.post("/console/setup/switch", {"on": "yes"})
    assert (await office.store.query(switched)).on
    acts = [line.act for line in await office.store.query(lambda c: audit.lines(c, limit=2))]
    assert acts == ["agent on", "agent off"]
    assert (await manager.post("/console/setup/switch", {"on": "maybe"})).status_code == 422
