"""How quickly letters are drawn, beside the floor: the same letters by plain WeasyPrint.

Both draw the same HTML to the same PDF variant, in turns of twenty in one process. Ours also embeds
the decision, hashes and stores each letter. Then a fresh process draws 500 letters and reports how
much its memory grew after the first 50. Usage: python -m scripts.bench_letters [--turns N]
[--letters N] [--memory-letters N]; prints one JSON object.
"""

import argparse
import base64
import hashlib
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path

from weasyprint import HTML

from subsidy.documents.letter import Addressee, LetterContent, Office, render_letter
from subsidy.documents.letter_facts import AuthorityFacts, CriterionFacts, LetterFacts, RoundFacts
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.pdf import VARIANT, many_documents, pdf_renderer
from subsidy.documents.pdf_assets import TEMPLATES, assets
from workflows.kinds import KINDS
from workflows.phrases import LetterKind
from workflows.rules import Distribution

WARM_UP = 50
MOTIVATION = (
    "De aanvraag beschrijft helder welke zorg de regio nodig heeft en wie daarin samenwerken. "
    "Inwoners dachten mee over de doelen. De planning is haalbaar en de begroting past bij de activiteiten. "
) * 2


def letters(count: int) -> list[LetterContent]:
    """Give so many awards and rejections of the kinds in turn, each different."""
    definitions = list(KINDS.values())
    announced = date(2026, 11, 24)
    made = []
    for number in range(count):
        definition = definitions[number % len(definitions)]
        awarded = number % 3 < 2  # noqa: PLR2004 - two awards to each rejection
        made.append(
            compose_letter(
                definition,
                LetterFacts(
                    outcome=LetterKind.AWARD if awarded else LetterKind.REJECT,
                    office=Office(
                        name="Subsidiebureau",
                        address_lines=("Postbus 1", "2500 AA Den Haag"),
                        email="subsidie@example.nl",
                        phone="070 000 00 00",
                    ),
                    authority=AuthorityFacts(
                        name="het bestuur",
                        mandate="het mandaatbesluit",
                        signatory="B. de Vries",
                        function="hoofd",
                    ),
                    round=RoundFacts(
                        slug="bench",
                        number=1,
                        title=definition.title.nl,
                        ceiling_cents=100_000_000,
                        distribution=Distribution.TENDER,
                    ),
                    addressee=Addressee(
                        organisation=f"Stichting {number}", address_lines=("Straat 1", "1234 AB Plaats")
                    ),
                    reference=f"BENCH-{number:04d}",
                    title=f"Samen gezond {number}",
                    region="Twente",
                    received_on=date(2026, 6, 13),
                    announced_on=announced,
                    objection_until=announced + timedelta(weeks=6),
                    proposed_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
                    requested_cents=1_000_000,
                    amount_cents=1_000_000 if awarded else 0,
                    months=12,
                    starts_on=date(2027, 1, 1),
                    ends_on=date(2027, 12, 31),
                    ground=None if awarded else "below_threshold",
                    criteria=tuple(
                        CriterionFacts(
                            id=one.id,
                            title=one.title,
                            weight=one.weight,
                            best=one.best,
                            worst=one.worst,
                            threshold=one.threshold,
                            value=one.best,
                            motivation=MOTIVATION,
                        )
                        for one in definition.rules.criteria
                    ),
                    total=Decimal(80 if awarded else 40),
                    reviews=2,
                    rank=number + 1 if awarded else None,
                    ranked=count,
                ),
            )
        )
    return made


def plain_pages(contents: list[LetterContent]) -> list[str]:
    """Give the HTML of the same letters with styles and images inside, as anyone would write it."""
    styles = "".join(
        (TEMPLATES / "pdf" / f"{name}.css").read_text(encoding="utf-8") for name in ("document", "letter")
    )
    logo = "data:image/svg+xml;base64," + base64.b64encode(assets()["logo.svg"]).decode()
    return [
        pdf_renderer()
        .html("letter.html", {"letter": content, "created": "2026-11-20", "modified": "2026-11-20"})
        .replace("</head>", f"<style>{styles}</style></head>")
        .replace("asset:logo.svg", logo)
        for content in contents
    ]


def draw_ours(contents: list[LetterContent], folder: Path) -> None:
    """Draw, hash and store letters as a job does."""
    with many_documents() as collector:
        for content in contents:
            pdf = render_letter(content)
            name = hashlib.sha256(pdf).hexdigest()
            (folder / f"{name}.pdf").write_bytes(pdf)
            collector.count()


def draw_plain(pages: list[str]) -> None:
    """Draw the same letters without anything shared between them."""
    for page in pages:
        HTML(string=page).write_pdf(pdf_variant=VARIANT)


def seconds(work: Callable[[], None]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def resident_kib() -> int:
    """Return the resident memory of this process in KiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])


def memory(count: int) -> dict[str, float]:
    """Draw so many letters in this process and report MiB after the warm-up and at the end."""
    sample = letters(12)
    with tempfile.TemporaryDirectory() as name:
        draw_ours(list(islice(cycle(sample), WARM_UP)), Path(name))
        before = resident_kib()
        draw_ours(list(islice(cycle(sample), count - WARM_UP)), Path(name))
        after = resident_kib()
    return {"before_mib": before / 1024, "after_mib": after / 1024, "growth_mib": (after - before) / 1024}


def speed(turns: int, count: int) -> dict[str, object]:
    """Draw `count` letters by turns each way; medians are letters a second."""
    contents = letters(count)
    pages = plain_pages(contents)
    ours, plain = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_ours(contents[:2], folder)
        draw_plain(pages[:2])
        for _ in range(turns):
            plain.append(count / seconds(lambda: draw_plain(pages)))
            ours.append(count / seconds(lambda: draw_ours(contents, folder)))
    return {
        "ours_per_second": statistics.median(ours),
        "floor_per_second": statistics.median(plain),
        "ratio": statistics.median(one / other for one, other in zip(ours, plain, strict=True)),
        "turns": {"ours": ours, "floor": plain},
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--letters", type=int, default=20)
    parser.add_argument("--memory-letters", type=int, default=500)
    parser.add_argument("--only-memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_memory:
        print(json.dumps(memory(options.memory_letters)))
        return
    result: dict[str, object] = {
        "measure": "letters",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "interpreter": sys.executable,
        **speed(options.turns, options.letters),
    }
    if options.memory_letters > WARM_UP:
        # A process of its own: the floor's letters would blur the figure.
        command = [sys.executable, "-m", "scripts.bench_letters", "--only-memory"]
        command += ["--memory-letters", str(options.memory_letters)]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
        result["memory"] = json.loads(found.stdout)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
