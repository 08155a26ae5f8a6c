"""How gunicorn serves the program; values come from config.py.

Worker class: gthread, which also notes when each request arrived (subsidy/punctual.py). A person with a slow
line may take minutes to send 25 MB. A sync worker says nothing to its master meanwhile and is killed by the
timeout; without a timeout, as many slow senders as there are workers would close the site. A gthread worker
keeps its master informed from its main loop, however long a request
takes, lets the other threads answer meanwhile, and hands no thread to a connection that sends nothing.
Threads are few: measured on SQLite pages, two cost a tenth to a fifth of the speed of one, four a quarter.
"""

import sys

from config import from_environment

_settings = from_environment()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "subsidy.punctual.PunctualWorker"
threads = 2
timeout = 60  # seconds without a sign of life of the worker's main loop, not of one request
graceful_timeout = 10
keepalive = 5
# A worker is renewed now and then, so that memory never creeps up; the jitter keeps them from going together.
max_requests = 5000
max_requests_jitter = 500
accesslog = None
loglevel = "warning"
preload_app = True


def post_fork(server: object, worker: object) -> None:  # noqa: ARG001  # gunicorn hands them over
    """Let the two threads of a worker take turns ten times as often.

    A thread that comes back from the database waits for its turn; at Python's 5 ms that is as long as
    the page itself takes.
    """
    sys.setswitchinterval(0.0005)
