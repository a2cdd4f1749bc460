"""A database with an earlier version's schema."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from core.store.database import MIGRATIONS, open_engine


def upgraded(url: str, to: str, fill: Callable[[sa.Connection], None]) -> None:
    """Migrate an empty database to a version, and fill it."""
    _moved(url, lambda config, c: (command.upgrade(config, to), fill(c)))


def downgraded(url: str, to: str) -> None:
    """Downgrade a database to a version."""
    _moved(url, lambda config, _: command.downgrade(config, to))


def _moved(url: str, move: Callable[[Config, sa.Connection], object]) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = open_engine(url)
    with engine.execution_options(writes=True).begin() as c:
        config.attributes["connection"] = c
        move(config, c)
    engine.dispose()
