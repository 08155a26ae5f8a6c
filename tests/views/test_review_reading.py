"""What a reviewer reads beside the form: the pages of files in place, guidance, and what scores mean."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import Attachment, PageImage, PagesMade, Review, ReviewerProfile, User
from subsidy.services import file_store
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.kinds import KINDS
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture
def reviewer(app: Flask) -> User:
    return make_user(Role.REVIEWER)


def reviewed(reviewer: User, files: int = 0) -> Review:
    """A review of an application with so many files, each drawn on one page."""
    application = make_application(make_round(), "in_review")
    for number in range(files):
        content = file_store.put(f"%PDF-1.7 {number}".encode(), media_type="application/pdf", now=MOMENT)
        image = file_store.put(f"page {number}".encode(), media_type="image/webp", now=MOMENT)
        db.session.add(PagesMade(sha256=content.sha256, pages=1, problem="", made_at=MOMENT))
        db.session.flush()
        db.session.add(
            PageImage(sha256=content.sha256, number=1, image_sha256=image.sha256, width=600, height=800)
        )
        application.attachments.append(
            Attachment(
                question="support",
                file_name=f"brief {number}.pdf",
                media_type="application/pdf",
                size=10,
                sha256=content.sha256,
                scan="clean",
                uploaded_at=MOMENT,
            )
        )
    return make_review(application, reviewer, declared_at=MOMENT)


@pytest.mark.parametrize("files", [1, 3])
def test_the_pages_of_files_are_read_in_place_at_the_same_cost(
    as_user: LogIn, reviewer: User, count_queries: type[QueryCount], files: int
) -> None:
    review = reviewed(reviewer, files)
    client, address = as_user(reviewer), f"/beoordelen/{review.id}"
    client.get(address)  # what is read once and kept
    db.session.expunge_all()
    with count_queries() as counted:
        page = client.get(address).text
    assert page.count("/bladzijden/1") == files
    assert page.count('loading="lazy"') == files
    assert counted.count == 9, counted.statements


@pytest.mark.parametrize("lay", [True, False])
def test_guidance_is_for_who_reads_it(as_user: LogIn, reviewer: User, *, lay: bool) -> None:
    review = reviewed(reviewer)
    db.session.add(ReviewerProfile(user_id=reviewer.id, lay=lay, updated_at=MOMENT))
    page = as_user(reviewer).get(f"/beoordelen/{review.id}").text
    criterion = KINDS["netwerk"].rules.criteria[0]
    assert criterion.guidance is not None
    assert criterion.lay_guidance is not None
    assert (criterion.lay_guidance.nl in page, criterion.guidance.nl in page) == (lay, not lay)


def test_every_anchor_can_be_read_and_the_minimum_is_told(as_user: LogIn, reviewer: User) -> None:
    page = unescape(as_user(reviewer).get(f"/beoordelen/{reviewed(reviewer).id}").text)
    for criterion in KINDS["netwerk"].rules.criteria:
        for anchor in criterion.anchors:
            assert anchor.text.nl in page
    assert page.count('data-min-words="20"') == 4
