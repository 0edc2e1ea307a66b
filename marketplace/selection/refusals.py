"""What selection refuses with, finds wrong and tells, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "selection-not-found": _l("这份公告还没有进入选取"),
    "award-not-found": _l("没有找到这份中选记录"),
    "quote-not-found": _l("没有找到这份报价"),
    "no-valid-quotes": _l("没有一份报价可以计入，不能选定"),
    "too-few-quotes": _l("可以计入的报价少于规定的家数，不能选定"),
    "scores-missing": _l("评分表还有 %(count)s 处没有打分，先补齐再选定"),
    "quote-does-not-count": _l("这份报价不计入，改选一家计入的"),
    "lowest-takes-first": _l("最低价方式只能选定第 1 名。第 1 名不能计入的，先写明理由把它排除"),
    "only-the-first": _l("这种选取方式只能选定第 1 名。第 1 名不能计入的，先写明理由把它排除"),
    "chosen-as-panel": _l("框架协议的入围名单一次确定，不单独选定一家。到“确定入围名单”页办理"),
    "quote-cannot-win": _l("这份报价按选取方式的规则不能中选，改选一家可以中选的"),
    "nobody-can-win": _l("按选取方式的规则，计入的报价里没有一家可以中选"),
    "lot-not-its-turn": _l("公告限定了每家最多中选的标段数，按标段次序选定。先选定第 %(number)s 标段"),
    "no-bidding": _l("这份公告现在不在竞价。竞价的时间写在公告里"),
    "not-a-bidder": _l("贵机构在这份公告里没有计入的报价，不能出价"),
    "round-not-begun": _l("这一轮还没有开始，%(starts_at)s 开始后再出价"),
    "round-over": _l("第 %(number)s 轮已在 %(ends_at)s 结束，出价没有计入。看看下一轮"),
    "step-too-small": _l("出价最多 %(most)s 元：至少比贵机构现在的 %(own)s 元低 %(step)s%%"),
    "reason-too-short": _l("理由至少写 %(least)s 个字，现在 %(given)s 个字"),
    "criterion-not-in-notice": _l("公告里没有“%(criterion)s”这一项，按公告的评分项打分"),
    "points-out-of-range": _l("分数填 0 到 100 之间的整数"),
    "award-already-contracted": _l("合同已经签署或者结果已有变化，不能再放弃中选。要终止合同，到合同页办理"),
}

FAULTS: Final[dict[str, Any]] = {
    "quote-rejected": _l("业主认定不计入：%(reason)s"),
    "quote-declined": _l("机构中选后放弃"),
    "award-annulled": _l("投诉成立，中选被撤销"),
    "agency-avoided": _l("公告列明回避：%(reason)s"),
    "above-ceiling": _l("报价高于最高限价 %(ceiling)s 元"),
    "above-binding-cap": _l("报价高于现行收费上限"),
    "seal-broken": _l("密封内容与提交时的哈希对不上，无法开启"),
    "unconfirmed": _l("更正公告后没有确认或重新报价，没有开启"),
    "membership-over": _l("已退出或者被移出框架协议"),
    "quote-was-ineligible": _l("开启时资格不符"),
}

FLAGS: Final[dict[str, Any]] = {
    "low-against-mean": _l("低于各家平均价的一半"),
    "low-against-next": _l("低于次低价的一半"),
    "low-against-ceiling": _l("低于最高限价的 45%%"),
}

OUT: Final[dict[str, Any]] = {
    "dropped-highest": _l("最高报价，按规则去掉，不能中选"),
    "dropped-lowest": _l("最低报价，按规则去掉，不能中选"),
    "cut-by-standing": _l("按信用评分没有进大名单"),
    "outside-small-list": _l("抽签次序在小名单之外"),
    "eliminated": _l("排在后面，按规定的比例淘汰"),
    "beyond-wanted": _l("名次在要入围的家数之外"),
    "lots-full": _l("已在前面的标段中选满公告限定的个数，本标段计入报价、不再中选"),
}

NOTES: Final[dict[str, Any]] = {
    "mean": _l("%(count)s 家计入报价的平均数是 %(mean)s 元。"),
    "trimmed-mean": _l("去掉 %(dropped)s 家，其余 %(count)s 家的平均数是 %(mean)s 元。"),
    "factor": _l("抽出的系数是 %(factor)s%%。"),
    "target": _l("平均数乘以系数，基准是 %(target)s 元。"),
    "distance": _l("离基准 %(distance)s 元"),
    "lists": _l(
        "报名 %(applicants)s 家，大名单 %(large)s 家，其中给暂无评分的机构至少留 %(share)s；小名单最多 %(small)s 家。"
    ),
    "brought-down": _l("密封报价 %(sealed)s 元，竞价后 %(last)s 元"),
    "panel": _l("计入 %(count)s 家，按 %(share)s 淘汰 %(out)s 家；最多入围 %(wanted)s 家，入围 %(inside)s 家。"),
    "numbers": _l("抽签号 %(numbers)s 个"),
    "lot-limit": _l("本标段是第 %(number)s 标段。公告限定每家最多中选 %(most)s 个标段，按标段次序选定。"),
    "lots-full": _l("已中选第 %(lots)s 标段"),
}

WHY_NOT: Final[dict[str, Any]] = {
    "quote-did-not-count": _l("报价不计入"),
    "price-higher": _l("报价高于中选报价"),
    "total-lower": _l("总分低于中选报价"),
    "standing-lower": _l("与中选报价相等，信用评分较低或者还没有评分"),
    "draw-later": _l("抽签次序在中选机构之后"),
    "owner-chose-otherwise": _l("业主选定了另一家，理由见选定理由"),
    "farther": _l("离基准比中选报价远"),
    "turn-later": _l("轮候次序在后，这次没有轮到"),
    **OUT,
}

DECIDED_BY: Final[dict[str, Any]] = {
    "price": _l("报价高于上一名"),
    "total": _l("总分低于上一名"),
    "distance": _l("离基准比上一名远"),
    "standing": _l("与上一名相等，信用评分较低"),
    "turn": _l("轮候次序在上一名之后"),
    "draw": _l("由抽签定先后"),
}

FAILED: Final[dict[str, Any]] = {
    "no-quotes": _l("截止时没有收到报价。放宽条件或者延长报价时间后重新发布。"),
    "none-valid": _l("没有一份报价可以计入。放宽条件或者延长报价时间后重新发布。"),
    "no-valid-quotes": _l("没有一份报价可以计入。放宽条件或者延长报价时间后重新发布。"),
    "too-few-quotes": _l("可以计入的报价少于规定的家数。重新发布公告，并邀请更多机构报价。"),
    "one-quote": _l("有效报价只有一份，按规则须重新发布公告，并邀请更多机构报价。"),
    "given-up": _l("业主结束了本次选取，没有选定任何一家。"),
    "winner-declined": _l("中选机构放弃，没有可以递补的机构。重新发布公告。"),
    "nobody-can-win": _l("按选取方式的规则，计入的报价里没有一家可以中选。重新发布公告，或者换一种选取方式。"),
    "contract-terminated": _l("合同提前终止。还需要服务的，重新发布公告。"),
    "award-annulled": _l("中选被撤销，没有可以递补的机构。重新发布公告。"),
    "complaint-upheld": _l("投诉成立，中选结果作废。按处理决定改正后重新发布公告。"),
    "notice-to-correct": _l("投诉成立，公告要改正。改好后重新发布。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "award-won": _l("贵机构在“%(need)s”中选，编号 %(number)s。按时签订合同。"),
    "award-declined": _l("“%(need)s”的中选机构放弃：%(reason)s"),
    "quote-rejected": _l("贵机构对“%(need)s”的报价不计入：%(reason)s"),
    "award-lost-quote-did-not-count": _l("“%(need)s”（%(number)s）已选定另一家：贵机构的报价不计入。"),
    "award-lost-price-higher": _l("“%(need)s”（%(number)s）已选定另一家：贵机构报价高于中选报价。"),
    "award-lost-total-lower": _l("“%(need)s”（%(number)s）已选定另一家：贵机构总分低于中选报价。"),
    "award-lost-standing-lower": _l(
        "“%(need)s”（%(number)s）已选定另一家：两家相等，贵机构信用评分较低或者还没有评分。"
    ),
    "award-lost-draw-later": _l("“%(need)s”（%(number)s）已选定另一家：贵机构抽签次序在后。"),
    "award-lost-owner-chose-otherwise": _l("“%(need)s”（%(number)s）已选定另一家，业主的理由见结果页。"),
    "award-lost-turn-later": _l("“%(need)s”（%(number)s）这次轮到另一家，贵机构的轮候次序不变。"),
    "award-lost-farther": _l("“%(need)s”（%(number)s）已选定另一家：贵机构报价离基准较远。"),
    "award-lost-dropped-highest": _l("“%(need)s”（%(number)s）已选定另一家：贵机构是最高报价，按规则去掉。"),
    "award-lost-dropped-lowest": _l("“%(need)s”（%(number)s）已选定另一家：贵机构是最低报价，按规则去掉。"),
    "award-lost-cut-by-standing": _l("“%(need)s”（%(number)s）已选定另一家：贵机构按信用评分没有进大名单。"),
    "award-lost-outside-small-list": _l("“%(need)s”（%(number)s）已选定另一家：贵机构抽签次序在小名单之外。"),
    "award-lost-lots-full": _l("“%(need)s”（%(number)s）已选定另一家：贵机构已在其他标段中选满公告限定的个数。"),
    "rounds-begin": _l("“%(need)s”的报价已开启，接着分轮竞价：看看什么时候开始，准备出价"),
    "rounds-ended": _l("“%(need)s”的竞价已结束，等您选定"),
    "need-failed-nobody-can-win": _l("“%(need)s”（%(number)s）按规则没有一家可以中选，本次选取结束。"),
    "need-failed-no-valid-quotes": _l("“%(need)s”（%(number)s）没有可以计入的报价，本次选取结束。"),
    "need-failed-too-few-quotes": _l("“%(need)s”（%(number)s）可以计入的报价太少，本次选取结束。"),
    "need-failed-given-up": _l("“%(need)s”（%(number)s）的业主没有选定任何一家，理由见结果页。"),
    "award-confirmed": _l("“%(need)s”的中选结果公示期满，可以签订合同。"),
    "award-suspended": _l("“%(need)s”的中选结果被投诉，暂停签订合同，等处理结果。"),
    "award-resumed": _l("“%(need)s”的中选结果恢复，公示期满后签订合同。"),
    "award-annulled": _l("“%(need)s”的中选被撤销：%(reason)s"),
    "award-to-choose-again": _l("“%(need)s”的中选被撤销，从其余报价里重新选定。"),
    "award-to-score-again": _l("“%(need)s”的中选机构退出后，还有报价没打分：补齐评分，再从其余报价里选定。"),
    "need-failed-award-annulled": _l("“%(need)s”（%(number)s）的中选被撤销且无人递补，本次选取结束。"),
    "need-failed-complaint-upheld": _l("“%(need)s”（%(number)s）的投诉成立，本次采购重新进行。"),
    "need-failed-notice-to-correct": _l("“%(need)s”（%(number)s）的投诉成立，公告改正后重新发布。"),
    "need-failed-winner-declined": _l("“%(need)s”（%(number)s）的中选机构放弃且无人递补，本次选取结束。"),
}
