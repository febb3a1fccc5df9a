-- Mail on its way in: originals, what is known of each mail, and how far each mailbox is. All of it lies beside the chain:
-- originals and facts are personal, so they can be erased, and the chain stays provable.

-- How far a folder has been read: everything up to last_uid under uid_validity is on record.
create table mailbox_state (
    account_id uuid primary key references channel_account,
    workspace_id uuid not null references workspace,
    uid_validity bigint,
    last_uid bigint not null default 0,
    checked_at timestamptz,
    failing_since timestamptz,
    failure text not null default '',
    alarmed_at timestamptz,
    since timestamptz not null
);

create table mailbox_log (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    account_id uuid not null references channel_account,
    at timestamptz not null,
    kind text not null,
    detail text not null default ''
);
create index mailbox_log_account on mailbox_log (account_id, id desc);

-- The bytes as they came, packed; whole is false where a mail was too large and only its headers are kept.
create table mail_original (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    account_id uuid not null references channel_account,
    sha256 bytea not null,
    size bigint not null,
    whole boolean not null,
    packed bytea,
    at timestamptz not null,
    erased_at timestamptz
);
create unique index mail_original_bytes on mail_original (workspace_id, account_id, sha256);
alter table mail_original alter column packed set storage external; -- packed already

-- A mail in its conversation. automatic: the kind of machine that wrote it; silent: why nothing answers by itself.
create table mail_message (
    id uuid primary key references mail_original,
    workspace_id uuid not null references workspace,
    account_id uuid not null references channel_account,
    conversation_id uuid not null references conversation,
    seq int not null,
    at timestamptz not null,
    automatic text not null default '',
    silent text not null default '',
    message_id text,
    sender text,
    answers_to text,
    facts jsonb
);
create index mail_message_named on mail_message (workspace_id, message_id);
create index mail_message_sender on mail_message (workspace_id, sender, at);
create index mail_message_conversation on mail_message (conversation_id, seq);
create index mail_message_apart on mail_message (workspace_id, at desc) where automatic <> '';

-- What came along; the bytes lie in the original alone.
create table mail_attachment (
    mail_id uuid not null references mail_message,
    workspace_id uuid not null references workspace,
    place int not null,
    name text,
    type text not null,
    sniffed text not null,
    size bigint not null,
    inline boolean not null,
    encrypted boolean not null,
    primary key (mail_id, place)
);

create index inbound_mail on inbound (workspace_id, provider_id) where channel = 'mail';
create index conversation_mail on conversation (workspace_id, changed_at)
    where channel = 'mail' and owner_kind = 'assistant' and decided_customer_seq < last_customer_seq;

-- Moves a folder's cursor; it never goes back under the same validity, so that two readers do no harm.
create function advance_mailbox(
    p_workspace uuid, p_account uuid, p_validity bigint, p_uid bigint, p_at timestamptz, p_reset boolean default false
) returns void language plpgsql as $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    insert into mailbox_state (account_id, workspace_id, uid_validity, last_uid, since)
    values (p_account, p_workspace, p_validity, p_uid, p_at)
    on conflict (account_id) do update set
        last_uid = case when p_reset or mailbox_state.uid_validity is distinct from excluded.uid_validity
            then excluded.last_uid else greatest(mailbox_state.last_uid, excluded.last_uid) end,
        uid_validity = excluded.uid_validity;
end $$;

-- Appends what a machine wrote: on record and shown, but it asks nobody, so it neither reopens nor waits for a decision
-- and invalidates no draft (state.py folds it likewise).
create function accept_automatic(
    p_workspace uuid, p_conversation uuid, p_channel text, p_account uuid, p_provider_id text, p_at timestamptz,
    p_opening bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text, p_salt bytea,
    out status text, out seq int
) language plpgsql as $$
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

-- A mail goes on record: cursor, original, event and facts in one commit. Killed before it, the mail is fetched again;
-- killed after it, the cursor has passed it, and whoever brings it again finds it known.
-- p_mail: {"id", "sha256" hex, "size", "whole", "message_id", "sender", "answers_to", "automatic", "silent", "facts"}.
create function accept_mail(
    p_workspace uuid, p_conversation uuid, p_account uuid, p_provider_id text, p_at timestamptz,
    p_opening bytea, p_reopening bytea, p_waking bytea, p_kind text, p_body bytea, p_text_id uuid, p_content text,
    p_salt bytea, p_mail jsonb, p_packed bytea, p_attachments jsonb, p_validity bigint, p_uid bigint,
    out status text, out conversation_id uuid, out seq int
) language plpgsql as $$
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

do $$
declare
    name text;
begin
    foreach name in array array['mailbox_state', 'mailbox_log', 'mail_original', 'mail_message', 'mail_attachment']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;

grant select, insert, update on mailbox_state, mail_original, mail_message, mail_attachment to {app_role};
grant select, insert on mailbox_log to {app_role};
grant execute on function advance_mailbox, accept_automatic, accept_mail to {app_role};
