"""The command line: database, reference data, demo world, search index, diagrams."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click
from flask import Flask
from sqlalchemy import func, inspect, select

from accounts import service as accounts
from accounts.commands import FoundOffice
from accounts.models import Organisation
from accounts.permissions import OPEN_KINDS
from admin.audits import cli as audits_cli
from admin.guide import service as guide
from admin.guide.rules import Table, table_of
from agencies.catalogue import service as catalogue
from agencies.fees.cli import fees
from core import outbox
from core.access import OrgKind
from core.db import Base
from core.errors import Conflict, DomainError
from core.lifecycle import Lifecycle
from core.work import Works
from search.judge_cli import judge
from web import rooms
from web.demo import SEED

if TYPE_CHECKING:  # the site and the jobs start sooner without Alembic
    from alembic.config import Config as AlembicConfig

ROOT: Final = Path(__file__).parent.parent
NO_TABLES: Final = "The database has no tables yet. Make them: flask --app wsgi db upgrade"
NO_DEMO: Final = "The demo world is off on this site: nothing made up is put among what is real (MARKET_DEMO)."


class Verbs(click.Group):
    """Verbs that read the tables; where those are missing a sentence says how to make them."""

    def __init__(self, app: Flask, name: str, **words: Any) -> None:
        super().__init__(name, **words)
        self.app = app

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a verb, asked for its tables first."""
        asking = copy(cmd)  # a room's verb is one for all applications of a process
        deed = cast("Callable[..., Any]", asking.callback)

        @wraps(deed)
        def with_tables(*args: Any, **options: Any) -> Any:
            _tables_only(self.app)
            return deed(*args, **options)

        asking.callback = with_tables
        super().add_command(asking, name)


def _works(app: Flask) -> Works:
    found: Works = app.extensions["works"]
    return found


def alembic_config(app: Flask) -> AlembicConfig:
    """Return Alembic's settings for this application's database."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415 - seldom needed, and heavy

    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = _works(app).engine
    return config


def upgrade_database(app: Flask) -> None:
    """Bring the database to the newest migration; a glance when it is there already."""
    from alembic import command  # noqa: PLC0415 - seldom needed, and heavy
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - likewise
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - likewise

    config = alembic_config(app)
    head = ScriptDirectory.from_config(config).get_current_head()
    with _works(app).engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        command.upgrade(config, "head")


def _tables_only(app: Flask) -> None:
    """Refuse where the database has no tables; which version they are of is ``db upgrade``'s to tell."""
    if not inspect(_works(app).engine).has_table(Organisation.__tablename__):
        raise click.ClickException(NO_TABLES)


def load_reference(app: Flask) -> None:
    """Load towns, departments, catalogue, rules and the guide; what is there and unchanged stays as it is."""
    with app.app_context(), _works(app).system() as work:
        accounts.load_reference(work)
        catalogue.load_catalogue(work)
        guide.keep(work, life_tables())


def is_empty(app: Flask) -> bool:
    """Say whether no enterprise has joined yet and the demo world is wanted."""
    if not app.extensions["config"].demo:
        return False
    with _works(app).reading() as work:
        return not work.session.scalar(
            select(func.count()).select_from(Organisation).where(Organisation.is_demo.is_(True))
        )


def load_demo(app: Flask, agencies: int = 80, needs: int = 300, seed: int = SEED) -> None:
    """Make the demo world through the services, with a progress bar."""
    from web.demo import world  # noqa: PLC0415 - seldom needed, and heavy

    with app.app_context():
        world.load(_works(app), agencies=agencies, needs=needs, seed=seed)


def wipe_demo(app: Flask) -> None:
    """Remove the demo world with its whole database; refused where a real organisation has joined."""
    from web.demo import wiping  # noqa: PLC0415 - seldom needed

    wiping.wipe(app)


def index_is_missing(app: Flask) -> bool:
    """Say whether the search index must be built."""
    with app.app_context():
        return rooms.search_health() != "ok"


def rebuild_index(app: Flask, told: Callable[[int], object] = lambda _one: None) -> int:
    """Build the search index from the tables, beside the old one, and swap; return how many documents it holds.

    told: hears 1 for each document on its way.
    """
    from search import service  # noqa: PLC0415 - the index opens slowly

    with app.app_context(), _works(app).reading() as work:
        return service.rebuild(work, told)


def indexed_things(app: Flask) -> int:
    """Return how many documents a rebuild will draw."""
    from search import queries  # noqa: PLC0415 - seldom needed

    with _works(app).reading() as work:
        return queries.how_many(work.session)


def demo_accounts() -> list[tuple[str, str, str]]:
    """Return role, name and password of one demo account a role."""
    from web.demo import cast  # noqa: PLC0415 - seldom needed

    return [(role, mobile, cast.PASSWORD) for role, mobile in cast.ACCOUNTS]


def lifecycles() -> dict[str, Lifecycle[Any]]:
    """Return every life the rooms declare, by name."""
    found = {}
    for module in rooms.parts("lifecycle"):
        for value in vars(module).values():
            if isinstance(value, Lifecycle):
                found[value.name] = value
    return found


def life_tables() -> list[Table]:
    """Return every life as plain data, with who may and who is told, by name."""
    policy = rooms.policy()
    return [table_of(life, policy, {}) for _name, life in sorted(lifecycles().items())]


def draw_lifecycles(folder: Path) -> list[Path]:
    """Write each life as a Mermaid state diagram; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, life in sorted(lifecycles().items()):
        lines = [f"# {name}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {life.initial}"]
        lines += [f"    {source} --> {move.target}: {move.verb}" for move in life.moves for source in move.sources]
        lines += [f"    {end} --> [*]" for end in sorted(life.ends, key=str)]
        path = folder / f"{name}.md"
        path.write_text("\n".join([*lines, "```", ""]), encoding="utf-8")
        drawn.append(path)
    return drawn


def install(app: Flask) -> None:
    """Add the verbs to ``flask``."""
    for group in (_database(app), _reference(app), _accounts(app), _demo(app), _search(app), _outbox(app), fees(app)):
        app.cli.add_command(group)
    audits_cli.install(app)

    @app.cli.command("draw")
    def draw() -> None:
        """Draw the lifecycles into docs/lifecycles."""
        for path in draw_lifecycles(ROOT / "docs" / "lifecycles"):
            click.echo(path.name)


def _database(app: Flask) -> click.Group:
    group = click.Group("db", help="The database.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Bring the database to the newest migration."""
        upgrade_database(app)

    @group.command("revision")
    @click.argument("message", nargs=-1)
    def revision(message: tuple[str, ...]) -> None:
        """Write a migration from what the models changed."""
        from alembic import command  # noqa: PLC0415 - seldom needed, and heavy

        config = alembic_config(app)
        config.attributes["metadata"] = Base.metadata
        command.revision(config, " ".join(message) or "change", autogenerate=True)

    return group


def _reference(app: Flask) -> click.Group:
    group = Verbs(app, "reference", help="Towns, departments, catalogue and rules.")

    @group.command("load")
    def load() -> None:
        """Load the reference data."""
        load_reference(app)

    return group


def found_office(app: Flask, command: FoundOffice) -> int:
    """Enter an office with its first manager, as a new site's first administration must be; return its id."""
    sentences = app.extensions["sentences"]
    try:
        with app.app_context(), _works(app).system() as work:
            return accounts.found_office(work, command, site=app.extensions["config"].site_url).org_id
    except DomainError as refusal:
        raise click.ClickException(str(sentences.get(refusal.code, refusal.code)) % refusal.facts) from None


def _accounts(app: Flask) -> click.Group:
    group = Verbs(app, "accounts", help="Organisations and people.")
    kinds = [str(kind) for kind in OrgKind if kind not in OPEN_KINDS]

    @group.command("found")
    @click.argument("kind", type=click.Choice(kinds))
    @click.argument("name")
    @click.option("--manager", "display_name", required=True, help="The first manager's name.")
    @click.option("--mobile", required=True, help="The manager's mobile number.")
    @click.option("--email", required=True, help="Where the manager is mailed how to set a password.")
    @click.option("--credit-code", default="", help="The unified social credit code.")
    @click.option("--town", "town_code", default="", help="The code of the town, for its operator.")
    def found(kind: str, name: str, **given: str) -> None:
        """Enter an office and its first manager; the first of a new site is its administration."""
        number = found_office(app, FoundOffice(OrgKind(kind), name, **given))
        click.echo(f"Organisation {number}. The worker mails {given['email']} how to set a password.")

    return group


def _demo_only(app: Flask) -> None:
    if not app.extensions["config"].demo:
        raise click.ClickException(NO_DEMO)


def _demo(app: Flask) -> click.Group:
    group = click.Group("demo", help="The demo world.")

    @group.command("load")
    @click.option("--agencies", default=80, show_default=True)
    @click.option("--needs", default=300, show_default=True)
    @click.option("--seed", default=SEED, show_default=True)
    def load(agencies: int, needs: int, seed: int) -> None:
        """Make a demo world of this size from this seed."""
        _demo_only(app)
        upgrade_database(app)
        load_reference(app)
        if not is_empty(app):
            raise click.ClickException("There is a demo world already. Remove it first: flask --app wsgi demo wipe")
        load_demo(app, agencies, needs, seed)

    @group.command("wipe")
    def wipe() -> None:
        """Remove the demo world."""
        _demo_only(app)
        _tables_only(app)
        try:
            wipe_demo(app)
        except Conflict:
            raise click.ClickException("Somebody real has joined: their record would go with the demo world.") from None

    group.add_command(_live(app))
    return group


def _live(app: Flask) -> click.Command:
    @click.command("live")
    @click.option("--speed", default=2000, show_default=True, help="How many times faster than the machine's clock.")
    @click.option("--days", default=1.0, show_default=True, help="How many days of the market.")
    @click.option("--seed", default=7, show_default=True)
    def live_through(speed: int, days: float, seed: int) -> None:
        """Let the demo's people act through the API on a fast clock, then look the market over."""
        from web import preparation  # noqa: PLC0415 - seldom needed
        from web.demo import live  # noqa: PLC0415 - seldom needed, and heavy

        _demo_only(app)
        preparation.prepare(app.extensions["config"])
        day = live.run(app.extensions["config"], speed=speed, days=days, seed=seed, say=click.echo)
        for line in live.report(day):
            click.echo(line)
        if day.faults:
            raise click.exceptions.Exit(1)

    return live_through


def _search(app: Flask) -> click.Group:
    group = Verbs(app, "search", help="The search index.")

    @group.command("rebuild")
    def rebuild() -> None:
        """Build the index of the engine that is set, beside the old one; readers keep that until the new one stands."""
        with click.progressbar(length=indexed_things(app), label="Indexing") as bar:
            count = rebuild_index(app, bar.update)
        click.echo(f"{count} documents are indexed.")

    @group.command("check")
    def check() -> None:
        """Say how the index is: ok, none-built, lost, outdated or corrupt."""
        with app.app_context():
            found = rooms.search_health()
        click.echo(found)
        if found != "ok":
            raise click.exceptions.Exit(1)

    group.add_command(judge)
    return group


def _outbox(app: Flask) -> click.Group:
    group = Verbs(app, "outbox", help="What follows a change: index, notices, mail.")

    @group.command("again")
    def again() -> None:
        """Try anew what was given up after many failures."""
        click.echo(str(outbox.again(_works(app))))

    return group
