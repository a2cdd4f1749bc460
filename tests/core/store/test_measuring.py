"""What is read for reports is all that counts: a whole log gives the same figures."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import (
    TALKED_OVER,
    ConversationStarted,
    Fact,
    Flagged,
    Noted,
    SignalCaptured,
    TurnMerged,
    UtteranceRecorded,
)
from core.metrics.measured import measured
from core.store.codec import encode
from core.store.measuring import measured_between
from core.store.projection import opening
from core.store.store import Store
from core.store.tables import ConversationRow, FactRow
from tests.contracts.event_log import AT
from tests.core.store.facts import any_fact

NOTES = st.sampled_from(("greeted", "mail_sent", TALKED_OVER, "handoff"))
TURNS = st.integers(0, 3)
told = st.one_of(
    st.builds(
        UtteranceRecorded, TURNS, st.sampled_from(("caller", "agent", "rep")), st.just("well"),
        st.just(0), st.just(9), citations=st.lists(st.sampled_from("abc")).map(tuple),
        kind=st.sampled_from(("answer", "ask", "")),
    ),
    st.builds(
        SignalCaptured, st.sampled_from("stu"), st.sampled_from(("email", "budget")),
        st.sampled_from(("a@b.example", "B@b.example")), st.just("positive"), st.just("stated"),
        st.just(1.0), st.just(""), TURNS, st.just(0), st.just(9),
        origin=st.sampled_from(("", "c0")),
    ),
    st.builds(Noted, NOTES, st.just({"after_ms": 700, "took": "echo"})),
    st.builds(Flagged, st.sampled_from(("pilot", "odd")), TURNS, st.just(0), st.just("")),
    st.builds(TurnMerged, TURNS),
    any_fact.filter(lambda fact: not isinstance(fact, ConversationStarted)),
)  # fmt: skip
logs = st.tuples(
    st.sampled_from(("voice", "chat", "email")), st.sampled_from((None, "+15550100")),
    st.lists(told, max_size=12),
)  # fmt: skip


@pytest.mark.real_clock
async def test_figures_of_what_is_read_are_those_of_the_whole_log(store: Store):
    @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
    @given(logs)
    def draw(log: tuple[str, str | None, list[Fact]]) -> None:
        drawn.append(log)

    drawn: list[tuple[str, str | None, list[Fact]]] = []
    draw()

    def keep(c: sa.Connection) -> None:
        for n, (channel, caller, facts) in enumerate(drawn):
            begun = ConversationStarted(
                channel, "inbound", caller, None, f"CA{n}", "tideline", "c", "k", False,
            )  # fmt: skip
            of = {"channel": channel, "caller": caller}
            c.execute(sa.insert(ConversationRow.__table__).values(opening(f"c{n}", AT, "x") | of))
            for seq, fact in enumerate((begun, *facts), 1):
                kind, payload = encode(fact)
                at = AT + timedelta(seconds=seq)
                row = {"conversation_id": f"c{n}", "seq": seq, "at": at, "kind": kind}
                c.execute(sa.insert(FactRow.__table__).values(row | {"payload": payload}))

    await store.write("t", keep)
    made, _ = await store.query(lambda c: measured_between(c, AT, AT + timedelta(days=1)))
    found = {one.conversation_id: one for one in made}
    for n in range(len(drawn)):
        log = await store.log.read(f"c{n}")
        assert found[f"c{n}"] == measured(log)
