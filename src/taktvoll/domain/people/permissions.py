"""Who may do what: every permission by name, and one table that says which roles have it.

I decide what a role may do. Flows and doors ask me, keys take their scopes from me. I never look at whose
conversation it is: owners are the record's matter.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from taktvoll.base.errors import Refused
from taktvoll.domain.people.terms import Role, Staff


class Permission(StrEnum):
    """One thing that someone may do; "read" of a subject shows it and changes nothing."""

    CONVERSATION_READ = "conversation.read"
    CONVERSATION_TAKE = "conversation.take"
    CONVERSATION_REPLY = "conversation.reply"
    CONVERSATION_TRANSFER = "conversation.transfer"
    CONVERSATION_ASSIGN = "conversation.assign"
    CONVERSATION_SNOOZE = "conversation.snooze"
    CONVERSATION_CLOSE = "conversation.close"
    NOTE_WRITE = "note.write"
    TAG_EDIT = "tag.edit"
    CONTACT_READ = "contact.read"
    CONTACT_EDIT = "contact.edit"
    CONTACT_MERGE = "contact.merge"
    MACRO_EDIT = "macro.edit"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_EDIT = "knowledge.edit"
    WORDING_READ = "wording.read"
    WORDING_DECIDE = "wording.decide"
    GUIDELINE_READ = "guideline.read"
    GUIDELINE_EDIT = "guideline.edit"
    AUTONOMY_READ = "autonomy.read"
    AUTONOMY_APPROVE = "autonomy.approve"
    ANSWER_READ = "answer.read"
    ANSWER_JUDGE = "answer.judge"
    REPORT_READ = "report.read"
    CALENDAR_READ = "calendar.read"
    CALENDAR_EDIT = "calendar.edit"
    MAILBOX_READ = "mailbox.read"
    MAILBOX_MANAGE = "mailbox.manage"
    STAFF_READ = "staff.read"
    STAFF_MANAGE = "staff.manage"
    KEY_READ = "key.read"
    KEY_MANAGE = "key.manage"
    RECORD_AUDIT = "record.audit"
    SESSION_OWN = "session.own"


# fmt: off
_TABLE = {
    #                                  agent  lead  editor  admin  auditor
    Permission.CONVERSATION_READ:     "agent  lead  -       admin  auditor",
    Permission.CONVERSATION_TAKE:     "agent  lead  -       admin  -      ",
    Permission.CONVERSATION_REPLY:    "agent  lead  -       admin  -      ",
    Permission.CONVERSATION_TRANSFER: "agent  lead  -       admin  -      ",
    Permission.CONVERSATION_ASSIGN:   "-      lead  -       admin  -      ",
    Permission.CONVERSATION_SNOOZE:   "agent  lead  -       admin  -      ",
    Permission.CONVERSATION_CLOSE:    "agent  lead  -       admin  -      ",
    Permission.NOTE_WRITE:            "agent  lead  -       admin  -      ",
    Permission.TAG_EDIT:              "agent  lead  -       admin  -      ",
    Permission.CONTACT_READ:          "agent  lead  -       admin  auditor",
    Permission.CONTACT_EDIT:          "agent  lead  -       admin  -      ",
    Permission.CONTACT_MERGE:         "agent  lead  -       admin  -      ",
    Permission.MACRO_EDIT:            "-      lead  editor  admin  -      ",
    Permission.KNOWLEDGE_READ:        "agent  lead  editor  admin  auditor",
    Permission.KNOWLEDGE_EDIT:        "-      lead  editor  admin  -      ",
    Permission.WORDING_READ:          "-      lead  editor  admin  auditor",
    Permission.WORDING_DECIDE:        "-      lead  editor  admin  -      ",
    Permission.GUIDELINE_READ:        "agent  lead  editor  admin  auditor",
    Permission.GUIDELINE_EDIT:        "-      lead  editor  admin  -      ",
    Permission.AUTONOMY_READ:         "agent  lead  -       admin  auditor",
    Permission.AUTONOMY_APPROVE:      "-      lead  -       admin  -      ",
    Permission.ANSWER_READ:           "agent  lead  -       admin  auditor",
    Permission.ANSWER_JUDGE:          "agent  lead  -       admin  -      ",
    Permission.REPORT_READ:           "-      lead  -       admin  auditor",
    Permission.CALENDAR_READ:         "agent  lead  -       admin  auditor",
    Permission.CALENDAR_EDIT:         "-      lead  -       admin  -      ",
    Permission.MAILBOX_READ:          "-      lead  -       admin  auditor",
    Permission.MAILBOX_MANAGE:        "-      -     -       admin  -      ",
    Permission.STAFF_READ:            "-      -     -       admin  auditor",
    Permission.STAFF_MANAGE:          "-      -     -       admin  -      ",
    Permission.KEY_READ:              "-      -     -       admin  auditor",
    Permission.KEY_MANAGE:            "-      -     -       admin  -      ",
    Permission.RECORD_AUDIT:          "-      -     -       admin  auditor",
    Permission.SESSION_OWN:           "agent  lead  editor  admin  auditor",
}
# fmt: on

MATRIX: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {named: frozenset(Role(word) for word in row.split() if word != "-") for named, row in _TABLE.items()}
)
"""Permission → the roles that have it."""


def may(staff: Staff, permission: Permission) -> bool:
    """Whether someone may do something; an unknown permission is a mistake of ours and fails loudly."""
    return staff.role in MATRIX[permission]


def demand(staff: Staff, permission: Permission) -> None:
    """Let only those go on who may.

    Raises: Refused("permission.missing").
    """
    if not may(staff, permission):
        raise Refused("permission.missing")
