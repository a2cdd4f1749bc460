"""Notices as Slack Block Kit cards, and the button presses on them. Pure.

Limits are from docs.slack.dev/reference/block-kit.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.facts.claims import LEAST, MOST, HandoffRated
from core.store.notice_tables import NoticeRow
from knowledge.profile import Company
from voice_agent.notices.ports import CALL, Press

SECTION, HEADER, FALLBACK = 3_000, 150, 4_000
"""Most characters of a section, of a header, and of the fallback text shown without blocks."""
CLAIM, RATE, REPEATED, KEPT = "claim", "rate", "repeated", "kept"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card shows besides its notice."""

    claimed_by: str = ""
    ratings: Mapping[str, HandoffRated] | None = None
    ended: str = ""
    """How a promised call ended, if it did: no buttons remain."""


def card(notice: NoticeRow, shown: Shown, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The blocks. `names`: person here to how they are called, as of `called`."""
    title = ("🔥 " if notice.urgent else "") + notice.title
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(_cut(title, HEADER))},
        {"type": "context", "elements": [_marked(f"For {_who(notice.person, names)}")]},
    ]
    if text := _escaped(notice.text):
        blocks.insert(1, {"type": "section", "text": _marked(_cut(text, SECTION))})
    state = _state(shown, names)
    if state:
        blocks.append({"type": "context", "elements": [_marked(state)]})
    buttons = _buttons(notice, shown)
    if buttons and notice.conversation_id:
        blocks.append({"type": "actions", "block_id": "acts", "elements": buttons})
    return blocks


def subject(notice: NoticeRow) -> str:
    """The subject of a card's buttons: a promised call, or a lead by its conversation."""
    return f"{CALL}{notice.about}" if promised(notice) else notice.conversation_id


def promised(notice: NoticeRow) -> bool:
    """Whether the notice is about a promised call."""
    return notice.kind.startswith("callback-") and bool(notice.about)


def fallback(notice: NoticeRow) -> str:
    """The text of push notifications and screen readers."""
    return _cut(_escaped(notice.title), FALLBACK)


def press_of(payload: Any) -> Press | None:
    """The press in an interaction payload; None when it is not one on a card of ours."""
    if not isinstance(payload, Mapping) or payload.get("type") != "block_actions":
        return None
    user, actions = payload.get("user"), payload.get("actions")
    if not isinstance(user, Mapping) or not isinstance(actions, list) or not actions:
        return None
    action = actions[0]
    if not isinstance(action, Mapping):
        return None
    act, _, answer = str(action.get("action_id", "")).partition("-")
    about, at = action.get("value"), action.get("action_ts")
    who = user.get("id")
    if act not in (CLAIM, RATE, REPEATED, KEPT) or not all(
        isinstance(text, str) and text for text in (about, at, who)
    ):
        return None
    if act == RATE and not (answer.isdigit() and int(answer[:2]) in range(LEAST, MOST + 1)):
        return None
    name = user.get("username") or user.get("name") or who
    return Press(str(who), str(name), act, answer, str(about), f"{who}-{at}")


def encoded(blocks: list[dict[str, Any]]) -> str:
    """Blocks as a form field."""
    return json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))


def _buttons(notice: NoticeRow, shown: Shown) -> list[dict[str, Any]]:
    about, made = subject(notice), list[dict[str, Any]]()
    if shown.ended:
        return made
    if "claim" in notice.acts and not shown.claimed_by:
        made.append({**_button("I'll take it", CLAIM, about), "style": "primary"})
    if "kept" in notice.acts:
        made.append(_button("The call was made", KEPT, about))
    if "rate" in notice.acts:
        scores = range(LEAST, MOST + 1)
        made += [_button("★" * n, f"{RATE}-{n}", about, f"Rate {n} of {MOST}") for n in scores]
        made.append(_button("Had to repeat", f"{REPEATED}-yes", about))
        made.append(_button("Nothing repeated", f"{REPEATED}-no", about))
    return made


def _button(text: str, action: str, about: str, label: str = "") -> dict[str, Any]:
    return {
        "type": "button",
        "text": _plain(text),
        "action_id": action,
        "value": about,
        "accessibility_label": label or text,
    }


def _state(shown: Shown, names: Mapping[str, str]) -> str:
    told = [f"Claimed by {_who(shown.claimed_by, names)}"] if shown.claimed_by else []
    told += [f"The call: {shown.ended}"] if shown.ended else []
    for by, rating in (shown.ratings or {}).items():
        said = [f"{rating.score} of {MOST}"] if rating.score else []
        if rating.repeated is not None:
            said.append("had to repeat" if rating.repeated else "nothing repeated")
        told.append(f"{_who(by, names)}: {', '.join(said)}")
    return _cut(" · ".join(told), SECTION)


def called(company: Company) -> dict[str, str]:
    """How people are called on a card: mentioned where their Slack member is known."""
    named = {person.id: _bold(person.name) for person in company.people}
    members = company.systems.notices.slack_users
    return named | {person: f"<@{member}>" for person, member in members.items()}


def _who(person: str, names: Mapping[str, str]) -> str:
    return names.get(person) or _bold(person)


def _bold(name: str) -> str:
    return f"*{_escaped(name)}*"


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def _marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def _escaped(text: str) -> str:
    """Escape a buyer's words, so that they make no links and mention nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").strip()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
