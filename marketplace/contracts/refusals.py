"""What contracts refuse with and tell, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "contract-not-found": _l("没有找到这份合同"),
    "deliverable-not-found": _l("没有找到这一版成果"),
    "paper-not-found": _l("没有签发过核验码 %(typed)s 的文件，对照纸面再输一次"),
    "contract-above-cap": _l("合同金额 %(amount)s 元高于现行上限 %(cap)s 元，改低金额"),
    "contract-above-quote-barred": _l("财政资金项目的合同金额不能高于报价 %(quoted)s 元，改低金额"),
    "award-in-publicity": _l("中选结果公示到 %(until)s，公示期满后才能签署"),
    "award-suspended": _l("中选结果因投诉暂停签约，最晚到 %(until)s，处理完再签署"),
    "contract-text-changed": _l("合同文本在您打开后有变化，重新看一遍再签署"),
    "contract-signed-already": _l("您这一方已经签署，等对方签署"),
    "settlement-empty": _l("至少填一行付款名目和金额"),
    "settlement-above-cap": _l("结算合计 %(paid)s 元高于现行上限 %(cap)s 元，改低金额"),
    "reason-too-short": _l("理由至少写 %(least)s 个字，现在 %(given)s 个字"),
}

MESSAGES: Final[dict[str, Any]] = {
    "contract-to-sign": _l("“%(need)s”的合同已拟好，按时签署。"),
    "contract-revised": _l("“%(need)s”的合同金额有改动，看过后签署。"),
    "contract-signed-by-other": _l("“%(need)s”的合同对方已签署，轮到贵单位。"),
    "contract-in-service": _l("“%(need)s”的合同已由双方签署，服务期限开始。"),
    "contract-not-signed": _l("“%(need)s”的合同过了签订时间还没有签署。"),
    "result-delivered": _l("“%(need)s”的成果第 %(no)s 版已提交，等贵单位验收。"),
    "result-returned": _l("“%(need)s”的成果第 %(no)s 版被退回，按理由修改后再提交。"),
    "result-accepted": _l("“%(need)s”的成果第 %(no)s 版验收通过。"),
    "result-late": _l("“%(need)s”的成果过了期限还没有提交。"),
    "contract-to-settle": _l("“%(need)s”已验收，付款后登记结算金额。"),
    "contract-settled": _l("“%(need)s”的结算金额已登记。"),
    "contract-terminated": _l("“%(need)s”的合同由对方提前终止，理由见合同页。"),
}
