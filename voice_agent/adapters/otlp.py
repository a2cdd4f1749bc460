"""Sends traces to any OpenTelemetry collector, by OTLP over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx

from core.projections.spans import Span, Trace
from voice_agent.errors import ServiceError

if TYPE_CHECKING:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PREFIX = "voice_agent."
"""Prefix of our attributes' names."""
PATH = "v1/traces"
TIMEOUT_S = 10.0
AGAIN = (408, 429, 502, 503, 504)
"""Statuses after which the same request may be retried."""


class CollectorFailed(ServiceError):
    """The collector was unreachable, or refused."""

    code = "collector-failed"
    retryable = True


class OtlpCollector:
    """Sends traces to one collector. Keeps no global state, starts no thread."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], resource: Mapping[str, str]):
        self._url = f"{endpoint.rstrip('/')}/{PATH}"
        self._headers = {"Content-Type": "application/x-protobuf", **headers}
        self._resource = resource
        self._client: httpx.AsyncClient | None = None

    async def send(self, traces: Sequence[Trace]) -> None:
        """Hand the collector these traces. Raises: CollectorFailed."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=TIMEOUT_S)
        content = request(traces, self._resource).SerializeToString()
        try:
            answer = await self._client.post(self._url, content=content, headers=self._headers)
        except httpx.HTTPError as error:
            raise CollectorFailed(f"{type(error).__name__}: {error}") from error
        if answer.status_code >= 300:
            failed = CollectorFailed(f"{self._url} answered {answer.status_code}")
            failed.retryable = answer.status_code in AGAIN
            raise failed

    async def aclose(self) -> None:
        """Close its connection."""
        if self._client is not None:
            await self._client.aclose()


def headers_of(text: str) -> dict[str, str]:
    """The headers in `name=value,name=value`, OpenTelemetry's notation."""
    pairs = (part.partition("=") for part in text.split(",") if "=" in part)
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs}


def request(traces: Sequence[Trace], resource: Mapping[str, str]) -> "ExportTraceServiceRequest":
    """The message that carries these traces."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
    from opentelemetry.proto.common.v1 import common_pb2
    from opentelemetry.proto.resource.v1 import resource_pb2
    from opentelemetry.proto.trace.v1 import trace_pb2

    def told(name: str, value: object) -> common_pb2.KeyValue:
        return common_pb2.KeyValue(key=name, value=common_pb2.AnyValue(**_any(value)))

    def made(trace_id: bytes, span: Span) -> trace_pb2.Span:
        failed, unset = trace_pb2.Status.STATUS_CODE_ERROR, trace_pb2.Status.STATUS_CODE_UNSET
        return trace_pb2.Span(
            trace_id=trace_id,
            span_id=span.span_id,
            parent_span_id=span.parent_id or b"",
            name=span.name,
            kind=trace_pb2.Span.SPAN_KIND_INTERNAL if span.parent_id
            else trace_pb2.Span.SPAN_KIND_SERVER,
            start_time_unix_nano=_nanoseconds(span.start),
            end_time_unix_nano=_nanoseconds(span.end),
            attributes=[told(PREFIX + k, v) for k, v in span.attributes.items()],
            events=[
                trace_pb2.Span.Event(name=name, time_unix_nano=_nanoseconds(at))
                for name, at in span.events
            ],
            status=trace_pb2.Status(code=failed if span.failed else unset),
        )  # fmt: skip

    spans = [made(one.trace_id, span) for one in traces for span in one.spans]
    ours = trace_pb2.ScopeSpans(scope=common_pb2.InstrumentationScope(name="voice_agent"))
    ours.spans.extend(spans)
    of = resource_pb2.Resource(attributes=[told(k, v) for k, v in resource.items()])
    return trace_service_pb2.ExportTraceServiceRequest(
        resource_spans=[trace_pb2.ResourceSpans(resource=of, scope_spans=[ours])]
    )


def _any(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"bool_value": value}
        case int():
            return {"int_value": value}
        case float():
            return {"double_value": value}
        case _:
            return {"string_value": str(value)}


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000) * 1000
