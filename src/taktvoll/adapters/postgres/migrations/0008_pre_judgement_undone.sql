-- A judgement can be taken back by whoever gave it. Labels stay append-only: what is taken back stands beside them, and a
-- further judgement of the same answer is its next round.

alter table topic_label add column round int not null default 1;
drop index topic_label_case;
create unique index topic_label_case on topic_label (workspace_id, conversation_id, seq, round) where counts;
create index topic_label_by on topic_label (workspace_id, by, id desc) where origin = 'draw';

create table label_undone (
    label_id uuid primary key references topic_label,
    workspace_id uuid not null references workspace,
    at timestamptz not null,
    by text not null
);
alter table label_undone enable row level security;
alter table label_undone force row level security;
create policy of_workspace on label_undone using (workspace_id = current_setting('taktvoll.workspace')::uuid)
    with check (workspace_id = current_setting('taktvoll.workspace')::uuid);
grant select, insert on label_undone to {app_role};
