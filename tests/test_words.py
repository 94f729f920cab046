"""The words of the house: names say what a thing is, desks are it, and public functions explain their arguments."""

import ast
import re
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).parents[1]
FILES_TO_AVOID = {
    "answering", "asked", "at_work", "attend", "bodies", "bottom", "complaints", "evidence", "examined", "found",
    "going_on", "happening", "parting", "people", "pieces", "promises", "rehearsal", "saying", "telling", "touching",
    "trouble", "weighing",
}  # fmt: skip
VALUES_TO_AVOID = {"amiss", "found", "most", "one", "said", "there", "told", "whose"}
PRONOUN = re.compile(r"(?<!Kaiming )\b[Hh](?:e|is|im)\b(?! et al)")
ABOUT_PRONOUNS = {"tests/test_words.py", "tests/test_the_text.py"}
FOLDERS = "office", "scenarios", "tests"

MODULES = sorted(
    path.relative_to(ROOT)
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if "_scenarios" not in path.parts
)
TEXTS = [
    *MODULES,
    *(path.relative_to(ROOT) for kind in ("js", "html", "css") for path in ROOT.glob(f"office/**/*.{kind}")),
]
TEXTS += [*(path.relative_to(ROOT) for path in (ROOT / "scenarios/expected").iterdir()), Path("README.md")]
PUBLIC = [path for path in MODULES if path.parts[0] == "office"]


@cache
def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path):
    return ast.parse(text_of(path))


def named(tree):
    """Every name that a module gives to a value, a function or a class, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield getattr(node, "id", None) or node.attr, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno


def names_to_avoid(tree):
    return [f"line {line}: {name}" for name, line in named(tree) if name in VALUES_TO_AVOID]


def test_no_file_and_no_value_carries_a_name_that_says_nothing():
    assert [path for path in MODULES if path.stem.removeprefix("test_") in FILES_TO_AVOID] == []
    assert [(path, names) for path in MODULES if (names := names_to_avoid(tree_of(path)))] == []


@pytest.mark.parametrize(
    "line", ["found = 1", "def f(told): ...", "a.there = 1", "def most(): ...", "[x for one in y]"]
)
def test_a_name_to_avoid_is_noticed(line):
    assert len(names_to_avoid(ast.parse(line))) == 1
    assert names_to_avoid(ast.parse("x = found.one(most=there)")) == []


def test_a_desk_is_it_and_a_person_is_they():
    lines = [
        f"{path}, line {number}: {line.strip()}"
        for path in TEXTS if path.as_posix() not in ABOUT_PRONOUNS
        for number, line in enumerate(text_of(path).splitlines(), start=1) if PRONOUN.search(line)
    ]  # fmt: skip
    assert lines == []


def public_callables(body, owner=None):
    """Each public function, and the `__init__` of each public class: its class, its docstring, the function."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield owner, ast.get_docstring(node) or "", node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            made_by = [function for function in node.body if getattr(function, "name", "") == "__init__"]
            yield from ((node, ast.get_docstring(node) or "", function) for function in made_by)
            yield from public_callables(node.body, node)


def not_explained(tree, explained_elsewhere=MappingProxyType({})):
    """Public callables with more than two arguments whose docstring does not explain each under ``Args:``.

    A method of a class with a base may be explained there.
    """
    for owner, docstring, function in public_callables(tree.body):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs, function.args.vararg]
        arguments = [argument for argument in arguments if argument and argument.arg not in ("self", "cls")]
        names = [argument.arg for argument in arguments if not argument.arg.startswith("_")]
        if len(names) <= 2 or is_overload(function) or is_command(arguments):
            continue
        missing = [name for name in names if not explains(docstring, name)]
        if missing and not (owner and owner.bases and set(missing) <= explained_elsewhere.get(function.name, set())):
            yield f"{owner.name + '.' if owner else ''}{function.name}: {', '.join(missing)}"


def explains(docstring, name):
    return re.search(rf"^\s*(.*, )?\*?{name}(,.*)?( \(.*\))?:", docstring.partition("Args:\n")[2], re.MULTILINE)


def explained_methods():
    """By the name of a method, the arguments of it that some class explains."""
    explained = {}
    for path in PUBLIC:
        for _, docstring, function in public_callables(tree_of(path).body):
            names = {argument.arg for argument in function.args.args if explains(docstring, argument.arg)}
            explained[function.name] = explained.get(function.name, set()) | names
    return explained


def is_overload(function):
    return any(isinstance(decorator, ast.Name) and decorator.id == "overload" for decorator in function.decorator_list)


def is_command(arguments):
    """Whether all arguments are those of the command line, which has a help text for each."""
    annotations = [ast.unparse(argument.annotation or ast.Constant("")) for argument in arguments]
    return all("help=" in text or text in ("AsJson", "JournalFile") for text in annotations)


def test_whatever_is_public_and_has_more_than_two_arguments_explains_each():
    explained = explained_methods()
    assert [(path, names) for path in PUBLIC if (names := [*not_explained(tree_of(path), explained)])] == []


def test_an_argument_that_is_not_explained_is_noticed():
    function = 'def f(a, b, *, c):\n    """Do it.\n\n    Args:\n        a: One.\n        b (int): Two.\n{}    """'
    assert list(not_explained(ast.parse(function.format("")))) == ["f: c"]
    assert list(not_explained(ast.parse(function.format("        c: Three.\n")))) == []
    assert list(not_explained(ast.parse("def f(a, b): ...\ndef _f(a, b, c): ..."))) == []
