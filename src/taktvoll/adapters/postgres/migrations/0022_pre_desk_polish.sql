-- Conversations are found by their code, by their contact and by who wrote their mails; contacts by an index; places of
-- appointments that nobody has are given back.

-- When a place was taken: one whose appointment never came on record is nobody's.
alter table appointment_place add column claimed_at timestamptz not null default now();

-- The end of a conversation's id, by which two people name it to each other. A column, not an expression: row-level
-- security keeps an index for operators that leak nothing, and turning an id into text is not among them.
create table conversation_code (
    conversation_id uuid primary key references conversation on delete cascade,
    workspace_id uuid not null references workspace,
    code text not null
);
create index conversation_code_code on conversation_code (workspace_id, code);
create function keep_conversation_code() returns trigger language plpgsql as $$
begin
    insert into conversation_code (conversation_id, workspace_id, code)
    values (new.id, new.workspace_id, right(new.id::text, 4)) on conflict do nothing;
    return null;
end $$;
create trigger conversation_coded after insert on conversation for each row execute function keep_conversation_code();

-- Names and addresses of contacts in threes of letters, so that any part of one is found by an index. Not the extension
-- that does the like: a database of one's own need not have it.
create table contact_search (
    source_id uuid primary key,
    workspace_id uuid not null references workspace,
    contact_id uuid not null references contact on delete cascade,
    said text not null,
    grams text[] not null
);
create index contact_search_grams on contact_search using gin (grams);
create index contact_search_contact on contact_search (contact_id);
comment on column contact_search.source_id is 'the contact whose name it is, or the identity whose address';

create function contact_fold(p_text text) returns text language sql immutable parallel safe as $$
    select btrim(regexp_replace(search_fold(p_text), '\s+', ' ', 'g'))
$$;
create function contact_grams(p_said text) returns text[] language sql immutable parallel safe as $$
    select array(select distinct substr(p_said, n, 3) from generate_series(1, length(p_said) - 2) n)
$$;

create function keep_contact_search(p_source uuid, p_workspace uuid, p_contact uuid, p_said text) returns void
language sql as $$
    insert into contact_search (source_id, workspace_id, contact_id, said, grams)
    values (p_source, p_workspace, p_contact, p_said, contact_grams(p_said))
    on conflict (source_id) do update set contact_id = excluded.contact_id, said = excluded.said, grams = excluded.grams
$$;
create function contact_search_name() returns trigger language plpgsql security definer
    set search_path = taktvoll, pg_temp as $$
begin
    if tg_op = 'DELETE' or new.name = '' then
        delete from contact_search s where s.source_id = old.id;
    else
        perform keep_contact_search(new.id, new.workspace_id, new.id, contact_fold(new.name));
    end if;
    return null;
end $$;
create function contact_search_identity() returns trigger language plpgsql security definer
    set search_path = taktvoll, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        delete from contact_search s where s.source_id = old.id;
    else
        perform keep_contact_search(new.id, new.workspace_id, new.contact_id,
            contact_fold(case when new.written = new.address then new.address else new.address || ' ' || new.written end));
    end if;
    return null;
end $$;
create trigger contact_named after insert or delete or update of name on contact for each row
    execute function contact_search_name();
create trigger contact_identity_searched after insert or delete or update of contact_id, address, written
    on contact_identity for each row execute function contact_search_identity();

do $$
declare
    place uuid;
    name text;
begin
    foreach name in array array['conversation_code', 'contact_search']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
    for place in select id from workspace
    loop  -- what there is already is found too
        perform set_config('taktvoll.workspace', place::text, true);
        insert into conversation_code (conversation_id, workspace_id, code)
        select c.id, c.workspace_id, right(c.id::text, 4) from conversation c on conflict do nothing;
        perform keep_contact_search(c.id, c.workspace_id, c.id, contact_fold(c.name)) from contact c where c.name <> '';
        perform keep_contact_search(i.id, i.workspace_id, i.contact_id,
            contact_fold(case when i.written = i.address then i.address else i.address || ' ' || i.written end))
        from contact_identity i;
    end loop;
    perform set_config('taktvoll.workspace', '', true);
end $$;
alter table conversation_code force row level security;
-- contact_search is bound for the program, but not for the owner, as search_text (0015): find_contacts asks as the owner and
-- names the workspace itself.

-- Contacts that speak for themselves and hold a text in a name or an address, those that changed last first.
create function find_contacts(p_text text, p_limit int) returns setof uuid
language plpgsql stable security definer rows 20 set search_path = taktvoll, pg_temp as $$
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

-- What of a kept message is searched: as in 0015, and who wrote it where it came by mail.
create or replace function search_words(p_content text) returns tsvector language sql immutable parallel safe as $$
    select to_tsvector('pg_catalog.german', search_fold(concat_ws(' ',
        p_content::jsonb -> 'mail' -> 'from' ->> 0, p_content::jsonb -> 'mail' -> 'from' ->> 1,
        coalesce(
            p_content::jsonb ->> 'text',
            (select string_agg(p ->> 'text', ' ') from jsonb_array_elements(p_content::jsonb -> 'parts') p
                where p ->> 'kind' <> 'notice')))))
$$;
do $$
declare
    place uuid;
begin
    for place in select id from workspace
    loop
        perform set_config('taktvoll.workspace', place::text, true);
        update search_text s set words = search_words(t.content)
        from personal_text t, conversation c
        where s.workspace_id = place and s.kind = 'message.received' and c.id = s.conversation_id and c.channel = 'mail'
            and t.id = s.text_id and t.content like '%"mail":%';
    end loop;
    perform set_config('taktvoll.workspace', '', true);
end $$;

grant select, insert on conversation_code to {app_role};
grant select on contact_search to {app_role};
revoke execute on function find_contacts, contact_search_name, contact_search_identity from public;
grant execute on all functions in schema taktvoll to {app_role};
