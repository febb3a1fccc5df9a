"""Links: only listed hosts, whatever trick an address uses to look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.governance.rules.links import check, host_of, links_in, listed
from taktvoll.domain.governance.terms import Hold, Source
from taktvoll.domain.knowledge.terms import PassageKey
from tests.domain.made import draft, facts

GOOD = [
    "https://auental.example",
    "https://auental.example/",
    "http://auental.example/umzug?x=1#oben",
    "https://www.auental.example/hilfe",
    "www.auental.example",
    "HTTPS://AUENTAL.EXAMPLE/Hilfe",
    "https://auental.example./hilfe",
    "https://auental.example:8443/hilfe",
    "https://portal.kunden.auental.example",
    "https://anna@auental.example/",
    "https://auental.example/weiter?zu=https%3A%2F%2Fevil.example",
]
EVIL = [
    "https://evil.example",
    "http://evil.example/auental.example",
    "https://auental.example@evil.example",
    "https://auental.example:443@evil.example/x",
    "https://auental.example%40evil.example",
    "https://auental.example.evil.example",
    "https://evilauental.example",
    "https://evil-auental.example",
    "www.evil.example/auental.example",
    "https://evil.example?auental.example",
    "https://evil.example#auental.example",
    "https://evil.example#@auental.example",
    "https://evil.example/@auental.example",
    "https://evil.example\\@auental.example",
    "https://evil.example\\.auental.example/",
    "https:\\\\evil.example\\@auental.example",
    "https://auental.example。evil.example",
    "https://evil.example／.auental.example",
    "https://аuental.example",
    "https://auental.examplе",
    "https://xn--uental-3nf.example",
    "https://127.0.0.1/auental.example",
    "https://[::1]/",
    "https://auental",
    "https://.auental.example.evil",
    "https://auental.example..evil.example",
]
SCHEMES = [
    "javascript:alert(1)",
    "JavaScript : alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "Klicken Sie javascript:alert(1)//https://auental.example",
]


def source(url: str) -> Source:
    """A source of an answer with this page."""
    return Source(PassageKey("hilfe", "stand", "de"), "0" * 64, "Stand", url)


@pytest.mark.parametrize("link", GOOD)
def test_links_to_listed_hosts_pass(link: str) -> None:
    """A company's own pages, its subdomains and ports are what answers point to."""
    for text in (link, f"Siehe {link}.", f"({link})", f"**{link}**", f"Erst\n{link}, dann"):
        assert check(draft(text), facts()) is None, text
    if "://" in link:
        assert check(draft(sources=(source(link),)), facts()) is None


@pytest.mark.parametrize("link", EVIL)
def test_links_that_only_look_listed_are_held(link: str) -> None:
    """A customer who trusts our answer must not land with a fraudster; browsers read addresses in their own way."""
    assert check(draft(sources=(source(link),)), facts()) == Hold(("link.host_not_listed",))
    if "://" in link or link.startswith("www."):
        for text in (link, f"Siehe {link}.", f"<{link}>", f"Gut: https://auental.example und {link}"):
            assert check(draft(text), facts()) == Hold(("link.host_not_listed",)), text


@pytest.mark.parametrize(
    "text",
    [
        "xhttps://evil.example",
        "https://auental.example(@evil.example/",
        "https://auental.example'@evil.example/",
        "https://auental.example).evil.example/",
        "(https://auental.example){@evil.example",
        "https://auental.example*@evil.example",
        "https://[::1]",
    ],
)
def test_a_link_is_read_as_far_as_the_chat_reads_it(text: str) -> None:
    """The chat links from "https://" to the next space; a check that stops earlier would judge another address."""
    assert check(draft(text), facts()) == Hold(("link.host_not_listed",))


@pytest.mark.parametrize("text", SCHEMES)
def test_schemes_that_run_code_are_held(text: str) -> None:
    """What runs in the reader's browser is no link."""
    assert check(draft(text), facts()) == Hold(("link.scheme",))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript://auental.example/%0aalert(1)",
        "data://auental.example/x",
        "ftp://auental.example/x",
        "//evil.example/x",
        "/\\evil.example/x",
        "/\t/evil.example/x",
        "",
    ],
)
def test_a_source_leads_to_a_page_or_is_held(url: str) -> None:
    """Sources are shown as links without being read as text, so their addresses must be web pages, ours or listed."""
    assert check(draft(sources=(source(url),)), facts()) == Hold(("link.host_not_listed",))


def test_our_own_source_page_needs_no_listing() -> None:
    """Every installation shows its sources itself, whatever host it runs on."""
    assert check(draft(sources=(source("/w/auental/source/hilfe/stand/de"),)), facts(link_hosts=())) is None


def test_umlaut_hosts_are_compared_as_written() -> None:
    """A company named Müller has an umlaut host; the neighbour's host without one is another company."""
    known = facts(link_hosts=("müller.example",))
    assert check(draft("https://www.müller.example/x"), known) is None
    assert check(draft("https://MÜLLER.example"), known) is None
    assert check(draft("https://muller.example"), known) == Hold(("link.host_not_listed",))


def test_without_listed_hosts_no_link_passes() -> None:
    """An empty list means nothing, not everything."""
    assert check(draft("https://auental.example"), facts(link_hosts=())) == Hold(("link.host_not_listed",))


def test_a_person_s_links_are_checked_too() -> None:
    """An agent's account may be stolen; one path out, one rule."""
    from taktvoll.domain.governance.terms import Author

    assert isinstance(check(draft("https://evil.example", author=Author.PERSON), facts()), Hold)


@pytest.mark.parametrize(
    "text", ["Preise: siehe unten", "z.B. evil.example", "Version 1.2", "data protection", "http", "www", ""]
)
def test_words_are_no_links(text: str) -> None:
    """Ordinary sentences must not be held."""
    assert links_in(text) == ()
    assert check(draft(text), facts()) is None


@given(text=st.text(st.sampled_from("htps:/w.@\\[]%#?evil-auental. \u202e。xn"), max_size=40))
def test_odd_addresses_never_raise(text: str) -> None:
    """Whatever stands behind https:// in an imported text, the check answers."""
    for link in links_in("https://" + text):
        host_of(link)
    check(draft("https://" + text, sources=(source("https://" + text), source(text))), facts())


@given(host=st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,3}", fullmatch=True))
def test_only_the_host_or_what_lies_beneath_is_listed(host: str) -> None:
    """Equal or below, never merely ending alike."""
    expected = host == "auental.example" or host.endswith(".auental.example")
    assert listed(host, ("auental.example",)) == expected
