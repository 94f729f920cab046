"""The page as text; what it does is seen in a browser."""

import json
import re
import sys
from html.parser import HTMLParser

import pytest

from office import Journal
from office.show import replay_page, write_replay_page
from tests.show.page.offices import HOSTILE, hostile, mixed, stages
from tests.show.page.test_stretches import long_run
from tests.study.journals import a_million_messages


class Tags(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def data_of(page):
    """What the page holds as data: JSON without constants of its own, and no markup."""
    text = re.search(r'<script type="application/json" id="journal">(.*?)</script>', page, re.DOTALL)[1]
    assert "<" not in text
    return json.loads(text, parse_constant=pytest.fail)


def test_the_same_journal_gives_the_same_bytes_also_when_it_was_saved(tmp_path):
    mixed().save(tmp_path / "run.jsonl")
    again = Journal.load(tmp_path / "run.jsonl")
    write_replay_page(mixed(), tmp_path / "one.html", title="a run", command="office run it")
    write_replay_page(again, tmp_path / "other.html", title="a run", command="office run it")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "other.html").read_bytes()


def test_nothing_is_loaded_from_anywhere():
    page = replay_page(mixed())
    for tag, attributes in Tags(page).seen:
        assert tag not in ("link", "iframe", "img", "object", "embed")
        assert not {"src", "href", "srcset", "data"} & set(attributes)
    (policy,) = [attributes["content"] for tag, attributes in Tags(page).seen if "http-equiv" in attributes]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "url(" not in page
    assert "@import" not in page


def test_whatever_stands_in_a_journal_is_text():
    page = replay_page(hostile(), title=HOSTILE, command=HOSTILE)
    assert HOSTILE not in page
    assert [tag for tag, _ in Tags(page).seen].count("script") == 2
    assert "&lt;script&gt;" in page
    assert any(HOSTILE in name for name in data_of(page)["people"])


def test_a_name_that_is_no_unicode_makes_a_page_all_the_same(tmp_path):
    write_replay_page(mixed(), tmp_path / "page.html", title="a \udc80 b")
    assert "<h1>a \\udc80 b</h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), 10**400, -(10**400), 1e300])
def test_a_loss_may_be_any_number(loss):
    journal = stages(2)
    changed = Journal(**journal.head)
    changed.desks, changed.links, changed.columns = journal.desks, journal.links, journal.columns
    changed.losses = [(time, task, loss) for time, task, _ in journal.losses]
    assert data_of(replay_page(changed))["figures"]["losses"]["of"] == 3


def test_an_empty_journal_has_a_page():
    assert "It replays all 0 messages" in replay_page(Journal())


def test_it_says_what_it_shows_and_what_it_does_not():
    assert "It replays all " in replay_page(mixed())
    journal = long_run()
    page = replay_page(journal, limit=1800)
    assert f"It replays messages 1 to 600 of {len(journal):,} (beginning); messages " in page
    assert "The figures are of the whole run." in page
    assert "It draws" not in page
    assert "It draws 35 of 70 desks" in replay_page(stages(70))


@pytest.mark.thorough
def test_a_million_messages_make_less_than_five_megabytes():
    page = replay_page(a_million_messages(rough=True))
    assert len(page.encode()) < 5_000_000
    assert re.search(r"It replays messages 1 to [\d,]+ of 9\d\d,\d\d\d \(beginning\)", page)


def test_without_jinja2_it_says_which_extra_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ModuleNotFoundError, match=r"a report needs jinja2: pip install 'backprop-office\[report\]'"):
        replay_page(mixed())
