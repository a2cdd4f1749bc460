"""A server killed while its caller holds: whether the next server resumes the conversation.

A real process on its own database is killed (SIGKILL) as soon as the caller waits for a person;
another is started on the same port and database; the person then declines. The caller must come
back to the same conversation, be told, and be promised a call; nothing is finalised twice.
"""

import argparse
import tempfile
from pathlib import Path

import anyio
import httpx

from core.clock import utc_now
from tests.bench import rig
from tests.fakes.office import HANG_UP, script, speech
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.ports import free_port
from tests.fakes.twilio_account import Person, TwilioAccount
from tests.hostile.process import API_TOKEN, ServerProcess, brisk_company, environment
from tests.scenarios.test_transfers import TOKEN, WAITS
from voice_agent.emulator.twilio import sid

BACK = script(
    ("agent silent 0.8s", speech("soft_speaker/03_yes.wav")), ("agent silent 5s", HANG_UP)
)


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Kill the server of a holding caller, and check what the next one does."""
    with tempfile.TemporaryDirectory() as temporary:
        return anyio.run(_lost, Path(temporary))


async def _lost(folder: Path) -> rig.Result:
    port, call_sid = free_port(), sid("CA")
    url = f"http://127.0.0.1:{port}"
    company = _always_there(folder / "company")
    person = Person(keys=("2",), rings_s=45.0)
    with OpenAIServer(transcript="yes please") as ears:
        async with TwilioAccount(url, TOKEN, {"+18005550100": person}) as twilio:
            env = environment(
                folder / "var", ears.base_url, COMPANY=str(company), PORT=str(port),
                PUBLIC_URL=url, TWILIO_ACCOUNT_SID=twilio.rest.account_sid,
                TWILIO_AUTH_TOKEN=TOKEN, TWILIO_API_URL=twilio.rest.url, OPENAI_API_KEY="sk-test",
            )  # fmt: skip
            async with anyio.create_task_group() as tasks:
                first = await _up(env, folder)
                tasks.start_soon(lambda: twilio.call_in(WAITS, call_sid=call_sid, back=BACK))
                with anyio.fail_after(60):
                    while not twilio.conferences:  # noqa: ASYNC110 - it is told to nobody
                        await anyio.sleep(0.05)
                await anyio.to_thread.run_sync(first.kill)
                died = utc_now()
                await anyio.to_thread.run_sync(first.__exit__)
                second = await _up(env, folder)
                up_s = (utc_now() - died).total_seconds()
                document = await _document(url, call_sid)
            streams = twilio.calls[call_sid].streams
            await anyio.to_thread.run_sync(second.__exit__)
    (attempt,) = document["route"]["transfers"]
    flags = [flag["kind"] for flag in document["flags"]]
    said = " ".join(x["text"] for x in document["transcript"] if x["speaker"] == "agent")
    good = (
        streams == 2
        and attempt["state"] == "failed"
        and document["outcome"] == "callback"
        and "not_recorded" in flags
        and "Daniel" in said
    )
    return rig.Result(
        "conversations taken back after a kill", 100.0 if good else 0.0, None, 1, "%",
        "the same conversation goes on, ends once, and says that its rest was not recorded", good,
        {"outcome": document["outcome"], "attempt": attempt, "flags": flags, "up_again_s": up_s,
         "streams": streams},
    )  # fmt: skip


async def _up(env: dict[str, str], folder: Path) -> ServerProcess:
    return await anyio.to_thread.run_sync(ServerProcess(env, folder).__enter__)


async def _document(url: str, call_sid: str) -> dict:
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as http:
        with anyio.fail_after(120):
            while True:
                answer = await http.get(f"/api/v1/calls/{call_sid}")
                if answer.status_code == 200 and answer.json()["status"] != "in_progress":
                    return answer.json()
                await anyio.sleep(0.2)


def _always_there(folder: Path) -> Path:
    """The sample company, with a person available at any hour."""
    company = brisk_company(folder)
    settings = company / "company.yaml"
    lines = settings.read_text("utf-8").splitlines()
    made, daniel = [], False
    for line in lines:
        if line.startswith("  - id: "):
            daniel = line.endswith("daniel-okafor")
        if daniel and line.strip().startswith("week:"):
            days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            week = ", ".join(f'{day}: [{{from: "00:00", to: "23:59"}}]' for day in days)
            line = "      week: {" + week + "}"
        made.append(line)
    settings.write_text("\n".join(made) + "\n", "utf-8")
    return company


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
