"""Yes and no: how people answer what they were asked or offered.

Besides the words that open an answer, whole clauses are read by their parts: "that would be
brilliant", "I'd appreciate it", "I don't see why not"; "we're good for now", "I'd rather not".
"""

import re

from knowledge.leading import LEAD

_SURE = (
    r"(?:fine|good|great|perfect|ok|okay|alright|all ?right|lovely|brilliant|wonderful|fantastic"
    r"|excellent|helpful|useful|nice|ideal|super|superb|grand|awesome|cool|correct|right|amazing"
    r"|appreciated|acceptable|handy|best|welcome|kind|sensible|fair|terrific|splendid|sweet|it|so"
    r"|the one|a (?:good|great|nice|lovely) (?:idea|plan)|accurate|spot on|doable|convenient)"
)
_MUCH = (
    r"(?:really |very |much |quite |so |just |perfectly |absolutely |totally |most |pretty |all )*"
)
_IT = r"(?:that|it|this|which|one|a call|he|she|they)"
_FOR_ME = r"(?: (?:for|to|with|by) (?:me|us))?"
_THANKS = (
    r"(?:[ ,]+(?:thanks?|thank you|cheers|please|then|actually|yes|yeah|very much|a lot|so much"
    r"|now|for now|indeed|too|i think|i guess|if you (?:can|could|would|like|don't mind)))*"
)
_END = r"(?=\s*(?:$|[.,;!?]| and | but | so | because | that's | what | how | when ))"
_LEAD = (
    r"(?:(?:uh|um|oh|ooh|well|so|and|okay|ok|er|erm|ah|hmm?|actually|sorry|honestly|right|i mean"
    r"|fine|alright|all right|great|good|cool|look|you know|yeah|to be honest|thanks|thank you"
    r"|i think|i guess)[,.\s]+)*?"
)

_YES_CLAUSES = (
    rf"(?:{_IT})?(?:'s| is| would be|'d be| will be|'ll be)?(?: ?(?:sounds?|seems?|looks?|feels?))?"
    rf" ?{_MUCH}{_SURE}(?: enough)?{_FOR_ME}",
    rf"{_IT}(?: would| will|'d|'ll)? (?:really |actually )?(?:works?|suits?|helps?|does it|do)"
    rf"{_FOR_ME}(?: (?:well|fine|nicely|perfectly|a lot))?",
    r"(?:i|we)(?:'d| would|'ll| will| do| could| can| might)? ?(?:really |very much |definitely"
    rf" )*(?:like|love|appreciate|welcome|want|take|do|go (?:with|for)) {_IT}{_FOR_ME}",
    r"(?:i|we) (?:guess|suppose|think|reckon|believe|hope) (?:so|yes|why not|(?:that|it)(?:'s"
    rf"| is| would be|'d be)? ?{_MUCH}(?:{_SURE}|works))",
    r"(?:let's |i'd say |just |you (?:can|could|may) )?(?:do|go (?:ahead|on|for)|book|arrange|set"
    r" up|make|try|confirm|sort) ?(?:it|that|so|this|ahead|then)?(?: up| in)?",
    r"(?:i )?(?:don't|do not|can't|cannot) see (?:any reason )?why not|why not",
    r"(?:no|not a|that's no|it's no) (?:problem|worries|trouble|objections?|bother)(?: at all)?",
    r"if (?:you|he|she|they) (?:could|would|can|like|want|don't mind|wouldn't mind|please)",
    rf"(?:i'm|i am|we're|we are) (?:{_MUCH})?(?:ok|okay|fine|good|happy|up|in)"
    r"(?: (?:with|for) (?:that|it|this)| to do (?:that|it|so))",
    r"(?:that|this|it|which) answer(?:s|ed) (?:it|that|(?:my|our|the) question)",
    r"(?:that|this|it)(?:'s| is| was) (?:exactly |just |precisely )?what (?:i|we) (?:meant|wanted"
    r"|asked|needed)(?: to know)?",
    r"(?:i'm|count me|we're) in|happy to|with pleasure|(?:yes )?please(?: do)?|(?:it|that) (?:is"
    r"|does|was)|we do|we are|we have|i do|i am|i would|i will|we will|we would",
)
_YES_OPENS = (
    r"(?:yes|yeah|yep|yup|yea|aye|sure(?! (?:about|if|whether|what|how))|of course|absolutely"
    r"|definitely|certainly|exactly|indeed|affirmative|by all means|gladly|spot on|bang on|you"
    r" (?:got|have) it(?! wrong)|uh[- ]?huh|mm+[- ]?hm+|go (?:ahead|on|for it)"
    r"|correct|right(?! (?:away|now|then|so|,? no))|please do|okay|ok|okie|okey ?dokey"
    r"|righto|righty|alrighty|perfect|fine|great|cool|awesome"
    r"|good(?! (?:enough|to know|morning|afternoon|evening|question|point|day|luck))"
    r"|all ?right|lovely|wonderful|brilliant|i see|got it|makes sense|works for (?:me|us))\b"
)
_CONSULT = (
    r"(?:talk|speak|check|discuss|consult|run|clear|ask|involve|include|loop"
    r"|bring(?= (?:in|it|this|that|him|her|them)\b)|go over|go through|confer|align|sync"
    r"|pass (?:it|this|that|all this|things) (?:by|on to|along to)|get back to)"
)
_FOLK = (
    r"(?:(?:my|our|the) (?:\w+ )?(?:partners?|boss|bosses|manager|team|colleagues?|husband|wife"
    r"|owner|director|board|family|brother|sister|father|mother|dad|mom|people|it (?:guys?|people"
    r"|team)|guy|person|lady|folks|engineers?|analysts?|developers?|admin"
    r"|accountant|lawyer|cfo|ceo|cto|cio|professor|supervisor|head|management|department|committee"
    r"|others|guys|client)|(?:him|her|them)(?= first| about|[ .,!]*$)|procurement|purchasing|legal"
    r"|finance|compliance|security|internally)"
)
"""People whom somebody asks before agreeing to anything."""
_CONSULTS = (
    rf"(?:(?:i|we) (?:must|should|shall|gotta|got to)|(?:i'm|we're|i am|we are)"
    rf" (?:gonna|going to)|i'll|i will|we'll|we will|i(?:'d| would)"
    rf"|let me|lemme|let us|(?:i|we) (?:need|want|have))(?: to"
    rf"| have to| need to| want to)? (?:just |first |probably |really )?{_CONSULT}\b[^.?!]{{0,24}}?"
    rf"\b{_FOLK}\b.*",
    r"(?:i|we|it|this|that)(?:'ll|'d| will| would)?(?: first| still)? (?:needs?|requires?"
    r"|ha(?:ve|s) to (?:get|have))(?: to (?:get|have))? (?:\w+ ){0,2}(?:approval|sign-? ?off"
    r"|buy-? ?in|blessing|go-? ?ahead|green light)s?\b"
    r"(?! (?:work ?flow|process|chain|rule|step)).*",
)
"""A no to whatever somebody has to agree to, and to nothing else."""
_CONSIDERS = (
    r"(?:i'll|i will|we'll|we will|i(?:'d| would) have to|i (?:need|want|have) to|let me|lemme"
    r"|let us"
    r"|i'd (?:need|like|want) to) (?:just )?(?:pass|skip|think(?!.*\b(?:sec|second|moment"
    r"|minute)\b)|have a think|mull|sleep on it|talk it"
    r"|discuss it|consider|let you know|be in touch|get in touch|get back to you|come back to you"
    r"|call (?:you|back)|ring (?:you|back)|hold off)\b.*",
)
"""A no for now, from a buyer who will come back to it."""
_NO_CLAUSES = (
    r"(?:i|we)(?:'d| would)? (?:rather|prefer|sooner) (?:to )?(?:not\b.*|you (?:didn't|did not"
    r"|don't)"
    r".*|nobody.*|no one.*|(?:\w+ ){0,4}(?:myself|ourselves))",
    *_CONSIDERS,
    *_CONSULTS,
    r"(?:please )?(?:don't|do not)(?: (?:(?:bother|trouble|worry)(?: (?:yourself|yourselves|(?:with"
    r"|about) (?:it|that|this)))?|go to any trouble|put yourselves? out|do that|do it|think so"
    r"|want (?:that|it|one"
    r"|to|any\w*|him|her|them|you)|need (?:that|it|one|to|any\w*)|call|ring|phone|think"
    r" (?:that|it)).*)?",
    r"(?:i|we) (?:don't|do not)(?: (?:think so|want (?:that|it|one|to|any\w*|him|her|them|you)|need"
    r" (?:that|it|one|to)|(?:want|need) an? (?:\w+ )?(?:call|call ?back|demo|meeting|visit)\b"
    r"|think (?:that|it)).*)?",
    rf"(?:i'm|i am|we're|we are) (?:{_MUCH})?(?:good|fine|alright|all ?right|okay|ok|all set)",
    r"(?:i'm|i am|we're|we are)?(?: really)? ?not (?:interested|ready|there yet|at that"
    r" (?:stage|point)|keen|bothered|sure about that)\b.*",
    r"(?:that|it|this|they|there)(?:'s| is| are| was|'re) (?:not|no)(?: (?:quite|really|at all"
    r"|even))*(?: (?:right|correct|it|necessary|needed|need|what i said|good|mine|my \w+|true"
    r"|accurate))?",
    r"(?:that|it|this) (?:isn't|wasn't|won't be|wouldn't be|doesn't|won't)(?: (?:quite|really|be"
    r"|even))*(?: (?:right|correct|it|necessary|needed|work|what i said|mine|my \w+|true|suit.*))?",
    r"(?:you|you've|that's|that is|it's|(?:the|that|this) \w+(?: \w+)?(?:'s| is)|you (?:have|had)"
    r"|i think)"
    r"(?: got| heard| have| had)?(?: that| it| one| a| the| my)?(?: \w+){0,2}"
    r" (?:wrong|incorrect(?:ly)?|mistaken|off)",
    r"there(?:'s| is) no need|no need|it(?:'s| is) (?:a bit |too |way )*(?:early|soon)",
)
_NO_OPENS = (
    r"(?:nope|nah|naw|negative|wrong|incorrect|not (?:really|now|right now|yet|at all|today|quite"
    r"|exactly|at (?:this|the) \w+|for (?:now|me|us)|necessary|needed|this time|just yet|interested"
    r"|particularly)|never mind|forget (?:it|about it)|(?:maybe|perhaps)[ ,]+(?:later|another"
    r"|some other|not|next)"
    r"|(?:another|some other) (?:time|day)|hold off|rather not|i(?:'d| would) rather not"
    r"|no(?=\s*(?:$|[.,;!?-]| (?:thanks?|thank|i|i'm|i'd|i'll|i've|we|we're|we'd|we've|it|it's|that"
    r"|that's|this|you|you've|he|she|they|they're|not|no|but|sorry|just|need|there|there's|nothing"
    r"|never|please|don't|unfortunately|really|way|actually|cheers|sir|ma'am|madam|because|the"
    r"|make|wait|hang|hold|let|let's|is|what|my|our|go|can|could|do|um|uh|and|then"
    r"|one(?!\b of))\b)))"
    r"(?!\w)"
)


def _clauses(of: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"^{_LEAD}(?:{'|'.join(of)}){_THANKS}{_END}")


_YES = (_clauses(_YES_CLAUSES), re.compile(rf"^{_LEAD}{_YES_OPENS}"))
_NO = (_clauses(_NO_CLAUSES), re.compile(rf"^{_LEAD}{_NO_OPENS}"))
_NEXT = re.compile(r"\s*(?:[.,;!?]+\s*(?:but |and )?|\bbut\s+)")
"""Between two clauses of an answer."""
_SHORT = 24
"""Most characters of a first clause next to which a no still answers: "it's okay, no"."""
_ALL = r"(?=\s*(?:$|[.,;!?]|but\b))"
_COURTESY = re.compile(
    rf"{_LEAD}(?:(?:that's|it's) )?(?:no|not a) (?:problem|worries|trouble|objections?|bother)"
    rf"(?: at all)?{_THANKS}{_ALL}"
)
"""Leaves the answer to the next clause: "no worries, we don't need that"."""
_AGREES = re.compile(
    rf"(?:(?:{_IT} )?(?:sounds?|seems?|looks?) {_MUCH}{_SURE}(?<! it)(?<! so)"
    rf"|{_IT}(?: would|'d) be {_MUCH}{_SURE}(?<! it)(?<! so)|(?:{_IT} )?(?:works?|suits?)"
    rf"|(?:i|we)(?:'d| would) (?:like|love|appreciate) {_IT}|(?:yes )?please do"
    rf"|(?:please )?go (?:ahead|on|for it)|let's do (?:it|that)){_FOR_ME}{_THANKS}{_ALL}"
)
"""Agrees in so many words, so that a "no" before it was none: "yeah, no, that sounds good"."""
_SURELY = re.compile(rf"(?:for sure|absolutely|definitely|of course|by all means){_ALL}")
"""Stresses what a turn opened with: "yeah, no, for sure", "no, definitely"."""
_REFUSES = re.compile(
    r"(?:no|nope|nah|naw|not(?: (?:really|now|right now|yet|at all|today|for (?:now|me|us)))?)"
    rf"{_THANKS}{_ALL}"
)


_ASKS_FIRST = _clauses(_CONSULTS)


def consults(text: str) -> bool:
    """Whether they have to ask somebody first: "i have to ask my boss before we buy"."""
    return _ASKS_FIRST.search(text) is not None


_PARTING = frozenset(
    "no nope nah not nothing never thanks thank you cheers bye goodbye that's that all it is"
    " was i'm i am we're we are good fine set okay ok alright right great perfect else for"
    " now today more everything just really at the moment time this think so don't do need"
    " needed anything any have had got a an my your help helpful been very much appreciate"
    " covers answers answered answer question questions what wanted want to know and well um"
    " uh oh then day nice one lot kind sir ma'am madam interested mind on off yet needn't be"
    " done here us me of with probably guess bother worries problem later again see talk soon"
    " will i'll we'll call you've you're can could would".split()
)
_WANTS = re.compile(
    r"(?<!that's all )(?<!everything )(?<!what )\b(?:i|we)(?:'d| would)? (?:still )?(?:need|want"
    r"|like)"
    r" (?!(?:for|to know|anything|nothing)\b)\w"
)
_IS_NOT = re.compile(
    r"\b(?:we're|i'm|it's|we are|i am|it is|they're|they are) not (?:an?|the|your|one of)"
    r" (?!(?:problem|thing|single|moment)\b)\w+"
)
"""Says what they are not: "no, we're not a customer"."""
_BESIDE_NO = 1
"""Most other words of a no that ends the conversation."""


def parts(text: str) -> bool:
    """Whether a no to "anything else?" is only that: "no she's expecting me" says more, and "that
    is not a lot" is about something."""
    words = re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))
    of_something = re.match(rf"{_LEAD}(?:that|this|it|they|there|you)\b", text) is not None
    opens = (opens_with_no(text) or not of_something) and not _WANTS.search(text)
    opens = opens and not _IS_NOT.search(text)
    return opens and sum(w not in _PARTING for w in words) <= _BESIDE_NO


_TAKES_TIME = _clauses(_CONSIDERS)


def considers(text: str) -> bool:
    """Whether they want to think first, or want nothing at all: "alright, i'll think about it", "we
    don't need that"."""
    return _TAKES_TIME.search(text) is not None or _NOT_FOR_US.search(text) is not None


_UNINTERESTED = re.compile(
    rf"^{_LEAD}(?:(?:no|nope|nah|like i said|as i said|i mean it|i said)[,. ]+)*"
    rf"(?:(?:i'm|i am|we're|we are) )?(?:{_MUCH})?not interested"
    r"(?: (?:in (?:it|that|this|anything|any of it)|at all|really))?"
    r"(?:[ ,.]+(?:thanks|thank you|sorry|bye))*[ .!]*$"
)


def uninterested(text: str) -> bool:
    """Whether a turn only says that they are not interested."""
    return _UNINTERESTED.match(text) is not None


_NOT_FOR_US = re.compile(
    r"\b(?:don't|do not|won't|wouldn't) (?:really )?(?:need|want|use) (?:it|that|this|any"
    r"|anything)\b"
    r"|\bnot (?:really )?(?:interested|for us)\b"
)


def opens_with_no(text: str) -> bool:
    """Whether a turn opens with an explicit no, rather than "I'm fine"."""
    return _NO[1].search(text.lower()) is not None


def yes_or_no(text: str) -> bool | None:
    """Whether a lower-case turn opens with a yes or a no; None if with neither.

    Of several answers in a row the last counts; a courtesy leaves it to whatever follows.
    """
    answer, courtesy, cut = _answer(text), _COURTESY.match(text), _NEXT.search(text)
    if cut and cut.start() > _SHORT:
        return answer
    while cut:
        clause = text[cut.end() :]
        said = _answer(clause) if courtesy else _alone(clause)
        if said is None and _SURELY.match(clause):
            said = answer or outright(text)
        if said is None:
            break
        answer, courtesy, cut = said, _COURTESY.match(clause), _NEXT.search(text, cut.end())
    return answer


def _answer(text: str) -> bool | None:
    """The answer that a text opens with."""
    if any(p.search(text) for p in _NO):
        return False
    return True if any(p.search(text) for p in _YES) else None


def _alone(text: str) -> bool | None:
    """The answer of a clause that says nothing else."""
    if _REFUSES.match(text):
        return False
    return True if _AGREES.match(text) else None


def outright(text: str) -> bool:
    """Whether a yes is explicit, rather than an "okay" that may only acknowledge."""
    return _OUTRIGHT.match(text) is not None


_OUTRIGHT = re.compile(r"(?:um |uh |oh )?(?:yes|yeah|yep|yup|sure|certainly|of course)\b")
_ASSENT = frozenset(
    "yes yeah yep yup yea aye sure of course absolutely definitely certainly okay ok right fine"
    " good great perfect cool alright all lovely please do go ahead on for it it's is that that's"
    " this you your can may could record recording recorded call the a i i'm am we we're are would"
    " be have has no not problem worries objection objections don't mind with by to me us my happy"
    " consent agree permission here hi hello hey there thanks thank morning afternoon evening um"
    " uh oh well so and then just will mm hm hmm huh uh-huh let's by means why see as now if need"
    " must want like allowed".split()
)
_BESIDE_YES = 2
"""Most other words of a mere yes: "yes, Marina"."""


def only_yes(text: str) -> bool:
    """Whether a turn that opens with a yes says nothing else: consent introduces no story."""
    words = [w.strip(".,!?;") for w in text.lower().replace("\u2019", "'").split()]
    return sum(w not in _ASSENT for w in words if w) <= _BESIDE_YES


PUTS_RIGHT = re.compile(
    rf"^{_LEAD}no[, ]+(?:no[, ]+)*(?:i (?:mean|meant|said|asked)\b|not (?:that|the|what)\b"
    rf"|not [\w-]+,? (?:it's |but )?[\w-]+\W*$|wait\b"
    r"|hang on|hold on|(?:that's|that is|that wasn't|that isn't) (?:not )?(?:what|the)\b(?! all)"
    r"|(?:it's |there's |we're |we |i )?only\b|we (?:don't|do not) have\b"
    r"|the (?:[\w'-]+ ){0,6}(?:one|plan|package|version|price|option)s?\W*$)"
)
"""A no to what we understood rather than to what we offer."""

IS_ME = re.compile(
    rf"^{LEAD}(?:yes|yeah|yep|yup|correct|right"
    r"|exactly|speaking|it is|(?:that's|that is|it's) (?:me|her|him|right|correct)"
    r"|this is (?:she|he|her|him|me)|i am|sure is|indeed|you are|mm-?hm+"
    r"|uh-?huh|affirmative|the same)\b"
)
_NOT_ME = re.compile(
    r"\b(?:wrong (?:person|number)|(?:some(?:body|one)|anyone) else|isn't (?:me|her|him)"
    r"|not (?:me|her|him|she|he)\b)"
)


def is_me(text: str) -> bool | None:
    """Whether they confirm being who we took them for; a mere "okay" says nothing."""
    if yes_or_no(text) is False or _NOT_ME.search(text):
        return False
    return True if IS_ME.search(text) else None


def told(text: str) -> bool:
    """Whether a free answer has content, rather than yes, no, "why" or nothing."""
    if yes_or_no(text) is not None:
        return False
    return not re.match(r"(?:why|what|who|how|hello|hi|um|uh|thanks?|bye|good ?bye|hm+)\b", text)


_IT_WAS = re.compile(
    r"\b(?:that|this|it|which)(?:'s| is| was| does)?(?: exactly| just| precisely| really| all)?"
    r" (?:it|(?:all )?(?:what|everything) (?:i|we) (?:meant|wanted|asked|needed|need|was after)"
    r"|(?:my|our|the) question|answers? (?:it|that|(?:my|our|the) question)|answered"
    r"|the answer)\b",
    re.IGNORECASE,
)
_IT_WAS_NOT = re.compile(
    r"\b(?:not|isn't|wasn't|doesn't|didn't)(?: quite| really| exactly| what)?"
    r" (?:it|(?:what )?(?:i|we) (?:mean|meant|wanted|asked|need|needed|was after|was asking)"
    r"|(?:my|our|the) question|answer (?:it|that|(?:my|our|the) question))\b",
    re.IGNORECASE,
)


def says_it_was(text: str) -> bool:
    """Whether a reply confirms that this was their question: "that answers my question"."""
    return _IT_WAS.search(text) is not None and not says_it_was_not(text)


def says_it_was_not(text: str) -> bool:
    """Whether it says the opposite: "that's not what I meant"."""
    return _IT_WAS_NOT.search(text) is not None
