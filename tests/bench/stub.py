"""The stub of all three engines as a process: it knows the fixtures' words and reads passages out.

    python -m tests.bench.stub --port 9000

Transcription takes 150 ms, the first token 250 ms at 60 tokens a second, first audio 120 ms. `GET
/said` returns what it has worded and voiced, `GET /used` the totals requested.
"""

import argparse
import json
import re
import signal
import threading
from collections import deque
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.fakes.openai_server import OpenAIServer
from voice_agent.audio import g711
from voice_agent.audio.wav import read_mono
from voice_agent.emulator.script import FIXTURES

SENTENCE = re.compile(r"(?<=[.!?])\s+")
ASKED = re.compile(r'^\d+\. ask: "(.+)"$', re.MULTILINE)
REMEMBERED = 5000


class Stub(OpenAIServer):
    """An `OpenAIServer` with the fixtures' words, an obedient model, and its own memory."""

    def __init__(self, port: int = 0) -> None:
        self.worded: deque[str] = deque(maxlen=REMEMBERED)
        super().__init__(port=port, reply=self._worded, transcript="", keep=REMEMBERED)
        files = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))["files"]
        for name, about in files.items():
            if about["kind"] == "speech":
                pcm = g711.decode(g711.encode(read_mono(FIXTURES / name)))
                self.recognise(pcm, about["text"], about["speech_ms"])

    def app(self) -> Starlette:
        """The engines' endpoints, and `/said`."""
        app = super().app()
        app.routes.append(Route("/said", self._said))
        app.routes.append(Route("/used", self._used))
        return app

    def _worded(self, body: dict[str, Any]) -> str:
        """Two passages' first sentences, then the planned question."""
        plan = body["messages"][-1]["content"]
        passages = [line[2:] for line in plan.splitlines() if line.startswith("- ")]
        said = [SENTENCE.split(passage)[0] for passage in passages[:2]]
        text = " ".join([*said, *ASKED.findall(plan)[:1]]) or "I see."
        self.worded.append(text)
        return text

    async def _said(self, _request: Request) -> JSONResponse:
        voiced = [seen.body.get("input", "") for seen in self.requests("speech")]
        return JSONResponse({"worded": list(self.worded), "voiced": voiced})

    async def _used(self, _request: Request) -> JSONResponse:
        """What the engines were asked for, as far as remembered: what vendors bill."""
        heard, chats = self.requests("transcription"), self.requests("chat")
        prompts = [str(m["content"]) for seen in chats for m in seen.body["messages"]]
        return JSONResponse(
            {
                "transcriptions": len(heard),
                "transcribed_s": sum(seen.audio_s for seen in heard),
                "chats": len(chats),
                "prompt_characters": sum(map(len, prompts)),
                "worded_characters": sum(map(len, self.worded)),
                "voiced_characters": sum(
                    len(seen.body.get("input", "")) for seen in self.requests("speech")
                ),
            }
        )


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    with Stub(parser.parse_args().port) as server:
        print(server.base_url, flush=True)
        over.wait()


if __name__ == "__main__":
    main()
