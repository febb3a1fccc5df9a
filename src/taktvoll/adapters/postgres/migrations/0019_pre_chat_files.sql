-- Files that customers send in the chat. They lie beside the chain as those of replies do (0016), in a table of their own:
-- no person of ours adds them, nothing waits with them, and they may come before their conversation is begun.

-- upload_id is the element's own id of an upload: sent again after a loss of the network it is the same file.
-- conversation_id refers to nothing: a visit is stored with its first message, and a file may be added before it.
create table chat_file (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    conversation_id uuid not null,
    upload_id text not null,
    name text,
    type text not null,
    size bigint not null,
    sha256 text not null,
    content bytea,
    text_id uuid,
    at timestamptz not null,
    erased_at timestamptz,
    unique (workspace_id, conversation_id, upload_id)
);
alter table chat_file alter column content set storage external; -- photographs and PDF are packed already
create index chat_file_text on chat_file (text_id) where text_id is not null;
create index chat_file_unsent on chat_file (workspace_id, at) where text_id is null;

alter table chat_file enable row level security;
alter table chat_file force row level security;
create policy of_workspace on chat_file using (workspace_id = current_setting('taktvoll.workspace')::uuid)
    with check (workspace_id = current_setting('taktvoll.workspace')::uuid);
-- What was sent can be erased, not made unsaid.
create policy sent_stays on chat_file as restrictive for delete using (text_id is null);

grant select, insert, delete, update (text_id) on chat_file to {app_role};

-- In the commit that takes a message its files become part of it. One that is not there any more, or went with another
-- message, fails the commit: no message is on record without what it says came along.
create function bind_chat_files() returns trigger language plpgsql as $$
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

create trigger event_chat_files after insert on event for each row
    when (new.kind = 'message.received' and new.text_id is not null
        and convert_from(new.body, 'UTF8') like '%"files":[%')
    execute function bind_chat_files();

-- Erasing a text erases name and bytes of what came with it, and what was added to the next message meanwhile: that may be
-- the same picture again.
create function erase_chat_files() returns trigger language plpgsql security definer
    set search_path = taktvoll, pg_temp as $$
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

create trigger personal_text_chat_files after delete or update of content on personal_text for each row
    execute function erase_chat_files();

revoke execute on function bind_chat_files, erase_chat_files from public;
grant execute on function bind_chat_files, erase_chat_files to {app_role};
