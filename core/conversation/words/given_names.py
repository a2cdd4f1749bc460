"""Common given names."""

from importlib.resources import files

from knowledge.yaml_text import plain

_FILE = plain((files("core.conversation.words") / "given_names.yaml").read_text(encoding="utf-8"))

GIVEN_NAMES = frozenset(_FILE["names"].split())
"""Those that are no everyday English word, in lower case."""
WORDS_TOO = frozenset(_FILE["words"].split())
"""Those that are one as well: "sandy", "mark"."""
