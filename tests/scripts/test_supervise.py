"""What keeps the program from starting is one clear line; what it started, it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return {**kept, "VAR_DIR": str(folder / "var"), "PORT": str(free_port()), **more}


def refuse(folder: Path, **more: str) -> str:
    """The one line with which the program refuses to start."""
    result = subprocess.run(
        [sys.executable, "scripts/supervise.py"],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1, result
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refuse(tmp_path, PORT=str(port)) == (
            f"Cannot listen on 127.0.0.1:{port}: Address already in use. "
            f"Choose another port, for example: PORT={port + 1} ./scripts/run"
        )


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    line = refuse(tmp_path, VAR_DIR=str(tmp_path / "file" / "var"), SECRET_KEY="a", AUDIT_KEY="b")
    assert line == (
        f"Cannot write in {tmp_path / 'file' / 'var'}: Not a directory. "
        "Set VAR_DIR to a folder that can be written."
    )


def test_a_setting_that_cannot_be_used(tmp_path: Path) -> None:
    assert refuse(tmp_path, PORT="eighty") == "PORT must be a whole number, not 'eighty'"


def test_a_redis_that_does_not_answer(tmp_path: Path) -> None:
    line = refuse(tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    assert line.startswith("Redis does not answer: ")


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    line = refuse(
        tmp_path,
        DATABASE_URL="postgresql://somebody:secret@127.0.0.1:1/nothing",
        REDIS_URL="redis://127.0.0.1:1/0",
    )
    assert line.startswith(
        "The database postgresql+psycopg://somebody:***@127.0.0.1:1/nothing does not answer: "
    )


class Running:
    """The whole tree, started and answering."""

    def __init__(self, folder: Path) -> None:
        settings = environment(folder, TMPDIR=str(folder))
        self.folder = folder
        self.url = f"http://127.0.0.1:{settings['PORT']}/"
        self.process = subprocess.Popen(
            [sys.executable, "scripts/supervise.py"],
            cwd=ROOT,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Open "):
                return
        assert self.process.stderr is not None
        raise AssertionError(self.process.stderr.read())

    def children(self) -> dict[str, int]:
        """The process ids of the children, by name."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                lines = dict(
                    line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line
                )
            except OSError:
                continue
            if lines["PPid"].strip() == str(self.process.pid):
                found[lines["Name"].strip()] = int(status.parent.name)
        return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an installation with the demo in it."""
    folder = tmp_path_factory.mktemp("installation")
    for command in (["db", "upgrade"], ["demo", "load", "--if-empty"]):
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT,
            env=environment(folder),
            capture_output=True,
            check=True,
        )
    return folder / "var"


@pytest.fixture
def running(tmp_path: Path, loaded: Path) -> Iterator[Running]:
    shutil.copytree(loaded, tmp_path / "var")
    tree = Running(tmp_path)
    yield tree
    if tree.process.poll() is None:
        tree.process.kill()
    tree.process.communicate(timeout=120)


def all_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.e2e
def test_ctrl_c_ends_the_whole_tree(running: Running) -> None:
    children = running.children()
    assert sorted(children) == ["redis-server", "scheduler", "web server", "worker"]
    with urlopen(running.url, timeout=60) as answer:
        assert answer.status == 200
    running.process.send_signal(signal.SIGINT)
    said, _complaints = running.process.communicate(timeout=120)
    assert said.splitlines()[-1] == "Stopped."
    assert running.process.returncode == 0
    assert all_gone(list(children.values()))
    assert list(running.folder.glob("subsidy-*")) == []


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["redis-server", "worker", "scheduler", "web server"])
def test_a_child_that_dies_ends_all(running: Running, name: str) -> None:
    children = running.children()
    os.kill(children[name], signal.SIGKILL)
    _said, complaints = running.process.communicate(timeout=120)
    shown = "Redis server" if name == "redis-server" else name
    assert complaints.splitlines()[-1] == f"The {shown} ended by itself (exit code -9): everything stops."
    assert running.process.returncode == 1
    assert all_gone(list(children.values()))


@pytest.mark.e2e
def test_a_supervisor_that_is_killed_leaves_no_orphans(running: Running) -> None:
    children = running.children()
    running.process.kill()
    assert all_gone(list(children.values()))
