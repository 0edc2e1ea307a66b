"""What quotes refuse with, tell and find invalid, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "need-takes-no-quotes": _l("这份公告不接受报价。看看别的公告。"),
    "late-quote": _l("报价在 %(received_at)s 送达，已过截止时间 %(closes_at)s，未被接收。"),
    "late-quote-standing": _l(
        "报价在 %(received_at)s 送达，已过截止时间 %(closes_at)s，未被接收。您 %(standing)s 提交的上一版仍然有效。"
    ),
    "quotes-open-already": _l("报价已在 %(closes_at)s 截止并开启，不能再提交。"),
    "not-admitted": _l("这份公告只向框架协议的入围机构开放，贵机构不在其中。"),
    "agency-avoided": _l("业主在这份公告里声明贵机构须回避，不能报价。理由写在公告上。"),
    "not-eligible": _l("贵机构现在不能为这项服务报价：%(what)s。补齐后再报。"),
    "amount-required": _l("填写报价，如 93000 或 9.3万。"),
    "discount-required": _l("填写下浮率，如 15。"),
    "days-required": _l("填写完成天数，填大于 0 的整数。"),
    "commitment-required": _l("勾选承诺后再提交。"),
    "benchmark-missing": _l("这份公告没有收费基准，下浮率算不出金额。向业主提问，或等业主改为报金额。"),
    "above-ceiling": _l("报价 %(amount)s 元高于最高限价 %(ceiling)s 元。改报价再提交。"),
    "price-is-fixed": _l("这份公告的价格已定为 %(ceiling)s 元，各家同价。按这个数填，再提交。"),
    "above-binding-cap": _l("报价 %(amount)s 元高于现行收费标准允许的最高额 %(cap)s 元。改报价再提交。"),
    "seal-broken": _l("回执 %(receipt)s 的密封内容与提交时的哈希对不上，无法开启。"),
    "nothing-to-confirm": _l("这份报价不用确认，仍然有效。"),
    "above-amended-ceiling": _l("密封的报价高于更正后的最高限价 %(ceiling)s 元，不能确认。重新报价后再提交。"),
    "lines-total-differs": _l(
        "单价清单合计 %(total)s 元，和填的报价 %(amount)s 元不一致。改清单，或把报价留空按合计算。"
    ),
    "lines-with-discount": _l("这份公告要求报下浮率，不用填单价清单。"),
    "too-many-files": _l("附件最多 %(most)s 个。合并或去掉一些。"),
    "quote-file-not-found": _l("没有找到这个附件。"),
    "agency-unfit": _l("机构现在不符合这项服务的条件：%(what)s。补齐后再办。"),
    "explanation-not-found": _l("没有找到这份低价说明。"),
    "explanation-closed": _l("选取已经结束，不再收说明，也不再认定。"),
    "explanation-awaited": _l("机构还在说明期限内，等它说明或期限过后再认定。"),
    "explanation-undecided": _l("这份报价异常低，说明还没有认定。先在低价说明页写明采信与否，再选定。"),
    "explanation-too-short": _l("至少写 %(least)s 个字，现在 %(given)s 个字。"),
    "explanation-too-long": _l("最多写 %(most)s 个字，现在 %(given)s 个字。"),
    "verdict-unknown": _l("选采信或不采信。"),
    "no-own-quote": _l("贵机构在这份公告里没有有效的报价。"),
}

INVALID: Final[dict[str, Any]] = {
    "above-ceiling": _l("高于最高限价"),
    "above-binding-cap": _l("高于现行收费标准允许的最高额"),
    "not-eligible": _l("开启时资格不符"),
    "seal-broken": _l("密封内容与提交时的哈希对不上"),
    "unconfirmed": _l("更正公告后没有确认或重新报价，没有开启"),
}

MESSAGES: Final[dict[str, Any]] = {
    "bidder-answer": _l("您报价的“%(need)s”有新的公开答复，看看要不要改报价"),
    "bidder-amended": _l("您报价的“%(need)s”发了更正公告：原报价仍密封保存，确认或重新报价后才计入"),
    "explanation-asked": _l("您对“%(need)s”的报价异常低，请说明成本并附证明"),
    "explanation-asked-of": _l("“%(need)s”有报价异常低，已按规则请机构说明"),
    "explanation-answered": _l("机构已说明“%(need)s”的低价，等您认定"),
    "explanation-silent": _l("机构没有在期限内说明“%(need)s”的低价，等您认定"),
    "explanation-accepted": _l("您对“%(need)s”低价的说明已被采信：%(reason)s"),
    "explanation-rejected": _l("您对“%(need)s”的报价不计入，低价说明未被采信：%(reason)s"),
    "explanation-lapsed": _l("“%(need)s”的低价说明逾期没有认定，报价照常计入"),
    "explanation-decided": _l("“%(need)s”的异常低价已由业主认定"),
    "bidder-deadline": _l("您报价的“%(need)s”改了截止时间，已交的报价仍然有效"),
    "bidder-need-failed": _l("“%(need)s”有效报价不够，本次未成交"),
    "quote-invalid-above-ceiling": _l("您对“%(need)s”的报价不计入：高于最高限价"),
    "quote-invalid-above-binding-cap": _l("您对“%(need)s”的报价不计入：高于现行收费标准允许的最高额"),
    "quote-invalid-not-eligible": _l("您对“%(need)s”的报价不计入：开启时资格不符"),
    "quote-invalid-unconfirmed": _l("您对“%(need)s”的报价没有开启、不计入：更正公告后没有确认或重新报价"),
    "quote-invalid-seal-broken": _l("您对“%(need)s”的报价打不开：密封内容与提交时的哈希对不上"),
}
