-- A call-back or an appointment goes by the place of its event, and the kept state names it so. What may otherwise slip in
-- between, a receipt or a note, moves that place: then the deed is thought over on the newest state.
do $$
begin
    execute replace(pg_get_functiondef('decide_turn'::regproc),
        'elsif known.last_seq <> based_on and exists',
        'elsif known.last_seq <> based_on and p_kinds && array[''callback.wished'', ''appointment.made''] then
        status := ''state_changed'';
    elsif known.last_seq <> based_on and exists');
    if position('callback.wished' in pg_get_functiondef('decide_turn'::regproc)) = 0 then
        raise exception 'decide_turn is not as this migration expects it';
    end if;
end $$;
