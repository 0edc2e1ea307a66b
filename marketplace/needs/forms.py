"""Labels, hints and order of a need's fields."""

from __future__ import annotations

from typing import Final

from core.forms import Item
from core.i18n import lazy_gettext as _l
from marketplace.needs.method_wording import HINTS, NAMES
from marketplace.needs.wording import CAUSES, FUND_HINTS, FUNDS, QUOTING

MAIN: Final = (
    Item("item_code", _l("服务事项"), "hidden"),
    Item("title", _l("项目名称"), hint=_l("如“长安厂房扩建环评报告表”。公告上显示。"), autocomplete="off"),
    Item("scale", _l("规模或要点"), "textarea", hint=_l("面积、投资、产能、用地等，机构据此报价。"), rows=3),
    Item(
        "fund", _l("资金性质"), "radios",
        choices=tuple((code, name, FUND_HINTS[code]) for code, name in FUNDS.items()),
    ),
)  # fmt: skip
TERMS: Final = (
    Item("term_large", _l("大名单家数"), "number", optional=True, inputmode="numeric", hint=_l("信用择优才用。")),
    Item(
        "term_small", _l("小名单家数"), "number", optional=True, inputmode="numeric",
        hint=_l("信用择优才用，不多于大名单。"),
    ),
    Item("term_rounds", _l("竞价轮数"), "number", optional=True, inputmode="numeric", hint=_l("多轮竞价才用。")),
    Item(
        "term_minutes", _l("每轮时长"), "number", unit=_l("分钟"), optional=True, inputmode="numeric",
        hint=_l("多轮竞价才用。"),
    ),
    Item(
        "term_step", _l("最小降幅"), "number", unit="%", optional=True, inputmode="numeric",
        hint=_l("多轮竞价才用。每次至少降自己现价的百分之几。"),
    ),
)  # fmt: skip
MORE: Final = (
    Item("closes_at", _l("报价截止时间"), "datetime", hint=_l("北京时间。留空按规定的最早时间。"), optional=True),
    Item(
        "ceiling", _l("最高限价"), unit=_l("万元"), inputmode="decimal", optional=True,
        hint=_l("财政资金必填，不超过批准的预算。随机抽取的，就是各家的价格。"),
    ),
    Item("no_ceiling_reason", _l("没有限价的原因"), optional=True),
    Item(
        "method", _l("选取方式"), "radios",
        choices=tuple((code, NAMES[code], hint) for code, hint in HINTS.items()),
    ),
    *TERMS,
    Item(
        "criteria", _l("评分项和权重"), "textarea", rows=4, optional=True,
        hint=_l("方案择优才用。一行一项：名称，空格，权重，合计 100。“价格”一项按公式计分。发布后改动要发更正公告。"),
    ),
    Item(
        "method_basis", _l("直接选取的理由"), "select", optional=True,
        choices=(("", _l("不是直接选取")), *CAUSES.items()),
    ),
    Item("basis_text", _l("未开放方式的依据"), hint=_l("选了未开放的方式，写明可以采用的文件和条款。"), optional=True),
    Item("quoting", _l("报价方式"), "radios", choices=tuple(QUOTING.items())),
    Item("time_limit_days", _l("服务时限"), "number", unit=_l("天"), inputmode="numeric", hint=_l("从签约起算。")),
    Item("requirements", _l("服务内容和其他要求"), "textarea", rows=4, optional=True),
    Item("project_code", _l("投资项目统一代码"), hint=_l("如 2026-441900-47-01-000123。"), optional=True),
    Item(
        "contact_phone", _l("咨询电话"), "tel", inputmode="tel", optional=True,
        hint=_l("公告上显示。留空用单位登记的电话。"),
    ),
    Item(
        "avoid", _l("回避的机构和理由"), "textarea", rows=2, optional=True,
        hint=_l("一行一家：机构全称，空格，理由。公告上显示。"),
    ),
)  # fmt: skip
ALL: Final = (*MAIN, *MORE)
WITHDRAW: Final = (Item("reason", _l("撤回的理由"), "textarea", hint=_l("会公开显示。"), rows=3),)
DEADLINE: Final = (
    Item("closes_at", _l("新的截止时间"), "datetime", hint=_l("北京时间，工作日。只能推迟，不能提前。")),
    Item("reason", _l("推迟的理由"), "textarea", hint=_l("会公开显示。"), rows=3),
)
AMENDABLE: Final = (
    "scale", "requirements", "time_limit_days", "ceiling", "no_ceiling_reason", "criteria", "contact_phone",
)  # fmt: skip
AMEND: Final = (
    MAIN[2],
    *(item for item in MORE if item.name in AMENDABLE),
    Item(
        "closes_at", _l("新的截止时间"), "datetime", optional=True,
        hint=_l("北京时间。留空：动了报价依据的，至少从现在起重新满最短报价期；只改联系方式的不变。"),
    ),
    Item("reason", _l("更正的理由"), "textarea", hint=_l("会公开显示。"), rows=3),
)  # fmt: skip
LOT: Final = (
    Item("name", _l("标段名称"), hint=_l("如“北区”“一期”。"), autocomplete="off"),
    MAIN[2],
    *(item for item in MORE if item.name in {"ceiling", "no_ceiling_reason", "time_limit_days"}),
)  # fmt: skip
LOT_LIMIT: Final = (
    Item(
        "most_wins", _l("每家最多中选"), "number", unit=_l("个标段"), inputmode="numeric", optional=True,
        hint=_l("留空不限。公告上写明，按标段次序选定时执行。"),
    ),
)  # fmt: skip
INVITE: Final = (
    Item(
        "agency_ids", _l("邀请哪些机构"), "checkboxes",
        hint=_l("列出在架、登记了这项服务的机构。没有受邀的，符合条件也可以报价。"),
    ),
)  # fmt: skip
ASK: Final = (
    Item("text", _l("提问"), "textarea", hint=_l("提问和答复公开，不显示是谁问的。不要写个人信息。"), rows=3),
)
ANSWER: Final = (Item("text", _l("答复"), "textarea", hint=_l("所有人可见。不要写个人信息。"), rows=3),)
