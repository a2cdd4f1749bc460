"""What counts as right, wrong and missed, on conversations that were really held."""

from core.evaluation.format import Targets
from core.evaluation.noise import Noise
from core.evaluation.report import as_json, report
from core.evaluation.run import hold
from core.events import MeetingRecorded
from tests.core.evaluation.authored import evals, held, scored
from tests.core.talk import engine

HEAD = "when: 2026-11-30 12:00\nfrom: '+14155550100'\nconversations:\n  - id: a\n"


def kinds(one):
    return [(m.kind, m.turn) for m in one.misses]


async def test_everything_right_leaves_no_misses(tmp_path):
    one = await scored(
        tmp_path,
        HEAD
        + """
    turns:
      - {caller: "Can this integrate with our Snowflake data warehouse?", answer: snowflake}
      - {caller: "We have two hundred people.", segment: mid-market}
      - {caller: "Do you have a moon base?", defer: true}
    expect: {signals: {tech_stack: Snowflake, employees: 200}, segment: mid-market}
""",
    )
    assert not one.misses
    assert one.signals["employees"].hits == one.signals["tech_stack"].hits == 1
    assert (one.tallies["answered"].right, one.tallies["put off"].right) == (1, 1)
    assert one.gives >= 1 and one.asks_before_value == 0


async def test_an_article_that_leaves_its_question_to_a_person_is_told_in_its_own_words(tmp_path):
    one = await scored(
        tmp_path,
        HEAD
        + """
    turns:
      - {caller: "Can we get a discount?", answer: discounts}
      - {caller: "Do you have a moon base?", answer: discounts}
""",
    )
    assert (one.tallies["answered"].right, one.tallies["false deferral"].right) == (1, 1)


async def test_wrong_labels_are_all_missed(tmp_path):
    one = await scored(
        tmp_path,
        HEAD
        + """
    turns:
      - {caller: "Can this integrate with our Snowflake data warehouse?", answer: bigquery}
      - {caller: "Does your platform support SSO?", defer: true}
      - {caller: "Do you have a moon base?", answer: sso}
      - {caller: "We have two hundred people.", ask: none, segment: startup, action: hang_up}
    expect:
      signals: {employees: 20, role: CEO}
      not_signals: {tech_stack: Snowflake}
      verdict: disqualified
      route: {rep: kenji-mori}
      agreed: yes
      human: yes
      opted_out: yes
      recording: declined
      flags: [abuse]
      outcome: opted_out
      never: [snowflake]
""",
    )
    found = {m.kind for m in one.misses}
    assert found >= {
        "answer", "signal", "not signal", "verdict", "segment", "route", "agreed", "human",
        "opted out", "recording", "flag", "outcome", "never said", "action",
    }  # fmt: skip
    assert one.tallies["wrong article"].right == 1 and one.tallies["false answer"].right == 1
    assert one.tallies["false deferral"].right == 1
    employees = one.signals["employees"]
    assert (employees.hits, employees.missed, employees.extra) == (0, 1, 1)


async def test_what_a_reply_means_counts_only_when_it_was_asked_for(tmp_path):
    text = (
        HEAD
        + """
    turns: [{caller: "Can this integrate with our Snowflake data warehouse?"}, {caller: "bye"}]
    answers:
      use_case: {say: "We want reverse ETL.", means: reverse ETL}
      industry: {say: "We're in healthcare.", means: healthcare}
    expect: {signals: {tech_stack: Snowflake}}
"""
    )
    one = await scored(tmp_path, text)
    said = [e.saying.text for e in one.held.exchanges]
    assert said[1] == "We want reverse ETL." and "We're in healthcare." not in said
    assert one.signals["use_case"].hits == 1 and "industry" not in one.signals


async def test_noise_changes_words_the_same_way_each_time(tmp_path):
    text = (
        HEAD
        + """
    turns: [{caller: "We are two hundred people and we would like to know if you work with dbt."}]
"""
    )
    (one,) = evals(tmp_path, one=text).conversations
    noise = Noise(0.5, 1, [one.turns[0].caller])
    first, again = [await hold(one, engine(), noise) for _ in range(2)]
    assert first.exchanges[0].heard_as == again.exchanges[0].heard_as != one.turns[0].caller


async def test_the_report_holds_targets_to_their_side(tmp_path):
    one = await scored(
        tmp_path,
        HEAD + '    tags: [gap]\n    turns: [{caller: "Do you have a moon base?", answer: sso}]',
    )
    run = report([one])
    assert (run.tags["gap"].right, run.tags["gap"].of) == (0, 1)
    goals = run.goals(Targets(false_deferrals=0.5, answered=0.0, invariant_violations=0))
    assert {g.name: g.met for g in goals} == {
        "false_deferrals": False, "answered": True, "invariant_violations": True,
    }  # fmt: skip
    document = as_json(run, [one], Targets(verdict=0.9))
    assert document["targets"] == [{"name": "verdict", "target": 0.9, "reached": None, "met": True}]
    assert document["results"][0]["misses"][0]["expected"] == "sso"
    assert document["results"][0]["transcript"][1]["caller"] == "Do you have a moon base?"


async def test_a_caller_we_hang_up_on_was_not_heard_out(tmp_path):
    one = await held(
        tmp_path,
        HEAD
        + """
    turns: [{caller: "Take me off your list and never call me again."}, {caller: "Hello?"}]
""",
    )
    assert one.left == 1 and one.exchanges[0].action == "hang_up"


async def test_a_meeting_is_booked_in_the_conversation_and_agreed_at_its_time(tmp_path):
    text = (
        HEAD
        + """
    turns:
      - {caller: "Hi, can I book a demo please?", invites: true}
      - {caller: "Thanks, bye."}
    answers: {slots: "Tomorrow is good.", name: "Jane Doe", email: "I'd rather not say."}
    expect: {agreed: tomorrow, never: ["call you today"]}
"""
    )
    one = await scored(tmp_path, text)
    assert [f.status for f in one.held.facts if isinstance(f, MeetingRecorded)] == ["booked"]
    assert one.tallies["agreed"].right == 1, one.misses
    other = await scored(tmp_path, text.replace("agreed: tomorrow", "agreed: friday"))
    assert [m.kind for m in other.misses] == ["agreed"]


async def test_what_is_allowed_is_no_mistake_and_any_allows_everything(tmp_path):
    text = (
        HEAD
        + """
    turns: [{caller: "We are a hospital with two hundred people."}]
    expect: {signals: {employees: 200}, allow: PERMITTED}
"""
    )
    extra = [
        [m for m in (await scored(tmp_path, text.replace("PERMITTED", permitted))).misses
         if m.kind == "signal"]
        for permitted in ("{}", "{industry: any}", "any", "{role: any}")
    ]  # fmt: skip
    assert [bool(e) for e in extra] == [True, False, False, True]


async def test_a_disqualifier_that_must_not_stand_is_missed_where_it_does(tmp_path):
    one = await scored(
        tmp_path,
        HEAD
        + """
    turns: [{caller: "I'm a student writing a paper."}]
    expect: {allow: any, not_signals: {disqualifier: student}}
""",
    )
    assert [m.kind for m in one.misses] == ["not signal"]
