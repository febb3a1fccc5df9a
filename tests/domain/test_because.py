"""Every reason that a stage can give is told in words, on the command line and at the desk."""

import inspect
import re

import pytest

from taktvoll.domain.conversation import lights, stages, with_files
from taktvoll.domain.conversation.terms import Courtesy, Light
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.explain_decision import told_reasons

WRITTEN = re.compile(r'Decide\(\s*Decision\.\w+, "(\w+)"|(?:_to_person|_decline)\([^"\n]*, "(\w+)"\)')
HELD = frozenset(re.findall(r'_handed_over\(outcome, "(\w+)"', inspect.getsource(lights)))
_IN_FILES = re.findall(r'because="(\w+)"|Decision\.HANDOVER, "(\w+)"', inspect.getsource(with_files))
FILED = frozenset(one or other for one, other in _IN_FILES)
REASONS = frozenset(
    {one or other for one, other in WRITTEN.findall(inspect.getsource(stages))}
    | {"button", "said_yes", "confident", "chosen", "shadow", "thanks_by_mail"}
    | {f"courtesy_{kind}" for kind in Courtesy}
    | {f"light_{light}" for light in (Light.HUMAN, Light.COPILOT)}
    | HELD
    | FILED
)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_is_told(reason: str) -> None:
    """`audit explain` stopped at a message with several questions, because its reason had no words."""
    assert reason in told_reasons()
    assert f"because_{reason}" in texts("de")


def test_the_reasons_are_found_in_the_stages() -> None:
    """If stages.py or lights.py came to be written otherwise, the test above would check nothing."""
    assert {"several_questions", "unsure", "not_known", "emergency", "rights", "guideline"} <= REASONS
    assert {"light_mail", "shadow"} <= HELD
    assert {"file", "file_answered"} <= FILED
