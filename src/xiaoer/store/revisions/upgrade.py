"""Runs the steps that a database lacks; apart from the rest because Alembic takes long to load and is seldom needed."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from xiaoer.store.errors import SchemaNewerError


def upgrade(connection: Connection) -> None:
    """Run the steps in the connection's transaction.

    Raises:
        SchemaNewerError: the database has steps that this version does not know.
    """
    script = _script()

    def steps(revision: str, _context: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", revision)  # what Alembic's guide to its own API calls here

    try:
        with EnvironmentContext(Config(), script, fn=steps, destination_rev="head") as environment:
            environment.configure(connection=connection)
            environment.run_migrations()
    except CommandError as error:
        raise SchemaNewerError(
            f"{connection.engine.url.render_as_string()} was written by a newer Xiaoer ({error}). Install that one."
        ) from error


@cache
def _script() -> ScriptDirectory:
    """Read the steps once: half of what a new database costs."""
    return ScriptDirectory(str(Path(__file__).parent))
