"""Settings are read once, and what cannot be meant is said before anything starts."""

from pathlib import Path

import pytest

from taktvoll.base.errors import Refused
from taktvoll.build import settings_from


@pytest.mark.parametrize("name", ["TAKTVOLL_PORT", "TAKTVOLL_POOL_SIZE"])
@pytest.mark.parametrize("given", ["abc", "-1", "8 400", "٣"])
def test_a_number_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, given: str
) -> None:
    """A mistyped setting reads as a sentence that names it, not as a failure of ours."""
    monkeypatch.setenv(name, given)
    with pytest.raises(Refused, match=name):
        settings_from(tmp_path)


def test_the_command_line_outranks_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever names a port means it."""
    monkeypatch.setenv("TAKTVOLL_PORT", "abc")
    assert settings_from(tmp_path, port=9000).port == 9000
    monkeypatch.setenv("TAKTVOLL_PORT", "")
    assert settings_from(tmp_path).port == 8400
