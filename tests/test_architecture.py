"""The rooms of the office, and which way imports run: an arrow that the drawing does not have is found here."""

import ast
import importlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import office

ROOT = Path(office.__file__).parent

#   work <- desks <- engines -> mail -> journal <- study <- show <- cli
#                       |________________________->|        |
#                       |________________________________->| (what theory says of a run)
#                       ^---- testing        errors, extras, counts, ids, times: imported by anyone
DRAWING = {
    "counts": (),
    "errors": (),
    "extras": (),
    "ids": (),
    "times": (),
    "work": (),
    "journal": (),
    "desks": ("work",),
    "mail": ("journal",),
    "engines": ("desks", "mail", "journal", "study"),
    "study": ("journal",),
    "show": ("study",),
    "testing": ("engines", "show"),
    "cli": ("show", "engines"),
    "__main__": ("cli",),
}
GROUND = {"counts", "errors", "extras", "ids", "times"}
LIBRARIES = {
    "work": {"numpy"},
    "desks": {"numpy"},
    "journal": {"numpy"},
    "study": {"numpy"},
    "show": {"numpy"},
    "counts": set(),
    "errors": set(),
    "extras": set(),
    "ids": set(),
    "times": set(),
}
LIBRARIES |= {"mail": {"numpy", "trio"}, "engines": {"numpy", "trio"}, "__init__": set(), "__main__": set()}
OF_WORK_FOR_DESKS = {"protocols", "combining", "contract"}
OF_WORK_FOR_DESKS |= {"addition", "average", "maximum", "soft_maximum"}

MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py") if "_scenarios" not in path.parts)
ROOMS = sorted(path.parent.name for path in MODULES if path.name == "__init__.py" and len(path.parts) == 2)


def room_of(path):
    return path.parts[0].removesuffix(".py")


@cache
def parsed(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imports(tree):
    """Every import of a module, wherever it stands: the module, and the name taken from it (or None)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written out in full"
            found += [(node.module, alias.name) for alias in node.names]
    return found


@cache
def within_reach(room):
    """The rooms that a room may import: along the arrows, however many, and the ground."""
    reach = set(GROUND)
    for other in DRAWING[room]:
        reach |= {other} | within_reach(other)
    return reach


def amiss(path, tree):
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
    if rest[:1] == [room]:
        own_face = len(rest) == 1 and len(path.parts) > 1 and path.name != "__init__.py"
        return "a module of the room itself is imported as such" if own_face else ""
    if not rest or len(rest) > 1:
        return "rooms are imported by their own faces"
    return "" if rest[0] in within_reach(room) else f"the drawing has no arrow from {room} to {rest[0]}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_along_the_arrows_of_the_drawing(path):
    assert room_of(path) in {*DRAWING, "__init__"}, f"the drawing has no room {room_of(path)}"
    assert amiss(path, parsed(path)) == []


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
        ("desks/new.py", "from office.work.linear import Linear"),
        ("study/new.py", "from office.engines import simulate"),
        ("engines/new.py", "from office.show import draw_lines"),
        ("engines/new.py", "from office.mail.netem.delays import Delay"),
        ("engines/new.py", "from office import Team"),
        ("engines/new.py", "def f():\n    import hypothesis"),
        ("engines/new.py", "from office.engines import simulate"),
        ("journal.py", "from office.mail import Tray"),
        ("errors.py", "import numpy"),
    ],
)
def test_an_arrow_that_the_drawing_does_not_have_is_noticed(path, line):
    assert len(amiss(Path(path), ast.parse(line))) == 1


def test_the_drawing_has_no_circle():
    for room in DRAWING:
        assert room not in within_reach(room) - (GROUND & {room})


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[:2] == ("mail", "netem")], ids=str)
def test_netem_knows_no_office(path):
    known = {f"office.{module}" for module in GROUND - {"ids"}}
    taken = {module for module, _ in imports(parsed(path)) if module.partition(".")[0] in ("office", "trio")}
    assert {module for module in taken if not module.startswith("office.mail.netem.")} <= known


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
        name for path in MODULES if room_of(path) == "desks" for module, name in imports(parsed(path))
        if module == "office.work"
    }  # fmt: skip
    assert taken
    assert {home[name] for name in taken} <= OF_WORK_FOR_DESKS


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "mail"], ids=str)
def test_only_mail_touches_trio_s_low_level(path):
    tree = parsed(path)
    assert not [module for module, name in imports(tree) if f"{module}.{name}".startswith(("trio.low", "trio.testing"))]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "lowlevel"]


def test_mail_does_touch_trio_s_low_level():
    """Else the check above would have gone blind."""
    text = "".join((ROOT / path).read_text(encoding="utf-8") for path in MODULES if room_of(path) == "mail")
    assert "trio.lowlevel" in text


# Faces


def sort_key(name):
    """Constants, then classes, then functions, each by the alphabet."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, name


@pytest.mark.parametrize("module", ["office", *[f"office.{room}" for room in ROOMS]])
def test_a_face_shows_all_that_it_imports_sorted_and_nothing_else(module):
    face = importlib.import_module(module)
    path = Path(face.__file__).relative_to(ROOT)
    imported = {name for source, name in imports(parsed(path)) if source.startswith("office")}
    assert set(face.__all__) == imported
    assert face.__all__ == sorted(face.__all__, key=sort_key)
    assert all(hasattr(face, name) for name in face.__all__)


def modules_after(statement):
    """The top-level modules that there are in a new process after a statement."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps([name.split('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    return set(json.loads(done.stdout)) - set(sys.stdlib_module_names)


def test_importing_the_office_needs_numpy_and_trio_and_no_more():
    plain, whole = (
        modules_after("import numpy.random, trio"),
        modules_after("import numpy.random, trio, office"),
    )
    assert whole - plain == {"office"}


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


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_and_all_that_is_public_in_them_have_docstrings(path):
    tree = parsed(path)
    assert ast.get_docstring(tree)
    assert [node.name for node in public_definitions(tree) if not ast.get_docstring(node)] == []


MODULE_FILES = [path for path in MODULES if path.name not in ("__main__.py", "__init__.py", "cli.py")]


@pytest.mark.parametrize("path", MODULE_FILES, ids=str)
def test_what_other_modules_take_from_a_module_is_in_its_all(path):
    dotted = ".".join(["office", *path.with_suffix("").parts])
    module = importlib.import_module(dotted)
    taken = {
        name
        for other in MODULES
        if room_of(other) != room_of(path) or other.name == "__init__.py"
        for source, name in imports(parsed(other))
        if source == dotted
    }
    assert taken <= set(module.__all__)
