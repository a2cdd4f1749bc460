"""Turns a buyer's question into our clarifying question: their "you" becomes our "we". Pure."""

import re

_TURNED = {
    "you": "we", "your": "our", "yours": "ours", "yourself": "ourselves", "yourselves": "ourselves",
    "i": "you", "me": "you", "my": "your", "mine": "yours", "we": "you", "us": "you", "our": "your",
    "ours": "yours", "am": "are", "i'm": "you're", "we're": "you're", "you're": "we're",
    "i've": "you've", "we've": "you've", "you've": "we've", "i'd": "you'd", "we'd": "you'd",
}  # fmt: skip
_OBJECT = re.compile(
    r"\b(to|from|with|of|for|by|about|at|than|on|through|like|against|call|reach|give|pay|tell|send"
    r"|\w+ing|email|contact|trust|choose|pick|use|leave|owe|show|help|join|sue) you\b"
)
"""A "you" as an object, which becomes "us"."""


def mirrored(question: str) -> str:
    """ "can we call you" as "can you call us", "do you support SSO" as "do we support SSO"."""
    plain = re.sub(r"\b([Yy]ou) (?:guys|folks|people)\b", r"\1", question.strip(" ?."))
    marked = _OBJECT.sub(r"\1 @us", plain)
    return " ".join(_turned(word) for word in marked.split())


def _turned(word: str) -> str:
    if word == "@us":
        return "us"
    bare = word.rstrip(",;:")
    return _TURNED.get(bare.lower(), bare) + word[len(bare) :]
