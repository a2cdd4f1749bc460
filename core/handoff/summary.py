"""`summary(facts, company)`: a conversation in at most five short sentences.

Who it was, what they asked, what they said of themselves, what follows from it, what happens next.
"""

from collections.abc import Sequence

from core.events import (
    ConversationEnded,
    ConversationStarted,
    Fact,
    PromiseMade,
    QuestionRaised,
    RouteChosen,
    VerdictReached,
)
from core.handoff.wording import label, listed, person, plain, short
from core.standing import (
    CONTACT_FIELDS,
    callback,
    contact,
    every,
    latest,
    live_signals,
    outstanding,
)
from knowledge.profile import Company

QUESTIONS = 2
QUESTION_WORDS = 12
SIGNALS = 5
VALUE_WORDS = 8

CAME = {"voice": "called", "chat": "wrote on the website chat", "email": "wrote an email"}
RESULTS = {
    "qualified": "Qualified",
    "disqualified": "Not a fit",
    "nurture": "Not ready yet",
    "needs_human": "For a person to judge",
    "insufficient": "Too little said to judge",
}
NEXT = {
    "book": "a meeting with {rep}",
    "transfer": "transfer to {rep}",
    "callback": "{rep} calls back",
    "nurture": "stay in touch, {rep}",
    "resources": "resources were pointed out, nothing is owed",
}


def summary(facts: Sequence[Fact], company: Company | None = None) -> str:
    """Plain text; empty when nothing happened."""
    sentences = (
        _who(facts), _asked(facts), _said(facts, company), _verdict(facts, company),
        _next(facts, company),
    )  # fmt: skip
    return " ".join(sentence for sentence in sentences if sentence)


def _who(facts: Sequence[Fact]) -> str:
    started = latest(facts, ConversationStarted)
    if started is None:
        return ""
    said = contact(facts)
    who = (
        said["name"].value
        if "name" in said
        else "A caller"
        if started.channel == "voice"
        else "A visitor"
    )
    at = f" of {said['company'].value}" if "company" in said else ""
    number = f" from {started.caller}" if started.caller else ""
    when = " after hours" if started.after_hours else ""
    ended = latest(facts, ConversationEnded)
    long = (
        f" and talked for {_length(ended.duration_ms)}"
        if ended and started.channel == "voice"
        else ""
    )
    return f"{who}{at} {CAME[started.channel]}{number}{when}{long}."


def _asked(facts: Sequence[Fact]) -> str:
    asked = every(facts, QuestionRaised)
    if not asked:
        return ""
    quoted = [f"“{short(question.text, QUESTION_WORDS)}”" for question in asked[:QUESTIONS]]
    more = f" and {len(asked) - QUESTIONS} more" if len(asked) > QUESTIONS else ""
    owed = len(outstanding(facts))
    left = f"; {owed} still to be answered" if owed else ""
    return f"Asked {', '.join(quoted)}{more}{left}."


def _said(facts: Sequence[Fact], company: Company | None) -> str:
    said: dict[str, str] = {}
    for signal in live_signals(facts):
        if signal.criterion not in CONTACT_FIELDS and signal.polarity != "negative":
            value = short(signal.value, VALUE_WORDS)
            earlier = said.get(signal.criterion)
            said[signal.criterion] = f"{earlier}, {value}" if earlier else value
    shown = [f"{label(name, company).lower()} {value}" for name, value in said.items()]
    return f"Said: {'; '.join(shown[:SIGNALS])}." if shown else ""


def _verdict(facts: Sequence[Fact], company: Company | None) -> str:
    verdict = latest(facts, VerdictReached)
    if verdict is None:
        return ""
    segment = f" ({verdict.segment})" if verdict.segment else ""
    text = f"{RESULTS[verdict.result]}{segment}"
    if verdict.result == "insufficient" and verdict.missing:
        names = [label(name, company).lower() for name in verdict.missing[:SIGNALS]]
        return plain(f"{text}; unknown: {listed(names)}")
    because = f": {short(verdict.reasons[0], 20)}" if verdict.reasons else ""
    return plain(text + because)


def _next(facts: Sequence[Fact], company: Company | None) -> str:
    wanted = callback(facts)
    route = latest(facts, RouteChosen)
    if route is not None and route.action != "none":
        rep = person(route.rep, company) if route.rep else "the team"
        when = f" ({wanted.when})" if wanted and wanted.when and route.action == "callback" else ""
        return plain(f"Next: {NEXT[route.action].format(rep=rep)}{when}")
    if wanted is not None:
        return plain(f"Next: a callback{f', {wanted.when}' if wanted.when else ''}")
    promised = latest(facts, PromiseMade)
    return plain(f"Promised: {short(promised.text, 20)}") if promised else ""


def _length(duration_ms: int) -> str:
    seconds = round(duration_ms / 1000)
    return f"{seconds // 60} min {seconds % 60:02d} s" if seconds >= 60 else f"{seconds} s"
