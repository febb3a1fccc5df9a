"""Mails in per second: read, matched to their conversation, archived, committed, decided; and how that grows.

    python bench/mail/intake.py --mails 10000

I start a database of my own in a throwaway folder, with durable commits, and hand mails in one after the other, as one
mailbox does. A third of them answer an earlier one. I never touch a taktvoll that runs on this machine.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from taktvoll.build import migrate_database, open_database, open_house, settings_from
from taktvoll.domain.mail.intake import Original
from taktvoll.domain.mail.mailbox import Mailbox
from taktvoll.domain.mail.reading import reading_of
from taktvoll.flows.decide_mails import decide_mails
from taktvoll.flows.house import House
from taktvoll.flows.receive_mail import receive_mail
from taktvoll.flows.set_up_mailbox import add_mailbox

SEED = 20261126
ENTRIES = (
    ("Wann hat die Bücherei geöffnet?", "Dienstags bis samstags von 10 bis 18 Uhr."),
    ("Was kostet der Leseausweis?", "Der Leseausweis kostet 15 Euro im Jahr."),
    ("Wie verlängere ich die Leihfrist?", "Im Katalog unter „Mein Konto“, höchstens zweimal."),
    ("Wie hoch ist die Mahngebühr?", "Für jede angefangene Woche ein Euro je Buch."),
)
FILLER = (
    "Ich bin seit vielen Jahren bei Ihnen und war immer zufrieden.",
    "Leider habe ich auf Ihrer Seite nichts dazu gefunden.",
    "Telefonisch habe ich gestern niemanden erreicht.",
    "Meine Nachbarin sagte, es habe sich etwas geändert.",
)
QUOTED = "\n\nAm 02.11.2026 um 09:30 schrieb Bücherei:\n> Guten Tag,\n> vielen Dank für Ihre Nachricht."


def letters(count: int, chance: random.Random) -> Iterator[bytes]:
    """Mails of some 800 bytes with greeting, signature and quote; a third answer an earlier one of theirs."""
    known: list[tuple[str, str, str]] = []
    for number in range(count):
        answers = bool(known) and chance.random() < 1 / 3
        sender, subject, before = (
            chance.choice(known) if answers else (f"kundin{number}", f"Frage {number}", "")
        )
        name = f"<{number}.{chance.getrandbits(64):x}@kundin.example>"
        question = chance.choice(ENTRIES)[0]
        body = f"Guten Tag,\n\n{' '.join(chance.sample(FILLER, 3))}\n{question}\n\nMit freundlichen Grüßen\n"
        body += "Erika Muster\n\n-- \nErika Muster\nAm Markt 1, 12345 Musterstadt\nTel. 01234 567890" + (
            QUOTED if answers else ""
        )
        head = f"From: Erika Muster <{sender}@kundin.example>\nTo: service@buecherei.example\n"
        head += f"Subject: {'AW: ' if answers else ''}{subject}\nMessage-ID: {name}\n"
        head += f"In-Reply-To: {before}\nReferences: {before}\n" if answers else ""
        head += (
            "Date: Mon, 02 Nov 2026 09:30:00 +0100\nReceived: from a.example by b.example; Mon, 2 Nov 2026\n"
        )
        head += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
        known.append((sender, subject, name))
        yield (head + body).encode()


async def measure(house: House, mailbox: Mailbox, count: int, block: int) -> list[dict[str, float]]:
    """Hand mails in, block by block; gives a row for each block."""
    chance = random.Random(SEED)
    every = list(letters(count, chance))
    rows = []
    for start in range(0, count, block):
        part = every[start : start + block]
        began = perf_counter()
        for raw in part:
            reading_of(house.mail_reader.read(raw))
        read_s = perf_counter() - began
        began = perf_counter()
        for raw in part:
            await receive_mail(house, mailbox, Original(raw, len(raw)))
        taken_s = perf_counter() - began
        began, decided = perf_counter(), 0
        while (now := await decide_mails(house, mailbox.account.workspace)) > 0:
            decided += now
        decided_s = perf_counter() - began
        rows.append(
            {
                "on_record": start,
                "read_per_s": len(part) / read_s,
                "in_per_s": len(part) / taken_s,
                "decided": decided,
                "decided_per_s": decided / decided_s if decided else 0.0,
            }
        )
        show(rows[-1])
    return rows


def show(row: dict[str, float]) -> None:
    """Print a row of the table."""
    print(
        f"| {row['on_record']:,.0f} | {row['read_per_s']:,.0f} | {row['in_per_s']:,.0f} |"
        f" {row['decided_per_s']:,.0f} |"
    )


async def main(count: int, block: int) -> None:
    """Set up, measure, write the results."""
    with tempfile.TemporaryDirectory(prefix="tv-bench-") as place:
        folder = Path(place) / "data"
        lines = [
            json.dumps({"id": str(n), "language": "de", "question": q, "answer": a})
            for n, (q, a) in enumerate(ENTRIES)
        ]
        (Path(place) / "entries.jsonl").write_text("\n".join(lines), encoding="utf-8")
        words = ["import", f"{place}/entries.jsonl", "--data", str(folder)]
        command = [sys.executable, "-m", "taktvoll", *words]
        await asyncio.to_thread(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)
        settings = settings_from(folder)
        database = open_database(settings, lambda _: None)
        try:
            await migrate_database(database)
            async with open_house(settings, database, lambda *_: None) as house:
                workspace = await house.directory.workspace("default")
                mailbox = await add_mailbox(
                    house, workspace.id, "service", {"addresses": ["service@buecherei.example"]}
                )
                print(
                    "| mails on record before | read only, /s | taken in, /s | decided, /s |\n|---:|---:|---:|---:|"
                )
                rows = await measure(house, mailbox, count, block)
        finally:
            database.release()
    results = Path(__file__).parent.parent / "results" / "mail.json"
    results.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--block", type=int, default=1_000)
    given = parser.parse_args()
    asyncio.run(main(given.mails, given.block))
