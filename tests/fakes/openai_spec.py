"""Checks the stub server's traffic against the published OpenAI schema."""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SPECS = Path(os.environ.get("VOICE_AGENT_TEST_SPECS", Path(__file__).parents[3] / "shared/specs"))

REQUESTS = {
    "chat": "CreateChatCompletionRequest",
    "transcription": "CreateTranscriptionRequest",
    "speech": "CreateSpeechRequest",
    "embeddings": "CreateEmbeddingRequest",
}


def _with_null(node: Any) -> Any:
    """The same schema with OpenAPI 3.0's `nullable` written as JSON Schema."""
    if isinstance(node, list):
        return [_with_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _with_null(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


def _shape(value: Any) -> Any:
    """A body's structure without its texts: equal structures need only one check."""
    if isinstance(value, Mapping):
        return tuple((key, _shape(value[key])) for key in sorted(value))
    if isinstance(value, list):
        return tuple(sorted({repr(_shape(item)) for item in value}))
    if isinstance(value, str):
        return value if len(value) < 24 else "text"
    return type(value).__name__ if isinstance(value, float | int) else value


class Spec:
    """The OpenAI subset by schema name; accepts everything if the file is missing."""

    def __init__(self, path: Path = SPECS / "openai_subset.json") -> None:
        self.present = path.is_file()
        self._components = (
            _with_null(json.loads(path.read_text())["components"]) if self.present else {}
        )
        self._validators: dict[str, Draft202012Validator] = {}
        self._known: dict[tuple[str, str], str | None] = {}

    def complaint(self, schema: str, body: Mapping[str, Any]) -> str | None:
        """The first violation of `schema` in `body`, or None when there is none."""
        if not self.present:
            return None
        key = (schema, repr(_shape(body)))
        if key not in self._known:
            if len(self._known) > 5000:
                self._known.clear()
            self._known[key] = self._check(schema, body)
        return self._known[key]

    def _check(self, schema: str, body: Mapping[str, Any]) -> str | None:
        if schema not in self._validators:
            self._validators[schema] = Draft202012Validator(
                {"$ref": f"#/components/schemas/{schema}", "components": self._components}
            )
        error = next(iter(self._validators[schema].iter_errors(body)), None)
        if error is None:
            return None
        where = "/".join(str(part) for part in error.absolute_path)
        return f"{schema} {where or 'body'}: {error.message[:300]}"


@lru_cache(maxsize=1)
def load_spec() -> Spec:
    """The spec, with its usual requests checked once, so that no later check is slow at first."""
    spec = Spec()
    said = [{"role": "system", "content": "x"}, {"role": "user", "content": "x"}]
    spec.complaint(REQUESTS["chat"], {"model": "m", "messages": said, "stream": True})
    spec.complaint(REQUESTS["transcription"], {"model": "m", "file": "bytes"})
    spec.complaint(REQUESTS["embeddings"], {"model": "m", "input": ["x"]})
    spec.complaint(REQUESTS["speech"], {"model": "m", "input": "x", "voice": "alloy"})
    return spec
