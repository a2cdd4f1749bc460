"""`voice-agent knowledge wordings`: how buyers may ask for each passage, as a model suggests."""

import argparse
from collections.abc import Callable, Sequence

import anyio

from knowledge.entry import Article, Passage
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.load import Loaded, load
from knowledge.suggested import Judge, Suggested
from voice_agent.adapters.language import choose_model
from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.config import Settings
from voice_agent.errors import EngineUnavailable
from voice_agent.knowledge_wordings import keep_helpful
from voice_agent.suggesting import IN_A_ROW, Made, patient, suggested

Say = Callable[[str], None]
SHOWN = 76
"""Letters of a passage that tell which one it is."""


def wordings(settings: Settings, office: Office, given: argparse.Namespace, say: Say) -> int:
    """Print what is suggested, and write it into drafts for `--as`. 1 if nothing came of it."""
    loaded = load(office.vault.folder)
    if given.actor:
        office.known_person(given.actor)
        office.whole_trail()
    wanted = _wanted(office, loaded, given.articles, given.below)
    if given.actor:
        wanted = _undrafted(office, wanted, say)
    if not wanted:
        say(f"every passage has {given.below} wordings or more; --below {given.below + 1} asks on")
        return 0
    work = _Work(office, loaded, given.actor, say)
    try:
        anyio.run(work.ask, settings, wanted, given.most)
    except EngineUnavailable as error:
        say(str(error))
        return 1
    return work.summed()


def _wanted(
    office: Office, loaded: Loaded, names: Sequence[str], below: int
) -> list[tuple[Article, Passage]]:
    """The passages to ask about, those with the fewest wordings first. Raises: Refused."""
    for name in names:
        office.known(name)
    today = office.today(loaded.company)
    some = [a for a in loaded.articles if a.usable_on(today) and (not names or a.id in names)]
    if names and not some:
        raise Refused("none of these is in use today: `knowledge list` tells which are")
    each = [(a, p) for a in some for p in a.passages if len(p.asked) < below]
    return sorted(each, key=lambda pair: len(pair[1].asked))


def _undrafted(
    office: Office, wanted: list[tuple[Article, Passage]], say: Say
) -> list[tuple[Article, Passage]]:
    """The passages of articles without a draft, whose passages may be others."""
    drafted = {a.id for a, _ in wanted if office.known(a.id).draft is not None}
    if drafted:
        say(f"left out, since somebody is writing on them: {', '.join(sorted(drafted))}")
    return [(a, p) for a, p in wanted if a.id not in drafted]


class _Work:
    """One run over some passages. What it has found is kept as it goes."""

    def __init__(self, office: Office, loaded: Loaded, actor: str, say: Say) -> None:
        self._office, self._loaded, self._actor, self._say = office, loaded, actor, say
        self._judge = Judge(loaded, office.today(loaded.company))
        self._found = 0
        self._drafts: dict[str, int] = {}
        """Versions of the drafts written, by article."""

    async def ask(
        self, settings: Settings, wanted: list[tuple[Article, Passage]], most: int
    ) -> None:
        """Ask about each passage in turn. Raises: EngineUnavailable."""
        model = await _model(settings)
        self._say(f"asking {model.model} about {len(wanted)} passages")
        tried = 0
        try:
            async for made in suggested(
                model, self._loaded.company, self._loaded.articles, wanted, most
            ):
                tried += 1
                self._say(f"\n{tried}/{len(wanted)}  {_named(made.article, made.passage)}")
                self._take(made)
        finally:
            await model.aclose()
        if tried < len(wanted):
            self._say(f"\nleft off after {IN_A_ROW} failures in a row, {len(wanted) - tried} to go")

    def _take(self, made: Made) -> None:
        if made.failed:
            self._say(f"  nothing: {made.failed}")
            return
        judged = list(self._judge.judged(made.article, made.passage, made.wordings))
        for line in _lines(judged):
            self._say(line)
        self._found += sum(s.standing == "new" for s in judged)
        if not self._actor:
            return
        if done := keep_helpful(self._office, made.passage, judged, self._actor):
            self._drafts[done.article] = done.version

    def summed(self) -> int:
        """Tell what came of it, and what to do with it; the exit code."""
        self._say(f"\n{self._found} wordings that nothing answers yet")
        if not self._found:
            return 1
        if not self._actor:
            self._say(
                "copy those that their passage answers below it, or have them written into drafts: "
                "voice-agent knowledge wordings --as PERSON"
            )
            return 0
        drafts = ", ".join(f"{name} version {n}" for name, n in sorted(self._drafts.items()))
        self._say(
            f"drafts: {drafts}\nread them, and delete what a passage does not answer; then "
            f"voice-agent knowledge submit ARTICLE --as {self._actor}"
        )
        return 0


async def _model(settings: Settings) -> OpenAIModel:
    """The configured language model, given more time. Raises: EngineUnavailable."""
    chosen = await choose_model(settings)
    if chosen.model is None:
        raise EngineUnavailable(
            "suggesting wordings takes a language model: set VOICE_AGENT_LLM_BASE_URL or "
            f"OPENAI_API_KEY ({chosen.why})"
        )
    await chosen.model.aclose()
    return patient(settings)


def _named(article: Article, passage: Passage) -> str:
    text = passage.text
    short = text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} …"
    return f"{article.id}#{passage.number}  {short}"


def _lines(judged: Sequence[Suggested]) -> list[str]:
    """The helpful wordings as an article has them, and what became of the rest."""
    lines = [f"  > asked: {s.wording}" for s in judged if s.standing == "new"]
    count = {kind: sum(s.standing == kind for s in judged) for kind in ("found", "known", "unfit")}
    rest = [f"{n} {_BESIDE[kind]}" for kind, n in count.items() if n]
    rest += [f"“{s.wording}” leads to {s.where}" for s in judged if s.standing == "elsewhere"]
    return [*lines, *([f"  (besides: {'; '.join(rest)})"] if rest else [])]


_BESIDE = {
    "found": "already found", "known": "already written", "unfit": "too short or too long",
}  # fmt: skip
