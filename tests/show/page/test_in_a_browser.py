"""The page in a real browser: Chromium, without a window, as Debian has it."""

import os
import re
import shutil

import numpy as np
import pytest

from office.show import write_replay_page
from office.study import mail_books, overtaken, run_end, why
from tests.show.page.offices import HOSTILE, hostile, mixed, teams
from tests.study.checks.doctoring import Doctored
from tests.study.journals import a_million_messages

WHY = "so the replay page was not looked at in a browser"
playwright = pytest.importorskip("playwright.sync_api", reason=f"playwright is not installed, {WHY}")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip(f"there is no chromium here, {WHY}", allow_module_level=True)

WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
ROOT_NEEDS = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ROOT_NEEDS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens the page of a journal, and sees to it that nothing went amiss and nothing was loaded but the page."""
    complaints, requests, contexts = [], [], []

    def open_page(journal, viewport=WIDE, limit=60_000, **options):
        path = tmp_path / "page.html"
        write_replay_page(journal, path, title="a run", command="office run it", limit=limit)
        contexts.append(chromium.new_context(viewport=viewport, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("body.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert len(requests) == len(contexts)


def number(text):
    return int(text.replace(",", ""))


def ink(page, canvas):
    """A fingerprint of what is drawn on a canvas."""
    return page.evaluate(f"document.getElementById('{canvas}').toDataURL()")


def slide(page, share):
    page.evaluate(
        "share => {const slider = document.getElementById('slider'); slider.value = share * 10000;"
        "slider.dispatchEvent(new Event('input'))}",
        share,
    )


def tally(page):
    """On the way, sent, arrived, overtaken so far."""
    return [number(match) for match in re.findall(r"[\d,]*\d", page.inner_text("#tally"))]


def milliseconds(page):
    match = re.fullmatch(r"([\d.,]+) (s|ms|µs|ns)", page.inner_text("#now"))
    return float(match[1].replace(",", "")) * {"s": 1e3, "ms": 1, "µs": 1e-3, "ns": 1e-6}[match[2]]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_complaint_and_nothing_is_wider_than_the_screen(opened, viewport, scheme):
    page = opened(mixed(), viewport, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (max(map(int, re.findall(r"\d+", paper))) < 60) == (scheme == "dark")


def test_the_counts_are_those_of_the_journal(opened):
    journal = mixed()
    page, books = opened(journal), mail_books(journal).values()
    assert number(page.inner_text("#count-messages")) == len(journal)
    assert number(page.inner_text("#count-overtaken")) == np.count_nonzero(overtaken(journal))
    assert number(page.inner_text("#count-lost")) == sum(book.lost for book in books)
    page.keyboard.press("End")
    on_the_way, sent, arrived, late = tally(page)
    assert (sent, arrived, late) == (
        len(journal),
        np.count_nonzero(journal.mail.arrived >= 0),
        np.count_nonzero(overtaken(journal)),
    )
    assert on_the_way == sum(book.on_its_way for book in books)


def test_at_every_time_as_many_are_on_their_way_as_the_journal_has(opened):
    journal, page = mixed(), opened(mixed())
    mail = journal.mail
    end = page.evaluate("Number(document.getElementById('slider').max)")
    for share in (0.1, 0.37, 0.5):
        slide(page, share)
        kept = ~mail.lost
        now = share * run_end(journal)
        assert end == 10_000
        expected = np.count_nonzero(kept & (mail.sent <= now) & ((mail.arrived > now) | (mail.arrived < 0)))
        assert tally(page)[:2] == [expected, np.count_nonzero(mail.sent <= now)]


def test_play_moves_messages_and_pause_stops_them(opened):
    page = opened(mixed())
    assert milliseconds(page) == 0
    before = ink(page, "letters")
    page.click("#play")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.wait_for_function("document.getElementById('now').textContent !== '0 ns'")
    page.wait_for_timeout(300)
    page.click("#play")
    stopped = page.inner_text("#now")
    assert milliseconds(page) > 1
    assert ink(page, "letters") != before
    page.wait_for_timeout(100)
    assert page.inner_text("#now") == stopped
    assert page.get_attribute("#play", "aria-label") == "Play"


def test_it_does_not_play_by_itself(opened):
    page = opened(mixed(), reduced_motion="reduce")
    page.wait_for_timeout(150)
    assert milliseconds(page) == 0


def test_a_higher_speed_is_faster(opened):
    page, passed = opened(mixed()), []
    for speed in ("1/8", "2"):
        page.keyboard.press("Home")
        page.select_option("#speed", label=speed)
        page.click("#play")
        page.wait_for_timeout(400)
        page.click("#play")
        passed.append(milliseconds(page))
    assert passed[1] > 3 * passed[0] > 0


def test_the_slider_moves_time_and_all_views_with_it(opened):
    page = opened(mixed())
    before = ink(page, "letters"), ink(page, "diagram"), page.inner_text("#tally")
    slide(page, 0.4)
    assert milliseconds(page) == pytest.approx(0.4 * run_end(mixed()) / 1e6, abs=1)
    after = ink(page, "letters"), ink(page, "diagram"), page.inner_text("#tally")
    assert all(earlier != later for earlier, later in zip(before, after, strict=True))
    assert page.get_attribute("#slider", "aria-valuetext") == page.inner_text("#now")


def test_tables_fill_and_empty_as_the_journal_says(opened):
    page = opened(teams(2, 2))
    shown = lambda: page.locator(".desk", has_text="works").first.locator("span").inner_text()  # noqa: E731
    assert shown() == "0 pending"
    slide(page, 0.5)
    assert number(shown().split()[0]) > 0
    page.keyboard.press("End")
    assert shown() == "0 pending"


def test_the_keyboard_does_it_all(opened):
    page = opened(mixed())
    page.keyboard.press("ArrowRight")
    first = milliseconds(page)
    page.keyboard.press("Shift+ArrowRight")
    assert milliseconds(page) > first > 0
    page.keyboard.press("Home")
    assert milliseconds(page) == 0
    page.keyboard.press("ArrowLeft")
    assert milliseconds(page) == 0
    page.keyboard.press("Space")
    page.wait_for_function("document.body.classList.contains('playing')")
    page.keyboard.press("Space")
    page.keyboard.press(".")
    assert page.locator("#speed option:checked").inner_text() == "2"
    slide(page, 0.3)
    page.keyboard.press("n")
    assert page.locator("#hops tbody tr").count() > 2
    page.keyboard.press("Escape")
    assert page.locator("#hops tbody tr").count() == 0


def test_keys_are_left_to_who_has_a_use_for_them(opened):
    page = opened(mixed())
    page.click("#task-name")
    page.keyboard.type("n .,")
    assert page.input_value("#task-name") == "n .,"
    assert milliseconds(page) == 0
    assert not page.evaluate("document.body.classList.contains('playing')")


def test_everything_to_press_is_reached_by_the_tab_key_and_has_a_name(opened):
    page = opened(mixed())
    for node in page.locator("button, input, select").element_handles():
        name = node.evaluate(
            "node => node.ariaLabel || node.textContent.trim() || node.labels?.[0]?.textContent.trim()"
        )
        assert name
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {"play", "slider", "speed", "task-name", "next-task"} <= reached


def test_a_click_on_a_message_shows_the_hops_of_its_task_and_lights_up_its_way(opened):
    page = opened(mixed())
    slide(page, 0.2)
    dark = ink(page, "letters")
    canvas = page.locator("#letters").bounding_box()
    for y in range(30, int(canvas["height"]), 6):
        for x in range(10, int(canvas["width"]), 40):
            page.mouse.click(canvas["x"] + x, canvas["y"] + y)
            if page.locator("#hops tbody tr").count():
                break
        else:
            continue
        break
    task = int(page.input_value("#task-name"))
    life = why(mixed(), task)
    assert page.locator("#hops tbody tr.task, #hops tbody tr.feedback").count() == len(life.hops)
    assert page.inner_text("#task-told").startswith(f"Task {task}: {len(life.hops)} messages")
    assert page.locator(".desk.on-the-way").count() > 0
    assert ink(page, "letters") != dark


def test_the_life_of_a_task_is_as_why_tells_it(opened):
    page, life = opened(mixed()), why(mixed(), 7)
    page.fill("#task-name", "7")
    page.click("#ask button[type=submit]")
    shown = [row.inner_text().split("\t") for row in page.locator("#hops tbody tr").all()]
    hops = [row for row in shown if "⇡" in row[-1] or "⇣" in row[-1]]
    assert len(hops) == len(life.hops)
    desks = [tuple(re.split(" [⇡⇣] ", row[-1].split("\n")[0])) for row in hops]
    people = ("people below", "people above")
    for (sender, reader), hop in zip(desks, life.hops, strict=True):
        assert sender == hop.sender or (sender in people and hop.sender == "client")
        assert reader == hop.reader or (reader in people and hop.reader == "client")
    assert len(shown) - len(hops) == len(life.losses) + len(life.work) + len(life.incidents) + sum(
        hop.staleness is not None for hop in life.hops
    )
    assert "late; size 1 from above, 1 to below" in page.inner_text("#hops")
    page.locator("#hops tbody button").nth(5).click()
    assert milliseconds(page) > 0
    assert page.locator("#hops tr.now").count() > 0
    page.fill("#task-name", "no such")
    page.click("#ask button[type=submit]")
    assert "No message in this stretch is about a task no such" in page.inner_text("#task-told")


def test_what_stands_in_a_journal_stays_text(opened):
    page = opened(hostile())
    assert page.title() == "a run"
    assert page.locator("script").count() == 2
    page.fill("#task-name", HOSTILE)
    page.click("#ask button[type=submit]")
    assert page.inner_text("#task-told").startswith(f"Task {HOSTILE}: ")
    assert HOSTILE in page.inner_text("#hops")
    assert HOSTILE in page.inner_text("#conditions")
    assert any(HOSTILE.split("/")[-1] in name for name in page.locator(".desk b").all_inner_texts())
    assert page.title() == "a run"


def test_a_chart_under_the_replay_shows_where_time_is_and_a_click_on_it_goes_there(opened):
    page = opened(mixed())
    page.locator("#losses svg").click()  # in its middle
    assert milliseconds(page) == pytest.approx(run_end(mixed()) / 2e6, rel=0.15)
    for figure in (
        "losses",
        "size-figure",
        "pending-figure",
        "tray-figure",
        "rd-figure",
        "rbd-figure",
        "lateness-figure",
        "latency-figure",
    ):
        assert page.locator(f"#{figure} svg").first.get_attribute("aria-label")


def test_a_histogram_is_of_the_link_that_is_chosen(opened):
    page = opened(mixed())
    before = page.inner_text("#rd-figure small")
    page.select_option("#rd-figure select", label="legal.inbox")
    assert page.inner_text("#rd-figure small") != before
    assert page.locator("#rd-figure svg").get_attribute("aria-label") == "Reorder density on legal.inbox"


def test_sizes_of_feedback_are_those_of_the_desk_that_is_chosen(opened):
    journal = Doctored(mixed())
    journal.learnt["legal"] = [row._replace(to_below=1000 * row.from_above) for row in journal.learnt["legal"]]
    page = opened(journal.journal)
    options = page.locator("#size-figure option").all_inner_texts()
    assert options == ["estimates/alex", "legal"]
    axis = lambda: page.locator("#size-figure svg text").all_text_contents()  # noqa: E731
    key = page.locator("#size-figure .legend span")
    assert [text.strip() for text in key.all_inner_texts()] == ["from above", "to below"]
    assert "1000" not in axis()
    page.select_option("#size-figure select", label="legal")
    assert "1000" in axis()
    slide(page, 0.5)
    cursor = page.locator("#size-figure .cursor")
    half = float(cursor.get_attribute("x1"))
    page.keyboard.press("Home")
    assert float(cursor.get_attribute("x1")) < half


def test_an_office_without_weights_has_no_sizes_of_feedback(opened):
    page = opened(teams(2, 2))
    assert page.locator("#size-figure").is_hidden()


def test_of_a_million_messages_every_stretch_plays(opened):
    page = opened(a_million_messages())
    assert page.locator("#stretch option").all_inner_texts() == ["beginning", "middle", "end"]
    for place in "120":
        page.select_option("#stretch", place)
        slide(page, 0.5)
        assert tally(page)[0] > 0
    page.set_viewport_size(NARROW)
    page.wait_for_function("document.documentElement.scrollWidth === 390")
