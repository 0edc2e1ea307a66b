"""What registration says no with, and what it says is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from agencies.catalogue.wording import certificate_name, qualification_name
from agencies.registration.rules import Eligibility, Missing
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

SENTENCES: Final = {
    "agency-not-found": _l("没有这家机构，或它还没有公开"),
    "organisation-not-found": _l("没有找到这个单位"),
    "not-an-agency": _l("只有中介机构可以入驻。用中介机构的账号登录再办"),
    "registration-not-opened": _l("还没有开始入驻，先到“入驻”页开始"),
    "registration-locked": _l("材料已交运营机构核对，现在不能改。收到补正告知或核对结束后再改"),
    "registration-incomplete": _l("还有 %(count)s 处没有办完，办完后再提交"),
    "founded-later": _l("成立日期不能晚于今天，改成营业执照上的日期"),
    "qualification-unknown": _l("从列表里选资质类别"),
    "grade-unknown": _l("从列表里选这类资质的等级：%(grades)s"),
    "term-reversed": _l("有效期止早于有效期起，对照证书改正"),
    "qualification-over": _l("这份资质已于 %(ended)s 到期，填写换发后的证书"),
    "qualification-twice": _l("编号 %(number)s 的证书已经登记过，不用再填"),
    "qualification-not-found": _l("没有这份资质，或它已被撤下"),
    "identity-number": _l("身份证号第 18 位与前面对不上，对照证件再填一次"),
    "certificate-unknown": _l("从列表里选证书种类"),
    "certificate-over": _l("这份执业证书已于 %(ended)s 到期，填写延续后的证书"),
    "renewed-not-later": _l("新的有效期止要晚于原来的 %(ended)s"),
    "practitioner-twice": _l("这个人已经在本机构名单里"),
    "practitioner-elsewhere": _l("这个人还登记在另一家机构。由原机构移出后再填写"),
    "practitioner-not-found": _l("名单里没有这个人"),
    "items-missing": _l("至少勾选一项服务事项"),
    "item-unknown": _l("勾选的事项不在服务目录里，重新勾选"),
    "item-needs-qualification": _l("“%(item)s”要求的资质没有登记或没有核对，先登记资质"),
    "material-passed": _l("这份材料已通过，不用再交"),
    "material-empty": _l("上传文件，或写明如何改正"),
    "material-not-found": _l("没有要求这份材料"),
    "file-not-found": _l("没有找到这个文件，重新上传"),
    "reason-missing": _l("选一条理由，或写明哪里要改、怎么改"),
    "reason-unknown": _l("从这份材料的理由里选"),
    "promise-key": _l("“%(material)s”是主要材料，不能后补"),
    "promise-day": _l("“%(material)s”的后补日期选在明天起 90 天内"),
    "nothing-to-correct": _l("没有要补正的材料，不用发补正告知"),
    "verdicts-missing": _l("还有 %(count)s 份材料没有核对，全部核对后一次告知"),
    "not-all-passed": _l("还有材料没有通过，不能受理"),
    "no-gap-promised": _l("没有后补的材料，直接受理"),
    "gap-open": _l("还有 %(count)s 份承诺后补的材料没有交"),
    "said-before": _l("第二次补正只能针对第一次告知过的内容。没有告知过的不能再提"),
    "not-correctable": _l("有一项不能要求补正"),
    "corrected-twice": _l("已经补正过两次，不能再要求补正。按现有材料决定"),
    "change-item-not-found": _l("没有这一项，重新打开页面再核对"),
    "change-promise-day": _l("这一项的后补日期选在明天起 %(most)s 个工作日内；主要内容不能后补"),
    "change-answer-missing": _l("还有 %(count)s 项没有补正。每项改正内容、上传文件或写明情况"),
    "change-nothing-promised": _l("没有承诺后补的这一项，或已经交来"),
    "supervisor-reason": _l("再次要求补正要由负责人写明理由"),
    "closing-reason": _l("写明理由，机构会看到"),
    "compare-count": _l("比较 2 至 4 家机构。现在选了 %(count)s 家"),
}

MESSAGES: Final = {
    "registration-to-review": _l("“%(agency)s”提交了入驻材料，等您核对"),
    "registration-returned": _l("入驻材料有 %(count)s 项要补正，一次说清了"),
    "registration-accepted": _l("入驻已受理，机构已上架"),
    "registration-accepted-with-gaps": _l("入驻已容缺受理，机构已上架。按承诺的日期补交材料"),
    "registration-deemed-accepted": _l("入驻材料逾期未核对，视为受理，机构已上架"),
    "registration-suspended": _l("机构已暂停承接，理由写在公开页上"),
    "registration-resumed": _l("机构已恢复承接"),
    "registration-removed": _l("机构已清退，理由写在公开页上"),
    "registration-promise-near": _l("承诺后补的入驻材料快到期了，到期未补会暂停承接"),
    "qualification-to-review": _l("“%(agency)s”新登记了资质，等您核对；逾期未告知视为通过"),
    "qualification-returned": _l("资质（编号尾号 %(number)s）有 %(count)s 项要补正，一次说清了"),
    "qualification-verify": _l("资质（编号尾号 %(number)s）已核对，现在可以使用"),
    "qualification-verify-with-gaps": _l("资质（编号尾号 %(number)s）已容缺通过，现在可以使用。按承诺的日期补交材料"),
    "qualification-deemed-accepted": _l("资质（编号尾号 %(number)s）逾期未核对，视为通过"),
    "qualification-promise-near": _l("资质（编号尾号 %(number)s）承诺后补的材料快到期了，到期未补这份资质停用"),
    "qualification-promise-missed": _l("资质（编号尾号 %(number)s）承诺后补的材料到期未补，已停用。备齐后重新登记"),
    "qualification-not-corrected": _l("资质（编号尾号 %(number)s）没有按期补正，本次登记已终止。备齐后重新登记"),
    "qualification-expired-now": _l("资质（编号尾号 %(number)s）已到期，不能再用来承接。登记换发后的证书"),
    "practitioner-expired-now": _l("“%(name)s”证书（尾号 %(number)s）已到期。延续后更新有效期"),
    "qualification-expires": _l("资质“%(name)s”（编号尾号 %(number)s）%(ends)s 到期，到期前更新"),
    "practitioner-expires": _l("“%(name)s”证书（尾号 %(number)s）%(ends)s 到期，到期前更新"),
}

MISSING: Final = {
    "agency-not-listed": _l("机构不在架上，现在不能承接"),
    "item-not-offered": _l("机构没有登记“%(item)s”这一项服务"),
    "qualification-missing": _l("没有登记“%(name)s”"),
    "qualification-expired": _l("“%(name)s”已于 %(ended)s 到期。更新资质后再办"),
    "qualification-grade": _l("登记的资质等级低于“%(name)s”"),
    "qualification-not-yet": _l("“%(name)s”还没有到有效期起日"),
    "qualification-unverified": _l("“%(name)s”还没有经运营机构核对"),
    "practitioner-missing": _l("没有登记“%(name)s”人员"),
    "practitioner-expired": _l("“%(name)s”人员的证书已于 %(ended)s 到期"),
    "conflicting-item": _l("同一项目里已承担“%(other)s”，不能再承担“%(item)s”"),
    "details-missing": _l("填写联系人和手机"),
    "items-missing": _l("勾选提供的服务事项"),
    "material-missing": _l("上传“%(material)s”"),
    "correction-unanswered": _l("“%(material)s”还没有补正"),
    "commitment-missing": _l("阅读并接受承诺书"),
}


def sentence(error: DomainError) -> str:
    """Say a refusal of this room in the reader's language."""
    return str(SENTENCES[error.code]) % error.facts if error.code in SENTENCES else error.code


def missing_sentence(one: Missing) -> str:
    """Say one thing that is missing."""
    facts: dict[str, Any] = {key: _day(value) if isinstance(value, date) else value for key, value in one.facts.items()}
    if "category" in facts:
        facts["name"] = qualification_name(facts["category"], facts.get("grade", ""))
    if "kind" in facts:
        facts["name"] = certificate_name(facts["kind"])
    text = str(MISSING[one.code]) % facts
    return _("%(item)s：%(problem)s", item=facts["item"], problem=text) if _of_an_item(one) else text


def where_to_add(one: Missing) -> str:
    """Return the address at which an agency puts right what is missing."""
    if one.code.startswith("qualification-"):
        return "/join/qualifications"
    if one.code.startswith("practitioner-"):
        return "/join/practitioners"
    return "/join/items" if one.code == "item-not-offered" else "/join"


def explain(eligibility: Eligibility) -> list[str]:
    """Say everything that keeps an agency from quoting, in the order it would put it right."""
    return [missing_sentence(one) for one in eligibility.details]


def advise(missing: Iterable[Missing]) -> list[str]:
    """Say what is worth asking the operator about, and refuses nobody."""
    return [missing_sentence(one) for one in missing]


def _of_an_item(one: Missing) -> bool:
    return one.code.startswith("qualification-") and "item" in one.facts


def _day(value: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日", year=value.year, month=value.month, day=value.day)
