"""A turn's words to typed commands by rules and the company's own vocabulary, without a model.

Requests are read first, then questions in what is left, then what the buyer tells of themselves.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from core.commands import (
    Affirm,
    AskProduct,
    BadContact,
    Command,
    CompetitorOrVendor,
    DeclineToSay,
    Deny,
    DoesNotKnow,
    EndCall,
    Escalate,
    Objection,
    OptOut,
    ProvideContact,
    ProvideSignal,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    Smalltalk,
    Span,
    SupportNeed,
    Unclear,
)
from core.conversation.contact import (
    digit_run,
    email,
    employer,
    home_region,
    name_and_company,
    phone_number,
)
from core.conversation.intents import intents
from core.conversation.lexicon import Lexicon, Mention, compact
from core.conversation.questions import ELLIPSIS, asking, questions
from core.conversation.reading import Reader, yes_or_no
from core.conversation.state import ConversationState
from core.conversation.stems import stems
from core.conversation.utterance import Utterance, utterance
from core.events import UserSaid
from knowledge.profile import Company, Criterion

DOUBTFUL = 0.3
"""Recogniser confidence under which a turn without anything usable is asked for again."""

_DECLINES = re.compile(
    r"\b(?:i'd rather not|i would rather not|prefer not to|rather not (?:say|share)|(?:can't"
    r"|cannot) (?:say|share|tell|disclose)"
    r"|not (?:going to|gonna) (?:say|tell|share)|none of your business|that's (?:private"
    r"|confidential)|don't want to (?:say|share"
    r"|answer|give|tell)|no comment|it's confidential|not comfortable|won't (?:say|tell))\b"
)
_UNKNOWN = re.compile(
    r"\b(?:i (?:don't|do not) (?:really )?know|no idea|not sure(?: yet)?$|haven't (?:decided"
    r"|thought)|i'm not sure|hard to say"
    r"|i couldn't tell you|we're not sure|can't remember)\b"
)
_OBJECTS = re.compile(
    r"\b(?:too expensive|(?:that's|sounds|seems|is) (?:a bit |quite |pretty |really "
    r"|very )?(?:expensive|pricey|steep|a lot)"
    r"|(?:already|currently) (?:use|using|have|with|on)|(?:happy|fine) with (?:what|our)"
    r"|not (?:convinced|interested)"
    r"|(?:worried|concerned|nervous) about|sounds complicated|(?:bad|terrible) experience"
    r"|why would (?:i|we)|build (?:it|this)"
    r" (?:ourselves|in house|in-house)|cheaper|don't trust|locked in|lock-in)\b[^.?!]*"
)


_SUPPORT = re.compile(
    r"\b(?:(?:a |an )?(?:problem|issue|trouble)s? with (?:my|our) (?:account|invoice|login|sync"
    r"|bill|subscription|order|password)|(?:i am|i'm|we're|we are) (?:already |an? |existing )*"
    r"customers?(?! (?:data|success|service|support))|(?:my|our) account (?:is|was|has been)"
    r" (?:locked|suspended|down))\b"
)


class Understanding:
    """The embedded reader of one company's callers. Pure: the same turn and state read the same."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.lexicon = Lexicon(company)
        criteria: dict[str, Criterion] = {}
        for segment in company.segments:
            for criterion in segment.criteria:
                criteria.setdefault(criterion.name, criterion)
        self.reader = Reader(tuple(criteria.values()), _purposes(company), _conditions(company))
        self.region = home_region(company.numbers)
        self._phrases = tuple(
            (_phrase(p), make, item.id)
            for items, make in (
                (company.disqualifiers, _disqualifier),
                (company.escalations, Escalate),
            )
            for item in items
            for p in item.phrases
        )

    def read(self, said: UserSaid, state: ConversationState) -> tuple[Command, ...]:
        """All commands of the turn in the order they were spoken; never empty."""
        u = utterance(said)
        if said.digits.strip("#*") in ("0", "00"):
            return (RequestHuman(u.whole()),)
        if not u.tokens and not said.digits:
            return (Unclear(u.whole(), "empty"),)
        mentions = self.lexicon.mentions(u)
        requests = [*self._stated(u), *intents(u)]
        taken = [
            (a, b) for c, a, b in requests if not isinstance(c, Smalltalk) or c.kind != "greeting"
        ]
        asked = self._questions(u, mentions, taken, state)
        commands: list[Command] = [c for c, _, _ in requests]
        if any(self._who(u.text[a:b]) for a, b in asked):
            asked = [(a, b) for a, b in asked if not self._who(u.text[a:b])]
            commands.append(Smalltalk(u.whole(), "who"))
        commands += [AskProduct(u.span(a, b), u.span(a, b).quote) for a, b in asked]
        commands += self._contacts(u, mentions, state)
        if not any(
            isinstance(c, ProvideContact | BadContact) and c.field == "phone" for c in commands
        ):
            inside = [asking(u, a, b) for a, b in asked]
            told = self._signals(u, mentions, inside, commands, state)
            commands += [t for t in told if not (taken and t.span == u.whole())]
        commands += self._answers(u, commands, state)
        return _settle(u, commands)

    def _who(self, question: str) -> bool:
        """Whether a question only makes sure that this is us: "is this tide line"."""
        match = re.match(r"(?:is this|am i (?:speaking|talking) (?:to|with))\b(.*)", question)
        if match is None:
            return False
        return fuzz.ratio(compact(match[1]), compact(self.company.name)) >= 80

    def _stated(self, u: Utterance) -> list[tuple[Command, int, int]]:
        """Company phrases that disqualify or escalate. Questions state nothing about the caller."""
        found: list[tuple[Command, int, int]] = []
        for pattern, make, name in self._phrases:
            if (match := pattern.search(u.text)) and not re.search(
                r"\b(?:not|don't|aren't|isn't|never|if) (?:a |an |\w+ )?$", u.text[: match.start()]
            ):
                found.append(
                    (make(u.span(match.start(), match.end()), name), match.start(), match.end())
                )
                break
        support = next((d.id for d in self.company.disqualifiers if d.id.startswith("support")), "")
        if support and not found and (match := _SUPPORT.search(u.text)):
            span = u.span(match.start(), match.end())
            found.append((SupportNeed(span, support), match.start(), match.end()))
        return found

    def _questions(
        self,
        u: Utterance,
        mentions: list[Mention],
        taken: list[tuple[int, int]],
        state: ConversationState,
    ) -> list[tuple[int, int]]:
        found = questions(u, taken)
        follow = ELLIPSIS.match(u.text.strip(" .?!,"))
        short = len(u.tokens) <= 6 and bool(state.context) and not found and not taken
        answers = state.expecting_turn == u.said.turn - 1 and any(
            _criterion(m) == state.expecting for m in mentions
        )
        if short and follow and mentions and not answers:
            return [(0, len(u.text))]
        if not found and not taken and (match := _OBJECTS.search(u.text)):
            return [] if any(m.start < match.start() for m in mentions) and not match else found
        return found

    def _signals(
        self,
        u: Utterance,
        mentions: list[Mention],
        asked: list[tuple[int, int]],
        commands: Sequence[Command],
        state: ConversationState,
    ) -> list[Command]:
        """What the caller tells of themselves; a callback's time is no project timeline."""
        found = self.reader.read(u, mentions, asked, state)
        if any(isinstance(c, RequestCallback | RequestMeeting | OptOut) for c in commands):
            found = [f for f in found if not _of_a_time(f)]
        if any(isinstance(c, ProvideContact) for c in commands):
            found = [f for f in found if f.span != u.whole()]
        return found

    def _contacts(
        self, u: Utterance, mentions: list[Mention], state: ConversationState
    ) -> list[Command]:
        found: list[Command] = []
        address = email(u)
        if address:
            found.append(ProvideContact(u.span(address.start, address.end), "email", address.value))
        elif state.expecting == "email" and re.search(r"\bdot\b|@", u.text):
            found.append(BadContact(u.whole(), "email", u.said.text))
        found += self._phone(u, state, address is not None)
        name, company = name_and_company(u, state.expecting)
        places = [(m.start, m.end) for m in mentions if m.kind == "place"]
        if name and not _overlaps(name.start, name.end, [(m.start, m.end) for m in mentions]):
            found.append(ProvideContact(u.span(name.start, name.end), "name", name.value, 0.8))
        if company is None and (role := next((m for m in mentions if m.kind == "role"), None)):
            company = employer(u, role.end)
        if company and not _overlaps(company.start, company.end, places) and not address:
            span = u.span(company.start, company.end)
            found.append(ProvideContact(span, "company", company.value, 0.8))
        return found

    def _phone(self, u: Utterance, state: ConversationState, has_email: bool) -> list[Command]:
        if len(keys := u.said.digits.strip("#*")) >= 7:
            number = phone_number(keys, self.region)
            return (
                [ProvideContact(u.whole(), "phone", number)]
                if number
                else [BadContact(u.whole(), "phone", keys)]
            )
        run = digit_run(u)
        wanted = state.expecting == "phone"
        if run is None or has_email or len(run.value.strip("+")) < (4 if wanted else 7):
            return []
        span = u.span(run.start, run.end)
        number = phone_number(run.value, self.region)
        if number:
            return [ProvideContact(span, "phone", number)]
        return [BadContact(span, "phone", run.value)] if wanted else []

    def _answers(
        self, u: Utterance, commands: Sequence[Command], state: ConversationState
    ) -> list[Command]:
        """Yes, no, a refusal or an "I don't know" to what we just asked; and objections."""
        answered = any(isinstance(c, ProvideSignal | ProvideContact) for c in commands)
        fresh = state.expecting if state.expecting_turn >= u.said.turn - 1 else None
        if match := _DECLINES.search(u.text):
            return [DeclineToSay(u.span(match.start(), match.end()), fresh)]
        if fresh and not answered and (match := _UNKNOWN.search(u.text)):
            return [DoesNotKnow(u.span(match.start(), match.end()), fresh)]
        found: list[Command] = []
        answer = yes_or_no(u.text)
        if answer is not None and not any(isinstance(c, EndCall) for c in commands):
            end = u.tokens[0].end
            found.append(Affirm(u.span(0, end)) if answer else Deny(u.span(0, end)))
        objection = _OBJECTS.search(u.text)
        if objection and not any(isinstance(c, AskProduct) for c in commands):
            found.append(Objection(u.span(objection.start(), objection.end()), u.said.text))
        return found


def _criterion(mention: Mention) -> str:
    return {"tool": "tech_stack", "place": "location"}.get(mention.kind, mention.kind)


def _of_a_time(command: Command) -> bool:
    """Whether a reading may be the time of a call rather than a figure or a date of a project."""
    if not isinstance(command, ProvideSignal):
        return False
    bare = command.criterion in ("employees", "budget") and len(command.span.quote.split()) == 1
    return command.criterion == "timeline" or bare


def _settle(u: Utterance, commands: list[Command]) -> tuple[Command, ...]:
    """Drop manners where there is matter, and say so when nothing was understood."""
    weighty = [c for c in commands if not isinstance(c, Smalltalk | Affirm | Deny)]
    kept = [c for c in commands if not weighty or not isinstance(c, Smalltalk)]
    if not kept:
        doubtful = u.said.confidence < DOUBTFUL or len(u.tokens) < 3
        return (Unclear(u.whole(), "doubtful" if doubtful else "meaningless"),)
    return tuple(sorted(kept, key=lambda c: c.span.start_ms))


def _disqualifier(span: Span, name: str) -> Command:
    return SupportNeed(span, name) if name.startswith("support") else CompetitorOrVendor(span, name)


def _phrase(phrase: str) -> re.Pattern[str]:
    """A company phrase as a pattern that forgives "i am" for "i'm" and double spaces."""
    text = re.escape(phrase.lower().replace("\u2019", "'")).replace(r"\ ", r"\s+")
    for short, long in (
        ("i'm", "i am"),
        ("we're", "we are"),
        ("can't", "cannot"),
        ("i'd", "i would"),
    ):
        text = text.replace(re.escape(short), f"(?:{short}|{long})").replace(
            short, f"(?:{short}|{long})"
        )
    return re.compile(rf"(?<!\w){text}(?!\w)")


def _conditions(company: Company) -> frozenset[str]:
    """What the company tells its segments apart by."""
    by_trade = any(s.industries for s in company.segments)
    by_size = any(s.employees_at_least or s.employees_at_most for s in company.segments)
    return frozenset({"industry"} if by_trade else ()) | ({"employees"} if by_size else set())


def _purposes(company: Company) -> tuple[tuple[frozenset[str], str], ...]:
    """Every wording of a use case of two words or more, as stems; the longest first."""
    vocabulary = company.vocabulary
    forms = {u: u for u in vocabulary.use_cases} | {
        said: name for said, name in vocabulary.synonyms.items() if name in vocabulary.use_cases
    }
    known = [(frozenset(stems(said)), name) for said, name in forms.items()]
    return tuple(sorted((k for k in known if len(k[0]) > 1), key=lambda k: -len(k[0])))


def _overlaps(start: int, end: int, stretches: list[tuple[int, int]]) -> bool:
    return any(a < end and start < b for a, b in stretches)
