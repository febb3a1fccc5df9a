"""A letter is heard piece by piece: whatever it is about, most of its sentences are calm.

I decide which pieces of a long message are weighed by themselves. The understanding calls me, and the training calls
the same function, so that what was trained is what runs. I never weigh anything.
"""

from itertools import pairwise

from taktvoll.domain.mail.closings import is_closing
from taktvoll.domain.mail.salutations import opened_by
from taktvoll.domain.mail.sentences import sentences_of

LETTER_FROM_CHARS = 320
"""A longer message is a letter, in whichever channel it came."""
PIECE_CHARS_MAX = 320
STRETCH_CHARS = 240
STRETCH_STEP = STRETCH_CHARS * 2 // 3
WORDS_MIN = 4
"""Fewer words say nothing by themselves: "Ihre", "Herr Berg!" are no anger."""
SENTENCES_MAX = 60


def pieces_of(text: str) -> list[str]:
    """Give what is weighed by itself: each sentence, and each with the one that follows it.

    Gives:  distinct pieces, single sentences first; no salutation, no sign-off, not two words alone. A sentence without
            an end, as people dictate, comes in stretches that overlap. A text of more sentences than can be weighed
            comes in such stretches as a whole, because what is most urgent often stands last.
    """
    single = [piece for one in _sentences(text) for piece in _stretches(one)]
    if len(single) > SENTENCES_MAX:
        return _stretches(text)
    pairs = [f"{a} {b}" for a, b in pairwise(single) if len(a) + len(b) < PIECE_CHARS_MAX]
    return list(dict.fromkeys((*single, *pairs)))


def _sentences(text: str) -> list[str]:
    """Give sentences of at least so many words; a shorter one stands before the next, the last one behind the last."""
    found, short = list[str](), ""
    for one in sentences_of(text):
        if is_closing(one):
            continue
        said = f"{short} {one[opened_by(one) :].strip()}".strip()
        if len(said.split()) >= WORDS_MIN or len(said) > PIECE_CHARS_MAX:
            found.append(said)
            said = ""
        short = said
    if short and found:
        found[-1] = f"{found[-1]} {short}"
    return found


def _stretches(text: str) -> list[str]:
    """Cut what is too long for one piece at any place: the features are stretches of characters and words."""
    if len(text) <= PIECE_CHARS_MAX:
        return [text]
    return [
        text[at : at + STRETCH_CHARS]
        for at in range(0, len(text) - STRETCH_CHARS + STRETCH_STEP, STRETCH_STEP)
    ]
