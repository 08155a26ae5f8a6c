"""A gunicorn worker that notes when each request reached us, before it waits for a thread.

By law an electronic message is received when it reaches the system for which the receiver answers (Awb
2:17). In the last seconds of a round many send in at once, and a request may wait for its turn; that wait
is ours, not the applicant's. A connection that was opened and has sent nothing yet gives no earlier moment:
browsers open connections before anybody presses a button.
"""

import select
from datetime import UTC, datetime
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from subsidy import clock


class PunctualWorker(ThreadWorker):
    """The threaded worker of gunicorn, with the moment at which its main loop saw each request."""

    def enqueue_req(self, conn: Any) -> None:
        """Note the moment, and hand the connection to the threads."""
        conn.arrived_at = datetime.now(UTC)
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Take the moment back from a connection that has sent nothing when its turn comes."""
        waiting = select.poll()
        waiting.register(conn.sock, select.POLLIN)
        if not waiting.poll(0):
            conn.arrived_at = None
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Let the clock of the program know, for this request alone."""
        token = clock.ARRIVED_AT.set(conn.arrived_at)
        try:
            return super().handle_request(req, conn)
        finally:
            clock.ARRIVED_AT.reset(token)
            conn.arrived_at = None
