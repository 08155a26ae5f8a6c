"""A lead and a partner fill in one application in two browsers, sign it and send it in."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from subsidy import clock
from subsidy.app import create_app
from subsidy.db import db
from subsidy.services import accounts
from tests import factories
from tests.conftest import migrated, new_database, settings_for
from tests.e2e import together
from tests.e2e.applying import wait_for_mail
from tests.e2e.conftest import PASSWORD, add_staff, running
from tests.e2e.together import Pair
from tests.e2e.visitor import DESKTOP, PHONE, Visitor, sha256_of
from workflows.permissions import Role

pytestmark = pytest.mark.e2e

SLUG = "samen"
# The crawl looks at each page of theirs on a phone with scripts.
WAYS = {"desktop": (DESKTOP, True), "no-scripts": (PHONE, False)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation with an open round, an officer, and a lead for each way of working."""
    folder = tmp_path_factory.mktemp("together")
    with new_database(folder) as url:
        app = migrated(create_app(settings_for(folder, url)))
        with app.app_context():
            now = clock.read()
            factories.make_round(
                slug=SLUG, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30)
            )
            add_staff("officer", Role.OFFICER)
            for way in WAYS:
                accounts.create(
                    email=f"lead-{way}@region.example",
                    name="Lidewij Lead",
                    password=PASSWORD,
                    locale="en",
                    now=now,
                )
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        with running(folder, url) as address:
            yield address


@pytest.mark.parametrize("way", WAYS)
def test_a_lead_and_a_partner_apply_together(browser: Browser, place: str, tmp_path: Path, way: str) -> None:
    size, scripts = WAYS[way]
    lead, partner, officer = (Visitor(browser, place, size, scripts=scripts) for _one in range(3))
    pair = Pair(lead, partner, f"partner-{way}@region.example")
    lead.log_in(f"lead-{way}@region.example", PASSWORD)

    together.start(pair, SLUG)
    together.invite(pair)
    together.write_at_once(pair)
    together.answer_under_conditions(pair)
    together.write_the_plan(pair)
    together.pick_the_region(pair)
    together.make_the_budget(pair, tmp_path)
    together.attach(pair, tmp_path)

    together.sign(pair, partner, "P. Partner", "director")
    together.sign(pair, lead, "A. Alderman", "alderman")
    together.change_the_amount(pair)
    together.sign(pair, lead, "A. Alderman", "alderman")
    assert together.states(lead) == ["Confirmed", "To confirm again", "Not confirmed yet"]
    lead.sees("Changed since: the amount that is asked")
    together.sign(pair, partner, "P. Partner", "director")
    together.add_statement(pair, tmp_path)

    reference = together.submit_twice(pair)
    receipt = lead.save("Download as PDF")
    assert sha256_of(receipt) in lead.page.get_by_role("main").inner_text()
    assert not_in(receipt, pair.answers) == []
    assert f"ontvangstbevestiging-{reference}.pdf" in wait_for_mail(lead, pair.partner_email, "Attached:")
    assert lead.page.get_by_text(f"ontvangstbevestiging-{reference}.pdf").count() == 2, "one for each"

    officer.log_in("officer@office.example", PASSWORD)
    together.write_to_each_other(pair, officer, reference)
    officer.close()
    pair.close()


def not_in(pdf: Path, answers: list[str]) -> list[str]:
    """The answers that this PDF does not hold; where its lines break makes no difference."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = _running("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()
    return [answer for answer in answers if _running(answer) not in text]


def _running(text: str) -> str:
    return re.sub("[\\s\N{SOFT HYPHEN}\N{HYPHEN}\ufffe-]", "", text)
