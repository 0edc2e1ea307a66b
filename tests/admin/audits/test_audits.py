"""Batch audits: rows are judged as the engine judges them, nothing is lost, cancelling stops, others see nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from accounts import service as accounts
from admin.audits import forms, judging, queries, results, service, wording
from admin.audits.guessing import guess
from admin.audits.judging import Columns, Outcome, judge, read_day
from admin.audits.lifecycle import AuditState
from admin.audits.models import FeeAudit, FeeAuditPart
from admin.audits.reading import Table, made, read_table
from agencies.catalogue.service import load_catalogue
from agencies.fees import register
from agencies.fees.engine.calculation import calculate
from agencies.fees.wording import fields_by_name
from core import deadlines, outbox
from core.access import Actor, OrgKind
from core.errors import Conflict, Forbidden, Invalid
from core.work import Works
from tests.agencies.registration.world import World

HEADINGS = ["编号", "文号", "服务内容", "签订日期", "中标金额（万元）", "服务费（元）", "备注"]
DOCUMENT = "计价格[2002]1980号"


def row(base: str = "6000", fee: str = "225500", on: str = "2012-05-01", document: str = DOCUMENT) -> list[str]:
    """Write one row of a contract table: a works tender."""
    return ["甲", document, "", on, base, fee, "工程"]


WORKS = Columns({"schedule": 1, "on": 3, "base": 4, "charged": 5}, {}, (), "万元", "元")


def category() -> Columns:
    """Return the columns with the category of the tender, by the name of its field."""
    headings_field = next(
        one.name
        for one in register.find(DOCUMENT).versions[-1].services[0].fields
        if one.kind == "choice" and one.required
    )
    HEADINGS[6] = headings_field
    return Columns(WORKS.places, {}, (6,), "万元", "元")


def judged(*rows: list[str]) -> list[Any]:
    """Judge rows with the register alone."""
    return judge(category(), HEADINGS, rows, register.find)


def test_each_outcome_comes_out() -> None:
    found = judged(
        row(fee="225500"), row(fee="300000"), row(fee="300000", on="2020-01-01"), row(fee="100"),
        row(document="无此文件"), row(base="六千"), row(on="去年"), row(base="0"),
    )  # fmt: skip
    assert [one.outcome for one in found] == [
        Outcome.IN_RANGE, Outcome.ABOVE_CAP, Outcome.ABOVE_REFERENCE, Outcome.BELOW_LOW, *[Outcome.ROW_ERROR] * 4
    ]  # fmt: skip
    assert found[0].base == 22550000
    assert found[1].deviation == 30000000 - 27060000
    assert [one.fault[:2] for one in found[4:]] == [
        ("schedule-unknown", "schedule"), ("not-an-amount", "base"), ("not-a-day", "on"),
        ("not-positive", found[7].fault[1]),
    ]  # fmt: skip


def test_a_freed_schedule_is_never_called_a_cap() -> None:
    assert judged(row(fee="99999999", on="2020-01-01"))[0].outcome is Outcome.ABOVE_REFERENCE


def test_every_row_is_what_the_engine_says() -> None:
    rows = [row(base=str(number), on=f"20{5 + number % 15:02}-03-0{1 + number % 9}") for number in range(1, 400, 7)]
    for cells, verdict in zip(rows, judged(*rows), strict=True):
        inputs = {HEADINGS[6]: "工程", "award_amount": f"{cells[4]}万元"}
        found = calculate(register.find(DOCUMENT), read_day(cells[3]), inputs)
        assert (verdict.low, verdict.base, verdict.high) == tuple(
            None if end is None else end.fen for end in (found.low, found.base, found.high)
        )
        assert not verdict.by_engine
        assert verdict.working


def test_a_fixed_value_stands_where_no_column_does() -> None:
    columns = Columns({"base": 4, "charged": 5}, {"schedule": DOCUMENT, "on": "2012-05-01"}, category().inputs, "万元")
    assert judge(columns, HEADINGS, [row(document="")], register.find)[0].outcome is Outcome.IN_RANGE


@pytest.mark.parametrize("written", ["2024-05-01", "2024/5/1", "2024年5月1日", "20240501", "2024-05-01 00:00:00"])
def test_days_are_read_as_people_write_them(written: str) -> None:
    assert read_day(written).isoformat() == "2024-05-01"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_both_encodings(encoding: str) -> None:
    content = "文号,金额\r\n甲,1\r\n\r\n乙,2\r\n".encode(encoding)
    assert read_table(io.BytesIO(content), "表.csv").rows == [["甲", "1"], ["乙", "2"]]


def sheet_of(*lines: list[Any]) -> io.BytesIO:
    """Return a workbook of these lines."""
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    out.seek(0)
    return out


def test_a_workbook_is_read() -> None:
    assert read_table(sheet_of(["文号", "金额"], ["甲", 12.0], ["乙", 3.5]), "a.XLSX").rows == [
        ["甲", "12"],
        ["乙", "3.5"],
    ]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "audit-file-empty"), (b"a,b\n", "a.csv", "audit-file-empty"), (b"x", "a.pdf", "audit-file-type"),
        (b"PK\x03\x04junk", "a.xlsx", "audit-file-broken"), (b"\xff\xff\xff", "a.csv", "audit-file-broken"),
        (b",".join(b"c" for _ in range(61)) + b"\n1", "a.csv", "audit-too-many-columns"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_a_reason(content: bytes, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(io.BytesIO(content), name)
    assert refused.value.code == code


def test_a_table_loses_nothing_on_the_way_in() -> None:
    found = made("a.csv", [["收费", "日期", "收费", ""], ["1", "2", "3", "", "边上的话"], ["4"], ["", " "]])
    assert found.headings == ["收费", "日期", "收费（2）", "列 4", "列 5"]
    assert found.rows == [["1", "2", "3", "", "边上的话"], ["4", "", "", "", ""]]
    note = "长" * 32_767
    assert read_table(io.BytesIO(f"a,b\n1,{note}\n".encode()), "a.csv").rows == [["1", note]]


def test_a_cell_no_spreadsheet_holds_is_refused_with_its_row() -> None:
    with pytest.raises(Invalid) as refused:
        read_table(io.BytesIO(("a,b\n1,2\n3," + "长" * 200_000).encode()), "a.csv")
    assert (refused.value.code, refused.value.facts["row"]) == ("audit-cell-too-long", 2)


def test_a_row_too_wide_is_refused_before_the_next_is_read() -> None:
    read: list[int] = []

    def lines() -> Iterator[list[str]]:
        for no in range(9):
            read.append(no)
            yield ["a"] if no < 2 else ["x"] * 16_384

    with pytest.raises(Invalid, match="audit-too-many-columns"):
        made("a.xlsx", lines())
    assert read == [0, 1, 2]


def test_a_csv_saved_as_unicode_text_is_read() -> None:
    assert read_table(io.BytesIO("文号\t金额\r\n甲\t1\r\n".encode("utf-16")), "表.csv").rows == [["甲", "1"]]


def test_a_workbook_puffed_up_out_of_nothing_is_refused_unread() -> None:
    plain, out = sheet_of(["a"], ["1"]), io.BytesIO()
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for info in given.infolist():
            packed.writestr(info.filename, given.read(info))
        packed.writestr("xl/more.xml", b" " * 25_000_000)
    out.seek(0)
    with pytest.raises(Invalid, match="audit-file-broken"):
        read_table(out, "a.xlsx")


def test_a_column_stands_for_a_field_of_the_schedules_that_have_it() -> None:
    headings = [*HEADINGS[:6], "招的是什么"]
    named = Columns({**WORKS.places, "funding": 0}, {}, (), "万元", "元", {"category": 6, "complexity": 0})
    rows = [["政府投资", *row()[1:6], "工程"], ["政府投资", *row()[1:6], ""]]
    assert Columns.of_json(named.as_json()) == named
    one, two = judge(named, headings, rows, register.find)
    assert one.outcome is Outcome.IN_RANGE
    label = fields_by_name(register.find(DOCUMENT))["category"].label.zh
    assert two.fault is not None
    assert wording.fault_sentence(*two.fault, two.schedule) == f"{label}：没有填写"


def test_headings_suggest_the_columns() -> None:
    found = guess(["编号", "收费标准文号", "签订日期", "中标金额（万元）", "服务费（元）"])
    assert dict(found.places) == {"schedule": 1, "on": 2, "base": 3, "charged": 4}
    assert (found.base_unit, found.charged_unit) == ("万元", "元")


@pytest.fixture
def regulator(works: Works) -> Actor:
    with works.system() as work:
        accounts.load_reference(work)
        load_catalogue(work)
    nobody = Actor()
    return World(works, nobody, nobody, nobody, nobody).actor(OrgKind.PRICE_REGULATOR, "价格主管部门", None)


def opened(works: Works, actor: Actor, count: int) -> int:
    """Hand in this many rows, every tenth of them unreadable, and start."""
    category()
    rows = [row(fee=str(200000 + n), base="六千" if n % 10 == 9 else "6000") for n in range(count)]
    with works.writing(actor) as work:
        audit = service.open_audit(work, Table("合同.csv", list(HEADINGS), rows))
        service.start(work, audit.id, category())
        return int(audit.id)


WIRING = {service.STEP: [service.step]}


def finish(works: Works) -> None:
    """Let the worker run until nothing waits."""
    while outbox.relay(works, WIRING):
        pass


def test_an_audit_runs_to_its_end_and_loses_no_row(works: Works, regulator: Actor) -> None:
    audit_id = opened(works, regulator, 4500)
    finish(works)
    with works.reading(regulator) as work:
        audit = queries.audit_by_id(work.session, audit_id)
        rows = list(queries.rows_with_verdicts(work.session, audit_id))
    assert (audit.state, audit.rows_done, len(rows)) == (AuditState.DONE, 4500, 4500)
    assert audit.counts == {"in_range": 4050, "row_error": 450}
    assert [given[5] for given, _found in rows] == [str(200000 + n) for n in range(4500)]
    assert audit.faults[0] == [10, "not-an-amount", "base", "六千", ""]


def test_a_step_done_twice_counts_once(works: Works, regulator: Actor) -> None:
    audit_id = opened(works, regulator, 2500)
    for _again in range(2):
        with works.system() as work:
            service.step(work, {"id": audit_id, "no": 0})
    with works.reading() as work:
        assert queries.audit_by_id(work.session, audit_id).rows_done == 2000


def killed_within_a_step(works: Works, audit_id: int) -> None:
    """Do a step and die before it is committed."""
    with works.system() as work:
        service.step(work, {"id": audit_id, "no": 0})
        raise KeyboardInterrupt


def test_a_worker_killed_within_a_step_leaves_the_last_whole_part(works: Works, regulator: Actor) -> None:
    audit_id = opened(works, regulator, 2500)
    with pytest.raises(KeyboardInterrupt):
        killed_within_a_step(works, audit_id)
    finish(works)
    with works.reading() as work:
        audit = queries.audit_by_id(work.session, audit_id)
        assert (audit.rows_done, sum(audit.counts.values())) == (2500, 2500)


def test_cancelling_stops_the_job_and_keeps_what_is_done(works: Works, regulator: Actor) -> None:
    audit_id = opened(works, regulator, 4500)
    outbox.relay(works, WIRING, limit=2)  # the start told, and the first part
    with works.writing(regulator) as work:
        service.cancel(work, audit_id)
    finish(works)
    with works.reading() as work:
        audit = queries.audit_by_id(work.session, audit_id)
        assert (audit.state, audit.rows_done) == (AuditState.CANCELLED, 2000)
    with works.writing(regulator) as work, pytest.raises(Conflict):
        service.cancel(work, audit_id)


def test_an_audit_is_deleted_when_its_time_ends(works: Works, regulator: Actor, clock: Any) -> None:
    audit_id = opened(works, regulator, 10)
    finish(works)
    clock.instant += timedelta(days=91)
    assert deadlines.run_due(works, {service.EXPIRE: service.expire}) == 1
    with works.reading() as work:
        assert work.session.get(FeeAudit, audit_id) is None
        assert work.session.query(FeeAuditPart).count() == 0


def test_only_regulators_and_the_administration_may_audit(works: Works) -> None:
    for kind in OrgKind:
        actor = Actor(user_id=1, org_id=1, org_kind=kind)
        with works.reading(actor) as work, pytest.raises(Forbidden):
            service.open_audit(work, Table("a", ["a"], [["1"]]))


def test_columns_that_are_missing_are_named(works: Works, regulator: Actor) -> None:
    with works.writing(regulator) as work:
        audit = service.open_audit(work, Table("a", ["a"], [["1"]]))
    with pytest.raises(Invalid) as refused, works.writing(regulator) as work:
        service.start(work, audit.id, Columns({"schedule": 0}))
    assert refused.value.facts["missing"] == ["on", "charged", "base"]


def test_the_workbook_holds_all_columns_and_no_formula(tmp_path: Any) -> None:
    rows = [row(), ["=1+1", *row()[1:]]]
    found = [one.as_json() for one in judged(*rows)]
    path = tmp_path / "r.xlsx"
    results.write_xlsx(path, HEADINGS, zip(rows, found, strict=True))
    sheet = load_workbook(path).active
    lines = list(sheet.iter_rows(values_only=True))
    assert len(lines) == 3
    assert lines[0][1:8] == tuple(HEADINGS)
    assert lines[2][1] == "=1+1"
    assert sheet.cell(3, 2).data_type == "s"
    assert "= 225,500" in str(lines[1][-1]) or "22.55" in str(lines[1][-1])


def test_csv_cells_begin_no_formula() -> None:
    rows = [["=1+1", *row()[1:]]]
    text = "".join(results.csv_lines(HEADINGS, zip(rows, [one.as_json() for one in judged(*rows)], strict=True)))
    assert "'=1+1" in text


def test_a_mapping_by_headings_refuses_an_unknown_one() -> None:
    with pytest.raises(KeyError):
        forms.by_headings(["a"], {"schedule": "b"})
    assert forms.by_headings(["a", "b"], {"schedule": "b"}).places == {"schedule": 1}


def test_rows_without_headings_are_refused() -> None:
    with pytest.raises(Invalid):
        made("json", [[], ["1"]])
    assert judging.ROLES
