"""An OpenTelemetry collector on a loopback port: decodes what it receives, as OTLP over HTTP."""

from http.server import BaseHTTPRequestHandler
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.fakes.loopback import LoopbackServer


class OtlpCollector(LoopbackServer):
    """`with OtlpCollector() as it:` serves at `it.url`; `refuse` responds with a status first."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.refuse: list[int] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - the library's name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = fake.refuse.pop(0) if fake.refuse else 200
                if self.path != "/v1/traces":
                    status = 404
                if self.headers["Content-Type"] != "application/x-protobuf":
                    status = 415
                if status == 200:
                    fake.headers.append({k.lower(): v for k, v in self.headers.items()})
                    fake.bodies.append(body)
                    fake.requests.append(ExportTraceServiceRequest.FromString(body))
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(Handler)

    @property
    def spans(self) -> list[Any]:
        """Every span received, in order."""
        return [
            span for request in self.requests for of in request.resource_spans
            for scope in of.scope_spans for span in scope.spans
        ]  # fmt: skip
