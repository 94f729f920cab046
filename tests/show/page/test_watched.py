import numpy as np
import pytest

from office.show.page.page import watch
from office.show.page.watched import FATES, busy_end
from office.study import mail_books
from tests.show.page.offices import mixed


def test_fates_are_those_of_the_books():
    journal = mixed()
    fates = watch(journal).fate
    counted = dict(zip(FATES, np.bincount(fates, minlength=5).tolist(), strict=True))
    books = mail_books(journal).values()
    names = {"read": "read", "repeat": "repeats", "damaged": "damaged", "lost": "lost", "on its way": "on_its_way"}
    assert counted == {fate: sum(getattr(book, name) for book in books) for fate, name in names.items()}
    assert all(counted[fate] for fate in FATES[:4])


def test_a_run_is_busy_until_its_end_unless_almost_all_is_over_long_before():
    mail = mixed().mail
    last = int(mail.arrived.max())
    assert busy_end(mail, last) == last
    long_after = 100 * last
    busy = busy_end(mail, long_after)
    assert busy <= last
    moments = np.concatenate([mail.sent, mail.arrived[mail.arrived >= 0]])
    assert np.mean(moments <= busy) == pytest.approx(0.99, abs=0.01)
