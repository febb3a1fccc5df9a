-- What people teach the search: the glossary of the workspace, questions of customers that may become further wordings
-- of an entry, and the wordings an editor has approved.

create table glossary_term (
    workspace_id uuid not null references workspace,
    term text not null,
    synonyms text[] not null,
    changed_at timestamptz not null,
    by text not null,
    primary key (workspace_id, term)
);

-- A proposal names the message it stands in and holds no text: erasing the message erases the proposal's text, too.
-- same_as: the earlier proposal that says nearly the same; such a row only counts.
create table wording_proposal (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    collection text not null,
    passage_id text not null,
    language text not null,
    conversation_id uuid not null,
    seq int not null,
    why text not null check (why in ('chosen', 'helped', 'sent')),
    at timestamptz not null,
    same_as uuid references wording_proposal,
    standing text not null default 'open' check (standing in ('open', 'approved', 'rejected')),
    decided_at timestamptz,
    decided_by text,
    unique (workspace_id, conversation_id, seq, collection, passage_id, language, why)
);
create index wording_proposal_entry on wording_proposal (workspace_id, collection, passage_id, language)
    where same_as is null;
create index wording_proposal_same on wording_proposal (same_as) where same_as is not null;

-- Approved words of the company; importing a file anew leaves them with their entries.
create table wording (
    workspace_id uuid not null references workspace,
    collection text not null,
    id text not null,
    language text not null,
    text text not null,
    at timestamptz not null,
    by text not null,
    primary key (workspace_id, collection, id, language, text)
);

do $$
declare
    name text;
begin
    foreach name in array array['glossary_term', 'wording_proposal', 'wording']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_workspace on %I using (workspace_id = current_setting(''taktvoll.workspace'')::uuid) '
            'with check (workspace_id = current_setting(''taktvoll.workspace'')::uuid)', name);
    end loop;
end $$;

grant select, insert, update, delete on glossary_term to {app_role};
grant select, insert, update on wording_proposal to {app_role};
grant select, insert on wording to {app_role};
