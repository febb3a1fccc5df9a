"""What the port Keys promises, held against FileKeys."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taktvoll.adapters.keys import FileKeys
from taktvoll.base.errors import Broken, Refused
from taktvoll.domain.people.ports import Keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the keys of one installation lie."""
    return tmp_path / "dir" / "keys"


@pytest.fixture
def keys(folder: Path) -> Keys:
    """The implementation under test, as its callers know it."""
    return FileKeys(folder)


@pytest.mark.parametrize("payload", [b"", b"x", b"\x00\xff" * 50, "Grüße".encode(), bytes(2900)])
def test_a_sealed_payload_comes_back(keys: Keys, payload: bytes) -> None:
    """Sessions and links are tokens: what went in must come out, whatever its bytes."""
    token = keys.seal("session", payload)
    assert keys.unseal("session", token) == payload
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_token_serves_one_purpose_only(keys: Keys) -> None:
    """A link to one's own page must not open the desk."""
    assert keys.unseal("desk", keys.seal("portal", b"anna")) is None


def test_no_changed_token_is_taken(keys: Keys) -> None:
    """One flipped character anywhere is a forgery."""
    token = keys.seal("session", b"staff 7")
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        assert keys.unseal("session", changed) is None
        assert keys.unseal("session", token[:place]) is None
    assert keys.unseal("session", token + "=") is None


@settings(deadline=None)
@given(token=st.one_of(st.text(max_size=300), st.from_regex(r"[0-9a-f]{12}\.[\w-]*\.[\w-]*")))
def test_garbage_is_answered_with_none(tmp_path_factory: pytest.TempPathFactory, token: str) -> None:
    """Tokens come from strangers; none of them may raise."""
    assert FileKeys(tmp_path_factory.getbasetemp() / "garbage").unseal("session", token) is None


def test_long_tokens_are_neither_read_nor_made(keys: Keys) -> None:
    """A limit at the door keeps a stranger from making us compute."""
    assert keys.unseal("session", "a" * 4097) is None
    with pytest.raises(Broken):
        keys.seal("session", bytes(4000))


def test_an_installation_without_this_key_takes_nothing(keys: Keys, tmp_path: Path) -> None:
    """Two installations do not open each other's sessions."""
    other = FileKeys(tmp_path / "other")
    key_id, signature = keys.sign(b"head")
    assert other.unseal("session", keys.seal("session", b"x")) is None
    assert not other.verify(key_id, b"head", signature)
    assert other.digest("mail", "a@b.example") != keys.digest("mail", "a@b.example")


def test_a_signature_holds_for_its_body_alone(keys: Keys) -> None:
    """Checkpoints prove the record only if nothing else fits their signature."""
    key_id, signature = keys.sign(b"root of today")
    assert len(signature) == 64
    assert keys.verify(key_id, b"root of today", signature)
    assert not keys.verify(key_id, b"root of yesterday", signature)
    assert not keys.verify("000000000000", b"root of today", signature)
    assert not keys.verify(key_id, b"root of today", signature[:-1])
    assert not keys.verify(key_id, b"root of today", b"")


def test_old_keys_verify_after_a_rotation(folder: Path) -> None:
    """Rotating must not sign everyone out, orphan the record, or forget what was recognised; others see it at once."""
    keys, neighbour = FileKeys(folder), FileKeys(folder)
    token, (key_id, signature) = keys.seal("session", b"x"), keys.sign(b"head")
    known = keys.digest("mail", "a@b.example")
    keys.rotate()
    for reader in (keys, neighbour, FileKeys(folder)):
        assert reader.unseal("session", token) == b"x"
        assert reader.verify(key_id, b"head", signature)
        assert reader.digest("mail", "a@b.example") == known
        assert reader.sign(b"head")[0] != key_id
        assert reader.seal("session", b"x").split(".")[0] != token.split(".")[0]
    assert keys.unseal("session", neighbour.seal("session", b"y")) == b"y"


def test_digests_are_stable_and_told_apart_by_purpose(keys: Keys, folder: Path) -> None:
    """A digest recognises a value later and elsewhere, but lists of two purposes cannot be joined."""
    assert keys.digest("mail", "ä\udc80") == FileKeys(folder).digest("mail", "ä\udc80")
    assert len(keys.digest("mail", "a")) == 32
    assert len({keys.digest("mail", "a"), keys.digest("phone", "a"), keys.digest("mail", "b")}) == 3


def test_only_the_owner_can_read_the_files(folder: Path) -> None:
    """The keys are all that stands between a local user and every session; a loose mode is mended."""
    FileKeys(folder)
    folder.chmod(0o755)
    (folder / "ring.json").chmod(0o644)
    FileKeys(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"masters": [], "signers": []}', '{"masters": ["eA=="]}'])
def test_a_damaged_ring_is_never_replaced(folder: Path, body: str) -> None:
    """A fresh key over a damaged one would make the whole record unprovable in silence."""
    FileKeys(folder)
    (folder / "ring.json").write_text(body, encoding="ascii")
    with pytest.raises(Refused, match="backup"):
        FileKeys(folder)
    assert (folder / "ring.json").read_text(encoding="ascii") == body


def test_processes_that_start_at_once_get_the_same_keys(folder: Path) -> None:
    """The program and its workers start together on the first day."""
    code = (
        "import sys; from pathlib import Path; from taktvoll.adapters.keys import FileKeys;"
        "sys.stdout.write(FileKeys(Path(sys.argv[1])).digest('p', 'v').hex())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert len(json.loads((folder / "ring.json").read_text(encoding="ascii"))["masters"]) == 1


def test_secrets_do_not_show_when_printed(keys: FileKeys, folder: Path) -> None:
    """A ring in an error report must not give its keys away."""
    secret = json.loads((folder / "ring.json").read_text(encoding="ascii"))["masters"][0]
    from taktvoll.adapters.keys import ring

    assert "secret" not in repr(ring.load(folder))
    assert secret not in repr(ring.load(folder))


def test_a_hidden_secret_comes_back_to_its_owner_alone(keys: Keys, folder: Path) -> None:
    """A copied database holds second factors: without the keys they open nothing, and nobody's row fits another."""
    hidden = keys.encrypt("second factor", "anna", b"JBSWY3DPEHPK3PXP")
    assert keys.decrypt("second factor", "anna", hidden) == b"JBSWY3DPEHPK3PXP"
    assert b"JBSWY3DPEHPK3PXP" not in hidden
    assert keys.encrypt("second factor", "anna", b"JBSWY3DPEHPK3PXP") != hidden
    assert keys.decrypt("second factor", "bernd", hidden) is None
    assert keys.decrypt("another", "anna", hidden) is None
    assert FileKeys(folder.with_name("others")).decrypt("second factor", "anna", hidden) is None


def test_a_changed_or_cut_text_opens_as_nothing(keys: Keys) -> None:
    """Whatever lies in the database after a bad restore, the program must say no and not fall over."""
    hidden = keys.encrypt("second factor", "anna", b"secret")
    for n in range(len(hidden)):
        assert keys.decrypt("second factor", "anna", hidden[:n]) is None
        assert (
            keys.decrypt("second factor", "anna", hidden[:n] + bytes([hidden[n] ^ 1]) + hidden[n + 1 :])
            is None
        )


def test_rotation_keeps_hidden_secrets(folder: Path) -> None:
    """New keys must not lock out everyone who has a second factor."""
    keys = FileKeys(folder)
    hidden = keys.encrypt("second factor", "anna", b"secret")
    keys.rotate()
    assert keys.decrypt("second factor", "anna", hidden) == b"secret"
    assert keys.encrypt("second factor", "anna", b"secret")[2:14] != hidden[2:14]
