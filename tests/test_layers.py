"""The arrow voice_agent → core → knowledge, siblings apart, no cycles, no giants."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("knowledge", "core", "voice_agent")
LONGEST = 400
FOUNDATIONS = {"voice_agent.audio"}
WIRING = {"voice_agent.api", "voice_agent.call", "voice_agent.commands", "voice_agent.emulator"}
"""Folders whose work is to combine siblings: one call is made of hearing, turn, voice and wire."""


def modules() -> dict[str, Path]:
    found = {}
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return found


def imports(path: Path) -> set[str]:
    """Modules of ours that this one names, wherever the import stands; for types alone as well."""
    found: set[str] = set()
    known = modules()

    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else node.module)
    return {name for name in found if name.split(".")[0] in LAYERS}


GRAPH = {name: imports(path) for name, path in modules().items()}


def folder(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:2]) if (ROOT / "/".join(parts[:2])).is_dir() else parts[0]


@pytest.mark.parametrize("name", sorted(GRAPH))
def test_calls_go_down_and_never_up(name):
    own = LAYERS.index(name.split(".")[0])
    up = {other for other in GRAPH[name] if LAYERS.index(other.split(".")[0]) > own}
    assert not up, f"{name} imports upward: {up}"


@pytest.mark.parametrize("name", sorted(n for n in GRAPH if n.startswith("voice_agent.")))
def test_sibling_folders_of_the_server_do_not_import_each_other(name):
    own = folder(name)
    if own in WIRING or own == "voice_agent":
        return
    others = {
        o for o in GRAPH[name]
        if o.startswith("voice_agent.") and folder(o) not in {own, "voice_agent", *FOUNDATIONS}
    }  # fmt: skip
    ports = {o for o in others if o.endswith((".ports", ".events"))}
    assert not others - ports, f"{name} imports its siblings {others - ports}"


def test_no_module_is_part_of_an_import_cycle():
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"cycle: {' → '.join((*path[path.index(name) :], name))}"
        if name in done:
            return
        for other in GRAPH.get(name, ()):
            visit(other, (*path, name))
        done.add(name)

    for name in GRAPH:
        visit(name, ())


@pytest.mark.parametrize("name", sorted(GRAPH))
def test_modules_stay_short(name):
    lines = len(modules()[name].read_text().splitlines())
    assert lines <= LONGEST, f"{name} has {lines} lines: split it"


@pytest.mark.parametrize("name", sorted(n for n, p in modules().items() if p.name == "__init__.py"))
def test_a_folder_tells_its_entry_module_in_one_line_and_exports_nothing(name):
    tree = ast.parse(modules()[name].read_text())
    assert ast.get_docstring(tree), f"{name} has no docstring"
    assert len(tree.body) == 1, f"{name}/__init__.py does more than say what is inside"


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
