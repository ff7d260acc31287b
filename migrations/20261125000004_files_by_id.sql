-- no-transaction
-- A download knows the file's id alone. Not unique: a unique index would have to begin with order_id to be spread.
create index concurrently files_id on files (id);
