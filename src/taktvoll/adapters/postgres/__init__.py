"""PostgreSQL by asyncpg: the record, the library, the directory, the push between processes; the only home of SQL."""
