"""A process that draws pages by plain WeasyPrint and knows nothing of ours: the floor of bench_letters.

Reads {"pages": [HTML, ...]} a line; answers each with when it began and ended (monotonic seconds, the same
clock for every process), its processor seconds and its resident memory in KiB.
"""

import json
import sys
import time
from pathlib import Path

from weasyprint import HTML


def resident_kib() -> int:
    """Return the resident memory of this process in KiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])


def main() -> None:
    """Answer until there is nothing more to read."""
    for line in sys.stdin:
        pages = json.loads(line)["pages"]
        begin, spent = time.monotonic(), time.process_time()
        for page in pages:
            HTML(string=page).write_pdf(pdf_variant="pdf/a-3a")
        told = {
            "letters": len(pages),
            "begin": begin,
            "end": time.monotonic(),
            "cpu": time.process_time() - spent,
            "resident_kib": resident_kib(),
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
