"""Which parameters a language model's server accepts: learned from its refusals. Pure.

    said = first("gpt-5-mini")                  # a guess by the name
    said.request(200, 0.3)                      # the parameters to send
    said.after(refusal)                         # the next to try; None: about something else
    said.quieter()                              # the model reasoned first: how to stop that

Facts about servers come from their documentation and issue trackers: OpenAI's reasoning models
refuse `max_tokens` and a temperature; Mistral refuses unknown parameters with 422; Gemini says no
more than "invalid argument"; Ollama, Groq, vLLM and OpenRouter accept `reasoning_effort: none`, and
vLLM, SGLang and llama.cpp pass `chat_template_kwargs` to the model's template.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from voice_agent.refusal import Refusal

Limit = Literal["max_tokens", "max_completion_tokens", ""]
Form = Literal["schema", "object", "text"]
EFFORTS = ("none", "minimal", "low")
TEMPLATE = "template"
WAYS = frozenset(("none", TEMPLATE))
"""Ways to turn reasoning off; other efforts are tried only when a refusal offers them."""
FOR_THOUGHT = 2000
"""Extra tokens for a model whose reasoning cannot be turned off."""
_REASONS = re.compile(r"(?:^|/)(?:o[1-9]|gpt-(?:[5-9]|\d\d))(?![\w.]*-chat)", re.I)
_THOUGHT = ("reasoning_effort", "reasoningEffort", "reasoning effort", "reasoning", "thinking",
            "think", "think value", "reasoning.effort")  # fmt: skip
_FORMAT = ("response_format", "response format", "json_schema", "json_object", "json schema",
           "structured output", "structured outputs", "response_schema", "schema", "grammar",
           "guided_json")  # fmt: skip
_SYSTEM = ("messages[0].role", "System role", "system role", "role 'system'")
_NO_ROOM = re.compile(r"max_tokens or model output limit was reached|higher max_tokens", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one server wants requests to one model."""

    limit: Limit = "max_tokens"
    temperature: bool = True
    effort: str = ""
    """The `reasoning_effort` to send, if any."""
    plain: bool = False
    """Whether to turn reasoning off through the model's chat template."""
    form: Form = "schema"
    """How to request JSON: by a schema, as an object, or in words alone."""
    thinks: bool = False
    """The model reasons before it answers, whatever it is told."""
    folded: bool = False
    """Its template has no system role: the system text goes before the first message."""
    opened: bool = False
    """Its template opens the thought, so that the output contains only the closing tag."""
    spent: frozenset[str] = frozenset()
    """Ways to stop reasoning, and names of the token limit, that were refused or useless."""

    def request(self, tokens: int, temperature: float) -> dict[str, Any]:
        """A request's parameters, apart from the model and the messages."""
        made: dict[str, Any] = {}
        if self.limit:
            made[self.limit] = tokens + (FOR_THOUGHT if self.thinks else 0)
        if self.temperature:
            made["temperature"] = temperature
        if self.effort:
            made["reasoning_effort"] = self.effort
        if self.plain:
            made["chat_template_kwargs"] = {"enable_thinking": False}
        return made

    def talk(self, system: str, messages: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        """The messages to send; `messages` are (role, text), oldest first."""
        said = [{"role": role, "content": text} for role, text in messages]
        if self.folded and said:
            return [said[0] | {"content": f"{system}\n\n{said[0]['content']}"}, *said[1:]]
        return [{"role": "system", "content": system}, *said]

    def response_format(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """How to request JSON of a schema, in the form this server knows."""
        if self.form == "schema":
            named = {"name": "reading", "strict": True, "schema": dict(schema)}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        return {"response_format": {"type": "json_object"}} if self.form == "object" else {}

    def after(
        self, refusal: Refusal, *, as_json: bool = False, proven: bool = False
    ) -> "Dialect | None":
        """The dialect to try next; None when the refusal is about something else.

        `proven`: the server accepted this dialect before, so a refusal that names none of its
        parameters is about the content.
        """
        if _NO_ROOM.search(refusal.message):
            return None if self.thinks else replace(self, thinks=True)
        if refusal.kind not in ("request", "fault"):
            return None
        if (named := self._named(refusal, as_json)) is not None:
            return named
        doubtful = refusal.kind == "request" and not proven and not refusal.names_another
        return self._unnamed(as_json) if doubtful else None

    def quieter(self) -> "Dialect | None":
        """The next way to stop the model from reasoning; None when none is left."""
        for way in sorted(WAYS):
            if (
                way not in self.spent
                and way != self.effort
                and not (way == TEMPLATE and self.plain)
            ):
                spent = self.spent | ({self.effort} if self.effort else set())
                if way == TEMPLATE:
                    return replace(self, plain=True, spent=spent)
                return replace(self, effort=way, spent=spent)
        return None

    def told(self) -> str:
        """How it differs from the default every server once accepted, in one line."""
        parts: list[str] = [self.limit] if self.limit != "max_tokens" else []
        parts += [] if self.temperature else ["no temperature"]
        parts += [f"reasoning_effort {self.effort}"] if self.effort else []
        parts += ["enable_thinking false"] if self.plain else []
        parts += ["no system role"] if self.folded else []
        parts += ["thinks before it speaks"] if self.thinks else []
        forms = {
            "schema": "JSON by schema",
            "object": "JSON without schema",
            "text": "no JSON mode",
        }
        return ", ".join((*(part or "no limit" for part in parts), forms[self.form]))

    def _named(self, refusal: Refusal, as_json: bool) -> "Dialect | None":
        """Without the parameter the refusal names, the first of several."""
        ways: dict[tuple[str, ...], Callable[[], Dialect | None]] = {}
        if self.plain:
            ways["chat_template_kwargs", "enable_thinking"] = self._by_no_template
        if self.effort:
            ways[_THOUGHT] = lambda: self._less(refusal.offers())
        if self.limit:
            ways[(self.limit,)] = lambda: self._limited(refusal)
        if self.temperature:
            ways[("temperature",)] = lambda: replace(self, temperature=False)
        if as_json and self.form != "text":
            ways[_FORMAT] = self._by_less_form
        if not self.folded:
            ways[_SYSTEM] = lambda: replace(self, folded=True)
        named = [(at, way) for names, way in ways.items()
                 if (at := refusal.blames(*names)) is not None]  # fmt: skip
        return min(named, key=lambda one: one[0])[1]() if named else None

    def _unnamed(self, as_json: bool) -> "Dialect | None":
        """The next in a fixed order, least common parameter first."""
        if self.plain:
            return self._by_no_template()
        if self.effort:
            return self._less(frozenset(EFFORTS[-1:]))
        if as_json and self.form != "text":
            return self._by_less_form()
        if self.temperature:
            return replace(self, temperature=False)
        return self._limited(None)

    def _by_no_template(self) -> "Dialect":
        return replace(self, plain=False, spent=self.spent | {TEMPLATE})

    def _by_less_form(self) -> "Dialect":
        return replace(self, form="object" if self.form == "schema" else "text")

    def _less(self, offered: frozenset[str]) -> "Dialect":
        """With the least effort that is offered, or without one."""
        spent = self.spent | {self.effort}
        left = [effort for effort in EFFORTS if effort in offered and effort not in spent]
        return replace(self, effort=left[0] if left else "", spent=spent)

    def _limited(self, refusal: Refusal | None) -> "Dialect | None":
        """With the token limit's other name, else without a limit."""
        spent = self.spent | {self.limit}
        others: tuple[Limit, ...] = ("max_tokens", "max_completion_tokens")
        other = next((name for name in others if name not in spent), None)
        if self.limit == "max_tokens" and refusal and "max_completion_tokens" in refusal.message:
            effort = self.effort or ("none" if "none" not in spent else "")
            return replace(self, limit="max_completion_tokens", temperature=False, effort=effort,
                           spent=spent)  # fmt: skip
        if other is None and not self.limit:
            return None
        return replace(self, limit=other or "", spent=spent)


def first(model: str) -> Dialect:
    """A guess by the model's name, which marks OpenAI's reasoning models."""
    if _REASONS.search(model):
        return Dialect("max_completion_tokens", temperature=False, effort="none")
    return Dialect()
