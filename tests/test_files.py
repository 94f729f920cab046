"""Saving, of every kind of file: whole, or not at all."""

import ast
import errno
import json
import os
import resource
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import office
from office import Worker, at_once, simulate
from office.cli.output import write_json
from office.errors import BadGrid
from office.files import check_writable, write_whole
from office.grids.kept_cells import kept_cells
from office.show import draw_plots, write_replay_page, write_trace
from tests.cli.command_line import invoke

OLD = b"what there was before\n"


@pytest.fixture
def path(tmp_path):
    """An old file."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    return path


def only(folder):
    """The contents of the one file that is in a folder."""
    (file,) = folder.iterdir()
    return file.read_bytes()


def test_a_file_has_what_was_written_and_nothing_is_beside_it(tmp_path, path):
    write_whole(path, (part for part in (b"one ", b"two")))
    assert only(tmp_path) == b"one two"


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, SystemExit, GeneratorExit, OSError("own")])
def test_an_error_on_the_way_comes_out_and_leaves_the_old_file_and_no_other(tmp_path, path, error):
    def parts():
        yield b"x" * 100_000
        raise error

    with pytest.raises(error if isinstance(error, type) else OSError):
        write_whole(path, parts())
    assert only(tmp_path) == OLD


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "new", [b""])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755, 0o4755])
def test_a_file_that_is_replaced_keeps_its_permissions(path, mode):
    path.chmod(mode)
    write_whole(path, [b"new"])
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give files away")
def test_a_file_that_is_replaced_keeps_its_owner(path):
    os.chown(path, 12, 34)
    write_whole(path, [b"new"])
    assert (path.stat().st_uid, path.stat().st_gid) == (12, 34)


def test_a_symbolic_link_stays_and_what_it_leads_to_is_replaced(tmp_path, path):
    (tmp_path / "elsewhere").mkdir()
    first, second = tmp_path / "elsewhere" / "first", tmp_path / "second"
    second.symlink_to("file")
    first.symlink_to("../second")
    write_whole(first, [b"new"])
    assert (path.read_bytes(), first.is_symlink(), second.is_symlink()) == (b"new", True, True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["elsewhere", "file", "second"]


def test_a_symbolic_link_that_leads_nowhere_leads_to_the_new_file(tmp_path):
    (tmp_path / "link").symlink_to("new")
    write_whole(tmp_path / "link", [b"new"])
    assert ((tmp_path / "new").read_bytes(), (tmp_path / "link").is_symlink()) == (b"new", True)


def test_a_pipe_is_written_as_it_is(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        write_whole(tmp_path / "pipe", [b"one ", b"two"])
        assert reader.stdout.read() == b"one two"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_devices_are_written_as_they_are():
    write_whole("/dev/null", [b"gone"])
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OSError, match=r"No space left on device: '/dev/full'") as info:
        write_whole("/dev/full", [b"more"])
    assert info.value.errno == errno.ENOSPC


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_an_open_file_is_written_where_it_is(path, folder):
    with path.open("ab") as file:
        write_whole(f"{folder}/{file.fileno()}", [b"more\n"])
    assert path.read_bytes() == OLD + b"more\n"


PRINTS = """
import sys
from office.files import write_whole
print("before")
write_whole("/dev/stdout", [b"between\\n"])
print("after")
"""


def test_standard_output_is_written_in_its_turn_a_file_or_not(path):
    with path.open("ab") as file:
        subprocess.run([sys.executable, "-c", PRINTS], stdout=file, check=True)
    assert path.read_bytes() == OLD + b"before\nbetween\nafter\n"
    assert subprocess.check_output([sys.executable, "-c", PRINTS]) == b"before\nbetween\nafter\n"


def folder_in_place(path):
    return path.parent


def no_folder(path):
    return path.parent / "nowhere" / "file"


def file_for_a_folder(path):
    return path / "file"


def long_name(path):
    return path.with_name("x" * 300)


def links_in_a_ring(path):
    path.with_name("a").symlink_to("b")
    path.with_name("b").symlink_to("a")
    return path.with_name("a")


def link_to_no_folder(path):
    path.with_name("a").symlink_to("nowhere/b")
    return path.with_name("a")


def closed(path):
    return "/dev/fd/987654"


BAD_PLACES = [folder_in_place, no_folder, file_for_a_folder, long_name, links_in_a_ring, link_to_no_folder, closed]


@pytest.mark.parametrize("place", BAD_PLACES)
def test_a_place_that_is_none_is_known_before_anything_is_written(path, place):
    place, parts = place(path), iter([b"new"])
    with pytest.raises(OSError, match=r"\[Errno \d+\]"):
        check_writable(place)
    with pytest.raises(OSError, match=str(place)[:30]):
        write_whole(place, parts)
    assert list(parts) == [b"new"]
    assert path.read_bytes() == OLD


def tried(write, path):
    """What comes of it, on a line."""
    try:
        write(path)
    except OSError as error:
        return f"{type(error).__name__} {Path(error.filename).name}\n"
    return f"{path.name} is written\n"


def printed_by_nobody(function):
    """What a function returns in a process that has no rights."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.write(writes, function().encode())
        finally:
            os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    with os.fdopen(reads, encoding="utf-8") as file:
        return file.read()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can try it as somebody without rights")
def test_without_permission_a_file_or_folder_is_left_as_it_is():
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "open").mkdir()
        (folder / "open").chmod(0o777)
        sealed = folder / "open" / "sealed"
        sealed.write_bytes(OLD)
        sealed.chmod(0o644)
        paths = folder / "kept out", sealed, folder / "open" / "new"
        tries = [(write, path) for path in paths for write in (check_writable, lambda path: write_whole(path, [b""]))]
        lines = printed_by_nobody(lambda: "".join(tried(write, path) for write, path in tries)).splitlines()
        assert lines == [*["PermissionError kept out"] * 2, *["PermissionError sealed"] * 2, *["new is written"] * 2]
        assert sealed.read_bytes() == OLD


# Every kind of file


def run(tasks):
    chart = Worker(lambda task: (task, lambda feedback: feedback), "alex")
    client = office.Client([(np.ones(1), 0)] * tasks, lambda output, _: (0.5, output), replies=at_once())
    return simulate(chart, client, mail="delay 1ms").journal


@pytest.fixture(scope="module")
def journals(tmp_path_factory):
    """A journal, the same in a file, and one of another run."""
    journal, other = run(300), run(3)
    file = tmp_path_factory.mktemp("journals") / "journal"
    journal.save(file)
    return journal, file, other


def diagram_to(path, file):
    status, text = invoke("diagram", file, "--format", "svg", "--output", path)
    assert status == 0, text


KINDS = {
    "journal": lambda path, journal, file: journal.save(path),
    "trace": lambda path, journal, file: write_trace(journal, path),
    "page": lambda path, journal, file: write_replay_page(journal, path),
    "picture": lambda path, journal, file: draw_plots(journal, path, ["latency"]),
    "diagram": lambda path, journal, file: diagram_to(path, file),
    "JSON": lambda path, journal, file: write_json({"numbers": [*range(3000)]}, str(path)),
    "any bytes": lambda path, journal, file: write_whole(path, [b"abc\n"] * 10_000),
}
"""How each kind of file is written: 6 to 200 kB."""
LIBRARIES = {"page": "jinja2", "picture": "matplotlib"}
kinds = pytest.mark.parametrize("kind", KINDS)


@contextmanager
def no_file_larger_than(size):
    """The kernel refuses to write more, with SIGXFSZ if it is not ignored, as Python does, and else with EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def killed_in_the_middle(write, size):
    """The signal that kills a process when it has written so many bytes of a file: no code of it runs any more."""
    child = os.fork()
    if not child:
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            write()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@kinds
def test_a_process_killed_anywhere_in_the_middle_leaves_the_old_file(kind, path, journals, request):
    pytest.importorskip(LIBRARIES.get(kind, "office"))
    journal, file, _ = journals
    KINDS[kind](path, journal, file)  # what it imports is loaded now
    whole = len(path.read_bytes())
    path.write_bytes(OLD)
    times = 20 if request.config.getoption("thorough") else 2
    for size in np.linspace(0, whole - 1, times).astype(int).tolist():
        killed = killed_in_the_middle(lambda: KINDS[kind](path, journal, file), size)
        assert killed == -signal.SIGXFSZ
        assert path.read_bytes() == OLD
    (hidden,) = {file.name[:8] for file in path.parent.iterdir()} - {path.name}
    assert hidden == ".office-"


@kinds
def test_a_file_that_becomes_too_large_leaves_the_old_one_and_no_other(kind, tmp_path, path, journals):
    pytest.importorskip(LIBRARIES.get(kind, "office"))
    journal, file, _ = journals
    with no_file_larger_than(5000), pytest.raises((OSError, AssertionError), match="File too large"):
        KINDS[kind](path, journal, file)
    assert only(tmp_path) == OLD


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 64 kB, of which 48 are taken."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
    try:
        done = subprocess.run(mount, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        pytest.skip(f"no tmpfs can be mounted: {error}")
    if done.returncode:
        pytest.skip(f"no tmpfs can be mounted: {done.stderr.strip()}")
    try:
        (folder / "full").write_bytes(b"x" * 49_000)
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@kinds
def test_a_full_disk_leaves_the_old_file_and_no_other(kind, small_disk, journals):
    pytest.importorskip(LIBRARIES.get(kind, "office"))
    journal, file, _ = journals
    path = small_disk / "file"
    path.write_bytes(OLD)
    with pytest.raises((OSError, AssertionError), match="No space left on device"):
        KINDS[kind](path, journal, file)
    assert path.read_bytes() == OLD
    assert {file.name for file in small_disk.iterdir()} == {"full", "file"}


BLOCKS = """
import sys
from office.files import write_whole

def parts():
    yield b"x" * 100_000
    print("begun", flush=True)
    sys.stdin.read()

write_whole(sys.argv[1], parts())
"""


def test_kill_9_in_the_middle_leaves_the_old_file(path, request):
    for _ in range(20 if request.config.getoption("thorough") else 2):
        with subprocess.Popen(
            [sys.executable, "-c", BLOCKS, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout.readline() == b"begun\n"
            child.kill()
            assert child.wait() == -signal.SIGKILL
        assert path.read_bytes() == OLD


def test_ctrl_c_in_the_middle_leaves_the_old_file_and_no_other(tmp_path, path):
    with subprocess.Popen(
        [sys.executable, "-c", BLOCKS, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout.readline() == b"begun\n"
        child.send_signal(signal.SIGINT)
        try:
            assert child.wait(timeout=60) != 0
        finally:
            child.kill()
    assert only(tmp_path) == OLD


# Kept cells, which SQLite writes


def put(path, first, last):
    with kept_cells(path, "source") as kept:
        for number in range(first, last):
            kept.put(f"cell {number}", json.dumps({"value": float(number), "text": "x" * 200}))


def cells_in(path):
    with kept_cells(path, "source") as kept:
        numbers = [number for number in range(1000) if kept.get(f"cell {number}") is not None]
    assert numbers == [*range(len(numbers))]
    return len(numbers)


def test_a_process_killed_while_cells_are_kept_leaves_all_that_were_kept(tmp_path, request):
    path = tmp_path / "kept.sqlite"
    put(path, 0, 5)
    for _ in range(20 if request.config.getoption("thorough") else 2):
        before, size = cells_in(path), path.stat().st_size
        killed = killed_in_the_middle(lambda before=before: put(path, before, 1000), size + 8192)
        assert killed == -signal.SIGXFSZ
        assert cells_in(path) >= before


def test_a_full_disk_refuses_a_cell_and_leaves_those_that_are_kept(small_disk):
    path = small_disk / "kept.sqlite"
    (small_disk / "full").unlink()
    put(path, 0, 1)
    with pytest.raises(BadGrid, match=r"kept\.sqlite cannot have the cells of a grid: database or disk is full"):
        put(path, 1, 1000)
    assert cells_in(path) >= 1


# All of it


def writes(tree):
    """The calls in a module that write a file in some other way."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [each.value for each in [*node.args, *(word.value for word in node.keywords)] if is_text(each)]
        is_open = name in ("open", "fdopen") and any(set(text) & set("wax+") and len(text) < 4 for text in texts)
        if is_open or name in ("write_text", "write_bytes", "to_csv", "save", "dump"):
            yield node


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_nothing_of_ours_writes_a_file_in_another_way():
    root = Path(office.__file__).parent
    others = {
        str(path.relative_to(root)): [ast.unparse(call) for call in calls]
        for path in root.rglob("*.py")
        if path != root / "files.py" and "_scenarios" not in path.parts
        if (calls := [*writes(ast.parse(path.read_text(encoding="utf-8")))])
    }
    assert others == {
        "cli/broken_off.py": ["journal.save(place)"],
        "cli/output.py": ["Path(os.devnull).open('wb')"],
        "cli/run.py": ["Path(os.devnull).open('w', encoding='utf-8')"],
    }
    assert len([*writes(ast.parse((root / "files.py").read_text(encoding="utf-8")))]) == 3
