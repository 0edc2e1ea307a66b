"""The sentences of refusals and messages about needs."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "need-not-found": _l("没有找到这条需求。它可能还没发布，或网址不完整。"),
    "need-not-draft": _l("需求已经发布，不能再改草稿。要调整，发更正公告。"),
    "field-not-amendable": _l("“%(field)s”发布后不能更正。要改它先撤回，再复制为新需求。"),
    "nothing-amended": _l("内容和现在的公告一样，没有可更正的。改了再发布。"),
    "time-limit-required": _l("填写服务时限，填大于 0 的整数。"),
    "scale-required": _l("填写规模或要点。"),
    "lot-not-found": _l("这份公告没有第 %(number)s 标段。"),
    "lot-goes-with-notice": _l("这是公告的第 %(number)s 标段。修改和发布随整份公告办理，到第 1 标段的页面办。"),
    "framework-undivided": _l("框架协议和由它成交的采购不分标段。要分开的，各订一份框架协议。"),
    "lot-name-required": _l("填写标段名称，如“北区”。"),
    "lot-name-twice": _l("已有名为“%(name)s”的标段。换一个名称。"),
    "first-lot-stays": _l("第 1 标段就是公告本身，不能删除。不分标段的，删除其他标段。"),
    "too-many-lots": _l("一份公告最多 %(most)s 个标段。"),
    "lot-limit-out-of-range": _l("每家最多中选的标段数填 1 到 %(most)s，或留空不限。先分出第 2 标段再填。"),
    "invitation-closed": _l("报价已经截止，不能再邀请。"),
    "invitation-empty": _l("勾选要邀请的机构。"),
    "invitation-avoided": _l("“%(name)s”在公告的回避名单里，不能邀请。"),
    "invitation-not-offering": _l("“%(name)s”不在架上，或没有登记这项服务，不能邀请。"),
    "need-still-lives": _l("只有未成交或已撤回的需求才能复制重新采购。"),
    "repeat-in-framework": _l("这是框架协议的公告，不能在这里复制。到框架协议页重新征集或者再次成交。"),
    "need-closed-already": _l("报价已经截止，不能再推迟。未成交的可以复制重新采购。"),
    "deadline-not-later": _l("新的截止时间要晚于现在的 %(closes_at)s。截止时间只能推迟，不能提前。"),
    "close-too-early": _l("报价截止时间最早可选 %(earliest)s（发布后满 %(days)s 个工作日）。"),
    "close-on-rest-day": _l("报价截止时间：%(day)s是休息日。改选工作日，如 %(following)s。"),
    "close-too-late": _l("报价截止时间离今天超过 %(days)s 天。改早一些。"),
    "ceiling-required": _l("财政资金的采购要填最高限价，且不超过批准的预算。"),
    "ceiling-or-reason": _l("填写最高限价；暂时没有估算的，写明原因。"),
    "method-basis-required": _l("这种选取方式目前未开放。写明可以采用的依据，或改用“方案择优”。"),
    "method-off": _l("这种选取方式对这类资金没有开放，管理员登记法律依据以后才能用。改用“方案择优”等已开放的方式。"),
    "fixed-price-required": _l("随机抽取要先定好价格：填写最高限价，就是各家的价格。"),
    "fixed-price-in-amounts": _l("随机抽取的价格已定好，报价方式选“报金额”。"),
    "term-out-of-range": _l("这种选取方式要填这个数：%(low)s 到 %(high)s 的整数。"),
    "small-above-large": _l("小名单家数不能多于大名单的 %(large)s 家。"),
    "direct-cause-required": _l("直接选取的理由：从列表里选一项。"),
    "discount-needs-benchmark": _l("报下浮率要有收费基准。补齐收费计算的数据，或改为报金额。"),
    "criteria-names": _l("每个评分项都要有名称，且不能重复。"),
    "criteria-weights": _l("评分项的权重合计要等于 100，现在是 %(total)s。"),
    "avoidance-reason": _l("列入回避的机构要写明理由。"),
    "avoid-unknown": _l("没有名为“%(name)s”的机构。按机构页上的全称填写。"),
    "choice-unknown": _l("选一种选取方式和资金性质。"),
    "reason-required": _l("写明理由。"),
    "questions-closed": _l("提问时间已过。可以拨打公告上的咨询电话。"),
    "question-not-found": _l("没有找到这个提问。"),
    "question-empty": _l("填写要问的内容。"),
    "answer-empty": _l("填写答复内容。"),
    "answers-closed": _l("报价已截止，不能再答复。"),
}
MESSAGES: Final[dict[str, Any]] = {
    "need-published": _l("有新公告可以报价：“%(need)s”"),
    "question-asked": _l("“%(need)s”有新的提问，等您答复"),
    "question-lapsed": _l("您在“%(need)s”的提问到报价截止没有答复"),
    "question-answered": _l("您在“%(need)s”的提问已有答复"),
    "quotes-opened": _l("“%(need)s”的报价已开启，等您选定"),
    "need-failed": _l("“%(need)s”未成交，看看下一步"),
    "need-extended": _l("“%(need)s”有效报价不足，按规则延长一次，已收到的报价仍然密封"),
    "need-more-time": _l("“%(need)s”按规则延长了报价时间，还可以报价；已交的报价仍然密封有效"),
    "need-invited": _l("业主邀请贵机构为“%(need)s”报价"),
}
FAILED: Final[dict[str, Any]] = {
    "no-quotes": _l("截止时没有收到报价。"),
    "none-valid": _l("收到的报价都不符合要求。"),
    "no-valid-quotes": _l("没有一份报价可以计入。"),
    "too-few-quotes": _l("有效报价少于规定的家数。"),
    "one-quote": _l("有效报价只有一份，按规则须重新发布。"),
    "given-up": _l("业主结束了本次选取，没有选定任何一家。"),
    "winner-declined": _l("中选机构放弃，没有可以递补的机构。"),
    "nobody-can-win": _l("按选取方式的规则，计入的报价里没有一家可以中选。"),
    "contract-terminated": _l("合同提前终止。"),
    "complaint-upheld": _l("投诉成立，中选结果作废，本次采购重新进行。"),
    "notice-to-correct": _l("投诉成立，公告要改正后重新发布。"),
}
NEXT_STEPS: Final[dict[str, dict[str, Any]]] = {
    "fiscal": {
        "too-few-quotes": _l(
            "财政资金至少要 %(minimum)s 份有效报价。放宽条件或多留几天后重新发布；仍不足的，按本单位采购制度改变方式。"
        ),
        "one-quote": _l("放宽条件、多留几天或邀请更多机构后重新发布；仍只有一份的，按本单位采购制度改变方式。"),
        "no-quotes": _l("看看限价、时限和资格条件是否过紧，调整后重新发布，或改变选取方式。"),
        "": _l("看看限价、时限和资格条件是否过紧，调整后重新发布。"),
    },
    "social": {
        "no-quotes": _l("多留几天、放宽条件或提高限价后重新发布。再次没有报价的，可以改用直接选取。"),
        "": _l("调整后重新发布，或改用直接选取。"),
    },
}
