"""What the pages of accounts ask: labels, hints and order."""

from __future__ import annotations

from typing import Any, Final

from accounts import reference, timing
from accounts.permissions import OPEN_KINDS
from accounts.preferences import PERSONAL
from accounts.wording import CHANNELS
from core.access import MemberRole, OrgKind
from core.forms import Item
from core.i18n import LOCALES, current_lang
from core.i18n import lazy_gettext as _l

KINDS: Final[dict[OrgKind, Any]] = {
    OrgKind.ENTERPRISE: _l("项目业主"),
    OrgKind.AGENCY: _l("中介机构"),
    OrgKind.DEPARTMENT: _l("主管部门"),
    OrgKind.CITY_OPERATOR: _l("市级运营机构"),
    OrgKind.TOWN_OPERATOR: _l("镇街（园区）运营机构"),
    OrgKind.PRICE_REGULATOR: _l("价格监管部门"),
    OrgKind.ASSOCIATION: _l("行业协会"),
    OrgKind.EVALUATOR: _l("第三方评价机构"),
    OrgKind.ADMINISTRATION: _l("系统管理单位"),
}
ROLES: Final[dict[MemberRole, Any]] = {
    MemberRole.MANAGER: _l("管理员"),
    MemberRole.DELEGATE: _l("经办人"),
    MemberRole.READER: _l("只看"),
}
PASSWORD_HINT: Final = _l("至少 10 个字，可以是一句话；不要求大小写或符号")


def town_choices() -> list[tuple[str, str]]:
    """Return the divisions in the reader's language."""
    english = current_lang() == "en"
    return [(one.code, one.name_en if english else one.name) for one in reference.divisions()]


def role_choices() -> list[tuple[str, Any, Any]]:
    """Return the roles with what each may do."""
    return [
        (MemberRole.MANAGER.value, ROLES[MemberRole.MANAGER], _l("办事，也管理单位资料和授权人")),
        (MemberRole.DELEGATE.value, ROLES[MemberRole.DELEGATE], _l("办事，不能改授权")),
        (MemberRole.READER.value, ROLES[MemberRole.READER], _l("只能看，不能办")),
    ]


def office_kinds() -> list[tuple[str, Any]]:
    """Return the kinds of organisation that the administration enters."""
    return [(kind.value, label) for kind, label in KINDS.items() if kind not in OPEN_KINDS]


def way_choices() -> list[tuple[str, Any]]:
    """Return the ways a person may choose beside the inbox."""
    return [(one.value, CHANNELS[one]) for one in PERSONAL]


def pace_choices() -> list[tuple[str, Any]]:
    """Return how soon mail may come."""
    return [(timing.INSTANT, _l("随到随发")), (timing.DAILY, _l("每天 08:30（北京时间）汇成一封"))]


def hour_choices() -> list[tuple[str, str]]:
    """Return the half hours of a day, in minutes."""
    return [(str(minute), f"{minute // 60:02d}:{minute % 60:02d}") for minute in range(0, timing.DAY_MINUTES, 30)]


NOTIFICATIONS: Final = (
    Item("todo_channels", _l("要办的，除站内消息外还发"), "checkboxes", choices=way_choices, optional=True),
    Item("todo_pace", _l("要办的邮件"), "radios", _l("一天内到期的总是随到随发"), choices=pace_choices),
    Item("know_channels", _l("知会的，除站内消息外还发"), "checkboxes", choices=way_choices, optional=True),
    Item("know_pace", _l("知会的邮件"), "radios", choices=pace_choices),
    Item("quiet_from", _l("静默时段从"), "select", _l("这段时间不发短信，加急的除外"), choices=hour_choices),
    Item("quiet_to", _l("静默时段到"), "select", _l("与起点相同表示不设静默时段"), choices=hour_choices),
    Item("lang", _l("邮件和短信的文字"), "radios", choices=list(LOCALES.items())),
)
WEBHOOK: Final = (
    Item("url", _l("接收地址"), hint=_l("以 https:// 开头，能从互联网访问"), autocomplete="off", inputmode="url"),
)
SIGN_IN: Final = (
    Item("identifier", _l("手机号或邮箱"), autocomplete="username"),
    Item("password", _l("密码"), "password", autocomplete="current-password"),
)
CODE: Final = (
    Item(
        "code", _l("动态验证码"), hint=_l("手机验证器上的 6 位数字"), inputmode="numeric", autocomplete="one-time-code"
    ),
)
SIGN_UP: Final = (
    Item(
        "kind", _l("单位类型"), "radios",
        choices=[
            (OrgKind.ENTERPRISE.value, KINDS[OrgKind.ENTERPRISE], _l("发布需求，选中介机构")),
            (OrgKind.AGENCY.value, KINDS[OrgKind.AGENCY], _l("入驻后报价、承接服务")),
        ],
    ),
    Item("name", _l("单位名称"), hint=_l("与营业执照或登记证书一致"), autocomplete="organization"),
    Item("credit_code", _l("统一社会信用代码"), hint=_l("18 位，不含 I、O、S、V、Z"), autocomplete="off"),
    Item("is_public_body", _l("机关、事业单位或团体组织"), "checkbox", optional=True),
    Item("town_code", _l("所在镇街或园区"), "select", choices=town_choices),
    Item("address", _l("地址"), autocomplete="street-address", optional=True),
    Item("display_name", _l("管理员姓名"), autocomplete="name"),
    Item("mobile", _l("手机号"), "tel", autocomplete="tel", hint=_l("用来登录；别人只看到 138****8000")),
    Item("email", _l("邮箱"), "email", autocomplete="email", hint=_l("用来设置新密码和收通知")),
    Item("password", _l("密码"), "password", PASSWORD_HINT, autocomplete="new-password"),
    Item("terms", _l("同意服务条款和隐私说明"), "checkbox"),
)  # fmt: skip
FORGOTTEN: Final = (Item("identifier", _l("手机号或邮箱"), autocomplete="username"),)
NEW_PASSWORD: Final = (Item("password", _l("新密码"), "password", PASSWORD_HINT, autocomplete="new-password"),)
CHANGE_PASSWORD: Final = (
    Item("password", _l("当前密码"), "password", autocomplete="current-password"),
    Item("new_password", _l("新密码"), "password", PASSWORD_HINT, autocomplete="new-password"),
)
PROFILE: Final = (
    Item("display_name", _l("姓名"), autocomplete="name"),
    Item("mobile", _l("换新手机号"), "tel", _l("不换的留空"), autocomplete="tel", optional=True),
    Item("email", _l("换新邮箱"), "email", _l("不换的留空"), autocomplete="email", optional=True),
    Item(
        "password",
        _l("当前密码"),
        "password",
        _l("换手机号或邮箱时要填"),
        autocomplete="current-password",
        optional=True,
    ),
)
ORGANISATION: Final = (
    Item("address", _l("地址"), autocomplete="street-address", optional=True),
    Item("contact_phone", _l("联系电话"), "tel", _l("单位座机或公开的手机号"), autocomplete="tel", optional=True),
    Item("town_code", _l("所在镇街或园区"), "select", choices=town_choices, optional=True),
)
MEMBER: Final = (
    Item("display_name", _l("姓名"), autocomplete="off"),
    Item("mobile", _l("手机号"), "tel", _l("已注册的沿用原账号"), autocomplete="off"),
    Item("email", _l("邮箱"), "email", _l("没有账号的，寄一封设置密码的邮件"), autocomplete="off"),
    Item("role", _l("权限"), "radios", choices=role_choices),
    Item("valid_from", _l("授权起"), "date", _l("留空从今天起"), optional=True),
    Item("valid_to", _l("授权止"), "date", _l("含当天；留空长期有效"), optional=True),
)
OFFICE: Final = (
    Item("kind", _l("单位类型"), "select", choices=office_kinds),
    Item("name", _l("单位名称"), hint=_l("与登记证书或机构编制文件一致"), autocomplete="organization"),
    Item(
        "credit_code", _l("统一社会信用代码"), hint=_l("18 位，不含 I、O、S、V、Z"), autocomplete="off", optional=True,
    ),
    Item(
        "town_code", _l("所在镇街或园区"), "select", hint=_l("镇街（园区）运营机构必选"), choices=town_choices,
        optional=True,
    ),
    Item("contact_phone", _l("联系电话"), "tel", _l("单位座机或公开的手机号"), autocomplete="tel", optional=True),
    Item("display_name", _l("管理员姓名"), autocomplete="off"),
    Item("mobile", _l("手机号"), "tel", _l("已注册的沿用原账号"), autocomplete="off"),
    Item("email", _l("邮箱"), "email", _l("没有账号的，寄一封设置密码的邮件"), autocomplete="off"),
)  # fmt: skip
TOKEN: Final = (
    Item("label", _l("名称"), hint=_l("写明给哪个系统用"), autocomplete="off"),
    Item(
        "scopes", _l("权限"), "checkboxes",
        choices=[("read", _l("读"), _l("查询")), ("write", _l("写"), _l("发布、报价、签署等"))],
    ),
    Item("days", _l("有效期"), "number", _l("最长 365 天"), _l("天"), inputmode="numeric"),
    Item("password", _l("当前密码"), "password", autocomplete="current-password"),
    Item(
        "code", _l("动态验证码"), hint=_l("设置了动态验证码的要填"), inputmode="numeric", autocomplete="one-time-code",
        optional=True,
    ),
)  # fmt: skip
