"""CPU time of one minute of a talking call, on the virtual clock: the same work each time, whatever
else the machine does. For comparing two checkouts: run it in each, in turn.

The call goes through the server's own WebSocket, session, gate, turn machine and playback, in this
process; its recogniser knows the words beforehand and its voice is a tone. Kernel sockets, the
engines' HTTP and the database are not included (`bench_concurrency` has them); the caller's side
and the virtual clock are.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from uvicorn.server import ServerState

from tests.bench import rig
from tests.bench.load import UTTERANCES, LoadCaller, Tally, noise, utterances
from tests.bench.websocket import handshake
from tests.fakes.office import Office, office
from tests.virtual_time import VirtualTimeLoop
from voice_agent.audio.pcm import FRAME_S
from voice_agent.emulator import twiml
from voice_agent.emulator.messages import Ids
from voice_agent.emulator.script import FIXTURES
from voice_agent.emulator.webhook import Numbers, voice_fields
from voice_agent.telephony.websocket import MediaWebSocket

MINUTE_S, WARM_S = 60.0, 10.0
ROUNDS, QUICK_ROUNDS = 6, 2
NUMBERS = Numbers("AC" + "0" * 32, "CA" + "0" * 32, "+14155550100", "+18005550100")
MANY = 20
"""Times the caller's lines are known, more than they can say them."""


class Wire(asyncio.Transport):
    """What one end writes, the other receives at once."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 80)})
        self.to: asyncio.Protocol | None = None
        self.closed = False

    def write(self, data: Any) -> None:
        if self.to is not None and not self.closed:
            self.to.data_received(bytes(data))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self._lost)

    def _lost(self) -> None:
        if self.to is not None:
            self.to.connection_lost(None)

    def pause_reading(self) -> None:
        """Ignored: nobody writes more than is read."""

    def resume_reading(self) -> None:
        """Ignored, likewise."""

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Ignored: there is only one."""


async def called(here: Office) -> LoadCaller:
    """A caller whose stream has started."""
    transport = httpx.ASGITransport(here.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.post("/twilio/voice", data=voice_fields(NUMBERS, "ringing"))
    streams = [verb for verb in twiml.parse(answer.text) if isinstance(verb, twiml.ConnectStream)]
    ids = Ids(NUMBERS.account_sid, NUMBERS.call_sid, "MZ" + "0" * 32)
    clock = asyncio.get_running_loop().time
    given = dict(streams[0].parameters)
    caller = LoadCaller(ids, given, utterances(), 0, noise(), Tally(), clock)
    config = uvicorn.Config(
        here.app, ws=MediaWebSocket, lifespan="off", log_config=None,
        ws_per_message_deflate=False, ws_ping_interval=None,
    )  # fmt: skip
    config.load()
    served = MediaWebSocket(config=config, server_state=ServerState(), app_state={})
    there, back = Wire(), Wire()
    there.to, back.to = served, caller
    served.connection_made(back)
    caller.connection_made(there)
    there.write(handshake("localhost", "/twilio/media"))
    return caller


async def held(seconds: float) -> float:
    """CPU seconds of this many seconds of a call."""
    files = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))["files"]
    words = [files[name]["text"] for name in UTTERANCES] * MANY
    with tempfile.TemporaryDirectory() as folder:
        async with office(Path(folder), words) as here:
            caller = await called(here)
            loop = asyncio.get_running_loop()
            began, due = time.process_time(), loop.time()
            ends = due + seconds
            while due < ends:
                due += FRAME_S
                await asyncio.sleep(due - loop.time())
                caller.tick(loop.time())
            spent = time.process_time() - began
            if caller.closed:
                raise RuntimeError("the call ended early")
            caller.hang_up()
            while here.calls.active:
                await asyncio.sleep(0.1)
            return spent


def measured(options: argparse.Namespace) -> rig.Result:
    """Repeat the same minute."""
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(held(WARM_S))
        spent = sorted(runner.run(held(MINUTE_S)) for _ in range(rounds))
    return rig.Result(
        "processor time of a call's minute, engines faked", rig.percentile(spent, 50), None, rounds,
        "s", "less than before", True, {"least_s": round(spent[0], 3)},
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
