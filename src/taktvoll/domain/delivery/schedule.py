"""When an undelivered message is tried again, and when it is given up.

I decide the waiting times. The flow deliver calls me with its clock. I never draw lots: the spread comes from the
message's own key, so that a repeat of the same calculation gives the same time.
"""

import hashlib
from datetime import datetime, timedelta

STEPS_S = (60, 300, 900, 3_600, 14_400)
"""Waiting after the first, second … attempt; the last is repeated."""

EXPIRES_AFTER = timedelta(days=5)
SPREAD_PERCENT = 20


def next_try(
    key: str, tries: int, first_tried_at: datetime, now: datetime, expires_after: timedelta = EXPIRES_AFTER
) -> datetime | None:
    """Say when to try again.

    Takes:  key: the row's idempotency key; tries: attempts so far, from 1.
    Gives:  a time 20 % around the step; the end of the term where that lies before it; None when the term is over.
    Source: RFC 5321, section 4.5.4.1: give up only after 4–5 days, wait longer as it ages.
    """
    end = first_tried_at + expires_after
    if now >= end:
        return None
    step_s = STEPS_S[min(tries, len(STEPS_S)) - 1]
    chance = int.from_bytes(hashlib.sha256(f"{key}:{tries}".encode()).digest()[:4], "big") / 2**32
    waiting_s = step_s * (1 + SPREAD_PERCENT / 100 * (2 * chance - 1))
    return min(now + timedelta(seconds=waiting_s), end)
