"""Journals made up by hand, and by Hypothesis."""

from operator import itemgetter

from hypothesis import strategies as st

from office.journal import MARK_BITS, NO_CAUSE, ONE_MORE, Incident, IncidentKind, Journal, Learnt, LinkEnds, Loss, Work

LINKS = [LinkEnds("alex.inbox", "client", "alex", "inbox", "inbox"), LinkEnds("alex.outbox", "alex", "client")]
LEAST = -(2**63)

times = st.integers(0, 2**62 - 1)
texts = st.text(max_size=8) | st.sampled_from(
    ["", "first\nsecond", '"quoted"', "\\", "\N{SNOWMAN}", "\u2028", "\ud800", "7"]
)
task_ids = (
    st.integers(-5, 5)
    | st.integers(-(2**62), 2**64)
    | st.integers(max_value=LEAST - 1)
    | st.integers(min_value=2**63)
    | texts
)
a_cause = st.builds(lambda link, mark: link << MARK_BITS | mark, st.integers(0, 1), st.integers(64, 2**40 - 1))
causes = st.just(NO_CAUSE) | a_cause
messages = st.lists(st.tuples(times, times, st.integers(0, 1), task_ids, causes), max_size=12)
"""(sent, taken for, link, task, cause)"""
losses = st.floats() | st.integers(-3, 3).map(float)
kinds = st.sampled_from(list(IncidentKind))


def entries(rows, first=0):
    """What the mailroom hands to the journal: arrived, link, mark, sent, task, body, cause."""
    return [
        (sent + took, link, ONE_MORE * (first + n + 1), sent, task, object(), cause)
        for n, (sent, took, link, task, cause) in enumerate((*row, NO_CAUSE)[:5] for row in rows)
    ]


def journal_of(
    arrived, in_flight=(), losses=(), work=(), incidents=(), lost=(), learnt=(), end=None, order=None, **head
):
    journal = Journal(**head)
    journal.links, journal.desks = list(LINKS), ["client", "alex", "bo"]
    journal.record(entries(arrived))
    for _, link, mark, sent, task, _, cause in entries(lost, len(arrived) + len(in_flight)):
        journal.record_lost((sent, link, mark, task, cause))
    if in_flight or lost:
        journal.close(entries(in_flight, len(arrived)))
    journal.losses += [Loss(*row) for row in losses]
    for desk, *row in work:
        journal.work.setdefault(desk, []).append(Work(*row))
    for desk, *row in incidents:
        journal.incidents.setdefault(desk, []).append(Incident(*row))
    for desk, row in learnt:
        journal.learnt.setdefault(desk, []).append(row)
    journal.end, journal.order = end, order
    return journal


def read(journal):
    mail = journal.mail
    columns = [column.tolist() for column in mail[:4]]
    return [(sent, arrived, link, journal.task_id(task)) for sent, arrived, link, task in zip(*columns, strict=True)]


def worked(desk, task_id, begin, lasts):
    return desk, task_id, begin, begin + lasts


counts, sizes = st.integers(0, 2**63 - 1), st.none() | st.floats(0) | st.integers(0, 10**30)
rows_learnt = st.builds(Learnt, times, task_ids, counts, counts, sizes, sizes)


def in_order(rows, time):
    """Rows of one table as they come about: by time."""
    return rows.map(lambda drawn: sorted(drawn, key=time))


journals = st.builds(
    journal_of,
    in_order(messages, lambda row: row[0] + row[1]),
    messages,
    in_order(st.lists(st.tuples(times, task_ids, losses), max_size=4), itemgetter(0)),
    in_order(
        st.lists(st.builds(worked, st.sampled_from(["alex", "bo"]), task_ids, times, times), max_size=4), itemgetter(3)
    ),
    in_order(
        st.lists(st.tuples(st.sampled_from(["client", "alex", "bo"]), times, kinds, st.none() | task_ids), max_size=4),
        itemgetter(1),
    ),
    messages,
    in_order(st.lists(st.tuples(st.sampled_from(["alex", "bo"]), rows_learnt), max_size=4), lambda row: row[1].time),
    end=st.none() | times,
    order=st.none() | texts,
    seed=st.integers(0, 2**64),
    mail=st.dictionaries(st.sampled_from([link.name for link in LINKS]), st.text(max_size=5)),
)
