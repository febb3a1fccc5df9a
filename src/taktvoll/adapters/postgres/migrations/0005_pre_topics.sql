-- Topics: what messages are about, learnt from examples or proposed by the program. Learnt models are parts by hash,
-- as passages are; an edition names one in its rules.

create table topic (
    workspace_id uuid not null references workspace,
    name text not null,
    state text not null check (state in ('learnt', 'proposed')),
    words jsonb not null default '[]',
    made_at timestamptz not null,
    made_by text not null,
    primary key (workspace_id, name)
);

-- An example has a text of its own, or points to a customer's message, so that erasing that erases it here too.
create table topic_example (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    topic text not null,
    content text,
    text_id uuid references personal_text,
    check ((content is null) <> (text_id is null)),
    foreign key (workspace_id, topic) references topic (workspace_id, name) on update cascade on delete cascade
);
create index topic_example_topic on topic_example (workspace_id, topic);
create index topic_example_text on topic_example (text_id) where text_id is not null;

-- The model learnt last: the next edition names it.
create table topic_model (
    workspace_id uuid primary key references workspace,
    hash text not null,
    learnt_at timestamptz not null,
    learnt_by text not null,
    stale boolean not null default false
);

do $$
declare
    name text;
begin
    foreach name in array array['topic', 'topic_example', 'topic_model']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;

grant select, insert, update, delete on topic, topic_example to {app_role};
grant select, insert, update on topic_model to {app_role};
