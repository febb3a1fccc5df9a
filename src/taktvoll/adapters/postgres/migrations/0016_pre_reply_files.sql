-- Files that people send along with a reply. They lie beside the chain, as texts do: the record names their hashes, so they
-- can be erased and the chain stays provable.

-- A file is added to what someone writes, waits with their reply (pending_id), and belongs to the message it was sent with
-- (text_id, the personal text that names it). Name and bytes are erased with that text.
create table reply_file (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    conversation_id uuid not null references conversation,
    name text,
    type text not null,
    size bigint not null,
    sha256 text not null,
    content bytea,
    pending_id uuid references pending_reply on delete set null,
    text_id uuid,
    at timestamptz not null,
    erased_at timestamptz,
    check (pending_id is null or text_id is null)
);
alter table reply_file alter column content set storage external; -- pictures, PDF and archives are packed already
create index reply_file_unsent on reply_file (conversation_id, staff_id) where text_id is null;
create index reply_file_pending on reply_file (pending_id) where pending_id is not null;
create index reply_file_text on reply_file (text_id) where text_id is not null;

alter table reply_file enable row level security;
alter table reply_file force row level security;
create policy of_workspace on reply_file using (workspace_id = current_setting('taktvoll.workspace')::uuid)
    with check (workspace_id = current_setting('taktvoll.workspace')::uuid);
-- What was sent can be erased, not made unsaid.
create policy sent_stays on reply_file as restrictive for delete using (text_id is null);

grant select, insert, delete, update (pending_id, text_id) on reply_file to {app_role};

-- In the commit that releases a message its files become part of it. One that is not there any more fails the commit: no
-- message leaves without what it says goes along.
create function send_files() returns trigger language plpgsql as $$
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

create trigger event_files after insert on event for each row
    when (new.kind = 'message.released' and new.text_id is not null
        and convert_from(new.body, 'UTF8') like '%"files":[%')
    execute function send_files();

-- Erasing a text erases name and bytes of what was sent with it, and what somebody has added to a reply meanwhile: they may
-- be the same words again.
create function erase_files() returns trigger language plpgsql security definer
    set search_path = taktvoll, pg_temp as $$
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

create trigger personal_text_files after delete or update of content on personal_text for each row
    execute function erase_files();

revoke execute on function erase_files, send_files from public;
grant execute on function send_files, erase_files to {app_role};
