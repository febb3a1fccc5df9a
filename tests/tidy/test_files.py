"""What every file keeps to: it names no registry and no machine's own paths; each dependency says why it is there."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement

from tests.tidy.tree import ROOT, texts

# Put together here, so that this file does not contain what it looks for.
REGISTRIES = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare"),
        ("crates", "io"),
        ("proxy", "golang"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("deb", "debian"),
        ("archive", "ubuntu"),
    )
]
_REGISTRY = re.compile(
    r"(?<![\w-])(?:" + "|".join(re.escape(host) for host in REGISTRIES) + r")\b", re.IGNORECASE
)
_MACHINE = re.compile(r"(?<![\w./~}:-])/(?:work|opt|root)/[\w.]")


def test_no_file_names_a_registry_or_a_machine() -> None:
    """A project installs anywhere only if it names neither one network's hosts nor one machine's folders."""
    found = [
        f"{path}:{number}: {match.group()}"
        for path, text in texts()
        for pattern in (_REGISTRY, _MACHINE)
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert not found, "\n".join(found)


def test_registries_and_machines_are_found() -> None:
    """The test above would also pass if its patterns matched nothing."""
    for host in REGISTRIES:
        assert _REGISTRY.search(f"see https://files.{host}/simple")
    for folder in ("work", "opt", "root"):
        assert _MACHINE.search(f"path = '/{folder}/main'")
        assert not _MACHINE.search(f"src/taktvoll/entry/{folder}/loop.py")


def test_each_dependency_says_who_uses_it_and_why() -> None:
    """A dependency is a promise to follow someone else's releases; the next reader must see what it is worth."""
    missing = [name for name, comment in _declared() if not re.match(r"# [\w/ -]+: \S+", comment)]
    assert not missing


@pytest.mark.parametrize("group", ["base", "test", "check"])
def test_pins_hold_what_the_project_asks_for(group: str) -> None:
    """Whoever adds a dependency and forgets `make requirements` gets a clone that does not start."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    asked += {"base": [], "test": extras["test"], "check": [*extras["test"], *extras["check"]]}[group]
    pins = _pins(group)
    for requirement in map(Requirement, asked):
        versions = pins.get(_normal(requirement.name), [])
        assert versions, f"{requirement.name} is not pinned in requirements/{group}.txt: make requirements"
        assert all(version in requirement.specifier for version in versions), requirement


def test_groups_pin_the_same_versions() -> None:
    """Tests prove something about the installed program only if they run on the same versions."""
    base, test, check = (_pins(group) for group in ("base", "test", "check"))
    assert {name: test.get(name) for name in base} == base
    assert {name: check.get(name) for name in test} == test


def _declared() -> Iterator[tuple[str, str]]:
    """Give each dependency in pyproject.toml with the line above it."""
    above, inside = "", False
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if re.match(r"(dependencies|test|check|build) = \[$", line):
            inside = True
        elif line == "]":
            inside = False
        elif inside and line.lstrip().startswith('"'):
            yield line.strip(), above.strip()
        above = line


def _pins(group: str) -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for line in (ROOT / f"requirements/{group}.txt").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([\w.-]+)==([\w.+!-]+)", line):
            pins.setdefault(_normal(match[1]), []).append(match[2])
    return pins


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
