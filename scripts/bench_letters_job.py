"""A process that drains the outbox as a worker does; asked and answering like bench_letters_plain.

Reads a line, draws every letter that is due, answers. The settings come from the environment.
"""

import json
import sys
import time

from scripts.bench_letters_plain import resident_kib
from subsidy import jobs
from subsidy.app import create_app

LONGEST = 3600.0


def main() -> None:
    """Answer until there is nothing more to read."""
    app = create_app()
    jobs.prepare(app)
    with app.app_context():
        for _line in sys.stdin:
            begin, spent = time.monotonic(), time.process_time()
            letters = jobs.drain_here(LONGEST)
            told = {
                "letters": letters,
                "begin": begin,
                "end": time.monotonic(),
                "cpu": time.process_time() - spent,
                "resident_kib": resident_kib(),
            }
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
