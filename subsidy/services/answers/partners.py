"""Who takes part, and the state aid that they got, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from stdnum import iban

from subsidy.services.answers.parts import Row, Table
from subsidy.services.entries import PartnersEntry
from subsidy.services.entries.partners import aid_standings
from subsidy.wording import values
from subsidy.wording.labels import domain_label
from subsidy.wording.state_aid import aid_room_text, regulation_label
from workflows.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class AidBasis:
    """What the sums of state aid are counted with: the day to count back from, and what is asked in cents."""

    on: date
    asked_cents: int


def partners_words(
    entry: PartnersEntry,
    definition: RoundDefinition,
    aid_basis: AidBasis | None,
    *,
    for_reviewers: bool = False,
) -> Iterator[Row | Table]:
    """Give who takes part and, where the round asks it, earlier state aid with its sums.

    Reviewers get no account number, RSIN or postcode.
    """
    parties = [
        *([(_("Lead applicant"), entry.lead)] if entry.lead else []),
        *((_("Partner"), party) for party in entry.partners),
    ]
    columns = [_("Part"), _("Organisation"), _("Takes part as"), _("KvK number")]
    rows = [(part, party.name, domain_label(party.domain), party.kvk or "") for part, party in parties]
    if for_reviewers:
        yield Table(_("Who takes part"), tuple(columns), tuple(rows))
    else:
        more = [(party.rsin or "", party.postcode or "") for _part, party in parties]
        yield Table(
            _("Who takes part"),
            (*columns, _("RSIN"), _("Postcode")),
            tuple((*row, *cells) for row, cells in zip(rows, more, strict=True)),
        )
        account = entry.lead.iban if entry.lead else None
        yield Row(_("Account number (IBAN)"), str(iban.format(account)) if account else "")
    if definition.asks_state_aid:
        yield from _aid_words(entry, aid_basis)


def _aid_words(entry: PartnersEntry, basis: AidBasis | None) -> Iterator[Row | Table]:
    said = {None: "", True: _("Yes"), False: _("No")}[entry.aid_received]
    yield Row(_("De-minimis or SGEI aid in the last three years"), str(said))
    names = {party.key: party.name for party in entry.everyone}
    if entry.aid:
        yield Table(
            _("Earlier state aid"),
            (_("Organisation"), _("Regulation"), _("Granted on"), _("Granted by"), _("Amount")),
            tuple(
                (
                    names.get(one.participation_key or "", ""),
                    regulation_label(one.regulation),
                    values.day(one.granted_on) if one.granted_on else "",
                    one.grantor,
                    values.money(one.amount_cents),
                )
                for one in entry.aid
            ),
            frozenset({4}),
        )
    if entry.aid_received is None or basis is None:
        return
    yield Table(
        _(
            "State aid of three years, counted back from %(day)s, with what is asked now",
            day=values.day(basis.on),
        ),
        (_("Organisation"), _("Regulation"), _("Earlier"), _("Asked now"), _("At most"), _("Room")),
        tuple(
            (
                names[one.participant],
                regulation_label(one.regulation),
                values.money(one.earlier_cents),
                values.money(one.asked_cents),
                values.money(one.ceiling_cents),
                aid_room_text(one),
            )
            for one in aid_standings(entry, on=basis.on, asked_cents=basis.asked_cents)
        ),
        frozenset({2, 3, 4}),
    )
