"""The decoding process by itself, over its socket, with purpose-built decoders."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from voice_agent.speech.sphinx import wire

ENDLESS = """
import socket, sys
from voice_agent.speech.ports import HeardWord, Hypothesis
from voice_agent.speech.sphinx.worker import Worker

class Endless:
    def begin(self, mean): pass
    def feed(self, pcm): pass
    def partial(self): return Hypothesis("babble", (HeardWord("babble", 0.0, 0.4),), 1.0, 0.5)
    def abandon(self): return ""
    def finish(self):
        while True:
            pass

with socket.socket(fileno=int(sys.argv[1])) as link:
    Worker(link, Endless, 1, weighing_s=0.02).serve()
"""


@pytest.fixture
def link():
    """The server's end of a worker that can weigh nothing to its end."""
    ours, far = socket.socketpair()
    with far:
        worker = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(far.fileno())],
            pass_fds=[far.fileno()],
            cwd=Path(__file__).parents[3],
        )
    with ours:
        yield ours
    assert worker.wait(20) == 0, "it ends with the server's end of the socket"


def test_what_takes_too_long_to_weigh_stands_as_known_and_without_confidence(link):
    ours = wire.Frames()
    link.settimeout(60)
    link.sendall(wire.frame(wire.OPEN, 1) + wire.frame(wire.PCM, 1, b"\0" * 1600))
    link.sendall(wire.frame(wire.SETTLE, 1, wire.with_ticket(7)))
    told: list[tuple[int, int, bytes]] = []
    while not any(kind in (wire.SETTLED, wire.FAILED) for kind, *_ in told):
        told += ours.feed(link.recv(1 << 16))
    kind, number, payload = told[-1]
    ticket, rest = wire.split_ticket(payload)
    heard = wire.unpack_hypothesis(rest)
    assert (kind, number, ticket) == (wire.SETTLED, 1, 7)
    assert heard.text == "babble"
    assert heard.confidence == 0.0 == heard.words[0].confidence
