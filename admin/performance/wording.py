"""The words of performance: row sets, places among quartiles, kinds of cases, months."""

from __future__ import annotations

from typing import Any, Final

from admin.performance.rules import RowSet
from core.i18n import lazy_gettext as _l

ROW_SETS: Final[dict[RowSet, Any]] = {
    RowSet.SIGNED: _l("成交合同"),
    RowSet.ACCEPTED: _l("验收合同"),
    RowSet.ON_TIME: _l("准时交付的合同"),
    RowSet.LATE: _l("迟交的合同"),
    RowSet.PRICED: _l("可与基准价相比的合同"),
    RowSet.PUBLISHED: _l("发布"),
    RowSet.QUOTED: _l("有报价"),
    RowSet.AWARDED: _l("选定"),
    RowSet.CONTRACTED: _l("签约"),
    RowSet.DELIVERED: _l("验收"),
    RowSet.RATED: _l("评价"),
}
PLACES: Final[dict[str, Any]] = {
    "low": _l("低于四分之一位"),
    "middle": _l("中间一半"),
    "high": _l("高于四分之三位"),
    "few": _l("同类不足 8 份"),
}
CASES: Final[dict[str, Any]] = {
    "above_cap_attempt": _l("报价高于上限"),
    "above_posted": _l("报价高于公示价"),
    "contract_above_quote": _l("合同高于报价"),
    "settlement_above_contract": _l("结算高于合同"),
    "zero_charge": _l("不向业主收费的事项收了费"),
    "unknown_extra": _l("结算里有没公示的收费项目"),
    "fee_split": _l("同一双方的合同疑似拆分"),
    "unusual_price": _l("价格不同寻常"),
    "abnormally_low": _l("报价异常低，要说明成本"),
}
CASE_STATES: Final[dict[str, Any]] = {"open": _l("等机构说明"), "replied": _l("已说明，等决定")}
NEED_STATES: Final[dict[str, Any]] = {
    "open": _l("报价中"),
    "selecting": _l("选取中"),
    "awarded": _l("已选定"),
    "contracted": _l("已签约"),
    "completed": _l("已完成"),
    "failed": _l("未成"),
    "withdrawn": _l("已撤回"),
}
