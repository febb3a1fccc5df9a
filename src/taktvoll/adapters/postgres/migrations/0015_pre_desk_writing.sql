-- What agents write before it is sent, and the search over conversations.

-- What someone has begun to write: one text a person and conversation, gone when it is sent. `why` names what kept a
-- reply from being sent, where this is one that came back.
create table reply_draft (
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    conversation_id uuid not null references conversation,
    text text not null,
    client_id text not null,
    entry jsonb,
    why text not null default '',
    changed_at timestamptz not null,
    primary key (workspace_id, staff_id, conversation_id)
);
create index reply_draft_conversation on reply_draft (conversation_id, staff_id);

-- A reply that can still be taken back. Whoever sends it claims it first; a claim runs out, so that what a killed
-- process left is sent by another; the client's id keeps that from sending twice.
create table pending_reply (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    staff_id uuid not null references staff,
    conversation_id uuid not null references conversation,
    text text not null,
    client_id text not null,
    entry jsonb,
    epoch int not null,
    customer_seq int not null,
    due_at timestamptz not null,
    claimed_until timestamptz,
    unique (workspace_id, staff_id, conversation_id)
);
create index pending_reply_due on pending_reply (workspace_id, due_at);
create index pending_reply_conversation on pending_reply (conversation_id);

-- The words of messages and notes, for searching: no text, only what a German stemmer leaves of its words.
create table search_text (
    text_id uuid primary key,
    workspace_id uuid not null references workspace,
    conversation_id uuid not null references conversation on delete cascade,
    seq int not null,
    kind text not null,
    at timestamptz not null,
    words tsvector not null
);
create index search_text_words on search_text using gin (words);
create index search_text_recent on search_text (workspace_id, at desc, text_id desc);
create index search_text_conversation on search_text (conversation_id);

do $$
declare
    name text;
begin
    foreach name in array array['reply_draft', 'pending_reply', 'search_text']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;
alter table reply_draft force row level security;
alter table pending_reply force row level security;
-- search_text is bound for the program, but not for the owner: row-level security keeps an index for operators that leak
-- nothing, and @@ is not among them. find_texts asks as the owner and names the workspace itself.

grant select, insert, update, delete on reply_draft, pending_reply to {app_role};
grant select on search_text to {app_role};

-- Letters with marks that the German stemmer does not know.
create function search_fold(p_text text) returns text language sql immutable parallel safe as $$
    select translate(lower(p_text), 'áàâãåéèêëíìîïóòôõúùûçñýÿšžčćğışłń', 'aaaaaeeeeiiiioooouuucnyyszccgisln')
$$;

-- What of a kept message is searched: its words as people read them, without the notice, names and sources.
create function search_words(p_content text) returns tsvector language sql immutable parallel safe as $$
    select to_tsvector('pg_catalog.german', search_fold(coalesce(
        p_content::jsonb ->> 'text',
        (select string_agg(p ->> 'text', ' ') from jsonb_array_elements(p_content::jsonb -> 'parts') p
            where p ->> 'kind' <> 'notice'),
        '')))
$$;

create function search_query(p_words text, p_starts text[]) returns tsquery language plpgsql stable as $$
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

create function keep_search_text() returns trigger language plpgsql security definer
    set search_path = taktvoll, pg_temp as $$
begin
    insert into search_text (text_id, workspace_id, conversation_id, seq, kind, at, words)
    select t.id, new.workspace_id, new.conversation_id, new.seq, new.kind, new.at, search_words(t.content)
    from personal_text t where t.id = new.text_id and t.content like '{%'
    on conflict do nothing;
    return null;
end $$;

-- What is erased or changed leaves no hit; a text that was erased may stand in what somebody has begun to write.
create function follow_personal_text() returns trigger language plpgsql security definer
    set search_path = taktvoll, pg_temp as $$
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

create trigger event_searched after insert on event for each row
    when (new.text_id is not null and new.kind in ('message.received', 'message.released', 'note.written'))
    execute function keep_search_text();
create trigger personal_text_followed after delete or update of content on personal_text for each row
    execute function follow_personal_text();

-- The newest text of each conversation that holds the words, newest first, after a text at p_after_at.
create function find_texts(
    p_words text, p_starts text[], p_state text, p_owner text, p_tag text, p_channel text, p_language text,
    p_from timestamptz, p_to timestamptz, p_after_at timestamptz, p_after_id uuid, p_limit int
) returns table (text_id uuid, conversation_id uuid, kind text, at timestamptz, seq int)
language plpgsql stable security definer rows 20 set search_path = taktvoll, pg_temp as $$
declare
    place uuid := current_setting('taktvoll.workspace')::uuid;
    asked tsquery := search_query(p_words, p_starts);
    narrowed text;
    newest text := 's.at desc, s.text_id desc';
    hits int;
begin
    -- The planner cannot know how rare a word is that it has never seen; the index can. A rare one is found by its words
    -- and then ordered; for a frequent one the newest texts are read until a page is full.
    perform set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true);
    select count(*) into hits from (select 1 from search_text s where s.words @@ asked limit 2000) few;
    perform set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'on', true);
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
        case when p_language <> '' then ' and c.language like $6 || ''%''' end,
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
end $$;

do $$
declare
    place uuid;
begin
    for place in select id from workspace
    loop  -- what is on record already is found too
        perform set_config('taktvoll.workspace', place::text, true);
        insert into search_text (text_id, workspace_id, conversation_id, seq, kind, at, words)
        select t.id, e.workspace_id, e.conversation_id, e.seq, e.kind, e.at, search_words(t.content)
        from event e join personal_text t on t.id = e.text_id and t.content like '{%'
        where e.kind in ('message.received', 'message.released', 'note.written')
        on conflict do nothing;
    end loop;
    perform set_config('taktvoll.workspace', '', true);
end $$;

revoke execute on function find_texts, keep_search_text, follow_personal_text from public;
grant execute on all functions in schema taktvoll to {app_role};
