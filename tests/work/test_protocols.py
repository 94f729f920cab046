import office.work


def test_the_public_names_are_sorted_and_all_there():
    names = office.work.__all__
    assert names == sorted(names, key=lambda name: (0 if name.isupper() else 1 if name[0].isupper() else 2, name))
    assert all(hasattr(office.work, name) for name in names)
