"""How buyers came to us, which says nothing of what they want. Pure."""

import re

_CAME_BY = re.compile(
    r"\b(?:(?:i|we)(?:'ve| have)?(?: just)? )?(?:saw|seen|found|came across|(?:stumbled|happened)"
    r" (?:up)?on|heard(?: about| of| from)?|got|read(?: about)?|clicked(?: on)?|came from)"
    r" (?:(?:your|an|the|one of your) (?:\w+ )?(?:ads?|adverts?|posts?|articles?|booth|webinar|talk"
    r"|newsletter|podcast|website|page|link|flyer|mailer)|you(?: guys)?|about you)\b"
    r"(?: (?:on|in|at|via|through|from) (?:the |a |an |my )?\w+(?: (?:summit|conference|event))?)?"
    r"(?:[ ,]+(?:and|so|but))?[ ,]*",
    re.IGNORECASE,
)


def came_by(text: str) -> list[tuple[int, int]]:
    """Where a turn says it: "I saw your ad on LinkedIn, …"."""
    return [m.span() for m in _CAME_BY.finditer(text)]


def without_came_by(text: str) -> str:
    """The rest of a turn."""
    return _CAME_BY.sub("", text)
