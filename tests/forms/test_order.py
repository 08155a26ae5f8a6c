"""What is wrong on a page is named in the order in which the page asks."""

from wtforms import Form, StringField
from wtforms.validators import InputRequired

from forms.order import InOrder


class Page(InOrder):
    """A form of which the first field is made later."""

    asked = ("first", "never made")
    asked_last = ("last",)
    last = StringField(validators=[InputRequired()])
    between = StringField(validators=[InputRequired()])


def test_fields_come_in_the_order_of_the_page() -> None:
    made: type[Form] = type("Made", (Page,), {"first": StringField(validators=[InputRequired()])})
    form = made()
    assert not form.validate()
    assert [field.name for field in form if field.errors] == ["first", "between", "last"]


def test_a_name_without_a_field_is_left_out() -> None:
    form = Page()
    assert [field.name for field in form] == ["between", "last"]
