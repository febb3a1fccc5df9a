-- Calls are found by what the desk has been told of them and by when they begin: both stand in the snapshot at fixed places
-- (domain/conversation/state.py), times as text of one width, so that they sort as they are. Where an older program wrote
-- the snapshot, nothing was told.
create index conversation_calls_near on conversation (
    workspace_id, coalesce(snapshot #>> '{calls,0,5}', ''), (snapshot #>> '{calls,0,2}')
) where jsonb_array_length(snapshot -> 'calls') > 0;
drop index conversation_calls;

-- Whoever moves an appointment takes the new place before the old one is given back: in between it holds two.
alter table appointment_place drop constraint appointment_place_workspace_id_conversation_id_key;
