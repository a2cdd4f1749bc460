"""`voice-agent check`: finds everything that would go wrong later, with its remedy."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import anyio
import anyio.to_thread
from rich.console import Console

from core.clock import utc_now
from core.crm.records import Finding
from core.errors import CoreError, EmbeddingFailed, StoreFailed
from core.evaluation.load import EVALS, EvalsInvalid, load_evals
from core.policy.jurisdiction import rule_of
from core.routing.lint import lint
from core.store.conversations import Filters
from knowledge.errors import CompanyInvalid
from knowledge.governance.vault import ARTICLES, GOLDEN, TRAIL, Vault
from knowledge.governance.verify import verify
from knowledge.load import Loaded, load
from knowledge.profile import Company
from voice_agent.adapters.language import choose_model
from voice_agent.channels.email.settings import mail_settings
from voice_agent.commands.check_files import exposed, refused
from voice_agent.commands.check_folder import (
    beside_faults,
    cut,
    golden_questions,
    remarks,
    unread,
)
from voice_agent.commands.check_hours import closed
from voice_agent.commands.check_invitations import unanswered_invitations
from voice_agent.commands.check_lines import public
from voice_agent.commands.check_systems import check_systems
from voice_agent.commands.crm import findings as crm_findings
from voice_agent.config import Settings, unknown_names
from voice_agent.database import make_folder, opened
from voice_agent.embedding import tried
from voice_agent.errors import ConfigError, EngineUnavailable, VoiceAgentError
from voice_agent.models import FETCH, named
from voice_agent.recordings import archive_of, unopened
from voice_agent.server.peer_door import door
from voice_agent.speech.choose import choose_synthesizer, choose_transcriber
from voice_agent.speech.stt_whisper import find_model
from voice_agent.telephones import can_ring

EMBEDDING_S = 3.0
"""An embedding service that takes longer for three words is of no use in a call."""
MOST_REPEATED = 5
"""Errors named again at the end, where what is right followed them."""
SAFE_RING_S = 15
"""Most voicemail answers later than this, after four rings or more."""


def check(settings: Settings, every: bool = False) -> int:
    """Print what is right and what is not; 1 when anything is an error.

    Lists the first few faults of a file, all of them with `every`.
    """
    findings: list[Finding] = []
    show = Console(soft_wrap=True, highlight=False)

    def found(finding: Finding) -> None:
        if finding in findings:
            return
        findings.append(finding)
        colour = {"ok": "green", "warning": "yellow", "error": "red"}[finding.level]
        show.print(f"[{colour}]{finding.level:>7}[/{colour}]  {_plain(finding.text)}")

    loaded = _company(settings, found, every)
    _settings(settings, found)
    peers(settings, found)
    _mail(settings, found)
    if loaded is not None:
        transfers(settings, loaded, found)
        _callbacks(settings, loaded, found)
    if not _folders(settings, found):
        loaded = None  # engines keep their caches there
    anyio.run(_services, settings, loaded, found)
    show.print(f"\n{_summed(findings)}")
    errors = [f.text for f in findings if f.level == "error"]
    if errors and findings[-1].text not in errors:  # else they are still in view
        show.print("\n".join(f"  {_plain(text)}" for text in errors[:MOST_REPEATED]))
    return 1 if errors else 0


def _summed(findings: list[Finding]) -> str:
    """The report's last line."""
    errors, warnings = (sum(f.level == level for f in findings) for level in ("error", "warning"))
    if errors:
        return f"{errors} error{'s' if errors > 1 else ''}"
    if warnings:
        return f"in order; {warnings} warning{'s' if warnings > 1 else ''} to look at"
    return "everything is in order"


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _company(
    settings: Settings, found: Callable[[Finding], None], every: bool = False
) -> Loaded | None:
    folder, today = settings.company, utc_now().date()
    try:
        loaded = load(folder)
    except CompanyInvalid as error:
        for line in cut([*error.problems, *beside_faults(folder, error)], every=every):
            found(Finding("error", line))
        rest = None if any(p.file.startswith(ARTICLES) for p in error.problems) else error.rest
        for line in remarks(folder, rest, today, whole=False) if rest else unread(folder):
            found(Finding("warning", line))
        return None
    published = sum(a.status == "published" for a in loaded.articles)
    found(Finding("ok", f"company {loaded.company.name}: {published} published articles"))
    writable(folder, found)
    _recorded(loaded.company, found)
    for line in closed(loaded.company, today):
        found(Finding("ok", line))
    _trail(settings, found)
    _conversations(folder / EVALS, loaded, found, every)
    golden(folder, loaded, today, found)
    for remark in remarks(folder, loaded, today):
        found(Finding("warning", remark))
    for problem in unanswered_invitations(folder, loaded, today):
        found(Finding("warning", str(problem)))
    for surprise in lint(loaded.company):
        found(Finding("warning", f"routing: {surprise.about}: {surprise.note}"))
    return loaded


def writable(folder: Path, found: Callable[[Finding], None]) -> None:
    """Whether knowledge can be edited and published here, or only read."""
    if not os.access(folder, os.W_OK, effective_ids=True):
        found(Finding("warning", f"{folder} cannot be written by this user: publish knowledge "
                      "elsewhere, or make them its owner"))  # fmt: skip


def _recorded(company: Company, found: Callable[[Finding], None]) -> None:
    """How calls may be recorded, and how the agent says so."""
    home, nobody = rule_of(company, company.numbers[0]), rule_of(company, None)
    found(
        Finding("ok", f"recording: {home.mode} at home ({', '.join(home.places) or 'unknown'}), "
                f"{nobody.mode} for callers who cannot be placed")
    )  # fmt: skip
    if (pilot := company.pilot) is not None:
        found(Finding("ok", f"pilot: {pilot.share:.0%} of callers, {pilot.when}; "
                      f"others ring at {pilot.line}"))  # fmt: skip


def _conversations(
    folder: Path, loaded: Loaded, found: Callable[[Finding], None], every: bool = False
) -> None:
    """Check the conversations of `voice-agent eval`, which a change of the company may break."""
    if not folder.is_dir():
        return
    try:
        count = len(load_evals(folder, loaded).conversations)
    except EvalsInvalid as error:
        for told in cut(error.problems, every=every):
            found(Finding("error", f"{EVALS}/{told}"))
        return
    found(Finding("ok", f"{EVALS}: {count} conversation{'s' * (count != 1)}"))


def golden(folder: Path, loaded: Loaded, day: date, found: Callable[[Finding], None]) -> None:
    """Whether the golden questions get the right answers."""
    try:
        count, wrong = golden_questions(folder, loaded, day)
    except CompanyInvalid as error:
        for line in cut(error.problems):
            found(Finding("error", line))
        return
    if count and not wrong:
        found(Finding("ok", f"{GOLDEN}: {count} question{'s' * (count != 1)}"))
    for result in wrong:
        found(Finding("warning", f"{GOLDEN}: {result}; {result.remedy}"))


def _trail(settings: Settings, found: Callable[[Finding], None]) -> None:
    vault = Vault(settings.company)
    if vault.text(TRAIL) is None:
        return  # a hand-written folder is fine too
    verified = verify(vault)
    for fault in verified.faults:
        found(Finding("error", f"{fault}; restore the company folder from version control"))
    if not verified.faults:
        found(Finding("ok", f"audit trail: {verified.lines} lines in order"))


def _folders(settings: Settings, found: Callable[[Finding], None]) -> bool:
    try:
        make_folder(settings.var, "VAR")
        make_folder(archive_of(settings).folder, "RECORDINGS")
    except VoiceAgentError as error:
        found(Finding("error", str(error)))
        return False
    _recordings(settings, found)
    refused(settings, found)
    return True


def _recordings(settings: Settings, found: Callable[[Finding], None]) -> None:
    archive = archive_of(settings)
    if shut := unopened(archive):
        found(Finding("error", f"{len(shut)} recordings do not open: {shut[0]}"))
    if settings.public_url and not archive.keys:
        found(
            Finding(
                "warning", "recordings lie on the disk as they are: make a key with "
                "`voice-agent recordings key` and set VOICE_AGENT_RECORDINGS_KEY",
            )
        )  # fmt: skip


def _settings(settings: Settings, found: Callable[[Finding], None]) -> None:
    for line in unknown_names():
        found(Finding("warning", line))
    for level, text in public(settings):
        found(Finding(level, text))
    if settings.twilio_account_sid and not settings.twilio_account_sid.startswith("AC"):
        found(Finding("error", "TWILIO_ACCOUNT_SID should begin with AC"))


def peers(settings: Settings, found: Callable[[Finding], None]) -> None:
    """Where other servers reach this one's calls; a port in use shows at the start."""
    if not settings.peer_host:
        if settings.database_url.startswith("postgres"):
            found(Finding("ok", "live calls: of this machine's workers; for several machines set "
                          "VOICE_AGENT_PEER_HOST=auto"))  # fmt: skip
        return
    try:
        with door(settings.model_copy(update={"peer_port": 0}), 0) as bound:
            at = str(bound.getsockname()[0])
    except ConfigError as error:
        found(Finding("error", str(error)))
        return
    found(Finding("ok", f"live calls: other servers reach this one at {at}"))


def _callbacks(settings: Settings, loaded: Loaded, found: Callable[[Finding], None]) -> None:
    if not loaded.company.callbacks.ai_calls:
        found(Finding("ok", "promised calls: made by people (callbacks.ai_calls)"))
    elif not can_ring(settings):
        needs = "VOICE_AGENT_PUBLIC_URL, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        found(Finding("warning", f"callbacks.ai_calls: the agent cannot call; it needs {needs}"))
    else:
        caller = loaded.company.numbers[0]
        found(Finding("ok", f"promised calls: made by the agent from {caller}, after a yes"))


def transfers(settings: Settings, loaded: Loaded, found: Callable[[Finding], None]) -> None:
    """Whether callers can be transferred, and to whom they might be by mistake."""
    mode, phones = loaded.company.transfers.mode, [r for r in loaded.company.team if r.phone]
    if mode == "off":
        found(Finding("ok", "transfers: off (transfers.mode)"))
    elif not can_ring(settings):
        needs = "VOICE_AGENT_PUBLIC_URL, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        found(Finding("ok", f"transfers: off; they need {needs}"))
    elif not phones:
        found(Finding("warning", "transfers: nobody of `team` has a `phone`; give them one"))
    else:
        found(Finding("ok", f"transfers: {mode}, to {len(phones)} people by their own hours"))
    rings_s = loaded.company.transfers.ring_seconds
    if can_ring(settings) and mode == "cold" and phones and rings_s > SAFE_RING_S:
        found(Finding("warning", (
            f"transfers.mode is cold and a phone rings {rings_s} s: voicemail that answers by then"
            " takes the caller as a person would; use warm, where a person presses 1, or set"
            f" transfers.ring_seconds to {SAFE_RING_S}, below what most voicemail waits"
        )))  # fmt: skip


def _mail(settings: Settings, found: Callable[[Finding], None]) -> None:
    try:
        mail = mail_settings(settings, b"")
    except VoiceAgentError as error:
        found(Finding("error", str(error)))
        return
    if mail is None:
        found(Finding("ok", "email: off (no VOICE_AGENT_EMAIL_ADDRESS)"))
        return
    found(Finding("ok", f"email: buyers write to {mail.address}"))
    if mail.smtp is None:
        found(
            Finding(
                "error", "VOICE_AGENT_EMAIL_SMTP is not set: replies would wait for ever; set it"
            )
        )
    if not (mail.imap or mail.listen or mail.inbound_secret):
        mine = ("IMAP", "LISTEN", "INBOUND_SECRET")
        ways = " or ".join(f"VOICE_AGENT_EMAIL_{name}" for name in mine)
        found(Finding("error", f"no mail can come in: set {ways}"))
    if not mail.public_url:
        found(
            Finding("warning", "VOICE_AGENT_PUBLIC_URL is not set: mails have no unsubscribe link")
        )
    if not mail.authserv_id:
        found(
            Finding(
                "warning", "VOICE_AGENT_EMAIL_AUTHSERV_ID is not set: no sender counts as proven"
            )
        )


async def _services(
    settings: Settings, loaded: Loaded | None, found: Callable[[Finding], None]
) -> None:
    if loaded is not None:
        try:
            hearing = await choose_transcriber(settings, loaded)
            over = settings.stt_base_url and hearing.engine.name != "openai"
            found(Finding("warning" if over else "ok", hearing.why))
            await hearing.engine.aclose()
            _models(settings, found)
        except (VoiceAgentError, CoreError) as error:
            found(Finding("error", f"hearing: {error}"))
    try:
        speaking = await choose_synthesizer(settings)
        over = settings.tts_base_url and speaking.engine.name != "openai"
        found(Finding("warning" if over else "ok", speaking.why))
        await speaking.engine.aclose()
    except (VoiceAgentError, CoreError) as error:
        found(Finding("error", f"speaking: {error}"))
    try:
        wording = await choose_model(settings)
        over = settings.llm != "embedded" and settings.llm_base_url and wording.model is None
        found(Finding("warning" if wording.late or over else "ok", wording.why))
        if wording.model is not None:
            await wording.model.aclose()
    except (VoiceAgentError, CoreError) as error:
        found(Finding("error", str(error)))
    if loaded is not None:
        company = loaded.company
        await check_systems(settings, company, lambda level, text: found(Finding(level, text)))
        for one in await crm_findings(settings, company):
            found(one)
    await _embeddings(settings, found)
    await _database(settings, found)


def _models(settings: Settings, found: Callable[[Finding], None]) -> None:
    """Configured speech models that are not on this disk."""
    for model in named(settings):
        if model.missing and not _cached(model.name, settings):
            found(Finding("ok", f"{model.engine} model {model.name} is not in {model.folder}: to "
                          f"have it, `{FETCH} --lock`"))  # fmt: skip


def _cached(name: str, settings: Settings) -> bool:
    try:
        find_model(name, settings.models_folder)
    except VoiceAgentError:
        return False
    return True


async def _embeddings(settings: Settings, found: Callable[[Finding], None]) -> None:
    try:
        model = await tried(settings, EMBEDDING_S)
    except (EngineUnavailable, EmbeddingFailed) as error:
        found(Finding("error", str(error)))
        return
    how = f"by words and meaning ({model})" if model else "by words alone"
    found(Finding("ok", f"knowledge: {how}"))


async def _database(settings: Settings, found: Callable[[Finding], None]) -> None:
    url = settings.store_url
    try:
        async with opened(url) as store:
            await store.conversations.page(Filters(), limit=1)
    except (VoiceAgentError, StoreFailed) as error:
        found(Finding("error", str(error)))
        return
    found(Finding("ok", f"database {url.split('@')[-1]}"))
    exposed(settings, found)
