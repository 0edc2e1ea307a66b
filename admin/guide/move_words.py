"""The words of moves: who may, what a move needs, which clocks it sets."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

# Predicates of the policies by name, and recipients of messages.
WHO: Final[dict[str, Any]] = {
    "is_enterprise": _l("项目业主"),
    "is_agency": _l("中介机构"),
    "is_town_operator": _l("镇街窗口"),
    "is_city_operator": _l("市运营机构"),
    "is_price_regulator": _l("价格主管部门"),
    "is_administration": _l("市级管理部门"),
    "is_administration_or_price_regulator": _l("市级管理部门或价格主管部门"),
    "is_price_regulator_or_administration": _l("价格主管部门或市级管理部门"),
    "is_system": _l("系统自动"),
    "may_act": _l("管理员或经办人"),
    "owns": _l("本单位的"),
    "is_own": _l("本单位的"),
    "is_own_audit": _l("本单位发起的"),
    "in_town": _l("本镇街的"),
    "won": _l("中选的一方"),
    "is_buyer": _l("合同的业主方"),
    "is_seller": _l("合同的机构方"),
    "was_signed": _l("双方签署以后"),
    "is_accused": _l("被核查的一方"),
    "was_upheld": _l("已认定的"),
    "was_dismissed": _l("已不予认定的"),
    "did_not_decide": _l("没有作原决定的人"),
    "is_author": _l("起草人"),
    "is_department": _l("主管部门"),
    "is_signed_in": _l("登录的人"),
    "did_not_answer": _l("没有作答复的人"),
    "is_second_person": _l("起草人以外的另一人"),
    "is_on_paper": _l("凭签字授权书的"),
    "is_by_code": _l("凭验证码的"),
    "is_chosen": _l("有合同的机构"),
    "is_sender": _l("寄件的一方"),
    "is_receiver": _l("收件的一方"),
}

NEEDS: Final[dict[str, Any]] = {
    "reason": _l("理由"),
    "commitment": _l("承诺书"),
    "materials": _l("全部材料"),
    "all_passed": _l("材料全部通过"),
    "promises": _l("缺件的补交日期"),
    "reply": _l("书面答复"),
    "schedule_text": _l("标准文本和生效日"),
    "columns": _l("列的对应关系"),
    "review_day": _l("复核日"),
    "paper_or_code": _l("签字授权书或者验证码"),
    "tracking": _l("运单号"),
    "signature": _l("签收时间和签收人身份"),
}

CLOCKS: Final[dict[str, Any]] = {
    "need.close": _l("报价截止"),
    "registration.review": _l("审核期限"),
    "registration.gaps": _l("容缺补交"),
    "contract.sign": _l("签约期限"),
    "contract.due": _l("交付期限"),
    "rating.reveal": _l("评价公开"),
    "fee_audit.expire": _l("核查结果保存"),
    "fee_case.reply": _l("答复期限"),
    "fee_revision.effective": _l("标准生效日"),
    "fee_case.appeal": _l("申诉期限"),
    "fee_case.review": _l("复核期限"),
    "consultation.answer": _l("咨询答复期限"),
    "consultation.review": _l("公开答复的复核日"),
    "consent.end": _l("代办授权到期"),
}
