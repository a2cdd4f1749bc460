"""Questions callers put to themselves, to answer them at once: "how big are we? about ninety"."""

import re

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
    """The criterion a self-put question is about; None when it is for us to answer."""
    return next((name for pattern, name in _ABOUT if pattern.match(question)), None)
