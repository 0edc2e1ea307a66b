"""What complaints refuse with, tell and name, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "complaint-not-found": _l("没有找到这件投诉。"),
    "complaint-file-not-found": _l("没有找到这个文件。"),
    "complaint-item-not-found": _l("没有要求这一项。"),
    "complaint-no-office": _l("还没有设立能处理这件投诉的单位，拨 12345 反映。"),
    "complaint-incomplete": _l("投诉还有 %(count)s 处要改，改齐后一次提交。"),
    "complaint-not-yet": _l("还没有可以投诉的办理结果，办完后再来。"),
    "complaint-too-late": _l("投诉期限已过，不再受理。可以拨 12345 反映。"),
    "complaint-agencies-only": _l("已入驻的中介机构才能对采购提出投诉。"),
    "complaint-no-standing": _l("贵单位与这项业务没有利害关系，不能投诉。"),
    "complaint-decided-before": _l("同一事项已经投诉过，不再重复受理。"),
    "complaint-aspect": _l("选一项投诉事项。"),
    "complaint-against": _l("选被投诉的另一家报价机构。"),
    "complaint-matter-short": _l("事实和理由至少写 %(least)s 个字，现在 %(given)s 个字。"),
    "complaint-clause-missing": _l("写明违反了哪份文件的哪一条。"),
    "complaint-contact-name": _l("填写联系人。"),
    "complaint-contact-phone": _l("填写联系电话。"),
    "complaint-evidence-missing": _l("上传证据，或填写后补证据的日期。"),
    "complaint-promise-day": _l("后补日期选在明天起 %(most)s 个工作日内，只限次要材料。"),
    "complaint-unsealed": _l("勾选确认，代表本单位盖章提交。"),
    "complaint-verdicts-missing": _l("还有项目没有核对，全部核对后一次告知。"),
    "complaint-nothing-to-correct": _l("没有要补正的项目，直接受理或不予受理。"),
    "complaint-not-correctable": _l("主体资格、时限和重复投诉不能补正，不符合的不予受理。"),
    "complaint-said-before": _l("第一次补正没有提到的项目，不能再要求补正。"),
    "complaint-corrected-twice": _l("已经补正两次，直接受理或不予受理。"),
    "complaint-not-all-passed": _l("还有项目没有通过，不能受理。"),
    "complaint-note-missing": _l("写明哪里要改、怎么改。"),
    "complaint-answer-missing": _l("还有 %(count)s 项没有补正，补齐后一次提交。"),
    "complaint-nothing-promised": _l("没有要后补的材料。"),
    "complaint-text-short": _l("至少写 %(least)s 个字，现在 %(given)s 个字。"),
    "complaint-text-long": _l("最多写 %(most)s 个字，现在 %(given)s 个字。"),
    "complaint-remedy": _l("选一种现在可以采取的处理。"),
    "complaint-remedy-of-dismissed": _l("投诉不成立的，不作处理。"),
    "complaint-appeal-late": _l("申请复核的期限已过，处理决定已经生效。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "complaint-to-judge": _l("投诉 %(number)s 等贵单位审查是否受理。"),
    "complaint-to-correct": _l("投诉 %(number)s 有 %(count)s 项要补正，一次说清了。"),
    "complaint-accepted": _l("投诉 %(number)s 已受理。"),
    "complaint-to-reply": _l("贵单位被投诉（%(number)s），在期限内答复。"),
    "complaint-to-decide": _l("投诉 %(number)s 答复完毕，等贵单位处理。"),
    "complaint-decision-late": _l("投诉 %(number)s 过了处理期限。"),
    "complaint-promise-near": _l("投诉 %(number)s 承诺后补的材料快到期了。"),
    "complaint-promise-missed": _l("投诉 %(number)s 承诺后补的证据没有按时交，按现有证据处理。"),
    "complaint-refused": _l("投诉 %(number)s 不予受理，理由见详情。"),
    "complaint-withdrawn": _l("投诉 %(number)s 已撤回。"),
    "complaint-lapsed": _l("投诉 %(number)s 没有按时补齐材料，已终止。"),
    "complaint-upheld": _l("投诉 %(number)s 成立。不同意的，%(by)s 前申请复核。"),
    "complaint-partly": _l("投诉 %(number)s 部分成立。不同意的，%(by)s 前申请复核。"),
    "complaint-dismissed": _l("投诉 %(number)s 不成立。不同意的，%(by)s 前申请复核。"),
    "complaint-to-review": _l("投诉 %(number)s 申请了复核，由另一名工作人员复核。"),
    "complaint-confirmed": _l("投诉 %(number)s 复核维持原决定。"),
    "complaint-overturned": _l("投诉 %(number)s 复核改变原决定。"),
}
