"""What batch audits refuse with, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "fee-audit-not-found": _l("没有找到这次批量核查，可能已过保存期"),
    "audit-file-type": _l("文件：用 CSV 或 XLSX 表格"),
    "audit-file-broken": _l("文件：打不开。另存为 XLSX，或 UTF-8 编码的 CSV，再上传。"),
    "audit-file-too-large": _l("文件：超过 %(most)s MB，拆成几份上传"),
    "audit-file-empty": _l("文件：第一行写列名，下面至少一行数据"),
    "audit-too-many-rows": _l("文件：超过 %(most)s 行，拆成几份上传"),
    "audit-too-many-columns": _l("文件：超过 %(most)s 列，删去用不到的列"),
    "audit-cell-too-long": _l("文件：第 %(row)s 行数据有一格超过 %(most)s 个字，删短再上传"),
    "audit-no-contracts": _l("还没有已签署的合同可以核查"),
    "audit-column-missing": _l("选定收费标准、日期、计费基数和实际收费各在哪一列，或填固定值"),
    "audit-rows-missing": _l("rows：给出至少一行数据，每行是一个对象；或用 file 上传表格"),
    "audit-column-unknown": _l("mapping：表里没有“%(name)s”这一列"),
}
