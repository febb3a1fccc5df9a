-- Calls are found by what the desk has been told of them and by when they begin: both stand in the snapshot at fixed places
-- (domain/conversation/state.py), times as text of one width, so that they sort as they are. Where an older program wrote
-- the snapshot, nothing was told.
create index conversation_calls_near on conversation (
    workspace_id, coalesce(snapshot #>> '{calls,0,5}', ''), (snapshot #>> '{calls,0,2}')
) where jsonb_array_length(snapshot -> 'calls') > 0;
drop index conversation_calls;

-- Whoever moves an appointment takes the new place before the old one is given back: in between it holds two.
alter table appointment_place drop constraint appointment_place_workspace_id_conversation_id_key;

-- Terms of keeping: why an original was erased, and a log of all that was erased on schedule or by command. It names nobody:
-- a contact by its id, and in `why` what whoever erased has written.
alter table mail_original add column erased_because text not null default '' check (erased_because in ('', 'term', 'contact'));
create index mail_original_kept on mail_original (workspace_id, at) where packed is not null;
create index reply_file_left on reply_file (workspace_id, at) where text_id is null and pending_id is null;

create table erasure_log (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    at timestamptz not null,
    what text not null check (what in ('originals', 'unsent_files', 'contact')),
    count int not null,
    before timestamptz,
    contact_id uuid references contact,
    by text not null,
    why text not null default ''
);
create index erasure_log_latest on erasure_log (workspace_id, at desc);
alter table erasure_log enable row level security;
alter table erasure_log force row level security;
create policy of_workspace on erasure_log using (workspace_id = current_setting('taktvoll.workspace')::uuid)
    with check (workspace_id = current_setting('taktvoll.workspace')::uuid);
grant select, insert on erasure_log to {app_role};
