"""Slack's Web API as far as we use it, on a real wire; it accepts nothing outside the published
description, and no block that Block Kit would refuse.

The description is read from VOICE_AGENT_TEST_SPECS; tests that need it skip without it.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from jsonschema import Draft4Validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SPECS = Path(os.environ.get("VOICE_AGENT_TEST_SPECS", Path(__file__).parents[3] / "shared/specs"))
TOKEN = "xoxb-test"


def described() -> dict[str, Any]:
    path = SPECS / "slack_web_v2.json"
    if not path.is_file():
        pytest.skip(f"no description of Slack's Web API at {path}; set VOICE_AGENT_TEST_SPECS")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


class FakeSlack:
    """Channels of messages. `answers`: responses before any message is accepted, (status, headers,
    body)."""

    def __init__(self) -> None:
        self._spec = described()
        self.messages: dict[str, dict[str, Any]] = {}
        self.answers: list[tuple[int, dict[str, str], dict[str, Any]]] = []
        self.lose_answers = 0
        self.complaints: list[str] = []
        self.validated = 0

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/api/{method}", self._door, methods=["POST"])])

    async def _door(self, request: Request) -> Response:
        method = request.path_params["method"]
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        self.complaints += self._check(method, form, request)
        self.validated += 1
        if self.answers:
            status, headers, body = self.answers.pop(0)
            return JSONResponse(body, status, headers)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        made = getattr(self, "_" + method.replace(".", "_"))(form)
        if self.lose_answers:
            self.lose_answers -= 1
            return Response(status_code=503)
        return JSONResponse(made, headers={"x-oauth-scopes": "chat:write,users:read"})

    def _auth_test(self, form: dict[str, str]) -> dict[str, Any]:
        return {"ok": True, "url": "https://x.slack.com/", "team": "Tideline", "user": "agent",
                "team_id": "T0123456", "user_id": "U0123456"}  # fmt: skip

    def _chat_postMessage(self, form: dict[str, str]) -> dict[str, Any]:  # noqa: N802 - its name
        ts = f"17000000{len(self.messages):02d}.000100"
        self.messages[ts] = form
        return {"ok": True, "channel": form["channel"], "ts": ts, "message": {"text": "x"}}

    def _chat_update(self, form: dict[str, str]) -> dict[str, Any]:
        if form["ts"] not in self.messages:
            return {"ok": False, "error": "message_not_found"}
        self.messages[form["ts"]] = form
        return {"ok": True, "channel": form["channel"], "ts": form["ts"], "text": form["text"]}

    def _chat_delete(self, form: dict[str, str]) -> dict[str, Any]:
        if self.messages.pop(form["ts"], None) is None:
            return {"ok": False, "error": "message_not_found"}
        return {"ok": True, "channel": form["channel"], "ts": form["ts"]}

    def _check(self, method: str, form: dict[str, str], request: Request) -> list[str]:
        """A request's violations of the published description."""
        operation = next(iter(self._spec["paths"].get(f"/{method}", {}).values()), None)
        if operation is None:
            return [f"there is no {method}"]
        kind = request.headers.get("content-type", "").partition(";")[0]
        wrong = [] if not form or kind in operation["consumes"] else [f"{kind} is not taken"]
        known = {p["name"]: p for p in operation["parameters"]}
        wrong += [f"{method} has no {name}" for name in form if name not in known]
        for name, parameter in known.items():
            if parameter.get("required") and name not in form and name != "token":
                wrong.append(f"{method} needs {name}")
            if name in form and parameter["type"] == "boolean" and form[name] not in (
                "true", "false"
            ):  # fmt: skip
                wrong.append(f"{name} is a boolean")
        if "blocks" in form:
            blocks = json.loads(form["blocks"])
            schema = self._spec["definitions"]["blocks"]
            wrong += [e.message for e in Draft4Validator(schema).iter_errors(blocks)]
            wrong += [fault for block in blocks for fault in faults(block)]
            if len(blocks) > 50:
                wrong.append("more than 50 blocks")
        return wrong


def faults(block: dict[str, Any]) -> list[str]:
    """What Block Kit would refuse in a block: docs.slack.dev/reference/block-kit."""
    match block:
        case {"type": "header", "text": text}:
            return _text(text, "plain_text", 150)
        case {"type": "section", "text": text}:
            return _text(text, "mrkdwn", 3000)
        case {"type": "context", "elements": elements}:
            wrong = [] if 1 <= len(elements) <= 10 else ["1 to 10 elements in a context"]
            return wrong + [f for text in elements for f in _text(text, "mrkdwn", 3000)]
        case {"type": "actions", "elements": elements}:
            ids = [e["action_id"] for e in elements]
            wrong = [] if 1 <= len(ids) <= 25 else ["1 to 25 elements in actions"]
            wrong += [] if len(ids) == len(set(ids)) else ["action_id is not unique"]
            for button in elements:
                wrong += _text(button["text"], "plain_text", 75)
                long = len(button["action_id"]) > 255 or len(button["value"]) > 2000
                wrong += ["id or value of a button is too long"] if long else []
                if len(button.get("accessibility_label", "")) > 75:
                    wrong.append("accessibility_label is too long")
                if set(button) - {"type", "text", "action_id", "value", "style",
                                  "accessibility_label"}:  # fmt: skip
                    wrong.append(f"a button has no {sorted(button)}")
            return wrong
        case _:
            return [f"no block we use: {block}"]


def _text(text: dict[str, Any], kind: str, most: int) -> list[str]:
    if text.get("type") != kind:
        return [f"{kind} expected, found {text.get('type')}"]
    if not 1 <= len(text.get("text", "")) <= most:
        return [f"text of 1 to {most} letters expected"]
    if kind == "mrkdwn" and "emoji" in text:
        return ["emoji is for plain_text"]
    return []
