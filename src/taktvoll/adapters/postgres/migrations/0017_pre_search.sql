-- Searching stays quick for frequent words and with a filter by language.

-- As in 0015, but for the language: under row-level security PostgreSQL estimates only by operators that leak nothing.
-- `like` is not among them: it was taken for something that holds for one conversation in two hundred, and the search
-- read all conversations first. `^@` (begins with) is among them.
-- The newest text of each conversation that holds the words, newest first, after a text at p_after_at.
create or replace function find_texts(
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
end $$;
