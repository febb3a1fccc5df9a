"""`taktvoll mail verify` as people run it: on a file, without a database."""

from pathlib import Path

from taktvoll.adapters.keys import FileKeys
from taktvoll.adapters.mailwriting import MailWriter
from taktvoll.domain.delivery.letter import letter_of
from taktvoll.domain.delivery.provenance import header_of, statement
from tests.acceptance.product import command
from tests.domain.made import NOW
from tests.domain.test_delivery import MAILBOX, parcel


def written(keys: FileKeys) -> bytes:
    """A mail as the program sends it, signed with these keys."""
    sent = parcel()
    letter = letter_of(sent, MAILBOX, NOW)
    assert letter is not None

    def provenance(plain: str, html: str) -> str:
        body = statement(sent.released, plain, html)
        key_id, signature = keys.sign(body)
        return header_of(key_id, body, signature)

    return MailWriter().write(letter, provenance)


def test_a_mail_is_proven_or_not_by_one_command(tmp_path: Path) -> None:
    """A court, a customer or a colleague wants one line: genuine, or what does not fit."""
    keys = FileKeys(tmp_path / "data" / "keys")
    file = tmp_path / "mail.eml"

    def verified(raw: bytes) -> tuple[int, str]:
        file.write_bytes(raw)
        done = command("mail", "verify", file, "--data", tmp_path / "data")
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    raw = written(keys)
    code, said = verified(raw)
    assert (code, "approved text, verbatim" in said, said.strip().endswith("genuine")) == (0, True, True)
    keys.rotate()
    assert verified(raw)[0] == 0, "old mails stay provable when keys change"
    code, said = verified(raw.replace(b"Im Portal.", b"Im Keller."))
    assert (code, "plain text is not what was sent" in said) == (1, True)
    code, said = verified(b"From: a@b.example\r\n\r\nHallo\r\n")
    assert (code, "proof of origin" in said) == (1, True)
    assert not (tmp_path / "data" / "postgres").exists(), "nobody needs a database for this"
