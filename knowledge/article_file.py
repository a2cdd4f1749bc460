"""An article's Markdown file: front matter between `---` lines, then short passages.

    ---
    id: sso
    version: 1
    type: capability
    title: Single sign-on
    topics: [security, sso]
    ...
    ---
    Yes, Tideline supports single sign-on with SAML 2.0 on Growth and Enterprise.
    > spoken: Yes, we support single sign-on with SAML, on Growth and Enterprise.
    > asked: do you support sso
    > asked: can people log in with okta

    The second passage stands after a blank line.

A passage is one to three sentences that answer on their own. `> spoken:` gives its wording for the
ear; each `> asked:` line is a wording buyers use for what this passage answers, read by retrieval
and never spoken. Lines that start with `#` are notes for writers.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field, ValidationError

from knowledge.article_text import split_article
from knowledge.entry import Article, ArticleType, Passage, Policy, Status
from knowledge.errors import Problem
from knowledge.mended import mended
from knowledge.positions import Located, complaints, read_yaml
from knowledge.profile import Section
from knowledge.sections.chat import WebAddress

MAX_PASSAGE_CHARS = 420
"""About 25 seconds of speech: longer than a caller listens without a pause."""

_MARK = re.compile(r"^>\s*(spoken|asked)\s*:\s*(.*)$")
_QUOTE = re.compile(r"^>")
_UNMARKED = re.compile(r"^(?:[-*] *)?(?:spoken|asked) *:", re.IGNORECASE)
"""An `asked` or `spoken` line without its mark, which would be read out."""


class Origin(Section):
    """Where an imported article came from."""

    place: str = Field(alias="from", min_length=1)
    """Path or URL, and the part of it after `#`."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Hash of the imported part's text: the same text is not imported twice."""
    imported_at: datetime
    """When it was imported."""


class FrontMatter(Section):
    """The keys at the head of an article."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """A short name in lower case; citations begin with it."""
    version: int = Field(1, ge=1)
    """Counts up; every version is kept."""
    type: ArticleType
    """The kind of statement: a price (`price`), something not done (`limitation`), an answer to an
    objection (`objection`), a tool it works with (`integration`); the others are for people."""
    title: str = Field(min_length=1)
    """For people; also searched."""
    topics: tuple[str, ...] = Field(min_length=1)
    """Its subjects; questions and criteria refer to them."""
    audience: tuple[str, ...] = ("all",)
    """Its audience: `all`; or segment ids and industries, which withhold it from callers known to
    be others; or roles and groups of people (`executives`, `engineers`, `engineering`, `data`,
    `security`, `operations`, `marketing`, `sales`, `finance`, `product`, `procurement`), which
    prefer it for them when another article answers as well."""
    owner: str
    """Id of the person responsible."""
    author: str | None = None
    """Id of the author; if empty, the owner."""
    status: Status
    """Only `published` articles are spoken."""
    approved_by: str | None = None
    """Id of the approver, who must not be the owner."""
    valid_from: date
    """First day on which it applies."""
    review_by: date
    """Last day on which it is spoken without a review."""
    policy: Policy = "paraphrase"
    """How it is said: in a model's words checked against its figures, word for word, or deferred,
    handed to a person, refused."""
    synonyms: tuple[str, ...] = ()
    """Further words it is found by."""
    related: tuple[str, ...] = ()
    """Ids of articles that it limits or completes, or states for people in another role."""
    implies: tuple[str, ...] = ()
    """Criteria values, or segment ids, suggested by asking about it."""
    facts: dict[str, str | int | float | bool] = {}
    """Attribute to value, one value per company; contradictions are reported."""
    url: WebAddress | None = None
    """Public page with the same content; written answers link to it."""
    source: Origin | None = None


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article with the positions of its keys, for checks across files."""

    article: Article
    located: Located


def parse_article(text: str, shown_as: str) -> tuple[ArticleFile | None, list[Problem]]:
    """The article in `text`, as it was probably meant where its head has faults, and its problems;
    None when it cannot be understood at all."""
    parts = split_article(text)
    if parts is None:
        remedy = "Start the file with `---`, the keys, and another `---`."
        first = text.lstrip("\ufeff").split("\n")[0].strip()
        found = repr(first[:30]) if text.strip() else "an empty file"
        if first == "---":
            found, remedy = "no second one", "Put a line `---` between the keys and the text."
        return None, [Problem(shown_as, 1, "", "front matter between `---` lines", found, remedy)]
    head, body, body_line = parts
    located = read_yaml(shown_as, head, first_line=2)
    if located.problems:
        return None, located.problems
    faults: list[Problem] = []
    try:
        front = FrontMatter.model_validate(located.data or {})
    except ValidationError as error:
        faults = complaints(located, error, set(FrontMatter.model_fields), FrontMatter)
        meant = mended(located, error, FrontMatter)
        if meant is None:
            return None, faults
        front = meant
    passages, problems = _passages(front, body, body_line, shown_as)
    return ArticleFile(_article(front, passages, shown_as), located), [*faults, *problems]


def _article(front: FrontMatter, passages: tuple[Passage, ...], source: str) -> Article:
    return Article(
        id=front.id, version=front.version, type=front.type, title=front.title,
        topics=front.topics, audience=front.audience, owner=front.owner, status=front.status,
        approved_by=front.approved_by, valid_from=front.valid_from, review_by=front.review_by,
        policy=front.policy, synonyms=front.synonyms, passages=passages, source=source,
        related=front.related, implies=front.implies, author=front.author, url=front.url,
        facts=tuple((k, str(v)) for k, v in sorted(front.facts.items())),
    )  # fmt: skip


def _passages(
    front: FrontMatter, body: str, body_line: int, file: str
) -> tuple[tuple[Passage, ...], list[Problem]]:
    passages: list[Passage] = []
    problems: list[Problem] = []
    for line, block in _blocks(body, body_line):
        passage, faults = _passage(front, len(passages) + 1, block, line, file)
        passages.append(passage)
        problems.extend(faults)
    if not passages:
        remedy = "Write at least one passage below the front matter."
        problems.append(Problem(file, body_line, "body", "a passage", "none", remedy))
    return tuple(passages), problems


def _blocks(body: str, first_line: int) -> list[tuple[int, list[str]]]:
    """Blocks between blank lines, with each one's first line; notes are left out."""
    blocks: list[tuple[int, list[str]]] = []
    current: list[str] = []
    for n, raw in enumerate([*body.split("\n"), ""]):
        line = raw.strip()
        if line.startswith("#"):
            continue
        if line:
            current.append(line)
        elif current:
            blocks.append((first_line + n - len(current), current))
            current = []
    return blocks


def _passage(
    front: FrontMatter, number: int, block: list[str], line: int, file: str
) -> tuple[Passage, list[Problem]]:
    words: list[str] = []
    marks: dict[str, list[str]] = {"spoken": [], "asked": []}
    problems: list[Problem] = []
    key = f"passage {number}"
    for offset, part in enumerate(block):
        if mark := _MARK.match(part):
            marks[mark[1]].append(mark[2].strip())
        elif _QUOTE.match(part) or _UNMARKED.match(part):
            remedy = "Write `> spoken: …` or `> asked: …`; text of the passage begins otherwise."
            expected = "a `> spoken:` or `> asked:` line"
            problems.append(Problem(file, line + offset, key, expected, repr(part[:40]), remedy))
        else:
            words.append(part)
    text = " ".join(words)
    if not text:
        remedy = "Put the passage's text above its `>` lines, without a blank line between."
        problems.append(Problem(file, line, key, "text", "an empty passage", remedy))
    if len(text) > MAX_PASSAGE_CHARS:
        expected = f"at most {MAX_PASSAGE_CHARS} characters, to be spoken in one breath"
        remedy = "Split it into two passages with a blank line."
        problems.append(Problem(file, line, key, expected, f"{len(text)}", remedy))
    spoken = " ".join(marks["spoken"]) or text
    asked = tuple(marks["asked"])
    return Passage(front.id, front.version, number, text, spoken, asked), problems
