"""The rules of style, held against the whole project."""

import pytest

from tests.tidy.rules import EVERYWHERE, IN_SRC, IN_TESTS, Rule
from tests.tidy.tree import sources


@pytest.mark.parametrize("rule", [*EVERYWHERE, *IN_SRC], ids=lambda rule: rule.__name__)
def test_sources_keep_the_rule(rule: Rule) -> None:
    """A rule that only people remember is forgotten; one that fails the build is kept."""
    findings = [str(finding) for source in sources("src") for finding in rule(source)]
    assert not findings, f"{rule.__doc__}\n" + "\n".join(findings)


@pytest.mark.parametrize("rule", [*EVERYWHERE, *IN_TESTS], ids=lambda rule: rule.__name__)
def test_tests_keep_the_rule(rule: Rule) -> None:
    """Tests are read as often as the code they hold, and a switched-off test holds nothing."""
    findings = [str(finding) for source in sources("tests") for finding in rule(source)]
    assert not findings, f"{rule.__doc__}\n" + "\n".join(findings)
