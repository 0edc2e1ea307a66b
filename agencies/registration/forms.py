"""Labels, hints and order of registration's forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agencies.catalogue import reference, wording
from agencies.registration import rules
from agencies.registration.models import Qualification
from core.forms import Item, with_choices
from core.i18n import lazy_gettext as _l


def qualification_choices() -> list[tuple[str, str]]:
    """Return every category with each of its grades as one choice."""
    return [
        (f"{one.code}:{grade}" if grade else one.code, wording.qualification_name(one.code, grade))
        for one in reference.qualifications()
        for grade in (one.grades or ("",))
    ]


def certificate_choices() -> list[tuple[str, str]]:
    """Return the kinds of practitioner certificate."""
    return [(one.code, wording.named(one)) for one in reference.certificates()]


DETAILS: Final = (
    Item("contact_name", _l("联系人"), autocomplete="name"),
    Item("contact_mobile", _l("联系人手机"), "tel", _l("只给签约的项目业主和运营机构看"), autocomplete="tel"),
    Item("founded_on", _l("成立日期"), "date", _l("按营业执照填，如 2012-05-18"), optional=True),
    Item("intro", _l("机构介绍"), "textarea", _l("主要业绩和专长，公开显示，最多 1000 字"), rows=5, optional=True),
)
QUALIFICATION: Final = (
    Item("category", _l("资质和等级"), "select", choices=qualification_choices),
    Item("number", _l("证书编号")),
    Item("issued_by", _l("发证机关")),
    Item("valid_from", _l("有效期起"), "date", optional=True),
    Item("valid_to", _l("有效期止"), "date", _l("证书写“长期”的留空"), optional=True),
)
PRACTITIONER: Final = (
    Item("name", _l("姓名"), autocomplete="off"),
    Item("identity", _l("身份证号"), hint=_l("加密保存，不公开；用来核对一人只在一家机构执业"), autocomplete="off"),
    Item("kind", _l("证书种类"), "select", choices=certificate_choices),
    Item("certificate", _l("证书编号"), autocomplete="off"),
    Item("valid_to", _l("有效期止"), "date", _l("证书没有期限的留空"), optional=True),
)
STATEMENT: Final = (
    Item("statement", _l("改正说明"), "textarea", _l("没有新文件时，写明在哪里改了什么"), rows=2, optional=True),
)
SUPERVISOR: Final = (
    Item("supervisor_reason", _l("再次补正的理由"), "textarea", _l("由负责人填写，计入本镇街的补正次数"), rows=3),
)
REASON: Final = (Item("reason", _l("理由"), "textarea", _l("机构和公众都能看到"), rows=3),)
PUT_RIGHT: Final = {
    "grade": Item("grade", _l("等级"), "select"),
    "number": Item("number", _l("证书编号")),
    "issued_by": Item("issued_by", _l("发证机关")),
    "valid_from": Item("valid_from", _l("有效期起"), "date", optional=True),
    "valid_to": Item("valid_to", _l("有效期止"), "date", _l("证书写“长期”的留空"), optional=True),
}


def put_right(row: Qualification, named: Iterable[str]) -> list[Item]:
    """Return the fields of a qualification that belong to the items named on a correction list."""
    grades = next((one.grades for one in reference.qualifications() if one.code == row.category), ())
    found = [PUT_RIGHT[name] for key in named for name in rules.FIELDS.get(key, ()) if name != "grade" or grades]
    return with_choices(found, grade=[(grade, grade) for grade in grades])
