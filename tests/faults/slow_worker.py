"""A worker that stops at one point of its work, tells so, and waits to be killed there.

    python tests/faults/slow_worker.py POINT     (settings from the environment)

POINT is `drawing` (the pages of a letter are laid out, its bytes not written), `stored` (the letter is on
the disk, its row is not committed), `sent` (the mail server took the mail, its row does not know) or
`proposing` (of a whole round one decision is proposed and committed, the second is not committed).
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from weasyprint import HTML

from subsidy import jobs
from subsidy.app import create_app
from subsidy.services import batch_proposing, file_store, mail
from tests.conftest import MOMENT


def stop(*_arguments: object, **_named: object) -> None:
    """Say that the point is reached, and stay there."""
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(120)


def then_stop(work: Callable[..., Any]) -> Callable[..., None]:
    """Do the work, and stop after it."""

    def slow(*arguments: object, **named: object) -> None:
        work(*arguments, **named)
        stop()

    return slow


def main(point: str) -> None:
    """Drain the outbox, up to the point."""
    app = create_app()
    app.config["CLOCK"] = lambda: MOMENT
    match point:
        case "drawing":
            HTML.render = then_stop(HTML.render)
        case "stored":
            file_store.put = then_stop(file_store.put)  # type: ignore[assignment]
        case "sent":
            mail._transport = then_stop(mail._transport)
        case "proposing":
            batch_proposing.SLICE = 1
            first, record = iter([True]), batch_proposing.record

            def second(*arguments: Any, **named: Any) -> Any:
                return (record if next(first, False) else then_stop(record))(*arguments, **named)

            batch_proposing.record = second
    with app.app_context():
        jobs.drain_here(300)


if __name__ == "__main__":
    main(sys.argv[1])
