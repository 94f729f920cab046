"""The rooms of the office, and which way imports run: an arrow that the drawing does not have is found here."""

import ast
import importlib
import json
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import office

ROOT = Path(office.__file__).parent

DRAWING = {
    "errors": (),
    "extras": (),
    "times": (),
    "ids": (),
    "counts": (),
    "described": (),
    "files": (),
    "loading": (),
    "pickling": (),
    "work": (),
    "theory": (),
    "journal": (),
    "mail/netem": (),
    "desks": ("work",),
    "mail": ("journal", "mail/netem"),
    "engines": ("desks", "work", "mail", "journal"),
    "networks": ("engines", "mail", "journal"),
    "study": ("journal", "theory"),
    "show": ("study", "journal"),
    "orders": ("engines", "desks", "study", "show"),
    "grids": ("engines", "journal", "study", "show"),
    "testing": ("engines", "networks", "orders", "show"),
    "cli": ("engines", "orders", "grids", "testing", "show"),
    "__main__": ("cli",),
}
"""The arrows. A room may import what the rooms that it may import may import."""
GROUND = {"errors", "extras", "times", "ids", "counts", "described", "files", "loading", "pickling"}
BESIDES = {"engines/step_warning.py": {"theory"}}
"""A file with an arrow that its room does not have."""
LIBRARIES = {room: {"numpy"} for room in ("work", "theory", "journal", "mail/netem", "desks", "study", "show")}
LIBRARIES |= {room: {"numpy", "trio"} for room in ("mail", "engines", "networks")}
LIBRARIES |= {room: {"numpy"} for room in ("orders", "grids")}
LIBRARIES |= {room: set() for room in (*GROUND, "__init__", "__main__")}
OF_WORK_FOR_DESKS = {"protocols", "combining", "contract"}
OF_WORK_FOR_DESKS |= {"addition", "average", "maximum", "soft_maximum"}

MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py") if "_scenarios" not in path.parts)
ROOMS = sorted(room for room in DRAWING if Path(room, "__init__.py") in MODULES)


def room_of(path):
    """The room of a module: "desks", "mail/netem", or the module's own name where it stands in no folder."""
    inner = "/".join(path.parts[:2])
    return inner if inner in DRAWING else path.parts[0].removesuffix(".py")


def dotted(path):
    """The name by which a module is imported."""
    return ".".join(["office", *path.with_suffix("").parts]).removesuffix(".__init__")


@cache
def parsed(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imports(tree):
    """Every import of a module, wherever it stands: the module, and the name taken from it (or None)."""
    imported = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written out in full"
            imported += [(node.module, alias.name) for alias in node.names]
    return imported


@cache
def within_reach(room):
    """The rooms that a room may import: along the arrows, however many, and the ground."""
    reach = set(GROUND)
    for other in DRAWING[room]:
        reach |= {other} | within_reach(other)
    return reach


def faults(path, tree):
    """What is wrong with the imports of a module, in words."""
    return [
        f"{path} imports {name or ''} from {module}: {why}" for module, name in imports(tree)
        if (why := why_not(path, module, name))
    ]  # fmt: skip


def why_not(path, module, name):
    """Why a module may not import something; nothing if it may."""
    room, (first, *rest) = room_of(path), module.split(".")
    if first != "office":
        known = first in sys.stdlib_module_names or first in LIBRARIES.get(room, {first})
        return "" if known else f"{room} is not to know it"
    if not rest and name in DRAWING:
        rest = [name]
    if room == "__init__":
        return ""
    if not rest:
        return "a room is imported by its own face, or by its files"
    other = room_of(Path(*rest))
    if other == room:
        own_face = Path(*rest) == Path(room) and len(path.parts) > 1 and path.name != "__init__.py"
        return "a module of the room itself is imported as such" if own_face else ""
    allowed = within_reach(room) | BESIDES.get(str(path), set())
    return "" if other in allowed else f"the drawing has no arrow from {room} to {other}"


def test_imports_run_along_the_arrows_of_the_drawing():
    assert {room_of(path) for path in MODULES} == {*DRAWING, "__init__"}
    assert [fault for path in MODULES for fault in faults(path, parsed(path))] == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("work/new.py", "from office.desks import Books"),
        ("work/new.py", "import office.mail"),
        ("work/new.py", "from office import mail"),
        ("work/new.py", "import trio"),
        ("mail/new.py", "from office.desks import Desk"),
        ("mail/new.py", "from office.work import Linear"),
        ("desks/new.py", "from office.journal import Journal"),
        ("mail/netem/new.py", "from office.journal import Journal"),
        ("mail/netem/new.py", "import trio"),
        ("theory/new.py", "from office.journal.journal import Journal"),
        ("study/new.py", "from office.mail.tray import Tray"),
        ("engines/new.py", "from office.theory import stability_limit"),
        ("study/new.py", "from office.engines import simulate"),
        ("engines/new.py", "from office.show import draw_lines"),
        ("engines/new.py", "from office.study.latency import latency"),
        ("engines/new.py", "from office import Team"),
        ("engines/new.py", "def f():\n    import hypothesis"),
        ("engines/new.py", "from office.engines import simulate"),
        ("journal.py", "from office.mail import Tray"),
        ("errors.py", "import numpy"),
    ],
)
def test_an_arrow_that_the_drawing_does_not_have_is_noticed(path, line):
    assert len(faults(Path(path), ast.parse(line))) == 1


def test_the_drawing_has_no_circle():
    for room in DRAWING:
        assert room not in within_reach(room) - (GROUND & {room})


# Circles


def imported_modules(tree, modules):
    """The modules of ours that a module imports, for type checking too, or late, within a function."""
    imported = set()
    for module, name in imports(tree):
        inner = f"{module}.{name}"
        imported.add(inner if inner in modules else module)
    return imported & modules


def circles(arrows):
    """The sets of modules that can be reached from each other along these arrows (a set for each module)."""

    def reach(start):
        seen, ahead = set(), [start]
        while ahead:
            new = arrows[ahead.pop()] - seen
            seen |= new
            ahead += new
        return seen

    reached = {module: reach(module) for module in arrows}
    joined = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in arrows if module in reached[module]
    }  # fmt: skip
    return sorted(map(sorted, joined))


def test_no_circle_of_imports():
    modules = {dotted(path) for path in MODULES}
    assert circles({dotted(path): imported_modules(parsed(path), modules) for path in MODULES}) == []


@pytest.mark.parametrize(
    ("texts", "circle"),
    [
        ({"a": "from office.b import x", "b": "from office.c import x", "c": ""}, []),
        ({"a": "from office import b", "b": "import office.a"}, [["office.a", "office.b"]]),
        (
            {"a": "from office.b import x", "b": "if TYPE_CHECKING:\n    from office.a import y"},
            [["office.a", "office.b"]],
        ),
        ({"a": "from office.b import x", "b": "def f():\n    from office.a import y"}, [["office.a", "office.b"]]),
        ({"a": "from office.a import x"}, [["office.a"]]),
    ],
)
def test_a_circle_is_noticed_wherever_the_imports_stand(texts, circle):
    modules = {f"office.{name}" for name in texts}
    arrows = {f"office.{name}": imported_modules(ast.parse(text), modules) for name, text in texts.items()}
    assert circles(arrows) == circle


def where_defined(room):
    """For each name that a room re-exports, the module of the room that has it."""
    return {
        name: module.rpartition(".")[2]
        for module, name in imports(parsed(Path(room, "__init__.py")))
        if module.startswith(f"office.{room}.")
    }


def test_desks_take_from_work_only_protocols_and_combinations():
    home = where_defined("work")
    taken = {
        home[name] if module == "office.work" else module.rpartition(".")[2]
        for path in MODULES if room_of(path) == "desks" for module, name in imports(parsed(path))
        if module.startswith("office.work")
    }  # fmt: skip
    assert taken
    assert taken <= OF_WORK_FOR_DESKS


def touches_trio_s_low_level(tree):
    return any(f"{module}.{name}".startswith(("trio.low", "trio.testing")) for module, name in imports(tree)) or any(
        isinstance(node, ast.Attribute) and node.attr == "lowlevel" for node in ast.walk(tree)
    )


def test_mail_alone_touches_trio_s_low_level():
    assert {room_of(path) for path in MODULES if touches_trio_s_low_level(parsed(path))} == {"mail"}


# Faces


def sort_key(name):
    """Constants, then classes, then functions, each by the alphabet."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, name


@pytest.mark.parametrize("module", ["office", *[dotted(Path(room)) for room in ROOMS]])
def test_a_face_shows_all_that_it_imports_sorted_and_nothing_else(module):
    face = importlib.import_module(module)
    path = Path(face.__file__).relative_to(ROOT)
    imported = {name for source, name in imports(parsed(path)) if source.startswith("office")}
    assert set(face.__all__) == imported
    assert face.__all__ == sorted(face.__all__, key=sort_key)
    assert all(hasattr(face, name) for name in face.__all__)


def loaded_by(statement):
    """The modules that there are in a new process after a statement."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    return json.loads(done.stdout)


def modules_after(statement):
    """The top-level modules that there are in a new process after a statement."""
    return {name.partition(".")[0] for name in loaded_by(statement)} - set(sys.stdlib_module_names)


def rooms_of_ours(statement):
    """The rooms and files of ours that a statement loads, and how many modules that is."""
    ours = [name.split(".") for name in loaded_by(statement) if name.partition(".")[0] == "office"]
    return {names[1] for names in ours if len(names) > 1}, len(ours)


def test_a_room_is_loaded_when_it_is_used_or_a_name_of_it():
    runs_an_office = {"work", "desks", "mail", "journal", "engines"} | (GROUND - {"loading"})
    assert rooms_of_ours("import office") == (set(), 1)
    rooms, modules = rooms_of_ours("from office import simulate")
    assert (rooms, modules <= 150) == (runs_an_office, True)
    assert "orders" in rooms_of_ours("import office\noffice.explore")[0]
    assert "grids" in rooms_of_ours("import office\noffice.grids.every_point")[0]


def test_what_the_office_shows_is_what_its_rooms_show_under_that_name():
    assert {*office.__all__, "desks", "orders"} <= set(dir(office))
    for source, name in imports(parsed(Path("__init__.py"))):
        if name in office.__all__:
            assert getattr(office, name) is getattr(importlib.import_module(source), name)
    for name in ("exploer", "study", "_names"):
        with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
            office.__getattr__(name)


def test_the_office_needs_numpy_and_trio_and_no_more():
    plain, whole = (
        modules_after("import numpy.random, trio"),
        modules_after("import numpy.random, trio\nfrom office import *"),
    )
    assert whole - plain - {"__mp_main__"} == {"office"}  # which a library of Python's own enters


def test_importing_what_is_for_tests_needs_no_library_for_tests():
    assert not modules_after("import office.testing") & {"pytest", "_pytest", "hypothesis", "pytest_trio"}


def test_the_pytest_plugin_imports_nothing_but_pytest():
    """Every run of pytest on the machine imports it, before coverage is measured."""
    assert modules_after("import pytest, pytest_office") - modules_after("import pytest") == {"pytest_office"}


# Words


def public_definitions(tree):
    """The classes and functions of a module that others may use, with the methods of such classes."""
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def test_modules_and_all_that_is_public_in_them_have_docstrings():
    without = [
        (path, getattr(node, "name", "module"))
        for path in MODULES for node in (parsed(path), *public_definitions(parsed(path)))
        if not ast.get_docstring(node)
    ]  # fmt: skip
    assert without == []


MODULE_FILES = [path for path in MODULES if path.name not in ("__main__.py", "__init__.py", "cli.py")]


@cache
def takers():
    """For each module the files that take names from it, each with the name."""
    taken = defaultdict(list)
    for other in MODULES:
        for source, name in imports(parsed(other)):
            taken[source].append((other, name))
    return taken


def is_init(path):
    return path.name == "__init__.py"


def test_what_other_modules_take_from_a_module_is_in_its_all():
    missing = [
        (path, name)
        for path in MODULE_FILES for other, name in takers()[dotted(path)]
        if room_of(other) != room_of(path) or is_init(other)
        if name not in importlib.import_module(dotted(path)).__all__
    ]  # fmt: skip
    assert missing == []
