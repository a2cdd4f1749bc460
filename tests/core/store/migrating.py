"""A database with an earlier version's schema."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from core.store.database import MIGRATIONS, open_engine


def upgraded(url: str, to: str, fill: Callable[[sa.Connection], None]) -> None:
    """Migrate an empty database to a version, and fill it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = open_engine(url)
    with engine.execution_options(writes=True).begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, to)
        fill(c)
    engine.dispose()
