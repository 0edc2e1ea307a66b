"""Materials as pages show them: to the agency that hands them in, and to the operator that judges them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from accounts import reference as places
from accounts.reference import Importance, MaterialData
from agencies.catalogue import wording
from agencies.registration import queries, rules
from agencies.registration.lifecycle import RegistrationState, Verdict
from agencies.registration.models import Agency, Material
from agencies.registration.refusals import SENTENCES, sentence
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.work import Work

UPLOADS: Final = {
    "file-type": _l("“%(name)s”打不开。另存为 PDF、图片或 Word 再上传"),
    "file-empty": _l("“%(name)s”是空文件，重新选一个"),
    "file-too-large": _l("“%(name)s”超过 %(most)s MB。压缩后上传，或分成两个文件"),
}


def upload_sentence(error: DomainError) -> str:
    """Say why a paper was not taken."""
    if error.code in SENTENCES:
        return sentence(error)
    return str(UPLOADS[error.code]) % error.facts if error.code in UPLOADS else error.code


def _reason(code: str) -> dict[str, str]:
    found = next(one for one in places.correction_reasons() if one.code == code)
    return {"code": code, "why": wording.named(found, "why"), "how": wording.named(found, "how")}


def material_name(key: str) -> str:
    """Return a material's name."""
    return next((wording.named(one) for one in places.materials() if one.code == key), key)


def correction(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return one line of a correction list in words: what is wrong, and how to put it right."""
    reasons = [_reason(code) for code in item["reasons"]]
    return {"key": item["material"], "name": material_name(item["material"]), "reasons": reasons, "note": item["note"]}


def status(material: MaterialData, row: Material | None, *, committed: bool) -> tuple[str, str]:
    """Say where one paper stands, as a tag."""
    if row is not None and row.verdict is Verdict.PASSED:
        return _("已通过，不用再交"), "ok"
    if row is not None and row.verdict is Verdict.TO_CORRECT:
        return _("要补正"), "bad"
    if row is not None and row.verdict is Verdict.PROMISED:
        return _("可后补，至 %(day)s", day=row.promised_on.isoformat() if row.promised_on else ""), "warn"
    if row is not None and (row.file_id is not None or row.statement):
        return _("已提交"), "info"
    if material.checkable:
        return _("共享核对，不用交"), "ok"
    return (_("由承诺书代替"), "ok") if committed else (_("提交时接受承诺书即可"), "info")


def own_papers(work: Work, agency: Agency, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every paper asked of an agency, those to correct first; after a correction list the others are locked."""
    given = queries.materials_of(work.session, agency.id)
    returned = agency.state is RegistrationState.RETURNED
    shown = []
    for material in queries.asked_for(work.session, agency.id):
        row = given.get(material.code)
        wrong = row is not None and row.verdict is Verdict.TO_CORRECT
        passed = row is not None and row.verdict is Verdict.PASSED
        shown.append(
            {
                **_named(material),
                "tag": status(material, row, committed=agency.committed_at is not None),
                "wrong": wrong,
                "open": not passed,
                "correction": correction({"material": row.key, "reasons": row.reasons, "note": row.note})
                if row and wrong
                else None,
                "file": _file(agency, row),
                "statement": row.statement if row is not None else "",
                "error": errors.get(material.code, ""),
            }
        )
    return sorted(shown, key=lambda one: not one["wrong"]) if returned else shown


def _named(material: MaterialData) -> dict[str, Any]:
    return {
        "key": material.code,
        "name": wording.named(material),
        "importance": (_("主要"), "info") if material.importance is Importance.KEY else (_("次要，可后补"), "plain"),
        "shared_from": material.shared_from,
        "may_wait": rules.may_be_promised(material),
    }


def _file(agency: Agency, row: Material | None) -> str:
    return f"/registrations/{agency.id}/materials/{row.key}" if row is not None and row.file_id is not None else ""


def to_judge(work: Work, agency: Agency, typed: Mapping[str, Any], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every paper an operator judges, with what was said so far; ``typed`` wins over what is stored."""
    given = queries.materials_of(work.session, agency.id)
    shown = []
    for material in queries.asked_for(work.session, agency.id):
        row = given.get(material.code)
        said = typed.get(material.code) or (_said(row) if row is not None else {})
        shown.append(
            {
                **_named(material),
                "source": _("共享核对：%(from)s", **{"from": material.shared_from})
                if material.checkable
                else _("承诺书或上传的文件"),
                "file": _file(agency, row),
                "statement": row.statement if row is not None else "",
                "said": said,
                "reasons": [
                    (one.code, wording.named(one, "why"), one.code in said.get("reasons", ()))
                    for one in places.reasons_for(material.code)
                ],
                "error": errors.get(material.code, ""),
            }
        )
    return shown


def _said(row: Material) -> dict[str, Any]:
    day: date | None = row.promised_on
    return {
        "verdict": "" if row.verdict is Verdict.PENDING else str(row.verdict),
        "reasons": row.reasons,
        "note": row.note,
        "promised_on": day.isoformat() if day else "",
    }
