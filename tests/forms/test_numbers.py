"""The numbers by which an organisation is known, in every spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.numbers import IbanField, KeyField, KvkField, PostcodeField, RsinField


class Numbers(Form):
    kvk = KvkField()
    rsin = RsinField()
    iban = IbanField()
    postcode = PostcodeField()
    key = KeyField()


def filled(**typed: str) -> Numbers:
    return Numbers(MultiDict(typed))


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("kvk", "27370911", "27370911"),
        ("kvk", " 27.37 09\u00a011 ", "27370911"),
        ("rsin", "111222333", "111222333"),
        ("rsin", "1112.22.333", "111222333"),
        ("iban", "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        ("iban", "NL91-ABNA-0417164300", "NL91ABNA0417164300"),
        ("iban", "BE71 0961 2345 6769", "BE71096123456769"),
        ("postcode", "2712hr", "2712 HR"),
        ("postcode", " 2712  HR", "2712 HR"),
        ("kvk", "  ", None),
        ("iban", "", None),
    ],
)
def test_a_number_is_read_however_it_is_spelled(name: str, typed: str, value: str | None) -> None:
    form = filled(**{name: typed})
    assert form.validate(), form.errors
    assert form[name].data == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("kvk", "2737091"),
        ("kvk", "273709111"),
        ("kvk", "2737091x"),
        ("kvk", "\u0662\u0667\u0663\u0667\u0660\u0669\u0661\u0661"),
        ("rsin", "111222334"),
        ("rsin", "11122233"),
        ("rsin", "000000000"),
        ("iban", "NL91ABNA0417164301"),
        ("iban", "NL91ABNA041716430"),
        ("iban", "ZZ00"),
        ("iban", "NL\u0669\u0661ABNA0417164300"),
        ("postcode", "0712 HR"),
        ("postcode", "2712 SS"),
        ("postcode", "2712"),
    ],
)
def test_what_is_no_number_is_told_and_stays_on_the_page(name: str, typed: str) -> None:
    form = filled(**{name: typed})
    assert not form.validate()
    assert list(form.errors) == [name]
    assert typed in form[name]()
    assert form[name].data is None


def test_an_account_number_is_shown_in_groups_of_four() -> None:
    assert 'value="NL91 ABNA 0417 1643 00"' in Numbers(data={"iban": "NL91ABNA0417164300"})["iban"]()


@given(typed=st.text(max_size=60))
def test_any_text_gives_a_value_or_a_message(typed: str) -> None:
    form = filled(kvk=typed, rsin=typed, iban=typed, postcode=typed, key=typed)
    form.validate()
    for field in form:
        assert field.data is None or field.data.isascii()
        field()


@pytest.mark.parametrize("typed", ["", "X" * 16, "a" * 17, "<script>", "a b"])
def test_a_strange_key_becomes_a_new_one(typed: str) -> None:
    keys = {filled(key=typed)["key"].data for _ in range(2)}
    assert len(keys) == 2
    assert all(len(key) == 16 for key in keys)


def test_a_key_stays() -> None:
    assert filled(key="p12")["key"].data == "p12"
    assert Numbers(data={"key": "00ff"})["key"].data == "00ff"
