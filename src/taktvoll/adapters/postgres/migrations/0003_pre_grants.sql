-- What the program's own role may do: read and write rows of its workspace, append to the record, never change it.
-- {app_role} is filled in by the migration runner.

grant usage on schema taktvoll to {app_role};
grant select, insert on workspace to {app_role};
grant select, insert, update on library_head, channel_account, conversation, outbox, withdrawal, staff to {app_role};
grant select, insert on event, inbound, part, edition, library_log, checkpoint to {app_role};
grant select, insert, update on personal_text to {app_role};
grant select, insert, update, delete on working_passage, staff_session, sign_in_attempt to {app_role};
grant execute on all functions in schema taktvoll to {app_role};
