"""Between a project's page and its schema: the numbers of the thresholds are fields of their own."""

from __future__ import annotations

from typing import Any

from core.fields import read_amount
from core.forms import Form, read_form
from core.i18n import gettext as _
from core.money import WAN
from marketplace.projects import forms
from marketplace.projects.models import Project
from marketplace.projects.schemas import WriteProjectSchema


def read(posted: Any, code: str = "") -> Form[Any]:
    """Read a posted form into WriteProject, or mark what is wrong; what was typed stays. code: one that is fixed."""
    typed = {one.name: str(posted.get(one.name, "")).strip() for one in forms.PROJECT}
    typed["code"] = code or typed["code"]
    facts = {one.name: typed[one.name] for one in forms.FACTS if typed[one.name]}
    bad = [name for name, text in facts.items() if (number := read_amount(text)) is None or number < 0]
    good = {name: text for name, text in facts.items() if name not in bad}
    data = {name: text for name, text in typed.items() if name not in facts}
    form = read_form(WriteProjectSchema(), forms.PROJECT, {**data, "facts": good})
    for name, text in typed.items():
        form.fields[name].value = text
    for name in bad:
        form.refuse(name, _("只填数字，如 3200 或 3,200.5"))
    return form


def values_of(project: Project) -> dict[str, Any]:
    """Return the form's values for a project that is kept already."""
    names = ("code", "name", "kind", "fund", "scale", "starts_on", "town_code")
    wan = format((project.investment.yuan / WAN).normalize(), "f") if project.investment is not None else ""
    return {**{name: getattr(project, name) for name in names}, "investment": wan, **project.facts}
