"""Reading forms whose fields depend on the round."""

from typing import Any

from wtforms import Form


def data_of(form: Form, name: str) -> Any:
    """Give the value of a field; None when this round does not ask it."""
    return form[name].data if name in form else None
