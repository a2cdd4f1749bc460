"""`load(folder)`: reads the company folder, validates it as a whole, and computes its versions."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from knowledge import profile
from knowledge.article_file import ArticleFile, parse_article
from knowledge.checks.articles import check_articles
from knowledge.checks.company import check_company
from knowledge.entry import Article
from knowledge.errors import CompanyInvalid, Problem
from knowledge.governance.seal import Earlier, broken, earlier, in_force
from knowledge.governance.trail import Trail, read_trail
from knowledge.governance.vault import (
    ARTICLES,
    DRAFTS,
    HISTORY,
    PROFILE,
    TRAIL,
    NoText,
    Vault,
    VaultFailed,
    reading,
)
from knowledge.mended import beside, mended
from knowledge.positions import Located, complaints, read_yaml
from knowledge.profile import Company
from knowledge.rules.sections import CRITERIA

FIELDS = {
    info.alias or name
    for section in vars(profile).values()
    if isinstance(section, type) and issubclass(section, BaseModel)
    for name, info in section.model_fields.items()
}


OF_ARTICLES = ("a topic of an article", "the id of an article")
"""Expected in references to articles, some of which may be unreadable."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid company folder. Versions are short content hashes."""

    company: Company
    articles: tuple[Article, ...]
    criteria_version: str
    """Changes when qualification or disqualification rules change."""
    knowledge_version: str
    """Changes when any article changes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The texts of a company folder at one moment."""

    profile: str | None
    articles: Mapping[str, str]
    """By file name without extension."""
    drafts: tuple[str, ...] = ()
    """Ids of articles that have a draft."""
    trail: Trail | None = None
    """None in a folder without an audit trail."""
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load(folder: Path) -> Loaded:
    """Read and validate a company folder. Raises: CompanyInvalid, with every problem at once."""
    try:
        with reading(folder) as vault:
            snapshot = look(vault)
    except VaultFailed as error:
        remedy = "Make the folder and its files readable."
        raise CompanyInvalid(
            [Problem(folder.name, 0, "", "a readable folder", str(error), remedy)]
        ) from error
    return assemble(snapshot)


def look(vault: Vault) -> Snapshot:
    """The folder's texts; unreadable files are among `problems`."""
    problems: list[Problem] = []
    profile = text_of(vault, PROFILE, problems)
    if profile is None and not problems:
        problems.append(_no_profile(vault.folder))
    read = {n: text_of(vault, f"{ARTICLES}/{n}.md", problems) for n in vault.names(ARTICLES)}
    articles = {name: text for name, text in read.items() if text is not None}
    for name in read.keys() - articles.keys():
        path = vault.folder / ARTICLES / f"{name}.md"
        if path.is_symlink() and not path.exists():
            file = f"{ARTICLES}/{name}.md"
            remedy = "Put the file there, or remove the link."
            problems.append(Problem(file, 0, "", "a readable file", "a link to none", remedy))
    written = text_of(vault, TRAIL, problems)
    trail = read_trail(written) if written is not None else None
    before = earlier(vault, trail, articles) if trail else {}
    drafts = tuple(vault.names(DRAFTS))
    return Snapshot(profile, articles, drafts, trail, before, tuple(problems))


def _no_profile(folder: Path) -> Problem:
    """Why there is no profile: another file name, another folder, or none written yet."""
    where = f"`{PROFILE}` in {folder}"
    other = folder / "company.yml"
    if other.exists():
        return Problem(PROFILE, 0, "", "a readable file", "company.yml", f"Rename it to {where}.")
    remedy = (
        f"Write {where} (`voice-agent new FOLDER` begins one), or point VOICE_AGENT_COMPANY at the"
        " right folder."
    )
    found = "none" if folder.is_dir() else "no such folder"
    return Problem(PROFILE, 0, "", "a readable file", found, remedy)


def assemble(snapshot: Snapshot) -> Loaded:
    """The snapshot parsed and validated as a whole. Raises: CompanyInvalid."""
    problems = list(snapshot.problems)
    files: list[ArticleFile] = []
    sealed: list[tuple[Article, str]] = []
    for name, text in (read := sorted(snapshot.articles.items())):
        file, faults = parse_article(text, f"{ARTICLES}/{name}.md")
        problems.extend(faults)
        if file is not None:
            files.append(file)
            sealed.append((file.article, text))
    company, located = read_company(snapshot.profile, problems, rest_too=True)
    if company is not None:
        found = [
            *check_company(company, located, [f.article for f in files]),
            *check_articles(company, files, snapshot.drafts),
        ]
        unread = any(p.file.startswith(f"{ARTICLES}/") for p in snapshot.problems)
        if unread or len(files) < len(read):
            found = [p for p in found if not p.expected.startswith(OF_ARTICLES)]
        problems.extend(beside(found, problems))
        if snapshot.trail is not None:
            problems.extend(broken(sealed, snapshot.trail))
    problems = sorted(_once(problems), key=lambda p: (p.file != PROFILE, p.file, p.line))
    if company is None:
        raise CompanyInvalid(problems)
    bridges = [b for f in files for b in _bridges(f.article, snapshot, company)]
    articles = (*(f.article for f in files), *bridges)
    loaded = Loaded(company, articles, criteria_version(company), _knowledge_version(articles))
    if problems:
        raise CompanyInvalid(problems, loaded)
    return loaded


def _once(problems: list[Problem]) -> Collection[Problem]:
    """Problems without repetitions on one line caused by a YAML alias."""
    first: dict[tuple[object, ...], Problem] = {}
    for p in problems:
        first.setdefault((p.file, p.line, p.key.rpartition(".")[2], p.found, p.remedy), p)
    return first.values()


def _bridges(article: Article, snapshot: Snapshot, company: Company) -> list[Article]:
    """Earlier versions that hold until one published ahead of its first day takes effect."""
    before = snapshot.earlier.get(article.id)
    if before is None or article.status != "published":
        return []
    files = [parse_article(text, f"{HISTORY}/{article.id}")[0] for text in before.texts]
    articles = [f.article for f in files if f is not None]
    return in_force(article, articles, before.published_at, ZoneInfo(company.timezone))


def text_of(vault: Vault, name: str, problems: list[Problem]) -> str | None:
    """A file's text; None if there is none, or if it is unreadable, which goes into `problems`."""
    try:
        return vault.text(name)
    except NoText as error:
        remedy = "Save the file as UTF-8."
        problems.append(Problem(name, error.line, "", "UTF-8 text", error.found, remedy))
    except VaultFailed as error:
        remedy = "Make the file readable for this user."
        problems.append(Problem(name, 0, "", "a readable file", str(error), remedy))
    return None


def read_company(
    text: str | None, problems: list[Problem], *, rest_too: bool = False
) -> tuple[Company | None, Located]:
    """The profile and the lines of its keys, with every fault of the file in `problems`.

    With faults the profile is None; with `rest_too`, it is what was probably meant, so that the
    rest is checked too.
    """
    nothing = Located(PROFILE, None)
    if text is None:
        return None, nothing
    located = read_yaml(PROFILE, text)
    problems.extend(located.problems)
    if located.data is None and located.problems:
        return None, nothing
    try:
        return Company.model_validate(located.data or {}), located
    except ValidationError as error:
        problems.extend(complaints(located, error, FIELDS, Company))
        return mended(located, error, Company) if rest_too else None, located


def criteria_version(company: Company) -> str:
    """Changes when qualification or disqualification rules change."""
    told = company.model_dump(mode="json", include=set(CRITERIA))
    for segment in told["segments"]:
        segment.pop("value")  # ranks gaps, judges nobody
    return _digest(told)


def _knowledge_version(articles: tuple[Article, ...]) -> str:
    return _digest([repr(article) for article in sorted(articles, key=lambda a: (a.id, a.version))])


def _digest(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
