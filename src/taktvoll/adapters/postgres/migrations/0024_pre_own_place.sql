-- A confirmed address goes by the place of its event in the kept state, as calls do (0018): what may otherwise slip in
-- between, a receipt or a note, moves that place, and the deed is thought over on the newest state.
do $$
begin
    execute replace(pg_get_functiondef('decide_turn'::regproc), 'array[''callback.wished'', ''appointment.made'']',
        'array[''callback.wished'', ''appointment.made'', ''reply_address.confirmed'']');
    if position('reply_address.confirmed' in pg_get_functiondef('decide_turn'::regproc)) = 0 then
        raise exception 'decide_turn is not as this migration expects it';
    end if;
end $$;
