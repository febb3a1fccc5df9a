-- The two functions of a turn. Each runs as one statement and so as one commit; each sets the workspace for its
-- transaction first, so that row-level security applies to everything it touches.

-- Appends events to a conversation whose row is locked by the caller. The chain is computed here, in the appending
-- statement: hash = sha256(prev_hash || conversation_id || int8send(seq) || body).
create function append_events(
    p_workspace uuid, p_conversation uuid, p_last_seq int, p_last_hash bytea,
    p_kinds text[], p_ats timestamptz[], p_bodies bytea[],
    p_text_ids uuid[], p_contents text[], p_salts bytea[],
    out new_seq int, out new_hash bytea
) language plpgsql as $$
declare
    prev bytea;
begin
    new_seq := p_last_seq;
    new_hash := p_last_hash;
    for i in 1 .. coalesce(array_length(p_kinds, 1), 0) loop
        new_seq := new_seq + 1;
        prev := new_hash;
        new_hash := sha256(prev || uuid_send(p_conversation) || int8send(new_seq::bigint) || p_bodies[i]);
        if p_text_ids[i] is not null then
            insert into personal_text (id, workspace_id, conversation_id, content, salt)
            values (p_text_ids[i], p_workspace, p_conversation, p_contents[i], p_salts[i]);
        end if;
        insert into event (workspace_id, conversation_id, seq, kind, at, body, text_id, prev_hash, hash)
        values (p_workspace, p_conversation, new_seq, p_kinds[i], p_ats[i], p_bodies[i], p_text_ids[i], prev, new_hash);
    end loop;
end $$;

-- First commit of a turn. Refuses the duplicate, opens the conversation if needed, appends, returns the cached state.
-- p_opening is used only when the conversation does not exist; p_reopening only when it is closed.
create function accept_message(
    p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamptz,
    p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea,
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
        waiting_since = coalesce(c.waiting_since, p_at), changed_at = p_at
    where c.id = p_conversation;
    status := 'accepted';
    snapshot := known.snapshot;
    snapshot_seq := known.snapshot_seq;
end $$;

-- Second commit of a turn, and of every other change: checks the guards, appends, writes the outbox, keeps the snapshot.
-- A guard given as null is not checked; that p_snapshot was folded from all that changes a state is always checked.
-- p_turn: the customer message being decided, so that none is decided twice.
-- p_outbox: one JSON object a row: id, event (index into the new events, from 1),
-- draft_digest, channel, recipient, idempotency_key.
create function decide_turn(
    p_workspace uuid, p_conversation uuid, p_expect_epoch int, p_expect_customer_seq int, p_turn int,
    p_expect_revision bigint, p_at timestamptz, p_kinds text[], p_ats timestamptz[], p_bodies bytea[],
    p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb,
    out status text, out first_seq int
) language plpgsql as $$
declare
    known conversation%rowtype;
    appended record;
    based_on int := (p_snapshot ->> 'last_seq')::int - cardinality(p_kinds);
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
            and e.seq > based_on and e.kind not in ('feedback.given', 'delivery.confirmed')) then
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
            or (p_snapshot ->> 'closed')::boolean then null else c.waiting_since end,
        snapshot = p_snapshot, snapshot_seq = appended.new_seq, changed_at = p_at
    where c.id = p_conversation;
    status := 'ok';
end $$;

-- Appends events that change no state (feedback, receipts): they never invalidate a draft and keep the snapshot fresh.
create function note_events(
    p_workspace uuid, p_conversation uuid, p_kinds text[], p_ats timestamptz[], p_bodies bytea[],
    out status text, out first_seq int
) language plpgsql as $$
declare
    known conversation%rowtype;
    appended record;
    n int := array_length(p_kinds, 1);
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    select * into known from conversation c where c.id = p_conversation for update;
    if not found then
        status := 'unknown';
        return;
    end if;
    first_seq := known.last_seq + 1;
    select * into appended from append_events(p_workspace, p_conversation, known.last_seq, known.last_hash,
        p_kinds, p_ats, p_bodies, array_fill(null::uuid, array[n]), array_fill(null::text, array[n]),
        array_fill(null::bytea, array[n]));
    update conversation c
    set last_seq = appended.new_seq, last_hash = appended.new_hash,
        snapshot_seq = case when c.snapshot_seq = known.last_seq then appended.new_seq else c.snapshot_seq end
    where c.id = p_conversation;
    status := 'ok';
end $$;

-- Marks what a device confirmed to have shown, and puts one receipt on record for all of it; nothing new, no receipt.
create function confirm_delivery(
    p_workspace uuid, p_conversation uuid, p_up_to int, p_at timestamptz, p_body bytea,
    out confirmed int, out seq int
) language plpgsql as $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    perform 1 from conversation c where c.id = p_conversation for update;
    update outbox o set state = 'confirmed', receipt = jsonb_build_object('at', p_at, 'by', 'device')
    where o.conversation_id = p_conversation and o.event_seq <= p_up_to and o.state <> 'confirmed';
    get diagnostics confirmed = row_count;
    if confirmed > 0 then
        select n.first_seq into seq
        from note_events(p_workspace, p_conversation, array['delivery.confirmed'], array[p_at], array[p_body]) n;
    end if;
end $$;
