-- What one message alone showed of a person's habits is kept as provisional, so that the next answer can use it already.
alter table contact add column seen_once text[] not null default '{}';
comment on column contact.seen_once is 'learnt fields that a single message showed so far';
