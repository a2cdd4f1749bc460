"""`Connections`: tests each of the company's systems on demand, as `voice-agent check` does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import anyio
import httpx

from core.clock import Clock
from core.crm.records import Finding
from core.errors import CoreError
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.adapters.language import choose_model
from voice_agent.commands.check_lines import Said
from voice_agent.commands.check_systems import CHECKS, TIMEOUT_S
from voice_agent.config import Settings
from voice_agent.crm import system_of
from voice_agent.embedding import tried
from voice_agent.errors import VoiceAgentError
from voice_agent.speech.stt_openai import OpenAITranscriber
from voice_agent.speech.tts_openai import OpenAISynthesizer

WITHIN_S = 15.0
"""Longest time a test takes, however slow the system."""
LABELS = {
    "twilio": "Twilio",
    "language": "Language model",
    "hearing": "Hearing service",
    "speaking": "Voice service",
    "embeddings": "Embeddings",
    "crm": "CRM",
    "calendars": "Calendars",
    "slack": "Slack",
    "smtp": "Outgoing mail",
    "imap": "Mailbox",
    "webhooks": "Webhooks",
    "enrichment": "Enrichment",
    "nurture": "Keeping in touch",
    "sign-in": "Single sign-on",
}
OFF = "Nothing is set up here; what runs on this server itself needs no connection."


class Connections:
    """The systems named in the settings; `company` gives the current folder's company."""

    labels: Mapping[str, str] = LABELS

    def __init__(
        self, settings: Settings, store: Store, company: Callable[[], Company], clock: Clock
    ) -> None:
        self._settings = settings
        self._store = store
        self._company = company
        self._clock = clock

    async def test(self, name: str) -> Sequence[Finding]:
        """Test one of `labels`: what works, and what does not, with its remedy. Never raises."""
        found: list[Finding] = []
        own: dict[str, Callable[[Said], Awaitable[None]]] = {
            "language": self._language, "hearing": self._hearing, "speaking": self._speaking,
            "embeddings": self._embeddings, "crm": self._crm,
        }  # fmt: skip

        def said(level: str, text: str) -> None:
            found.append(Finding(level, text))

        try:
            with anyio.fail_after(WITHIN_S):
                if name in own:
                    await own[name](said)
                else:
                    async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                        await CHECKS[name](self._settings, self._company(), client, said)
        except TimeoutError:
            said("error", f"no answer within {WITHIN_S:.0f} s: is it running, and reachable?")
        except (VoiceAgentError, CoreError) as error:
            said("error", str(error))
        return found or [Finding("off", OFF)]

    async def _language(self, said: Said) -> None:
        settings = self._settings
        chosen = await choose_model(settings, TIMEOUT_S)
        if chosen.model is not None:
            await chosen.model.aclose()
            said("warning" if chosen.late else "ok", chosen.why)
        elif settings.llm != "embedded" and (settings.llm_base_url or settings.llm_key):
            said("error", chosen.why)

    async def _hearing(self, said: Said) -> None:
        settings = self._settings
        key = settings.stt_key
        if settings.stt not in ("auto", "openai") or not (settings.stt_base_url or key):
            return
        engine = OpenAITranscriber(
            self._company(), (), settings.stt_base_url, key, settings.stt_model
        )
        try:
            await engine.load(TIMEOUT_S)
        finally:
            await engine.aclose()
        said("ok", f"hearing: {settings.stt_model} answers, {engine.dialect.told()}")

    async def _speaking(self, said: Said) -> None:
        settings = self._settings
        key = settings.tts_key
        if settings.tts not in ("auto", "openai") or not (settings.tts_base_url or key):
            return
        engine = OpenAISynthesizer(
            settings.tts_base_url, key or "none", settings.tts_model, settings.tts_voice
        )
        try:
            await engine.load()
        finally:
            await engine.aclose()
        voice = f"{settings.tts_voice}, {engine.dialect.told()}"
        said("ok", f"speaking: {settings.tts_model} answers with voice {voice}")

    async def _embeddings(self, said: Said) -> None:
        if model := await tried(self._settings, TIMEOUT_S):
            said("ok", f"embeddings: {model}")

    async def _crm(self, said: Said) -> None:
        if self._settings.crm == "embedded":
            return
        async with system_of(self._settings, self._company(), self._store, self._clock) as crm:
            for one in await crm.check(create=False):
                said(one.level, one.text)
