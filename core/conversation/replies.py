"""Yes, no, will not say, cannot say: how people answer a question they were asked."""

import re

DECLINES = re.compile(
    r"\b(?:i'd rather not|i would rather not|prefer not to|rather not (?:say|share)|(?:can't"
    r"|cannot) (?:say|share|tell(?! (?:which|what|how|if|whether|until|yet))|disclose"
    r"|give (?:you )?(?:that|out))"
    r"|not (?:going to|gonna) (?:say|tell|share)|none of your business|that's (?:private"
    r"|confidential)|don't want to (?:say|share"
    r"|answer|give|tell)|no comment|it's confidential|not comfortable|won't (?:say|tell)"
    r"|not (?:allowed|at liberty) to (?:say|share|tell)|skip that|pass on that|let's leave that)\b"
)
UNKNOWN = re.compile(
    r"\b(?:i (?:really |honestly |just )?(?:don't|do not) (?:really |honestly |actually )?(?:know"
    r"|have"
    r" (?:that|the) (?:number|figure)|remember)|no idea|not sure(?: yet)?(?=\s*(?:$|[.,!?]))|no"
    r" clue"
    r"|haven't (?:decided|thought)|i'm not sure|hard to say|beats me|couldn't say|i'd have to"
    r" (?:check"
    r"|look)|i couldn't tell you|we're not sure|can't remember|wouldn't know|i'm just (?:asking"
    r"|curious|looking|browsing))\b"
)
YES = re.compile(
    r"^(?:(?:uh|um|oh|well|so|and|okay|ok)[,\s]+)*(?:yes|yeah|yep|yup|sure|correct"
    r"|right(?! away| now)|exactly|absolutely|definitely|of course"
    r"|that's (?:right|correct|it|fine|good|great)|that (?:works|would be (?:great|good|fine|nice"
    r"|perfect))|(?:that |it )?sounds (?:good|fair|great"
    r"|fine|perfect)|please(?: do)?|go ahead|okay|ok|you got it|that is (?:right|correct)|perfect"
    r"|i (?:would|do|think so)|why not"
    r"|fine|great|good(?! enough| to know| morning| afternoon| evening)|cool|awesome|all ?right|i"
    r" see"
    r"|got it|makes sense|it is|we do|mm-?hm+"
    r"|uh-?huh|affirmative|this number is fine|works for me|lovely|wonderful|brilliant|alright"
    r"|by all means|gladly|i'd love (?:that|to))\b"
)
NO = re.compile(
    r"^(?:(?:uh|um|oh|well|so|and|okay|ok|actually|sorry|hmm)[,\s]+)*(?:no|nope|nah|not really"
    r"|not (?:right )?now|not yet|not at all"
    r"|i don't|i'd rather not|negative|wrong|that's (?:not right|wrong|incorrect|not it"
    r"|not correct)|we don't|incorrect|it isn't"
    r"|it's not|maybe later|not today)\b"
)


IS_ME = re.compile(
    r"^(?:(?:uh|um|oh|well|so|and|okay|ok|hi|hello)[,\s]+)*(?:yes|yeah|yep|yup|correct|right"
    r"|exactly|speaking|it is|(?:that's|that is|it's) (?:me|her|him|right|correct)"
    r"|this is (?:she|he|her|him|me)|i am|sure is|indeed|you are|mm-?hm+"
    r"|uh-?huh|affirmative|the same)\b"
)
_NOT_ME = re.compile(
    r"\b(?:wrong (?:person|number)|(?:some(?:body|one)|anyone) else|isn't (?:me|her|him)"
    r"|not (?:me|her|him|she|he)\b)"
)


def is_me(text: str) -> bool | None:
    """Whether somebody says that they are who we took them for; a mere "okay" says nothing."""
    if NO.search(text) or _NOT_ME.search(text):
        return False
    return True if IS_ME.search(text) else None


def told(text: str) -> bool:
    """Whether an answer in free words says something, rather than yes, no, "why" or nothing."""
    if yes_or_no(text) is not None or UNKNOWN.search(text) or DECLINES.search(text):
        return False
    return not re.match(r"(?:why|what|who|how|hello|hi|um|uh|thanks?|bye|good ?bye|hm+)\b", text)


def yes_or_no(text: str) -> bool | None:
    """Whether a turn opens with a yes or a no."""
    if NO.search(text):
        return False
    return True if YES.search(text) else None
