"""`Auditor`: checks buyers' questions from other systems against approved knowledge. Pure.

A question counts if the agent would treat it as one about the product or the company: greetings,
requests for a call and support problems are not knowledge.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.commands import AskProduct, Objection, SupportNeed, Unclear
from core.conversation.state import ConversationState
from core.conversation.understanding.embedded import Understanding
from core.conversation.understanding.tells.objections import TOO_DEAR, TOO_EXPENSIVE
from core.presence import local_day
from core.privacy.personal import without_personal
from core.store.unanswered import worth
from core.talk import ConversationOpened, UserSaid
from core.thinking.read import read
from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, NoAnswer
from knowledge.gaps import Unanswered
from knowledge.importing.asking import BUDGET, doubts_in, matter_of, objections_in, questions_in
from knowledge.importing.exports import Record
from knowledge.load import Loaded

NO_WORDS = "says too little to search by"
MOST_CHARS = 300


@dataclass
class Audited:
    """An export's result. `answered`: counts by article; `lost`: deal value by article."""

    records: int = 0
    questions: int = 0
    support: int = 0
    """Support questions, left out."""
    objections: int = 0
    unanswered: list[Unanswered] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    lost: dict[str, float] = field(default_factory=dict)
    """The value of lost deals whose reason an article answers, by article."""
    other_currency: int = 0
    """Deals in another currency than the company's, counted without their amount."""


class Auditor:
    """Checks exports against one company's knowledge."""

    def __init__(self, loaded: Loaded, base: KnowledgeBase, now: datetime) -> None:
        self._company, self._base, self._now = loaded.company, base, now
        self._day = local_day(loaded.company, now)
        self._understanding = Understanding(loaded.company)
        opened = ConversationOpened("audit", "chat", "inbound", None, None, now)
        self._state = ConversationState(opened)
        self._sense: dict[str, str] = {}
        self._found: dict[str, Answer | NoAnswer] = {}
        self._usual = worth(loaded.company, {})

    def audit(self, records: Sequence[Record], source: str) -> Audited:
        """What buyers asked, and what of it is unanswered."""
        made = Audited(records=len(records))
        for record in records:
            if record.deal:
                self._deal(made, record, source)
            else:
                self._asked(made, record, source)
        return made

    def answers(self, text: str, objection: bool) -> bool:
        """Whether approved knowledge answers words found earlier."""
        found = self._objection(text) if objection else self._look(text)
        return isinstance(found, Answer)

    def _asked(self, made: Audited, record: Record, source: str) -> None:
        """The questions of a ticket or chat, without duplicates."""
        asked = [q for text in record.texts for q in questions_in(text)]
        for text in _once(asked, record):
            sense = self._sense.setdefault(text, self._read(text))
            if sense == "support":
                made.support += 1
            if sense != "question":
                continue
            made.questions += 1
            self._enter(made, record, source, text, self._look(text), self._usual)

    def _deal(self, made: Audited, record: Record, source: str) -> None:
        """The reasons of a lost deal, which share its value."""
        given = [part for reason in record.reasons for part in objections_in(reason)]
        given += [doubt for note in record.notes for doubt in doubts_in(note)]
        ours = record.currency in ("", self._company.costs.currency)
        made.other_currency += not ours
        amount = record.amount if record.amount is not None and ours else self._usual
        for text in _once(given, record):
            made.objections += 1
            found = self._objection(text)
            if isinstance(found, Answer):
                name = found.article.id
                made.lost[name] = made.lost.get(name, 0.0) + amount
            self._enter(made, record, source, text, found, amount, objection=True)

    def _enter(
        self, made: Audited, record: Record, source: str, text: str, found: Answer | NoAnswer,
        amount: float, *, objection: bool = False,
    ) -> None:  # fmt: skip
        if isinstance(found, Answer):
            made.answered[found.article.id] += 1
            return
        if found.reason == NO_WORDS:
            return
        made.unanswered.append(
            Unanswered(
                text, found.reason, found.owner or self._company.default_owner, record.id,
                record.id, record.at or self._now, amount, source, objection,
            )
        )  # fmt: skip

    def _look(self, text: str) -> Answer | NoAnswer:
        if text not in self._found:
            self._found[text] = self._base.answer(text, day=self._day)
        return self._found[text]

    def _objection(self, text: str) -> Answer | NoAnswer:
        """The answer to an objection, as worded or by its subject."""
        words = {word.strip(".,!?") for word in text.lower().split()}
        tries = [text, matter_of(text)]
        if TOO_DEAR.search(text.lower()) or (words & BUDGET and len(words) <= 3):
            tries.insert(0, TOO_EXPENSIVE)
        found = [self._look(one) for one in dict.fromkeys(tries)]
        return next((one for one in found if isinstance(one, Answer)), found[0])

    def _read(self, text: str) -> str:
        """`question`, `support`, or empty for anything else."""
        said = UserSaid(1, text, 0, 1, self._now)
        commands = read(self._understanding, self._state, said).commands
        if any(isinstance(c, SupportNeed) for c in commands):
            return "support"
        if any(isinstance(c, AskProduct | Objection) for c in commands):
            return "question"
        unread = all(isinstance(c, Unclear) for c in commands)
        return "question" if unread and isinstance(self._look(text), Answer) else ""


def _once(texts: Sequence[str], record: Record) -> Iterator[str]:
    """Each text once, without personal data, and none too long to be one question."""
    plain = (without_personal(text, record.who)[:MOST_CHARS] for text in texts)
    seen: set[str] = set()
    for text in plain:
        key = " ".join(text.lower().strip("?.! ").split())
        if key not in seen:
            seen.add(key)
            yield text
