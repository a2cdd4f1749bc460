"""Roundabout and idiomatic questions, and what they ask. Pure."""

import re
from collections.abc import Iterator

from knowledge.leading import LEAD


def put_plainly(question: str) -> Iterator[str]:
    """What an idiom asks, and the question without a trailing afterthought."""
    if trimmed := _AFTERWORD.sub("", question.rstrip(" ?.")):
        yield trimmed
    if (less := _BETWEEN.sub(" ", question)) != question:
        yield less
    if (asked := _TO_FIND.sub("", question)) != question:
        yield asked
    if (ours := _FOR_THEM.sub(r"\g<can> we ", question)) != question:
        yield ours
    yield from meant_by(question)


def of_either(question: str) -> Iterator[str]:
    """How two things differ, for who asks which of them to take."""
    for asks in _EITHER:
        if either := asks.search(question.strip(" ?.").lower()):
            yield f"what is the difference between {either['one']} and {either['other']}"


def wanted_done(told: str) -> Iterator[str]:
    """Whether we can do what was just described: "we want to fill X from Y. Is that possible?"."""
    if wanted := _WANTED.search(told):
        yield f"can you {wanted['what']}"


def meant_by(question: str) -> tuple[str, ...]:
    """What a question with an idiom asks; empty if it already asks plainly."""
    return next((plain for put, plain in _PLAINLY if put.search(question.lower())), ())


_PAIR = (
    r"(?:the )?(?P<one>(?!(?:it|that|this|they|you|there|we|i)\b)[\w-]+(?: [\w-]+)?) or (?:the )?"
    r"(?P<other>[\w-]+(?: [\w-]+)??)"
)
_BETTER = r"(?: (?:the )?(?:better|best|right|enough|more suitable)(?: (?:one|choice|fit|option))?)"
_FOR_US = r"(?: for (?:us|me|our \w+))?$"
_EITHER = (
    re.compile(rf"\b(?:is|are|would) {_PAIR}{_BETTER}{_FOR_US}"),
    re.compile(
        r"\b(?:should (?:i|we) (?:take|get|pick|choose|go (?:for|with))|(?:would|do) (?:i|we) need"
        rf"|(?:would|do) you (?:recommend|suggest)) {_PAIR}{_BETTER}?{_FOR_US}"
    ),
)
"""Asks which of two things to take: "is growth or starter better for us"."""
_TO_FIND = re.compile(
    r"^(?:please |could you |can you )?(?:find out|check) (?:if|whether) ", re.IGNORECASE
)
_FOR_THEM = re.compile(
    r"^(?P<can>can|could|may|would|should) (?:he|she|they|(?:my|our|the) (?:boss|team|colleagues?"
    r"|manager|developers?|engineers?|\w+ team|c[a-z]o)) ",
    re.IGNORECASE,
)
"""Asks whether one of the buyer's own people can do something."""
_WANTED = re.compile(
    r"\b(?:look(?:ing)? (?:for|to)|(?:want|need|like|try|trying|hope|hoping|plan|planning) to)"
    r"(?: (?:an? |some )?(?:solution|tool|way|software|product|system|platform|something)"
    r" (?:to|that can|that could|which can))? (?P<what>[a-z][^.?!;\n]{8,90})"
)
_BETWEEN = re.compile(
    r"\s+(?:at least|even|by any chance|perhaps|possibly|actually|also|really|basically|literally"
    r"|kind of"
    r"|sort of)\s+",
    re.I,
)
"""Filler words inside a question."""
_AFTERWORD = re.compile(
    r"(?:[\s,]+(?:like i'm (?:five|5|a child|an idiot)|yes or no|in (?:plain|simple) \w+"
    r"|in a nutshell"
    r"|for dummies"
    r"|in (?:a few|two|layman's) \w+|then|though|anyway|again|please|exactly|actually|together"
    r"|simultaneously|natively|out of the box|for convenience|today|currently|at the moment"
    r"|in parallel|at (?:the same time|once)))+$",
    re.IGNORECASE,
)
_WHAT_WE_DO = ("what do you do", "what does your company do", "what kind of company are you")
_PLAINLY: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (  # on opening a page of ours
        re.compile(
            r"^(?:(?:so|ok|okay|and|hey|hi|hello)[, ]+)*what(?:'s| is) this"
            r"(?: (?:all about|about|thing|place|page|site|company|exactly|for))*[ ?.!]*$"
        ),
        _WHAT_WE_DO,
    ),
    (  # how long a whole project takes, by its end or the wait
        re.compile(
            r"\b(?:what(?:'s| is| are)|whats)(?: (?:the|your|usual|typical|rough))* (?:timelines?"
            r"|time ?frames?|turnaround(?: time)?|lead times?|wait(?:ing time)?)\b"
            r"|\bhow long(?:'s| is| would)(?: (?:the|your|that|it))+ (?:wait|process|whole thing)\b"
            r"|\b(?:when|how soon|how (?:long|soon) (?:until|till?|before))"
            r" (?:would|will|could|can|are|do)? ?(?:we|it|i|that)(?:'d|'ll|'re|'s)?"
            r" ?(?:be|get|are|is|go)?"
            r" (?:up and running|live|running|ready|done|finished|good to go)\b"
        ),
        ("how long does it take", "how long does it take start to finish"),
    ),
    (  # our proof, whoever the others are
        re.compile(
            r"\bwhy (?:would|should|do|will) (?:i|we|any(?:one|body)) (?:even |really )?"
            r"(?:go with|pick|choose|take|hire|use) you\b|\bwhy you\b"
            r"|\bwhat (?:sets|makes) you (?:apart|different|better|special|stand out)\b"
        ),
        ("why should we choose you", "how are you different", "what makes you better than others"),
    ),
    (  # customers we did it for
        re.compile(
            r"\bwho(?:m)?(?: else)? (?:have|did|do) you (?:(?:already|ever) )?(?:done"
            r"|do (?:it|this) for|work(?:ed)? (?:with|for)|built|install(?:ed)?|serve[d]?"
            r"|help(?:ed)?)\b|\b(?:can|could|may) (?:we|i) (?:talk|speak) (?:to|with) (?:an?|one"
            r"|some|any|other)(?: of your| existing)? (?:customers?|clients?|references?|users?)\b"
        ),
        ("do you have references", "who are your customers", "who have you worked with"),
    ),
    (
        re.compile(
            r"\bwhy (?:would|should|do|will) (?:i|we|any(?:one|body)) "
            r"(?:even |really |still |ever )*(?:need|want|buy|use|bother with|pay for)"
            r" (?:you|your \w+)\b(?! to\b)"
        ),
        ("why should we choose you",),
    ),
    (  # whether we suit them at all: they know too little about us to ask more
        re.compile(
            r"\b(?:if|whether|is|would) (?:this|it|that|you|it's|you'd|you're|your \w+)\b"
            r"[^.?!,]{0,40}\b(?:for|fits?|suits?) (?:us|me|our (?:company|business|team|size)"
            r"|(?:an? company|companies) like (?:ours|us))[ ?.!]*$"
            r"|\bwho(?:'s| is| are) (?:it|this|that|you|your \w+)(?: (?:made|meant|built|really))*"
            r" for[ ?.!]*$"
        ),
        _WHAT_WE_DO,
    ),
    (  # whether their size rules them out
        re.compile(
            r"\b(?:is|are|would) (?:that|this|we|it|i)(?: be)? (?:too|not) (?:small|tiny|little|big"
            r"|large)(?: (?:enough|an? \w+))?(?: for (?:you|your \w+))?(?: guys| folks)?[ ?.!]*$"
        ),
        ("are we too small for you", "do you work with small companies", "is there a minimum"),
    ),
    (  # "what would that run me", not "what does it run on"
        re.compile(
            r"\bwhat(?:'s| is| does| do| would| will|'ll|'d) (?:it|that|this|one|you(?: guys)?)"
            r"(?: all| usually| typically| normally)* run(?: us| me| you)?[ ?.!]*$"
        ),
        ("how much does it cost",),
    ),
    (  # the least they could pay
        re.compile(
            r"\b(?:cheapest|least expensive|most affordable|lowest cost) (?:way|option|version"
            r"|package|tier|route|possible (?:way|option))\b"
        ),
        ("which plan is cheapest", "what is your cheapest option"),
    ),
    (
        re.compile(
            r"\bwhat (?:do|would|will|'ll) (?:i|we) need(?: to (?:have|do|set up|provide|start"
            r"|begin))?(?: (?:first|for (?:it|this|that)))*[ ?.!]*$"
        ),
        ("what do we need to get started",),
    ),
    (
        re.compile(
            r"\byou(?:'re| are| guys| people)? (?:sell|selling|do|doing|offer|offering|make|making)"
            r" what\b|\bwhat (?:it is )?(?:you|y'all|you're)(?: guys| people| folks| all)?"
            r" (?:do|offer|have to offer|can offer|are about|about)(?: here| exactly| there)?"
            r"[ ?.!]*$"
            r"|\bwhat (?:do|does|is it) (?:you|y'all|your company)(?: guys| people| folks| all)?"
            r"(?: actually| even)? (?:do|offer)(?: here| exactly| there)?[ ?.!]*$"
        ),
        _WHAT_WE_DO,
    ),
    (  # the company's age, as a rhetorical question
        re.compile(
            r"\bhow long (?:have|has) (?:you|the company|your \w+)(?: guys| people| all)? been"
            r" (?:around|in business|going|at (?:it|this)|doing (?:it|this))\b"
        ),
        ("when was the company founded",),
    ),
    (
        re.compile(
            r"\bwhat(?:'s| is) (?:your|the) (?:company |office |street |postal |mailing "
            r"|physical )?"
            r"address\b"
        ),
        ("where is your office",),
    ),
    (
        re.compile(
            r"\b(?:can|could|may) (?:i|we) (?:just |simply )?(?:sign up|subscribe|register"
            r"|get started)"
            r"(?: for it)?(?: online| myself| ourselves| directly| now| on (?:your"
            r"|the) \w+)*[ ?.!]*$"
        ),
        ("can i just sign up and look", "how do i sign up for the trial"),
    ),
    (
        re.compile(
            r"\b(?:drop|shoot|send|fire|forward|pop|ping|mail|e-?mail)\b[^.?!]{0,40}\b(?:write-?up"
            r"|something|info(?:rmation)?|details|deck|pdf|overview|one-?pager|summary|brochure"
            r"|material)s?\b(?! (?:in|to|into|from) (?!me\b|us\b|my\b|our boss))"
        ),
        ("can you send me some information",),
    ),
    (
        re.compile(
            rf"^{LEAD}(?:what (?:would|do|can) you"
            r" (?:recommend|suggest|advise)\b|(?:which|what) (?:plan|model|one|package|tier|option)"
            r"(?: (?:is|would|does) (?:that|it|this)(?: be| fit)?|(?: then)?(?: for (?:us|me))?)"
            r"[ ?.!]*$)"
        ),
        tuple(f"which {thing} would you recommend" for thing in ("plan", "model", "one")),
    ),
)
