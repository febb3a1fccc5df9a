"""Tripwires for length: a long function or file asks for a look, and for a reason if it stays."""

import ast
import tomllib
from collections.abc import Iterator

from tests.tidy.tree import ROOT, Finding, Source, parse, sources, texts

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600


def test_functions_are_short_enough_to_see_whole() -> None:
    """Codebases that read well differ from others by their short tails."""
    findings = [str(f) for name, f in _long_functions().items() if name not in _excepted("function")]
    assert not findings, "\n".join(findings)


def test_files_are_short_enough_to_hold_in_the_head() -> None:
    """A file that only grows becomes the place where everything is put."""
    findings = [str(f) for name, f in _long_files().items() if name not in _excepted("file")]
    assert not findings, "\n".join(findings)


def test_exceptions_name_only_what_is_still_long() -> None:
    """A debt that was paid leaves the list, so that the list stays short and true."""
    assert not _excepted("function") - _long_functions().keys()
    assert not _excepted("file") - _long_files().keys()


def test_each_exception_gives_a_reason() -> None:
    """An exception without a reason is a rule given up in silence."""
    entries = [entry for kind in ("function", "file") for entry in _exceptions().get(kind, [])]
    assert [entry["name"] for entry in entries if len(entry.get("reason", "").split()) < 3] == []


def test_length_counts_code_and_not_its_description() -> None:
    """Whoever writes a full docstring must not be pushed to cut it."""
    described = "def a():\n" + '    """Say.\n' + "    more\n" * 80 + '    """\n' + "    return 1\n"
    assert _lines(parse("a.py", described).tree.body[0]) == 2
    assert _lines(parse("a.py", "def a():\n" + "    b()\n" * 80).tree.body[0]) == 81


def _long_functions() -> dict[str, Finding]:
    found = {}
    for source in (*sources("src"), *sources("tests"), *sources("bench")):
        for name, node in _functions(source.tree, ""):
            if _lines(node) > FUNCTION_LINES_MAX:
                found[f"{source.path}:{name}"] = _finding(source, name, node)
    return found


def _finding(source: Source, name: str, node: ast.stmt) -> Finding:
    return Finding(
        source.path, node.lineno, f"{name} has {_lines(node)} lines, tripwire {FUNCTION_LINES_MAX}"
    )


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.stmt]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not isinstance(child, ast.ClassDef):
                yield prefix + child.name, child
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def _lines(node: ast.stmt) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
        lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return lines


def _long_files() -> dict[str, Finding]:
    found = {}
    for path, text in texts():
        if path.suffix in {".py", ".sql", ".js", ".css", ".html"} and path.parts[0] in {
            "src",
            "tests",
            "bench",
        }:
            lines = text.count("\n")
            if lines > FILE_LINES_MAX:
                found[str(path)] = Finding(str(path), lines, f"{lines} lines, tripwire {FILE_LINES_MAX}")
    return found


def _excepted(kind: str) -> set[str]:
    return {entry["name"] for entry in _exceptions().get(kind, [])}


def _exceptions() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((ROOT / "tests/tidy/exceptions.toml").read_text(encoding="utf-8"))
