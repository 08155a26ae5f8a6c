"""What people type around a meeting of the committee: the plan, who is there, reasons, notes."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from forms.choices import choose_one, choose_several
from forms.fields import Between, DayField, LineField, LongTextField, WholeNumberField

Options = Iterable[tuple[str, object]]
MOST_PEOPLE = 1_000
LONGEST_NOTES = 20_000
LONGEST_REASON = 2_000


class PlanForm(Form):
    """A meeting as it is prepared; `plan_form` adds the people to choose from."""

    title = LineField(_l("Name of the meeting"), [DataRequired(_l("Give the meeting a name."))])
    held_on = DayField(_l("Day"), [InputRequired(_l("Fill in the day."))])
    place = LineField(_l("Place"), description=_l("A room, or an address for a meeting by video."))
    quorum = WholeNumberField(
        _l("How many have to be there"),
        [Between(0, MOST_PEOPLE)],
        description=_l("The quorum, of the chair and the members. Empty: what the rules of the round say."),
    )


class ReasonForm(Form):
    """A step that needs a reason."""

    reason = LongTextField(
        _l("Reason"), [DataRequired(_l("Give the reason: it comes in the minutes."))], most=LONGEST_REASON
    )


class NotesForm(Form):
    """What was said about an application; `version` is that of the notes that the page showed."""

    version = IntegerField(widget=HiddenInput(), default=0)
    deliberation = LongTextField(
        _l("Notes of the discussion"),
        description=_l("What was said, for the minutes. Not for the letter."),
        most=LONGEST_NOTES,
    )


def plan_form(chairs: Options, members: Options, secretaries: Options) -> type[PlanForm]:
    """Make the form of a meeting, with ids and names of who can be in it."""
    fields: dict[str, object] = {
        "chair": choose_one(_l("Chair"), [InputRequired(_l("Choose who leads the meeting."))], chairs),
        "members": choose_several(
            _l("Members who are expected"), [InputRequired(_l("Choose at least one member."))], members
        ),
        "secretary": choose_one(
            _l("Secretary"), [], secretaries, description=_l("Writes down, and does not decide.")
        ),
    }
    return type("RoundPlanForm", (PlanForm,), fields)


def roll_form(people: Options) -> type[Form]:
    """Make the form in which is ticked who is there when the meeting opens."""
    return type("RollForm", (Form,), {"present": choose_several(_l("Who is there"), [], people)})


def recusal_form(people: Options) -> type[ReasonForm]:
    """Make the form in which is recorded that one of these people leaves the room."""
    person = choose_one(_l("Who leaves the room"), [InputRequired(_l("Choose a person."))], people)
    return type("RecusalForm", (ReasonForm,), {"person": person})


def agenda_form(applications: Options) -> type[Form]:
    """Make the form that adds applications to the agenda."""
    field = choose_several(
        _l("Applications to add"), [InputRequired(_l("Choose at least one application."))], applications
    )
    return type("AgendaForm", (Form,), {"applications": field})
