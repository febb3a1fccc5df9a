"""The desk's texts: each name once, each thing that can be shown has one."""

import ast
import re

from taktvoll.domain.people.access import Kind
from taktvoll.domain.people.keys import SCOPES
from taktvoll.domain.people.terms import Role
from taktvoll.entry.desk.texts import TEXTS
from tests.tidy.tree import ROOT

DESK = ROOT / "src/taktvoll/entry/desk"


def test_no_name_stands_twice() -> None:
    """Tables are laid over one another: of two texts by one name, a page would show the other one's."""
    laid = set(re.findall(r"\*\*([A-Z_]+),", (DESK / "texts.py").read_text(encoding="utf-8"))) | {"TEXTS"}
    names = [
        str(key.value)
        for path in DESK.glob("texts*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in laid
        if isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    ]
    assert set(names) == set(TEXTS)
    assert sorted(names) == sorted(TEXTS), "a name stands in two tables"


def test_no_two_pages_have_one_name() -> None:
    """An administrator saw “Team” twice side by side, and neither link said which was meant."""
    frame = (DESK / "templates/desk.html").read_text(encoding="utf-8")
    named = re.findall(r'\("\w+", t\.(\w+), "[\w.]+"\)', frame)
    assert len(named) >= 10
    for language in (0, 1):
        said = [TEXTS[name][language] for name in named]
        assert len(set(said)) == len(said)


def test_templates_ask_for_texts_and_not_for_a_dictionary() -> None:
    """`t.copy` would print what Python calls a method; such names are asked for in brackets."""
    for path in (DESK / "templates").glob("*.html"):
        asked = set(re.findall(r"\bt\.(\w+)", path.read_text(encoding="utf-8")))
        assert not asked & set(dir(dict)), path.name
        assert asked <= set(TEXTS), path.name


def test_everything_of_access_can_be_shown() -> None:
    """A new role, scope or line of the log without a text would break the page for whoever needs to see it."""
    needed = {f"role_{role.value}" for role in Role}
    needed |= {f"scope_{scope.value}" for scope in SCOPES}
    needed |= {f"staff_log_{kind.value}" for kind in Kind}
    assert needed <= set(TEXTS)
