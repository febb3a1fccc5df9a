-- A file that went with a message stays its message's. The program may name the message of a file (0016, 0019) and could by
-- that right also take the name away again, and then delete what was sent. Erasing is not the program's own act: the
-- trigger does it with the owner's rights, to whom these policies do not apply.
create policy bound_stays on reply_file as restrictive for update to {app_role} using (text_id is null) with check (true);
create policy bound_stays on chat_file as restrictive for update to {app_role} using (text_id is null) with check (true);
