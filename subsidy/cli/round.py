"""`flask round`: a round as a file, its screening, ranking, division, letters and figures.

Whatever is refused ends with exit status 2 and says why on stderr; for a file with the JSON Pointer of
each fault.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from subsidy import clock
from subsidy.db import db, reading
from subsidy.documents import evaluation_files
from subsidy.models import Application, Round
from subsidy.services import (
    calculations,
    exact_json,
    round_file,
    round_file_export,
    round_file_import,
    scenario_results,
    scenarios,
    statistics,
)
from subsidy.services.file_faults import Fault, FaultyFileError
from subsidy.wording.faults import fault_text
from subsidy.wording.findings import finding_text
from workflows.award import Allocation
from workflows.eligibility import Screening
from workflows.permissions import SYSTEM
from workflows.scoring import Ranked, rounded

REFUSED = 2
GREATEST_CEILING = 100_000_000_000_000

group = AppGroup("round", help="One round: bring in, send out, and calculate.")
slug_argument = click.argument("slug")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON instead of lines.")


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Check everything and store nothing.")
def import_round(file: BinaryIO, *, dry_run: bool) -> None:
    """Bring a round in: check all of it, then store all or nothing."""
    content = file.read()
    try:
        if dry_run:
            slug = round_file_import.check_round_file(content).round.slug
        else:
            slug = round_file_import.import_round(content, actor=SYSTEM, now=clock.now()).slug
            db.session.commit()
    except FaultyFileError as error:
        db.session.rollback()
        refuse(error.faults)
    except OperationalError as error:
        db.session.rollback()
        raise click.ClickException(
            _("The database does not answer or is busy; nothing was stored.")
        ) from error
    click.echo(slug)


@group.command("export")
@slug_argument
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_round(slug: str, out: Path | None) -> None:
    """Send the same round out as a file."""
    with reading():
        content = round_file_export.export_round(find_round(slug))
    if out is None:
        click.echo(content, nl=False)
    else:
        with writing():
            out.write_text(content, encoding="utf-8")


@group.command("screen")
@slug_argument
@json_option
def screen(slug: str, *, as_json: bool) -> None:
    """Run the checks on eligibility."""
    with reading():
        screenings = calculations.screen_round(find_round(slug))
    show([_screening(one) for one in screenings], as_json=as_json)


@group.command("rank")
@slug_argument
@json_option
def rank(slug: str, *, as_json: bool) -> None:
    """Score and put in order."""
    with reading():
        ranking = calculations.rank_round(find_round(slug))
    show([_ranked(one) for one in ranking], as_json=as_json)


@group.command("allocate")
@slug_argument
@json_option
@click.option("--ceiling", type=click.IntRange(0, GREATEST_CEILING), help="Another ceiling, in euro cents.")
@click.option("--rules", "rules_file", type=click.File("rb"), help="Other rules: JSON as in a round file.")
@click.option("--scenario", help="The name of a scenario of this round, on the round as it was frozen then.")
def allocate(
    slug: str, ceiling: int | None, rules_file: BinaryIO | None, scenario: str | None, *, as_json: bool
) -> None:
    """Divide the ceiling; a what-if, nothing is stored."""
    if rules_file is not None and scenario is not None:
        raise click.UsageError(_("A scenario has rules of its own: leave out --rules or --scenario."))
    with reading():
        round_ = find_round(slug)
        if rules_file is not None:
            division = _by_other_rules(round_, rules_file.read(), ceiling)
        elif scenario is not None:
            division = _by_scenario(round_, scenario, ceiling)
        else:
            division = calculations.allocate_round(round_, ceiling)
    rows = [
        {
            "reference": one.reference,
            "outcome": one.outcome.value,
            "amount_cents": one.amount_cents,
            "ground": one.ground,
        }
        for one in division
    ]
    show(rows, as_json=as_json)


@group.command("letters")
@slug_argument
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def letters(slug: str, out: Path) -> None:
    """Draw one letter per application: the stored one where a decision was taken here, else a concept."""
    from subsidy.documents.decision_letters import letters_of  # WeasyPrint takes a second to load

    with reading(), writing():
        round_ = find_round(slug)
        sent_in = select(func.count()).where(Application.round_id == round_.id, Application.state != "draft")
        amount = db.session.scalar(sent_in) or 0
        written = 0
        out.mkdir(parents=True, exist_ok=True)
        drawn = letters_of(round_, now=clock.now())
        with click.progressbar(drawn, length=amount, file=sys.stderr, label=slug) as progress:
            for reference, content in progress:
                (out / f"{reference}.pdf").write_bytes(content)
                written += 1
    click.echo(written)


@group.command("evaluate")
@click.argument("slugs", nargs=-1)
@json_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write files into this folder.")
def evaluate(slugs: tuple[str, ...], out: Path | None, *, as_json: bool) -> None:
    """Give the figures of the rounds named, or of all."""
    with reading(), writing():
        try:
            for path in evaluation_files.write(out, slugs) if out is not None else ():
                click.echo(path)
            if as_json or out is None:
                click.echo(exact_json.write(statistics.evaluation(slugs)))
        except statistics.UnknownRoundError as error:
            refuse_slug(str(error))


def _by_other_rules(round_: Round, content: bytes, ceiling: int | None) -> Sequence[Allocation]:
    material = calculations.material_of(round_)
    try:
        rules = round_file.read_rules_file(content, material.reference)
    except FaultyFileError as error:
        refuse(error.faults)
    given = material.round.ceiling_cents if ceiling is None else ceiling
    return calculations.what_if(material, rules, given).division


def _by_scenario(round_: Round, name: str, ceiling: int | None) -> Sequence[Allocation]:
    found = scenarios.find_named(round_, name)
    if found is None:
        click.echo(_("the round %(slug)s has no scenario %(name)s", slug=round_.slug, name=name), err=True)
        sys.exit(REFUSED)
    return scenario_results.division_of(found, ceiling)


@contextmanager
def writing() -> Iterator[None]:
    """Within it a file or folder that cannot be written ends with its name and exit status 2."""
    try:
        yield
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(REFUSED)


def find_round(slug: str) -> Round:
    """Give the round with this slug, or stop with exit status 2."""
    round_ = db.session.scalars(select(Round).where(Round.slug == slug)).one_or_none()
    return refuse_slug(slug) if round_ is None else round_


def refuse_slug(slug: str) -> NoReturn:
    """Say that there is no such round, and stop."""
    click.echo(_("there is no round %(slug)s", slug=slug), err=True)
    sys.exit(REFUSED)


def refuse(faults: Iterable[Fault], name: Callable[[Fault], str] = lambda fault: fault.pointer) -> NoReturn:
    """Say every fault behind the place where it is, and stop."""
    for fault in faults:
        click.echo(f"{name(fault)}: {fault_text(fault.code, fault.params)}", err=True)
    sys.exit(REFUSED)


def show(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows as JSON, or one line each with what is short enough for a line."""
    if as_json:
        click.echo(exact_json.write(list(rows)))
        return
    for row in rows:
        short = (value for value in row.values() if not isinstance(value, list | dict))
        click.echo("\t".join("-" if value is None else str(value) for value in short))


def _screening(screening: Screening) -> dict[str, Any]:
    return {
        "reference": screening.reference,
        "verdict": screening.verdict,
        "scale": screening.scale,
        "inhabitants": screening.inhabitants,
        "domains": sorted(screening.domains),
        "findings": [
            {
                "check": one.check.value,
                "outcome": one.outcome.value,
                "message": finding_text(one.check, one.params),
                "basis": one.basis,
            }
            for one in screening.findings
        ],
    }


def _ranked(ranked: Ranked) -> dict[str, Any]:
    return {
        "reference": ranked.reference,
        "total": None if ranked.total is None else rounded(ranked.total),
        "criteria": {name: None if one is None else rounded(one) for name, one in ranked.criteria.items()},
        "reviews": ranked.reviews,
        "fundable": ranked.fundable,
        "ground": ranked.ground,
        "rank": ranked.rank,
    }
