"""Language model servers that differ in what they accept and how they refuse, on a real socket.

    with ModelServer(mistral) as server:
        OpenAIModel(server.base_url, "key", "mistral-small-latest")

Status codes and error bodies are from the servers' documentation and issue trackers.
"""

import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.loopback import LoopbackServer

READY = "I am ready."
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """A response; `pieces` are sent one by one, with a pause of `gap_s` before each."""

    pieces: Iterable[bytes]
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    gap_s: float = 0.0


class ModelServer(LoopbackServer):
    """One server; `speaks` answers posts, `models` are those it lists."""

    def __init__(self, speaks: Callable[[Body], Answer], models: Iterable[str] | None = ()) -> None:
        self.speaks, self.models = speaks, models
        self.bodies: list[dict[str, Any]] = []
        """The bodies of all posts: JSON, or a form's fields."""
        super().__init__(self._handler())

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def _listed(self) -> Answer:
        if self.models is None:
            return no(404, {"detail": "Not Found"})
        return no(200, {"object": "list", "data": [{"id": name} for name in self.models]})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(server._listed())

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                kind = self.headers["Content-Type"]
                body = json.loads(raw) if "json" in kind else form_of(kind, raw)
                server.bodies.append(body)
                self._send(server.speaks(body))

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in answer.pieces:
                        if answer.gap_s and server.let_go.wait(answer.gap_s):
                            return
                        self.wfile.write(piece)
                        self.wfile.flush()
                except OSError:
                    return  # the client has left

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def form_of(kind: str, raw: bytes) -> dict[str, Any]:
    """The fields of a form with a file."""
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw)
    made: dict[str, Any] = {}
    for part in message.get_payload():
        name = str(part.get_param("name", header="content-disposition"))
        value = part.get_payload(decode=True)
        if name == "file":
            made[name] = value
        elif name.endswith("[]"):
            made.setdefault(name[:-2], []).append(value.decode())
        else:
            made[name] = value.decode()
    return made


def no(status: int, body: Any) -> Answer:
    """One JSON body."""
    return Answer([json.dumps(body).encode()], status)


def openai_error(
    message: str, param: str | None = None, code: str | None = None, status: int = 400,
    kind: str = "invalid_request_error",
) -> Answer:  # fmt: skip
    error = {"message": message, "type": kind, "param": param, "code": code}
    return no(status, {"error": error})


def sse(*chunks: Any, done: bool = True) -> list[bytes]:
    lines = [c if isinstance(c, bytes) else b"data: " + json.dumps(c).encode() for c in chunks]
    return [line + b"\n\n" for line in (*lines, *([b"data: [DONE]"] if done else []))]


def delta(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": None}]}


def words(body: Body, text: str = READY, thought: str = "", name: str = "reasoning") -> Answer:
    """An answer, streamed on request, with a thought in a separate field."""
    if body.get("response_format") or not body.get("stream"):
        message = {"role": "assistant", "content": '{"items": []}' if text is READY else text}
        return no(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})
    thoughts = [delta(content="", **{name: part}) for part in thought.split()]
    said = [delta(content=part) for part in _tokens(text)]
    return Answer(sse(delta(role="assistant"), *thoughts, *said), kind="text/event-stream")


def _tokens(text: str) -> Iterator[str]:
    first, *rest = text.split(" ")
    yield first
    for word in rest:
        yield f" {word}"


def openai_reasoning(*efforts: str) -> Callable[[Body], Answer]:
    """OpenAI's or Azure's gpt-5 and o-series, with their known efforts."""

    def speaks(body: Body) -> Answer:
        if "max_tokens" in body:
            return openai_error(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                "'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter",
            )  # fmt: skip
        if body.get("temperature", 1) != 1:
            return openai_error(
                f"Unsupported value: 'temperature' does not support {body['temperature']} with this"
                " model. Only the default (1) value is supported.", "temperature",
                "unsupported_value",
            )  # fmt: skip
        if "chat_template_kwargs" in body:
            return openai_error("Unrecognized request argument supplied: chat_template_kwargs")
        effort = body.get("reasoning_effort", "medium")
        if effort not in (*efforts, "medium", "high"):
            listed = ", ".join(f"'{one}'" for one in (*efforts, "medium"))
            return openai_error(
                f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this "
                f"model. Supported values are: {listed}, and 'high'.", "reasoning_effort",
                "unsupported_value",
            )  # fmt: skip
        return words(body)

    return speaks


def openai_plain(body: Body) -> Answer:
    """OpenAI's gpt-4o and gpt-4.1: they accept both limits and no effort."""
    if "reasoning_effort" in body:
        return openai_error("Unrecognized request argument supplied: reasoning_effort")
    return words(body)


def mistral(body: Body) -> Answer:
    """api.mistral.ai refuses unknown parameters with 422."""
    known = {"model", "messages", "stream", "temperature", "max_tokens", "response_format"}
    for name in body.keys() - known:
        detail = [{"type": "extra_forbidden", "loc": ["body", name],
                   "msg": "Extra inputs are not permitted", "input": body[name]}]  # fmt: skip
        return no(422, {"object": "error", "message": {"detail": detail},
                        "type": "invalid_request_error", "param": None, "code": None})  # fmt: skip
    return words(body)


def gemini(body: Body) -> Answer:
    """Gemini's compatible endpoint with a model whose reasoning cannot be turned off: the error is
    in a list and names nothing."""
    effort = body.get("reasoning_effort")
    if effort in ("none", "minimal"):
        message = "Request contains an invalid argument."
        return no(400, [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}])
    if "chat_template_kwargs" in body:
        message = ('Invalid JSON payload received. Unknown name "chat_template_kwargs": Cannot '
                   "find field.")  # fmt: skip
        return no(400, [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}])
    room = body.get("max_tokens", 0) > 1000
    return words(body) if effort == "low" or room else words(body, text="")


def ollama_thinking(body: Body) -> Answer:
    """Ollama with qwen3 or gemma4: it reasons unless the effort is none."""
    if body.get("reasoning_effort") == "none":
        return words(body)
    return words(body, text="", thought="The user wants me to say that I am ready")


def vllm_thinking(body: Body) -> Answer:
    """vLLM and SGLang of 2025 with qwen3: three efforts, and a template with a switch."""
    effort = body.get("reasoning_effort")
    if effort not in (None, "low", "medium", "high"):
        said = (
            "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'reasoning_effort'), "
            "'msg': \"Input should be 'low', 'medium' or 'high'\", 'input': '" + effort + "'}"
        )
        return no(400, {"object": "error", "message": said, "type": "Bad Request", "param": None,
                        "code": 400})  # fmt: skip
    if (body.get("chat_template_kwargs") or {}).get("enable_thinking") is False:
        return words(body)
    return words(body, thought="Okay, so they want", name="reasoning_content")


def inline_thinking(body: Body) -> Answer:
    """A server without a reasoning parser, and a model whose reasoning cannot be turned off."""
    if not body.get("stream"):
        return words(body, '<think>A {brace}.</think>```json\n{"items": []}\n```')
    return words(body, f"<think>They want {{me}} to be ready.</think>\n\n{READY}")


def opened_thinking(body: Body) -> Answer:
    """The same with a template that opens the thought: the output has only its closing tag."""
    if not body.get("stream"):
        return words(body, 'They say {nothing}.</think>{"items": []}')
    return words(body, f"They want me to be ready.\n</think>\n\n{READY}")


def gemma_2(body: Body) -> Answer:
    """vLLM with a template without a system role."""
    if body["messages"][0]["role"] == "system":
        return no(400, {"object": "error", "message": "System role not supported",
                        "type": "BadRequestError", "param": None, "code": 400})  # fmt: skip
    return words(body)


def lm_studio(body: Body) -> Answer:
    """LM Studio: the error is a bare string, and `json_object` is unknown."""
    kind = (body.get("response_format") or {}).get("type")
    if kind == "json_object":
        return no(400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})
    return words(body)


def groq_llama(body: Body) -> Answer:
    """Groq with a model that accepts no schemas and no effort."""
    if "reasoning_effort" in body:
        return openai_error("`reasoning_effort` is not supported with this model")
    if (body.get("response_format") or {}).get("type") == "json_schema":
        return openai_error(
            "This model does not support response format `json_schema`. See supported models at "
            "https://console.groq.com/docs/structured-outputs#supported-models", "response_format",
        )  # fmt: skip
    return words(body)


def litellm_gpt5(body: Body) -> Answer:
    """LiteLLM's proxy in front of gpt-5, under the operator's own name."""
    if body.get("temperature", 1) != 1:
        message = (
            "litellm.UnsupportedParamsError: gpt-5 models (including gpt-5-codex) don't support "
            f"temperature={body['temperature']}. Only temperature=1 is supported. For gpt-5.1, "
            "temperature is supported when reasoning_effort='none' (or not specified). To drop "
            "unsupported params set `litellm.drop_params = True`. Received Model Group=fast"
        )
        return no(400, {"error": {"message": message, "type": "None", "param": None,
                                  "code": "400"}})  # fmt: skip
    return words(body)


def anthropic(body: Body) -> Answer:
    """Anthropic's compatible endpoint: accepts no temperature, and ignores `response_format`."""
    if "temperature" in body:
        message = "`temperature` is deprecated for this model."
        return no(400, {"error": {"code": "invalid_request_error", "message": message,
                                  "type": "invalid_request_error", "param": None}})  # fmt: skip
    if body.get("stream"):
        return words(body)
    return words(
        body, 'Here is what the caller means:\n\n```json\n{"items": []}\n```\nThat is all.'
    )


def openrouter_stream(body: Body) -> Answer:
    """OpenRouter keeps a connection alive with comments and ends with usage without a choice."""
    chunks = (b": OPENROUTER PROCESSING", b": OPENROUTER PROCESSING", delta(content="I am"),
              delta(content=" ready."), {"choices": [], "usage": {"total_tokens": 9}})  # fmt: skip
    return Answer(sse(*chunks), kind="text/event-stream")


def azure_stream(body: Body) -> Answer:
    """Azure starts with its filter's verdict on the prompt, and with null."""
    chunks = (
        {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
        {"choices": [{"index": 0, "delta": None, "content_filter_results": {}}]},
        {"choices": [{"index": 0, "content_filter_results": {}}]},
        delta(content=[{"type": "thinking", "thinking": []}, {"type": "text", "text": "I am"}]),
        delta(content=" ready."),
    )
    return Answer(sse(*chunks), kind="text/event-stream")


def endless_stream(body: Body) -> Answer:
    """No [DONE], and no line end after the last chunk."""
    pieces = sse(delta(content="I am"), delta(content=" ready."), done=False)
    return Answer([*pieces[:-1], pieces[-1].rstrip()], kind="text/event-stream; charset=utf-8")


def gzipped_stream(body: Body) -> Answer:
    """A proxy that compresses everything."""
    packed = gzip.compress(b"".join(sse(delta(content="I am"), delta(content=" ready."))))
    return Answer([packed], kind="text/event-stream", headers={"Content-Encoding": "gzip"})


def unstreamed(body: Body) -> Answer:
    """A gateway that responds in one piece although asked to stream."""
    message = {"role": "assistant", "content": READY}
    return no(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def failing_stream(body: Body) -> Answer:
    """OpenRouter's error in the middle of a stream."""
    error = {"code": "server_error", "message": "Provider disconnected"}
    broken = {"error": error, "choices": [{"index": 0, "delta": {"content": ""},
                                           "finish_reason": "error"}]}  # fmt: skip
    return Answer(sse(delta(content="I am"), broken, done=False), kind="text/event-stream")


def slowly(seconds: float, speaks: Callable[[Body], Answer] = words) -> Callable[[Body], Answer]:
    """A server that takes this long before it says anything."""

    def later(body: Body) -> Answer:
        time.sleep(seconds)
        return speaks(body)

    return later


UNKNOWN_MODEL: Mapping[str, Callable[[Body], Answer]] = {
    "openai": lambda body: openai_error(
        f"The model `{body['model']}` does not exist or you do not have access to it.", None,
        "model_not_found", 404),
    "azure": lambda body: no(404, {"error": {
        "code": "DeploymentNotFound",
        "message": "The API deployment for this resource does not exist. If you created the "
        "deployment within the last 5 minutes, please wait a moment and try again."}}),
    "ollama": lambda body: openai_error(
        f"model '{body['model']}' not found", status=404, kind="not_found_error"),
    "vllm": lambda body: no(404, {"error": {
        "message": f"The model `{body['model']}` does not exist.", "type": "NotFoundError",
        "param": "model", "code": 404}}),
    "openrouter": lambda body: no(400, {"error": {
        "message": f"{body['model']} is not a valid model ID", "code": 400}}),
    "mistral": lambda body: no(400, {
        "object": "error", "message": f"Invalid model: {body['model']}", "type": "invalid_model",
        "param": None, "code": "1500"}),
    "litellm": lambda body: no(400, {"error": {
        "message": f"/chat/completions: Invalid model name passed in model={body['model']}. Call "
        "`/v1/models` to view available models for your key.", "type": "invalid_request_error",
        "param": "None", "code": "400"}}),
    "anthropic": lambda body: no(404, {"error": {
        "code": "not_found_error", "message": f"model: {body['model']}", "type": "not_found_error",
        "param": None}}),
    "gemini": lambda body: no(404, [{"error": {
        "code": 404, "status": "NOT_FOUND", "message": f"models/{body['model']} is not found for "
        "API version v1main, or is not supported for generateContent."}}]),
}  # fmt: skip
KEY_REFUSED: Mapping[str, Answer] = {
    "openai": openai_error("Incorrect API key provided: sk-wrong.", None, "invalid_api_key", 401),
    "openrouter": no(401, {"error": {"message": "No auth credentials found", "code": 401}}),
    "gemini": no(400, [{"error": {"code": 400, "status": "INVALID_ARGUMENT",
                                  "message": "API key not valid. Please pass a valid API key."}}]),
}  # fmt: skip
NO_MONEY: Mapping[str, Answer] = {
    "openai": openai_error(
        "You exceeded your current quota, please check your plan and billing details.", None,
        "insufficient_quota", 429, "insufficient_quota"),
    "openrouter": no(402, {"error": {
        "message": "Insufficient credits. This account never purchased credits.", "code": 402}}),
}  # fmt: skip
CONTENT: Mapping[str, Answer] = {
    "azure": openai_error(
        "The response was filtered due to the prompt triggering Azure OpenAI's content management "
        "policy. Please modify your prompt and retry.", "prompt", "content_filter"),
    "groq": no(400, {"error": {
        "message": "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' "
        "for more details.", "type": "invalid_request_error", "code": "json_validate_failed",
        "failed_generation": "{"}}),
    "vllm": openai_error(
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens "
        "(4500 in the messages, 500 in the completion).", None, "context_length_exceeded"),
}  # fmt: skip
LOADING = no(503, {"error": {"code": 503, "message": "Loading model",
                             "type": "unavailable_error"}})  # fmt: skip
