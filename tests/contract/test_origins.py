"""What a trusted server found out about a sender is read from its own words, never from the sender's."""

import pytest

from taktvoll.adapters.mime import MimeReader
from taktvoll.domain.mail.terms import Check, Origin

READER = MimeReader()
PASS, FAIL, NONE = Check.PASS, Check.FAIL, Check.NONE


def origin(results: str, sender: str = "eva@bank.example") -> Origin:
    """Read one mail with these results."""
    head = f"Authentication-Results: {results}\nFrom: {sender}\nSubject: x\n"
    return READER.read(f"{head}\nHallo".encode()).origin


@pytest.mark.parametrize(
    "results",
    [
        "mx.us.example; spf=pass smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail header.from=bank.example",
        "mx.us.example; spf=pass smtp.mailfrom=dmarc=pass@evil.example",
        'mx.us.example; spf=pass smtp.mailfrom="x; dmarc=pass "@evil.example; dkim=none',
        "mx.us.example; spf=pass (domain of dmarc=pass@evil.example permits 192.0.2.1) smtp.helo=evil.example",
        "mx.us.example; spf=pass (a (b; dmarc=pass) ; dmarc=pass) smtp.mailfrom=a@evil.example",
        "mx.us.example; dkim=pass header.i=dmarc=pass@evil.example",
        "mx.us.example; spf=pass smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass?=@evil.example",
        "mx.us.example; dmarc=pass; dmarc=fail header.from=bank.example",
        "mx.us.example; dmarc=pass.not",
        "mx.us.example; dmarc=pass header.from=evil.example",
        "mx.us.example; dmarc=pass header.from=ank.example",
    ],
)
def test_a_sender_cannot_write_their_own_proof(results: str) -> None:
    """The envelope's address is the sender's to choose and stands in the header; it once passed for the finding."""
    assert origin(results).dmarc is not PASS


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ("mx.us.example 1; spf=pass; dkim=pass; dmarc=pass", (PASS, PASS, PASS)),
        (
            "mx.us.example; dkim=pass header.d=bank.example; dkim=fail header.d=list.example; spf=softfail"
            " (x; y) smtp.mailfrom=a@b.example; dmarc=pass (p=REJECT sp=NONE) header.from=Bank.Example",
            (FAIL, PASS, PASS),
        ),
        ("mx.us.example; none", (NONE, NONE, NONE)),
        ("mx.us.example; dmarc=temperror", (NONE, NONE, NONE)),
        ("mx.us.example; DMARC = Fail ;", (NONE, NONE, FAIL)),
    ],
)
def test_what_servers_write_is_read(results: str, found: tuple[Check, Check, Check]) -> None:
    """Being strict must not cost an honest customer their proof."""
    read = origin(results)
    assert ((read.spf, read.dkim, read.dmarc), read.server) == (found, "mx.us.example")


def test_proof_holds_for_the_address_that_is_shown() -> None:
    """With several senders nobody knows which one the server meant; a foreign domain's two names are one."""
    passed = "mx.us.example; dmarc=pass"
    assert origin(passed, "eva@bank.example, ich@evil.example").dmarc is NONE
    assert origin(passed, "eva@bank.example\nFrom: ich@evil.example").dmarc is NONE
    assert origin(f"{passed} header.from=xn--mller-kva.example", "eva@müller.example").dmarc is PASS
    assert origin(f"{passed} header.from=bank.example", "eva@post.bank.example").dmarc is PASS


@pytest.mark.parametrize("sender", ["", "Eva Bank", "\nSender: eva@bank.example"])
def test_who_stands_in_no_from_is_proven_by_nothing(sender: str) -> None:
    """DMARC is about From. Where that names no address another header lends one, which nobody has checked."""
    assert origin("mx.us.example; dmarc=pass", sender).dmarc is NONE
