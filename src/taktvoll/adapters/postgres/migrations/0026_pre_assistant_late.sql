-- The assistant was late, once: two workers that look at the same moment put it on record only one time. People's clocks
-- have a row that tells (0012); the assistant's run for seconds and have none, so the record itself is asked, under the
-- conversation's lock.
create function miss_assistant(
    p_workspace uuid, p_conversation uuid, p_since int, p_at timestamptz, p_body bytea,
    out seq int
) language plpgsql as $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    perform 1 from conversation c where c.id = p_conversation for update;
    if not found or exists (
        select 1 from event e where e.conversation_id = p_conversation and e.seq > p_since and e.kind = 'target.missed'
            and convert_from(e.body, 'UTF8')::jsonb -> 'payload' @> jsonb_build_object('since', p_since, 'target', 'assistant')
    ) then
        return;
    end if;
    select n.first_seq into seq
    from note_events(p_workspace, p_conversation, array['target.missed'], array[p_at], array[p_body]) n;
end $$;

grant execute on all functions in schema taktvoll to {app_role};
