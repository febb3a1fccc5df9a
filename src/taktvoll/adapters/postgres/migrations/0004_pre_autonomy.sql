-- Earned autonomy: the light of each topic, answers that wait for a judgement, labels, and a log of all that happened.
-- Labels and the log are append-only: the program may not change or delete them.

-- What the company tolerates, whether all topics answer only to themselves, and how far decisions have been looked at.
create table autonomy_setting (
    workspace_id uuid primary key references workspace,
    error_ppm int not null default 30000 check (error_ppm > 0 and error_ppm < 500000),
    confidence_ppm int not null default 950000 check (confidence_ppm >= 500000 and confidence_ppm < 1000000),
    draw_ppm int not null default 50000 check (draw_ppm > 0 and draw_ppm <= 1000000),
    shadow boolean not null default false,
    scanned_to timestamptz
);

create table topic_light (
    workspace_id uuid not null references workspace,
    topic text not null,
    light text not null check (light in ('human', 'copilot', 'probation', 'autopilot')),
    shadow boolean not null default false,
    life int not null default 1,
    life_since timestamptz not null,
    since timestamptz not null,
    primary key (workspace_id, topic)
);

create table answer_case (
    workspace_id uuid not null references workspace,
    conversation_id uuid not null,
    seq int not null,
    customer_seq int not null,
    topic text not null,
    origin text not null check (origin in ('draw', 'copilot')),
    light text not null,
    edition int,
    rate_ppm int not null check (rate_ppm > 0),
    at timestamptz not null,
    primary key (workspace_id, conversation_id, seq)
);
create index answer_case_topic on answer_case (workspace_id, topic, at);

create table topic_label (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    topic text not null,
    origin text not null check (origin in ('draw', 'copilot', 'file')),
    verdict text not null check (verdict in ('right', 'wrong')),
    counts boolean not null,
    at timestamptz not null,
    by text not null,
    detail text not null,
    conversation_id uuid,
    seq int,
    ref text,
    edition int
);
create unique index topic_label_case on topic_label (workspace_id, conversation_id, seq) where counts;
create unique index topic_label_ref on topic_label (workspace_id, ref) where counts and ref is not null;
create index topic_label_topic on topic_label (workspace_id, topic, at);

create table autonomy_log (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    topic text not null,
    kind text not null,
    at timestamptz not null,
    by text not null,
    detail jsonb not null
);
create index autonomy_log_topic on autonomy_log (workspace_id, topic, id desc);

-- Decisions are looked at in the order of their time.
create index event_decided on event (workspace_id, at) where kind = 'answer.decided';

do $$
declare
    name text;
begin
    foreach name in array array['autonomy_setting', 'topic_light', 'answer_case', 'topic_label', 'autonomy_log']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;

grant select, insert, update on autonomy_setting, topic_light to {app_role};
grant select, insert on answer_case, topic_label, autonomy_log to {app_role};
