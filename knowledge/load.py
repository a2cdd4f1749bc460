"""`load(folder)`: the company folder read, checked as a whole, and stamped with its versions."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge import profile
from knowledge.article_file import ArticleFile, read_article
from knowledge.check_articles import check_articles
from knowledge.check_company import check_company
from knowledge.entry import Article
from knowledge.errors import CompanyInvalid, Problem
from knowledge.positions import Located, complaints, read_yaml
from knowledge.profile import Company

PROFILE = "company.yaml"
ARTICLES = "articles"

_FIELDS = {
    info.alias or name
    for section in vars(profile).values()
    if isinstance(section, type) and issubclass(section, BaseModel)
    for name, info in section.model_fields.items()
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A company folder that passed every check. Versions are short content hashes."""

    company: Company
    articles: tuple[Article, ...]
    criteria_version: str
    """Changes when what makes a lead qualified or disqualified changes."""
    knowledge_version: str
    """Changes when any article changes."""


def load(folder: Path) -> Loaded:
    """Read and check a company folder. Raises: CompanyInvalid, with every problem at once."""
    problems: list[Problem] = []
    files = _articles(folder, problems)
    company, located = _company(folder, problems)
    if company is not None:
        problems.extend(check_company(company, located, [f.article for f in files]))
        problems.extend(check_articles(company, files))
    if problems or company is None:
        raise CompanyInvalid(sorted(problems, key=lambda p: (p.file != PROFILE, p.file, p.line)))
    articles = tuple(f.article for f in files)
    return Loaded(company, articles, _criteria_version(company), _knowledge_version(articles))


def _company(folder: Path, problems: list[Problem]) -> tuple[Company | None, Located]:
    nothing = Located(PROFILE, None)
    try:
        text = (folder / PROFILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = f"Create `{PROFILE}` in {folder}, or point the setting at the right folder."
        problems.append(Problem(PROFILE, 0, "", "a readable file", str(error), remedy))
        return None, nothing
    located = read_yaml(PROFILE, text)
    problems.extend(located.problems)
    if located.data is None and located.problems:
        return None, nothing
    try:
        return Company.model_validate(located.data or {}), located
    except ValidationError as error:
        problems.extend(complaints(located, error, _FIELDS))
        return None, located


def _articles(folder: Path, problems: list[Problem]) -> list[ArticleFile]:
    files: list[ArticleFile] = []
    for path in sorted((folder / ARTICLES).glob("*.md")):
        file, faults = read_article(path, f"{ARTICLES}/{path.name}")
        problems.extend(faults)
        if file is not None:
            files.append(file)
    return files


def _criteria_version(company: Company) -> str:
    parts = ("segments", "disqualifiers", "target_accounts")
    return _digest(company.model_dump(mode="json", include=set(parts)))


def _knowledge_version(articles: tuple[Article, ...]) -> str:
    return _digest([repr(article) for article in sorted(articles, key=lambda a: (a.id, a.version))])


def _digest(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
