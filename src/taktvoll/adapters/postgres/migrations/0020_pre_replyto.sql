-- Answers are counted by the address they go to as well: a form writes for everybody, and each of them has a limit.
create index mail_message_answered on mail_message (workspace_id, answers_to, at);

-- Everything up to settled_uid was marked or moved, too. Marks follow the record one by one, so where a reader died only
-- the mail at the cursor can lack its mark. Null where an earlier program read last: its cursor may stand at a mail that
-- is not on record, so nothing is marked there.
alter table mailbox_state add column settled_uid bigint;
alter table mailbox_state alter column settled_uid set default 0;

-- Which watcher reads the mailbox, and until when nobody else does; one that dies or hangs renews it no more.
alter table mailbox_state add column reader uuid;
alter table mailbox_state add column read_until timestamptz;

-- As before; and a cursor that is set anew points before mails that nobody has read yet, which must not be marked.
create or replace function advance_mailbox(
    p_workspace uuid, p_account uuid, p_validity bigint, p_uid bigint, p_at timestamptz, p_reset boolean default false
) returns void language plpgsql as $$
begin
    perform set_config('taktvoll.workspace', p_workspace::text, true);
    insert into mailbox_state (account_id, workspace_id, uid_validity, last_uid, settled_uid, since)
    values (p_account, p_workspace, p_validity, p_uid, case when p_reset then p_uid else 0 end, p_at)
    on conflict (account_id) do update set
        last_uid = case when p_reset or mailbox_state.uid_validity is distinct from excluded.uid_validity
            then excluded.last_uid else greatest(mailbox_state.last_uid, excluded.last_uid) end,
        settled_uid = case when p_reset then excluded.last_uid else mailbox_state.settled_uid end,
        uid_validity = excluded.uid_validity;
end $$;
