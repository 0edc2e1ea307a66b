"""The words of oversight: kinds of organisation and of objects in the record."""

from __future__ import annotations

from typing import Any, Final

from core.access import OrgKind
from core.i18n import lazy_gettext as _l

ORG_KINDS: Final[dict[OrgKind, Any]] = {
    OrgKind.ENTERPRISE: _l("项目业主"),
    OrgKind.AGENCY: _l("中介机构"),
    OrgKind.DEPARTMENT: _l("主管部门"),
    OrgKind.CITY_OPERATOR: _l("市级运营机构"),
    OrgKind.TOWN_OPERATOR: _l("镇街运营机构"),
    OrgKind.PRICE_REGULATOR: _l("价格主管部门"),
    OrgKind.ASSOCIATION: _l("行业协会"),
    OrgKind.EVALUATOR: _l("第三方评估机构"),
    OrgKind.ADMINISTRATION: _l("系统管理"),
}
OBJECTS: Final[dict[str, Any]] = {
    "organisation": _l("单位"),
    "user_account": _l("账号"),
    "membership": _l("成员"),
    "agency": _l("机构入驻"),
    "need": _l("需求"),
    "quote": _l("报价"),
    "selection": _l("选取"),
    "award": _l("选定"),
    "contract": _l("合同"),
    "deliverable": _l("成果"),
    "settlement": _l("结算"),
    "rating": _l("评价"),
    "fee_case": _l("收费个案"),
    "posted_price": _l("公示价"),
    "issued_paper": _l("文书"),
    "fee_revision": _l("标准修订"),
}
URLS: Final[dict[str, str]] = {
    "agency": "/agencies/{id}",
    "need": "/needs/{id}",
    "contract": "/contracts/{id}",
    "fee_case": "/cases/{id}",
    "fee_revision": "/fee-revisions/{id}",
}


def object_url(kind: str, object_id: int) -> str | None:
    """Return the address of an object of the record, where it has a page."""
    return URLS[kind].format(id=object_id) if kind in URLS else None
