"""A model's reading that is too late for its reply: entered once, never during a speculation."""

from core.commands import ProvideSignal
from core.events import Fact, SignalCaptured
from core.talk import Span
from core.thinking.refining import ModelReading, PendingReading
from tests.core.talk import Talk
from voice_agent.call.late_reading import LateReading
from voice_agent.call.playback import Reply
from voice_agent.call.preparing import Prepared


class Desk:
    """One call whose first turn was committed, and what is written to its log."""

    def __init__(self) -> None:
        self.talk = Talk()
        self.said = self.talk.said("the folks with the money")
        self.written: list[Fact] = []
        self.late = LateReading(self.talk.engine, self.write)

    def write(self, *facts: Fact) -> None:
        self.written += facts

    def prepared(self, *, stands: bool = True, used: bool = False) -> Prepared:
        signal = ProvideSignal(Span("the folks", 0, 400), "role", "CEO")
        made = Prepared(self.said, self.talk.state, Reply(1), stands=stands)
        made.pending = PendingReading(ModelReading(self.said, (signal,)))
        made.pending.used = used
        return made

    @property
    def roles(self) -> list[str]:
        return [f.value for f in self.written if isinstance(f, SignalCaptured)]


async def test_a_reading_is_entered_once():
    desk = Desk()
    prepared = desk.prepared()
    state = desk.late.entered(desk.talk.state, prepared, guessing=False)
    assert state.signals.value("role") == "CEO" and desk.roles == ["CEO"]
    assert desk.late.entered(state, prepared, guessing=False) is state


async def test_it_waits_while_a_guess_rests_on_the_state():
    desk = Desk()
    state = desk.late.entered(desk.talk.state, desk.prepared(), guessing=True)
    assert state is desk.talk.state and not desk.written
    state = desk.late.entered(state, None, guessing=False)
    assert state.signals.value("role") == "CEO" and desk.roles == ["CEO"]


async def test_what_the_reply_was_planned_on_or_what_was_never_committed_is_not_entered():
    desk = Desk()
    for prepared in (desk.prepared(used=True), desk.prepared(stands=False)):
        state = desk.late.entered(desk.talk.state, prepared, guessing=False)
        assert state is desk.talk.state
    gone = desk.prepared()
    gone.unread()
    assert desk.late.entered(desk.talk.state, gone, guessing=False) is desk.talk.state
    assert not desk.written
