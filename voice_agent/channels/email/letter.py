"""The text of a reply: a turn's lines, question by question, with their sources. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.conversation.words.typed import as_typed
from core.events import QuestionAnswered, QuestionDeferred, QuestionRaised, UtteranceRecorded
from knowledge.entry import Article
from knowledge.profile import Company

_HELLO = re.compile(r"(?:hi|hello|hey)(?: there)?[,!.]\s+(?=\S)", re.I)
_SPEAKING = re.compile(r"\b(you're|you are) (?:speaking|talking) (?:with|to)\b", re.I)
_MARK = re.compile(r"(?:\(?(?:\d{1,2}|[a-z])[.)]|[-*•–])\s+", re.I)
"""A list item's marker."""
_OWN_PARAGRAPH = {"ask", "confirm", "next_step", "goodbye", "check_in"}

ArticleOf = Callable[[str], Article | None]
"""The article of a citation `article@version#passage`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the words."""

    greeting: str
    """The buyer's first name; empty when unknown."""
    agent: str
    company: str
    website: str
    unsubscribe: str = ""
    disclosure: str = ""
    """For the first reply only; empty in later ones."""
    left_out: tuple[str, ...] = ()
    cut: bool = False
    """Only the beginning of a very long mail was read."""
    sealed: bool = False
    wrote: str = ""
    """The buyer's own words; questions are quoted only if they occur in them."""


Asked = QuestionRaised | QuestionAnswered | QuestionDeferred


def letter(
    lines: Sequence[UtteranceRecorded], facts: Sequence[Asked], article: ArticleOf, frame: Frame
) -> str:
    """The text of a reply. `facts`: the outcome of this turn's questions."""
    sources: list[Article] = []
    blocks = [*_opening(frame)]
    blocks += _paragraphs(lines, facts, article, sources, frame.wrote)
    blocks += notes(frame)
    blocks.append(_signature(frame))
    if linked := [(n, a) for n, a in enumerate(sources, start=1) if a.url]:
        blocks.append("\n".join(["Sources", *(f"[{n}] {a.title}: {a.url}" for n, a in linked)]))
    blocks.append(_footer(frame))
    return "\n\n".join(blocks) + "\n"


def plain(words: str, frame: Frame) -> str:
    """The text of a letter that is no reply: a reminder, an invitation, a transcript."""
    return "\n\n".join([*_opening(frame), words, _signature(frame), _footer(frame)]) + "\n"


def framed(company: Company, name: str, unsubscribe: str, *, first: bool) -> Frame:
    """The frame of this company's letters to a buyer of this name."""
    disclosure = filled(company.voice.disclosure, company) if first else ""
    return Frame(
        greeting=name.split()[0] if name else "",
        agent=company.voice.agent_name,
        company=company.name,
        website=company.website,
        unsubscribe=unsubscribe,
        disclosure=disclosure,
    )


def filled(text: str, company: Company, name: str = "") -> str:
    """A wording of the company folder with its placeholders filled."""
    for blank, value in (("agent", company.voice.agent_name), ("company", company.name),
                         ("name", name)):  # fmt: skip
        text = text.replace(f"{{{blank}}}", value)
    return text


def _opening(frame: Frame) -> list[str]:
    hello = f"Hi {frame.greeting}," if frame.greeting else "Hello,"
    if not frame.disclosure:
        return [hello]
    said = _HELLO.sub("", frame.disclosure, count=1)  # its greeting is for calls
    said = _SPEAKING.sub(r"\1 writing to", said)
    return [hello, said[:1].upper() + said[1:]]


def _signature(frame: Frame) -> str:
    return f"{frame.agent}\n{frame.company}'s AI assistant · {frame.website}"


def notes(frame: Frame) -> list[str]:
    """Sentences about what could not be read, so that nothing is lost silently."""
    said = []
    if frame.sealed:
        said.append("Your message is encrypted, so I can't read it. Please send it as plain text.")
    elif frame.left_out:
        names = ", ".join(frame.left_out[:3]) + (" and more" if len(frame.left_out) > 3 else "")
        said.append(
            f"I can't open attachments, so I haven't read {names}. If something in there matters,"
            " please put it into the text of your reply."
        )
    if frame.cut:
        said.append(
            "Your message was long and I read only its first part. If your question stands further"
            " down, please send it again by itself."
        )
    return said


def _footer(frame: Frame) -> str:
    words = "Just reply to this email to go on, or to ask for a person."
    return f"{words} No more emails: {frame.unsubscribe}" if frame.unsubscribe else words


def _paragraphs(
    lines: Sequence[UtteranceRecorded],
    facts: Sequence[Asked],
    article: ArticleOf,
    sources: list[Article],
    wrote: str,
) -> list[str]:
    """Our sentences, grouped under the question they answer when there are several."""
    questions = [fact for fact in facts if isinstance(fact, QuestionRaised)]
    owners = _owners(lines, facts)
    flat = _flat(wrote)
    several = len({question for owner in owners for question in owner}) > 1
    text = {question.question_id: question.text for question in questions}
    made: list[str] = []
    last: tuple[tuple[str, ...], str] | None = None
    for line, owner in zip(lines, owners, strict=True):
        marks = _marks(line, article, sources)
        said = line.text + marks
        place = (owner, line.kind if line.kind in _OWN_PARAGRAPH and not line.citations else "")
        if place == last:  # a source is cited once, after its last sentence
            made[-1] = f"{made[-1].removesuffix(marks)} {said}"
        elif several and owner and (last is None or owner != last[0]):
            theirs = [_theirs(text.get(question, ""), flat, wrote) for question in owner]
            quoted = [f"> {_asked(one, wrote)}" for one in theirs if one]
            made.append("\n".join([*quoted, said]))
        else:
            made.append(said)
        last = place
    return made


def _theirs(question: str, flat: str, wrote: str) -> str:
    """A question in the buyer's own words, or the list item it came from; else empty. What was
    typed in short ("~40M rows/month") is found by its full words."""
    ways = [way for way in (question, question.removeprefix("do you have ")) if way]
    found = next((way for way in ways if _flat(way) in flat), "")
    return found or next((own for way in ways if (own := as_typed(way, wrote))), "")


def _owners(lines: Sequence[UtteranceRecorded], facts: Sequence[Asked]) -> list[tuple[str, ...]]:
    """The questions each line belongs to; a line that answers several appears once."""
    answered = [fact for fact in facts if isinstance(fact, QuestionAnswered)]
    deferred = [fact for fact in facts if isinstance(fact, QuestionDeferred)]
    owners: list[tuple[str, ...]] = []
    for line in lines:
        owner: tuple[str, ...] = ()
        if line.kind == "answer" and line.citations:
            cited = set(line.citations)
            owner = tuple(f.question_id for f in answered if cited & set(f.citations))
            owner = owner or (owners[-1] if owners else ())  # the rest of its article
        elif line.kind == "confirm" and line.citations and deferred:
            owner = (deferred[0].question_id,)  # "if you mean …", before naming who will answer
        elif line.kind == "deferral" and deferred:
            owner = (deferred.pop(0).question_id,)
        owners.append(owner)
    return owners


def _marks(line: UtteranceRecorded, article: ArticleOf, sources: list[Article]) -> str:
    """Source numbers of a line, e.g. ` [1]`."""
    numbers: list[int] = []
    for citation in line.citations:
        found = article(citation)
        if found is None or not found.url:
            continue
        if found not in sources:
            sources.append(found)
        numbers.append(sources.index(found) + 1)
    return "".join(f" [{n}]" for n in dict.fromkeys(numbers))


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _asked(text: str, wrote: str) -> str:
    """A question as they put it; with a question mark only if they wrote one."""
    listed = _MARK.match(text)
    plain = " ".join(text[listed.end() if listed else 0 :].split())
    plain = re.sub(r" (?:for|of|on|with)$", "", plain)  # the list below it names the object
    marked = re.search(r"\W+".join(re.findall(r"\w+", plain)) + r"[^\w?]*\?", wrote, re.I)
    plain = plain if len(plain) <= 200 else plain[:197] + "…"
    return plain[:1].upper() + plain[1:] + ("?" if plain[-1:].isalnum() and marked else "")
