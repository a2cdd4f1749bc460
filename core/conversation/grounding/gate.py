"""What a model may say: a sentence passes only if the plan's passages license it.

Pure. Only approved claims pass: every word that claims something must occur in a passage of this
turn (or be a synonym of one that does), with the same sign, next to the same name and the same
figure. A caller's own statements may be said back to them, and nothing else.
"""

import re
import unicodedata
from collections.abc import Sequence

from core.conversation.grounding.bindings import apart, crossed, figures, reversed_comparison
from core.conversation.grounding.claims import (
    Stretch,
    content,
    covered,
    plain,
    stretches,
    tokens,
    vocabulary,
)
from core.conversation.grounding.licence import Licence
from core.conversation.words.stems import stem

MOST_WORDS = 40
"""A longer spoken sentence loses its listener."""
_SPEECH = re.compile(r"[A-Za-z0-9 ,.;:?!'\"$\u20ac\u00a3%()&/-]+")
_MARKUP = re.compile(
    r"^\s*[-\u2013(\[]|^\s*\d+[.)]\s|^\w+( \w+)?:|&\w+;|\(|/|[A-Za-z]\.[A-Za-z]{2,}|\.\.|--"
)
_LEAKS = re.compile(
    r"\b(?:prompt|instructions?|language model|ignor\w+|passages?|openai|chatgpt|caller said"
    r"|my rules|developer mode|was told)\b"
)
_PROMISES = re.compile(
    r"\b(?:(?:i|we)(?:'ll| will| shall) \w+|i (?:can|could)"
    r"|make sure|(?:it|that|this|there)(?:'ll| will)|i promise|count on|the only|only (?:we|ours)"
    r"|let me|i (?:just|have|did)|i've|we've (?:just|already))\b"
)
"""First person or future: allowed only in the words of a passage."""
_STRONG = frozenset(
    stem(w)
    for w in "free unlimited guarantee guaranteed refund waive discount always never certified"
    " compliant best full fully".split()
)
"""Words that are approved only together with what they were said of."""
BOOKED = re.compile(
    r"\b(?:booked|scheduled|all set|set up for|reserved|calendar|invit\w+|see you|appointment"
    r"|confirmed|on (?:its|the) way)\b"
)
_OURS = re.compile(r"\b(?:we|our|ours|us|it|its|yes|yeah|yep|there)\b")
_STATES = re.compile(
    r"\b(?:that's|which|has|have|had|is|are|was|were|includes?|gets?|works?|supports?|uses?)\b"
)
_YOURS = re.compile(r"\b(?:you(?:'re|'ve)?|your)\b")
_BARE = frozenset(
    "yes yeah yep no sure okay ok got it thanks thank you right of course great good fine fair"
    " makes sense i see that's so well understood absolutely definitely exactly that is we do"
    " don't can does".split()
)
_WITHIN = re.compile(
    r"(?:[,;:] (?:and |but |because |so )?|\b(?:and|but|because|so) )"
    r"(?:(?P<yes>yes|yeah|yep|yup)|no)(?=,)"
)
"""A yes or a no that opens a later clause."""
_OPENS = re.compile(r"^(?P<yes>yes|yeah|yep|yup|sure|absolutely|definitely|of course)\b|^no\b")


def objection(sentence: str, licence: Licence, before: str = "") -> str | None:
    """Why a sentence may not be said; None when it may.

    `before`: our preceding sentence, to which an "it" or "that" may refer.
    """
    low = plain(sentence)
    if reason := _form(sentence, low, licence):
        return reason
    if BOOKED.search(low) and not licence.booked and not _said(BOOKED, low, licence):
        return "speaks of a booking that was not made"
    if reason := _promises(low, licence) or _opening(low, licence):
        return reason
    if _echoes(low, licence) or low in map(plain, licence.plan):
        return None
    return (
        figures(low, licence.passages, licence.plan)
        or _words(sentence, licence)
        or _sign(low, licence)
        or apart(low, licence)
        or crossed(low, plain(before), licence)
        or reversed_comparison(low, licence)
    )


def _form(sentence: str, low: str, licence: Licence) -> str | None:
    """Why this is not plain speech: markup, tricks with letters, or too long; None when it is."""
    known = set("".join((*licence.passages, *licence.plan, *licence.caller)))
    plain_text = sentence.translate(_TYPOGRAPHY)
    odd = [c for c in plain_text if not _SPEECH.fullmatch(c) and c not in known]
    if odd or unicodedata.normalize("NFKC", plain_text) != plain_text:
        return "not speech for a caller"
    if _MARKUP.search(plain_text) or not any(c.isalpha() for c in sentence):
        return "not speech for a caller"
    if _LEAKS.search(low) and not _said(_LEAKS, low, licence):
        return "speaks of its instructions"
    if len(sentence.split()) > MOST_WORDS:
        return "longer than anyone would say"
    return None


_TYPOGRAPHY = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
     "\u2011": "-", "\u2026": "."}
)  # fmt: skip


def _said(pattern: re.Pattern[str], low: str, licence: Licence) -> bool:
    """Whether everything the pattern finds occurs word for word in an approved text."""
    allowed = [plain(t) for t in (*licence.passages, *licence.plan)]
    return all(any(m.group() in text for text in allowed) for m in pattern.finditer(low))


def _promises(low: str, licence: Licence) -> str | None:
    if _said(_PROMISES, low, licence):
        return None
    match = _PROMISES.search(low)
    return f"the promise {match.group()!r}" if match else None


def _opening(low: str, licence: Licence) -> str | None:
    """A yes where every passage begins with no, or the reverse, at the start or later; or a bare
    one where no passage begins with either."""
    starts = [m["yes"] is not None for t in licence.passages if (m := _OPENS.search(plain(t)))]
    if starts and any((m["yes"] is not None) not in starts for m in _WITHIN.finditer(low)):
        return "the opposite of what is approved"
    match = _OPENS.search(low)
    if match is None:
        return None
    says_yes = match["yes"] is not None
    if starts and says_yes not in starts:
        return "the opposite of what is approved"
    bare = not content(low)
    if bare and match["yes"] not in ("sure",) and (not starts or (not says_yes) in starts):
        return "a yes or no with nothing behind it"
    return None


def _echoes(low: str, licence: Licence) -> bool:
    """Whether a sentence only repeats what the caller told, and claims nothing about us."""
    theirs = {w for t in licence.caller for w in vocabulary(t)}
    low = low.replace("got it", "")
    own = content(low)
    if not (own or figures(low, (), ())) or _OURS.search(low):
        return False
    if _STATES.search(low) and not _YOURS.search(low):
        return False
    told = all(covered(w, theirs) for w in own) and not own & _STRONG
    return told and figures(low, licence.caller, ()) is None


def _words(sentence: str, licence: Licence) -> str | None:
    """Every word that claims something must be approved; a sentence of none must be a courtesy."""
    known = {w for t in (*licence.passages, *licence.plan) for w in vocabulary(t)}
    names = {w for t in licence.names for w in vocabulary(t)}
    own = content(sentence)
    if not own and any(t not in _BARE for t in tokens(sentence)) and not figures(sentence, (), ()):
        return "nothing a passage says"
    for token in tokens(sentence):
        for word in content(token) & own:
            if covered(word, known) or stem(token.replace("-", "")) in known or word in names:
                continue
            named = re.search(rf"(?<!^)\b{re.escape(token)}", sentence, re.IGNORECASE)
            kind = "the name " if named and named.group()[:1].isupper() else ""
            return f"{kind}{named.group() if named else token!r}, which no passage says"
    return None


def _sign(low: str, licence: Licence) -> str | None:
    """Affirmed only what is affirmed, denied only what is denied, strong words only for the same
    thing; for the sentence as a whole and clause by clause."""
    if low.rstrip().endswith("?"):
        return None
    texts = [plain(t) for t in licence.passages]
    clauses = [c for c in _CLAUSES.split(low) if not any(c.strip(" .") in t for t in texts)]
    approved = [s for t in licence.passages for s in stretches(t)]
    return next((why for part in (low, *clauses) if (why := _signed(part, approved))), None)


_CLAUSES = re.compile(r", and |; | because ")


def _signed(low: str, approved: Sequence[Stretch]) -> str | None:
    yes = {w for s in approved if not s.denied for w in s.words}
    no = {w for s in approved if s.denied for w in s.words}
    for said in stretches(low):
        if said.denied:
            if said.words and not any(_denies(said.words, s) for s in approved):
                return "the opposite of what is approved"
            continue
        for word in said.words:
            if covered(word, no) and not covered(word, yes):
                return "the opposite of what is approved"
        strong = said.words & _STRONG
        rest = said.words - _STRONG
        if strong and rest and not any(_binds(strong, rest, s) for s in approved):
            return f"{min(strong)!r} of something else than approved"
    return None


def _denies(words: frozenset[str], approved: Stretch) -> bool:
    """Whether an approved stretch denies a denied stretch, in the same sentence."""
    matter = approved.head or approved.words
    return (
        approved.denied
        and any(covered(w, matter) for w in words)
        and all(covered(w, approved.around) for w in words)
    )


def _binds(strong: frozenset[str], rest: frozenset[str], approved: Stretch) -> bool:
    """Whether strong words are approved in one stretch with something else the sentence says."""
    return (
        not approved.denied
        and all(covered(w, approved.words) for w in strong)
        and any(covered(w, approved.words) for w in rest)
    )
