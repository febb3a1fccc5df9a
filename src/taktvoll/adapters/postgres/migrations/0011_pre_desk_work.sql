-- The desk as a place of work: queues, tags, putting off, mentions, clocks, and the indexes that keep pages quick.
-- What the columns say comes from the state that events make; they are a cache for asking, as the snapshot is.

alter table conversation
    add column queue text not null default '',
    add column urgency smallint not null default 2,
    add column snoozed_until timestamptz,
    add column target_at timestamptz,
    add column asked_at timestamptz,
    add column ai_at timestamptz,
    add column handed_at timestamptz,
    add column person_at timestamptz,
    add column closed_at timestamptz,
    add column target_order timestamptz not null generated always as (coalesce(target_at, 'infinity')) stored,
    add column waiting_order timestamptz not null generated always as (coalesce(waiting_since, 'infinity')) stored;

comment on column conversation.urgency is '0 critical, 1 high, 2 normal, 3 low';
comment on column conversation.waiting_order is
    'a column, not an expression: row-level security lets an index answer only what cannot leak, and coalesce() can';
comment on column conversation.target_at is 'when an answer of people is due; service hours fill it';

-- Which tags a workspace has, and which conversations carry one. A table of its own, not an array: row-level security
-- lets only operators use an index that leak nothing, and those of arrays are not among them.
create table tag (
    workspace_id uuid not null references workspace,
    name text not null,
    made_at timestamptz not null,
    made_by text not null,
    primary key (workspace_id, name)
);

create table conversation_tag (
    workspace_id uuid not null references workspace,
    name text not null,
    conversation_id uuid not null references conversation,
    primary key (workspace_id, name, conversation_id)
);
create index conversation_tag_conversation on conversation_tag (conversation_id);

-- Who is mentioned in which conversation, the latest note counts; it names the note and holds no text.
create table mention (
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    conversation_id uuid not null references conversation,
    seq int not null,
    at timestamptz not null,
    seen_at timestamptz,
    primary key (workspace_id, staff_id, conversation_id)
);
create index mention_unseen on mention (workspace_id, staff_id) where seen_at is null;
create index mention_recent on mention (workspace_id, staff_id, at desc, conversation_id desc);

-- Which queues someone serves; whoever is not named here serves all.
create table staff_queue (
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    queue text not null,
    primary key (workspace_id, staff_id, queue)
);

do $$
declare
    name text;
    place uuid;
begin
    foreach name in array array['tag', 'conversation_tag', 'mention', 'staff_queue']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
    for place in select id from workspace
    loop  -- what waits already keeps its place
        perform set_config('taktvoll.workspace', place::text, true);
        update conversation c
        set queue = case when c.owner_kind = 'queue' then c.owner_id else '' end,
            urgency = coalesce(array_position(array['critical', 'high', 'normal', 'low'], c.snapshot ->> 'urgency') - 1, 2)
        where c.owner_kind <> 'assistant';
    end loop;
    perform set_config('taktvoll.workspace', '', true);
end $$;

grant select, insert on tag to {app_role};
grant select, insert, delete on conversation_tag, staff_queue to {app_role};
grant select, insert, update on mention to {app_role};

-- The order of work: the most urgent, then the target that passes first (one that has passed stands before all others),
-- then the longest waiting. One index for each way to begin: by kind of owner, all, by owner, by queue.
drop index conversation_desk;
create index conversation_work on conversation (workspace_id, owner_kind, urgency, target_order, waiting_order, id)
    where owner_kind <> 'assistant' and snoozed_until is null and channel <> 'command';
create index conversation_open on conversation (workspace_id, urgency, target_order, waiting_order, id)
    where owner_kind <> 'assistant' and snoozed_until is null and channel <> 'command';
create index conversation_owner on conversation (workspace_id, owner_id, urgency, target_order, waiting_order, id)
    where owner_kind <> 'assistant' and snoozed_until is null and channel <> 'command';
create index conversation_queue on conversation (workspace_id, queue, urgency, target_order, waiting_order, id)
    where owner_kind <> 'assistant' and snoozed_until is null and channel <> 'command';
create index conversation_snoozed on conversation (workspace_id, snoozed_until, id)
    where snoozed_until is not null;

-- First commit of a turn, as in 0002; a conversation that was put off comes back with the customer's message.
-- p_waking is used only for one that was put off; without it, from a program of before, it comes back without an event.
create function accept_message(
    p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamptz,
    p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea,
    p_waking bytea,
    out status text, out seq int, out snapshot jsonb, out snapshot_seq int,
    out edition int, out revision bigint
) language plpgsql as $$
declare
    known conversation%rowtype;
    kinds text[] := array[]::text[];
    bodies bytea[] := array[]::bytea[];
    appended record;
    n int;
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    select h.edition, h.revision into edition, revision from library_head h where h.workspace_id = p_workspace;

    select * into known from conversation c where c.id = p_conversation for update;
    if not found then
        insert into conversation (id, workspace_id, channel, account_id, created_at, changed_at)
        values (p_conversation, p_workspace, p_channel, p_account, p_at, p_at)
        on conflict (id) do nothing;
        select * into known from conversation c where c.id = p_conversation for update;
        if not found then
            status := 'foreign';
            return;
        end if;
    end if;

    select i.seq into seq from inbound i where i.workspace_id = p_workspace and i.channel = p_channel
        and i.account_id = p_account and i.provider_id = p_provider_id and i.conversation_id = p_conversation;
    if found then
        status := 'duplicate';
        snapshot := known.snapshot;
        snapshot_seq := known.snapshot_seq;
        return;
    end if;

    if known.last_seq = 0 then
        kinds := kinds || 'conversation.started'::text;
        bodies := bodies || p_opening;
    end if;
    if known.closed then
        kinds := kinds || 'conversation.reopened'::text;
        bodies := bodies || p_reopening;
    end if;
    if known.snoozed_until is not null and p_waking is not null then
        kinds := kinds || 'conversation.woken'::text;
        bodies := bodies || p_waking;
    end if;
    kinds := kinds || p_kind;
    bodies := bodies || p_body;
    n := array_length(kinds, 1);
    select * into appended from append_events(p_workspace, p_conversation, known.last_seq, known.last_hash, kinds,
        array_fill(p_at, array[n]), bodies,
        array_fill(null::uuid, array[n - 1]) || p_text_id,
        array_fill(null::text, array[n - 1]) || p_content,
        array_fill(null::bytea, array[n - 1]) || p_salt);
    seq := appended.new_seq;

    insert into inbound (workspace_id, channel, account_id, provider_id, conversation_id, seq)
    values (p_workspace, p_channel, p_account, p_provider_id, p_conversation, seq)
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'unique_violation', message = 'provider id belongs to another conversation';
    end if;

    update conversation c
    set last_seq = appended.new_seq, last_hash = appended.new_hash, last_customer_seq = seq, closed = false,
        waiting_since = coalesce(c.waiting_since, p_at), snoozed_until = null, changed_at = p_at
    where c.id = p_conversation;
    status := 'accepted';
    snapshot := known.snapshot;
    snapshot_seq := known.snapshot_seq;
end $$;

-- The form of before, for a program that still runs while this one starts.
create or replace function accept_message(
    p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamptz,
    p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea,
    out status text, out seq int, out snapshot jsonb, out snapshot_seq int,
    out edition int, out revision bigint
) language sql as $$
    select * from accept_message(p_workspace, p_conversation, p_channel, p_account, p_provider_id, p_at, p_opening,
        p_reopening, p_kind, p_body, p_text_id, p_content, p_salt, null::bytea)
$$;

-- Second commit of a turn, as in 0010, and of every other change. New: a note invalidates nothing; the columns of the
-- desk follow the state; tags and mentions are kept for asking.
create or replace function decide_turn(
    p_workspace uuid, p_conversation uuid, p_expect_epoch int, p_expect_customer_seq int, p_turn int,
    p_expect_revision bigint, p_at timestamptz, p_kinds text[], p_ats timestamptz[], p_bodies bytea[],
    p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb,
    out status text, out first_seq int
) language plpgsql as $$
declare
    known conversation%rowtype;
    appended record;
    based_on int := (p_snapshot ->> 'last_seq')::int - cardinality(p_kinds);
    clocks jsonb := p_snapshot -> 'clocks';
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    select * into known from conversation c where c.id = p_conversation for update;
    if not found then
        status := 'unknown';
    elsif p_expect_epoch is not null and known.owner_epoch <> p_expect_epoch then
        status := 'owner_changed';
    elsif p_expect_customer_seq is not null and known.last_customer_seq <> p_expect_customer_seq then
        status := 'customer_wrote';
    elsif p_turn is not null and known.decided_customer_seq >= p_turn then
        status := 'already_decided';
    elsif p_expect_revision is not null and p_expect_revision is distinct from
            (select h.revision from library_head h where h.workspace_id = p_workspace) then
        status := 'library_changed';
    elsif known.last_seq <> based_on and exists (select 1 from event e where e.conversation_id = p_conversation
            and e.seq > based_on and e.kind not in ('feedback.given', 'delivery.confirmed', 'delivery.sent',
                'delivery.delayed', 'note.written')) then
        status := 'state_changed';
    end if;
    if status is not null then
        return;
    end if;

    first_seq := known.last_seq + 1;
    select * into appended from append_events(p_workspace, p_conversation, known.last_seq, known.last_hash,
        p_kinds, p_ats, p_bodies, p_text_ids, p_contents, p_salts);
    insert into outbox (id, workspace_id, conversation_id, event_seq, draft_digest, channel, recipient,
        idempotency_key, due_at)
    select r.id, p_workspace, p_conversation, known.last_seq + r.event, r.draft_digest, r.channel, r.recipient,
        r.idempotency_key, p_at
    from jsonb_to_recordset(p_outbox) as r(id uuid, event int, draft_digest text, channel text, recipient text,
        idempotency_key text);
    update conversation c
    set last_seq = appended.new_seq, last_hash = appended.new_hash,
        owner_kind = p_snapshot -> 'owner' ->> 0, owner_id = p_snapshot -> 'owner' ->> 1,
        owner_epoch = (p_snapshot ->> 'owner_epoch')::int,
        decided_customer_seq = (p_snapshot ->> 'decided_customer_seq')::int,
        language = p_snapshot ->> 'language', closed = (p_snapshot ->> 'closed')::boolean,
        waiting_since = case when 'message.released' = any (p_kinds) and (p_snapshot -> 'owner' ->> 0) <> 'queue'
            or 'conversation.handed_back' = any (p_kinds) or (p_snapshot ->> 'closed')::boolean
            then null else c.waiting_since end,
        queue = coalesce(p_snapshot ->> 'queue', case p_snapshot -> 'owner' ->> 0 when 'queue'
            then p_snapshot -> 'owner' ->> 1 else c.queue end),
        urgency = case p_snapshot ->> 'urgency' when 'critical' then 0 when 'high' then 1 when 'low' then 3 else 2 end,
        snoozed_until = (p_snapshot ->> 'snoozed_until')::timestamptz,
        target_at = case p_snapshot -> 'owner' ->> 0 when 'assistant' then null else c.target_at end,
        asked_at = (clocks ->> 'asked_at')::timestamptz, ai_at = (clocks ->> 'ai_at')::timestamptz,
        handed_at = (clocks ->> 'handed_at')::timestamptz, person_at = (clocks ->> 'person_at')::timestamptz,
        closed_at = (clocks ->> 'closed_at')::timestamptz,
        snapshot = p_snapshot, snapshot_seq = appended.new_seq, changed_at = p_at
    where c.id = p_conversation;
    if p_kinds && array['note.written', 'tag.added', 'tag.removed'] then
        perform keep_work(p_workspace, p_conversation, first_seq, p_kinds, p_ats, p_bodies, p_snapshot);
    end if;
    status := 'ok';
end $$;

-- Keeps what can be asked about notes and tags: whom a note mentions, which tags a conversation carries now.
create function keep_work(
    p_workspace uuid, p_conversation uuid, p_first_seq int, p_kinds text[], p_ats timestamptz[], p_bodies bytea[],
    p_snapshot jsonb
) returns void language plpgsql as $$
begin
    insert into mention (workspace_id, staff_id, conversation_id, seq, at)
    select distinct on (who.id) p_workspace, who.id::uuid, p_conversation, p_first_seq + e.place::int - 1, e.at
    from unnest(p_kinds, p_ats, p_bodies) with ordinality as e(kind, at, body, place),
        jsonb_array_elements_text(convert_from(e.body, 'UTF8')::jsonb -> 'payload' -> 'mentions') as who(id)
    where e.kind = 'note.written'
    order by who.id, e.place desc
    on conflict (workspace_id, staff_id, conversation_id)
        do update set seq = excluded.seq, at = excluded.at, seen_at = null;
    if p_kinds && array['tag.added', 'tag.removed'] then
        delete from conversation_tag t where t.conversation_id = p_conversation and not (p_snapshot -> 'tags') ? t.name;
        insert into conversation_tag (workspace_id, name, conversation_id)
        select p_workspace, carried.name, p_conversation
        from jsonb_array_elements_text(p_snapshot -> 'tags') as carried(name)
        on conflict do nothing;
    end if;
end $$;

grant execute on all functions in schema taktvoll to {app_role};
