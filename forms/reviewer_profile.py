"""What a reviewer tells about what they know, and when and how much they can review."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField, HiddenField
from wtforms.validators import InputRequired, ValidationError

from forms.choices import Options, Place, choose_places, choose_several
from forms.fields import Between, DayField, LongTextField, WholeNumberField
from forms.numbers import KvkField
from forms.office_fields import TickField
from forms.rows import Rows, typed

MOST_REVIEWS = 500
MOST_ABSENCES = 20


class AwayLine(Form):
    """Days on which somebody cannot review. A line without anything typed in it is no line."""

    first = DayField(_l("From"))
    last = DayField(_l("Up to and including"))

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not typed(self["first"]) and not typed(self["last"])

    def validate_first(self, field: Field) -> None:
        """Ask for the first day."""
        if field.data is None and not field.errors and not self.blank:
            raise ValidationError(_("Fill in the first day, or leave the whole line empty."))

    def validate_last(self, field: Field) -> None:
        """Ask for the last day, which is not before the first."""
        if self.blank or field.errors:
            return
        if field.data is None:
            raise ValidationError(_("Fill in the last day, or leave the whole line empty."))
        if self["first"].data and field.data < self["first"].data:
            raise ValidationError(_("The last day is before the first day."))


class ProfileForm(Form):
    """The form of a profile; `profile_form` adds what depends on reference data and language."""

    seen = HiddenField()

    def absences(self) -> tuple[tuple[date, date], ...]:
        """Give the days away; call it on a valid form."""
        lines = (entry.form for entry in self["away"] if not entry.form.blank)
        return tuple((line["first"].data, line["last"].data) for line in lines)


def away_blank() -> Form:
    """Give an empty line of days away, for scripts to copy."""
    return AwayLine(prefix="away-__index__-")


def profile_form(
    *,
    themes: Options,
    domains: Options,
    languages: Options,
    known: Iterable[Place],
    own: Iterable[Place],
    former: dict[str, str],
) -> type[ProfileForm]:
    """Make the form; themes, domains and languages are codes with words."""
    fields: dict[str, Any] = {
        "themes": choose_several(
            _l("Themes that you know well"),
            [],
            themes,
            description=_l("We look for applications that fit. Tick only what you can judge."),
        ),
        "domains": choose_several(_l("Domains that you know from the inside"), [], domains),
        "known": choose_places(
            _l("Regions that you know"),
            [],
            known,
            former=former,
            description=_l("GGD regions as a whole, or single municipalities."),
        ),
        "own": choose_places(
            _l("Municipalities where you live or work"),
            [],
            own,
            former=former,
            description=_l("Only to warn for an interest: you do not have to review your own region."),
        ),
        "kvk": KvkField(
            _l("KvK number of your organisation"),
            description=_l("Only to warn for an interest: we compare it with who applies."),
        ),
        "languages": choose_several(
            _l("Languages in which you can read an application"),
            [InputRequired(_l("Tick at least one language."))],
            languages,
        ),
        "most_reviews": WholeNumberField(
            _l("Most reviews per round"),
            [Between(1, MOST_REVIEWS)],
            description=_l("Leave it empty when you leave this to the office."),
            render_kw={"inputmode": "numeric"},
        ),
        "away": Rows(FormField(AwayLine), _l("Days away"), max_entries=MOST_ABSENCES),
        "lay": TickField(
            _l("I review as somebody with experience as a citizen, client or carer"),
            description=_l("You then get explanations in plain words beside each criterion."),
        ),
        "about": LongTextField(
            _l("A few words about your experience"),
            most=2000,
            description=_l("The office reads this when it divides the applications."),
        ),
    }
    return type("ReviewerProfileForm", (ProfileForm,), fields)
