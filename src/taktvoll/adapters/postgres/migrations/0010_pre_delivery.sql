-- Delivery: rows of the outbox that we send ourselves are claimed by a worker for a while, tried, and settled. While a row
-- is claimed its due_at is the end of the claim, so that a killed worker's row comes due again by itself.

alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check check (state in ('due', 'sending', 'sent', 'confirmed', 'failed'));
alter table outbox add column claim uuid;
alter table outbox add column first_tried_at timestamptz;
-- An earlier attempt ended without a word: the message may have arrived.
alter table outbox add column unsure boolean not null default false;

-- outbox_open holds every message that a chat's device has not confirmed, for ever; a carrier looks only at its own.
create index outbox_carried on outbox (workspace_id, channel, due_at) where state in ('due', 'sending');

-- Takes rows that are due. A row that is still "sending" when it comes due again was left by someone who died.
create function claim_deliveries(
    p_workspace uuid, p_channels text[], p_claim uuid, p_now timestamptz, p_until timestamptz, p_limit int
) returns table (
    id uuid, conversation_id uuid, event_seq int, channel text, idempotency_key text, tries int,
    first_tried_at timestamptz, unsure boolean
) language plpgsql as $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    return query
    with ready as (
        select o.id from outbox o
        where o.workspace_id = p_workspace and o.channel = any (p_channels) and o.state in ('due', 'sending')
            and o.due_at <= p_now
        order by o.due_at
        limit p_limit
        for update skip locked
    )
    update outbox o
    set unsure = o.unsure or o.state = 'sending', state = 'sending', claim = p_claim, due_at = p_until,
        tries = o.tries + 1, first_tried_at = coalesce(o.first_tried_at, p_now)
    from ready
    where o.id = ready.id
    returning o.id, o.conversation_id, o.event_seq, o.channel, o.idempotency_key, o.tries, o.first_tried_at, o.unsure;
end $$;

-- Records how an attempt ended, and its event, in one commit. The conversation is locked first, as everywhere.
-- p_claim is null for a report about a row that was sent.
create function settle_delivery(
    p_workspace uuid, p_id uuid, p_claim uuid, p_state text, p_due_at timestamptz, p_counts boolean, p_unsure boolean,
    p_receipt jsonb, p_kind text, p_at timestamptz, p_body bytea,
    out status text, out seq int
) language plpgsql as $$
declare
    conversation uuid;
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    select o.conversation_id into conversation from outbox o where o.id = p_id;
    perform 1 from conversation c where c.id = conversation for update;
    update outbox o
    set state = p_state, due_at = coalesce(p_due_at, o.due_at), claim = null, unsure = o.unsure or p_unsure,
        tries = o.tries - case when p_counts then 0 else 1 end, receipt = coalesce(p_receipt, o.receipt)
    where o.id = p_id and o.claim is not distinct from p_claim
        and o.state = any (case when p_claim is null then array['sent'] else array['sending'] end);
    if not found then
        status := 'lost';
        return;
    end if;
    if p_kind is not null then
        select n.first_seq into seq
        from note_events(p_workspace, conversation, array[p_kind], array[p_at], array[p_body]) n;
    end if;
    status := 'ok';
end $$;

-- Gives a row up and hands its conversation to a person, in one commit: the rest of the arguments are decide_turn's.
create function fail_delivery(
    p_id uuid, p_claim uuid, p_receipt jsonb,
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
    perform 1 from outbox o
    where o.id = p_id and o.claim is not distinct from p_claim
        and o.state = any (case when p_claim is null then array['sent', 'confirmed'] else array['sending'] end);
    if not found then
        status := 'lost';
        return;
    end if;
    select * into decided from decide_turn(p_workspace, p_conversation, p_expect_epoch, p_expect_customer_seq, p_turn,
        p_expect_revision, p_at, p_kinds, p_ats, p_bodies, p_text_ids, p_contents, p_salts, p_outbox, p_snapshot);
    status := decided.status;
    first_seq := decided.first_seq;
    if status = 'ok' then
        update outbox o set state = 'failed', claim = null, receipt = p_receipt where o.id = p_id;
        -- Nobody has answered this customer: they wait, from now on at the latest.
        update conversation c set waiting_since = coalesce(c.waiting_since, p_at) where c.id = p_conversation;
    end if;
end $$;

-- Second commit of a turn, as in 0002. New: what a carrier notes changes no state, so it invalidates no decision.
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
                'delivery.delayed')) then
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

grant execute on all functions in schema taktvoll to {app_role};
