-- How staff come in and stay in: sessions with a device and a stage, second factors, links, people of a sign-in server,
-- keys for programs, and a log of it all that the program can append to and never change.

alter table staff_session
    add column id uuid not null default gen_random_uuid() unique,
    add column last_used_at timestamptz not null default now(),
    add column device text not null default '',
    add column stage text not null default 'open' check (stage in ('code', 'enrol', 'open'));
create index staff_session_staff on staff_session (staff_id);

-- The secret is encrypted under the installation's keys. last_step: time steps up to here have been used.
create table staff_factor (
    staff_id uuid primary key references staff,
    workspace_id uuid not null references workspace,
    secret bytea not null,
    made_at timestamptz not null,
    confirmed boolean not null default false,
    last_step bigint not null default 0
);

create table staff_recovery (
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    digest bytea not null,
    used boolean not null default false,
    primary key (staff_id, digest)
);

create table staff_link (
    token_hash bytea primary key,
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    expires_at timestamptz not null
);
create index staff_link_staff on staff_link (staff_id);

create table staff_identity (
    workspace_id uuid not null references workspace,
    issuer text not null,
    subject text not null,
    staff_id uuid not null references staff,
    primary key (workspace_id, issuer, subject),
    unique (staff_id, issuer)
);

create table api_key (
    workspace_id uuid not null references workspace,
    handle text not null,
    name text not null,
    secret_hash bytea not null,
    scopes text[] not null,
    made_at timestamptz not null,
    made_by text not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (workspace_id, handle)
);

create table staff_log (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    kind text not null,
    by text not null,
    at timestamptz not null,
    about uuid references staff,
    detail jsonb not null
);
create index staff_log_recent on staff_log (workspace_id, at desc);

do $$
declare
    name text;
begin
    foreach name in array array['staff_factor', 'staff_recovery', 'staff_link', 'staff_identity', 'api_key', 'staff_log']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;

grant select, insert, update, delete on staff_factor, staff_recovery, staff_link to {app_role};
grant select, insert on staff_identity, staff_log to {app_role};
grant select, insert, update on api_key to {app_role};
