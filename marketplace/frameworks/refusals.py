"""What frameworks refuse with and tell, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "framework-not-found": _l("没有找到这份框架协议。它可能还没发布，或网址不完整。"),
    "member-not-found": _l("没有找到这家入围机构。"),
    "framework-off": _l(
        "框架协议这种方式目前对这类资金没有开放（依据：%(basis)s）。管理部门登记依据、开放以后才能用；现在改用一般采购。"
    ),
    "framework-months": _l("协议期填 1 到 %(most)s 个月。"),
    "framework-share": _l("淘汰比例不能低于 %(least)s%%。"),
    "framework-unit": _l("写明单价按什么计，如“份”“点”“平方米”。"),
    "framework-ceiling": _l("填写最高单价；报下浮率的不用填。"),
    "framework-town-unknown": _l("没有代码是“%(town)s”的镇街。从列表里选。"),
    "framework-not-in-force": _l("协议不在有效期内，不能退出，也不能移出。"),
    "call-not-in-force": _l("框架协议还没有生效或者已经结束，不能成交。"),
    "call-after-term": _l("协议期已在 %(ends_at)s 届满，不能再成交。需要的，重新征集。"),
    "call-other-item": _l("这份框架协议不包括这项服务。换一份协议，或者按一般采购发布。"),
    "call-other-town": _l("这份框架协议不服务这个镇街。换一份协议，或者按一般采购发布。"),
    "call-quantity": _l("数量填大于 0 的数。"),
    "call-above-total": _l(
        "协议总额 %(total)s 元，还剩 %(left)s 元；这次最多要 %(asked)s 元，超出了。减少数量，或者重新征集。"
    ),
    "call-member-unknown": _l("从入围机构里选一家。"),
    "call-member-unfit": _l("这家机构现在不能承接：%(what)s。选另一家。"),
    "call-nobody-able": _l("入围机构现在都不能承接：%(what)s。等它们补齐，或者按一般采购发布。"),
    "call-above-price": _l("成交价 %(amount)s 元高于它的框架价 %(most)s 元。改低，或者留空按框架价。"),
    "call-no-benchmark": _l("框架价是下浮率，要先算出收费基准。补齐收费计算的数据。"),
}
MESSAGES: Final[dict[str, Any]] = {
    "framework-admitted": _l("贵机构入围框架协议“%(framework)s”，结果正在公示，期满生效。"),
    "framework-not-admitted": _l("框架协议“%(framework)s”的入围名单已公示，贵机构没有入围，原因见结果页。"),
    "framework-in-force": _l("框架协议“%(framework)s”公示期满，已经生效。"),
    "framework-suspended": _l("框架协议“%(framework)s”的入围结果被投诉，暂不生效，等处理结果。"),
    "framework-resumed": _l("框架协议“%(framework)s”的入围结果恢复公示，期满生效。"),
    "framework-annulled": _l("投诉成立，框架协议“%(framework)s”的入围结果作废，由业主重新征集。"),
    "framework-expired": _l("框架协议“%(framework)s”期满。已经成交的照常履约。"),
    "framework-closed": _l("框架协议“%(framework)s”提前结束，理由见协议页。已经成交的照常履约。"),
    "framework-member-left": _l("有机构退出框架协议“%(framework)s”，理由见协议页。"),
    "framework-member-removed": _l("贵机构被移出框架协议“%(framework)s”：%(reason)s"),
}
