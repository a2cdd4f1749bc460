"""The arrow voice_agent → core → knowledge, siblings apart, no cycles, no giants."""

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = ("knowledge", "core", "voice_agent")
LONGEST = 400
FOUNDATIONS = {"voice_agent.audio"}
WIRING = {"voice_agent.api", "voice_agent.call", "voice_agent.commands", "voice_agent.emulator",
          "voice_agent.server"}  # fmt: skip
"""Folders whose work is to combine siblings: one call is made of hearing, turn, voice and wire."""


@dataclass(frozen=True)
class Module:
    """What the rules ask of a module of ours, read once for all of them."""

    path: Path
    lines: int
    docstring: str | None
    statements: int
    names: frozenset[str]
    """Modules of ours that it names, wherever the import stands; for types alone as well."""


@cache
def modules() -> dict[str, Module]:
    paths = {}
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {name: _read(path, paths) for name, path in sorted(paths.items())}


def _read(path: Path, known: Collection[str]) -> Module:
    text = path.read_text()
    tree = ast.parse(text)
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.add(whole if whole in known else node.module)
    ours = frozenset(name for name in names if name.split(".")[0] in LAYERS)
    return Module(path, len(text.splitlines()), ast.get_docstring(tree), len(tree.body), ours)


def layer_of(name: str) -> int:
    return LAYERS.index(name.split(".")[0])


def folder(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:2]) if (ROOT / "/".join(parts[:2])).is_dir() else parts[0]


def test_calls_go_down_and_never_up():
    up = {
        name: others
        for name, module in modules().items()
        if (others := {o for o in module.names if layer_of(o) > layer_of(name)})
    }
    assert not up, "these import upward"


def test_sibling_folders_of_the_server_do_not_import_each_other():
    found = {}
    for name, module in modules().items():
        own = folder(name)
        if not name.startswith("voice_agent.") or own in WIRING or own == "voice_agent":
            continue
        others = {
            o for o in module.names
            if o.startswith("voice_agent.") and folder(o) not in {own, "voice_agent", *FOUNDATIONS}
        }  # fmt: skip
        if siblings := {o for o in others if not o.endswith((".ports", ".events"))}:
            found[name] = siblings
    assert not found, "these import their siblings"


def test_policy_leaves_the_reading_of_words_to_understanding():
    reading = {
        module.path.stem for name, module in modules().items()
        if name.startswith("core.policy.") and "import re\n" in module.path.read_text()
    }  # fmt: skip
    assert reading <= {"wish"}, "only a wish is taken apart there, to be said back in their words"


def test_no_module_is_part_of_an_import_cycle():
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"cycle: {' → '.join((*path[path.index(name) :], name))}"
        if name in done:
            return
        for other in modules()[name].names & modules().keys():
            visit(other, (*path, name))
        done.add(name)

    for name in modules():
        visit(name, ())


def test_modules_stay_short():
    long = {name: module.lines for name, module in modules().items() if module.lines > LONGEST}
    assert not long, "split these"


def test_a_folder_tells_its_entry_module_in_one_line_and_exports_nothing():
    entries = {n: m for n, m in modules().items() if m.path.name == "__init__.py"}
    assert not [n for n, m in entries.items() if not m.docstring], "these have no docstring"
    busy = [name for name, module in entries.items() if module.statements != 1]
    assert not busy, "the __init__.py of these does more than say what is inside"
    for module in entries.values():
        for named in re.findall(r"`(\w+)(?:\.py)?`", module.docstring or ""):
            places = (module.path.parent, module.path.parents[1])
            found = any((place / f"{named}.py").exists() for place in places)
            assert found, f"{module.path}: there is no {named}"


def test_every_migration_follows_the_one_before_it():
    folder = ROOT / "core" / "store" / "migrations" / "versions"
    found = {}
    for path in sorted(folder.glob("v*.py")):
        tree = ast.parse(path.read_text())
        named = {t.id: ast.literal_eval(line.value) for line in tree.body
                 if isinstance(line, ast.Assign) for t in line.targets
                 if isinstance(t, ast.Name) and t.id.endswith("revision")}  # fmt: skip
        found[path.stem] = (named["revision"], named["down_revision"])
    chain = list(found.values())
    assert [down for _, down in chain] == [None, *(revision for revision, _ in chain[:-1])]
    assert all(name.startswith(f"v{revision[:4]}") for name, (revision, _) in found.items())
