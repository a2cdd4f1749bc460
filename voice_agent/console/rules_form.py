"""Turns a submitted rules form into data. Pure.

Fields are named by their key's path. Keys without a field stay as they are in the file.
"""

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo

from knowledge.keys import section_at
from knowledge.positions import Path, dotted
from knowledge.profile import Company
from knowledge.rules.sections import ROUTED
from voice_agent.console.amounts import number
from voice_agent.console.rules_fields import few, kind_of
from voice_agent.http import Refused

PAGES = {
    "criteria": ("segments", "disqualifiers", "target_accounts"),
    "routing": ("routing", "team", "escalations"),
}
"""The sections in each page's form."""
_PATH = re.compile(r"[a-z_]+(\.\d{1,4}(\.[a-z_]+)?){0,2}")


def filled(
    data: Mapping[str, Any], pairs: Iterable[tuple[str, str]], sections: Sequence[str]
) -> dict[str, Any]:
    """The sections with the form's values. Raises: Refused for an unknown field."""
    wanted = {name: copy.deepcopy(data[name]) for name in sections if data.get(name) is not None}
    given: dict[str, list[str]] = {}
    for name, typed in pairs:
        if name.partition(".")[0] in sections:
            given.setdefault(name, []).append(typed.replace("\r\n", "\n"))
    for name, values in given.items():
        path = path_of(name)
        if len(path) == 1:
            wanted[name] = lines_of("\n".join(values))
            continue
        item = _at(wanted, path[:-1])
        model = section_at(Company, path[:-1])
        key = str(path[-1])
        if model is None or not isinstance(item, dict) or key not in model.model_fields:
            raise Refused(422, "bad-field", f"there is no field {name}")
        if key == "criteria" or (path[0] == "team" and key not in ROUTED):
            raise Refused(422, "bad-field", f"{name} cannot be changed here")
        value = _read(model.model_fields[key], path, values)
        if isinstance(value, list) and few(path[:-1], key):
            value = _in_order(value, item.get(key))
        _put(item, key, value, model.model_fields)
    return wanted


def acted(wanted: dict[str, Any], act: str) -> str:
    """Add, remove or move an item; returns the path to show next. Raises: Refused."""
    what, _, name = act.partition(":")
    path = path_of(name)
    if what == "add":
        items = _at(wanted, path[:-1]) if len(path) > 1 else wanted
        if not isinstance(items, dict):
            raise Refused(422, "bad-act", f"there is no {name}")
        kind = str(path[-1])
        there = items.setdefault(kind, [])
        new = _new(kind, there)
        at = max(len(there) - 1, 0) if path == ("routing",) else len(there)
        there.insert(at, new)  # routing's last rule is the catch-all
        return f"{name}.{at}"
    items, n = _at(wanted, path[:-1]), path[-1] if path else None
    if not isinstance(items, list) or not isinstance(n, int) or n >= len(items):
        raise Refused(422, "bad-act", f"there is no {name}")
    to = {"remove": n, "up": n - 1, "down": n + 1}.get(what)
    if to is None:
        raise Refused(422, "bad-act", "that is nothing to be done here")
    item = items.pop(n)
    if what == "remove":
        return dotted(path[:-1])
    items.insert(min(max(to, 0), len(items)), item)
    return dotted((*path[:-1], min(max(to, 0), len(items) - 1)))


def path_of(name: str) -> Path:
    """A field's name as a path. Raises: Refused."""
    if not _PATH.fullmatch(name):
        raise Refused(422, "bad-field", f"there is no field {name[:80]}")
    return tuple(int(part) if part.isdecimal() else part for part in name.split("."))


def _at(data: Any, path: Path) -> Any:
    """The value at a path; None when there is none."""
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _read(info: FieldInfo, path: Path, values: Sequence[str]) -> Any:
    """A field's value in the form of the file; None to leave the default."""
    kind = kind_of(info, few(path[:-1], str(path[-1])))
    last = values[-1].strip()
    if kind in ("lines", "several"):
        found = lines_of("\n".join(values))
        return found if found or info.is_required() else None
    if kind in ("flag", "maybe"):
        return {"yes": True, "no": False}.get(last, last or None)
    if kind == "number" and last:
        return _number(last)
    return last or None


def lines_of(typed: str) -> list[str]:
    """What was written one below the other, each once."""
    stripped = (" ".join(line.split()) for line in typed.split("\n"))
    return [*dict.fromkeys(line for line in stripped if line)]


def _number(text: str) -> int | float | str:
    """A number; anything else stays as typed, and the check reports it at its line."""
    plain = re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", text)  # as the form itself writes them
    found = Decimal(text) if plain else number(text)
    if found is None:
        return text
    return int(found) if found.as_tuple().exponent == 0 else float(found)


def _in_order(chosen: list[str], before: Any) -> list[str]:
    """Choices in their order in the file, new ones at the end."""
    kept = [str(v) for v in before if str(v) in chosen] if isinstance(before, list) else []
    return [*kept, *(v for v in chosen if v not in kept)]


def _put(item: dict[str, Any], key: str, value: Any, fields: Mapping[str, FieldInfo]) -> None:
    """Set or drop a key; a new one is placed in the order of the reference."""
    if value is None:
        item.pop(key, None)
    elif key in item:
        item[key] = value
    elif value != fields[key].default:
        names = list(fields)
        before = {n for n in names[: names.index(key)]}
        there = list(item.items())
        at = max((n + 1 for n, (k, _) in enumerate(there) if k in before), default=0)
        item.clear()
        item.update([*there[:at], (key, value), *there[at:]])


def _new(what: str, there: Sequence[Any]) -> dict[str, Any]:
    """A new item; the check reports what it lacks."""
    taken = {one.get("id") or one.get("name") for one in there if isinstance(one, dict)}

    def free(name: str, join: str = "-") -> str:
        options = [name, *(f"{name}{join}{n}" for n in range(2, 1000))]
        return next(option for option in options if option not in taken)

    match what:
        case "segments":
            criterion = {"name": "use_case", "label": "Use case", "kind": "choice"}
            return {"id": free("new-segment"), "label": "New segment", "criteria": [criterion]}
        case "criteria":
            return {"name": free("new_criterion", "_"), "label": "New criterion", "kind": "choice"}
        case "disqualifiers":
            return {"id": free("new-disqualifier"), "label": "New disqualifier"}
        case "routing":
            return {"id": free("new-rule"), "reps": [], "action": "callback"}
        case "escalations":
            return {"id": free("new-escalation")}
    raise Refused(422, "bad-act", f"nothing can be added to {what}")
