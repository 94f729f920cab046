"""The trace: by the rules of its format, by the journal, and by what Perfetto makes of it."""

import json
import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Worker
from office.ids import CLIENT
from office.show import trace_lines, write_trace
from office.study import desks, ends, in_table, occupancy, on_link, pieces, why
from tests.show.drawn import HOSTILE, journals, named, names
from tests.show.perfetto import imported, nanoseconds
from tests.study.journals import INBOX, clerk, made_up, run
from tests.tiers import examples

REQUIRED = {
    "M": {"pid", "name", "args"},
    "B": {"pid", "tid", "ts", "name", "cat"},
    "E": {"pid", "tid", "ts"},
    "s": {"pid", "tid", "ts", "name", "cat", "id"},
    "t": {"pid", "tid", "ts", "name", "cat", "id", "bp"},
    "f": {"pid", "tid", "ts", "name", "cat", "id", "bp"},
    "i": {"pid", "tid", "ts", "name", "s"},
    "C": {"pid", "ts", "name", "args"},
}
METADATA = {"process_name": "name", "thread_name": "name", "thread_sort_index": "sort_index"}


def trace_of(journal):
    return json.loads("\n".join(trace_lines(journal)))


def check_format(trace):
    """The rules of the Trace Event Format, phase by phase."""
    assert trace["displayTimeUnit"] == "ns"
    open_slices, flows, last = Counter(), {}, 0
    for event in trace["traceEvents"]:
        phase = event["ph"]
        assert set(event) >= REQUIRED[phase]
        assert type(event["pid"]) is int
        assert type(event.get("tid", 1)) is int
        if phase == "M":
            assert METADATA[event["name"]] in event["args"]
            continue
        assert type(event["ts"]) in (int, float)
        assert event["ts"] >= last
        last = event["ts"]
        assert event.get("name", "a name")
        if phase in "BE":
            open_slices[event["tid"]] += 1 if phase == "B" else -1
            assert open_slices[event["tid"]] >= 0
        elif phase in "stf":
            flows.setdefault((event["cat"], event["name"], event["id"]), []).append(phase)
        elif phase == "C":
            assert all(type(value) is int and value >= 0 for value in event["args"].values())
    assert not +open_slices
    assert all(phases == ["s", *["t"] * (len(phases) - 2), "f"] for phases in flows.values())
    ids = [number for _, _, number in flows]
    assert sorted(ids) == list(range(1, len(ids) + 1))
    return len(flows)


@given(journals)
@settings(max_examples=examples(40))
def test_a_trace_keeps_to_its_format_and_perfetto_sees_in_it_what_the_journal_says(journal):
    trace, done, mail, link_ends = trace_of(journal), pieces(journal), journal.mail, ends(journal)
    assert check_format(trace) == done.steps.is_first.sum()
    made = imported(trace)
    assert made.processes == {1: "office"}
    assert list(made.threads.values()) == [*dict.fromkeys(["client", *journal.desks])]
    tids = {name: tid for tid, name in made.threads.items()}

    # Slices: what is read, and all work, which only the client and desks that take no time are without.
    assert len(made.slices) == len(done.begin)
    read = [slice_ for slice_ in made.slices if slice_.category == "reading"]
    readers = [CLIENT if desk < 0 else journal.desks[desk] for desk in link_ends.reader[mail.link[mail.read]].tolist()]
    assert Counter((slice_.tid, slice_.begin, slice_.args["link"]) for slice_ in read) == Counter(
        zip((tids[name] for name in readers), mail.arrived[mail.read].tolist(),
            (journal.links[link].name for link in mail.link[mail.read].tolist()), strict=True))  # fmt: skip
    work = [slice_ for slice_ in made.slices if slice_.category in ("work", "learning")]
    for name in journal.work:
        spent = sum(slice_.end - slice_.begin for slice_ in work if slice_.tid == tids[name])
        assert spent == sum(end - begin for _, begin, end in journal.work[name])
    assert all(slice_.begin == slice_.end for slice_ in made.slices if slice_ not in work)
    assert all(slice_.depth <= 1 for slice_ in made.slices)

    # Flows: an arrow for each message that is read, from where it was sent, when it was sent; the others are waiting.
    assert len(made.flows) == len(done.steps.path) - done.steps.is_first.sum()
    columns = (column.tolist() for column in (mail.link, mail.number, mail.copy, mail.sent))
    originals = {(link, number): sent for link, number, copy, sent in zip(*columns, strict=True) if not copy}
    letters = Counter()
    for slice_, other in made.flows:
        assert slice_.name == other.name
        assert slice_.end <= other.begin
        if slice_.tid == other.tid:
            continue
        link = journal.place_of(other.args["link"])
        letters[link, other.args["message"]] += 1
        sender = int(link_ends.sender[link])
        assert made.threads[slice_.tid] == (CLIENT if sender < 0 else journal.desks[sender])
        assert slice_.end == originals[link, other.args["message"]]
    assert letters == Counter(zip(mail.link[mail.read].tolist(), mail.number[mail.read].tolist(), strict=True))

    # Counters, and what nobody read.
    counted = {name: list(zip(there_.times.tolist(), there_.counts.tolist(), strict=True)) for name, there_ in [
        (("messages under way", "messages"), occupancy(on_link(journal))),
        *(((f"pending: {desk}", "tasks"), occupancy(in_table(journal, desk))) for desk in desks(journal))]}  # fmt: skip
    assert made.counters == counted
    fates = Counter(name.partition(":")[0] for _, _, name in made.instants)
    came = mail.arrived >= 0
    where = np.where(came, link_ends.reader[mail.link], link_ends.sender[mail.link])[~mail.read].tolist()
    when = np.where(came, mail.arrived, mail.sent)[~mail.read].tolist()
    instants = Counter((time, made.threads[tid]) for time, tid, _ in made.instants)
    assert instants == Counter((time, CLIENT if desk < 0 else journal.desks[desk])
                           for time, desk in zip(when, where, strict=True))  # fmt: skip
    assert fates == +Counter({
        "lost": int(mail.lost.sum()),
        "on its way": int((~came & ~mail.lost).sum()),
        "damaged": int((came & mail.damaged).sum()),
        "repeat": int((came & ~mail.damaged & ~mail.read).sum()),
    })  # fmt: skip


def test_a_task_has_one_flow_through_all_its_hops_up_and_back_down():
    journal = run(clerk("alex"), tasks=9).journal
    events = trace_of(journal)["traceEvents"]
    threads = {event["tid"]: event["args"]["name"] for event in events if event.get("name") == "thread_name"}
    for task in range(9):
        flow = [event for event in events if event["ph"] in "stf" and event["name"] == f"task {task}"]
        assert len({event["id"] for event in flow}) == 1
        hops = why(journal, task).hops
        assert [threads[event["tid"]] for event in flow] == [hops[0].sender, *(hop.reader for hop in hops)]


def test_times_are_microseconds_exact_to_the_nanosecond():
    journal = made_up([(1, 2_000_000_003, INBOX, 7), (4000, 4_000_000_000_000_007, INBOX, 8)])
    lines = list(trace_lines(journal))
    assert any('"ts":0.001,' in line for line in lines)
    assert any('"ts":4,' in line for line in lines)
    times = {nanoseconds(event["ts"]) for event in trace_of(journal)["traceEvents"] if event["ph"] == "B"}
    assert times == {1, 2_000_000_003, 4000, 4_000_000_000_000_007}


def test_a_thousand_letters_at_one_instant_do_not_stand_on_one_another():
    made = imported(trace_of(run(clerk("alex"), mail="", tasks=1000, arrivals=[0] * 1000).journal))
    assert {slice_.depth for slice_ in made.slices} == {0}
    assert {slice_.begin for slice_ in made.slices} == {0}


def test_a_letter_that_comes_while_its_reader_works_stands_in_the_work():
    alex = Worker(lambda task: (task, lambda feedback: feedback), "alex", answer_time="7ms")
    made = imported(trace_of(run(alex, mail="delay 10ms", tasks=3).journal))
    assert [(slice_.category, slice_.depth) for slice_ in made.slices if slice_.tid > 2][:4] == [
        ("reading", 0), ("work", 0), ("reading", 1), ("reading", 1)
    ]  # fmt: skip


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_names_and_tasks_are_text_on_one_line_whatever_stands_in_them(desks_):
    lines = list(trace_lines(named(desks_)))
    assert all(line.isprintable() for line in lines)
    made = imported(json.loads("\n".join(lines)))
    assert len(made.threads) == 1 + len(set(desks_) - {"client"})


def test_what_perfetto_cannot_read_is_spelt_out():
    text = "\n".join(trace_lines(named(HOSTILE)))
    text.encode()
    assert "\\u" not in text.replace("\\\\u", "")
    assert "é漢🎈" in text


def test_the_file_is_what_the_lines_are_and_the_same_each_time(tmp_path):
    journal = run(mail="delay 10ms 9ms loss 10% duplicate 20%", tasks=9).journal
    done = write_trace(journal, tmp_path / "one.json")
    assert len(done.begin) == len(imported(json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))).slices)
    write_trace(run(mail="delay 10ms 9ms loss 10% duplicate 20%", tasks=9).journal, tmp_path / "other.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "other.json").read_bytes()


def test_an_empty_journal_is_a_trace_too():
    trace = trace_of(made_up([]))
    assert check_format(trace) == 0
    assert [event["ph"] for event in trace["traceEvents"]].count("C") == 2


def test_where_a_journal_cannot_be_read_no_file_is_begun(tmp_path):
    journal = made_up([(0, 5, INBOX, 7)])
    journal.work["alex"] = [(7, 5, 9), (8, 8, 10)]
    with pytest.raises(ValueError, match="alex works on task 8"):
        write_trace(journal, tmp_path / "trace.json")
    assert not (tmp_path / "trace.json").exists()


@pytest.mark.unwatched
def test_lines_are_made_one_by_one_and_not_kept():
    journal = run(clerk("alex"), tasks=5000).journal
    lines = trace_lines(journal, pieces(journal))
    for _ in range(20_000):
        next(lines)
    tracemalloc.start()
    written = sum(len(next(lines)) for _ in range(40_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > 2_000_000
    assert peak < written / 2


def test_perfetto_s_own_trace_processor_reads_it(tmp_path):
    trace_processor = pytest.importorskip(
        "perfetto.trace_processor", reason="the package perfetto is not installed"
    )  # fmt: skip
    journal = run(mail="delay 10ms 9ms loss 10% duplicate 20% corrupt 10%", tasks=20).journal
    done = write_trace(journal, tmp_path / "trace.json")
    try:
        reader = trace_processor.TraceProcessor(trace=str(tmp_path / "trace.json"))
    except Exception as error:  # noqa: BLE001  it downloads a program, and that may fail in any way
        pytest.skip(f"perfetto's trace_processor_shell cannot be had here: {error}")
    with reader:
        (drawn,), (arrows,) = (reader.query(f"select count(*) as n from {table}") for table in ("slice", "flow"))  # noqa: S608
        errors = [row.name for row in reader.query("select name from stats where severity != 'info' and value > 0")]
        slices = [(row.ts, row.dur) for row in reader.query("select ts, dur from slice where category != 'unread'")]
    unread = int((~journal.mail.read).sum())
    assert (drawn.n, arrows.n) == (len(done.begin) + unread, len(done.steps.path) - done.steps.is_first.sum())
    assert sorted(slices) == sorted(zip(done.begin.tolist(), (done.end - done.begin).tolist(), strict=True))
    assert errors == []
    assert np.diff(done.begin).min() >= 0
