"""Names, companies and email addresses as they are said aloud or spelled."""

import re
from collections.abc import Iterator, Sequence

from core.conversation.words.numbers import numbers
from core.conversation.words.phone import DIGITS
from core.conversation.words.utterance import Found, Token, Utterance
from core.places import COUNTRIES
from knowledge.english import LIGHT, STOP

JOINTS = {"dot": ".", "period": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-",
          "minus": "-", "plus": "+"}  # fmt: skip
ENDINGS = {"com", "org", "net", "io", "co", "edu", "gov", "ai", "de", "uk", "fr", "ca", "eu", "us",
           "health", "app", "dev", "tech", "biz", "info", "me", "cloud", "nl", "es", "it", "au",
           "ch", "at", "se"} | {code.lower() for code in COUNTRIES.values()}  # fmt: skip
NOT_LOCAL = {"am", "are", "is", "was", "here", "work", "working", "look", "looking", "based", "be",
             "them", "us", "good", "people", "person", "one", "someone", "team", "job", "reach",
             "email", "mail", "address", "me"}  # fmt: skip
WRITTEN = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


# --- email ---------------------------------------------------------------------------------------


def email(u: Utterance) -> Found | None:
    """An address, written or spoken ("jane dot doe at acme dot com")."""
    if match := WRITTEN.search(u.text):
        return Found(match.group().rstrip("."), match.start(), match.end())
    said = list(_spoken(_plainly(u)))
    if not said:
        return None
    first, last = said[0], said[-1]
    again = first.value.partition("@")[2] == last.value.partition("@")[2]
    return last if again else first  # said once more, with more care


def _spoken(tokens: Sequence[Token]) -> Iterator[Found]:
    for i, token in enumerate(tokens):
        if token.text not in ("at", "@") or not 0 < i < len(tokens) - 2:
            continue
        domain, last = _domain(tokens, i + 1)
        local, first = _local(tokens, i)
        if domain and local:
            yield Found(f"{local}@{domain}", tokens[first].start, tokens[last].end)


def _plainly(u: Utterance) -> tuple[Token, ...]:
    """The words of a dictated address without how it is spelled: "k as in kilo" is k."""
    asides = [m.span() for m in _ASIDE.finditer(u.text)]
    return tuple(t for t in u.tokens if not any(a <= t.start < b for a, b in asides))


_ASIDE = re.compile(
    r"\b(?:i'll spell (?:it|that)(?: for you| out)?|let me spell (?:it|that)|spelled|that's spelled"
    r"|all (?:one word|lower ?case)|lower ?case|capital|no spaces?|(?<=\w )(?:as in|like in) \w+"
    r"|(?<=\b\w )for [a-z]{4,}(?= ))\b"
)


def _domain(tokens: Sequence[Token], i: int) -> tuple[str, int]:
    """Domain from token `i`, and its last token; empty when it does not end in a known ending."""
    text, good, last = "", "", i
    while i < len(tokens) and i < last + 6:
        word = tokens[i].text
        if word in ("dot", "point"):
            text += "."
        elif word in ("dash", "hyphen", "minus"):
            text += "-"
        else:
            text += DIGITS.get(word, word) if len(text) == 0 or text[-1] != "." else word
            if "." in text and text.rsplit(".", 1)[1] in ENDINGS:
                good, last = text, i
                if i + 1 >= len(tokens) or tokens[i + 1].text not in ("dot", "point"):
                    break
        i += 1
    return good.replace("..", "."), last


def _local(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The part before "at", read backwards over joints, spelled letters and digits."""
    parts: list[str] = []
    i = at - 1
    while i >= 0:
        word = tokens[i].text
        joined = bool(parts) and parts[0] in "._-+"
        spelled = len(word) == 1 or word in DIGITS or word.isdigit()
        if word in JOINTS and parts:
            parts.insert(0, JOINTS[word])
        elif word in NOT_LOCAL and not joined:
            break
        elif not parts or joined or spelled or (parts[0].isdigit() and len(word) > 2):
            parts.insert(0, DIGITS.get(word, word))
        else:
            break
        i -= 1
    return "".join(parts).strip("._-+"), i + 1


# --- names ---------------------------------------------------------------------------------------

_STOP = (
    r"and|we|we're|we've|i|i'm|i've|i'd|the|a|an|our|my|looking|calling|just|about|from|with|at"
    r"|to|in|on|of"
    r"|here|speaking|again|by|for|but|so|do|does|can|could|what|how|is|are|was|if|because|today"
    r"|wondering"
    r"|over|trying|interested|hoping|good|fine|not|sure|really|actually|currently|also|have"
    r"|having|got"
    r"|using|working|running|happy|sorry|afraid|going|there|this|that|it|it's|like|curious|head"
    r"|director"
    r"|vp|vice|chief|manager|engineer|responsible|in-house|one|evaluating|considering|still|glad"
    r"|new"
    r"|ready|done|back|where|which|who|when|or|thanks|thank|please|based|located|you|your|need"
    r"|want|great|awesome|perfect|all|very|too|out|regarding|concerning|inquiring|asking|since"
    r"|been|would|will|should|they|he|she|his|her|their|into|who's|what's|where|well|as|no|yes|yeah"
    r"|am|were|did|has|had|be|being|let|me|us|next|last|because|than|then|now|right|okay|ok|um|uh"
    r"|hi|hello|hey|calling|call|said|say|think|know|guess|mean|owner|founder|co-founder|ceo|cto"
    r"|cfo"
    r"|coo|cio|cmo|president|student|customer|intern|team|company|business|behalf|data|it's|that's"
)
_WORD = rf"(?!(?:{_STOP})\b)[^\W\d_](?:[^\W\d_]|['&-])*"
_TRAILING = re.compile(r"(?:\s+(?:[b-hj-z]|dot|at|underscore))+$")
"""A stray sound at the end of a name is none of its parts."""
_NAME = re.compile(
    rf"\b(?:(?:my|mine|by|the) name (?:is|it's|its|as|was)|my name's|name's|this (?:is|it's)"
    rf"|i'm|i am|it's|speaking with|call me|i go by|people call me|myself"
    rf"|you're speaking (?:to|with)|(?:kind |best |warm )?(?:regards|wishes),|sincerely,)"
    rf"\s+(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})"
)
_GREETED = r"^(?:(?:hi|hello|hey|yes|yeah|good \w+)(?: there)?[,.!]? )*"
_HERE = re.compile(rf"{_GREETED}(?P<name>{_WORD}(?:\s+{_WORD})?) (?:here|speaking)\b")
_IS_MINE = re.compile(rf"(?:^|[.,;!] )(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}}) is my name\b")
_SURE = re.compile(
    r"my name|regards|wishes|sincerely|name's|name is|call me|speaking|i go by|^myself"
)
_COMPANY = re.compile(
    rf"\b(?:calling (?:you )?from|calling for|i'm from|i am from|we're from|i'm with|i am with"
    rf"|on behalf of"
    rf"|(?:i|we) work (?:at|for|with)|working (?:at|for)|company is(?: called)|company's called"
    rf"|we're called"
    rf"|business is(?: called)?|(?:my|our) company,? |here from|over at|i'm at"
    rf"|we are called|name of (?:the|our|my) company is|(?:company|business|firm) name is"
    rf"|employer is|here at|(?:company|firm|start ?-?up|business|agency|place) (?:called|named))"
    rf"\s+(?:the )?(?P<company>{_WORD}(?:\s+{_WORD}){{0,3}})"
)
_AFTER_NAME = re.compile(
    rf"^,?\s+(?:(?:calling|here) )?(?:from|with|at|of|for|over at|over from|and i'm with"
    rf"|and i'm (?:calling )?from|and i work (?:at|for))\s+(?:the )?"
    rf"(?P<company>{_WORD}(?:\s+{_WORD}){{0,3}})"
)
_LEAD = re.compile(
    r"^(?:(?:yeah|yes|sure|okay|ok|uh|um|oh|it's|it is|its|i'm|i am|this is|my name is|that's"
    r"|that is|that would be|that'd be|you can call me|i'm called|first name"
    r"|we're|we are|they're|called|the name is|of course|well|so|hi|hello)[,\s]+)*"
)


def name_and_company(u: Utterance, expecting: str | None) -> tuple[Found | None, Found | None]:
    """Who is speaking and for whom, as far as it was said."""
    name = _introduced(u)
    company: Found | None = None
    if name:
        follows = _AFTER_NAME.match(u.text[name.end :])
        if follows:
            company = _cased(
                u, name.end + follows.start("company"), name.end + follows.end("company")
            )
    if company is None and (match := _COMPANY.search(u.text)):
        company = _cased(u, match.start("company"), match.end("company"))
    if name is None and expecting == "name":
        name = _bare(u)
        follows = _AFTER_NAME.match(u.text[name.end :]) if name else None
        if name and follows and company is None:
            company = _cased(
                u, name.end + follows.start("company"), name.end + follows.end("company")
            )
    if company is None and expecting == "company":
        company = _bare(u)
    if company and (numbers(company.value.lower()) or company.value.lower() in _NO_NAMES):
        company = None
    return name, company


_NO_NAMES = (
    STOP
    | LIGHT
    | frozenset(
        "lovely alright unacceptable tomorrow today tonight morning afternoon evening bye goodbye"
        " cheers"
        " brilliant wonderful excellent awesome terrific fantastic cool ridiculous urgent important"
        " great"
        " super representative operator agent human person hilarious nonsense outrageous monday"
        " tuesday wednesday thursday friday saturday sunday"
        " noon"
        " student intern nobody none wrong correct true false serious simple weird strange awful"
        " terrible"
        " horrible nice enough busy free open closed late early price pricing demo sales support"
        " data"
        " salesforce maybe perhaps whatever nothing everything anonymous private"
        " confidential".split()
    )
)


def _a_name(text: str) -> bool:
    """Whether words may be a name at all: no plain English, no number, no adjective's ending."""
    for word in text.lower().split():
        odd = _NO_ENDING.match(word) and word not in _NAMES_ALL_THE_SAME
        if odd or word in _NO_NAMES:
            return False
    return not numbers(text.lower())


_NO_ENDING = re.compile(r".{3,}(?:able|ible|ful|less|ous|tion|ment|ness)$|.{4,}ing$|.{4,}ly$")
_NAMES_ALL_THE_SAME = frozenset(
    "emily kelly sally billy beverly kimberly molly polly holly carly harding fleming keating"
    " golding"
    " manning jennings browning grable constable".split()
)


def _introduced(u: Utterance) -> Found | None:
    for match in (*_NAME.finditer(u.text), *_HERE.finditer(u.text), *_IS_MINE.finditer(u.text)):
        follows = u.text[match.end("name") :]
        lead = match.group()[: match.start("name") - match.start()]
        sure = bool(_SURE.search(lead)) or match.re in (_HERE, _IS_MINE)
        introduces = re.match(
            r",?\s+(?:from|with|over at|at|calling|(?:and )?(?:i|we) (?:work|run|lead|head|own"
            r"|manage)"
            r"|and (?:i'm|we're|i am|we are) (?:the|an?|from|with|at|calling|their|head|in)\b"
            r"|(?:i'm|i am) the)\b",
            follows,
        )
        opens = (
            lead.startswith("this is") and match.start() <= 24 and len(match["name"].split()) <= 2
        )
        asks_us = re.search(
            r"\b(?:someone|somebody|you|they|to|please)\s+call"
            r" me\s+$",
            u.text[: match.start("name")],
        )
        if (sure or introduces or opens) and not asks_us and _a_name(match["name"]):
            return _cased(u, match.start("name"), match.end("name"))
    return None


def _bare(u: Utterance) -> Found | None:
    """The answer itself, when a name was asked for: "jane doe", or spelled "j a n e"."""
    start = _LEAD.match(u.text)
    begin = start.end() if start else 0
    if spelled := re.match(r"[a-z](?:[\s-]+[a-z]){2,}(?![a-z])", u.text[begin:]):
        letters = re.sub(r"[\s-]", "", spelled.group())
        return Found(letters.capitalize(), begin, begin + spelled.end())
    match = re.match(rf"{_WORD}(?:\s+{_WORD}){{0,3}}", u.text[begin:])
    if match and not _a_name(match.group()) and not _capital(u, begin, begin + match.end()):
        return None
    if not match or match.group() in ("yes", "no", "nope", "yeah", "okay", "what", "why"):
        return None
    return _cased(u, begin, begin + match.end())


def _capital(u: Utterance, start: int, end: int) -> bool:
    """Whether every one of several words was written as a name."""
    words = u.said.text[start:end].split()
    return len(words) > 1 and all(w[0].isupper() for w in words)


def _cased(u: Utterance, start: int, end: int) -> Found:
    """Keep the capitals the recogniser gave; else give a name its own."""
    raw = _TRAILING.sub("", u.said.text[start:end].strip())
    if raw == raw.lower():
        raw = " ".join(w[:1].upper() + w[1:] for w in raw.split())
    return Found(raw, start, start + len(raw))


def employer(u: Utterance, role_end: int, leads: bool) -> Found | None:
    """The company after a stated role: "head of data at globex"; "ceo of globex" if it `leads`."""
    follows = _AFTER_NAME.match(u.text[role_end:])
    if follows is None or (u.text[role_end:].lstrip().startswith("of") and not leads):
        return None
    return _cased(u, role_end + follows.start("company"), role_end + follows.end("company"))
