-- What all migrations together make; written by `python -m tests.migration.schema`, never by hand.
CREATE SCHEMA taktvoll;
CREATE FUNCTION taktvoll.accept_automatic(p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, OUT status text, OUT seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    known conversation%rowtype;
    appended record;
    n int;
begin
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
    n := case when known.last_seq = 0 then 2 else 1 end;
    select * into appended from append_events(p_workspace, p_conversation, known.last_seq, known.last_hash,
        case when n = 2 then array['conversation.started', p_kind] else array[p_kind] end,
        array_fill(p_at, array[n]),
        case when n = 2 then array[p_opening, p_body] else array[p_body] end,
        array_fill(null::uuid, array[n - 1]) || p_text_id,
        array_fill(null::text, array[n - 1]) || p_content,
        array_fill(null::bytea, array[n - 1]) || p_salt);
    seq := appended.new_seq;
    insert into inbound (workspace_id, channel, account_id, provider_id, conversation_id, seq)
    values (p_workspace, p_channel, p_account, p_provider_id, p_conversation, seq);
    update conversation c
    set last_seq = appended.new_seq, last_hash = appended.new_hash,
        snapshot_seq = case when c.snapshot_seq = known.last_seq then appended.new_seq else c.snapshot_seq end
    where c.id = p_conversation;
    status := 'accepted';
end $$;
CREATE FUNCTION taktvoll.accept_mail(p_workspace uuid, p_conversation uuid, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_reopening bytea, p_waking bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, p_mail jsonb, p_packed bytea, p_attachments jsonb, p_validity bigint, p_uid bigint, OUT status text, OUT conversation_id uuid, OUT seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    accepted record;
    bytes_hash bytea := decode(p_mail ->> 'sha256', 'hex');
    kind_of_machine text := p_mail ->> 'automatic';
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    -- Copies of one mail come to several mailboxes, and by several doors, at the same instant.
    perform pg_advisory_xact_lock(hashtextextended(p_workspace::text || p_provider_id, 0));
    if p_uid is not null then
        perform advance_mailbox(p_workspace, p_account, p_validity, p_uid, p_at);
    end if;
    select m.conversation_id, m.seq into conversation_id, seq
    from mail_original o join mail_message m on m.id = o.id
    where o.workspace_id = p_workspace and o.account_id = p_account and o.sha256 = bytes_hash;
    if not found then
        select i.conversation_id, i.seq into conversation_id, seq from inbound i
        where i.workspace_id = p_workspace and i.channel = 'mail' and i.provider_id = p_provider_id;
    end if;
    if found then
        status := 'duplicate';
        return;
    end if;
    if kind_of_machine <> '' then
        select a.status, a.seq into accepted from accept_automatic(p_workspace, p_conversation, 'mail', p_account,
            p_provider_id, p_at, p_opening, p_kind, p_body, p_text_id, p_content, p_salt) a;
    else
        select a.status, a.seq into accepted from accept_message(p_workspace, p_conversation, 'mail', p_account,
            p_provider_id, p_at, p_opening, p_reopening, p_kind, p_body, p_text_id, p_content, p_salt, p_waking) a;
    end if;
    status := accepted.status;
    conversation_id := p_conversation;
    seq := accepted.seq;
    if status <> 'accepted' then
        return;
    end if;
    insert into mail_original (id, workspace_id, account_id, sha256, size, whole, packed, at)
    values ((p_mail ->> 'id')::uuid, p_workspace, p_account, bytes_hash, (p_mail ->> 'size')::bigint,
        (p_mail ->> 'whole')::boolean, p_packed, p_at);
    insert into mail_message (id, workspace_id, account_id, conversation_id, seq, at, automatic, silent, message_id,
        sender, answers_to, facts)
    values ((p_mail ->> 'id')::uuid, p_workspace, p_account, p_conversation, accepted.seq, p_at, kind_of_machine,
        p_mail ->> 'silent', p_mail ->> 'message_id', p_mail ->> 'sender', p_mail ->> 'answers_to', p_mail -> 'facts');
    insert into mail_attachment (mail_id, workspace_id, place, name, type, sniffed, size, inline, encrypted)
    select (p_mail ->> 'id')::uuid, p_workspace, a.place, a.name, a.type, a.sniffed, a.size, a.inline, a.encrypted
    from jsonb_to_recordset(p_attachments) as a(place int, name text, type text, sniffed text, size bigint,
        inline boolean, encrypted boolean);
end $$;
CREATE FUNCTION taktvoll.accept_message(p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, OUT status text, OUT seq integer, OUT snapshot jsonb, OUT snapshot_seq integer, OUT edition integer, OUT revision bigint) RETURNS record
    LANGUAGE sql
    AS $$
    select * from accept_message(p_workspace, p_conversation, p_channel, p_account, p_provider_id, p_at, p_opening,
        p_reopening, p_kind, p_body, p_text_id, p_content, p_salt, null::bytea)
$$;
CREATE FUNCTION taktvoll.accept_message(p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, p_waking bytea, OUT status text, OUT seq integer, OUT snapshot jsonb, OUT snapshot_seq integer, OUT edition integer, OUT revision bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.advance_mailbox(p_workspace uuid, p_account uuid, p_validity bigint, p_uid bigint, p_at timestamp with time zone, p_reset boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    insert into mailbox_state (account_id, workspace_id, uid_validity, last_uid, settled_uid, since)
    values (p_account, p_workspace, p_validity, p_uid, case when p_reset then p_uid else 0 end, p_at)
    on conflict (account_id) do update set
        last_uid = case when p_reset or mailbox_state.uid_validity is distinct from excluded.uid_validity
            then excluded.last_uid else greatest(mailbox_state.last_uid, excluded.last_uid) end,
        settled_uid = case when p_reset then excluded.last_uid else mailbox_state.settled_uid end,
        uid_validity = excluded.uid_validity;
end $$;
CREATE FUNCTION taktvoll.append_events(p_workspace uuid, p_conversation uuid, p_last_seq integer, p_last_hash bytea, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], OUT new_seq integer, OUT new_hash bytea) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.bind_chat_files() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    named uuid[];
    found_n int;
begin
    select array_agg((f ->> 'id')::uuid) into named
    from personal_text t, jsonb_array_elements(t.content::jsonb -> 'files') f where t.id = new.text_id;
    update chat_file set text_id = new.text_id
    where id = any (named) and conversation_id = new.conversation_id and text_id is null;
    get diagnostics found_n = row_count;
    if found_n <> coalesce(cardinality(named), 0) then
        raise exception using errcode = 'no_data_found', message = 'a file of this message is gone';
    end if;
    return null;
end $$;
CREATE FUNCTION taktvoll.claim_deliveries(p_workspace uuid, p_channels text[], p_claim uuid, p_now timestamp with time zone, p_until timestamp with time zone, p_limit integer) RETURNS TABLE(id uuid, conversation_id uuid, event_seq integer, channel text, idempotency_key text, tries integer, first_tried_at timestamp with time zone, unsure boolean)
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.confirm_delivery(p_workspace uuid, p_conversation uuid, p_up_to integer, p_at timestamp with time zone, p_body bytea, OUT confirmed integer, OUT seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.contact_fold(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select btrim(regexp_replace(search_fold(p_text), '\s+', ' ', 'g'))
$$;
CREATE FUNCTION taktvoll.contact_grams(p_said text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select array(select distinct substr(p_said, n, 3) from generate_series(1, length(p_said) - 2) n)
$$;
CREATE FUNCTION taktvoll.contact_root(p_contact uuid) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$
    with recursive up as (
        select c.id, c.merged_into from contact c where c.id = p_contact
        union
        select c.id, c.merged_into from up join contact c on c.id = up.merged_into
    )
    select up.id from up where up.merged_into is null
$$;
CREATE FUNCTION taktvoll.contact_search_identity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
begin
    if tg_op = 'DELETE' then
        delete from contact_search s where s.source_id = old.id;
    else
        perform keep_contact_search(new.id, new.workspace_id, new.contact_id,
            contact_fold(case when new.written = new.address then new.address else new.address || ' ' || new.written end));
    end if;
    return null;
end $$;
CREATE FUNCTION taktvoll.contact_search_name() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
begin
    if tg_op = 'DELETE' or new.name = '' then
        delete from contact_search s where s.source_id = old.id;
    else
        perform keep_contact_search(new.id, new.workspace_id, new.id, contact_fold(new.name));
    end if;
    return null;
end $$;
CREATE FUNCTION taktvoll.contact_tree(p_root uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    AS $$
    with recursive down as (
        select p_root as id
        union
        select c.id from down join contact c on c.merged_into = down.id
    )
    select down.id from down
$$;
CREATE FUNCTION taktvoll.decide_turn(p_workspace uuid, p_conversation uuid, p_expect_epoch integer, p_expect_customer_seq integer, p_turn integer, p_expect_revision bigint, p_at timestamp with time zone, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb, OUT status text, OUT first_seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
    elsif known.last_seq <> based_on and p_kinds && array['callback.wished', 'appointment.made', 'reply_address.confirmed'] then
        status := 'state_changed';
    elsif known.last_seq <> based_on and exists (select 1 from event e where e.conversation_id = p_conversation
            and e.seq > based_on and e.kind not in ('feedback.given', 'code.sent', 'delivery.confirmed', 'target.missed', 'delivery.sent',
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
CREATE FUNCTION taktvoll.erase_chat_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and new.content is not null then
        return null;
    end if;
    -- Whoever erases by hand, outside the program, has set no workspace; the row says which one it is.
    if coalesce(current_setting('taktvoll.workspace', true), '') = '' then
        perform set_config('taktvoll.workspace', old.workspace_id::text, true);
    end if;
    update chat_file set name = null, content = null, erased_at = now() where text_id = old.id;
    delete from chat_file where conversation_id = old.conversation_id and text_id is null;
    return null;
end $$;
CREATE FUNCTION taktvoll.erase_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and new.content is not null then
        return null;
    end if;
    -- Whoever erases by hand, outside the program, has set no workspace; the row says which one it is.
    if coalesce(current_setting('taktvoll.workspace', true), '') = '' then
        perform set_config('taktvoll.workspace', old.workspace_id::text, true);
    end if;
    update reply_file set name = null, content = null, erased_at = now() where text_id = old.id;
    delete from reply_file where conversation_id = old.conversation_id and text_id is null;
    return null;
end $$;
CREATE FUNCTION taktvoll.fail_delivery(p_id uuid, p_claim uuid, p_receipt jsonb, p_workspace uuid, p_conversation uuid, p_expect_epoch integer, p_expect_customer_seq integer, p_turn integer, p_expect_revision bigint, p_at timestamp with time zone, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb, OUT status text, OUT first_seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.find_contacts(p_text text, p_limit integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
declare
    place uuid := current_setting('taktvoll.workspace')::uuid;
    typed text := contact_fold(p_text);
    asked text[] := contact_grams(typed);
    found uuid[];
begin
    -- What many have shows among the contacts that changed last: so it is found without gathering everybody.
    found := array(select c.id from (
            select c.id, c.changed_at from contact c
            where c.workspace_id = place and c.merged_into is null and c.erased_at is null
            order by c.changed_at desc limit 500) c
        where typed = '' or exists (select 1 from contact_search s where s.contact_id = c.id and strpos(s.said, typed) > 0)
            or (exists (select 1 from contact m where m.merged_into = c.id) and exists (
                select 1 from contact_tree(c.id) t(id) join contact_search s on s.contact_id = t.id
                where strpos(s.said, typed) > 0))
        order by c.changed_at desc limit p_limit);
    if typed = '' or cardinality(found) = p_limit then
        return query select f.id from unnest(found) with ordinality f(id, n) order by f.n;
        return;
    end if;
    -- What few have is gathered and then ordered: by the index, or by reading where it is too short for that. Step by step:
    -- as one, the planner, which takes any three letters for frequent, reads all contacts.
    if cardinality(asked) > 0 then
        found := array(select s.contact_id from contact_search s
            where s.workspace_id = place and s.grams @> asked and strpos(s.said, typed) > 0);
    else
        found := array(select s.contact_id from contact_search s
            where s.workspace_id = place and strpos(s.said, typed) > 0);
    end if;
    found := array(select case when o.merged_into is null then o.id else contact_root(o.id) end
        from contact o where o.id = any (found));
    return query select c.id from contact c
    where c.id = any (found) and c.workspace_id = place and c.erased_at is null
    order by c.changed_at desc limit p_limit;
end $$;
CREATE FUNCTION taktvoll.find_texts(p_words text, p_starts text[], p_state text, p_owner text, p_tag text, p_channel text, p_language text, p_from timestamp with time zone, p_to timestamp with time zone, p_after_at timestamp with time zone, p_after_id uuid, p_limit integer) RETURNS TABLE(text_id uuid, conversation_id uuid, kind text, at timestamp with time zone, seq integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $_$
declare
    place uuid := current_setting('taktvoll.workspace')::uuid;
    asked tsquery := search_query(p_words, p_starts);
    narrowed text;
    newest text := 's.at desc, s.text_id desc';
    hits int;
begin
    -- The planner cannot know how rare a word is that it has never seen. A frequent one shows among the newest texts, and
    -- of others the index can say how many there are; to ask it first would gather every text that has a frequent word.
    -- A rare one is found by its words and then ordered; for a frequent one the newest texts are read until a page is full.
    select count(*) into hits from (
        select 1 from (select r.words from search_text r where r.workspace_id = place order by r.at desc limit 2000) recent
        where recent.words @@ asked limit 40) few;
    if hits = 40 then
        hits := 2000;
    else
        perform set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true);
        select count(*) into hits from (select 1 from search_text s where s.words @@ asked limit 2000) few;
        perform set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'on', true);
    end if;
    if hits < 2000 then
        newest := 's.at + interval ''0'' desc, s.text_id desc';
    end if;
    narrowed := concat(
        case p_state when 'open' then ' and c.owner_kind <> ''assistant'' and not c.closed'
            when 'closed' then ' and c.closed' when 'assistant' then ' and c.owner_kind = ''assistant'' and not c.closed' end,
        case when p_owner <> '' then ' and c.owner_kind = ''person'' and c.owner_id = $3' end,
        case when p_tag <> '' then ' and exists (select 1 from conversation_tag g where g.conversation_id = c.id
            and g.workspace_id = $2 and g.name = $4)' end,
        case when p_channel <> '' then ' and c.channel = $5' end,
        case when p_language <> '' then ' and c.language ^@ $6' end,
        case when p_from is not null then ' and s.at >= $7' end,
        case when p_to is not null then ' and s.at < $8' end,
        case when p_after_at is not null then ' and (s.at, s.text_id) < ($9, $10)' end);
    return query execute
        'select s.text_id, s.conversation_id, s.kind, s.at, s.seq from search_text s '
        'join conversation c on c.id = s.conversation_id and c.channel <> ''command'' '
        'where s.workspace_id = $2 and s.words @@ $1' || narrowed ||
        ' and not exists (select 1 from search_text n where n.conversation_id = s.conversation_id and n.words @@ $1
            and (n.at, n.text_id) > (s.at, s.text_id)' || concat(
            case when p_from is not null then ' and n.at >= $7' end, case when p_to is not null then ' and n.at < $8' end) ||
        ') order by ' || newest || ' limit $11'
        using asked, place, p_owner, p_tag, p_channel, p_language, p_from, p_to, p_after_at, p_after_id, p_limit;
end $_$;
CREATE FUNCTION taktvoll.follow_personal_text() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and new.content is not null then
        update search_text s set words = search_words(new.content) where s.text_id = new.id;
        return null;
    end if;
    -- Whoever erases by hand, outside the program, has set no workspace; the row says which one it is.
    if coalesce(current_setting('taktvoll.workspace', true), '') = '' then
        perform set_config('taktvoll.workspace', old.workspace_id::text, true);
    end if;
    delete from search_text s where s.text_id = old.id;
    delete from reply_draft d where d.conversation_id = old.conversation_id;
    delete from pending_reply p where p.conversation_id = old.conversation_id;
    return null;
end $$;
CREATE FUNCTION taktvoll.keep_contact_search(p_source uuid, p_workspace uuid, p_contact uuid, p_said text) RETURNS void
    LANGUAGE sql
    AS $$
    insert into contact_search (source_id, workspace_id, contact_id, said, grams)
    values (p_source, p_workspace, p_contact, p_said, contact_grams(p_said))
    on conflict (source_id) do update set contact_id = excluded.contact_id, said = excluded.said, grams = excluded.grams
$$;
CREATE FUNCTION taktvoll.keep_conversation_code() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into conversation_code (conversation_id, workspace_id, code)
    values (new.id, new.workspace_id, right(new.id::text, 4)) on conflict do nothing;
    return null;
end $$;
CREATE FUNCTION taktvoll.keep_search_text() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'taktvoll', 'pg_temp'
    AS $$
begin
    insert into search_text (text_id, workspace_id, conversation_id, seq, kind, at, words)
    select t.id, new.workspace_id, new.conversation_id, new.seq, new.kind, new.at, search_words(t.content)
    from personal_text t where t.id = new.text_id and t.content like '{%'
    on conflict do nothing;
    return null;
end $$;
CREATE FUNCTION taktvoll.keep_work(p_workspace uuid, p_conversation uuid, p_first_seq integer, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_snapshot jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.miss_assistant(p_workspace uuid, p_conversation uuid, p_since integer, p_at timestamp with time zone, p_body bytea, OUT seq integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    perform 1 from conversation c where c.id = p_conversation for update;
    if not found or exists (
        select 1 from event e where e.conversation_id = p_conversation and e.seq > p_since and e.kind = 'target.missed'
            and convert_from(e.body, 'UTF8')::jsonb -> 'payload' @> jsonb_build_object('since', p_since, 'target', 'assistant')
    ) then
        return;
    end if;
    select n.first_seq into seq
    from note_events(p_workspace, p_conversation, array['target.missed'], array[p_at], array[p_body]) n;
end $$;
CREATE FUNCTION taktvoll.miss_target(p_workspace uuid, p_conversation uuid, p_kind text, p_seq integer, p_at timestamp with time zone, p_body bytea, OUT seq integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    perform 1 from conversation c where c.id = p_conversation
        and (c.target_seq = c.last_seq or (c.target_seq = 0 and c.owner_kind = 'assistant')) for update;
    if not found then
        return;
    end if;
    update target_clock t set missed_at = p_at
    where t.conversation_id = p_conversation and t.kind = p_kind and t.seq = p_seq and t.missed_at is null
        and t.due_at <= p_at and (t.until is null or t.until > t.due_at);
    if not found then
        return;
    end if;
    select n.first_seq into seq
    from note_events(p_workspace, p_conversation, array['target.missed'], array[p_at], array[p_body]) n;
    update conversation c set target_seq = c.last_seq where c.id = p_conversation and c.target_seq = seq - 1;
end $$;
CREATE FUNCTION taktvoll.note_events(p_workspace uuid, p_conversation uuid, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], OUT status text, OUT first_seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.reroute_conversation(p_channel text, p_identity uuid, p_since_seq integer, p_workspace uuid, p_conversation uuid, p_expect_epoch integer, p_expect_customer_seq integer, p_turn integer, p_expect_revision bigint, p_at timestamp with time zone, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb, OUT status text, OUT first_seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION taktvoll.search_fold(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select translate(lower(p_text), 'áàâãåéèêëíìîïóòôõúùûçñýÿšžčćğışłń', 'aaaaaeeeeiiiioooouuucnyyszccgisln')
$$;
CREATE FUNCTION taktvoll.search_query(p_words text, p_starts text[]) RETURNS tsquery
    LANGUAGE plpgsql STABLE
    AS $$
declare
    asked tsquery := websearch_to_tsquery('pg_catalog.german', search_fold(p_words));
    word text;
begin
    foreach word in array p_starts
    loop
        asked := asked && to_tsquery('pg_catalog.german', quote_literal(search_fold(word)) || ':*');
    end loop;
    return asked;
end $$;
CREATE FUNCTION taktvoll.search_words(p_content text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select to_tsvector('pg_catalog.german', search_fold(concat_ws(' ',
        p_content::jsonb -> 'mail' -> 'from' ->> 0, p_content::jsonb -> 'mail' -> 'from' ->> 1,
        coalesce(
            p_content::jsonb ->> 'text',
            (select string_agg(p ->> 'text', ' ') from jsonb_array_elements(p_content::jsonb -> 'parts') p
                where p ->> 'kind' <> 'notice')))))
$$;
CREATE FUNCTION taktvoll.send_files() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    named uuid[];
    found_n int;
begin
    select array_agg((f ->> 'id')::uuid) into named
    from personal_text t, jsonb_array_elements(t.content::jsonb -> 'files') f where t.id = new.text_id;
    update reply_file set text_id = new.text_id, pending_id = null
    where id = any (named) and conversation_id = new.conversation_id and text_id is null;
    get diagnostics found_n = row_count;
    if found_n <> coalesce(cardinality(named), 0) then
        raise exception using errcode = 'no_data_found', message = 'a file of this message is gone';
    end if;
    return null;
end $$;
CREATE FUNCTION taktvoll.settle_delivery(p_workspace uuid, p_id uuid, p_claim uuid, p_state text, p_due_at timestamp with time zone, p_counts boolean, p_unsure boolean, p_receipt jsonb, p_kind text, p_at timestamp with time zone, p_body bytea, OUT status text, OUT seq integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
CREATE TABLE taktvoll.answer_case (
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    customer_seq integer NOT NULL,
    topic text NOT NULL,
    origin text NOT NULL,
    light text NOT NULL,
    edition integer,
    rate_ppm integer NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT answer_case_origin_check CHECK ((origin = ANY (ARRAY['draw'::text, 'copilot'::text]))),
    CONSTRAINT answer_case_rate_ppm_check CHECK ((rate_ppm > 0))
);
ALTER TABLE ONLY taktvoll.answer_case FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.api_key (
    workspace_id uuid NOT NULL,
    handle text NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone
);
ALTER TABLE ONLY taktvoll.api_key FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.appointment_place (
    workspace_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    place integer NOT NULL,
    conversation_id uuid NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY taktvoll.appointment_place FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.autonomy_log (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    topic text NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    detail jsonb NOT NULL
);
ALTER TABLE ONLY taktvoll.autonomy_log FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.autonomy_setting (
    workspace_id uuid NOT NULL,
    error_ppm integer DEFAULT 30000 NOT NULL,
    confidence_ppm integer DEFAULT 950000 NOT NULL,
    draw_ppm integer DEFAULT 50000 NOT NULL,
    shadow boolean DEFAULT false NOT NULL,
    scanned_to timestamp with time zone,
    CONSTRAINT autonomy_setting_confidence_ppm_check CHECK (((confidence_ppm >= 500000) AND (confidence_ppm < 1000000))),
    CONSTRAINT autonomy_setting_draw_ppm_check CHECK (((draw_ppm > 0) AND (draw_ppm <= 1000000))),
    CONSTRAINT autonomy_setting_error_ppm_check CHECK (((error_ppm > 0) AND (error_ppm < 500000)))
);
ALTER TABLE ONLY taktvoll.autonomy_setting FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.channel_account (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    channel text NOT NULL,
    name text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE ONLY taktvoll.channel_account FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.chat_file (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    upload_id text NOT NULL,
    name text,
    type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    content bytea,
    text_id uuid,
    at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone
);
ALTER TABLE ONLY taktvoll.chat_file ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE ONLY taktvoll.chat_file FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.checkpoint (
    workspace_id uuid NOT NULL,
    number integer NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL,
    key_id text NOT NULL
);
ALTER TABLE ONLY taktvoll.checkpoint FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.contact (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    address_form text,
    language text DEFAULT ''::text NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    learnt text[] DEFAULT '{}'::text[] NOT NULL,
    merged_into uuid,
    merged_at timestamp with time zone,
    merged_by text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    habits_at timestamp with time zone,
    erased_at timestamp with time zone,
    seen_once text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT contact_address_form_check CHECK ((address_form = ANY (ARRAY['sie'::text, 'du'::text]))),
    CONSTRAINT contact_check CHECK ((merged_into <> id))
);
ALTER TABLE ONLY taktvoll.contact FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN taktvoll.contact.learnt IS 'fields read from messages, not set by staff';
COMMENT ON COLUMN taktvoll.contact.seen_once IS 'learnt fields that a single message showed so far';
CREATE TABLE taktvoll.contact_code (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    address_digest bytea NOT NULL,
    address text,
    written text,
    sent boolean NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    open boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY taktvoll.contact_code FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.contact_identity (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    written text NOT NULL,
    proof text NOT NULL,
    proven_at timestamp with time zone,
    proven_by text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT contact_identity_check CHECK (((proof = 'unproven'::text) = (proven_at IS NULL))),
    CONSTRAINT contact_identity_proof_check CHECK ((proof = ANY (ARRAY['mail_authenticated'::text, 'code_confirmed'::text, 'staff_confirmed'::text, 'unproven'::text])))
);
ALTER TABLE ONLY taktvoll.contact_identity FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.contact_log (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    place bigint NOT NULL
);
ALTER TABLE ONLY taktvoll.contact_log FORCE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.contact_log ALTER COLUMN place ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME taktvoll.contact_log_place_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE taktvoll.contact_search (
    source_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    said text NOT NULL,
    grams text[] NOT NULL
);
COMMENT ON COLUMN taktvoll.contact_search.source_id IS 'the contact whose name it is, or the identity whose address';
CREATE TABLE taktvoll.conversation (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    channel text NOT NULL,
    account_id uuid NOT NULL,
    owner_kind text DEFAULT 'assistant'::text NOT NULL,
    owner_id text DEFAULT ''::text NOT NULL,
    owner_epoch integer DEFAULT 0 NOT NULL,
    last_customer_seq integer DEFAULT 0 NOT NULL,
    decided_customer_seq integer DEFAULT 0 NOT NULL,
    last_seq integer DEFAULT 0 NOT NULL,
    last_hash bytea DEFAULT decode(repeat('00'::text, 32), 'hex'::text) NOT NULL,
    language text,
    closed boolean DEFAULT false NOT NULL,
    waiting_since timestamp with time zone,
    snapshot jsonb,
    snapshot_seq integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    queue text DEFAULT ''::text NOT NULL,
    urgency smallint DEFAULT 2 NOT NULL,
    snoozed_until timestamp with time zone,
    target_at timestamp with time zone,
    asked_at timestamp with time zone,
    ai_at timestamp with time zone,
    handed_at timestamp with time zone,
    person_at timestamp with time zone,
    closed_at timestamp with time zone,
    target_order timestamp with time zone GENERATED ALWAYS AS (COALESCE(target_at, 'infinity'::timestamp with time zone)) STORED NOT NULL,
    waiting_order timestamp with time zone GENERATED ALWAYS AS (COALESCE(waiting_since, 'infinity'::timestamp with time zone)) STORED NOT NULL,
    target_kind text DEFAULT ''::text NOT NULL,
    target_seq integer DEFAULT 0 NOT NULL,
    contact_id uuid,
    reached_by uuid,
    CONSTRAINT conversation_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['assistant'::text, 'queue'::text, 'person'::text])))
);
ALTER TABLE ONLY taktvoll.conversation FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN taktvoll.conversation.urgency IS '0 critical, 1 high, 2 normal, 3 low';
COMMENT ON COLUMN taktvoll.conversation.target_at IS 'when an answer of people is due; service hours fill it';
COMMENT ON COLUMN taktvoll.conversation.waiting_order IS 'a column, not an expression: row-level security lets an index answer only what cannot leak, and coalesce() can';
CREATE TABLE taktvoll.conversation_code (
    conversation_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    code text NOT NULL
);
ALTER TABLE ONLY taktvoll.conversation_code FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.conversation_tag (
    workspace_id uuid NOT NULL,
    name text NOT NULL,
    conversation_id uuid NOT NULL
);
ALTER TABLE ONLY taktvoll.conversation_tag FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.edition (
    workspace_id uuid NOT NULL,
    number integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    approved_by text NOT NULL,
    parent integer,
    manifest_hash text NOT NULL,
    content_hash text NOT NULL,
    rules_hash text NOT NULL,
    manifest bytea NOT NULL,
    passages integer NOT NULL
);
ALTER TABLE ONLY taktvoll.edition FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.erasure_log (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    what text NOT NULL,
    count integer NOT NULL,
    before timestamp with time zone,
    contact_id uuid,
    by text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    CONSTRAINT erasure_log_what_check CHECK ((what = ANY (ARRAY['originals'::text, 'unsent_files'::text, 'contact'::text])))
);
ALTER TABLE ONLY taktvoll.erasure_log FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.event (
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    body bytea NOT NULL,
    text_id uuid,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL
);
ALTER TABLE ONLY taktvoll.event FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.glossary_term (
    workspace_id uuid NOT NULL,
    term text NOT NULL,
    synonyms text[] NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    by text NOT NULL
);
ALTER TABLE ONLY taktvoll.glossary_term FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.inbound (
    workspace_id uuid NOT NULL,
    channel text NOT NULL,
    account_id uuid NOT NULL,
    provider_id text NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL
);
ALTER TABLE ONLY taktvoll.inbound FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.label_undone (
    label_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL
);
ALTER TABLE ONLY taktvoll.label_undone FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.library_head (
    workspace_id uuid NOT NULL,
    edition integer,
    revision bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY taktvoll.library_head FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.library_log (
    workspace_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL
);
ALTER TABLE ONLY taktvoll.library_log FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.mail_attachment (
    mail_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    place integer NOT NULL,
    name text,
    type text NOT NULL,
    sniffed text NOT NULL,
    size bigint NOT NULL,
    inline boolean NOT NULL,
    encrypted boolean NOT NULL
);
ALTER TABLE ONLY taktvoll.mail_attachment FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.mail_message (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    account_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    automatic text DEFAULT ''::text NOT NULL,
    silent text DEFAULT ''::text NOT NULL,
    message_id text,
    sender text,
    answers_to text,
    facts jsonb
);
ALTER TABLE ONLY taktvoll.mail_message FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.mail_original (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    account_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    whole boolean NOT NULL,
    packed bytea,
    at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    erased_because text DEFAULT ''::text NOT NULL,
    CONSTRAINT mail_original_erased_because_check CHECK ((erased_because = ANY (ARRAY[''::text, 'term'::text, 'contact'::text])))
);
ALTER TABLE ONLY taktvoll.mail_original ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE ONLY taktvoll.mail_original FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.mailbox_log (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    account_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);
ALTER TABLE ONLY taktvoll.mailbox_log FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.mailbox_state (
    account_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    uid_validity bigint,
    last_uid bigint DEFAULT 0 NOT NULL,
    checked_at timestamp with time zone,
    failing_since timestamp with time zone,
    failure text DEFAULT ''::text NOT NULL,
    alarmed_at timestamp with time zone,
    since timestamp with time zone NOT NULL,
    settled_uid bigint DEFAULT 0,
    reader uuid,
    read_until timestamp with time zone
);
ALTER TABLE ONLY taktvoll.mailbox_state FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.mention (
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone
);
ALTER TABLE ONLY taktvoll.mention FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.outbox (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    event_seq integer NOT NULL,
    draft_digest text NOT NULL,
    channel text NOT NULL,
    recipient text NOT NULL,
    idempotency_key text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'due'::text NOT NULL,
    receipt jsonb,
    claim uuid,
    first_tried_at timestamp with time zone,
    unsure boolean DEFAULT false NOT NULL,
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['due'::text, 'sending'::text, 'sent'::text, 'confirmed'::text, 'failed'::text])))
);
ALTER TABLE ONLY taktvoll.outbox FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.part (
    workspace_id uuid NOT NULL,
    hash text NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY taktvoll.part FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.pending_reply (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    text text NOT NULL,
    client_id text NOT NULL,
    entry jsonb,
    epoch integer NOT NULL,
    customer_seq integer NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone
);
ALTER TABLE ONLY taktvoll.pending_reply FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.personal_text (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    content text,
    salt bytea,
    erased_at timestamp with time zone
);
ALTER TABLE ONLY taktvoll.personal_text FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.reply_draft (
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    text text NOT NULL,
    client_id text NOT NULL,
    entry jsonb,
    why text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY taktvoll.reply_draft FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.reply_file (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    name text,
    type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    content bytea,
    pending_id uuid,
    text_id uuid,
    at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT reply_file_check CHECK (((pending_id IS NULL) OR (text_id IS NULL)))
);
ALTER TABLE ONLY taktvoll.reply_file ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE ONLY taktvoll.reply_file FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.schema_migration (
    name text NOT NULL,
    digest text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE taktvoll.search_text (
    text_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    words tsvector NOT NULL
);
CREATE TABLE taktvoll.service_hours (
    workspace_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    file text NOT NULL
);
ALTER TABLE ONLY taktvoll.service_hours FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.sign_in_attempt (
    workspace_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    email_digest bytea NOT NULL,
    ok boolean NOT NULL
);
ALTER TABLE ONLY taktvoll.sign_in_attempt FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_role_check CHECK ((role = ANY (ARRAY['agent'::text, 'lead'::text, 'editor'::text, 'admin'::text, 'auditor'::text])))
);
ALTER TABLE ONLY taktvoll.staff FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_factor (
    staff_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    secret bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    confirmed boolean DEFAULT false NOT NULL,
    last_step bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY taktvoll.staff_factor FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_identity (
    workspace_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    staff_id uuid NOT NULL
);
ALTER TABLE ONLY taktvoll.staff_identity FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_link (
    token_hash bytea NOT NULL,
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY taktvoll.staff_link FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_log (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    kind text NOT NULL,
    by text NOT NULL,
    at timestamp with time zone NOT NULL,
    about uuid,
    detail jsonb NOT NULL
);
ALTER TABLE ONLY taktvoll.staff_log FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_queue (
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    queue text NOT NULL
);
ALTER TABLE ONLY taktvoll.staff_queue FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_recovery (
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    digest bytea NOT NULL,
    used boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY taktvoll.staff_recovery FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.staff_session (
    token_hash bytea NOT NULL,
    workspace_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    device text DEFAULT ''::text NOT NULL,
    stage text DEFAULT 'open'::text NOT NULL,
    CONSTRAINT staff_session_stage_check CHECK ((stage = ANY (ARRAY['code'::text, 'enrol'::text, 'open'::text])))
);
ALTER TABLE ONLY taktvoll.staff_session FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.tag (
    workspace_id uuid NOT NULL,
    name text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL
);
ALTER TABLE ONLY taktvoll.tag FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.target_clock (
    workspace_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    kind text NOT NULL,
    seq integer NOT NULL,
    queue text NOT NULL,
    since timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    until timestamp with time zone,
    answered boolean NOT NULL,
    spent_s double precision NOT NULL,
    missed_at timestamp with time zone,
    CONSTRAINT target_clock_kind_check CHECK ((kind = ANY (ARRAY['first_answer'::text, 'next_answer'::text, 'resolution'::text])))
);
ALTER TABLE ONLY taktvoll.target_clock FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.topic (
    workspace_id uuid NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    words jsonb DEFAULT '[]'::jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    CONSTRAINT topic_state_check CHECK ((state = ANY (ARRAY['learnt'::text, 'proposed'::text])))
);
ALTER TABLE ONLY taktvoll.topic FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.topic_example (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    topic text NOT NULL,
    content text,
    text_id uuid,
    CONSTRAINT topic_example_check CHECK (((content IS NULL) <> (text_id IS NULL)))
);
ALTER TABLE ONLY taktvoll.topic_example FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.topic_label (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    topic text NOT NULL,
    origin text NOT NULL,
    verdict text NOT NULL,
    counts boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    detail text NOT NULL,
    conversation_id uuid,
    seq integer,
    ref text,
    edition integer,
    round integer DEFAULT 1 NOT NULL,
    CONSTRAINT topic_label_origin_check CHECK ((origin = ANY (ARRAY['draw'::text, 'copilot'::text, 'file'::text]))),
    CONSTRAINT topic_label_verdict_check CHECK ((verdict = ANY (ARRAY['right'::text, 'wrong'::text])))
);
ALTER TABLE ONLY taktvoll.topic_label FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.topic_light (
    workspace_id uuid NOT NULL,
    topic text NOT NULL,
    light text NOT NULL,
    shadow boolean DEFAULT false NOT NULL,
    life integer DEFAULT 1 NOT NULL,
    life_since timestamp with time zone NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT topic_light_light_check CHECK ((light = ANY (ARRAY['human'::text, 'copilot'::text, 'probation'::text, 'autopilot'::text])))
);
ALTER TABLE ONLY taktvoll.topic_light FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.topic_model (
    workspace_id uuid NOT NULL,
    hash text NOT NULL,
    learnt_at timestamp with time zone NOT NULL,
    learnt_by text NOT NULL,
    stale boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY taktvoll.topic_model FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.withdrawal (
    workspace_id uuid NOT NULL,
    collection text NOT NULL,
    id text NOT NULL,
    language text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    reason text NOT NULL,
    lifted_at timestamp with time zone
);
ALTER TABLE ONLY taktvoll.withdrawal FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.wording (
    workspace_id uuid NOT NULL,
    collection text NOT NULL,
    id text NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL
);
ALTER TABLE ONLY taktvoll.wording FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.wording_proposal (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    collection text NOT NULL,
    passage_id text NOT NULL,
    language text NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    why text NOT NULL,
    at timestamp with time zone NOT NULL,
    same_as uuid,
    standing text DEFAULT 'open'::text NOT NULL,
    decided_at timestamp with time zone,
    decided_by text,
    CONSTRAINT wording_proposal_standing_check CHECK ((standing = ANY (ARRAY['open'::text, 'approved'::text, 'rejected'::text]))),
    CONSTRAINT wording_proposal_why_check CHECK ((why = ANY (ARRAY['chosen'::text, 'helped'::text, 'sent'::text])))
);
ALTER TABLE ONLY taktvoll.wording_proposal FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.working_passage (
    workspace_id uuid NOT NULL,
    collection text NOT NULL,
    id text NOT NULL,
    language text NOT NULL,
    hash text NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY taktvoll.working_passage FORCE ROW LEVEL SECURITY;
CREATE TABLE taktvoll.workspace (
    id uuid NOT NULL,
    name text NOT NULL,
    language text DEFAULT 'de'::text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT workspace_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
);
ALTER TABLE ONLY taktvoll.answer_case
    ADD CONSTRAINT answer_case_pkey PRIMARY KEY (workspace_id, conversation_id, seq);
ALTER TABLE ONLY taktvoll.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (workspace_id, handle);
ALTER TABLE ONLY taktvoll.appointment_place
    ADD CONSTRAINT appointment_place_pkey PRIMARY KEY (workspace_id, at, place);
ALTER TABLE ONLY taktvoll.autonomy_log
    ADD CONSTRAINT autonomy_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.autonomy_setting
    ADD CONSTRAINT autonomy_setting_pkey PRIMARY KEY (workspace_id);
ALTER TABLE ONLY taktvoll.channel_account
    ADD CONSTRAINT channel_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.channel_account
    ADD CONSTRAINT channel_account_workspace_id_channel_name_key UNIQUE (workspace_id, channel, name);
ALTER TABLE ONLY taktvoll.chat_file
    ADD CONSTRAINT chat_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.chat_file
    ADD CONSTRAINT chat_file_workspace_id_conversation_id_upload_id_key UNIQUE (workspace_id, conversation_id, upload_id);
ALTER TABLE ONLY taktvoll.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (workspace_id, number);
ALTER TABLE ONLY taktvoll.contact_code
    ADD CONSTRAINT contact_code_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.contact_identity
    ADD CONSTRAINT contact_identity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.contact_log
    ADD CONSTRAINT contact_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.contact_search
    ADD CONSTRAINT contact_search_pkey PRIMARY KEY (source_id);
ALTER TABLE ONLY taktvoll.conversation_code
    ADD CONSTRAINT conversation_code_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY taktvoll.conversation
    ADD CONSTRAINT conversation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.conversation_tag
    ADD CONSTRAINT conversation_tag_pkey PRIMARY KEY (workspace_id, name, conversation_id);
ALTER TABLE ONLY taktvoll.edition
    ADD CONSTRAINT edition_pkey PRIMARY KEY (workspace_id, number);
ALTER TABLE ONLY taktvoll.erasure_log
    ADD CONSTRAINT erasure_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (conversation_id, seq);
ALTER TABLE ONLY taktvoll.glossary_term
    ADD CONSTRAINT glossary_term_pkey PRIMARY KEY (workspace_id, term);
ALTER TABLE ONLY taktvoll.inbound
    ADD CONSTRAINT inbound_pkey PRIMARY KEY (workspace_id, channel, account_id, provider_id);
ALTER TABLE ONLY taktvoll.label_undone
    ADD CONSTRAINT label_undone_pkey PRIMARY KEY (label_id);
ALTER TABLE ONLY taktvoll.library_head
    ADD CONSTRAINT library_head_pkey PRIMARY KEY (workspace_id);
ALTER TABLE ONLY taktvoll.mail_attachment
    ADD CONSTRAINT mail_attachment_pkey PRIMARY KEY (mail_id, place);
ALTER TABLE ONLY taktvoll.mail_message
    ADD CONSTRAINT mail_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.mail_original
    ADD CONSTRAINT mail_original_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.mailbox_log
    ADD CONSTRAINT mailbox_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.mailbox_state
    ADD CONSTRAINT mailbox_state_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY taktvoll.mention
    ADD CONSTRAINT mention_pkey PRIMARY KEY (workspace_id, staff_id, conversation_id);
ALTER TABLE ONLY taktvoll.outbox
    ADD CONSTRAINT outbox_idempotency_key_key UNIQUE (idempotency_key);
ALTER TABLE ONLY taktvoll.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.part
    ADD CONSTRAINT part_pkey PRIMARY KEY (workspace_id, hash);
ALTER TABLE ONLY taktvoll.pending_reply
    ADD CONSTRAINT pending_reply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.pending_reply
    ADD CONSTRAINT pending_reply_workspace_id_staff_id_conversation_id_key UNIQUE (workspace_id, staff_id, conversation_id);
ALTER TABLE ONLY taktvoll.personal_text
    ADD CONSTRAINT personal_text_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.reply_draft
    ADD CONSTRAINT reply_draft_pkey PRIMARY KEY (workspace_id, staff_id, conversation_id);
ALTER TABLE ONLY taktvoll.reply_file
    ADD CONSTRAINT reply_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY taktvoll.search_text
    ADD CONSTRAINT search_text_pkey PRIMARY KEY (text_id);
ALTER TABLE ONLY taktvoll.service_hours
    ADD CONSTRAINT service_hours_pkey PRIMARY KEY (workspace_id, number);
ALTER TABLE ONLY taktvoll.staff_factor
    ADD CONSTRAINT staff_factor_pkey PRIMARY KEY (staff_id);
ALTER TABLE ONLY taktvoll.staff_identity
    ADD CONSTRAINT staff_identity_pkey PRIMARY KEY (workspace_id, issuer, subject);
ALTER TABLE ONLY taktvoll.staff_identity
    ADD CONSTRAINT staff_identity_staff_id_issuer_key UNIQUE (staff_id, issuer);
ALTER TABLE ONLY taktvoll.staff_link
    ADD CONSTRAINT staff_link_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY taktvoll.staff_log
    ADD CONSTRAINT staff_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.staff_queue
    ADD CONSTRAINT staff_queue_pkey PRIMARY KEY (workspace_id, staff_id, queue);
ALTER TABLE ONLY taktvoll.staff_recovery
    ADD CONSTRAINT staff_recovery_pkey PRIMARY KEY (staff_id, digest);
ALTER TABLE ONLY taktvoll.staff_session
    ADD CONSTRAINT staff_session_id_key UNIQUE (id);
ALTER TABLE ONLY taktvoll.staff_session
    ADD CONSTRAINT staff_session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY taktvoll.staff
    ADD CONSTRAINT staff_workspace_id_email_key UNIQUE (workspace_id, email);
ALTER TABLE ONLY taktvoll.tag
    ADD CONSTRAINT tag_pkey PRIMARY KEY (workspace_id, name);
ALTER TABLE ONLY taktvoll.target_clock
    ADD CONSTRAINT target_clock_pkey PRIMARY KEY (conversation_id, kind, seq);
ALTER TABLE ONLY taktvoll.topic_example
    ADD CONSTRAINT topic_example_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.topic_label
    ADD CONSTRAINT topic_label_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.topic_light
    ADD CONSTRAINT topic_light_pkey PRIMARY KEY (workspace_id, topic);
ALTER TABLE ONLY taktvoll.topic_model
    ADD CONSTRAINT topic_model_pkey PRIMARY KEY (workspace_id);
ALTER TABLE ONLY taktvoll.topic
    ADD CONSTRAINT topic_pkey PRIMARY KEY (workspace_id, name);
ALTER TABLE ONLY taktvoll.withdrawal
    ADD CONSTRAINT withdrawal_pkey PRIMARY KEY (workspace_id, collection, id, language);
ALTER TABLE ONLY taktvoll.wording
    ADD CONSTRAINT wording_pkey PRIMARY KEY (workspace_id, collection, id, language, text);
ALTER TABLE ONLY taktvoll.wording_proposal
    ADD CONSTRAINT wording_proposal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY taktvoll.wording_proposal
    ADD CONSTRAINT wording_proposal_workspace_id_conversation_id_seq_collectio_key UNIQUE (workspace_id, conversation_id, seq, collection, passage_id, language, why);
ALTER TABLE ONLY taktvoll.working_passage
    ADD CONSTRAINT working_passage_pkey PRIMARY KEY (workspace_id, collection, id, language);
ALTER TABLE ONLY taktvoll.workspace
    ADD CONSTRAINT workspace_name_key UNIQUE (name);
ALTER TABLE ONLY taktvoll.workspace
    ADD CONSTRAINT workspace_pkey PRIMARY KEY (id);
CREATE INDEX answer_case_topic ON taktvoll.answer_case USING btree (workspace_id, topic, at);
CREATE INDEX autonomy_log_topic ON taktvoll.autonomy_log USING btree (workspace_id, topic, id DESC);
CREATE INDEX chat_file_text ON taktvoll.chat_file USING btree (text_id) WHERE (text_id IS NOT NULL);
CREATE INDEX chat_file_unsent ON taktvoll.chat_file USING btree (workspace_id, at) WHERE (text_id IS NULL);
CREATE INDEX contact_changed ON taktvoll.contact USING btree (workspace_id, changed_at DESC) WHERE (merged_into IS NULL);
CREATE INDEX contact_code_address ON taktvoll.contact_code USING btree (workspace_id, address_digest, at DESC);
CREATE INDEX contact_code_conversation ON taktvoll.contact_code USING btree (conversation_id, at DESC);
CREATE UNIQUE INDEX contact_identity_noted ON taktvoll.contact_identity USING btree (contact_id, channel, address);
CREATE UNIQUE INDEX contact_identity_proven ON taktvoll.contact_identity USING btree (workspace_id, channel, address) WHERE (proof <> 'unproven'::text);
CREATE INDEX contact_log_contact ON taktvoll.contact_log USING btree (contact_id, place DESC);
CREATE INDEX contact_merged ON taktvoll.contact USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX contact_search_contact ON taktvoll.contact_search USING btree (contact_id);
CREATE INDEX contact_search_grams ON taktvoll.contact_search USING gin (grams);
CREATE INDEX conversation_calls_near ON taktvoll.conversation USING btree (workspace_id, COALESCE((snapshot #>> '{calls,0,5}'::text[]), ''::text), ((snapshot #>> '{calls,0,2}'::text[]))) WHERE (jsonb_array_length((snapshot -> 'calls'::text)) > 0);
CREATE INDEX conversation_code_code ON taktvoll.conversation_code USING btree (workspace_id, code);
CREATE INDEX conversation_contact ON taktvoll.conversation USING btree (contact_id, changed_at DESC) WHERE (contact_id IS NOT NULL);
CREATE INDEX conversation_mail ON taktvoll.conversation USING btree (workspace_id, changed_at) WHERE ((channel = 'mail'::text) AND (owner_kind = 'assistant'::text) AND (decided_customer_seq < last_customer_seq));
CREATE INDEX conversation_open ON taktvoll.conversation USING btree (workspace_id, urgency, target_order, waiting_order, id) WHERE ((owner_kind <> 'assistant'::text) AND (snoozed_until IS NULL) AND (channel <> 'command'::text));
CREATE INDEX conversation_owner ON taktvoll.conversation USING btree (workspace_id, owner_id, urgency, target_order, waiting_order, id) WHERE ((owner_kind <> 'assistant'::text) AND (snoozed_until IS NULL) AND (channel <> 'command'::text));
CREATE INDEX conversation_queue ON taktvoll.conversation USING btree (workspace_id, queue, urgency, target_order, waiting_order, id) WHERE ((owner_kind <> 'assistant'::text) AND (snoozed_until IS NULL) AND (channel <> 'command'::text));
CREATE INDEX conversation_recent ON taktvoll.conversation USING btree (workspace_id, changed_at DESC);
CREATE INDEX conversation_snoozed ON taktvoll.conversation USING btree (workspace_id, snoozed_until, id) WHERE (snoozed_until IS NOT NULL);
CREATE INDEX conversation_tag_conversation ON taktvoll.conversation_tag USING btree (conversation_id);
CREATE INDEX conversation_target_stale ON taktvoll.conversation USING btree (workspace_id, changed_at) WHERE ((target_seq < last_seq) AND ((owner_kind <> 'assistant'::text) OR (target_seq <> 0)) AND (channel <> 'command'::text));
CREATE INDEX conversation_undecided ON taktvoll.conversation USING btree (workspace_id, changed_at) WHERE ((owner_kind = 'assistant'::text) AND (decided_customer_seq < last_customer_seq));
CREATE INDEX conversation_work ON taktvoll.conversation USING btree (workspace_id, owner_kind, urgency, target_order, waiting_order, id) WHERE ((owner_kind <> 'assistant'::text) AND (snoozed_until IS NULL) AND (channel <> 'command'::text));
CREATE INDEX erasure_log_latest ON taktvoll.erasure_log USING btree (workspace_id, at DESC);
CREATE INDEX event_decided ON taktvoll.event USING btree (workspace_id, at) WHERE (kind = 'answer.decided'::text);
CREATE INDEX inbound_mail ON taktvoll.inbound USING btree (workspace_id, provider_id) WHERE (channel = 'mail'::text);
CREATE INDEX mail_message_answered ON taktvoll.mail_message USING btree (workspace_id, answers_to, at);
CREATE INDEX mail_message_apart ON taktvoll.mail_message USING btree (workspace_id, at DESC) WHERE (automatic <> ''::text);
CREATE INDEX mail_message_conversation ON taktvoll.mail_message USING btree (conversation_id, seq);
CREATE INDEX mail_message_named ON taktvoll.mail_message USING btree (workspace_id, message_id);
CREATE INDEX mail_message_sender ON taktvoll.mail_message USING btree (workspace_id, sender, at);
CREATE UNIQUE INDEX mail_original_bytes ON taktvoll.mail_original USING btree (workspace_id, account_id, sha256);
CREATE INDEX mail_original_kept ON taktvoll.mail_original USING btree (workspace_id, at) WHERE (packed IS NOT NULL);
CREATE INDEX mailbox_log_account ON taktvoll.mailbox_log USING btree (account_id, id DESC);
CREATE INDEX mention_recent ON taktvoll.mention USING btree (workspace_id, staff_id, at DESC, conversation_id DESC);
CREATE INDEX mention_unseen ON taktvoll.mention USING btree (workspace_id, staff_id) WHERE (seen_at IS NULL);
CREATE INDEX outbox_carried ON taktvoll.outbox USING btree (workspace_id, channel, due_at) WHERE (state = ANY (ARRAY['due'::text, 'sending'::text]));
CREATE INDEX outbox_conversation ON taktvoll.outbox USING btree (conversation_id, event_seq) WHERE (state <> 'confirmed'::text);
CREATE INDEX outbox_open ON taktvoll.outbox USING btree (workspace_id, due_at) WHERE (state = 'due'::text);
CREATE INDEX outbox_unseen ON taktvoll.outbox USING btree (workspace_id, due_at) WHERE ((channel = 'webchat'::text) AND (state = 'due'::text));
CREATE INDEX pending_reply_conversation ON taktvoll.pending_reply USING btree (conversation_id);
CREATE INDEX pending_reply_due ON taktvoll.pending_reply USING btree (workspace_id, due_at);
CREATE INDEX personal_text_conversation ON taktvoll.personal_text USING btree (conversation_id);
CREATE INDEX reply_draft_conversation ON taktvoll.reply_draft USING btree (conversation_id, staff_id);
CREATE INDEX reply_file_left ON taktvoll.reply_file USING btree (workspace_id, at) WHERE ((text_id IS NULL) AND (pending_id IS NULL));
CREATE INDEX reply_file_pending ON taktvoll.reply_file USING btree (pending_id) WHERE (pending_id IS NOT NULL);
CREATE INDEX reply_file_text ON taktvoll.reply_file USING btree (text_id) WHERE (text_id IS NOT NULL);
CREATE INDEX reply_file_unsent ON taktvoll.reply_file USING btree (conversation_id, staff_id) WHERE (text_id IS NULL);
CREATE INDEX search_text_conversation ON taktvoll.search_text USING btree (conversation_id);
CREATE INDEX search_text_recent ON taktvoll.search_text USING btree (workspace_id, at DESC, text_id DESC);
CREATE INDEX search_text_words ON taktvoll.search_text USING gin (words);
CREATE INDEX sign_in_attempt_recent ON taktvoll.sign_in_attempt USING btree (workspace_id, email_digest, at DESC);
CREATE INDEX staff_link_staff ON taktvoll.staff_link USING btree (staff_id);
CREATE INDEX staff_log_recent ON taktvoll.staff_log USING btree (workspace_id, at DESC);
CREATE INDEX staff_session_staff ON taktvoll.staff_session USING btree (staff_id);
CREATE INDEX target_clock_due ON taktvoll.target_clock USING btree (workspace_id, due_at) WHERE ((missed_at IS NULL) AND (due_at IS NOT NULL) AND ((until IS NULL) OR (until > due_at)));
CREATE INDEX target_clock_waits ON taktvoll.target_clock USING btree (workspace_id, queue, until DESC) WHERE ((kind = 'first_answer'::text) AND answered);
CREATE INDEX topic_example_text ON taktvoll.topic_example USING btree (text_id) WHERE (text_id IS NOT NULL);
CREATE INDEX topic_example_topic ON taktvoll.topic_example USING btree (workspace_id, topic);
CREATE INDEX topic_label_by ON taktvoll.topic_label USING btree (workspace_id, by, id DESC) WHERE (origin = 'draw'::text);
CREATE UNIQUE INDEX topic_label_case ON taktvoll.topic_label USING btree (workspace_id, conversation_id, seq, round) WHERE counts;
CREATE UNIQUE INDEX topic_label_ref ON taktvoll.topic_label USING btree (workspace_id, ref) WHERE (counts AND (ref IS NOT NULL));
CREATE INDEX topic_label_topic ON taktvoll.topic_label USING btree (workspace_id, topic, at);
CREATE INDEX wording_proposal_entry ON taktvoll.wording_proposal USING btree (workspace_id, collection, passage_id, language) WHERE (same_as IS NULL);
CREATE INDEX wording_proposal_same ON taktvoll.wording_proposal USING btree (same_as) WHERE (same_as IS NOT NULL);
CREATE TRIGGER contact_identity_searched AFTER INSERT OR DELETE OR UPDATE OF contact_id, address, written ON taktvoll.contact_identity FOR EACH ROW EXECUTE FUNCTION taktvoll.contact_search_identity();
CREATE TRIGGER contact_named AFTER INSERT OR DELETE OR UPDATE OF name ON taktvoll.contact FOR EACH ROW EXECUTE FUNCTION taktvoll.contact_search_name();
CREATE TRIGGER conversation_coded AFTER INSERT ON taktvoll.conversation FOR EACH ROW EXECUTE FUNCTION taktvoll.keep_conversation_code();
CREATE TRIGGER event_chat_files AFTER INSERT ON taktvoll.event FOR EACH ROW WHEN (((new.kind = 'message.received'::text) AND (new.text_id IS NOT NULL) AND (convert_from(new.body, 'UTF8'::name) ~~ '%"files":[%'::text))) EXECUTE FUNCTION taktvoll.bind_chat_files();
CREATE TRIGGER event_files AFTER INSERT ON taktvoll.event FOR EACH ROW WHEN (((new.kind = 'message.released'::text) AND (new.text_id IS NOT NULL) AND (convert_from(new.body, 'UTF8'::name) ~~ '%"files":[%'::text))) EXECUTE FUNCTION taktvoll.send_files();
CREATE TRIGGER event_searched AFTER INSERT ON taktvoll.event FOR EACH ROW WHEN (((new.text_id IS NOT NULL) AND (new.kind = ANY (ARRAY['message.received'::text, 'message.released'::text, 'note.written'::text])))) EXECUTE FUNCTION taktvoll.keep_search_text();
CREATE TRIGGER personal_text_chat_files AFTER DELETE OR UPDATE OF content ON taktvoll.personal_text FOR EACH ROW EXECUTE FUNCTION taktvoll.erase_chat_files();
CREATE TRIGGER personal_text_files AFTER DELETE OR UPDATE OF content ON taktvoll.personal_text FOR EACH ROW EXECUTE FUNCTION taktvoll.erase_files();
CREATE TRIGGER personal_text_followed AFTER DELETE OR UPDATE OF content ON taktvoll.personal_text FOR EACH ROW EXECUTE FUNCTION taktvoll.follow_personal_text();
ALTER TABLE ONLY taktvoll.answer_case
    ADD CONSTRAINT answer_case_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.api_key
    ADD CONSTRAINT api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.appointment_place
    ADD CONSTRAINT appointment_place_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.appointment_place
    ADD CONSTRAINT appointment_place_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.autonomy_log
    ADD CONSTRAINT autonomy_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.autonomy_setting
    ADD CONSTRAINT autonomy_setting_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.channel_account
    ADD CONSTRAINT channel_account_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.chat_file
    ADD CONSTRAINT chat_file_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.checkpoint
    ADD CONSTRAINT checkpoint_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.contact_code
    ADD CONSTRAINT contact_code_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.contact_code
    ADD CONSTRAINT contact_code_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.contact_identity
    ADD CONSTRAINT contact_identity_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES taktvoll.contact(id);
ALTER TABLE ONLY taktvoll.contact_identity
    ADD CONSTRAINT contact_identity_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.contact_log
    ADD CONSTRAINT contact_log_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES taktvoll.contact(id);
ALTER TABLE ONLY taktvoll.contact_log
    ADD CONSTRAINT contact_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.contact
    ADD CONSTRAINT contact_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES taktvoll.contact(id);
ALTER TABLE ONLY taktvoll.contact_search
    ADD CONSTRAINT contact_search_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES taktvoll.contact(id) ON DELETE CASCADE;
ALTER TABLE ONLY taktvoll.contact_search
    ADD CONSTRAINT contact_search_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.contact
    ADD CONSTRAINT contact_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.conversation
    ADD CONSTRAINT conversation_account_id_fkey FOREIGN KEY (account_id) REFERENCES taktvoll.channel_account(id);
ALTER TABLE ONLY taktvoll.conversation_code
    ADD CONSTRAINT conversation_code_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id) ON DELETE CASCADE;
ALTER TABLE ONLY taktvoll.conversation_code
    ADD CONSTRAINT conversation_code_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.conversation
    ADD CONSTRAINT conversation_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES taktvoll.contact(id);
ALTER TABLE ONLY taktvoll.conversation
    ADD CONSTRAINT conversation_reached_by_fkey FOREIGN KEY (reached_by) REFERENCES taktvoll.contact_identity(id) ON DELETE SET NULL;
ALTER TABLE ONLY taktvoll.conversation_tag
    ADD CONSTRAINT conversation_tag_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.conversation_tag
    ADD CONSTRAINT conversation_tag_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.conversation
    ADD CONSTRAINT conversation_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.edition
    ADD CONSTRAINT edition_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.erasure_log
    ADD CONSTRAINT erasure_log_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES taktvoll.contact(id);
ALTER TABLE ONLY taktvoll.erasure_log
    ADD CONSTRAINT erasure_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.event
    ADD CONSTRAINT event_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.event
    ADD CONSTRAINT event_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.glossary_term
    ADD CONSTRAINT glossary_term_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.inbound
    ADD CONSTRAINT inbound_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.label_undone
    ADD CONSTRAINT label_undone_label_id_fkey FOREIGN KEY (label_id) REFERENCES taktvoll.topic_label(id);
ALTER TABLE ONLY taktvoll.label_undone
    ADD CONSTRAINT label_undone_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.library_head
    ADD CONSTRAINT library_head_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.library_log
    ADD CONSTRAINT library_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.mail_attachment
    ADD CONSTRAINT mail_attachment_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES taktvoll.mail_message(id);
ALTER TABLE ONLY taktvoll.mail_attachment
    ADD CONSTRAINT mail_attachment_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.mail_message
    ADD CONSTRAINT mail_message_account_id_fkey FOREIGN KEY (account_id) REFERENCES taktvoll.channel_account(id);
ALTER TABLE ONLY taktvoll.mail_message
    ADD CONSTRAINT mail_message_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.mail_message
    ADD CONSTRAINT mail_message_id_fkey FOREIGN KEY (id) REFERENCES taktvoll.mail_original(id);
ALTER TABLE ONLY taktvoll.mail_message
    ADD CONSTRAINT mail_message_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.mail_original
    ADD CONSTRAINT mail_original_account_id_fkey FOREIGN KEY (account_id) REFERENCES taktvoll.channel_account(id);
ALTER TABLE ONLY taktvoll.mail_original
    ADD CONSTRAINT mail_original_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.mailbox_log
    ADD CONSTRAINT mailbox_log_account_id_fkey FOREIGN KEY (account_id) REFERENCES taktvoll.channel_account(id);
ALTER TABLE ONLY taktvoll.mailbox_log
    ADD CONSTRAINT mailbox_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.mailbox_state
    ADD CONSTRAINT mailbox_state_account_id_fkey FOREIGN KEY (account_id) REFERENCES taktvoll.channel_account(id);
ALTER TABLE ONLY taktvoll.mailbox_state
    ADD CONSTRAINT mailbox_state_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.mention
    ADD CONSTRAINT mention_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.mention
    ADD CONSTRAINT mention_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.mention
    ADD CONSTRAINT mention_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.outbox
    ADD CONSTRAINT outbox_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.part
    ADD CONSTRAINT part_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.pending_reply
    ADD CONSTRAINT pending_reply_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.pending_reply
    ADD CONSTRAINT pending_reply_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.pending_reply
    ADD CONSTRAINT pending_reply_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.personal_text
    ADD CONSTRAINT personal_text_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.reply_draft
    ADD CONSTRAINT reply_draft_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.reply_draft
    ADD CONSTRAINT reply_draft_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.reply_draft
    ADD CONSTRAINT reply_draft_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.reply_file
    ADD CONSTRAINT reply_file_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.reply_file
    ADD CONSTRAINT reply_file_pending_id_fkey FOREIGN KEY (pending_id) REFERENCES taktvoll.pending_reply(id) ON DELETE SET NULL;
ALTER TABLE ONLY taktvoll.reply_file
    ADD CONSTRAINT reply_file_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.reply_file
    ADD CONSTRAINT reply_file_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.search_text
    ADD CONSTRAINT search_text_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id) ON DELETE CASCADE;
ALTER TABLE ONLY taktvoll.search_text
    ADD CONSTRAINT search_text_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.service_hours
    ADD CONSTRAINT service_hours_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_factor
    ADD CONSTRAINT staff_factor_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_factor
    ADD CONSTRAINT staff_factor_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_identity
    ADD CONSTRAINT staff_identity_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_identity
    ADD CONSTRAINT staff_identity_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_link
    ADD CONSTRAINT staff_link_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_link
    ADD CONSTRAINT staff_link_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_log
    ADD CONSTRAINT staff_log_about_fkey FOREIGN KEY (about) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_log
    ADD CONSTRAINT staff_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_queue
    ADD CONSTRAINT staff_queue_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_queue
    ADD CONSTRAINT staff_queue_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_recovery
    ADD CONSTRAINT staff_recovery_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_recovery
    ADD CONSTRAINT staff_recovery_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff_session
    ADD CONSTRAINT staff_session_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES taktvoll.staff(id);
ALTER TABLE ONLY taktvoll.staff_session
    ADD CONSTRAINT staff_session_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.staff
    ADD CONSTRAINT staff_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.tag
    ADD CONSTRAINT tag_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.target_clock
    ADD CONSTRAINT target_clock_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES taktvoll.conversation(id);
ALTER TABLE ONLY taktvoll.target_clock
    ADD CONSTRAINT target_clock_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.topic_example
    ADD CONSTRAINT topic_example_text_id_fkey FOREIGN KEY (text_id) REFERENCES taktvoll.personal_text(id);
ALTER TABLE ONLY taktvoll.topic_example
    ADD CONSTRAINT topic_example_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.topic_example
    ADD CONSTRAINT topic_example_workspace_id_topic_fkey FOREIGN KEY (workspace_id, topic) REFERENCES taktvoll.topic(workspace_id, name) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY taktvoll.topic_label
    ADD CONSTRAINT topic_label_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.topic_light
    ADD CONSTRAINT topic_light_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.topic_model
    ADD CONSTRAINT topic_model_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.topic
    ADD CONSTRAINT topic_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.withdrawal
    ADD CONSTRAINT withdrawal_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.wording_proposal
    ADD CONSTRAINT wording_proposal_same_as_fkey FOREIGN KEY (same_as) REFERENCES taktvoll.wording_proposal(id);
ALTER TABLE ONLY taktvoll.wording_proposal
    ADD CONSTRAINT wording_proposal_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.wording
    ADD CONSTRAINT wording_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE ONLY taktvoll.working_passage
    ADD CONSTRAINT working_passage_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES taktvoll.workspace(id);
ALTER TABLE taktvoll.answer_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.api_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.appointment_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.autonomy_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.autonomy_setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY bound_stays ON taktvoll.chat_file AS RESTRICTIVE FOR UPDATE TO taktvoll_app USING ((text_id IS NULL)) WITH CHECK (true);
CREATE POLICY bound_stays ON taktvoll.reply_file AS RESTRICTIVE FOR UPDATE TO taktvoll_app USING ((text_id IS NULL)) WITH CHECK (true);
ALTER TABLE taktvoll.channel_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.chat_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.checkpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.contact_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.contact_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.contact_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.contact_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.conversation ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.conversation_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.conversation_tag ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.edition ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.erasure_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.glossary_term ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.inbound ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.label_undone ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.library_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.library_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.mail_attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.mail_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.mail_original ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.mailbox_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.mailbox_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.mention ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_workspace ON taktvoll.answer_case USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.api_key USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.appointment_place USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.autonomy_log USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.autonomy_setting USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.channel_account USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.chat_file USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.checkpoint USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.contact USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.contact_code USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.contact_identity USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.contact_log USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.contact_search USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.conversation USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.conversation_code USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.conversation_tag USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.edition USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.erasure_log USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.event USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.glossary_term USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.inbound USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.label_undone USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.library_head USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.library_log USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.mail_attachment USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.mail_message USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.mail_original USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.mailbox_log USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.mailbox_state USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.mention USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.outbox USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.part USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.pending_reply USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.personal_text USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.reply_draft USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.reply_file USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.search_text USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.service_hours USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.sign_in_attempt USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_factor USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_identity USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_link USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_log USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_queue USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_recovery USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.staff_session USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.tag USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.target_clock USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.topic USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.topic_example USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.topic_label USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.topic_light USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.topic_model USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.withdrawal USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.wording USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.wording_proposal USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
CREATE POLICY of_workspace ON taktvoll.working_passage USING ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid)) WITH CHECK ((workspace_id = (current_setting('taktvoll.workspace'::text))::uuid));
ALTER TABLE taktvoll.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.part ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.pending_reply ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.personal_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.reply_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.reply_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.search_text ENABLE ROW LEVEL SECURITY;
CREATE POLICY sent_stays ON taktvoll.chat_file AS RESTRICTIVE FOR DELETE USING ((text_id IS NULL));
CREATE POLICY sent_stays ON taktvoll.reply_file AS RESTRICTIVE FOR DELETE USING ((text_id IS NULL));
ALTER TABLE taktvoll.service_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.sign_in_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_factor ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_recovery ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.staff_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.tag ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.target_clock ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.topic ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.topic_example ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.topic_label ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.topic_light ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.topic_model ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.withdrawal ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.wording ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.wording_proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE taktvoll.working_passage ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA taktvoll TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.accept_automatic(p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, OUT status text, OUT seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.accept_mail(p_workspace uuid, p_conversation uuid, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_reopening bytea, p_waking bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, p_mail jsonb, p_packed bytea, p_attachments jsonb, p_validity bigint, p_uid bigint, OUT status text, OUT conversation_id uuid, OUT seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.accept_message(p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, OUT status text, OUT seq integer, OUT snapshot jsonb, OUT snapshot_seq integer, OUT edition integer, OUT revision bigint) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.accept_message(p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamp with time zone, p_opening bytea, p_reopening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea, p_waking bytea, OUT status text, OUT seq integer, OUT snapshot jsonb, OUT snapshot_seq integer, OUT edition integer, OUT revision bigint) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.advance_mailbox(p_workspace uuid, p_account uuid, p_validity bigint, p_uid bigint, p_at timestamp with time zone, p_reset boolean) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.append_events(p_workspace uuid, p_conversation uuid, p_last_seq integer, p_last_hash bytea, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], OUT new_seq integer, OUT new_hash bytea) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.bind_chat_files() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.bind_chat_files() TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.claim_deliveries(p_workspace uuid, p_channels text[], p_claim uuid, p_now timestamp with time zone, p_until timestamp with time zone, p_limit integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.confirm_delivery(p_workspace uuid, p_conversation uuid, p_up_to integer, p_at timestamp with time zone, p_body bytea, OUT confirmed integer, OUT seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.contact_fold(p_text text) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.contact_grams(p_said text) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.contact_root(p_contact uuid) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.contact_search_identity() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.contact_search_identity() TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.contact_search_name() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.contact_search_name() TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.contact_tree(p_root uuid) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.decide_turn(p_workspace uuid, p_conversation uuid, p_expect_epoch integer, p_expect_customer_seq integer, p_turn integer, p_expect_revision bigint, p_at timestamp with time zone, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb, OUT status text, OUT first_seq integer) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.erase_chat_files() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.erase_chat_files() TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.erase_files() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.erase_files() TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.fail_delivery(p_id uuid, p_claim uuid, p_receipt jsonb, p_workspace uuid, p_conversation uuid, p_expect_epoch integer, p_expect_customer_seq integer, p_turn integer, p_expect_revision bigint, p_at timestamp with time zone, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb, OUT status text, OUT first_seq integer) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.find_contacts(p_text text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.find_contacts(p_text text, p_limit integer) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.find_texts(p_words text, p_starts text[], p_state text, p_owner text, p_tag text, p_channel text, p_language text, p_from timestamp with time zone, p_to timestamp with time zone, p_after_at timestamp with time zone, p_after_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.find_texts(p_words text, p_starts text[], p_state text, p_owner text, p_tag text, p_channel text, p_language text, p_from timestamp with time zone, p_to timestamp with time zone, p_after_at timestamp with time zone, p_after_id uuid, p_limit integer) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.follow_personal_text() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.follow_personal_text() TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.keep_contact_search(p_source uuid, p_workspace uuid, p_contact uuid, p_said text) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.keep_conversation_code() TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.keep_search_text() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.keep_search_text() TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.keep_work(p_workspace uuid, p_conversation uuid, p_first_seq integer, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_snapshot jsonb) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.miss_assistant(p_workspace uuid, p_conversation uuid, p_since integer, p_at timestamp with time zone, p_body bytea, OUT seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.miss_target(p_workspace uuid, p_conversation uuid, p_kind text, p_seq integer, p_at timestamp with time zone, p_body bytea, OUT seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.note_events(p_workspace uuid, p_conversation uuid, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], OUT status text, OUT first_seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.reroute_conversation(p_channel text, p_identity uuid, p_since_seq integer, p_workspace uuid, p_conversation uuid, p_expect_epoch integer, p_expect_customer_seq integer, p_turn integer, p_expect_revision bigint, p_at timestamp with time zone, p_kinds text[], p_ats timestamp with time zone[], p_bodies bytea[], p_text_ids uuid[], p_contents text[], p_salts bytea[], p_outbox jsonb, p_snapshot jsonb, OUT status text, OUT first_seq integer) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.search_fold(p_text text) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.search_query(p_words text, p_starts text[]) TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.search_words(p_content text) TO taktvoll_app;
REVOKE ALL ON FUNCTION taktvoll.send_files() FROM PUBLIC;
GRANT ALL ON FUNCTION taktvoll.send_files() TO taktvoll_app;
GRANT ALL ON FUNCTION taktvoll.settle_delivery(p_workspace uuid, p_id uuid, p_claim uuid, p_state text, p_due_at timestamp with time zone, p_counts boolean, p_unsure boolean, p_receipt jsonb, p_kind text, p_at timestamp with time zone, p_body bytea, OUT status text, OUT seq integer) TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.answer_case TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.api_key TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.appointment_place TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.autonomy_log TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.autonomy_setting TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.channel_account TO taktvoll_app;
GRANT SELECT,INSERT,DELETE ON TABLE taktvoll.chat_file TO taktvoll_app;
GRANT UPDATE(text_id) ON TABLE taktvoll.chat_file TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.checkpoint TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.contact TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.contact_code TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.contact_identity TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.contact_log TO taktvoll_app;
GRANT SELECT ON TABLE taktvoll.contact_search TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.conversation TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.conversation_code TO taktvoll_app;
GRANT SELECT,INSERT,DELETE ON TABLE taktvoll.conversation_tag TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.edition TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.erasure_log TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.event TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.glossary_term TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.inbound TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.label_undone TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.library_head TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.library_log TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.mail_attachment TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.mail_message TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.mail_original TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.mailbox_log TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.mailbox_state TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.mention TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.outbox TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.part TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.pending_reply TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.personal_text TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.reply_draft TO taktvoll_app;
GRANT SELECT,INSERT,DELETE ON TABLE taktvoll.reply_file TO taktvoll_app;
GRANT UPDATE(pending_id) ON TABLE taktvoll.reply_file TO taktvoll_app;
GRANT UPDATE(text_id) ON TABLE taktvoll.reply_file TO taktvoll_app;
GRANT SELECT ON TABLE taktvoll.schema_migration TO taktvoll_app;
GRANT SELECT ON TABLE taktvoll.search_text TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.service_hours TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.sign_in_attempt TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.staff TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.staff_factor TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.staff_identity TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.staff_link TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.staff_log TO taktvoll_app;
GRANT SELECT,INSERT,DELETE ON TABLE taktvoll.staff_queue TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.staff_recovery TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.staff_session TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.tag TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.target_clock TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.topic TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.topic_example TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.topic_label TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.topic_light TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.topic_model TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.withdrawal TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.wording TO taktvoll_app;
GRANT SELECT,INSERT,UPDATE ON TABLE taktvoll.wording_proposal TO taktvoll_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE taktvoll.working_passage TO taktvoll_app;
GRANT SELECT,INSERT ON TABLE taktvoll.workspace TO taktvoll_app;
GRANT UPDATE(settings) ON TABLE taktvoll.workspace TO taktvoll_app;
