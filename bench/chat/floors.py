"""What the same turn costs without taktvoll, in the same run: the ceiling and the floor.

I decide what is left out. run.py starts me as `python floors.py DATA PORT ENTRIES.jsonl`; my tables lie in a schema of
their own in the same embedded PostgreSQL. I never check anything: no session, no rights, no record that proves itself.

    /noop    JSON in, JSON out, nothing stored
    /store   the ceiling of a durable turn: one statement, one commit
    /steps   the same work as three statements in one transaction, as programs usually do it
    /turn    the floor of our job: store the question, search, store the answer; two commits, no model
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import tantivy
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from taktvoll.adapters.embedded import EmbeddedPostgres

CONVERSATIONS = 5_000
SETUP = """
drop schema if exists bench cascade;
create schema bench;
create table bench.conversation (id int primary key, last_seq int not null default 0, changed_at timestamptz);
create table bench.message (
    conversation_id int not null references bench.conversation, seq int not null, author text not null,
    body text not null, at timestamptz not null default now(), primary key (conversation_id, seq)
);
create table bench.outbox (id bigint generated always as identity primary key, conversation_id int, seq int);
insert into bench.conversation (id) select generate_series(0, 4999);
"""
TURN = """
with counted as (
    update bench.conversation set last_seq = last_seq + 1, changed_at = now() where id = $1 returning last_seq
), written as (
    insert into bench.message (conversation_id, seq, author, body) select $1, last_seq, $2, $3 from counted
    returning seq
)
insert into bench.outbox (conversation_id, seq) select $1, seq from written returning seq
"""
COUNT = "update bench.conversation set last_seq = last_seq + 1, changed_at = now() where id = $1 returning last_seq"
WRITE = "insert into bench.message (conversation_id, seq, author, body) values ($1, $2, $3, $4)"
POST = "insert into bench.outbox (conversation_id, seq) values ($1, $2)"


class Sent(BaseModel):
    """A message as the client sends it."""

    id: str
    text: str


class Entries:
    """A plain full-text index in memory."""

    def __init__(self, path: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("place", stored=True)
        builder.add_text_field("text", tokenizer_name="de_stem")
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(64_000_000, 1)
        self._answers: list[str] = []
        with path.open(encoding="utf-8") as file:
            for place, line in enumerate(file):
                entry = json.loads(line)
                self._answers.append(entry["answer"])
                text = f"{entry['question']} {entry['answer']}"
                writer.add_document(tantivy.Document(place=place, text=text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def answer(self, question: str) -> str:
        """The best entry's text; empty if nothing fits."""
        wanted, _ = self._index.parse_query_lenient(question, ["text"])
        hits = self._searcher.search(wanted, 5).hits
        return self._answers[self._searcher.doc(hits[0][1])["place"][0]] if hits else ""


def make_app(dsn: str, entries: Entries) -> FastAPI:
    """The bare endpoints."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await asyncpg.create_pool(dsn, min_size=10, max_size=10)
        await app.state.pool.execute(SETUP)
        yield
        await app.state.pool.close()

    app = FastAPI(lifespan=living)

    async def keep(sent: Sent, author: str, body: str) -> int:
        place = hash(sent.id) % CONVERSATIONS
        seq: int = await app.state.pool.fetchval(TURN, place, author, body)
        return seq

    @app.post("/noop")
    async def noop(sent: Sent) -> dict[str, Any]:
        return {"seq": 1}

    @app.post("/store")
    async def store(sent: Sent) -> dict[str, Any]:
        return {"seq": await keep(sent, "customer", sent.text)}

    @app.post("/steps")
    async def steps(sent: Sent) -> dict[str, Any]:
        place = hash(sent.id) % CONVERSATIONS
        async with app.state.pool.acquire() as connection, connection.transaction():
            seq = await connection.fetchval(COUNT, place)
            await connection.execute(WRITE, place, seq, "customer", sent.text)
            await connection.execute(POST, place, seq)
        return {"seq": seq}

    @app.post("/turn")
    async def turn(sent: Sent) -> dict[str, Any]:
        await keep(sent, "customer", sent.text)
        answer = entries.answer(sent.text)
        return {"seq": await keep(sent, "assistant", answer), "text": answer}

    return app


if __name__ == "__main__":
    data, port, path = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    database = EmbeddedPostgres(data)
    app = make_app(database.ensure().dsn("owner"), Entries(path))
    uvicorn.run(app, port=port, http="httptools", loop="uvloop", log_level="warning", access_log=False)
