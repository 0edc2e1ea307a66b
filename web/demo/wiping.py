"""Removing the demo world: the tables are emptied whole, since an audit record cannot lose single leaves."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from accounts.models import Organisation
from core.access import OrgKind
from core.db import Base
from core.errors import Conflict
from core.work import Works


def wipe(app: Flask) -> None:
    """Drop the demo world with its record and lay the empty tables anew with the reference data.

    Raises Conflict("real-organisations") where anybody real has joined: their record would go too.
    """
    from web import cli  # noqa: PLC0415 - the command line imports this room

    works: Works = app.extensions["works"]
    with works.reading() as work:
        real = select(func.count()).select_from(Organisation)
        real = real.where(Organisation.is_demo.is_(False), Organisation.kind != OrgKind.DEPARTMENT)
        if work.session.scalar(real):
            raise Conflict("real-organisations")
    with works.engine.execution_options(writes=True).begin() as connection:
        Base.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    cli.upgrade_database(app)
    cli.load_reference(app)
