"""A comparison of scenarios for the board as an archival PDF, in Dutch as all that is official.

It says that nothing was decided, from which frozen round it was made and what was changed. All that it is
made from, and what every application gets, goes along as `scenarios.json`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import update

from subsidy import clock
from subsidy.db import db, reading
from subsidy.documents.dutch import decimal_comma
from subsidy.documents.letter import Office, pictures_with
from subsidy.documents.letterhead import letterhead
from subsidy.documents.minutes import moment
from subsidy.documents.pdf import DataFile, pdf_renderer
from subsidy.models import ScenarioReport
from subsidy.services import file_store, scenario_results
from subsidy.services.scenario_results import Comparison, Content, Line, Place
from subsidy.wording.labels import ground_label, outcome_label
from subsidy.wording.scenarios import change_label, rule_value

MEDIA_TYPE = "application/pdf"
# More than this nobody reads on paper; the attached file has all of them.
MOST_PRINTED = 400
NONE = "\N{EN DASH}"


def make_report(payload: Mapping[str, Any]) -> None:
    """Outbox handler: draw the PDF of a comparison and store it; no transaction is open meanwhile.

    Safe to run twice: what was drawn once stands.
    """
    with reading():
        report = db.session.get(ScenarioReport, payload["sha256"])
        if report is None or report.pdf_sha256 is not None:
            return
        asked_at = report.asked_at
        found = scenario_results.compare(Content.model_validate(report.content))
        db.session.commit()
    pdf = render_scenarios(found, made_at=asked_at)
    stored = file_store.put(pdf, media_type=MEDIA_TYPE, now=clock.read())
    db.session.execute(
        update(ScenarioReport)
        .where(ScenarioReport.sha256 == payload["sha256"], ScenarioReport.pdf_sha256.is_(None))
        .values(pdf_sha256=stored.sha256)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def render_scenarios(found: Comparison, *, made_at: datetime, office: Office | None = None) -> bytes:
    """Return the comparison as PDF/A-3a bytes. Raises RenderError (see `subsidy.documents.pdf`)."""
    titles = {one.id: one.title for way in (found.own, *found.ways) for one in way.rules.criteria}
    office = office or letterhead()
    with force_locale("nl"):
        values = {
            "found": found,
            "office": office,
            "made": moment(made_at),
            "printed": found.differing[:MOST_PRINTED],
            "differing": len(found.differing),
            "change_label": change_label,
            "rule_value": rule_value,
            "outcome_word": outcome_label,
            "ground_word": lambda code: ground_label(code, titles),
            "score": lambda total: NONE if total is None else decimal_comma(total),
        }
        return pdf_renderer().render(
            "scenarios.html",
            values,
            styles=("document", "scenarios"),
            created_at=made_at,
            modified_at=made_at,
            pictures=pictures_with(office),
            files=(
                DataFile(
                    name="scenarios.json",
                    description="De vergelijking in machineleesbare vorm",
                    content=json.dumps(
                        _as_json(found), ensure_ascii=False, indent=1, sort_keys=True
                    ).encode(),
                ),
            ),
        )


def _as_json(found: Comparison) -> dict[str, Any]:
    return {
        **found.content.stored(),
        "applications": [
            _line(line) for line in sorted(found.lines, key=lambda one: one.application.reference)
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "reference": line.application.reference,
        "requested_cents": line.application.requested_cents,
        "round": _place(line.own),
        "scenarios": [_place(one) for one in line.places],
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "outcome": place.outcome.value,
        "amount_cents": place.amount_cents,
        "ground": place.ground,
        "rank": place.rank,
        "total": None if place.total is None else str(place.total),
    }
