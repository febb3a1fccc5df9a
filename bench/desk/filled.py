"""Many conversations for the desk, each a copy of one that people really had with the sample company.

I decide how many of them wait, lie with someone or are closed, and who works there. live.py calls me. I never measure.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from chat.wire import Address, Line
from desk.browser import Browser

from taktvoll.adapters.embedded import EmbeddedPostgres

WORKSPACE = "auental"
AGENTS = 20
LEADS = 2
DAYS = 30
QUESTIONS = (
    ("Wie melde ich meinen Zählerstand?", "Und was passiert, wenn ich ihn vergesse?"),
    ("Wie kündige ich meinen Vertrag?", "Kann ich den Abschlag ändern?"),
    ("Was kostet ein Hausanschluss?", "Wann kommt die Rechnung?"),
    ("Wie ziehe ich um?", "Wie erreiche ich die Störungsstelle?"),
)
PERSON = "Ich möchte bitte mit einem Menschen sprechen, mein Zähler ist falsch abgelesen."
WORDS = (
    "Rechnung Abschlag Zähler Zählerstand Umzug Vertrag Kündigung Tarif Wallbox Strom Gas Wasser Störung Termin "
    "Monteur Rückruf Mahnung Lastschrift Konto Adresse Name Schlüssel Keller Wohnung Haus Nachbar Baustelle Netz Kabel"
).split()

STAFF = """
insert into staff (id, workspace_id, email, name, role, password_hash, created_at)
values ($1, $2, $3, $4, $5, 'x', now()) on conflict (id) do nothing
"""
SESSION = """
insert into staff_session (token_hash, workspace_id, staff_id, created_at, last_used_at, expires_at)
values ($1, $2, $3, now(), now(), now() + interval '6 hours')
"""
MADE = """
create temporary table made as
select gen_random_uuid() as id, n, k.kind, t.id as template, k.ago, c.changed_at - now() + k.ago as earlier,
    (array[{people}]::uuid[])[1 + n / 20 % {many}] as person
from generate_series(1, {count}) n
cross join lateral (select n * interval '{days} days' / {count} as ago,
    case when n % 20 < 10 then 'assistant' when n % 20 < 17 then 'queue' else 'person' end as kind) as k
join template t on t.kind = k.kind and t.place = n / 20 % {dialogs}
join conversation c on c.id = t.id
"""
CHANGED = {
    "id": "m.id",
    "owner_id": "case m.kind when 'person' then m.person::text else c.owner_id end",
    "closed": "m.kind = 'assistant'",
    "closed_at": "case when m.kind = 'assistant' then now() - m.ago end",
    "urgency": "case when m.n % 500 = 0 then 0 when m.n % 20 = 11 then 1 else c.urgency end",
    "snoozed_until": "case when m.kind <> 'assistant' and m.n % 25 = 0 then now() + interval '2 days' end",
    "waiting_since": "c.waiting_since - m.earlier",
    "target_at": "case when m.kind <> 'assistant' and m.n % 4 = 0"
    " then now() + (m.n % 1000 - 300) * interval '1 minute' end",
    "target_seq": "case m.kind when 'assistant' then 0 else c.last_seq end",
    "asked_at": "c.asked_at - m.earlier",
    "ai_at": "c.ai_at - m.earlier",
    "handed_at": "c.handed_at - m.earlier",
    "person_at": "c.person_at - m.earlier",
    "created_at": "c.created_at - m.earlier",
    "changed_at": "c.changed_at - m.earlier",
    "snapshot": "case m.kind when 'person' then replace(c.snapshot::text, c.owner_id, m.person::text)::jsonb"
    " else c.snapshot end",
}
SAID = """
create temporary table said as
select gen_random_uuid() as id, e.workspace_id, m.id as conversation, e.seq, case when e.kind <> 'message.received'
    then t.content else (t.content::jsonb || jsonb_build_object('text', concat(t.content::jsonb ->> 'text', ' ', (
        select string_agg(coalesce((array[{words}])[1 + w.k], 'Stichwort' || w.k), ' ') from (
            select floor(pow(random(), 3) * 5000 + m.n - m.n)::int as k from generate_series(1, 10)) w))))::text
    end as content
from made m join event e on e.conversation_id = m.template join personal_text t on t.id = e.text_id
"""
TEXTS = """
insert into personal_text (id, workspace_id, conversation_id, content)
select id, workspace_id, conversation, content from said
"""
EVENTS = """
insert into event (workspace_id, conversation_id, seq, kind, at, body, text_id, prev_hash, hash)
select e.workspace_id, m.id, e.seq, e.kind, e.at - m.earlier, case m.kind when 'person' then
    convert_to(replace(convert_from(e.body, 'UTF8'), c.owner_id, m.person::text), 'UTF8') else e.body end,
    s.id, e.prev_hash, e.hash
from made m join event e on e.conversation_id = m.template join conversation c on c.id = m.template
left join said s on s.conversation = m.id and s.seq = e.seq
"""
TAGS = """
insert into conversation_tag (workspace_id, name, conversation_id)
select c.workspace_id, 'Rückfrage', m.id from made m join conversation c on c.id = m.template where m.n % 50 = 0
on conflict do nothing
"""
SIZE = "select count(*) from conversation where channel <> 'command'"


@dataclass(frozen=True)
class Agent:
    """Someone who works at the desk, signed in."""

    id: UUID
    name: str
    token: str
    lead: bool


class Filled:
    """The database of an installation that runs."""

    def __init__(self, embedded: EmbeddedPostgres, raw: Any, workspace: UUID) -> None:
        self._embedded, self._raw, self.workspace = embedded, raw, workspace

    @classmethod
    async def at(cls, data: Any) -> "Filled":
        """Connect beneath row-level security."""
        embedded = EmbeddedPostgres(data)
        owner = embedded.ensure().dsn("owner").replace("user=taktvoll_owner", "user=postgres")
        raw = await asyncpg.connect(owner, server_settings={"search_path": "taktvoll"}, command_timeout=3_600)
        workspace = await raw.fetchval("select id from workspace where name = $1", WORKSPACE)
        await raw.fetch("select set_config('taktvoll.workspace', $1, false)", str(workspace))
        return cls(embedded, raw, workspace)

    async def close(self) -> None:
        """Let go of the database."""
        await self._raw.close()
        self._embedded.release()

    async def agents(self) -> list[Agent]:
        """Twenty people, each with a session of today."""
        found = []
        for n in range(AGENTS):
            lead = n < LEADS
            agent = Agent(UUID(int=(7 << 76) | (1 << 127) | n), f"Name {n}", secrets.token_urlsafe(32), lead)
            role = "lead" if lead else "agent"
            await self._raw.execute(STAFF, agent.id, self.workspace, f"{n}@b.example", agent.name, role)
            digest = hashlib.sha256(agent.token.encode()).digest()
            await self._raw.execute(SESSION, digest, self.workspace, agent.id)
            found.append(agent)
        return found

    async def size(self) -> int:
        """How many conversations there are."""
        return int(await self._raw.fetchval(SIZE))

    async def fill(self, count: int, port: int, agents: list[Agent]) -> None:
        """Have some conversations and copy them until there are as many as wanted."""
        await self._raw.execute("create temporary table template (kind text, place int, id uuid)")
        for kind in ("assistant", "queue", "person"):
            for place, dialog in enumerate(QUESTIONS):
                talk = await _talk(port, kind, dialog, place, agents[2])
                await self._raw.execute("insert into template values ($1, $2, $3)", kind, place, talk)
        await asyncio.sleep(5)  # the worker has judged what is due
        people, words = (", ".join(f"'{x}'" for x in xs) for xs in ([a.id for a in agents], WORDS))
        given = {"count": count, "days": DAYS, "dialogs": len(QUESTIONS), "many": AGENTS}
        columns = [r[0] for r in await self._raw.fetch(
            "select column_name::text from information_schema.columns where table_schema = 'taktvoll'"
            " and table_name = 'conversation' and is_generated = 'NEVER' order by ordinal_position"
        )]  # fmt: skip
        values = ", ".join(CHANGED.get(name, f"c.{name}") for name in columns)
        copied = (
            f"insert into conversation ({', '.join(columns)}) select {values}"  # noqa: S608 - names of columns
            " from made m join conversation c on c.id = m.template"
        )
        for statement in (
            MADE.format(people=people, **given),
            copied,
            SAID.format(words=words),
            "create index on said (conversation, seq)",
            "analyze said",
            TEXTS,
            EVENTS,
            TAGS,
            "vacuum analyze",
        ):
            await self._raw.execute(statement)


async def _talk(port: int, kind: str, dialog: tuple[str, ...], place: int, agent: Agent) -> UUID:
    """One conversation by the chat; where a person is wanted, the agent takes it, answers and notes something."""
    line = await Line.to(Address(port, f"127.9.{place}.1"))
    asked = dialog if kind == "assistant" else (dialog[0], PERSON)
    opening = {"account": "web", "language": "de"}
    _, opened = await line.ask("POST", f"/api/v1/w/{WORKSPACE}/chat/sessions", opening)
    for text in asked:
        body = {"id": str(uuid4()), "text": text}
        status, _ = await line.ask("POST", "/api/v1/chat/messages", body, opened["session"])
        if status != 200:
            raise ConnectionError(f"the chat answered {status}")
    line.close()
    talk = UUID(opened["conversation"])
    if kind == "person":
        browser = await Browser.to(port, WORKSPACE, agent.token)
        await browser.open_talk(str(talk))
        await browser.post("take-over", {"epoch": browser.epoch})
        await browser.open_talk(str(talk))
        await browser.reply("Guten Tag, ich sehe mir Ihren Zählerstand an und melde mich.")
        await browser.post("send-now", {})
        await browser.post("note", {"note": "Zähler bitte mit der Messstelle klären."})
        browser.close()
    return talk
