"""Frames by which callers say what they want, and who they are: `requests.yaml`, `callers.yaml`."""

import re
from importlib.resources import files

from knowledge.yaml_text import plain

MOST_REPEATED = 6
"""Times that what a frame lets be said again may be. Without an end to it a turn that says nothing
else would be read to its end from each of its words."""

Frames = dict[str, tuple[re.Pattern[str], ...]]


def _read(name: str) -> Frames:
    """The frames of a file by meaning, compiled. A class may be used in another, two deep."""
    text = (files("core.conversation.words") / f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, str] = plain(text)
    classes = dict(line.split(" = ", 1) for line in data.pop("macros").splitlines())
    return {
        meaning: tuple(_compiled(line, classes) for line in lines.splitlines())
        for meaning, lines in data.items()
    }


def _compiled(frame: str, classes: dict[str, str]) -> re.Pattern[str]:
    for _ in range(3):
        for name, words in classes.items():
            frame = frame.replace("{" + name + "}", f"(?:{words})")
    frame = frame.replace(r"(?:\w+ )", r"(?:[\w']+ )")
    frame = frame.replace(")*", f"){{0,{MOST_REPEATED}}}")
    frame = re.sub(r" ~(\d) ", r"(?: [\\w']+){0,\1} ", frame)
    frame = re.sub(r" ~(\d)", r"(?: [\\w']+){0,\1}", frame)
    return re.compile(rf"(?<!\S)(?:{frame})(?!\S)")


REQUESTS = _read("requests")
CALLERS = _read("callers")
