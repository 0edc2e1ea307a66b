"""What every template finds: the sentences, the reader's settings, the navigation, addresses of static files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask, current_app, request, url_for
from flask.templating import Environment
from flask_wtf.csrf import generate_csrf
from jinja2 import Undefined

from accounts.gate import viewer
from core.access import allows
from core.i18n import current_lang, gettext, ngettext
from core.work import Works
from web import charts, filters, rooms
from web.language import languages

HERE: Final = Path(__file__).parent
THEMES: Final = ("auto", "light", "dark")
SIZES: Final = ("normal", "large", "larger")


class StrictWhenShown(Undefined):
    """A value a template lacks: may be asked for, may not be shown in silence."""

    def __str__(self) -> str:
        """Raise, so that a misspelt name never becomes an empty place on a page."""
        return str(self._fail_with_undefined_error())


class KeysFirst(Environment):
    """Templates that look for a dict's key before its attribute: what they are given is mostly dicts.

    The other way round each look raises and catches an error, a tenth of the time of a page of cards.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return ``obj.attribute`` as a template means it."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Site(Flask):
    """The application, with our template environment."""

    jinja_environment = KeysFirst


def install(app: Flask, *, demo: bool) -> None:
    """Give the templates their filters, their globals and each request's context."""
    jinja = app.jinja_env
    jinja.undefined = StrictWhenShown
    jinja.trim_blocks = jinja.lstrip_blocks = True
    jinja.filters.update(filters.FILTERS)
    jinja.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        csrf_token=generate_csrf,
        asset=_asset,
        url_for=url_for,
        charts=charts,
        can=_can,
        demo_data=demo,
        languages=languages(),
    )
    app.context_processor(_page_context)


def _page_context() -> dict[str, Any]:
    person = viewer()
    return {
        "lang": current_lang(),
        "theme": _cookie("theme", THEMES),
        "text_size": _cookie("text_size", SIZES),
        "viewer": person,
        "nav": rooms.navigation(person, request.path),
        "footer_links": rooms.footer(),
        "now": cast("Works", current_app.extensions["works"]).clock.now(),
        "sign_in_url": "/sign-in",
        "sign_out_url": "/sign-out",
    }


def _cookie(name: str, known: tuple[str, ...]) -> str:
    value = request.cookies.get(name, known[0])
    return value if value in known else known[0]


def _can(permission: str, subject: Any = None) -> bool:
    return allows(current_app.extensions["policy"], permission, viewer().actor, subject)


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:10]


def _asset(name: str) -> str:
    """Return a static file's address with its digest, so that it may be cached for ever."""
    return url_for("static", filename=name, v=_digest(name))
