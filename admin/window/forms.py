"""The forms of the window desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from admin.window.lifecycle import Matter, Party
from admin.window.wording import CARRIERS, KINDS, MATTERS, PARTIES, SEALED, SIGNERS
from core.forms import Item
from core.i18n import lazy_gettext as _l
from marketplace.needs.forms import MAIN, MORE

RECEIVING: Final = (
    Item("enterprise", _l("来访企业或机构"), hint=_l("统一社会信用代码，或者营业执照上的全称")),
    Item("visitor_name", _l("来访人姓名"), hint=_l("加密保存，只有本镇街窗口和来访企业看得到"), autocomplete="off"),
    Item("matter", _l("来办什么"), hint=_l("如“发布环评报告表的采购需求”")),
    Item("need_number", _l("关于哪份公告"), hint=_l("已有公告的填编号，如 DG-2026-000001"), optional=True),
)
FOUNDING: Final = (
    Item("name", _l("单位名称"), hint=_l("营业执照上的全称"), autocomplete="off"),
    Item("credit_code", _l("统一社会信用代码"), autocomplete="off"),
    Item("display_name", _l("管理员姓名"), autocomplete="off"),
    Item("mobile", _l("管理员手机号"), "tel", inputmode="tel", autocomplete="off"),
    Item("email", _l("管理员邮箱"), "email", hint=_l("设置密码的网址寄到这个邮箱，窗口不经手密码"), autocomplete="off"),
    Item("terms", _l("来访人已经看过并同意服务条款和隐私说明"), "checkbox"),
)
CODE: Final = (
    Item("code", _l("验证码"), hint=_l("窗口屏幕上的 6 位数字"), inputmode="numeric", autocomplete="one-time-code"),
)
ENDING: Final = (Item("reason", _l("原因"), "textarea", hint=_l("至少 4 个字，不要写个人信息"), rows=2),)
SENDING: Final = (Item("tracking", _l("运单号"), hint=_l("照面单填"), autocomplete="off"),)
SIGNING: Final = (
    Item("signed_at", _l("签收时间"), "datetime", hint=_l("北京时间，照面单或者快递公司的记录填")),
    Item("signed_by", _l("谁签收的"), "select", choices=tuple((str(key), name) for key, name in SIGNERS.items())),
)
# The three answers of a need, the item being fixed by the consent; fiscal funds cannot do without a ceiling.
FILING: Final = (
    *(one for one in MAIN if one.name != "item_code"),
    *(one for one in MORE if one.name == "ceiling"),
)


ASKING: Final = (Item("text", _l("内容"), "textarea", hint=_l("对所有人公开，不要写个人信息"), rows=4),)
PRICED: Final = (Item("item_code", _l("服务事项"), "select"),)


def consenting(items: Sequence[tuple[str, str]], matters: Sequence[Matter] = tuple(Matter)) -> list[Item]:
    """Return the fields of a consent that a visitor may give for these matters."""
    chosen = Item(
        "item_code", _l("可以代办哪项服务的采购需求"), "select", hint=_l("代办采购需求的才选"), optional=True,
        choices=[("", "—"), *items],
    )  # fmt: skip
    return [
        Item(
            "covers",
            _l("可以代办什么"),
            "checkboxes",
            hint=SEALED,
            choices=tuple((str(key), MATTERS[key]) for key in matters),
        ),
        *([chosen] if Matter.NEED in matters else []),
        Item("purpose", _l("授权用途"), hint=_l("如“代为发布厂房扩建环评报告表的采购需求”")),
        Item("until", _l("授权到哪天为止"), "date", hint=_l("当天结束时失效；每件代办一次后也失效")),
        Item("kind", _l("怎么授权"), "radios", choices=tuple((str(key), name) for key, name in KINDS.items())),
        Item("file", _l("授权书扫描件"), "file", hint=_l("PDF 或者图片；用验证码授权的不用传"), optional=True),
    ]


def announcing(sender: Party | None) -> list[Item]:
    """Return the fields of a shipment of one side."""
    others = tuple((str(key), PARTIES[key]) for key in Party if key is not sender)
    return [
        Item("receiver", _l("寄给谁"), "select", choices=others),
        Item("carrier", _l("快递公司"), "select", choices=tuple(CARRIERS.items())),
        Item("content", _l("寄的是什么"), hint=_l("如“报告书原件三份”")),
        Item("is_originals", _l("是服务成果的原件"), "checkbox", optional=True),
    ]
