"""Whether questions got the right passage, a person to answer them, or something wrong. Pure."""

from collections.abc import Sequence

from core.asking import Offer, spelled
from core.evaluation.format import Line
from core.evaluation.lines import Log
from core.evaluation.run import Exchange
from core.evaluation.scored import Scored
from core.facts.standing import CONTACT
from knowledge.load import Loaded

LEFT_TO_PEOPLE = ("defer", "escalate")
"""Article policies that defer a question in approved words and do not answer it."""


def judge_answers(scored: Scored, loaded: Loaded) -> None:
    """Every question of the script: `answered`, `deferred`, `wrong article`, `false answer`, …"""
    people = {a.id for a in loaded.articles if a.policy in LEFT_TO_PEOPLE}
    for exchange in scored.held.exchanges:
        line = exchange.saying.line
        if line is not None and line.answer:
            _answerable(scored, exchange, line, people)
        if line is not None and line.defer:
            _unanswerable(scored, exchange, line, people)
        if line is None or not (line.answer or line.defer or line.may_answer):
            _no_question(scored, exchange)
    _giving(scored)


def _answerable(scored: Scored, exchange: Exchange, line: Line, people: set[str]) -> None:
    """The right article may leave its question to a person: then its words are right."""
    cited = _cited(scored.log, exchange)
    left = [a for t in exchange.turns for a in scored.log.turns[t].left if a in people]
    deferred = _deferred(scored.log, exchange)
    told = [a for t in exchange.turns for a in scored.log.turns[t].along]
    turn = max(exchange.turns, default=0)
    scored.tallies["asked back"].add(_asked_back(scored.log, exchange))
    for expected in line.answer:
        any_of = {a.strip() for a in expected.split("|")}
        right = bool(any_of & {*cited, *left})
        scored.tallies["answered"].add(right)
        along = not right and bool(any_of & set(told))
        scored.tallies["told along"].add(along)
        put_off = not (right or along) and bool(deferred) and not line.defer
        scored.tallies["false deferral"].add(put_off)
        wrong = not (right or along or put_off) and bool(cited)
        scored.tallies["wrong article"].add(wrong)
        scored.tallies["passed over"].add(not (right or along or put_off or wrong))
        if not (right or along):
            what = "deferred" if put_off else ", ".join(cited) if wrong else "not addressed"
            scored.miss("answer", expected, what, turn)


def _unanswerable(scored: Scored, exchange: Exchange, line: Line, people: set[str]) -> None:
    besides = {a.strip() for e in (*line.answer, *line.may_answer) for a in e.split("|")} | people
    deferred = _deferred(scored.log, exchange)
    cited = [a for a in _cited(scored.log, exchange) if a not in people]
    false = [a for a in cited if not deferred or a not in besides]
    if line.answer and not deferred:
        false = [a for a in cited if a not in besides]
    turn = max(exchange.turns, default=0)
    scored.tallies["asked back in vain"].add(_asked_back(scored.log, exchange))
    along = any(scored.log.turns[t].along for t in exchange.turns)
    scored.tallies["told along in vain"].add(along)
    scored.tallies["false answer"].add(bool(false))
    scored.tallies["put off"].add(bool(deferred) and not false)
    if false:
        scored.miss("answer", "deferred", f"false answer: {', '.join(false)}", turn)
    elif not deferred:
        scored.miss("answer", "deferred", "not addressed", turn)


def _no_question(scored: Scored, exchange: Exchange) -> None:
    """Where nothing was asked, nothing can be deferred."""
    deferred = _deferred(scored.log, exchange)
    scored.tallies["needless deferral"].add(bool(deferred))
    if deferred:
        turn = max(exchange.turns, default=0)
        scored.miss("answer", "no question", f"deferred “{deferred[0]}”", turn)


def _cited(log: Log, exchange: Exchange) -> list[str]:
    """Articles cited in the reply, or later for a question raised here."""
    raised = [q.question_id for t in exchange.turns for q in log.turns[t].raised]
    later = [c for q in raised if q in log.answered for c in log.answered[q].citations]
    now = [a for t in exchange.turns for a in log.turns[t].cited]
    return list(dict.fromkeys([*now, *(c.split("@")[0] for c in later)]))


def _deferred(log: Log, exchange: Exchange) -> Sequence[str]:
    raised = [q for t in exchange.turns for q in log.turns[t].raised]
    return [q.text for q in raised if q.question_id in log.deferred]


def _asked_back(log: Log, exchange: Exchange) -> bool:
    """Whether we first asked whether this was meant."""
    return any(
        u.asks.startswith(spelled(Offer("meant")))
        for t in exchange.turns
        for u in log.turns[t].agent
    )


def _giving(scored: Scored) -> None:
    """Counts new gives, questions about the buyer, and questions before the first give."""
    told: set[str] = set()
    for number in sorted(scored.log.turns):
        turn = scored.log.turns[number]
        for line in turn.agent:
            new = set(line.citations) - told
            if line.kind == "answer" and new:
                if not scored.gives:
                    scored.asks_before_value = scored.asks
                scored.gives += 1
            told |= new
        scored.asks += sum(a not in CONTACT for a in turn.asked)
