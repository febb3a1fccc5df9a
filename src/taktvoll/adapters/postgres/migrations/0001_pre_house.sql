-- The house: workspaces, the record, the library, staff, the outbox. Every row of a workspace carries workspace_id
-- and row-level security holds beneath the code, for the owner of the tables too (force).
-- Run as the owner; the program then works as a role that owns nothing (0003).

create table workspace (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    language text not null default 'de',
    settings jsonb not null default '{}',
    created_at timestamptz not null
);

-- What is in force: one row a workspace, read by every accept. revision rises with every publish, roll-back, withdrawal.
create table library_head (
    workspace_id uuid primary key references workspace,
    edition int,
    revision bigint not null default 0
);

create table channel_account (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    channel text not null,
    name text not null,
    settings jsonb not null default '{}',
    unique (workspace_id, channel, name)
);

create table conversation (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    channel text not null,
    account_id uuid not null references channel_account,
    owner_kind text not null default 'assistant' check (owner_kind in ('assistant', 'queue', 'person')),
    owner_id text not null default '',
    owner_epoch int not null default 0,
    last_customer_seq int not null default 0,
    decided_customer_seq int not null default 0,
    last_seq int not null default 0,
    last_hash bytea not null default decode(repeat('00', 32), 'hex'),
    language text,
    closed boolean not null default false,
    waiting_since timestamptz,
    snapshot jsonb,
    snapshot_seq int not null default 0,
    created_at timestamptz not null,
    changed_at timestamptz not null
);
create index conversation_desk on conversation (workspace_id, owner_kind, changed_at desc) where owner_kind <> 'assistant';
create index conversation_recent on conversation (workspace_id, changed_at desc);
create index conversation_undecided on conversation (workspace_id, changed_at)
    where owner_kind = 'assistant' and decided_customer_seq < last_customer_seq;

-- Personal text lies beside the chain: erasing the row leaves the chain provable.
create table personal_text (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    conversation_id uuid not null,
    content text,
    salt bytea,
    erased_at timestamptz
);
create index personal_text_conversation on personal_text (conversation_id);

create table event (
    workspace_id uuid not null references workspace,
    conversation_id uuid not null references conversation,
    seq int not null,
    kind text not null,
    at timestamptz not null,
    body bytea not null,
    text_id uuid,
    prev_hash bytea not null,
    hash bytea not null,
    primary key (conversation_id, seq)
);

create table inbound (
    workspace_id uuid not null references workspace,
    channel text not null,
    account_id uuid not null,
    provider_id text not null,
    conversation_id uuid not null,
    seq int not null,
    primary key (workspace_id, channel, account_id, provider_id)
);

create table outbox (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    conversation_id uuid not null,
    event_seq int not null,
    draft_digest text not null,
    channel text not null,
    recipient text not null,
    idempotency_key text not null unique,
    due_at timestamptz not null,
    tries int not null default 0,
    state text not null default 'due' check (state in ('due', 'sent', 'confirmed', 'failed')),
    receipt jsonb
);
create index outbox_open on outbox (workspace_id, due_at) where state = 'due';
create index outbox_conversation on outbox (conversation_id, event_seq) where state <> 'confirmed';

-- The library: the working copy that people edit, parts stored once by hash, editions, and what is withdrawn for good.
create table part (
    workspace_id uuid not null references workspace,
    hash text not null,
    kind text not null,
    body bytea not null,
    primary key (workspace_id, hash)
);

create table working_passage (
    workspace_id uuid not null references workspace,
    collection text not null,
    id text not null,
    language text not null,
    hash text not null,
    changed_at timestamptz not null,
    primary key (workspace_id, collection, id, language)
);

create table edition (
    workspace_id uuid not null references workspace,
    number int not null,
    made_at timestamptz not null,
    made_by text not null,
    approved_by text not null,
    parent int,
    manifest_hash text not null,
    content_hash text not null,
    rules_hash text not null,
    manifest bytea not null,
    passages int not null,
    primary key (workspace_id, number)
);

create table withdrawal (
    workspace_id uuid not null references workspace,
    collection text not null,
    id text not null,
    language text not null,
    at timestamptz not null,
    by text not null,
    reason text not null,
    lifted_at timestamptz,
    primary key (workspace_id, collection, id, language)
);

create table library_log (
    workspace_id uuid not null references workspace,
    at timestamptz not null,
    by text not null,
    kind text not null,
    detail jsonb not null
);

create table staff (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    email text not null,
    name text not null,
    role text not null check (role in ('agent', 'lead', 'editor', 'admin', 'auditor')),
    password_hash text not null,
    active boolean not null default true,
    created_at timestamptz not null,
    unique (workspace_id, email)
);

create table staff_session (
    token_hash bytea primary key,
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create table sign_in_attempt (
    workspace_id uuid not null references workspace,
    at timestamptz not null,
    email_digest bytea not null,
    ok boolean not null
);
create index sign_in_attempt_recent on sign_in_attempt (workspace_id, email_digest, at desc);

create table checkpoint (
    workspace_id uuid not null references workspace,
    number int not null,
    body bytea not null,
    signature bytea not null,
    key_id text not null,
    primary key (workspace_id, number)
);

do $$
declare
    name text;
begin
    foreach name in array array['library_head', 'channel_account', 'conversation', 'personal_text', 'event', 'inbound',
        'outbox', 'part', 'working_passage', 'edition', 'withdrawal', 'library_log', 'staff', 'staff_session',
        'sign_in_attempt', 'checkpoint']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;
