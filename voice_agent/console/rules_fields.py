"""Form fields derived from the models of `company.yaml`, with their values."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic.fields import FieldInfo

from knowledge.checks.routing import VERDICTS
from knowledge.keys import named, section_at
from knowledge.positions import Path, dotted
from knowledge.profile import Company
from knowledge.rules.sections import ROUTED

Kind = Literal["text", "number", "flag", "maybe", "choice", "lines", "several"]
_LABELS = {
    "id": "Id", "employees_at_least": "Smallest company", "employees_at_most": "Largest company",
    "qualify_at": "Qualify at", "judge_at": "Judge at", "value": "Worth of a deal",
    "any_of": "Met by any of", "none_of": "Never met by", "ask": "How it is asked",
    "why": "Why we ask", "say": "What the agent says", "exit": "What the agent says",
    "at_least": "At least", "at_most": "At most", "within_days": "Within days",
    "after_days": "Not within days",
    "target_account": "Target accounts", "customer": "Existing customers",
    "accounts": "Their accounts",
    "verdicts": "Results", "reps": "Who takes it", "action": "Next step",
}  # fmt: skip
_BY_KIND = {
    "number": ("at_least", "at_most", "counts"), "choice": ("any_of", "none_of", "tool_kinds"),
    "date": ("after_days", "within_days"), "yes_no": ("any_of",),
}  # fmt: skip
"""Keys that only matter for criteria of one kind."""
_LONG = ("exit", "say", "why")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` is its name in the form, and the place of its value in the file."""

    path: str
    label: str
    kind: Kind
    hint: str
    value: str = ""
    chosen: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    """Value and label of each choice."""
    problems: tuple[str, ...] = ()
    long: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What references in the rules may name."""

    segments: tuple[tuple[str, str], ...]
    reps: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Names":
        """The names in a profile given as plain data, faulty or not."""
        kinds = [str(line.get("kind")) for line in _maps(data.get("compatibility"))]
        return cls(
            tuple(_named(data.get("segments"), "label")), tuple(_named(data.get("team"), "name")),
            tuple((kind, kind) for kind in dict.fromkeys(kinds)),
        )  # fmt: skip


def fields_at(
    path: Path, item: Mapping[str, Any], names: Names, problems: Mapping[str, Sequence[str]]
) -> list[Field]:
    """The fields of one segment, criterion, rule or person."""
    model = section_at(Company, path)
    made = []
    for name, info in model.model_fields.items() if model is not None else ():
        if name not in editable(path, item):
            continue
        options = _options(path, name, info, names)
        kind, value = kind_of(info, bool(options)), item.get(name)
        where = dotted((*path, name))
        made.append(Field(
            where, _LABELS.get(name, name.replace("_", " ").capitalize()), kind,
            " ".join((info.description or "").replace("`", "").split()), _written(value, kind),
            _each(value), _with_unknown(options, value), tuple(problems.get(where, ())),
            name in _LONG, info.is_required(),
        ))  # fmt: skip
    return made


def editable(path: Path, item: Mapping[str, Any]) -> Collection[str]:
    """The keys of an item that have a field: of people only what routing needs."""
    model = section_at(Company, path)
    if model is None:
        return ()
    if path[0] == "team":
        return ROUTED
    found = [name for name in model.model_fields if name not in ("criteria", "local")]
    if path[-2] == "criteria":
        others = {k for ks in _BY_KIND.values() for k in ks}
        own = _BY_KIND.get(str(item.get("kind")), ())
        found = [n for n in found if n not in others or n in own or item.get(n)]
    return found


def kind_of(info: FieldInfo, from_few: bool = False) -> Kind:
    """The kind of input for a key. `from_few`: a choice from a short, known list."""
    told = named(info.annotation)
    if told.startswith("list of"):
        return "several" if from_few else "lines"
    if told == "yes or no":
        return "flag" if info.default is not None else "maybe"
    if " \\| " in told or from_few:
        return "choice"
    return "number" if "number" in told else "text"


def few(path: Path, name: str) -> bool:
    """Whether a key takes names from a short, known list."""
    return name in ("segments", "verdicts", "reps", "tool_kinds", "owner") and path[0] in (
        "segments", "routing", "team", "escalations",
    )  # fmt: skip


def _options(path: Path, name: str, info: FieldInfo, names: Names) -> tuple[tuple[str, str], ...]:
    told = named(info.annotation)
    if not few(path, name):
        return (
            tuple((v, v.replace("_", " ")) for v in told.split(" \\| ")) if " \\| " in told else ()
        )
    return {
        "segments": names.segments, "reps": names.reps, "owner": names.reps,
        "tool_kinds": names.kinds, "verdicts": tuple((v, v.replace("_", " ")) for v in VERDICTS),
    }[name]  # fmt: skip


def _with_unknown(options: tuple[tuple[str, str], ...], value: Any) -> tuple[tuple[str, str], ...]:
    """The choices, with a present value that is none of them, so that saving does not drop it."""
    known = {option for option, _ in options}
    more = [v for v in _each(value) if v not in known] if options else []
    return (*options, *((v, f"{v} (unknown)") for v in more))


def _written(value: Any, kind: Kind) -> str:
    """A value as its field shows it."""
    if value is None:
        return ""
    if kind == "lines":
        return "\n".join(_each(value))
    if kind in ("flag", "maybe") or isinstance(value, bool):
        return "yes" if value is True else "no" if value is False else str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _each(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(v) for v in value)
    return () if value is None or isinstance(value, dict) else (str(value),)


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    yield from (v for v in value if isinstance(v, dict)) if isinstance(value, list) else ()


def _named(value: Any, label: str) -> Iterator[tuple[str, str]]:
    for one in _maps(value):
        yield str(one.get("id", "")), str(one.get(label) or one.get("id", ""))
