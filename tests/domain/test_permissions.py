"""The matrix of permissions, cell by cell, and what keys may be given."""

from datetime import UTC, datetime, timedelta

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, WorkspaceId, uuid7
from taktvoll.domain.people.keys import SCOPES, ApiKey, demand_scope, parts_of, scopes_of
from taktvoll.domain.people.permissions import MATRIX, Permission, demand, may
from taktvoll.domain.people.terms import Role, Staff

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

SERVES = """
    conversation.read conversation.take conversation.reply conversation.transfer conversation.snooze
    conversation.close note.write tag.edit contact.read contact.edit contact.merge knowledge.read guideline.read
    autonomy.read answer.read answer.judge calendar.read session.own
"""
LEADS = """
    conversation.assign macro.edit knowledge.edit wording.read wording.decide guideline.edit autonomy.approve
    report.read calendar.edit mailbox.read
"""
EXPECTED = {
    Role.AGENT: SERVES,
    Role.LEAD: SERVES + LEADS,
    Role.EDITOR: """
        macro.edit knowledge.read knowledge.edit wording.read wording.decide guideline.read guideline.edit session.own
    """,
    Role.ADMIN: SERVES + LEADS + "mailbox.manage staff.read staff.manage key.read key.manage record.audit",
    Role.AUDITOR: """
        conversation.read contact.read knowledge.read wording.read guideline.read autonomy.read answer.read
        report.read calendar.read mailbox.read staff.read key.read record.audit session.own
    """,
}
CELLS = [(role, permission) for role in Role for permission in Permission]


def someone(role: Role) -> Staff:
    """A member of staff in a role."""
    return Staff(StaffId(uuid7(NOW)), WorkspaceId(uuid7(NOW)), "a@b.example", "Anna", role)


@pytest.mark.parametrize(("role", "permission"), CELLS, ids=[f"{r.value}-{p.value}" for r, p in CELLS])
def test_each_cell_of_the_matrix_is_as_meant(role: Role, permission: Permission) -> None:
    """A permission given or lost by a slip in the table is a door open or shut for a whole role (H5)."""
    expected = permission.value in EXPECTED[role].split()
    assert may(someone(role), permission) is expected
    if not expected:
        with pytest.raises(Refused) as caught:
            demand(someone(role), permission)
        assert caught.value.code == "permission.missing"


def test_every_permission_has_its_row() -> None:
    """A permission without a row would fail at the door, in front of somebody who should pass."""
    assert set(MATRIX) == set(Permission)
    assert {word for words in EXPECTED.values() for word in words.split()} == {p.value for p in Permission}


def test_auditors_change_nothing_but_their_own_sessions() -> None:
    """Whoever checks the others' work must not be able to touch what is checked."""
    held = {p.value for p, roles in MATRIX.items() if Role.AUDITOR in roles}
    assert {p for p in held if not p.endswith((".read", ".audit"))} == {"session.own"}
    assert held >= {p.value for p in Permission if p.value.endswith((".read", ".audit"))}


@pytest.mark.parametrize(
    "words", [[], [""], ["conversation.fly"], ["session.own"], ["staff.manage"], ["key.manage"]]
)
def test_a_key_is_given_only_what_programs_may_have(words: list[str]) -> None:
    """A program that can make keys or staff would outlive the revocation of its own key."""
    with pytest.raises(Refused) as caught:
        scopes_of(words)
    assert caught.value.code == "key.scopes"
    assert scopes_of(["conversation.read", " contact.read "]) == {
        Permission.CONVERSATION_READ, Permission.CONTACT_READ,
    }  # fmt: skip


def test_a_key_opens_what_its_scopes_say_until_it_ends() -> None:
    """A key for reading must not write, and a forgotten one must end by itself."""
    key = ApiKey(
        "tv_abcdefghij", WorkspaceId(uuid7(NOW)), "CRM", frozenset({Permission.CONTACT_READ}), NOW, "x",
        expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    for scope in SCOPES:
        if scope is Permission.CONTACT_READ:
            demand_scope(key, scope)
        else:
            with pytest.raises(Refused):
                demand_scope(key, scope)
    assert key.opens(NOW)
    assert key.opens(NOW + timedelta(days=1, microseconds=-1))
    assert not key.opens(NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["", "tv_", "tv_abcdefghij", "tv_abcdefghij_", "tv_ABCDEFGHIJ_" + "a" * 43, "xx_abcdefghij_" + "a" * 43,
             "tv_abcdefghij_" + "a" * 44, "tv_abcdefghij_" + "ä" * 43, "tv_abcdefghij_" + "a" * 42 + "\n"],
)  # fmt: skip
def test_what_cannot_be_a_key_is_not_looked_up(text: str) -> None:
    """Strangers send anything; the store is asked only about what we could have made."""
    assert parts_of(text) is None
    assert parts_of("tv_abcdefghij_" + "a-_" * 14 + "Z") == ("tv_abcdefghij", "a-_" * 14 + "Z")
