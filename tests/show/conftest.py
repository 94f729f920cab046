"""Figures, to be looked into."""

import pytest


@pytest.fixture
def figures(monkeypatch):
    """Every figure that is to be saved, in order. To write a picture takes long, so only that it is one is written."""
    figure = pytest.importorskip("matplotlib.figure", reason="the extra plot is not installed")
    seen = []

    def keep(self, path, **options):
        seen.append(self)
        path.write(b"\x89PNG")

    monkeypatch.setattr(figure.Figure, "savefig", keep)
    return seen
