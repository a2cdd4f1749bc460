"""Questions not meant for us: those callers ask themselves and answer at once ("how big are we?
about ninety"), and those about their own business."""

import re

from knowledge.leading import LEAD

_LEAD = r"^(?:so |well |and |now |um |okay |ok |hm |let me see )*"
_US = r"(?:we|i|us|our (?:company|team)|they)"
_ABOUT = tuple(
    (re.compile(_LEAD + rf"(?:{pattern})"), criterion)
    for pattern, criterion in (
        (rf"how (?:big|large|many (?:people|employees|of us))\b.*\b(?:are|is|do|have)\b.*{_US}\b"
         r"|how many are we|(?:what's )?our size|how big is (?:the|our) (?:company"
         r"|team)", "employees"),
        (rf"when (?:do|would|will|should|must|can) {_US}\b|when(?:'s| is) (?:it|that|this) (?:due"
         rf"|for)"
         r"|by when|how soon|(?:what's )?(?:the|our) (?:timeline|deadline)|when do we", "timeline"),
        (rf"(?:what|which) (?:warehouse|database|tools?|stack|systems?)\b.*{_US}\b"
         r"|where(?:'s| is) our data|what are we (?:using|on)|what's our (?:stack|warehouse)",
         "tech_stack"),
        (rf"what (?:do|would) {_US} (?:want|need|hope)\b|what(?:'s| is) it for|what for"
         r"|why (?:am i|are we) (?:calling|looking)", "use_case"),
        (rf"(?:what|how much)\b.*\b(?:budget|spend|afford)\b|what can {_US} (?:pay|spend)"
         r"|(?:the|our) budget", "budget"),
        (r"who decides|who am i|what(?:'s| is) my (?:role|job|title)|what do i do", "role"),
        (rf"where (?:are|is) {_US}|where we are", "location"),
        (rf"what (?:do|does) {_US} do|what industry|what kind of (?:company|business)", "industry"),
    )
)  # fmt: skip


def themselves(question: str) -> str | None:
    """The criterion of a self-directed question; None when it is for us to answer."""
    return next((name for pattern, name in _ABOUT if pattern.match(question)), None)


def of_own_business(clause: str) -> bool:
    """Whether a clause says what they or theirs want to know of their own, and asks us nothing."""
    own = _OWN_BUSINESS.search(clause) or _OWN_PEOPLE.search(clause)
    return own is not None and not (_OF_US.search(clause) or _HOW_TO.match(clause))


_OWN_BUSINESS = re.compile(
    r"\b(?:know|see|figure out|find out|understand|tell|learn|predict|spot|track|recogni[sz]e)"
    r" (?:exactly |right away |early |better )?(?:who|whom|which|what|when|where|why|if|whether"
    r"|before"
    r"|how (?:many|much|often|long)?)"
    r" (?:(?:of )?(?:my|our|the|each|every|these|those|their) (?:\w+ )?)?"
    r"(?:customers?|clients?|buyers?|shoppers?|guests?|visitors?|members?|subscribers?|readers?"
    r"|users?|patients?|donors?|students?|applicants?|leads?|prospects?|dealers?|suppliers?"
    r"|regulars?|people|folks|someone|somebody|they|orders?|stock|machines?|trucks?|accounts?"
    r"|buys?|bought|orders|ordered|reads?|visits?|visited|leaves?|left|quits?|cancels?|came|comes"
    r"|pays?|paid|owes?|donates?|donated|clicks?|clicked|opens?|opened|churns?|signed|did)\b"
    r"|\b(?:know|see|tell|spot|predict|find out) who(?:'s| is| are|'ll| will| might| may)? ?"
    r"(?:(?:about|going|likely|ready|due|set) to|gonna|at risk|might|may|will)\b"
)
"""What somebody wants to know about their own customers is what they want us for."""
_OWN_PEOPLE = re.compile(
    r"\b(?:our|my|the|so (?:that )?(?:our|my|the)) (?:\w+ ){1,3}?"
    r"(?:(?:can|could|will|would|should|want to|need to|have to) )?"
    r"(?:see|know|spot|tell|learn|notice|find out) (?:who|what|which|when|where|how|why)\b"
)
"""So is what their people should see: "so our reps see who's active"."""
_HOW_TO = re.compile(
    rf"{LEAD}"
    r"(?:how|where) (?:do|does|can|could|would|will)\b"
)
"""Asks how it works with us: "how do my people see where the truck is"."""
_OF_US = re.compile(r"\b(?:you|your|you're|costs?|price)\b")


def announces(clause: str) -> bool:
    """Whether a clause only announces a question."""
    return _ANNOUNCES.fullmatch(clause) is not None


_ANNOUNCES = re.compile(
    r"[^?]{0,120}?\b(?:we|i)(?:'d| would)?(?: (?:also|just|really|only|first))?"
    r" (?:need|want|like|have|love)(?:ed)? to (?:know|ask|understand|find out|learn|clarify)"
    r"(?: (?:the following|a few things|these|this)(?: things| questions)?)?\W*|"
    r"please (?:complete|answer|address|respond to|fill (?:in|out)|provide|confirm)"
    r" (?:the (?:following|below)|these)(?: (?:questions?|items?|points?|information|details))?"
    r"(?: (?:by|before|no later than) [\w/., ]{1,24})?\W*"
    r"|(?:[^?]{2,80}, (?:please )?)?(?:\w+,? ){0,3}?"
    r"(?:can|could|would|will) (?:you|somebody|someone|anyone)(?: please)? (?:"
    r"(?:tell|explain|answer|share|advise|confirm)(?: (?:to )?(?:me|us))?"
    r"(?: (?:the following|a few things|these|some)(?: questions)?)?"
    r"|(?:help|assist)(?: (?:me|us|him|her|them))?(?: out)?(?: with (?:this|that|the below"
    r"|something|(?:a few|some|these|the following|her|his|my|our|their) (?:things|questions"
    r"|points|items)"
    r"|the following|what (?:he|she|they|i|we)(?:'s| is|'re| are|'m| am)? (?:asking|asks?|wants?"
    r"|needs?|after|looking for)))?)(?: (?:below|here|in the (?:mail|message|thread)))?\W*"
)
"""Only leads up to a question: "could you please tell us", "can you help with the below"."""
