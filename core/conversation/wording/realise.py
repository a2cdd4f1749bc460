"""Words a plan without a model: approved passages verbatim, and short lines around them.

Variety is deterministic: the turn number picks the wording, skipping those heard lately.
"""

import re
from collections.abc import Iterator, Sequence

from core.conversation.state import ConversationState, replace
from core.conversation.understanding.asks.mirror import mirrored
from core.conversation.wording.given import WITHOUT_YES, given, worded
from core.conversation.wording.lines import AGAIN, EARLIER, LEARNED, LINES, OTHER
from core.conversation.wording.names_cased import names_cased
from core.conversation.wording.ordered import answers_first, mailed, together
from core.conversation.wording.pieces import Piece, sentence, upper_first
from core.conversation.wording.written_lines import MAILED_LINES, WRITTEN_LINES
from core.conversation.words.dates import days_cased, inside_a_line
from core.conversation.words.industries import describes
from core.conversation.words.named import MULTIPLE
from core.conversation.words.phone import home_region, spoken_phone
from core.conversation.words.trades import TRADE_WORDS, says_a_trade
from core.enumeration import listed
from core.events import SignalCaptured
from core.geography.namesakes import said_of
from core.plan import Act, AskFor, Defer, Give, Learned, Point, Tell
from core.quantity import is_day
from core.talk import Sentence
from knowledge.profile import Company
from knowledge.sentences import sentences

MOST_SENTENCES = 3
"""Most sentences of one spoken answer; one each when several questions are answered at once."""
MOST_ALONG = 2
"""Most sentences said along with a deferral."""
RECENT = 12
"""How many of our last lines count as heard lately."""


_SENDS = {"sent": LINES["sends"], "paper": LINES["sends_paper"]}


class Realiser:
    """Words plans for one company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._region = home_region(company.numbers)
        self._cased = names_cased(company)
        self._people = {*(p.name for p in company.team), *(s.name for s in company.stewards)}

    def pieces(self, act: Act, state: ConversationState) -> list[Piece]:
        """Every sentence of the act, in order."""
        answers = sum(isinstance(p, Give) and bool(p.questions) for p in act.points)
        most = MOST_SENTENCES if answers <= 1 or state.by_mail else 1
        made: list[Piece] = []
        # A mail quotes each question above its answer, in the order they were asked.
        mail = [(point,) for point in mailed(act)]
        for place, points in enumerate(
            mail if state.by_mail else together(answers_first(act.points))
        ):
            if not state.by_mail and _another(points[0], made):
                new = [self._other(points, state, state.turn + place)]
            else:
                new = self._said(points, state, state.turn + place, most)
            new = _unsaid(new, made)
            new = new if state.by_mail else _one_yes(new, made)
            new = _repeated(new, state)
            lead = "" if state.by_mail else _leads(points, made)
            if lead:
                new = [replace(new[0], text=_opened(lead, new[0].text)), *new[1:]]
            spoken = ("agent", " ".join(piece.text for piece in new))
            lines = (*state.history.lines, spoken)
            state = replace(state, history=replace(state.history, lines=lines))
            made += new
        return made

    def sentences(self, act: Act, state: ConversationState) -> Iterator[Sentence]:
        """The act as numbered sentences."""
        for n, piece in enumerate(self.pieces(act, state)):
            yield sentence(piece, state.turn, n)

    def point(self, point: Point, state: ConversationState, seed: int, most: int) -> list[Piece]:
        """The sentences of one point."""
        match point:
            case Give():
                return given(point, most, state.written)
            case Defer(meant=Give() as meant):
                most = MOST_SENTENCES if state.by_mail else min(most, MOST_ALONG)
                return self._along(point, meant, state, seed, most)
            case Defer():
                told = point.passage and point.passage.citation in state.given.citations
                if told and not state.by_mail:
                    point = replace(point, passage=None, again=True)  # asked again
                text = self.deferral(point, state, seed)
                cited = (point.passage.citation,) if point.passage else ()
                return [Piece(text, point, cited, (point.question_id,))]
            case AskFor():
                text = pick(point.wordings, state, seed)
                if point.helps:
                    name = {"name": self.called(point.helps, state)}
                    text = f"{self.fill(pick(LINES['helps'], state, seed), name)} {text}"
                return [Piece(text, point, asks=point.criterion)]
            case Learned(signals):
                return [Piece(text, point) for text in self._learned(signals, state, seed)]
            case Tell():
                return self._told(point, state, seed)

    def _said(
        self, points: Sequence[Point], state: ConversationState, seed: int, most: int
    ) -> list[Piece]:
        """The sentences of points that are said together."""
        first = points[0]
        if len(points) == 1 or not isinstance(first, Defer):
            return self.point(first, state, seed, most)
        topic = "put_off_again" if first.again else "put_off"
        name = self.called(first.owner_name, state)
        asked = tuple(p.question_id for p in points if isinstance(p, Defer))
        text = self.fill(pick(LINES[topic], state, seed), {"name": name})
        return [Piece(text, first, (), asked)]

    def _other(self, points: Sequence[Point], state: ConversationState, seed: int) -> Piece:
        """Who answers the rest, after a deferral to somebody else in this reply."""
        deferred = [p for p in points if isinstance(p, Defer)]
        name = {"name": self.called(deferred[0].owner_name, state)}
        topic = "put_off_others" if len(deferred) > 1 else "put_off_other"
        text = self.fill(pick(LINES[topic], state, seed), name)
        return Piece(text, deferred[0], (), tuple(p.question_id for p in deferred))

    def deferral(self, point: Defer, state: ConversationState, seed: int) -> str:
        """That we do not know, and who will answer; shorter once that has been said."""
        if point.passage is not None:
            return worded(point.passage, state.written)
        voice = self.company.voice
        lines = voice.deferral_again if point.again else voice.deferral
        line = pick(_SENDS.get(point.wants, lines), state, seed)
        return line.replace("{owner}", self.called(point.owner_name, state))

    def _along(
        self, point: Defer, meant: Give, state: ConversationState, seed: int, most: int
    ) -> list[Piece]:
        """What a question may mean and the approved answer to that, and who answers it if they
        meant something else."""
        if meant.question:
            asked = upper_first(self._cased(meant.question)).rstrip(" ?.")
            lead, unless = f'If you mean "{asked}?": ', LINES["unless_meant"]
        else:
            meant = replace(meant, questions=())  # nobody asked exactly that: no "yes" before it
            lead, unless = pick(LINES["near"], state, seed) + " ", LINES["unless_near"]
        first, *more = given(meant, most, state.written)
        made = [replace(first, text=lead + first.text), *more]
        owner = {"name": self.called(point.owner_name, state)}
        otherwise = Piece(
            self.fill(pick(unless, state, seed), owner), point, (), (point.question_id,)
        )
        return [*(replace(piece, point=point, answers=()) for piece in made), otherwise]

    def called(self, name: str, state: ConversationState) -> str:
        """A colleague's full name the first time, then the first name."""
        if name not in self._people:
            return name
        said = (*(text for _, text in state.history.lines), *state.given.promises)
        return name.split()[0] if any(name in text for text in said) else name

    def _told(self, point: Tell, state: ConversationState, seed: int) -> list[Piece]:
        if point.topic == "goodbye":
            voice = self.company.voice
            text = voice.written_goodbye if state.written else voice.goodbye
        elif point.topic == "repeat" and not dict(point.slots).get("text"):
            text = pick(_wordings("nothing_to_repeat", state), state, seed)
        else:
            text = pick(_wordings(point.topic, state), state, seed)
        slots = dict(point.slots)
        if "name" in slots:
            slots["name"] = self.called(slots["name"], state)
        parts = sentences(self.fill(text, slots))
        return [Piece(t, point, asks=point.asks if t is parts[-1] else None) for t in parts]

    def fill(self, text: str, slots: dict[str, str]) -> str:
        """Fill a line's slots; numbers and addresses in their spoken form."""
        values = {
            "company": self.company.name,
            "agent": self.company.voice.agent_name,
            **slots,
        }
        for slot in ("phone", "number"):
            if values.get(slot, "").startswith("+"):
                values[slot] = spoken_phone(values[slot], self._region)
        filled = re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], ""), text)
        return upper_first(re.sub(r"\s+([,.?!])", r"\1", re.sub(r" {2,}", " ", filled)))

    def fixed(self, lines: Sequence[str]) -> list[str]:
        """Sentences without variable slots: from our lines and the given ones."""
        every = [*lines, *(w for wordings in LINES.values() for w in wordings)]
        steady = [w for w in every if not re.search(r"\{(?!company|agent)", w)]
        return [t for w in steady for t in sentences(self.fill(w, {}))]

    def _learned(
        self, signals: Sequence[SignalCaptured], state: ConversationState, seed: int
    ) -> list[str]:
        """One short acknowledgement of the most telling fact, with the caller's name if new."""
        by = {s.criterion: s for s in reversed(signals)}
        said: list[str] = []
        if name := by.pop("name", None):
            theirs = _OF_ANOTHER.search(state.history.lines[-1][1].lower()) is not None
            lines = LEARNED["name_of_another" if theirs else "name"]
            value = name.value if theirs else _addressed(name.value)
            said.append(self.fill(pick(lines, state, seed), {"value": value}))
        company, trade = by.get("company"), by.get("industry")
        if company and trade and trade.quote.lower() in company.value.lower():
            del by["industry"]  # "We're Cobalt Foods": the name is what they said
        telling = sorted(
            by.values(), key=lambda s: (s.supersedes is None, _ORDER.get(s.criterion, 9))
        )
        telling = [
            s for s in telling if not (said and s.criterion in ("company", "phone", "email"))
        ]
        if telling and not (said and seed % 2):
            said.append(self._one(telling[0], telling, state, seed))
        return said

    def _one(
        self,
        signal: SignalCaptured,
        others: Sequence[SignalCaptured],
        state: ConversationState,
        seed: int,
    ) -> str:
        changed = signal.supersedes is not None and signal.criterion not in MULTIPLE
        kind = "timeline" if is_day(signal.value) else signal.criterion
        kind = "corrected" if changed and not _same(signal, state) else kind
        if signal.polarity == "negative":
            kind = "negative"
        same = [s.value for s in reversed(others) if s.criterion == signal.criterion]
        value = listed(same)
        trade = next((s.value for s in others if s.criterion == "industry"), None)
        quote = signal.quote
        if kind == "employees":
            quote = mirrored(_HEADCOUNT.sub(r"\1 people", quote))
            span = "-" in signal.value and _SPAN.match(quote.lower())
            quote = f"between {quote}" if span else quote
            quote = f"{trade}, {quote}" if trade else quote
        lines = LEARNED.get(kind, LEARNED["other"])
        if _OWN_WORDS.search(quote) and any("{quote}" in line for line in lines):
            lines = LEARNED["other"]
        if is_day(signal.value):
            now = quote.lower() == "yesterday"
            quote = "as soon as possible" if now else days_cased(inside_a_line(quote))
        if signal.criterion == "location":
            value = quote = said_of(signal.value, quote)
        if kind == "industry" and _trade(quote) in TRADE_WORDS:
            value = quote.lower() if quote.istitle() else quote  # their word: "a bakery"
            said = state.history.by("caller")[-1]
            value = _trade(value) if describes(quote, said) else value
            if not says_a_trade(value):
                lines = LEARNED["other"]
        slots = {"value": value if kind != "role" else signal.value, "quote": quote}
        return self.fill(pick(lines, state, seed), slots)


def _trade(quote: str) -> str:
    """The trade named in a quote: "bakery" from "a bakery"."""
    return re.sub(r"^an? ", "", quote.lower())


_OF_ANOTHER = re.compile(r"\b(?:his|her|their) (?:full |first |last )?name\b")
"""Names the person to call, who is not the one who speaks."""
_SPAN = re.compile(r"(?!between\b)[\w,-]+(?: [\w,-]+)? and ")
"""Opens a size that was said as a span: "nine and eleven people"."""
_OWN_WORDS = re.compile(r"\b(?:i|me|my|we|us|our)\b", re.IGNORECASE)
"""A quote with these is not repeated back: "me and my brother", "when our contract ends"."""
_HEADCOUNT = re.compile(r"^(\d[\d,]*|[a-z]+)[- ](?:person|man|strong|employee)$", re.IGNORECASE)
"""A company size before a noun: "a 300 person company"."""


def _answered(made: Sequence[Piece]) -> bool:
    return any(isinstance(piece.point, Give) and piece.point.questions for piece in made)


def _another(point: Point, made: Sequence[Piece]) -> bool:
    """Whether a plain deferral follows one to somebody else in the same reply."""
    plain = [p.point for p in made if isinstance(p.point, Defer) and p.point.passage is None]
    return (
        isinstance(point, Defer)
        and point.passage is None
        and point.meant is None
        and point.wants == "answer"
        and any(other.meant is None for other in plain)
    )


def _leads(points: Sequence[Point], made: Sequence[Piece]) -> str:
    """Opens the first deferral, so that it is not taken as a reply to something else."""
    point, several = points[0], len(points) > 1
    if not isinstance(point, Defer) or point.passage is not None or not made:
        return ""
    if any(isinstance(piece.point, Defer) for piece in made):
        return ""
    lead = OTHER if _answered(made) else EARLIER if point.late else ""
    return lead.replace("question", "questions") if several else lead


def _repeated(pieces: list[Piece], state: ConversationState) -> list[Piece]:
    """Mark an answer the buyer already heard in these words; verbatim ones stay unchanged."""
    heard = {text for line in state.history.by("agent") for text in sentences(line)}
    if not pieces or pieces[0].text not in heard or not pieces[0].answers:
        return pieces
    point = pieces[0].point
    if not isinstance(point, Give) or point.verbatim:
        return pieces
    return [replace(pieces[0], text=_opened(AGAIN, pieces[0].text)), *pieces[1:]]


def _unsaid(pieces: list[Piece], made: list[Piece]) -> list[Piece]:
    """The answer without what this reply already says, which answers its question too."""
    said = {_core(piece.text): n for n, piece in enumerate(made)}
    kept = []
    for piece in pieces:
        place = said.get(_core(piece.text)) if isinstance(piece.point, Give) else None
        if place is None:
            kept.append(piece)
        else:
            made[place] = replace(made[place], answers=(*made[place].answers, *piece.answers))
    return kept


def _one_yes(new: list[Piece], made: Sequence[Piece]) -> list[Piece]:
    """The next answer without a "yes" that the one before it began with."""
    plain = [
        p for p in (*made[-1:], *new[:1]) if isinstance(p.point, Give) and not p.point.verbatim
    ]
    if len(plain) < 2 or not all(p.text.startswith("Yes, ") for p in plain):
        return new
    return [replace(new[0], text=upper_first(WITHOUT_YES.sub("", new[0].text))), *new[1:]]


def _core(text: str) -> str:
    return WITHOUT_YES.sub("", text).lower()


def _opened(opening: str, text: str) -> str:
    """A sentence after an opening: lower case, or after a colon if it starts with a name."""
    first = text.split(maxsplit=1)[0].strip(",.").lower()
    low = first in _LOWERED or first.partition("'")[0] in _LOWERED
    if low or first.partition("'")[0] == "i":
        return opening + (text[:1].lower() + text[1:] if low else text)
    return f"{opening.rstrip(', ')}: {text}"


_LOWERED = frozenset(
    "yes no we there it you your the a an that they this these our here what if".split()
)
_ORDER = {"use_case": 1, "employees": 0, "timeline": 2, "industry": 3, "tech_stack": 4, "budget": 2}


def _same(signal: SignalCaptured, state: ConversationState) -> bool:
    old = next((s for s in state.signals.all if s.signal_id == signal.supersedes), None)
    return old is not None and old.value == signal.value


def _wordings(topic: str, state: ConversationState) -> tuple[str, ...]:
    """The wordings of a topic, the written ones where they differ."""
    mailed = MAILED_LINES.get(topic) if state.by_mail else None
    return mailed or (state.written and WRITTEN_LINES.get(topic)) or LINES[topic]


def pick(wordings: Sequence[str], state: ConversationState, seed: int) -> str:
    """A wording by turn number, the first from there that was not heard lately."""
    heard = " ".join(text for who, text in state.history.lines[-RECENT:] if who == "agent").lower()
    order = [wordings[(seed + i) % len(wordings)] for i in range(len(wordings))]
    fresh = [w for w in order if _gist(w) not in heard]
    return (fresh or order)[0]


def _gist(wording: str) -> str:
    """The longest part of a wording without slots: what would sound repeated."""
    return max(re.split(r"\{\w+\}", wording.lower()), key=len).strip(" .,?!")


def _addressed(name: str) -> str:
    """A first name, or the full name if it begins with a title: "Professor Okoye"."""
    first, *_ = name.split()
    return name if first.lower().strip(".") in _TITLES else first


_TITLES = frozenset("mr mrs ms miss mister dr doctor prof professor sir madam".split())
