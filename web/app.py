"""The composition root: settings, database, gates, languages, rooms and refusals become one application."""

from __future__ import annotations

import hashlib
import logging
import uuid
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask, abort, current_app, g, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import telling
from accounts.gate import refuse_ungated
from accounts.viewer import Viewer, by_bearer, by_cookie
from admin.guide.move_words import CLOCKS
from core import db, files, i18n, secrets
from core.clock import Clock, SystemClock
from core.work import Works
from search import sources
from web import arguments, errors, headers, health, idempotency, rooms, templating
from web.config import Config, read_config
from web.language import choose_locale
from web.templating import Site

HERE: Final = Path(__file__).parent


def create_app(config: Config | None = None, clock: Clock | None = None) -> Flask:
    """Build the application. Raises UnsafeConfigError, or RuntimeError when a route has no gate."""
    config = config or read_config()
    app = Site("web", root_path=str(HERE))
    app.config.update(_flask_settings(config))
    app.extensions["config"] = config
    config.data.mkdir(parents=True, exist_ok=True)
    secrets.configure(config.secret_key)
    files.configure(config.uploads)
    app.extensions["works"] = Works(db.make_engine(config.database_url), clock or SystemClock(), _wake)
    _gather_rooms(app)
    _install_login(app)
    Babel(
        app,
        locale_selector=choose_locale,
        default_locale="zh_Hans_CN",
        default_translation_directories=str(HERE / "translations"),
    )
    _believe_proxies(app, config.trusted_proxies)
    csrf = CSRFProtect(app)
    templating.install(app, demo=config.demo)
    arguments.install()
    api = Api(app)
    for blueprint in rooms.pages():
        app.register_blueprint(blueprint)
    for blueprint in rooms.apis():
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint)
    health.install(app)
    _attend_requests(app)  # before the keys: their refusals too carry the request's id and the reader's language
    idempotency.install(app)
    headers.install(app)
    errors.install(app)
    rooms.commands(app)
    refuse_ungated(app, frozenset({"static", "api-docs.openapi_json"}))
    return app


def _gather_rooms(app: Flask) -> None:
    """Take up what the rooms bring: sentences, who is told, policy, panels, what the search finds, names of clocks."""
    app.extensions["sentences"] = {**errors.SENTENCES, **rooms.sentences()}
    telling.configure(rooms.tellings(), rooms.messages())
    app.extensions["policy"] = rooms.policy()
    app.extensions.update(agency_panels=rooms.agency_panels(), desk_panels=rooms.desk_panels())
    app.extensions.update(clock_names=CLOCKS, calendar_entries=rooms.calendar_entries())
    sources.hang(rooms.sources())


def works_of(app: Flask) -> Works:
    """Return the application's opener of units of work."""
    return cast("Works", app.extensions["works"])


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": hashlib.sha256(b"flask" + config.secret_key).hexdigest(),
        "SESSION_COOKIE_NAME": "__Host-market" if config.production else "market",
        "SESSION_COOKIE_SECURE": config.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 60 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": config.production,
        "JSON_AS_ASCII": False,
        "DEMO": config.demo,
        "MARKET": config,
        "API_TITLE": "中介服务超市 / Intermediary-services market",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    }


def _believe_proxies(app: Flask, hops: int) -> None:
    """Take address, scheme and host from the headers of this many proxies in front, and from no other."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it


def _wake() -> None:
    """Wake the relay after a commit; when the broker is away the worker's own beat finds the event."""
    try:
        from celery import current_app as celery  # noqa: PLC0415 - only where a broker is set up

        if celery.conf.broker_url and "market.relay" in celery.tasks:
            celery.send_task("market.relay", ignore_result=True, expires=10)
    except Exception:  # noqa: BLE001 - the outbox holds the event, so nothing is lost
        logging.getLogger(__name__).warning("broker away")


def _install_login(app: Flask) -> None:
    login = LoginManager(app)
    login.anonymous_user = Viewer
    login.session_protection = None

    @login.user_loader
    def _by_cookie(token: str) -> Viewer | None:
        try:
            with works_of(app).reading() as work:
                return by_cookie(work, token)
        except OperationalError:
            g._login_user = Viewer()  # noqa: SLF001 - the page that says what is broken is drawn for nobody
            if request.endpoint in health.ENDPOINTS:
                return None
            raise

    @login.request_loader
    def _by_bearer(incoming: Any) -> Viewer | None:
        scheme, _space, token = incoming.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        with works_of(app).reading() as work:
            return by_bearer(work, token.strip())


def _attend_requests(app: Flask) -> None:
    app.before_request(_name_request)
    app.before_request(_drop_nul)
    app.before_request(i18n.begin)
    app.teardown_request(i18n.end)


def _drop_nul() -> None:
    """Leave NUL out of what an address asks, since no database keeps one; a path with one leads nowhere."""
    if "\x00" in request.path:
        abort(404)
    if b"%00" in request.query_string:
        kept = [(key.replace("\x00", ""), value.replace("\x00", "")) for key, value in request.args.items(multi=True)]
        request.args = ImmutableMultiDict(kept)


def _name_request() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if given.isalnum() and len(given) <= 64 else uuid.uuid4().hex  # noqa: PLR2004 - the column's length
    g.received_at = works_of(current_app).clock.now()
