"""One Alembic history for SQLite and PostgreSQL; start at `env.py`."""
