"""The section about the region: municipalities, and neighbourhoods where it is smaller than those."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form
from wtforms.validators import ValidationError

from forms.choices import Offer, choose_place, choose_places
from forms.fields import LineField, LongTextField, Needed, WholeNumberField
from workflows.definition import RoundDefinition
from workflows.snapshot import Scale

_MUNICIPALITY = re.compile(r"GM[0-9]{4}")
_NEIGHBOURHOOD = re.compile(r"WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}")


def neighbourhood_codes(text: str) -> tuple[str, ...]:
    """Give the codes in a text, each once, in the order typed."""
    return tuple(dict.fromkeys(re.findall(r"[0-9A-Z]+", text.upper())))


def is_neighbourhood(code: str) -> bool:
    """Whether this can be the code of a district or a neighbourhood."""
    return _NEIGHBOURHOOD.fullmatch(code) is not None


class RegionForm(Form):
    """What has to fit together: neighbourhoods lie within one municipality, and have inhabitants."""

    def validate_municipalities(self, field: Field) -> None:
        """Name the codes of municipalities that are not there any more, and have no one successor."""
        known = {choice.value for choice in field.choices}
        gone = [code for code in field.data or () if code not in known and _MUNICIPALITY.fullmatch(code)]
        if gone:
            field.errors.clear()  # this says more than that it is not in the list
            raise ValidationError(
                _(
                    "%(codes)s: this code is of no municipality of today. "
                    "Pick the municipalities that the area belongs to now.",
                    codes=", ".join(gone),
                )
            )

    def validate_neighbourhoods(self, field: Field) -> None:
        """Refuse what is no CBS code, and a code outside the one municipality that was picked.

        A region is municipalities as a whole, or a few neighbourhoods of one: with more of them nobody could
        say how many people of which municipality the given inhabitants are.
        """
        codes = neighbourhood_codes(field.data)
        strange = [code for code in codes if not is_neighbourhood(code)]
        if strange:
            raise ValidationError(
                _(
                    "%(codes)s: this is no code of a district (WK and 6 characters) "
                    "or neighbourhood (BU and 8).",
                    codes=", ".join(strange),
                )
            )
        picked = {code[2:6] for code in self["municipalities"].data or ()}
        if codes and len(picked) > 1:
            raise ValidationError(
                _(
                    "Neighbourhoods lie within one municipality, and you picked %(count)s. "
                    "Pick only that one, or empty this field.",
                    count=len(picked),
                )
            )
        outside = [code for code in codes if code[2:6] not in picked]
        if outside:
            raise ValidationError(
                _("%(codes)s: not in the municipality that you picked.", codes=", ".join(outside))
            )

    def validate_inhabitants(self, field: Field) -> None:
        """Ask for the inhabitants of neighbourhoods: the reference data only knows municipalities."""
        if field.data is None and not field.errors and self["neighbourhoods"].data:
            raise ValidationError(_("Fill in how many people live in these neighbourhoods together."))


def region_fields(definition: RoundDefinition, offer: Offer) -> dict[str, Field]:
    """Give the unbound fields; neighbourhoods only where the round takes them."""
    fields: dict[str, Field] = {
        "region_name": LineField(
            _l("Name of the region"), [Needed()], description=_l("The name by which the region is known.")
        ),
        "municipalities": choose_places(
            _l("Municipalities"),
            [Needed()],
            offer.municipalities,
            former=offer.former,
            description=_l("Pick every municipality that takes part, wholly or for a part."),
        ),
        "area": choose_place(_l("A whole region or province at once"), offer.areas),
    }
    if takes_neighbourhoods(definition):
        fields["neighbourhoods"] = LongTextField(
            _l("Codes of districts and neighbourhoods"),
            description=_l(
                "Only when the region is smaller than the municipality. "
                "The codes of Statistics Netherlands (CBS), such as WK051801 or BU05180101."
            ),
        )
        fields["inhabitants"] = WholeNumberField(
            _l("Inhabitants of these neighbourhoods"),
            description=_l("Only with districts or neighbourhoods."),
        )
    return fields


def change_area(form: Form, members: tuple[str, ...], *, add: bool) -> None:
    """Add the municipalities of a larger area to those that were picked, or take them away."""
    picked = form["municipalities"]
    others = [code for code in picked.data or () if add or code not in members]
    picked.data = list(dict.fromkeys([*others, *(members if add else ())]))
    form["area"].data = ""


def takes_neighbourhoods(definition: RoundDefinition) -> bool:
    """Whether a region may be a part of a municipality in this round."""
    return not definition.rules.scales or Scale.WIJKEN in definition.rules.scales
