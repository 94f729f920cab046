"""Figures that have been drawn, to be looked into."""

import pytest


@pytest.fixture
def figures(monkeypatch):
    """Every figure that is saved, in order."""
    figure = pytest.importorskip("matplotlib.figure", reason="the extra plot is not installed")
    seen = []
    savefig = figure.Figure.savefig

    def watched(self, path, **options):
        seen.append(self)
        savefig(self, path, **options)

    monkeypatch.setattr(figure.Figure, "savefig", watched)
    return seen
