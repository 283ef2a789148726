"""The store in a SQL database: SQLite and PostgreSQL by the same tables and the same statements."""
