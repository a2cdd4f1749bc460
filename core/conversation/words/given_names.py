"""Common given names that are no everyday English word."""

from importlib.resources import files

from knowledge.yaml_text import plain

_FILE = files("core.conversation.words") / "given_names.yaml"

GIVEN_NAMES = frozenset(plain(_FILE.read_text(encoding="utf-8"))["names"].split())
"""In lower case."""
