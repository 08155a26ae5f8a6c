"""The form in which a reviewer, or the office for them, tells what they know: made, filled and read."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from forms.choices import Place
from forms.reviewer_profile import ProfileForm, profile_form
from subsidy.models import ReviewerProfile
from subsidy.services import pool_profiles
from subsidy.services.pool_profiles import Expertise
from subsidy.services.reference import active_version, reference_of
from subsidy.wording.labels import domain_label
from subsidy.wording.pool import language_options
from subsidy.wording.spoken import language
from workflows.regions import Reference
from workflows.snapshot import Domain


def reference() -> Reference:
    """Give the municipalities of today: a profile belongs to no round."""
    return reference_of(active_version())


def expertise_form(profile: ReviewerProfile | None, typed: Any = None) -> ProfileForm:
    """Give the form with what is stored, or with what was typed."""
    known = reference()
    stored = pool_profiles.expertise_of(profile, known)
    places = _municipalities(known)
    kind = profile_form(
        themes=[
            (value, text.in_language(language())) for value, text in pool_profiles.known_themes().items()
        ],
        domains=[(domain.value, domain_label(domain.value)) for domain in Domain],
        languages=language_options(),
        known=[*_regions(known), *places],
        own=places,
        former=dict(known.former),
    )
    return kind(
        typed,
        data={
            "seen": "" if profile is None else profile.updated_at.isoformat(),
            "themes": stored.themes,
            "domains": stored.domains,
            "known": stored.known,
            "own": stored.own,
            "kvk": stored.kvk,
            "languages": stored.languages,
            "most_reviews": stored.most_reviews,
            "away": [{"first": first, "last": last} for first, last in stored.away],
            "lay": stored.lay,
            "about": stored.about,
        },
    )


def expertise_in(form: ProfileForm) -> Expertise:
    """Give what was typed in a valid form."""
    return Expertise(
        kvk=form["kvk"].data,
        lay=form["lay"].data,
        themes=tuple(form["themes"].data),
        domains=tuple(form["domains"].data),
        known=tuple(form["known"].data),
        own=tuple(form["own"].data),
        languages=tuple(form["languages"].data),
        most_reviews=form["most_reviews"].data,
        away=form.absences(),
        about=form["about"].data,
    )


def moment_in(text: str | None) -> datetime | None:
    """Read an instant that a page sent along; None for what is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None


def _regions(known: Reference) -> list[Place]:
    found = {(one.ggd, one.ggd_code) for one in known.municipalities.values()}
    return [Place(code, name, _("GGD region")) for name, code in sorted(found)]


def _municipalities(known: Reference) -> list[Place]:
    places = sorted(known.municipalities.values(), key=lambda one: (one.province, one.name))
    return [Place(one.code, one.name, one.province) for one in places]
