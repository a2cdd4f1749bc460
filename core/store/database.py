"""Opens the database: one engine, its safety settings, and schema migration."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import SchemaNewer
from core.store.database_file import make_private

BUSY_TIMEOUT_MS = 5_000
MIGRATION_TRIES = 12
"""How often a server waits for its turn to migrate, each time as long as SQLite's busy timeout."""
CONNECT_S = 3
"""A PostgreSQL server that does not answer within this time is down."""
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x766F696365
"""Key of the PostgreSQL advisory lock that serialises migrations."""
READ_ONLY = "25006"
"""PostgreSQL's error code for a write in a read-only transaction."""


def normalise(url: str) -> sa.URL:
    """The URL with the driver this project ships; accepts `postgres://` too."""
    made = sa.make_url(url)
    if made.drivername in ("postgres", "postgresql"):
        made = made.set(drivername="postgresql+psycopg")
    return made


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None if it has none."""
    made = normalise(url)
    name = made.database if made.get_backend_name() == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None


def open_engine(url: str) -> sa.Engine:
    """An engine whose connections are safe for writes from several processes.

    SQLite: WAL; waits up to five seconds for another writer; survives the death of this process (a
    power failure may lose the last commits; it never corrupts). PostgreSQL: defaults. Its errors do
    not include the values that were to be written. Connections opened with
    `execution_options(writes=True)` take the write lock at BEGIN.
    """
    made = normalise(url)
    if made.get_backend_name() != "sqlite":
        if made.get_backend_name() != "postgresql":
            raise sa.exc.ArgumentError("the database must be sqlite:// or postgresql://")
        return sa.create_engine(
            made, pool_size=5, max_overflow=5, pool_pre_ping=True, hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_S},
        )  # fmt: skip
    file = sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        make_private(file)
    engine = sa.create_engine(made, pool_size=5, max_overflow=5, hide_parameters=True)

    opened: list[Path] = []

    @sa.event.listens_for(engine, "do_connect")
    def there(*_: object) -> None:
        """Do not recreate a deleted file: it would be an empty one."""
        if opened and not opened[0].exists():
            raise sqlite3.OperationalError(f"unable to open {opened[0]}: it was deleted")

    @sa.event.listens_for(engine, "connect")
    def configure(raw: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        connection: Any = raw
        connection.isolation_level = None  # transactions begin below, never in the driver
        if file is not None:
            opened[:] = [file.absolute()]
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted data is overwritten, not only unlinked
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def migrate(engine: sa.Engine) -> None:
    """Migrate the schema to this version; safe to call from several processes at once.

    Raises: SchemaNewer, SQLAlchemyError.
    """
    for _ in range(MIGRATION_TRIES - 1):
        try:
            return _upgrade(engine)
        except sa.exc.OperationalError as error:
            if engine.dialect.name != "sqlite" or not retryable(error):
                raise
    _upgrade(engine)


def newest() -> str:
    """The revision of a fully migrated database; revisions sort by name."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("v*.py")).removeprefix("v")


def _upgrade(engine: sa.Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        version = _version(connection)
        if version is not None and version > newest():
            raise SchemaNewer(
                f"its schema {version} is of a newer version, this one knows {newest()}: run that "
                "version, or restore a backup that was made before it"
            )
        if version == newest():
            return  # skip importing Alembic, which most starts do not need
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def retryable(error: BaseException) -> bool:
    """Whether a retry of the transaction may succeed: locked, disconnected, disk full, or read-only
    for now, like a PostgreSQL that became a standby."""
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == READ_ONLY:
        return True
    if not isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return False
    text = str(error.orig).lower()
    if "sqlite" in type(error.orig).__module__:
        passing = ("locked", "busy", "full", "disk i/o", "unable to open", "readonly")
        return any(word in text for word in passing)
    return True
