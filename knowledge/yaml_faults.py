"""Explains a YAML syntax error in terms the file's author understands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import yaml

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_VALUE = re.compile(r"^\s*(?:- )*[\w.-]+:\s+(?P<value>.*)$")
_TYPED = "“”„‘"
_SIGNS, _MEANT = "*&!%@`", ("cannot start any token", "alias", "anchor", "tag")
_FLAT = "Indent the lines of one section alike, with spaces."
_IN_QUOTES = "Put the text in double quotes."
_LOOK = "Check indentation and quotes on this line and the one above."


@dataclass(frozen=True, slots=True)
class Fault:
    """One syntax error; `line` is 0-based in the text."""

    line: int
    expected: str
    found: str
    remedy: str


def fault_in(text: str, error: Exception) -> Fault:
    """The cause of what PyYAML's pure Python parser reported on `text`."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _day(text) or Fault(0, "valid YAML", " ".join(str(error).split()), _LOOK)
    lines, at = text.split("\n"), error.problem_mark.line
    line = lines[at] if at < len(lines) else ""
    for known in (_blank, _quoted, _bracket, _plain, _key, _indented):
        if fault := known(text, line, error):
            return fault
    return Fault(at, "valid YAML", str(error.problem), _LOOK)


def _blank(text: str, line: str, error: yaml.MarkedYAMLError) -> Fault | None:
    at = _line(error)
    for sign, name in (("\t", "a tab"), ("\u00a0", "a no-break space")):
        lead = line[: len(line) - len(line.lstrip())]
        if sign in lead:
            return Fault(at, "spaces before the key", name, "Indent with plain spaces.")
    return None


def _quoted(text: str, line: str, error: yaml.MarkedYAMLError) -> Fault | None:
    """A quote that is unclosed, closed too early, or contains a path."""
    at, what = _line(error), str(error.problem)
    if "escape" in what:
        remedy = "Use single quotes around it, or write each backslash twice."
        return Fault(at, "text in quotes", "a single backslash in double quotes", remedy)
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        began = error.context_mark.line
        return Fault(began, "a closing quote", "none", "Close the quote on this line.")
    mark = error.problem_mark
    if mark is None or "<scalar>" not in what:
        return None
    before = _scalar_before(text, mark.index)
    if before is None or before.style not in ("'", '"'):
        return None
    if before.start_mark.line < before.end_mark.line:
        return Fault(before.start_mark.line, "a closing quote", "none",
                     "Close the quote on this line.")  # fmt: skip
    other = "double quotes" if before.style == "'" else "single quotes"
    remedy = f"Put the whole text in {other}, or write the quote inside it twice."
    if before.style == '"':
        remedy = 'Put the whole text in single quotes, or write \\" inside it.'
    return Fault(at, "nothing behind the closing quote", "more text", remedy)


def _bracket(text: str, line: str, error: yaml.MarkedYAMLError) -> Fault | None:
    if not str(error.context).startswith("while parsing a flow"):
        return None
    open_ones: list[yaml.Token] = []
    for token in _tokens(text):
        if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            open_ones.append(token)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            open_ones = open_ones[:-1]
    if not open_ones:
        return None
    sign = "]" if isinstance(open_ones[-1], yaml.FlowSequenceStartToken) else "}"
    remedy = f"Close what opens here with `{sign}`, with a comma between its parts."
    began = open_ones[-1].start_mark.line
    return Fault(began, f"a closing `{sign}`", f"none up to line {_line(error) + 1}", remedy)


def _plain(text: str, line: str, error: yaml.MarkedYAMLError) -> Fault | None:
    """Unquoted text that YAML does not read as plain text."""
    value = match["value"] if (match := _VALUE.match(line)) else ""
    if value[:1] in tuple(_SIGNS) and any(
        told in f"{error.context} {error.problem}" for told in _MEANT
    ):
        found = f"a text that begins with {value[:1]}, without quotes"
        return Fault(_line(error), "text in quotes", found, _IN_QUOTES)
    if not str(error.problem).startswith("mapping values") or ": " not in value:
        return None
    if value[:1] in _TYPED:
        remedy = 'Type plain quotes: " at both ends.'
        return Fault(_line(error), "plain quotes", f"the typographic {value[:1]}", remedy)
    return Fault(_line(error), "text in quotes", "a text with a colon in it, without quotes",
                 _IN_QUOTES)  # fmt: skip


def _key(text: str, line: str, error: yaml.MarkedYAMLError) -> Fault | None:
    if "could not find expected ':'" not in str(error.problem) or error.context_mark is None:
        return None
    began = error.context_mark.line
    found = repr(text.split("\n")[began].strip()[:40])
    return Fault(began, "a key, a colon and its value", found, "Write it as `key: value`.")


def _indented(text: str, line: str, error: yaml.MarkedYAMLError) -> Fault | None:
    what, at = str(error.problem), _line(error)
    if not what.startswith(("expected <block end>", "mapping values", "expected <document")):
        return None
    deep = len(line) - len(line.lstrip(" "))
    found = f"one of {deep}, which fits no line above"
    return Fault(at, "the indentation of the keys beside it", found, _FLAT)


def _day(text: str) -> Fault | None:
    """An impossible date, which YAML does not return as text."""
    for n, line in enumerate(text.split("\n")):
        for match in _DAY.finditer(line):
            try:
                date.fromisoformat(match[0])
            except ValueError:
                remedy = "Write it as year, month and day: 2026-01-31."
                return Fault(n, "a day of the calendar", match[0], remedy)
    return None


def _scalar_before(text: str, index: int) -> yaml.ScalarToken | None:
    last: yaml.ScalarToken | None = None
    for token in _tokens(text):
        if token.start_mark.index >= index:
            break
        if isinstance(token, yaml.ScalarToken):
            last = token
    return last


def _tokens(text: str) -> Iterator[yaml.Token]:
    scan: Callable[[str, type[yaml.SafeLoader]], Iterator[yaml.Token]] = yaml.scan
    try:
        yield from scan(text, yaml.SafeLoader)
    except yaml.YAMLError:
        return


def _line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line if error.problem_mark else 0
