"""A server that dials one promised call and kills itself around that. Run as a module.

Arguments: database URL, the telephone company's URL, the moment: before:record, after:record (and
before dialling) or after:dial (and before the answer is stored).
"""

import os
import signal
import sys

import anyio

from core.facts.callbacks import callback_id
from core.store.dialling import Dialling
from core.store.store import Store
from tests.core.callbacks.promises import company
from tests.core.store.test_callbacks import NINE
from voice_agent.callbacks.placing import Placing
from voice_agent.telephony.ports import Outbound
from voice_agent.telephony.rest import TwilioCalls


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying(TwilioCalls):
    """Dies before or after requesting a call."""

    moment = ""

    async def place_call(self, call: Outbound) -> str:
        if self.moment == "after:record":
            die()
        made = await super().place_call(call)
        die()
        return made


async def main(url: str, rest: str, moment: str) -> None:
    store = Store(url, server="dead")
    calls = Dying("AC" + "1" * 32, "token", rest)
    calls.moment = moment
    if moment == "before:record":
        Dialling.attempt = lambda *_: die()  # type: ignore[method-assign,assignment]
    placing = Placing(store, calls, company, lambda: NINE, "https://agent.example")
    await placing.dial(callback_id("c1"))


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
