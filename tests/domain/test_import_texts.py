"""Every problem with an entry of an imported file reads in German, too."""

import ast
from collections.abc import Iterator

from taktvoll.base.errors import TEXTS
from taktvoll.cli.import_texts import GERMAN, detail_of
from taktvoll.domain.knowledge.terms import Problem
from tests.tidy.tree import sources


def codes() -> Iterator[str]:
    """The codes that readers and the import give."""
    for source in sources("src"):
        if "/adapters/documents/" in source.path or source.path.endswith("flows/import_knowledge.py"):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Constant) and str(node.value).startswith("import."):
                    yield str(node.value)


def test_each_problem_reads_in_german() -> None:
    """An editor who reads German is told in German what to mend, and nothing is translated that nobody says."""
    found = set(codes())
    assert len(found) > 20, "the scan above sees nothing"
    assert found - TEXTS.keys() == GERMAN.keys()


def test_a_problem_names_its_file() -> None:
    """A folder without anything readable was named “{path}” in German."""
    problem = Problem("hilfe", "", "import.no_files", "nothing readable here")
    assert detail_of(problem, "de") == "Hier liegt nichts, was sich lesen lässt: hilfe."
    assert detail_of(problem, "en") == "nothing readable here"
    assert detail_of(Problem("a", "row 1", "import.cells", "x"), "de").startswith("Die Zeile hat mehr Zellen")
