"""How a tag is written: one word, the same in every language of the desk.

I decide what two people who type it differently both get. The flows that put tags on and take them off call me.
I never know which tags a workspace has.
"""

import re
import unicodedata

from taktvoll.base.errors import Refused

TAG_CHARS_MAX = 40
TAGS_MAX = 20
TAGS_KEPT_MAX = 1_000
_GAP = re.compile(r"[\s_-]+")


def tag_of(text: str) -> str:
    """Write a tag: lower case, hyphens for gaps, letters and digits of any script.

    Raises: Refused("tag.text").
    """
    words = unicodedata.normalize("NFC", text[: TAG_CHARS_MAX * 4]).strip().lstrip("#").lower()
    tag = _GAP.sub("-", words).strip("-")
    if not 0 < len(tag) <= TAG_CHARS_MAX or not all(c == "-" or c.isalnum() for c in tag):
        raise Refused("tag.text", limit=TAG_CHARS_MAX)
    return tag
