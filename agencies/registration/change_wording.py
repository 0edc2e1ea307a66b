"""The words of a qualification's life and of what is judged of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agencies.registration.lifecycle import QualificationState
from core.i18n import lazy_gettext as _l

_S = QualificationState

STATES: Final[Mapping[QualificationState, tuple[Any, str]]] = {
    _S.ENTERED: (_l("已登记"), "plain"),
    _S.SUBMITTED: (_l("待核对"), "info"),
    _S.RETURNED: (_l("待补正"), "bad"),
    _S.VALID: (_l("已核对"), "ok"),
    _S.VALID_WITH_GAPS: (_l("容缺有效"), "warn"),
    _S.LAPSED: (_l("已停用"), "bad"),
    _S.EXPIRED: (_l("已到期"), "bad"),
    _S.WITHDRAWN: (_l("已撤下"), "plain"),
}
ITEMS: Final[Mapping[str, Any]] = {
    "certificate": _l("证书清晰完整"),
    "holder": _l("持证单位与机构一致"),
    "grade": _l("类别和等级与证书一致"),
    "term": _l("编号和有效期与证书一致"),
    "issuer": _l("发证机关可以查到"),
    "people": _l("证书要求的人员证明"),
    "original": _l("原件核对"),
}
LAPSED: Final[Mapping[str, Any]] = {
    "not-corrected": _l("没有按期补正，本次登记已终止。备齐后重新登记这份资质。"),
    "promise-missed": _l("承诺后补的材料到期未补，这份资质已停用。备齐后重新登记。"),
}
TOLD: Final[Mapping[str, Any]] = {
    "qualification.added": _l("登记资质"),
    "qualification.submit": _l("提交核对"),
    "qualification.judged": _l("保存核对结果"),
    "qualification.verify": _l("核对通过"),
    "qualification.verify_with_gaps": _l("容缺通过"),
    "qualification.send_back": _l("一次告知补正"),
    "qualification.answer": _l("补正"),
    "qualification.put_right": _l("改正登记内容"),
    "qualification.promise_kept": _l("交来后补材料"),
    "qualification.reminded": _l("提醒后补"),
    "qualification.close_gaps": _l("后补材料已核对"),
    "qualification.lapse": _l("停用"),
    "qualification.expire": _l("到期"),
    "qualification.withdraw": _l("撤下"),
}
