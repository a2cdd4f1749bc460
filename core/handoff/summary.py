"""`lines(facts, company)`: a conversation in at most nine short sentences, each with its source.

Who it was, whether they are a customer, what happens next and what follows from it, what they said
about themselves and what is known of their company, now and from before, and what they asked.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.caller_id import as_written
from core.colleagues import to_invite
from core.crm.known import CUSTOMER, CrmContactFound
from core.enrichment import intent
from core.enrichment.enriched import quoted
from core.enumeration import listed
from core.events import (
    ConversationEnded,
    ConversationStarted,
    Fact,
    MeetingRecorded,
    Noted,
    PromiseMade,
    QuestionDeferred,
    QuestionRaised,
    RouteChosen,
    SignalCaptured,
    VerdictReached,
)
from core.facts.purposes import purpose
from core.facts.standing import (
    CONTACT_FIELDS,
    INTENT,
    barred,
    callback,
    contact,
    every,
    is_customer,
    latest,
    live_signals,
    meeting,
    outstanding,
)
from core.handoff.concerns import named
from core.handoff.earlier import barred_before, recalled, source, worded
from core.handoff.line import BriefLine, moment
from core.handoff.message import messages
from core.handoff.wording import (
    RESULTS,
    as_judged,
    label,
    person,
    plain,
    readable,
    segment_label,
    short,
    short_question,
)
from knowledge.fitting import fit_of
from knowledge.profile import Company

QUESTIONS = 2
QUESTION_WORDS = 12
SIGNALS = 6
CONVERSATIONS = 3
"""Most earlier conversations that the summary names, latest first."""
INTENTS = 3
VALUE_WORDS = 6
UNKNOWN = 3

CAME = {"voice": "called", "chat": "wrote on the website chat", "email": "wrote an email"}
NOT_AGREED = {
    "book": "nothing agreed; {rep} may offer a meeting",
    "transfer": "{rep} takes it over",
    "callback": "nothing agreed; {rep} has it",
    "nurture": "nothing agreed; {rep} stays in touch",
    "resources": "no follow-up; they were told where to go",
}
"""By the route chosen, where the buyer agreed to nothing: it must not read like a promise."""
_UNSURE = "By number or address an existing customer, who has not said who they are"
_BASIS = {"implied": " (implied)", "enriched": " (looked up)", "crm": " (by the CRM)"}


def lines(facts: Sequence[Fact], company: Company | None = None) -> list[BriefLine]:
    """The sentences in the order a busy reader wants them; empty when nothing happened."""
    company = as_judged(facts, company)
    made = (
        _who(facts),
        _barred(facts, company),
        _customer(facts),
        _next(facts, company),
        *messages(facts, company),
        _along(facts),
        _verdict(facts, company),
        _said(facts, company),
        _intent(facts),
        _before(facts, company),
        _asked(facts),
    )
    return [line for line in made if line is not None]


def told(facts: Sequence[Fact], company: Company | None = None) -> list[BriefLine]:
    """What they said about themselves, and what they asked."""
    return [line for line in (_said(facts, company), _asked(facts)) if line is not None]


def _who(facts: Sequence[Fact]) -> BriefLine | None:
    started = latest(facts, ConversationStarted)
    if started is None:
        return None
    said = contact(facts)
    someone = "A caller" if started.channel == "voice" else "A visitor"
    who = short(said["name"].value, VALUE_WORDS) if "name" in said else someone
    at = f" of {short(said['company'].value, VALUE_WORDS)}" if "company" in said else ""
    number = f" from {as_written(started.caller)}" if started.caller else _page(facts)
    when = " after hours" if started.after_hours else ""
    ended = latest(facts, ConversationEnded)
    long = (
        f" and talked for {_length(ended.duration_ms)}"
        if ended and started.channel == "voice"
        else ""
    )
    reach = [said[f].value for f in ("phone", "email") if f in said]
    given = [as_written(r) for r in reach if r != started.caller]
    long += f"; gave {listed(given)}" if given else ""
    first = said.get("name") or said.get("company")
    turn, start_ms = (first.turn, first.start_ms) if first else (0, 0)
    return BriefLine(f"{who}{at} {CAME[started.channel]}{number}{when}{long}.", turn, start_ms)


def _page(facts: Sequence[Fact]) -> str:
    """The page a visitor was on when they first wrote."""
    seen = next((f.data for f in facts if isinstance(f, Noted) and f.kind == "page"), {})
    title = short(str(seen.get("title", "")), VALUE_WORDS)
    invited = any(isinstance(f, Noted) and f.kind == "invited" for f in facts)
    asked = ", after we offered help" if invited else ""
    return (f" on the page “{title}”" if title else "") + asked


def _barred_before(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    """An earlier opt-out, unless they have since asked for a call or a meeting."""
    known = barred_before(facts)
    if known is None:
        return None
    one = source(facts, known.opted_out)
    when = f" ({worded(one, company)})" if one else ""
    return BriefLine(f"Do not contact: they asked us not to{when}.", 0, 0, "consent")


def _barred(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    """An opt-out, which comes before anything a rep might do."""
    asked = barred(facts)
    if asked is None:
        return _barred_before(facts, company)
    return BriefLine("Do not contact: they asked us not to.", 0, asked.at_ms, "consent")


def _customer(facts: Sequence[Fact]) -> BriefLine | None:
    """That they are already a customer, and how we know."""
    found, live = latest(facts, CrmContactFound), live_signals(facts)
    if not is_customer(live, found):
        return None
    said = next((s for s in reversed(live) if s.criterion == CUSTOMER and s.basis != "crm"), None)
    if said is not None:
        return BriefLine("Existing customer, as they said.", said.turn, said.start_ms)
    if found is None or not found.customer:
        return None
    who = "Existing customer" if found.sure else _UNSURE
    return BriefLine(f"{who} ({found.system}: {found.customer}).", 0, 0, f"crm {found.record_id}")


def _next(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    if _barred(facts, company) is not None:
        return None
    booked = meeting(facts)
    if booked is not None and booked.status != "cancelled":
        return _met(facts, booked, f"Next: {_meeting(booked, company)}.")
    if (wanted := callback(facts)) is not None:
        promise = _promise_of(facts, wanted.turn)
        route = latest(facts, RouteChosen)
        owner = promise.owner if promise else route.rep if route else None
        who = person(owner, company) if owner else "someone"
        when = f" {wanted.when}" if wanted.when else ""
        about = "".join(f", about “{what}”" for what in purpose(facts))
        start_ms = moment(facts, wanted.turn, promise.text if promise else "")
        return BriefLine(plain(f"Next: {who} calls back{when}{about}"), wanted.turn, start_ms)
    owed = _owed(facts, company)
    if booked is not None:
        what = owed.text.removesuffix(".") if owed else "Next: nothing agreed"
        return _met(facts, booked, f"{what}; the {_meeting(booked, company)}, is off.")
    return owed or _unagreed(facts, company)


def _meeting(booked: MeetingRecorded, company: Company | None) -> str:
    known = company.rep(booked.rep) if company else None
    zone = booked.zone or (known.timezone if known else "")
    return f"meeting with {person(booked.rep, company)}, {_local(booked.start, zone)}"


def _met(facts: Sequence[Fact], booked: MeetingRecorded, text: str) -> BriefLine:
    at = moment(facts, booked.turn)
    return BriefLine(text, booked.turn, at, f"booking {booked.booking_id}")


def _along(facts: Sequence[Fact]) -> BriefLine | None:
    """Which of their colleagues will attend."""
    others = to_invite(facts)
    return BriefLine(f"Wants {listed(others)} invited as well.", 0, 0) if others else None


def _promise_of(facts: Sequence[Fact], turn: int) -> PromiseMade | None:
    return next((p for p in every(facts, PromiseMade) if p.turn == turn), None)


def _owed(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    """Who promised an answer and still owes it."""
    for question in outstanding(facts):
        promise = _promise_of(facts, question.turn)
        if isinstance(question, QuestionDeferred) and promise is not None:
            text = f"Next: {person(promise.owner, company)} gets back to them with an answer."
            return BriefLine(text, promise.turn, moment(facts, promise.turn, promise.text))
    return None


def _unagreed(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    route = latest(facts, RouteChosen)
    if route is None or route.action == "none":
        return None
    rep = person(route.rep, company) if route.rep else "the team"
    text = plain(f"Next: {NOT_AGREED[route.action].format(rep=rep)}")
    return BriefLine(text, route.turn, moment(facts, route.turn), "routing")


def _verdict(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    verdict = latest(facts, VerdictReached)
    if verdict is None:
        return None
    segment = f" ({segment_label(verdict.segment, company)})" if verdict.segment else ""
    text = f"{RESULTS[verdict.result]}{segment}"
    by = {s: [c.name for c in verdict.criteria if c.state == s] for s in ("met", "not_met")}
    if verdict.result == "disqualified":
        stated = [s for s in live_signals(facts) if s.criterion == "disqualifier"]
        why = named(stated[-1].value, company) if stated else " ".join(verdict.reasons[:1])
        text += f": {short(why, 12)}"
    elif by["met"] or by["not_met"]:
        fit = f"{_names(by['met'], company)} fit" if by["met"] else ""
        unfit = f"{_names(by['not_met'], company)} not" if by["not_met"] else ""
        text += ": " + ", ".join(part for part in (fit, unfit) if part)
    if verdict.missing and verdict.result != "disqualified":
        names = [label(name, company).lower() for name in verdict.missing]
        some = names if len(names) <= UNKNOWN + 1 else [*names[:UNKNOWN], "more"]
        text += f"; unknown: {listed(some)}"
    rule = f"criteria {verdict.criteria_version}"
    return BriefLine(plain(text), verdict.turn, moment(facts, verdict.turn), rule)


def _names(criteria: Sequence[str], company: Company | None) -> str:
    return listed([label(name, company).lower() for name in criteria])


def _said(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    """What they said about themselves, each thing once; implied facts are marked, and a guessed
    segment shows only until it is known."""
    verdict = latest(facts, VerdictReached)
    own = [
        s for s in live_signals(facts)
        if not s.origin and not (s.criterion == "segment" and verdict and verdict.segment)
    ]  # fmt: skip
    parts, shown = _told(own, company)
    if not parts:
        return None
    return BriefLine(f"Said: {'; '.join(parts[:SIGNALS])}.", shown[0].turn, shown[0].start_ms)


def _intent(facts: Sequence[Fact]) -> BriefLine | None:
    """What their company was seen researching, the strongest first, and the source."""
    seen = [s for s in live_signals(facts) if s.criterion == INTENT]
    if not seen:
        return None
    told = [f"{s.value} ({intent.worded(quoted(s.quote)[1]) or 'undated'})" for s in seen[:INTENTS]]
    source, _ = quoted(seen[0].quote)
    return BriefLine(f"Seen to read up on {listed(told)}, says {source}.", 0, 0, "enrichment")


def _before(facts: Sequence[Fact], company: Company | None) -> BriefLine | None:
    """Each earlier conversation with the same person, and what still stands of it."""
    known = recalled(facts)
    if known is None or not known.conversations:
        return None
    signals = live_signals(facts)
    made = []
    for one in known.conversations[-CONVERSATIONS:]:
        parts, _ = _told([s for s in signals if s.origin == one.conversation_id], company)
        told = f" ({'; '.join(parts[:SIGNALS])})" if parts else ""
        made.append(f"{worded(one, company)}{told}")
    return BriefLine(f"Before: {', '.join(made)}.", 0, 0, f"person {known.person_id}")


def _told(
    signals: Sequence[SignalCaptured], company: Company | None
) -> tuple[list[str], list[SignalCaptured]]:
    """Signals as `label value, value`, and the ones shown."""
    said: dict[str, list[str]] = {}
    shown: list[SignalCaptured] = []
    for signal in signals:
        told = signal.criterion not in (*CONTACT_FIELDS, CUSTOMER, INTENT, "disqualifier")
        if not told or signal.polarity == "negative":
            continue
        name = label(signal.criterion, company).lower()
        if not _accepted(signal, company):
            name = "also uses"
        value = short(readable(signal.value), VALUE_WORDS)
        if signal.polarity == "neutral":
            value = f"“{value}”"
        said.setdefault(name, []).append(value + _BASIS.get(signal.basis, ""))
        shown.append(signal)
    return [f"{name} {', '.join(dict.fromkeys(v))}" for name, v in said.items()], shown


def _accepted(signal: SignalCaptured, company: Company | None) -> bool:
    """Whether the criterion asks for this tool, rather than the tool being merely in use."""
    if company is None or signal.criterion != "tech_stack":
        return True
    wanted = [c for c in company.criteria if c.name == signal.criterion]
    judged = [c for c in wanted if c.any_of or c.none_of or c.tool_kinds]
    return not judged or any(fit_of(company, c, signal.value) is not None for c in judged)


def _asked(facts: Sequence[Fact]) -> BriefLine | None:
    asked = every(facts, QuestionRaised)
    if not asked:
        return None
    quoted = [f"“{short_question(q.text, QUESTION_WORDS)}”" for q in asked[:QUESTIONS]]
    more = f" and {len(asked) - QUESTIONS} more" if len(asked) > QUESTIONS else ""
    owed = len(outstanding(facts))
    left = f"; {owed} still to be answered" if owed else ""
    return BriefLine(f"Asked {', '.join(quoted)}{more}{left}.", asked[0].turn, asked[0].start_ms)


def _local(start: str, zone: str) -> str:
    """An ISO instant in the buyer's zone, e.g. `Tue 1 Dec 15:00, Chicago time`."""
    try:
        at = datetime.fromisoformat(start).astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return start
    place = zone.split("/")[-1].replace("_", " ")
    return f"{at:%a} {at.day} {at:%b %H:%M}, {f'{place} time' if place else 'UTC'}"


def _length(duration_ms: int) -> str:
    seconds = round(duration_ms / 1000)
    return f"{seconds // 60} min {seconds % 60:02d} s" if seconds >= 60 else f"{seconds} s"
