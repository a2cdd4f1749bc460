"""`voice-agent engines`: runs each engine once, and shows the result."""

import argparse
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

import anyio
import numpy as np
from rich.console import Console
from rich.markup import escape

from core.clock import utc_now
from core.conversation.wording.realise_model import ModelRealiser
from core.engine import Engine
from core.errors import CoreError
from core.events import Flagged, Noted
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from core.thinking.embedding import DEADLINE_S
from knowledge.answer import KnowledgeBase
from knowledge.errors import CompanyInvalid
from knowledge.load import Loaded, load
from voice_agent.adapters.language import IN_TIME_S, choose_model
from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.commands.evaluate import golden
from voice_agent.config import Settings
from voice_agent.database import make_folder
from voice_agent.embedding import Embedding
from voice_agent.errors import VoiceAgentError
from voice_agent.speech.choose import choose_synthesizer, choose_transcriber
from voice_agent.speech.ports import Synthesizer, Transcriber

PATIENCE_S = 30.0
"""Time limit for each engine, however slow."""
PATIENT_S = 10.0
"""Longer for a reply, to show what it would be, however late."""
QUESTIONS = 3
STATED = "we are about two hundred people and"
SENTENCE = "Yes, we can do that. Would Tuesday at ten in the morning suit you?"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Voice a sentence and hear it back; have the language model answer questions of the "
        "company's and read a turn; embed what is asked. It tells how long each took, and what of "
        "it could be used. It ends with 1 when an engine does not work."
    )
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder for caches; default: var")
    parser.set_defaults(command=engines)


def engines(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Try the engines; 1 when one does not work."""
    trial = _Trial(settings, Console(soft_wrap=True, highlight=False))
    try:
        make_folder(settings.var, "VAR")
        anyio.run(trial.run, load(settings.company))
    except CompanyInvalid as error:
        trial.bad(f"the company folder has problems: {error.problems[0]}; see voice-agent check")
    except VoiceAgentError as error:
        trial.bad(str(error))
    return 1 if trial.failed else 0


@dataclass(slots=True)
class _Trial:
    """One run; `failed` once an engine did not work."""

    settings: Settings
    show: Console
    failed: bool = False

    def say(self, text: str) -> None:
        self.show.print(escape(text))

    def more(self, text: str) -> None:
        self.show.print(f"    {escape(text)}")

    def bad(self, text: str) -> None:
        self.failed = True
        self.show.print(f"[red]{escape(text)}[/red]")

    @asynccontextmanager
    async def part(self, name: str) -> AsyncIterator[None]:
        """A part whose end or failure is printed; the others go on."""
        try:
            with anyio.fail_after(PATIENCE_S):
                yield
        except TimeoutError:
            self.bad(f"{name}: no answer within {PATIENCE_S:.0f} s")
        except (VoiceAgentError, CoreError) as error:
            self.bad(f"{name}: {error}")

    async def run(self, loaded: Loaded) -> None:
        """Run all parts, one after the other."""
        spoken: Pcm | None = None
        async with self.part("speaking"):
            rate, own = loaded.company.voice.speaking_rate, loaded.company.vocabulary.pronunciations
            speaking = await choose_synthesizer(self.settings, rate, own)
            self.say(speaking.why)
            try:
                spoken = await self.speak(speaking.engine)
            finally:
                await speaking.engine.aclose()
        async with self.part("hearing"):
            hearing = await choose_transcriber(self.settings, loaded)
            self.say(hearing.why)
            try:
                if spoken is not None:
                    await self.hear(hearing.engine, spoken)
            finally:
                await hearing.engine.aclose()
        async with self.part("wording"):
            wording = await choose_model(self.settings)
            self.say(wording.why)
            if wording.model is not None:
                try:
                    await self.word(loaded, wording.model)
                    await self.read(loaded, wording.model)
                finally:
                    await wording.model.aclose()

        async with self.part("finding"):
            await self.find(loaded)

    async def find(self, loaded: Loaded) -> None:
        """Embed articles and questions. Raises: EngineUnavailable, EmbeddingFailed."""
        embedding = Embedding.of(self.settings, loaded.company.id, deadline_s=PATIENT_S)
        if embedding is None:
            self.say("finding: by words alone")
            return
        try:
            began = anyio.current_time()
            known = await embedding.complete(loaded)
            took_s = anyio.current_time() - began
            self.say(embedding.why)
            self.more(f"articles embedded or read from the cache in {_ms(took_s)}")
            for question in islice(_questions(loaded, self.settings.company), QUESTIONS):
                if known.questions is None:
                    return
                began = anyio.current_time()
                await known.questions.vectors([question])
                took_s = anyio.current_time() - began
                late = "" if took_s <= DEADLINE_S else ", too late for a turn: words alone decide"
                self.more(f"“{question}” embedded in {_ms(took_s)}{late}")
        finally:
            await embedding.aclose()

    async def speak(self, engine: Synthesizer) -> Pcm:
        """Voice a sentence. Raises: SpeechFailed."""
        began, first_s, pieces = anyio.current_time(), 0.0, []
        async for pcm in engine.speak(SENTENCE):
            first_s = first_s or anyio.current_time() - began
            pieces.append(pcm)
        made, took_s = np.concatenate(pieces), anyio.current_time() - began
        asked = f" ({told.told()})" if (told := getattr(engine, "dialect", None)) else ""
        self.more(f"first sound after {_ms(first_s)}, {len(made) / RATE_HZ:.1f} s of speech in "
                  f"{_ms(took_s)}{asked}")  # fmt: skip
        return made

    async def hear(self, engine: Transcriber, spoken: Pcm) -> None:
        """Recognise what was voiced. Raises: TranscriptionFailed."""
        utterance, began = engine.open("trial"), anyio.current_time()
        try:
            utterance.push(spoken)
            heard = await utterance.settle()
        finally:
            utterance.close()
        took_s, (right, of) = anyio.current_time() - began, _right(SENTENCE, heard.text)
        asked = f" ({told.told()})" if (told := getattr(engine, "dialect", None)) else ""
        self.more(f"heard back in {_ms(took_s)}, {right} of {of} words right{asked}: {heard.text}")

    async def word(self, loaded: Loaded, model: OpenAIModel) -> None:
        """Answer questions of the company in the model's words, as far as these pass the gate."""
        engine = Engine(loaded, KnowledgeBase(loaded), model, deadline_s=PATIENT_S)
        realiser = ModelRealiser(model, engine.realiser)
        asked = 0
        for question in _questions(loaded, self.settings.company):
            talk = _talk(engine)
            if not realiser.may_word(engine.think(talk.state, talk.said(question)).act):
                continue
            began = anyio.current_time()
            turn = await talk.says(question)
            took_s = anyio.current_time() - began
            self.more(f"“{question}”, in {_ms(took_s)}: {' '.join(s.text for s in turn.sentences)}")
            for fact in turn.facts:
                if isinstance(fact, Flagged) and fact.kind == "gate_blocked":
                    self.more(f"  not said, for the gate stopped it: {fact.note}")
                elif isinstance(fact, Noted) and fact.kind == "realiser_fallback":
                    self.more(f"  said in approved words, for the model: {fact.data['reason']}")
            if took_s > IN_TIME_S:
                self.more(f"  too late for a turn if its first sentence takes {IN_TIME_S:g} s")
            asked += 1
            if asked == QUESTIONS:
                return

    async def read(self, loaded: Loaded, model: OpenAIModel) -> None:
        """Read a caller's turn with the model, as far as the reading can be verified."""
        engine = Engine(loaded, KnowledgeBase(loaded), reader=model)
        talk = _talk(engine)
        text = f"{STATED} {next(_questions(loaded, self.settings.company), 'what do you cost')}"
        began = anyio.current_time()
        reading = await engine.read(talk.state, talk.said(text))
        took_s = anyio.current_time() - began
        if reading.failed:
            self.bad(f"    no reading of “{text}”: {reading.failed}")
            return
        kept = ", ".join(type(command).__name__ for command in reading.commands) or "nothing"
        self.more(f"“{text}” read in {_ms(took_s)}: {kept}")
        for why in reading.dropped:
            self.more(f"  not taken: {why}")


def _talk(engine: Engine) -> TextTalk:
    opened = ConversationOpened(
        "trial", "voice", "inbound", None, engine.loaded.company.numbers[0], utc_now()
    )
    return TextTalk(engine, opened)


def _questions(loaded: Loaded, folder: Path) -> Iterator[str]:
    """Questions the company's buyers ask: its golden questions, then its articles' own wordings."""
    yield from (covered.ask for covered in golden(folder).answered)
    for article in loaded.articles:
        for passage in article.passages:
            yield from passage.asked


def _right(said: str, heard: str) -> tuple[int, int]:
    """How many of the words were recognised, and out of how many."""
    wanted, got = _plain(said), _plain(heard)
    match = SequenceMatcher(None, wanted, got, autojunk=False)
    return sum(block.size for block in match.get_matching_blocks()), len(wanted)


def _plain(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def _ms(seconds: float) -> str:
    return f"{round(seconds * 1000)} ms"
