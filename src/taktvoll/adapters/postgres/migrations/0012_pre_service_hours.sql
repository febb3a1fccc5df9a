-- Service hours: the file in force, targets as they were judged, and places at which appointments begin.
-- All but the file is a cache: clocks are folded from events, the worker judges them anew whenever it must.

-- Every file ever set stays: what customers were told rests on one of them.
create table service_hours (
    workspace_id uuid not null references workspace,
    number int not null,
    at timestamptz not null,
    by text not null,
    file text not null,
    primary key (workspace_id, number)
);

-- One wait for people: until is null while it lasts; due_at is null while it stands still or has no target.
create table target_clock (
    workspace_id uuid not null references workspace,
    conversation_id uuid not null references conversation,
    kind text not null check (kind in ('first_answer', 'next_answer', 'resolution')),
    seq int not null,
    queue text not null,
    since timestamptz not null,
    due_at timestamptz,
    until timestamptz,
    answered boolean not null,
    spent_s double precision not null,
    missed_at timestamptz,
    primary key (conversation_id, kind, seq)
);
create index target_clock_due on target_clock (workspace_id, due_at)
    where missed_at is null and due_at is not null and (until is null or until > due_at);
create index target_clock_waits on target_clock (workspace_id, queue, until desc)
    where kind = 'first_answer' and answered;

-- A place at which an appointment begins; the key lets no two take the same one.
create table appointment_place (
    workspace_id uuid not null references workspace,
    at timestamptz not null,
    place int not null,
    conversation_id uuid not null references conversation,
    primary key (workspace_id, at, place),
    unique (workspace_id, conversation_id)
);

-- target_at (0011) says what is due first of people, target_kind which target that is; target_seq: the last event it was judged after; 0: not yet, or no
-- longer with people; -1: the hours have changed since.
alter table conversation
    add column target_kind text not null default '',
    add column target_seq int not null default 0;
create index conversation_target_stale on conversation (workspace_id, changed_at)
    where target_seq < last_seq and (owner_kind <> 'assistant' or target_seq <> 0) and channel <> 'command';
create index conversation_calls on conversation (workspace_id)
    where jsonb_array_length(snapshot -> 'calls') > 0;

do $$
declare
    name text;
begin
    foreach name in array array['service_hours', 'target_clock', 'appointment_place']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
    -- A missed target changes no state: as a receipt, it invalidates nothing that is being decided meanwhile.
    execute replace(pg_get_functiondef('decide_turn'::regproc), '''delivery.confirmed''',
        '''delivery.confirmed'', ''target.missed''');
end $$;

-- Puts a missed target on record, once, and only on a conversation that has been judged after its last event: an answer
-- that came in time but was not judged yet must not be called late.
create function miss_target(
    p_workspace uuid, p_conversation uuid, p_kind text, p_seq int, p_at timestamptz, p_body bytea,
    out seq int
) language plpgsql as $$
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

grant select, insert on service_hours to {app_role};
grant select, insert, update on target_clock to {app_role};
grant select, insert, update, delete on appointment_place to {app_role};
grant execute on all functions in schema taktvoll to {app_role};
