"""The divisions, departments and materials are the ones the sources name."""

from collections import Counter
from pathlib import Path

import pytest

from accounts import reference
from accounts.reference import DepartmentRole, DivisionKind, Importance
from core.datafile import DataFileError, read_datafile, refuse_repeats


def test_dongguan_has_35_divisions() -> None:
    kinds = Counter(one.kind for one in reference.divisions())
    assert kinds == {DivisionKind.STREET: 4, DivisionKind.TOWN: 28, DivisionKind.PARK: 3}
    assert reference.city().code == "441900"


def test_the_two_areas_without_a_code_have_a_local_one_and_are_not_counted() -> None:
    extra = set(reference.all_divisions()) - set(reference.divisions())
    assert {(one.code, one.name) for one in extra} == {("local-01", "滨海湾新区"), ("local-02", "水乡管委会")}


def test_division_codes_lie_under_the_city() -> None:
    for one in reference.divisions():
        assert one.code.startswith("441900")
        assert len(one.code) == 9


def test_unused_and_wrong_codes_are_absent() -> None:
    names = {one.code: one.name for one in reference.all_divisions()}
    assert "441900120" not in names
    assert "441900001" not in names
    assert names["441900005"] == "万江街道"
    assert names["441900101"] == "石碣镇"
    assert names["441900006"] == "莞城街道"


def test_no_two_divisions_share_a_code_a_name_or_a_cell() -> None:
    everywhere = reference.all_divisions()
    for identity in ("code", "name", "name_en"):
        assert len({getattr(one, identity) for one in everywhere}) == 37
    assert len({(one.row, one.col) for one in everywhere}) == 37


@pytest.mark.parametrize(
    ("nearer", "farther", "axis"),
    [
        ("麻涌镇", "桥头镇", "col"),
        ("虎门镇", "长安镇", "col"),
        ("长安镇", "凤岗镇", "col"),
        ("石龙镇", "大岭山镇", "row"),
        ("中堂镇", "沙田镇", "row"),
        ("谢岗镇", "凤岗镇", "row"),
    ],
)
def test_the_tile_map_keeps_west_before_east_and_north_before_south(nearer: str, farther: str, axis: str) -> None:
    places = {one.name: one for one in reference.divisions()}
    assert getattr(places[nearer], axis) < getattr(places[farther], axis)


def test_every_kind_of_division_has_its_english_word() -> None:
    for one in reference.divisions():
        assert one.name_en.isascii()
        assert one.name_en.endswith(" Town") == (one.kind is DivisionKind.TOWN)
        assert one.name_en.endswith(" Subdistrict") == (one.kind is DivisionKind.STREET)


def test_departments_have_unique_codes_and_english_names() -> None:
    departments = reference.departments()
    assert len({one.code for one in departments}) == len(departments)
    assert all(one.name_en.isascii() for one in departments)


def test_price_is_watched_by_two_departments_and_one_operates_the_city() -> None:
    def holding(role: DepartmentRole) -> set[str]:
        return {one.name for one in reference.departments() if role in one.roles}

    assert holding(DepartmentRole.PRICE_REGULATOR) == {"东莞市发展和改革局", "东莞市市场监督管理局"}
    assert holding(DepartmentRole.CITY_OPERATOR) == {"东莞市政务服务和数据管理局"}


def test_materials_are_key_or_secondary_and_say_where_they_can_be_looked_up() -> None:
    materials = {one.code: one for one in reference.materials()}
    assert materials["business-licence"].importance is Importance.KEY
    assert materials["delegate-social-insurance"].importance is Importance.SECONDARY
    assert not materials["commitment-letter"].checkable
    assert all(one.name_en.isascii() for one in materials.values())
    assert all(bool(one.shared_from) == one.checkable for one in materials.values())


def test_every_material_has_a_reason_of_its_own_and_the_general_ones() -> None:
    general = sum(not reason.materials for reason in reference.correction_reasons())
    assert general > 0
    for material in reference.materials():
        assert len(reference.reasons_for(material.code)) > general, material.code


def test_reasons_say_why_and_how_without_scolding() -> None:
    for reason in reference.correction_reasons():
        for sentence in (reason.why, reason.how):
            assert sentence.endswith("。")
            plain = sentence.replace("申请", "")
            assert not any(word in plain for word in ("请", "非法", "有误"))
        assert reason.why_en.isascii()
        assert reason.how_en.isascii()


def test_every_mark_of_a_source_is_explained() -> None:
    for name in ("divisions.toml", "materials.toml"):
        file = read_datafile(reference.DATA / name)
        marks = {row.text("mark") for row in file.rows("sources")}
        key = "divisions" if name == "divisions.toml" else "materials"
        cited = {row.text("source") for row in file.rows(key)}
        assert any(mark in text for mark in marks for text in cited)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.toml"
    path.write_text('[[rows]]\ncode = "a"\nname = 3\n\n[[rows]]\ncode = "a"\n', encoding="utf-8")
    return path


def test_a_wrong_type_names_file_row_and_key(broken: Path) -> None:
    row = read_datafile(broken).rows("rows")[0]
    with pytest.raises(DataFileError, match=r"broken\.toml \[\[rows\]\] 1 \(a\): name: is not text"):
        row.text("name")


def test_a_missing_key_names_file_row_and_key(broken: Path) -> None:
    row = read_datafile(broken).rows("rows")[1]
    with pytest.raises(DataFileError, match=r"broken\.toml \[\[rows\]\] 2 \(a\): name: is missing"):
        row.text("name")


def test_a_misspelled_key_is_refused(broken: Path) -> None:
    row = read_datafile(broken).rows("rows")[0]
    with pytest.raises(DataFileError, match="unknown key"):
        row.only("code", "nmae")


def test_a_row_written_twice_is_refused(broken: Path) -> None:
    with pytest.raises(DataFileError, match="twice"):
        refuse_repeats(read_datafile(broken).rows("rows"), "code")


def test_a_file_that_is_not_toml_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "torn.toml"
    path.write_text("[[rows", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"torn\.toml"):
        read_datafile(path)
