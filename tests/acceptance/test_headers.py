"""What stands in the head of a request or an answer: nothing a stranger writes there leads anywhere else."""

import httpx
import pytest

from tests.acceptance.product import Product, Visitor

ODD_ORIGINS = ["http://[::1", "http://", "://", "null", "http://[evil", "https://evil.example\\@", "ü"]


@pytest.mark.parametrize("origin", ODD_ORIGINS)
def test_an_origin_that_is_no_address_is_refused(product: Product, origin: str) -> None:
    """What cannot be read is not from our pages; it is no failure of ours either, so it fills no log."""
    head = {b"Origin": origin.encode()}
    asked = httpx.post(f"{product.base}/api/v1/w/auental/chat/sessions", json={}, headers=head)
    assert (asked.status_code, asked.json()["code"]) == (403, "request.origin")
    form = httpx.post(f"{product.base}/w/auental/desk/sign-in", data={"email": "x"}, headers=head)
    assert form.status_code == 403


def test_no_address_is_made_from_the_host_that_a_request_names(product: Product) -> None:
    """A proxy that keeps such an answer would send everyone there; and behind TLS it would lead out of it."""
    for path in ("/", "/w/auental/desk", "/w/auental/desk/", "/w/auental/demo/", "/widget/"):
        answer = httpx.get(product.base + path, headers={"Host": "evil.example"})
        assert answer.headers.get("location", "/").startswith("/"), path
        assert not answer.headers.get("location", "/").startswith("//"), path
        assert "evil.example" not in answer.text, path


def test_conversations_stay_in_no_cache(product: Product) -> None:
    """On a shared computer the next person must not find the conversation in the browser's cache."""
    with Visitor(product.base) as visitor:
        visitor.say("Guten Tag")
        assert visitor.http.get("/api/v1/chat/messages").headers["cache-control"] == "no-store"
    assert httpx.get(f"{product.base}/nothing").headers["cache-control"] == "no-store"
    assert "max-age" in httpx.get(f"{product.base}/widget/taktvoll.js").headers["cache-control"]
