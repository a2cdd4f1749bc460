"""One realistic call as its log would hold it, for tests that read facts."""

from datetime import UTC, datetime, timedelta

from core.events import (
    ConsentRecorded,
    ConversationEnded,
    ConversationStarted,
    CriterionAsked,
    CriterionDeclined,
    CriterionResult,
    DisclosureHeard,
    Fact,
    Flagged,
    Logged,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    RecordingSaved,
    RouteChosen,
    SignalCaptured,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)

AT = datetime(2025, 3, 3, 15, 4, 5, 678000, tzinfo=UTC)


def started(
    call_sid: str | None = "CA" + "1" * 32, caller: str | None = "+14155550123"
) -> ConversationStarted:
    return ConversationStarted(
        "voice", "inbound", caller, "+18005550100", call_sid, "tideline", "crit-1", "know-1", True
    )


def said(turn: int, speaker: str, text: str, start_ms: int, *cited: str) -> UtteranceRecorded:
    return UtteranceRecorded(turn, speaker, text, start_ms, start_ms + 900, citations=cited)  # type: ignore[arg-type]


def signal(
    n: int, criterion: str, value: str, quote: str, *, polarity: str = "positive",
    confidence: float = 0.9, supersedes: str | None = None,
) -> SignalCaptured:  # fmt: skip
    return SignalCaptured(
        f"s{n}", criterion, value, polarity, "stated", confidence, quote, n, n * 5000,
        n * 5000 + 900, supersedes,
    )  # type: ignore[arg-type]  # fmt: skip


def facts(
    call_sid: str | None = "CA" + "1" * 32, caller: str | None = "+14155550123"
) -> list[Fact]:
    """The whole call, without its end."""
    return [
        started(call_sid, caller),
        said(0, "agent", "Hi, this is Marina, Tideline's AI assistant.", 200),
        DisclosureHeard(1900),
        ConsentRecorded("recording", "given", "announced", 3000),
        said(1, "caller", "hi do you sync snowflake to salesforce", 5000),
        QuestionRaised("q1", "do you sync snowflake to salesforce", 1, 5000, 6900),
        signal(1, "tech_stack", "Snowflake", "sync snowflake to salesforce"),
        said(1, "agent", "Yes, Snowflake syncs to Salesforce.", 7400, "snowflake@2#1"),
        QuestionAnswered("q1", 1, ("snowflake@2#1",)),
        TurnTimed(1, 420, 250, 60, 40, 50, 20, True),
        CriterionAsked("employees", 1),
        said(2, "caller", "this is jane doe from acme we have twenty people", 10_000),
        signal(2, "name", "Jane Doe", "this is jane doe"),
        signal(3, "company", "Acme", "from acme"),
        signal(4, "employees", "20", "we have twenty people"),
        TurnTimed(2, 610, 400, 80, 50, 60, 20, False),
        said(3, "caller", "sorry two hundred not twenty", 15_000),
        signal(5, "employees", "200", "two hundred not twenty", supersedes="s4"),
        said(4, "caller", "do you have an office in lima", 20_000),
        QuestionRaised("q2", "do you have an office in lima", 4, 20_000, 21_000),
        QuestionDeferred("q2", "Do you have an office in Lima?", 4, "sam", "not covered"),
        PromiseMade("Sam will answer about the Lima office.", "sam", 4),
        said(5, "caller", "i would rather not say the budget", 25_000),
        CriterionDeclined("budget", 5, "i would rather not say the budget"),
        Flagged("gate_blocked", 5, 26_000, "a price without a source"),
        VerdictReached(
            "qualified", "mid-market", 0.8,
            (
                CriterionResult("employees", "met", "200 people", ("s5",)),
                CriterionResult("budget", "unknown", "not said"),
            ),
            ("budget",), ("Company size and warehouse fit.",), "crit-1", 5,
        ),
        RouteChosen("sam", "callback", ("owns mid-market",), (("kim", "other region"),), False, 5),
        RecordingSaved("c1.wav", 31_000),
    ]  # fmt: skip


ENDED = ConversationEnded("callback_promised", "caller_hung_up", 31_000)


def logged(facts_: list[Fact], conversation_id: str = "c1") -> list[Logged]:
    return [
        Logged(conversation_id, n, AT + timedelta(seconds=n - 1), fact)
        for n, fact in enumerate(facts_, start=1)
    ]
