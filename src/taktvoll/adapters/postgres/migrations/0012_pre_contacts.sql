-- Contacts: who writes to us, by which addresses, and what proves them. All of it is personal and lies beside the chain, so
-- it can be erased; the log holds ids and codes alone.

create table contact (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    name text not null default '',
    address_form text check (address_form in ('sie', 'du')),
    language text not null default '',
    notes text not null default '',
    learnt text[] not null default '{}',
    -- Who speaks for it. What it owns stays its own, so that taking the pointer away restores exactly.
    merged_into uuid references contact check (merged_into <> id),
    merged_at timestamptz,
    merged_by text not null default '',
    made_at timestamptz not null,
    changed_at timestamptz not null,
    habits_at timestamptz,
    erased_at timestamptz
);
create index contact_changed on contact (workspace_id, changed_at desc) where merged_into is null;
create index contact_merged on contact (merged_into) where merged_into is not null;
comment on column contact.learnt is 'fields read from messages, not set by staff';

create table contact_identity (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    contact_id uuid not null references contact,
    channel text not null,
    address text not null,
    written text not null,
    proof text not null check (proof in ('mail_authenticated', 'code_confirmed', 'staff_confirmed', 'unproven')),
    proven_at timestamptz,
    proven_by text not null default '',
    made_at timestamptz not null,
    check ((proof = 'unproven') = (proven_at is null))
);
-- A proven address is one person's; anybody may be said to have one.
create unique index contact_identity_proven on contact_identity (workspace_id, channel, address) where proof <> 'unproven';
create unique index contact_identity_noted on contact_identity (contact_id, channel, address);

create table contact_log (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    contact_id uuid not null references contact,
    at timestamptz not null,
    kind text not null,
    actor text not null,
    detail jsonb not null default '{}',
    place bigint not null generated always as identity
);
create index contact_log_contact on contact_log (contact_id, place desc);

-- Codes that were asked for. The code itself is nowhere: it is made of the id and a key that is not in the database.
create table contact_code (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    conversation_id uuid not null references conversation,
    address_digest bytea not null,
    address text,
    written text,
    sent boolean not null,
    tries int not null default 0,
    open boolean not null default true,
    at timestamptz not null
);
create index contact_code_conversation on contact_code (conversation_id, at desc);
create index contact_code_address on contact_code (workspace_id, address_digest, at desc);

alter table conversation add column contact_id uuid references contact;
-- The identity that answers went to when the conversation left the channel it began in; its mails come back here.
alter table conversation add column reached_by uuid references contact_identity on delete set null;
create index conversation_contact on conversation (contact_id, changed_at desc) where contact_id is not null;
create index outbox_unseen on outbox (workspace_id, due_at) where channel = 'webchat' and state = 'due';

do $$
declare
    name text;
begin
    foreach name in array array['contact', 'contact_identity', 'contact_log', 'contact_code']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;

grant select, insert, update on contact to {app_role};
grant select, insert, update, delete on contact_identity, contact_code to {app_role};
grant select, insert on contact_log to {app_role};

-- Who speaks for a contact. Pointers make no loop (joining.py, under one lock); union, not union all, would end in one.
create function contact_root(p_contact uuid) returns uuid language sql stable as $$
    with recursive up as (
        select c.id, c.merged_into from contact c where c.id = p_contact
        union
        select c.id, c.merged_into from up join contact c on c.id = up.merged_into
    )
    select up.id from up where up.merged_into is null
$$;

-- A contact and all for which it speaks.
create function contact_tree(p_root uuid) returns setof uuid language sql stable as $$
    with recursive down as (
        select p_root as id
        union
        select c.id from down join contact c on c.merged_into = down.id
    )
    select down.id from down
$$;

-- A device confirms what it has shown. New: a message that leaves by mail is not confirmed by a chat.
create or replace function confirm_delivery(
    p_workspace uuid, p_conversation uuid, p_up_to int, p_at timestamptz, p_body bytea,
    out confirmed int, out seq int
) language plpgsql as $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    perform 1 from conversation c where c.id = p_conversation for update;
    update outbox o set state = 'confirmed', receipt = jsonb_build_object('at', p_at, 'by', 'device')
    where o.conversation_id = p_conversation and o.event_seq <= p_up_to and o.state <> 'confirmed'
        and o.channel <> 'mail';
    get diagnostics confirmed = row_count;
    if confirmed > 0 then
        select n.first_seq into seq
        from note_events(p_workspace, p_conversation, array['delivery.confirmed'], array[p_at], array[p_body]) n;
    end if;
end $$;

-- Second commit of a turn, as in 0011. New: a code that was sent invalidates nothing (as what a carrier notes, and notes).
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
                'delivery.delayed', 'note.written', 'code.sent')) then
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

-- Answers leave by another channel from now on, and so does what no device has shown since p_since_seq, in one commit:
-- the rest of the arguments are decide_turn's.
create function reroute_conversation(
    p_channel text, p_identity uuid, p_since_seq int,
    p_workspace uuid, p_conversation uuid, p_expect_epoch int, p_expect_customer_seq int, p_turn int,
    p_expect_revision bigint, p_at timestamptz, p_kinds text[], p_ats timestamptz[], p_bodies bytea[],
    p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb,
    out status text, out first_seq int
) language plpgsql as $$
declare
    decided record;
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    perform 1 from conversation c where c.id = p_conversation for update;
    if p_since_seq is not null and not exists (select 1 from outbox o where o.conversation_id = p_conversation
            and o.event_seq = p_since_seq and o.state = 'due' and o.channel = 'webchat') then
        status := 'state_changed';  -- a device has shown it meanwhile
        return;
    end if;
    select * into decided from decide_turn(p_workspace, p_conversation, p_expect_epoch, p_expect_customer_seq, p_turn,
        p_expect_revision, p_at, p_kinds, p_ats, p_bodies, p_text_ids, p_contents, p_salts, p_outbox, p_snapshot);
    status := decided.status;
    first_seq := decided.first_seq;
    if status = 'ok' then
        update conversation c set reached_by = p_identity where c.id = p_conversation;
        update outbox o set channel = p_channel, due_at = p_at
        where o.conversation_id = p_conversation and o.event_seq >= p_since_seq and o.state = 'due'
            and o.channel = 'webchat';
    end if;
end $$;

grant execute on all functions in schema taktvoll to {app_role};
