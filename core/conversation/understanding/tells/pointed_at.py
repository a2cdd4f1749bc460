"""Which of the options in our question an answer points at: "the second one". Pure."""

import re

_PLACES = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "latter": -1}
_POINTS = re.compile(
    r"(?:(?:um|uh|well|oh|yeah|yes|so|it's|that's|it would be|i'd say|i guess|probably|the)[ ,]+)*"
    rf"(?P<place>{'|'.join(_PLACES)})(?: (?:one|option|thing|of those|of them|you said))*"
    r"(?:[ ,]+(?:please|really|i guess|i think|i suppose|thanks|then))*[ .!]*"
)
_BETWEEN = re.compile(r",? or |, ")


def pointed_at(said: str, question: str) -> str | None:
    """The words of the chosen option of a question that names some: "storage, freight, or both?";
    `said` in lower case."""
    points = _POINTS.fullmatch(said.strip())
    asked = re.split(r"(?<=[.!?]) ", question.strip())[-1].rstrip("?")
    options = _BETWEEN.split(asked.rpartition(": ")[2])
    if points is None or " or " not in asked or len(options) < 2:
        return None
    place = _PLACES[points["place"]]
    return options[place] if -1 <= place < len(options) else None
