"""Names of towns, streets and parks in the reader's language; words of the table of messages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from accounts.reference import all_divisions, divisions
from accounts.telling import Channel, Duty, Reader
from core.i18n import current_lang
from core.i18n import lazy_gettext as _l

READERS: Final[Mapping[Reader, Any]] = {
    Reader.ENTERPRISE: _l("项目业主"),
    Reader.AGENCY: _l("中介机构"),
    Reader.OFFERING: _l("登记了该服务事项的机构"),
    Reader.ASKER: _l("提问的机构"),
    Reader.BIDDERS: _l("已报价的机构"),
    Reader.BIDDER: _l("报价的那家机构"),
    Reader.WINNER: _l("中选机构"),
    Reader.LOSERS: _l("未中选的每家机构"),
    Reader.QUOTERS: _l("报价有效的每家机构"),
    Reader.PARTIES: _l("业主和机构双方"),
    Reader.OTHER_PARTY: _l("对方"),
    Reader.OPERATOR: _l("镇街（园区）运营机构"),
    Reader.REGULATOR: _l("价格监管部门"),
    Reader.REVISERS: _l("审核修订的部门"),
    Reader.AUTHOR: _l("起草修订的部门"),
    Reader.ORGANISATION: _l("本单位"),
    Reader.SEEKER: _l("设置的本人"),
    Reader.COMPLAINANT: _l("投诉人"),
    Reader.RESPONDENT: _l("被投诉方"),
    Reader.OFFICE: _l("承办的机关"),
    Reader.INVITED: _l("受邀的机构"),
}
DUTIES: Final[Mapping[Duty, Any]] = {
    Duty.TODO: _l("要办"),
    Duty.KNOW: _l("知会"),
    Duty.BY_TIME: _l("有期限的要办，没有的知会"),
}
CHANNELS: Final[Mapping[Channel, Any]] = {
    Channel.MAIL: _l("邮件"),
    Channel.SMS: _l("短信"),
    Channel.WEBHOOK: _l("推送到本单位系统"),
}


@cache
def _known() -> Mapping[str, Any]:
    return {one.code: one for one in all_divisions()}


def town_name(code: str) -> str:
    """Return the name of a town, street or park; an unknown code stands for itself."""
    found = _known().get(code)
    if found is None:
        return code
    return str(found.name_en if current_lang() == "en" else found.name)


def town_names() -> dict[str, str]:
    """Return the names of the 35 by code."""
    return {one.code: town_name(one.code) for one in divisions()}
