"""Whom a note mentions, and how a tag is written."""

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, WorkspaceId, uuid7
from taktvoll.domain.conversation.tags import TAG_CHARS_MAX, tag_of
from taktvoll.domain.people.mentions import mentioned
from taktvoll.domain.people.terms import Role, Staff
from tests.domain.made import NOW


def someone(name: str) -> Staff:
    """A colleague of this name."""
    return Staff(StaffId(uuid7(NOW)), WorkspaceId(uuid7(NOW)), "x@y.example", name, Role.AGENT)


JANA, EMRE, ANNA, ANNALENA, ANNA_B = map(
    someone, ("Jana Brückner", "Emre Aydın", "Anna", "Annalena Groß", "Anna Berg")
)
EVERYONE = (JANA, EMRE, ANNA, ANNALENA, ANNA_B)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Jana Brückner bitte prüfen", (JANA,)),
        ("@jana brückner, @EMRE!", (JANA, EMRE)),
        ("@Jana kann das", (JANA,)),
        ("(@Emre)", (EMRE,)),
        ("@Anna Berg weiß es", (ANNA_B,)),
        ("@Anna weiß es", (ANNA,)),
        ("@Annalena.", (ANNALENA,)),
        ("@Jana und nochmal @Jana", (JANA,)),
        ("jana@brueckner.example", ()),
        ("mail an a@Emre", ()),
        ("@niemand @ @@Jana", ()),
        ("", ()),
    ],
)
def test_a_note_mentions_whom_it_names(text: str, meant: tuple[Staff, ...]) -> None:
    """Someone who is asked and does not learn of it leaves a customer waiting; a wrong one is disturbed for nothing."""
    assert mentioned(text, EVERYONE) == tuple(s.id for s in meant)


def test_a_first_name_of_two_is_nobody_s() -> None:
    """To guess between two would tell the wrong one."""
    one, other = someone("Kim Alt"), someone("Kim Neu")
    assert mentioned("@Kim schau mal, @Kim Neu auch", (one, other)) == (other.id,)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Rückruf", "rückruf"),
        ("  #Rückruf   nötig ", "rückruf-nötig"),
        ("VIP_2026", "vip-2026"),
        ("u\u0308ber", "über"),
        ("приветствие", "приветствие"),
    ],
)
def test_a_tag_is_one_however_it_is_typed(text: str, tag: str) -> None:
    """Two spellings of one tag would each hide half of the conversations."""
    assert tag_of(text) == tag
    assert tag_of(tag) == tag


@pytest.mark.parametrize("text", ["", "  ", "#", "--", "a" * (TAG_CHARS_MAX + 1), "a/b", "<b>", "x" * 10_000])
def test_what_is_no_tag_is_refused(text: str) -> None:
    """A tag stands in addresses and in the record: no sentence, no markup."""
    with pytest.raises(Refused) as caught:
        tag_of(text)
    assert caught.value.code == "tag.text"
