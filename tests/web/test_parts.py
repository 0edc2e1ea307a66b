"""The parts of the design system render, fit phones and large text, and axe finds nothing against them."""

import gzip
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests import machine
from tests.axe import COLOURS, axe
from tests.web.gallery import NOW, WEB, environment, gallery, part, samples, wan
from tests.web.screens import FLAGS, THEMES, WIDTHS, open_gallery

CHROME = pytest.mark.skipif(machine.chromium() is None, reason="LOUD: no Chromium, the pages were NOT checked by axe")


class Field(SimpleNamespace):
    """A field as an object, with only what is given."""


def test_the_gallery_has_one_heading_and_no_inline_style_or_script() -> None:
    html = gallery()
    assert html.count("<h1") == 1
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<script(?![^>]+src=)", html)


def test_ids_are_unique_and_every_label_finds_its_control() -> None:
    html = gallery()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'<label[^>]* for="([^"]+)"', html) + re.findall(r'<li><a href="#(title|sum|want)"', html):
        assert target in ids


def test_a_wrong_form_is_summed_up_before_the_heading_and_in_the_title() -> None:
    html = gallery()
    assert "<title>错误：工程预算编制" in html
    assert 0 < html.index("有 3 处要改") < html.index("<h1")


def test_without_errors_the_title_begins_with_the_heading() -> None:
    html = environment().get_template("gallery.html").render(s=samples())
    assert "<title>工程预算编制" in html
    assert "处要改" not in html


def test_what_people_typed_is_escaped_and_kept() -> None:
    html = part(
        "{% from 'parts/fields.html' import field %}{{ field(f) }}", f=Field(name="n", label="名称", value='"><b>')
    )
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_an_error_is_tied_to_its_control() -> None:
    f = Field(name="n", label="名称", error="填写名称。", hint="全称")
    html = part("{% from 'parts/fields.html' import field %}{{ field(f) }}", f=f)
    assert 'aria-describedby="n-hint n-error"' in html
    assert 'aria-invalid="true"' in html


def test_a_nought_is_a_value_and_nothing_is_not() -> None:
    source = "{% from 'parts/fields.html' import field %}{{ field(f) }}"
    assert 'value="0"' in part(source, f=Field(name="n", label="n", value=0))
    assert 'value=""' in part(source, f=Field(name="n", label="n", value=None))


def test_a_password_and_a_file_are_never_sent_back() -> None:
    for kind in ("password", "file"):
        html = part(
            "{% from 'parts/fields.html' import field %}{{ field(f) }}",
            f=Field(name="n", label="n", type=kind, value="hush"),
        )
        assert "hush" not in html


def test_a_summary_says_what_was_left_out() -> None:
    html = part("{% from 'parts/summary.html' import summary_list %}{{ summary_list([('说明', none, '/c')]) }}")
    assert "未填写" in html
    assert 'href="/c"' in html


def test_a_range_says_its_unit_once() -> None:
    html = part("{% from 'parts/money.html' import money_range %}{{ money_range(a, b) }}", a=wan("8.74"), b=wan("13.1"))
    assert "8.74—13.10 万元" in html


def test_too_few_ratings_give_no_grade() -> None:
    html = part("{% from 'parts/ratings.html' import rating %}{{ rating(none, 2) }}")
    assert "暂无等级" in html
    assert "/ 5" not in html


def test_a_closed_countdown_shows_no_clock() -> None:
    html = part("{% from 'parts/countdown.html' import countdown %}{{ countdown(a, b) }}", a=NOW, b=NOW)
    assert "已截止" in html
    assert 'role="timer"' not in html


def test_a_refusal_says_what_to_do_and_gives_its_reference() -> None:
    html = (
        environment()
        .get_template("errors/page.html")
        .render(
            title="没有这一页",
            happened="地址可能改了。",
            actions=["回上一页。", ("搜一搜", "/search")],
            reference="7F3A-92C1",
        )
    )
    assert "7F3A-92C1" in html
    assert '<a href="/search">搜一搜</a>' in html


def test_the_stylesheet_and_scripts_are_small() -> None:
    def size(name: str) -> int:
        return len(gzip.compress((WEB / "static" / name).read_bytes(), 9))

    assert size("app.css") <= 12 * 1024
    for name in ("countdown.js", "compare.js", "draft.js", "swap.js"):
        assert size(name) <= 1536


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 absent where no browser is wanted

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@CHROME
@pytest.mark.timeout(120)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_sticks_out(browser: Any, width: int, theme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    said = open_gallery(page, theme)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    page.close()


@CHROME
@pytest.mark.timeout(120)
def test_what_axe_should_notice_it_notices(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang=zh><title>页</title><main><h1>页</h1><img src=data:,><p style='color:#bbb'>看不清</p></main></html>"
    )
    assert {rule for rule, _where in axe(page)} == {"image-alt", "color-contrast"}
    assert [rule for rule, _where in axe(page, only=COLOURS)] == ["color-contrast"]
    page.close()


@CHROME
@pytest.mark.timeout(120)
def test_large_text_on_a_narrow_phone_does_not_scroll_sideways(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    open_gallery(page, "light", text_size="larger")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


@CHROME
@pytest.mark.timeout(120)
def test_the_filter_panel_opens_by_its_address(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 700}, java_script_enabled=False)
    open_gallery(page, "light")
    assert not page.is_visible("#filters")
    page.click("a.filter-open")
    assert page.is_visible("#filters")
    page.close()


@CHROME
@pytest.mark.timeout(120)
def test_the_compare_tray_counts_and_stops_at_its_limit(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    open_gallery(page, "light")
    assert page.text_content("#compare [data-names]").startswith("2 / 4")
    for box in page.query_selector_all("input[form=compare]:checked"):
        box.uncheck()
    assert not page.is_visible("#compare")
    page.close()


@CHROME
@pytest.mark.timeout(120)
def test_a_draft_survives_a_broken_line(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    open_gallery(page, "light")
    page.route("**/drafts/1", lambda route: route.abort())
    page.fill("#title", "长安厂房扩建")
    page.fill("#secret", "hush")
    page.dispatch_event("#title", "change")
    page.wait_for_selector("[data-draft-status]:has-text('暂存')")
    assert "hush" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("http://gallery.test/")
    assert page.input_value("#title") == "长安厂房扩建"
    page.close()


@CHROME
@pytest.mark.timeout(120)
def test_the_page_for_printing_leaves_out_what_is_pressed(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    open_gallery(page, "light", request=SimpleNamespace(full_path="/?format=print", args={"format": "print"}))
    assert not page.is_visible("header")
    assert not page.is_visible(".btn")
    assert page.is_visible("h1")
    assert page.evaluate("document.querySelectorAll('figure details:not([open])').length") == 0
    page.close()
