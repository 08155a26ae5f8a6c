"""What counts as filled in."""

import pytest
from werkzeug.datastructures import MultiDict

from forms.decisions import RenewForm


@pytest.mark.parametrize("typed", ["", " ", "\t \n", "\N{NO-BREAK SPACE}"])
def test_spaces_are_no_day(typed: str) -> None:
    """Accepted, they would be a page that breaks: there is no day to count with."""
    form = RenewForm(MultiDict({"announce_on": typed}))
    assert not form.validate()
    assert form.announce_on.errors
    assert 'value=""' in str(form.announce_on())


def test_a_day_with_spaces_around_it_is_one() -> None:
    assert RenewForm(MultiDict({"announce_on": " 18-5-2026 "})).validate()
