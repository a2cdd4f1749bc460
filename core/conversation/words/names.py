"""Who is speaking and for whom, by how people introduce themselves."""

import re
from collections.abc import Sequence

from core.conversation.words.employers import titled, told_whole, we_are
from core.conversation.words.numbers import numbers
from core.conversation.words.utterance import Found, Utterance
from core.geography.gazetteer import town
from core.geography.places import DEMONYMS
from knowledge.places import STATES
from knowledge.retrieval.english import LIGHT, STOP
from knowledge.retrieval.kin import groups, kinds

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
    r"|up|down|off|near|these|those|such|each|every|other|things|stuff|slow|hiya|howdy|hallo"
    r"|er|erm|ah|hm+|com|dot|am|were|did|has|had|be|being|let|me|us|next|last|because|than|then|now|right|okay|ok|um|uh"
    r"|hi|hello|hey|calling|call|said|say|think|know|guess|mean|owner|founder|co-founder|ceo|cto"
    r"|cfo"
    r"|coo|cio|cmo|president|student|customer|intern|team|company|business|behalf|data|it's|that's"
)
_WORD = rf"(?!(?:{_STOP})\b)[^\W\d_](?:[^\W\d_]|['&-])*"
_TRAILING = re.compile(r"(?:\s+(?:[b-hj-z]|dot|at|underscore))+$")
"""A stray sound at the end of a name is not part of it."""
_STYLED = r"(?:(?:mr|mrs|ms|miss|mister|dr|doctor|prof|professor|sir|madam)\b\.?\s+)?"
_NAME = re.compile(
    rf"\b(?:(?:my|mine|by|the|her|his) name (?:is|it's|its|as|was)"
    rf"(?: not {_WORD}(?: {_WORD})?,? (?:but|it's|its|it is|i'm))?|my name's|name's"
    r"|(?:^|(?<=[,.;] )|(?<=\band ))name is"
    r"|this (?:is|it's)"
    rf"|i'm|i am|it's|speaking with|call me|i go by|people call me|myself|i am called|i'm called"
    rf"|here (?:is|speaks)(?: speaking)?|speaking (?:here )?is|on the (?:line|phone) is"
    rf"|you're speaking (?:to|with)|(?:kind |best |warm )?(?:regards|wishes),|sincerely,)"
    rf"\s+{_STYLED}(?P<name>{_WORD}(?:[ \t]+{_WORD}){{0,2}})"
)
_CLOSED = re.compile(
    r"\b(?:regards|wishes|thanks|thank you|cheers|best|sincerely|greetings|yours|all the best)"
    rf"[,.!]?\s*\n\s*(?:[-–—]+\s*)?(?P<name>{_WORD}(?:[ \t]+{_WORD}){{0,2}})\s*(?:\n|,|$)"
)
"""A name under a letter."""
_GREETED = (
    r"^(?:(?:hi|hiya|hello|hallo|hey|howdy|g'day|yes|yeah|so|well|um|uh|greetings|morning|afternoon"
    r"|evening|good \w+|guten \w+)(?: there)?[,.!]? )*"
)
_UNCUED = re.compile(
    rf"{_GREETED}{_STYLED}(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})"
    r"(?:,? (?:(?:calling|here) )?(?P<at>from|with|at|over at) (?!an?\b|your\b|my\b|our\b|home\b"
    r"|work\b|about\b|least\b|all\b|this\b|that\b|it\b|me\b|us\b|you\b)\w"
    r"|,? (?P<i>(?:and )?(?:i'm|i am) (?:with|from|at|the|calling|an?)\b)|, (?P<self>))"
)
"""Nothing but a name: "dana from acme", "good morning, dana reyes, head of data", "dana reyes i'm
with …"."""
_HERE = re.compile(rf"{_GREETED}(?P<name>{_WORD}(?:\s+{_WORD})?) (?:here|speaking)\b")
_IS_MINE = re.compile(rf"(?:^|[.,;!] )(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}}) is my name\b")
_SURE = re.compile(
    r"my name|here (?:is|speaks)|(?:line|phone) is|called|regards|wishes|sincerely|name's|name is"
    r"|call me|speaking|i go by|^myself"
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
_DEPARTMENT = (
    r"(?:procurement|purchasing|finance|accounting|accounts|marketing|sales|it|legal|hr|operations|ops"
    r"|engineering|data|support|security|compliance|product|analytics|revops|shipping|receiving"
    r"|logistics|facilities|maintenance|production|dispatch|quality|supply chain)"
)
_OF_A_PART = re.compile(rf"(?:the |our )?{_DEPARTMENT}\b")
"""A department whose people call: "dana reyes from purchasing"."""
_AFTER_NAME = re.compile(
    rf"^(?:,?\s+(?:here )?(?:from|in|with) (?:the |our )?{_DEPARTMENT}(?: team| department"
    rf"| dept| side)?)?"
    rf",?\s+(?:(?:calling|here) )?(?:from|with|at|of|for|over at|over from|and i'm with"
    rf"|and i'm (?:calling )?from|and i work (?:at|for))\s+(?:the )?"
    rf"(?P<company>{_WORD}(?:\s+{_WORD}){{0,3}})"
)
_LEAD = re.compile(
    r"^(?:(?:yeah|yes|sure|okay|ok|uh|um|oh|it's|it is|its|i'm|i am|this is|my name is|that's"
    r"|that is|that would be|that'd be|you can call me|i'm called|first name"
    r"|we're|we are|they're|called|the name is|of course|well|so|hi|hello"
    r"|(?:(?:just|please|tell them to|have them|they can|they should|you can) )*ask for|put down"
    r"|just put|make it|it's under|under)[,\s]+)*"
    r"(?:(?:mr|mrs|ms|miss|mister)\b\.?\s+)?"
)


def name_and_company(
    u: Utterance,
    expecting: str | None,
    known: Sequence[tuple[int, int]] = (),
    titles: Sequence[tuple[int, int]] = (),
) -> tuple[Found | None, Found | None]:
    """Who is speaking and for whom, as far as said.

    `known`: ranges that name something else; `titles`: those that are job titles.
    """
    name = _introduced(u, titles) or _uncued(u, known, titles) or _last(u, known)
    name = _in_full(u, name) if name else None
    company = _company_after(u, name.end) or _written_on(u, name.end) if name else None
    if company is None and (match := _COMPANY.search(u.text)) and not _with_tool(match, known):
        company = cased(u, match.start("company"), match.end("company"))
    if name is None and expecting == "name":
        name = _bare(u)
        company = company or (_company_after(u, name.end) if name else None)
    if company is None and expecting == "company":
        company = _bare(u)
    if company and _SOMEBODY.search(u.text[: company.start]) and _HE.match(u.text, company.end):
        company = None  # "on behalf of oliver grant, he's our chief executive"
    if company and (theirs := _company_after(u, company.end)):
        company = theirs  # "calling for Maya at Bluestem Bank"
    company = told_whole(u, company or we_are(u, known))
    name = titled(u, name) if name else None
    if company and (_no_company(company.value.lower()) or _runs_at(u, company, known)):
        company = None
    return name, company


def _in_full(u: Utterance, name: Found) -> Found:
    """The name as said again with a family name: "it's Renata. Renata Cole."."""
    if " " in name.value:
        return name
    again = re.compile(rf"\b{re.escape(name.value.lower())} (?P<family>{_WORD})(?=\s*(?:$|[.,!]))")
    match = again.search(u.text, name.end)
    if match is None or not is_a_name(match["family"]):
        return name
    return cased(u, *match.span())


_SOMEBODY = re.compile(r"\b(?:on behalf of|calling for|work for) (?:the )?$")
_HE = re.compile(r",? (?:who(?:'s| is)|he|she|(?:he|she)(?:'s| is)|our|my|the) ")


def _with_tool(match: re.Match[str], known: Sequence[tuple[int, int]]) -> bool:
    """Whether what somebody works with is a known thing: "will we work with okta"."""
    start, end = match.span("company")
    cue = match.string[match.start() : start].rstrip()
    return cue.endswith(("work with", "working with")) and any(
        a < end and start < b for a, b in known
    )


def _no_company(said: str) -> bool:
    """Whether the words in a company's place name none: "at some other place"."""
    words = said.split()
    plain = all(word in STOP | LIGHT for word in words)
    return bool(numbers(said)) or said in _NO_NAMES or words[0] in _ANY or plain


def _runs_at(u: Utterance, company: Found, known: Sequence[tuple[int, int]]) -> bool:
    """Whether it is a thing located there, not the caller: "postgres fifteen over at …"."""
    cue = re.search(r"[^.?!,;]*\b(?:over at|here at) (?:the )?$", u.text[: company.start])
    return cue is not None and any(cue.start() <= a and b <= company.start for a, b in known)


def _written_on(u: Utterance, end: int) -> Found | None:
    """A company of two words or more right after a name: "this is Jane Doe Acme Health i've …"."""
    match = _RUN.match(u.said.text, end)
    return Found(match[1], match.start(1), match.end(1)) if match else None


_RUN = re.compile(r" ((?:(?!I\b)[A-Z][\w&-]+ ){1,3}(?!I\b)[A-Z][\w&-]+)")
_ANY = frozenset("some any another other different".split())


def _company_after(u: Utterance, end: int) -> Found | None:
    """The company after a name or role that ends there: "… from globex"."""
    follows = _AFTER_NAME.match(u.text[end:])
    if follows is None:
        return None
    named = cased(u, end + follows.start("company"), end + follows.end("company"))
    return told_whole(u, named)


_NO_NAMES = (
    STOP
    | LIGHT
    | frozenset(
        "lovely alright unacceptable tomorrow today tonight morning afternoon evening bye goodbye"
        " cheers"
        " brilliant wonderful excellent awesome terrific fantastic cool ridiculous urgent important"
        " great driver broker dispatcher electrician plumber"
        " super representative operator agent human person hilarious nonsense outrageous monday"
        " tuesday wednesday thursday friday saturday sunday"
        " noon eastern central mountain pacific"
        " quick fast stuck lost confused worried scared keen torn old young unsure certain"
        " familiar useless rubbish poor rich short tall dead alive broke broken ill sick sad mad"
        " angry hungry"
        " blind deaf lazy clumsy rusty dumb smart clever careful picky fussy partial stupid silly"
        " honest blunt cold hot warm safe strong weak biased skeptical sceptical"
        " student intern nobody none wrong correct true false serious simple weird strange awful"
        " terrible"
        " horrible nice enough busy free open closed late early price pricing demo sales support"
        " data"
        " salesforce don't can't won't doesn't isn't didn't maybe perhaps whatever nothing"
        " everything anonymous private"
        " confidential message greetings vendor risk operations engineering finance procurement"
        " legal"
        " marketing mid sometime anytime asap january february march july september october"
        " november"
        " december gotcha righto okey alrighty yessir yup yep nah sweet perfect copy understood"
        " noted".split()
    )
)


def is_a_name(text: str) -> bool:
    """Whether words may be a name at all: no plain English, no number, no adjective ending."""
    for word in text.lower().split():
        odd = _NO_ENDING.match(word) and not _NAME_ALL_THE_SAME.fullmatch(word)
        if odd or {word, re.sub(r"(?<=.{4})'?s$", "", word)} & _NO_NAMES:
            return False
    return not numbers(text.lower())


_NO_ENDING = re.compile(
    r".{3,}(?:able|ible|ful|less|ous|tion|ment|ness)$|.{3,}ing$|.{4,}ly$|.{3,}(?:[^aeiou]|i)ed$"
    r"|[a-z]+(?:n't|'(?:ll|re|ve))$"
)
_NAME_ALL_THE_SAME = re.compile(
    r"emily|sally|billy|kimberly|[hmpd]olly|carly|beverly|\w*(?:elly|eilly|eily|nolly)|harding|fleming"
    r"|keating|golding|manning|jennings|browning|grable|constable|king|sterling|(?:al|wil|wini)fred"
    r"|mildred|(?:eth)?eldred|mohamm?ed|h?ahmed|hamed|waleed"
)
"""Names with the ending of an adjective or an adverb: "kelly", "reilly", "beverly"."""


def _uncued(
    u: Utterance, known: Sequence[tuple[int, int]], titles: Sequence[tuple[int, int]]
) -> Found | None:
    """A name that opens the turn, before a company, or two words of one before a title.

    In writing a name has capitals; without any, a company must follow.
    """
    match = _UNCUED.match(u.text)
    if match is None or not is_a_name(match["name"]):
        return None
    start, end = match.span("name")
    if any(a < end and start < b for a, b in (*known, *titles)):
        return None
    written = u.said.text[start:end]
    upper = capitals(written)
    if match["i"]:
        return cased(u, start, end) if upper and len(written.split()) >= 2 else None
    if match["self"] is None:
        plain = any(word in _BUSINESS for word in match["name"].split())
        into = u.said.text[match.end() - 1].isupper()
        into = into or bool(_OF_A_PART.match(u.text, match.end() - 1)) and len(written.split()) > 1
        heard = (
            u.said.text == u.said.text.lower() and match["at"] in ("from", "over at") and start > 0
        )
        return cased(u, start, end) if not plain and ((upper and into) or heard) else None
    lead = _BEFORE_TITLE.match(u.text, match.start("self"))
    titled = lead is not None and any(a == lead.end() for a, _ in titles)
    return cased(u, start, end) if upper and titled and len(written.split()) >= 2 else None


def _last(u: Utterance, known: Sequence[tuple[int, int]]) -> Found | None:
    """A full name and a company that end a turn: "it's for the quote, jim ray from acme"."""
    match = _ENDS_WITH.search(u.text)
    if match is None or not is_a_name(match["name"]) or _no_company(match["company"]):
        return None
    start, end = match.span("name")
    plain = any(word in _BUSINESS for word in match["name"].split())
    named = any(a < match.end() and start < b for a, b in known)
    return None if plain or named else cased(u, start, end)


_ENDS_WITH = re.compile(
    rf"[.,;!?] (?:(?:it's|this is"
    rf"|i'm) )?(?P<name>{_WORD} {_WORD}),? from (?P<company>{_WORD}(?: {_WORD})?)"
    r"[.!]?$"
)
_BUSINESS = frozenset(
    word for group in (*groups("same", "search"), kinds(), *kinds().values()) for word in group
)
"""Words of every sales call, which open turns as names do: "trouble with okta"."""
_BEFORE_TITLE = re.compile(
    r"(?:and )?(?:(?:i'm|i am|i work as|i'm the|i am the) )?(?:the |an? |our )?"
)
_OTHER_KIND = re.compile(rf"(?:{'|'.join(DEMONYMS)})$")
_TURNS = re.compile(
    r"\s*(?:$|[,.;!?]| ?(?:and|but|from|at|of|with|i|i'm|i've|we|we're|she|he|they)\b)"
)


_AMOUNT = r"(?:about|around|roughly|over|under|almost|nearly|some|more|less|\d)"
_INTRODUCES = re.compile(
    rf",?\s+(?:(?:from|with|over at|at)(?! {_AMOUNT})|calling"
    r"|(?:and )?(?:i|we) (?:work|run|lead|head|own|manage|call"
    r"|live|do|am from|come)"
    r"|and (?:i'm|we're|i am|we are) (?:the|an?|from|with|at|calling|their|head|in)\b"
    r"|(?:i'm|i am) (?:the|calling|from|writing|phoning|head|director|vp|vice president|in charge)"
    r")\b"
)
"""How somebody continues after saying their name."""
_CALLS = re.compile(r"\b(?:someone|somebody|you|they|to|please|not|never|don't)\s+call me\s+$")


def _introduced(u: Utterance, titles: Sequence[tuple[int, int]]) -> Found | None:
    patterns = (_NAME, _CLOSED, _HERE, _IS_MINE)
    for match in (m for pattern in patterns for m in pattern.finditer(u.text)):
        if any(a <= match.start("name") and match.end("name") <= b for a, b in titles):
            continue
        lead = match.group()[: match.start("name") - match.start()]
        if _OF_A_TOWN.match(u.text, match.end("name")) and town(match["name"]):
            continue  # "it's columbus, ohio"
        sure = bool(_SURE.search(lead)) or match.re is not _NAME
        introduces = _INTRODUCES.match(u.text[match.end("name") :])
        opens = (
            lead.startswith("this is") and match.start() <= 24 and len(match["name"].split()) <= 2
        )
        asks_us = _CALLS.search(u.text[: match.start("name")])
        written = _written_as_name(u, match) and lead.startswith(("i'm", "i am", "it's"))
        run = _FULL.match(u.said.text, match.start("name"))
        if run and is_a_name(run[1]) and not asks_us:
            return Found(run[1], *run.span(1))
        if (sure or introduces or opens or written) and not asks_us and is_a_name(match["name"]):
            return cased(u, match.start("name"), match.end("name"))
    return None


_OF_A_TOWN = re.compile(rf", (?:{'|'.join(map(str.lower, STATES))})\b")
_FULL = re.compile(rf"((?!I\b)[A-Z][\w'-]+ (?!I\b)[A-Z][\w'-]+){_RUN.pattern}")
"""A full name followed by a company's."""


def _written_as_name(u: Utterance, match: re.Match[str]) -> bool:
    """Whether the words have capitals where no sentence begins, like a name."""
    written = u.said.text[match.start("name") : match.end("name")]
    alone = _TURNS.match(u.text[match.end("name") :])
    return bool(alone and capitals(written)) and not _OTHER_KIND.search(match["name"])


def _bare(u: Utterance) -> Found | None:
    """The answer itself, when a name was asked for: "jane doe", or spelled "j a n e"."""
    start = _LEAD.match(u.text)
    begin = start.end() if start else 0
    if spelled := re.match(r"[a-z](?:[\s-]+[a-z]){2,}(?![a-z])", u.text[begin:]):
        letters = re.sub(r"[\s-]", "", spelled.group())
        return Found(letters.capitalize(), begin, begin + spelled.end())
    match = re.match(rf"{_WORD}(?:\s+{_WORD}){{0,3}}", u.text[begin:])
    if match and not is_a_name(match.group()):
        written = u.said.text[begin : begin + match.end()]
        if len(written.split()) < 2 or not capitals(written):
            return None
    if not match or match.group() in ("yes", "no", "nope", "yeah", "okay", "what", "why"):
        return None
    return cased(u, begin, begin + match.end())


def capitals(written: str) -> bool:
    """Whether every word is capitalised like a name."""
    return all(word[0].isupper() for word in written.split())


def cased(u: Utterance, start: int, end: int) -> Found:
    """Keep the recogniser's capitals; otherwise capitalise the name."""
    raw = _TRAILING.sub("", u.said.text[start:end].strip())
    if raw == raw.lower():
        raw = " ".join(w[:1].upper() + w[1:] for w in raw.split())
    return Found(raw, start, start + len(raw))


def told_anew(u: Utterance) -> bool:
    """Whether a turn says outright what somebody is called; only then is a known name replaced."""
    return _OUTRIGHT.search(u.text) is not None


_OUTRIGHT = re.compile(
    r"\bname(?:'s| is)\b|\bmy name\b|\bcall me\b|\bi go by\b|\bthis is\b|\bspeaking\b"
    r"|\bi'm called\b|\b(?:regards|wishes|sincerely)\b|^(?:no|sorry|actually)[, ]"
    r"|\bwith an? [a-z]\b|\bi said\b"
    r"|\b(?:it's|i'm) (?:actually )?not\b|, not \w+"
)


def employer(u: Utterance, role_end: int, leads: bool) -> Found | None:
    """The company after a stated role: "head of data at globex"; "ceo of globex" if it `leads`."""
    if u.text[role_end:].lstrip().startswith("of") and not leads:
        return None
    return _company_after(u, role_end)
