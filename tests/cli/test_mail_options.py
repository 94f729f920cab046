import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.cli.mail_options import mail_of

LINKS = st.sampled_from(["*", "*.inbox", "alex.inbox", "a=b.outbox"])
CONDITIONS = st.sampled_from(["", "delay 5ms", "loss 1%"])


@pytest.mark.parametrize(
    ("words", "mail"),
    [
        ([], None),
        (["delay 5ms"], "delay 5ms"),
        ([""], ""),
        (["a.inbox=loss 1%"], {"*": "otherwise", "a.inbox": "loss 1%"}),
        (["a.inbox=loss 1%", "delay 5ms"], {"*": "delay 5ms", "a.inbox": "loss 1%"}),
        (["a=b.inbox=loss 1%"], {"*": "otherwise", "a=b.inbox": "loss 1%"}),
        (["a.inbox="], {"*": "otherwise", "a.inbox": ""}),
        (["delay 5ms", "*=loss 1%"], {"*": "loss 1%"}),
    ],
)
def test_words_are_read_as_they_stand(words, mail):
    assert mail_of(words, "otherwise") == mail


@given(st.lists(st.tuples(LINKS, CONDITIONS), min_size=1, max_size=6))
def test_what_is_given_last_counts_where_several_fit(pairs):
    mail = mail_of([f"{link}={conditions}" for link, conditions in pairs], {"alex.inbox": "delay 1s"})
    last = {link: place for place, (link, _) in enumerate(pairs)}
    given_here = [link for link in mail if link in last]
    assert given_here == sorted(last, key=last.get)
    assert {link: mail[link] for link in last} == {link: pairs[place][1] for link, place in last.items()}
    assert list(mail)[: len(mail) - len(last)] == ["alex.inbox"] * ("alex.inbox" not in last)


def test_two_conditions_for_the_whole_office_are_one_too_many():
    with pytest.raises(ValueError, match='"delay 1ms" and "" are both for the whole office'):
        mail_of(["delay 1ms", "a.inbox=loss 1%", ""])
