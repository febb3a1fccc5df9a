"""The house as a whole: how its folders are named, where SQL files lie, and that no file imports in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.tidy.tree import Source, parse, paths, sources

NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "services", "misc"}


def test_no_folder_or_module_is_named_for_nothing() -> None:
    """A room named utils or services has no reason to refuse anything, so everything ends there."""
    found = [
        str(path)
        for path in paths()
        if path.parts[0] in {"src", "tests", "bench", "examples"}
        if NAMES_THAT_SAY_NOTHING & {*path.parent.parts, path.stem}
    ]
    assert not found


def test_sql_files_lie_in_the_store_alone() -> None:
    """Whoever changes the schema finds every statement in one room."""
    outside = [
        path
        for path in paths()
        if path.suffix == ".sql" and path.parts[0] == "src" and path.parts[2:4] != ("adapters", "postgres")
    ]
    assert not outside


def test_no_file_imports_in_a_circle() -> None:
    """Files that need each other are one file in two pieces, and the order of their import decides what works."""
    TopologicalSorter(_imports(sources("src"))).prepare()


def test_circle_is_found() -> None:
    """The test above would also pass if it saw no imports at all."""
    circle = (parse("src/a/b.py", "from a import c"), parse("src/a/c.py", "import a.b"))
    with pytest.raises(CycleError):
        TopologicalSorter(_imports(circle)).prepare()


def _imports(files: tuple[Source, ...]) -> dict[str, set[str]]:
    """Draw which module names which, packages by their own name."""
    modules = {_module(source.path): source for source in files}
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        named: set[str] = set()
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                deeper = {f"{node.module}.{alias.name}" for alias in node.names} & modules.keys()
                named |= deeper or {node.module}
        graph[module] = (named & modules.keys()) - {module}
    return graph


def _module(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
