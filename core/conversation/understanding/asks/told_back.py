"""Whether somebody asks what they told us: "do you remember what industry we're in"."""

import re

from core.commands import AskTold
from core.conversation.words.utterance import Utterance
from core.talk import Span

_ARE = r"(?:'m|'re| am| are|'ve| have)"
_THINGS = (
    rf"(?:(?:what|which) (?:kind of )?(?:industry|sector|trade|field|line of (?:work|business))"
    rf" (?:i|we){_ARE} in|(?:what|which) (?:data ?)?(?:warehouse|database) (?:i|we)(?:{_ARE} on"
    rf"| use|{_ARE} using)|how (?:big|large|many (?:people|employees|of us)) (?:i|we|there){_ARE}?"
    rf"|where (?:i|we){_ARE}(?: based| from| located)?|who i am|what (?:i|we) do"
    r"|(?:my|our) (?:name|company|industry|sector|role|title|warehouse|size|headcount|budget"
    r"|timeline|deadline|location|use case))"
)
"""What they may have told about themselves."""
_SAID = r"(?:i|we)(?:'ve| have)? (?:just |already )?(?:told|said|mentioned|gave)\b[^.?!,]*"
ASKS_TOLD = (
    r"(?:do|did|can|could) you (?:still |even |actually |happen to )?(?:remember|recall|know)"
    rf" (?:{_THINGS}(?: again| still| at the moment)?$|(?:what|which|how|where)(?: [a-z]+)"
    rf"{{0,3}}? {_SAID})"
    r"|(?:what|which|how|where)(?: [a-z]+){0,3} (?:did|have) (?:i|we) (?:just |already )?"
    r"(?:tell|told|say|said|mention|mentioned)(?! about (?:your|you)\b)[^.?!,]*"
    r"|i(?:'ve| have)?(?: already| just)? told you(?: already| before)?"
    r" (?:what|which|how|where) [^.?!,]*"
    r"|(?:what|which) (?:industry|sector|trade|field) (?:are we|am i) in$"
    r"|how (?:big|large|many (?:people|employees|of us)) (?:are we|do we have)$"
    r"|(?:what|which) (?:data ?)?(?:warehouse|database) (?:are we on|do we (?:use|have))$"
    r"|what(?:'s| is) (?:my|our)(?: company)? (?:name|size|headcount|industry|sector|job|title)$"
    r"|what (?:do|did|have) you (?:already )?(?:know|remember|noted?|written down|recall)"
    r" (?:so far )?(?:about|of|on|from) (?:me|us|my company|our company)\b[^.?!,]*"
)
"""Only about themselves: questions about us or their data go to knowledge."""
_ABOUT = (
    ("industry", r"industry|sector|trade|field|line of (?:work|business)|what we do"),
    ("employees", r"how (?:big|large|many)|size|headcount|employees|people"),
    ("tech_stack", r"warehouse|database|stack|tools?"),
    ("name", r"name|who i am"),
    ("role", r"role|title|job|position"),
    ("location", r"where|location|city|country|place"),
    ("timeline", r"when|timeline|deadline|date"),
    ("budget", r"budget|spend"),
    ("use_case", r"use case|project|looking for|trying to"),
    ("company", r"company"),
)


def asks_told(span: Span, _: Utterance) -> AskTold:
    """Which fact they ask about, if their words say so."""
    said = span.quote.lower()
    about = (name for name, words in _ABOUT if re.search(rf"\b(?:{words})\b", said))
    return AskTold(span, "" if re.search(r"\babout (?:me|us)\b", said) else next(about, ""))
