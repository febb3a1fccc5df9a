"""The database stops answering, or dies: customers are told to wait, and nothing is lost or doubled."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle

import httpx
import pytest

from tests.acceptance.product import LIBRARY, Product, Visitor, until

QUESTIONS = [str(e["question"]) for e in LIBRARY if e["language"] == "de"]
ADDRESSES = cycle(f"127.0.9.{host}" for host in range(1, 250))


@pytest.fixture
def visitors(mortal: Product) -> Iterator[list[Visitor]]:
    """One customer a question, each from an address of their own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(Visitor(mortal.base, "default", address=next(ADDRESSES))) for _ in QUESTIONS
        ]


def send(customer: Visitor, number: int, part: str) -> httpx.Response:
    """Send a message that has the same id at every try."""
    name = f"{part}-{customer.conversation}-{number}"
    return customer.post("messages", {"id": name, "text": QUESTIONS[number]})


def check(customer: Visitor, number: int, parts: list[str]) -> None:
    """Every message is there once, in order, each with one answer."""
    messages = customer.answered(QUESTIONS[number])
    said = [m["id"] for m in messages if m["author"] == "customer"]
    assert said == [f"{part}-{customer.conversation}-{number}" for part in parts]
    assert [m["author"] for m in messages] == ["customer", "assistant"] * len(parts)


def eventually(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask again until it works, as the widget does; meanwhile every refusal must say that it passes."""
    answers: list[httpx.Response] = []

    def works() -> bool:
        answers.append(ask())
        if not answers[-1].is_success:
            passing(answers[-1])
        return answers[-1].is_success

    until(works, "the database never came back", within_s=90)
    return answers[-1]


def passing(response: httpx.Response) -> None:
    """Check a refusal that asks to come back: problem details with the seconds to wait, in German."""
    assert response.status_code == 503, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) >= 1
    assert response.json()["code"] == "database.unreachable"
    assert "noch nicht gespeichert" in response.json()["detail"]


@contextmanager
def stopped(product: Product) -> Iterator[None]:
    """Hold every process of the server still, as a frozen disk or a paused machine does."""
    held = product.children("postgres")
    assert held
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in held:
            os.kill(pid, signal.SIGCONT)


def test_a_dead_database_comes_back_and_no_message_is_lost(mortal: Product, visitors: list[Visitor]) -> None:
    """A crash of the database is repaired by itself; what was sent meanwhile arrives once when it is sent again."""
    for number, customer in enumerate(visitors):
        assert send(customer, number, "before").is_success
    for pid in mortal.children("postgres"):
        os.kill(pid, signal.SIGKILL)
    for number, customer in enumerate(visitors):
        eventually(lambda c=customer, n=number: send(c, n, "after"))  # type: ignore[misc]
    for number, customer in enumerate(visitors):
        check(customer, number, ["before", "after"])


def test_a_killed_keeper_is_replaced(mortal: Product, visitors: list[Visitor]) -> None:
    """The process that restarts the database can die like any other, together with the database."""
    customer = visitors[0]
    for pid in (*mortal.children("keeper"), *mortal.children("postgres")):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: send(customer, 0, "first"))
    check(customer, 0, ["first"])
    assert mortal.children("keeper")


def test_a_silent_database_is_told_to_customers_in_time(mortal: Product, visitors: list[Visitor]) -> None:
    """A database that hangs is worse than one that fails: customers must hear of it before they give up."""
    customer = visitors[0]
    assert send(customer, 0, "before").is_success
    with stopped(mortal):
        passing(send(customer, 0, "during"))
        health = customer.http.get("/healthz")
        assert health.status_code == 503
    eventually(lambda: send(customer, 0, "during"))
    check(customer, 0, ["before", "during"])


@pytest.mark.parametrize("command", [["ask", "Hallo"], ["migrate"]])
def test_commands_say_that_the_database_is_away(mortal: Product, command: list[str]) -> None:
    """Scripts tell “try again later” from “you did it wrong” by the exit code alone."""
    nowhere = "postgresql://nobody@127.0.0.1:9/nothing"
    ran = mortal.run(*command, TAKTVOLL_DATABASE_URL=nowhere, LC_ALL="C.UTF-8")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "The database does not answer" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_record_is_whole_after_all_this(mortal: Product) -> None:
    """Crashes of the database must leave no half turn on record. Runs last in this file."""
    verified = mortal.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    replayed = mortal.run("audit", "replay")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
