"""The file in which people write guidelines: TOML, one [[guideline]] each, in the order they are asked.

I decide the file's form and what an entry must have. The compiler calls me. I never read a condition.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    GUIDELINE_NAME_CHARS_MAX,
    GUIDELINE_TEXT_CHARS_MAX,
    GUIDELINES_FILE_BYTES_MAX,
)
from taktvoll.domain.conversation.guidelines import Action, Guideline
from taktvoll.domain.conversation.terms import HandoverReason, Urgency

_NEEDED = ("name", "when", "then", "why_de", "why_en", "owner")
_MORE: Mapping[Action, tuple[str, ...]] = {
    Action.HAND_OVER: ("reason", "urgency"),
    Action.COPILOT: ("urgency",),
    Action.ASK_BACK: ("text_de", "text_en"),
    Action.SAY: ("text_de", "text_en"),
}
_CHOICES: Mapping[str, type[StrEnum]] = {"then": Action, "reason": HandoverReason, "urgency": Urgency}
_HEAD = """\
# Guidelines: what a message leads to, asked from top to bottom; the first that applies decides.
# Emergencies, the wish for a person, withdrawals and demands about data come before them and cannot be switched off.
# Names for `when`, and what `then` can be: docs/reference.md. Check: taktvoll guideline check FILE; publish: … set.
"""


def read_file(text: str) -> tuple[tuple[Guideline, ...], tuple[Refused, ...]]:
    """Read the entries of a file; an entry that cannot be read stands among the problems, the others are read."""
    if len(text.encode("utf-8", "replace")) > GUIDELINES_FILE_BYTES_MAX:
        limit = f"> {GUIDELINES_FILE_BYTES_MAX} bytes"
        return (), (Refused("guideline.file", detail=limit),)
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return (), (Refused("guideline.file", detail=str(error)[:200]),)
    entries = parsed.get("guideline", [])
    strange = [name for name in parsed if name != "guideline"]
    if strange or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        return (), (
            Refused("guideline.file", detail=f"[[guideline]] ≠ {', '.join(strange)[:60] or 'guideline'}"),
        )
    guidelines, problems = list[Guideline](), list[Refused]()
    for place, entry in enumerate(entries, start=1):
        try:
            guidelines.append(
                _guideline(entry, str(entry.get("name") or f"#{place}")[:GUIDELINE_NAME_CHARS_MAX])
            )
        except Refused as refusal:
            problems.append(refusal)
    return tuple(guidelines), tuple(problems)


def check_fields(guideline: Guideline) -> None:
    """Hold a guideline to what its action needs, however it was made.

    Raises: Refused("guideline.missing"), Refused("guideline.long").
    """
    name = guideline.name[:GUIDELINE_NAME_CHARS_MAX]
    limits = {
        "name": (guideline.name, GUIDELINE_NAME_CHARS_MAX),
        "when": (guideline.when, None),
        "owner": (guideline.owner, GUIDELINE_NAME_CHARS_MAX),
        "why_de": (guideline.why[0], GUIDELINE_TEXT_CHARS_MAX),
        "why_en": (guideline.why[1], GUIDELINE_TEXT_CHARS_MAX),
    }
    if guideline.then in (Action.ASK_BACK, Action.SAY):
        said = guideline.text or ("", "")
        limits |= {
            "text_de": (said[0], GUIDELINE_TEXT_CHARS_MAX),
            "text_en": (said[1], GUIDELINE_TEXT_CHARS_MAX),
        }
    for field, (text, limit) in limits.items():
        if not text.strip():
            raise Refused("guideline.missing", name=name, field=field)
        if limit is not None and len(text) > limit:
            raise Refused("guideline.long", name=name, field=field, limit=limit)
    if guideline.then is Action.HAND_OVER and guideline.reason is None:
        raise Refused("guideline.missing", name=name, field="reason")


def _guideline(entry: Mapping[str, Any], name: str) -> Guideline:
    for field in _NEEDED:
        if field not in entry:
            raise Refused("guideline.missing", name=name, field=field)
    then = Action(_chosen(entry, name, "then"))
    for field, value in entry.items():
        if field not in (*_NEEDED, *_MORE.get(then, ())):
            raise Refused("guideline.field", name=name, field=str(field)[:40])
        if not isinstance(value, str):
            raise Refused("guideline.value", name=name, field=field, found=str(value)[:40], values='"…"')
    text = (
        (entry.get("text_de", ""), entry.get("text_en", ""))
        if "text_de" in entry or "text_en" in entry
        else None
    )
    made = Guideline(
        name=entry["name"],
        when=" ".join(entry["when"].split()),
        then=then,
        why=(entry["why_de"], entry["why_en"]),
        owner=entry["owner"],
        reason=HandoverReason(_chosen(entry, name, "reason")) if "reason" in entry else None,
        urgency=Urgency(_chosen(entry, name, "urgency")) if "urgency" in entry else None,
        text=text,
    )
    check_fields(made)
    return made


def _chosen(entry: Mapping[str, Any], name: str, field: str) -> str:
    values = [str(v) for v in _CHOICES[field]]
    if entry[field] not in values:
        raise Refused(
            "guideline.value", name=name, field=field, found=str(entry[field])[:40], values=", ".join(values)
        )
    return str(entry[field])


def write_file(guidelines: Sequence[Guideline]) -> str:
    """Write guidelines so that read_file gives the same ones back."""
    return _HEAD + "".join(f"\n[[guideline]]\n{_entry(g)}" for g in guidelines)


def _entry(g: Guideline) -> str:
    fields: dict[str, str | None] = {
        "name": g.name,
        "when": g.when,
        "then": g.then.value,
        "reason": g.reason.value if g.reason else None,
        "urgency": g.urgency.value if g.urgency else None,
        "text_de": g.text[0] if g.text else None,
        "text_en": g.text[1] if g.text else None,
        "why_de": g.why[0],
        "why_en": g.why[1],
        "owner": g.owner,
    }
    return "".join(f"{name} = {_quoted(text)}\n" for name, text in fields.items() if text is not None)


def _quoted(text: str) -> str:
    """A TOML string: literal where that reads better, else with escapes, which TOML shares with JSON."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
