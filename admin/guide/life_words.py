"""The words of lives: their names, states and moves. A test holds them complete."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

LIVES: Final[dict[str, Any]] = {
    "registration": _l("机构入驻"),
    "need": _l("采购需求"),
    "quote": _l("报价"),
    "selection": _l("选取"),
    "award": _l("中选"),
    "contract": _l("服务合同"),
    "deliverable": _l("服务成果"),
    "rating": _l("评价"),
    "fee_case": _l("收费核查"),
    "fee_revision": _l("标准修订"),
    "fee_audit": _l("批量核查"),
}

STATES: Final[dict[str, dict[str, Any]]] = {
    "registration": {
        "draft": _l("草稿"),
        "submitted": _l("待审核"),
        "returned": _l("待补正"),
        "listed": _l("已上架"),
        "listed_with_gaps": _l("容缺上架"),
        "suspended": _l("暂停"),
        "removed": _l("已移出"),
    },
    "need": {
        "draft": _l("草稿"),
        "open": _l("报价中"),
        "selecting": _l("选取中"),
        "awarded": _l("已选定"),
        "contracted": _l("履约中"),
        "completed": _l("已完成"),
        "failed": _l("未成"),
        "withdrawn": _l("已撤回"),
    },
    "quote": {
        "sealed": _l("密封"),
        "replaced": _l("已替换"),
        "withdrawn": _l("已撤回"),
        "opened": _l("已开启"),
        "won": _l("中选"),
        "lost": _l("未中选"),
        "invalid": _l("无效"),
        "declined": _l("放弃"),
    },
    "selection": {
        "committed": _l("已承诺"),
        "weighing": _l("比较中"),
        "decided": _l("已选定"),
        "failed": _l("未成"),
    },
    "award": {"given": _l("中选"), "declined": _l("放弃")},
    "contract": {
        "drafted": _l("待签署"),
        "in_service": _l("服务中"),
        "delivered": _l("待验收"),
        "accepted": _l("已验收"),
        "settled": _l("已结算"),
        "terminated": _l("已终止"),
    },
    "deliverable": {"submitted": _l("待验收"), "accepted": _l("验收通过"), "returned": _l("已退回")},
    "rating": {"hidden": _l("未公开"), "published": _l("已公开"), "removed": _l("已移除")},
    "fee_case": {
        "open": _l("待答复"),
        "replied": _l("已答复"),
        "upheld": _l("已认定"),
        "dismissed": _l("不予认定"),
        "appealed": _l("申诉中"),
        "confirmed": _l("维持"),
        "overturned": _l("撤销"),
    },
    "fee_revision": {
        "draft": _l("草稿"),
        "proposed": _l("待批准"),
        "approved": _l("已批准"),
        "in_force": _l("已生效"),
        "rejected": _l("未批准"),
        "withdrawn": _l("已撤回"),
    },
    "fee_audit": {"draft": _l("草稿"), "running": _l("进行中"), "done": _l("已完成"), "cancelled": _l("已取消")},
}

VERBS: Final[dict[str, dict[str, Any]]] = {
    "registration": {
        "submit": _l("提交"),
        "send_back": _l("一次告知补正"),
        "accept": _l("通过"),
        "accept_with_gaps": _l("容缺通过"),
        "close_gaps": _l("补齐缺件"),
        "suspend": _l("暂停"),
        "resume": _l("恢复"),
        "remove": _l("移出"),
    },
    "need": {
        "publish": _l("发布"),
        "open_quotes": _l("开启报价"),
        "award": _l("选定"),
        "contract": _l("签约"),
        "complete": _l("完成"),
        "fail": _l("未成"),
        "withdraw": _l("撤回"),
    },
    "quote": {
        "replace": _l("替换"),
        "withdraw": _l("撤回"),
        "open": _l("开启"),
        "win": _l("中选"),
        "lose": _l("落选"),
        "reject": _l("认定无效"),
        "decline": _l("放弃中选"),
    },
    "selection": {
        "begin": _l("开始比较"),
        "decide": _l("选定"),
        "resume": _l("重新选取"),
        "fail": _l("结束，不选定"),
    },
    "award": {"decline": _l("放弃中选")},
    "contract": {
        "sign": _l("签署"),
        "deliver": _l("交付"),
        "send_back": _l("退回重做"),
        "accept": _l("验收"),
        "settle": _l("结算"),
        "terminate": _l("终止"),
    },
    "deliverable": {"accept": _l("验收"), "send_back": _l("退回重做")},
    "rating": {"publish": _l("公开"), "remove": _l("移除")},
    "fee_case": {
        "reply": _l("答复"),
        "uphold": _l("认定"),
        "dismiss": _l("不予认定"),
        "appeal": _l("申诉"),
        "confirm": _l("维持原决定"),
        "overturn": _l("撤销原决定"),
    },
    "fee_revision": {
        "propose": _l("提交批准"),
        "approve": _l("批准"),
        "enter_force": _l("生效"),
        "reject": _l("不批准"),
        "withdraw": _l("撤回"),
    },
    "fee_audit": {"start": _l("开始"), "finish": _l("完成"), "cancel": _l("取消")},
}
