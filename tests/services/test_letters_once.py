"""What is recorded of a letter happened once, however many workers come at the same moment."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from subsidy.db import db
from subsidy.models import Letter
from subsidy.services import letters
from tests import factories
from tests.conftest import MOMENT
from tests.views.test_terms import placed
from workflows.correspondence import ProcedureKind
from workflows.permissions import Role

LATER = MOMENT + timedelta(seconds=1)


@pytest.fixture
def letter(app: Flask) -> Letter:
    assert app.testing
    application = factories.make_application(
        factories.make_round(), "submitted", member=factories.make_user(Role.APPLICANT)
    )
    return placed(application, ProcedureKind.DELAY, None)


def by_another(letter: Letter, **values: object) -> None:
    """Let another worker record this after the letter was read here."""
    assert letter.notified_at is None
    assert letter.posted_at is None
    db.session.execute(
        update(Letter)
        .where(Letter.id == letter.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def test_of_two_mails_that_go_at_once_the_first_notifies_and_neither_fails(letter: Letter) -> None:
    """The second would be taken back, and its mail would go again."""
    by_another(letter, notified_at=MOMENT)
    letters.mark_notified(letter.id, at=LATER)
    db.session.flush()
    assert letter.notified_at == MOMENT


def test_of_two_officers_who_post_at_once_the_first_did(letter: Letter) -> None:
    first, second = factories.make_user(Role.OFFICER), factories.make_user(Role.OFFICER)
    by_another(letter, posted_at=MOMENT, posted_by=first.id)
    letters.mark_posted(letter, at=LATER, by=second.id)
    db.session.flush()
    assert (letter.posted_at, letter.posted_by) == (MOMENT, first.id)
