"""The one check that everything a customer will read must pass.

I decide pass, amend or hold. Every flow that speaks to a customer calls me. I never send and never ask the outside.
"""

from taktvoll.domain.conversation.terms import State
from taktvoll.domain.governance.rules import RULES
from taktvoll.domain.governance.terms import Amend, Draft, Hold, Pass, ReleaseFacts, Verdict


def release(draft: Draft, facts: ReleaseFacts) -> Verdict:
    """Review a draft by every rule in order; holds outrank amendments, and all reasons are named."""
    current = draft
    amended: list[str] = []
    held: list[str] = []
    for name, rule in RULES:
        verdict = rule(current, facts)
        if isinstance(verdict, Hold):
            held.extend(verdict.reasons)
        elif isinstance(verdict, Draft):
            current = verdict
            amended.append(name)
    if held:
        return Hold(tuple(held))
    return Amend(current, tuple(amended)) if amended else Pass(current)


def facts_of(state: State, evidence: tuple[str, ...], link_hosts: tuple[str, ...]) -> ReleaseFacts:
    """What release needs to know of a conversation's state."""
    return ReleaseFacts(
        owner=state.owner,
        owner_epoch=state.owner_epoch,
        last_customer_seq=state.last_customer_seq,
        closed=state.closed,
        notice_shown=state.notice_version,
        evidence=evidence,
        link_hosts=link_hosts,
    )
