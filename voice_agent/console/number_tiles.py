"""A period's figures as tiles: value, base, definition. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.metrics.accuracy import Accuracy
from core.metrics.answers import Answers
from core.metrics.hearing import Hearing
from core.metrics.invitations import Invited
from core.metrics.outcomes import Came, Interval, Outcomes, spent
from core.store.figures import Figures, Period, Share
from knowledge.sections.costs import Costs
from voice_agent.console.number_accuracy import accuracy_tiles, answer_tiles, hearing_tile
from voice_agent.console.number_parts import (
    UNKNOWN,
    Tile,
    part_of,
    percent,
    plain,
    ratio,
    seconds,
)
from voice_agent.console.pages import counted as many
from voice_agent.console.pages import money


@dataclass(frozen=True, slots=True)
class Counted:
    """The data behind a period's figures."""

    period: Period
    figures: Figures
    came: Sequence[Came]
    outcomes: Outcomes
    costs: Costs
    accuracy: Accuracy
    answers: Answers
    hearing: Hearing
    invitations: Sequence[Invited] = ()


def tiles(counted: Counted) -> list[Tile]:
    """The figures in reading order."""
    return [tile for group in grouped(counted).values() for tile in group]


def grouped(counted: Counted) -> dict[str, list[Tile]]:
    """The figures, grouped by the question they answer."""
    return {
        "What came in": _talks(counted.figures),
        "How good it was": [
            *_team(counted.figures), *accuracy_tiles(counted.accuracy),
            *answer_tiles(counted.answers), hearing_tile(counted.hearing),
        ],
        "What came of it": impact(counted),
    }  # fmt: skip


def _talks(found: Figures) -> list[Tile]:
    late = f"{percent(found.late_with_next_step)} of them left with a next step"
    return [
        Tile("Conversations", f"{found.conversations:,}", f"{found.going_on} going on",
             "All that began in the period."),
        Tile("Qualified", percent(found.qualified),
             f"{part_of(found.qualified)} judged; of {found.undecided} too little was known",
             "Conversations judged a fit, of those that could be judged.",
             "enough is known of somebody to judge them"),
        Tile("Meetings", percent(found.booked), f"{part_of(found.booked)} qualified",
             "Qualified conversations in which a meeting was booked that stands.",
             "somebody is qualified"),
        Tile("After hours", percent(found.after_hours), late,
             "Conversations that began when nobody was in; a next step is a meeting, a call or a "
             "message."),
        Tile("Deferred", percent(found.put_off), f"{part_of(found.put_off)} conversations",
             "Conversations with a question that approved knowledge does not cover."),
        Tile("Answer heard", seconds(found.heard_p50_ms),
             f"95 % within {seconds(found.heard_p95_ms)}",
             "From the caller's last sound to our first, as heard, of each call the time that 95 % "
             "of its answers stay below: the middle call's, and what 95 % of calls stay below.",
             "somebody calls and is answered"),
    ]  # fmt: skip


def _team(found: Figures) -> list[Tile]:
    return [
        Tile("Calls kept", percent(found.kept), f"{part_of(found.kept)} settled, {found.owed} owed",
             "Promised calls that were made, of those made or broken.",
             "a promised call was made, or missed its time"),
        Tile("Handoff", UNKNOWN if found.rating is None else f"{found.rating} / 5",
             f"{found.ratings} rated; {percent(found.repeated)} had to repeat themselves",
             "What those who took leads over say of the handoff, the mean of 1 to 5.",
             "a rep rates a handoff, at the foot of a conversation's page"),
        Tile("Handoffs rated", percent(found.responded), f"{part_of(found.responded)} handed over",
             "Conversations given to a rep whose handoff somebody rated.",
             "a conversation is given to a rep"),
        Tile("Reviewed", percent(found.reviewed), f"{part_of(found.reviewed)} flagged",
             "Flagged conversations somebody has been through.",
             "a conversation is flagged"),
    ]  # fmt: skip


def impact(counted: Counted) -> list[Tile]:
    """Results and costs, as far as they were reported."""
    made, costs, found = counted.outcomes, counted.costs, counted.figures
    met = Share(made.held, made.held + made.no_show)
    months = (counted.period.until - counted.period.since) / timedelta(days=30)
    total = spent(
        counted.came, months, costs.month, costs.call_minute, costs.chat, costs.email
    )  # fmt: skip
    fits = found.qualified.part
    each = total / fits if total is not None and fits else None
    ended = found.conversations - found.going_on
    saved = costs.person_minutes * ended / 60 if costs.person_minutes else None
    pipeline = " + ".join(money(amount, name) for name, amount in made.pipeline.items())
    deals = f"{made.deals} deals: {made.won} won, {made.lost} lost, {made.unpriced} of no amount"
    return [
        Tile("Came to the meeting", percent(met),
             f"{part_of(met)} told of; {made.untold} not told, {made.ahead} to come",
             "Meetings that were held, of those held or missed, as reps or your CRM told. Meetings "
             "nobody told of are counted apart.",
             "a rep or your CRM tells whether a meeting took place"),
        Tile("Meetings to deals", percent(Share(made.with_deal, made.held)),
             f"{made.with_deal} of {made.held} held",
             "Meetings that were held and out of which a deal came.",
             "a meeting was held"),
        Tile("Pipeline", pipeline or UNKNOWN, deals,
             "Open and won deals that began with these conversations, as reps or your CRM told.",
             "a rep or your CRM tells of a deal"),
        Tile("Revenue", " + ".join(money(a, name) for name, a in made.earned.items()) or UNKNOWN,
             f"{made.won} won",
             "Won deals that began with conversations the agent qualified, as reps or your CRM "
             "told.",
             "a deal is won"),
        Tile("Cost a fit", UNKNOWN if each is None else f"{costs.currency} {each:,.2f}",
             "state your unit costs" if total is None else f"{costs.currency} {total:,.0f} in all",
             "Your stated costs of the period (`costs` in company.yaml, or the month's given here) "
             "divided by qualified conversations.",
             "somebody is qualified, and costs are stated above or in company.yaml"),
        Tile("Revenue a fit", _revenue(made.revenue, made.currency),
             _compared(made.revenue, costs.human_lead_revenue),
             "Won deals divided by all qualified conversations so far, with the mean's 95 % "
             "interval; compared with what you state a lead qualified by people brings "
             "(`costs.human_lead_revenue`). Unknown below five won deals in your currency.",
             "five deals are won"),
        Tile("Time saved", UNKNOWN if saved is None else f"{saved:,.0f} h",
             "give minutes a talk" if saved is None else "estimate",
             "Conversations that ended, times the minutes you say a person would need.",
             "the field above says how many minutes a person needs for a talk"),
    ]  # fmt: skip


def deeper(made: Mapping[str, Any]) -> tuple[Tile, ...]:
    """Figures from the conversations' facts only: speed, deflection, give and ask, grounding."""
    speed, asking, grounding = made["speed"], made["asking"], made["grounding"]
    first = [
        Tile(f"First answer, {'phone' if name == 'voice' else name}", seconds(spread["p50"]),
             f"95 % within {seconds(spread['p95'])}, {spread['n']} counted",
             "From the call, chat or mail coming in to our first word.")
        for name, spread in speed["first_response_ms"].items()
    ]  # fmt: skip
    to_verdict, to_meeting, away = (
        speed["qualification_ms"], speed["meeting_ms"], made["deflection"]
    )  # fmt: skip
    floor = made["turn_taking"]
    turns, before = speed["qualification_turns"], asking["before_first_value"]
    went_on = ", ".join(f"{n} {name}" for name, n in floor["went_on"].items())
    return (
        *first,
        Tile("Until judged", seconds(to_verdict["p50"]),
             f"{plain(turns['p50'])} turns; {to_verdict['n']} counted",
             "From the start until the first verdict for which enough was known, the middle one."),
        Tile("Until booked", seconds(to_meeting["p50"]), f"{to_meeting['n']} counted",
             "From the start until a meeting was booked, the middle one."),
        Tile("Deflected", ratio(away["share"]), f"{away['pending']} not a week old yet",
             "Helped, no lead, nobody of ours needed, and not back within seven days."),
        Tile("Gives an ask", plain(asking["gives_per_ask"]), f"{asking['re_asks']} asked again",
             "What we told for each thing we asked."),
        Tile("Asked before giving", plain(before["p50"]),
             f"95 % at most {plain(before['p95'])}, {before['n']} counted",
             "Questions about the buyer before they were given anything, of conversations in which "
             "any were asked; the middle one."),
        Tile("Grounded", ratio(None if grounding["abstention"] is None
                                else 1 - grounding["abstention"]),
             f"{grounding['deferred']} of {grounding['questions']} questions deferred",
             "Questions answered from approved knowledge, of all that were asked."),
        Tile("Gave way", ratio(floor["share"]),
             f"talked over {many(floor['talked_over'], 'time')}"
             + (f"; went on after {went_on}" if went_on else ""),
             "Of the times somebody spoke over the agent on the phone: those it took for an "
             "interruption and fell silent; after the rest it went on. Known of calls since this "
             "is kept."),
    )  # fmt: skip


def _revenue(found: Interval | None, currency: str) -> str:
    return UNKNOWN if found is None else f"{currency} {found.mean:,.0f}"


def _compared(found: Interval | None, human: float | None) -> str:
    if found is None:
        return "too few won deals"
    told = f"{found.low:,.0f} to {found.high:,.0f} of {found.n}"
    if not human:
        return told
    ratio = found.over(human)
    return f"{ratio.mean:.2f} of a person's ({ratio.low:.2f} to {ratio.high:.2f})"
