"""How a full run is cut in two halves that run beside each other, and that no test fails for being slow.

I decide which half a test file belongs to. `make test` calls me; a run of your own takes no option and runs all.
I never part the tests of one file: they share what they started.
"""

import pytest
from hypothesis import HealthCheck, settings

# A busy machine stands still for a moment; speed is measured in bench/, never here.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the option."""
    parser.addoption(
        "--half", choices=["browser", "rest"], help="only the files that need a browser, or only the others"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other half."""
    half = config.getoption("--half")
    if half is None:
        return
    seen = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    wanted = [item for item in items if (item.path in seen) == (half == "browser")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
    items[:] = wanted
