"""What must never change, kept by the database itself.

Revision: 0002, after 0001

A CHECK sees one row as it is; a trigger sees what it was. These refuse, whatever code asks: changing an
announced decision, changing or deleting an event, changing the law that a published round carries, and a
decided state without a decision.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns) + ")"


# What a decision says: it was in the letter that is drawn from it, so another text is another decision.
CONTENT = (
    "application_id",
    "round_id",
    "outcome",
    "amount_cents",
    "ground",
    "reserve_place",
    "motivation",
    "departure",
    "imported",
    "ends_on",
    "proposed_by",
    "proposed_at",
    "announce_on",
    "objection_last_day",
    "basis",
)
DECISION = (
    "application_id",
    "round_id",
    "outcome",
    "amount_cents",
    "ground",
    "reserve_place",
    "motivation",
    "departure",
    "imported",
    "decided_on",
    "ends_on",
    "proposed_by",
    "proposed_at",
    "announce_on",
    "objection_last_day",
    "basis",
    "letter_sha256",
    "confirmed_by",
    "confirmed_at",
    "announced_at",
)

NO_DECISION = (
    "NOT EXISTS (SELECT 1 FROM decision WHERE decision.application_id = NEW.id AND decision.returned_at IS NULL "
    "AND decision.outcome = NEW.state AND (decision.imported OR decision.confirmed_at IS NOT NULL))"
)

# name, table, action, when it refuses, what it says
REFUSALS = (
    (
        "decision_frozen",
        "decision",
        "UPDATE",
        f"OLD.announced_at IS NOT NULL AND {_changed(*DECISION)}",
        "an announced decision never changes",
    ),
    (
        "decision_content_frozen",
        "decision",
        "UPDATE",
        (
            f"{_changed(*CONTENT)} OR (OLD.letter_sha256 IS NOT NULL AND {_changed('letter_sha256')}) "
            f"OR (OLD.confirmed_at IS NOT NULL AND {_changed('confirmed_by', 'confirmed_at', 'decided_on')})"
        ),
        "what a decision says never changes",
    ),
    ("ledger_frozen", "ledger_line", "UPDATE", "TRUE", "a line of the ledger never changes"),
    ("ledger_kept", "ledger_line", "DELETE", "TRUE", "a line of the ledger is kept"),
    (
        "decision_kept",
        "decision",
        "DELETE",
        "OLD.confirmed_at IS NOT NULL OR OLD.imported",
        "a decision is kept",
    ),
    ("event_frozen", "event", "UPDATE", "TRUE", "an event never changes"),
    ("event_kept", "event", "DELETE", "TRUE", "an event is kept"),
    (
        "round_law_frozen",
        "round",
        "UPDATE",
        f"OLD.state <> 'draft' AND {_changed('definition', 'definition_digest', 'reference_version', 'kind', 'slug')}",
        "the rules of a published round never change",
    ),
    (
        "decided_by_decision",
        "application",
        "UPDATE",
        "NEW.state IN ('awarded', 'rejected', 'not_processed') AND NEW.state IS DISTINCT FROM OLD.state",
        "a decided application has a confirmed decision",
    ),
)


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, action, condition, message in REFUSALS:
        lookup = NO_DECISION if name == "decided_by_decision" else ""
        (_refuse_on_postgresql if postgresql else _refuse_on_sqlite)(
            name, table, action, condition, lookup, message
        )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in REFUSALS:
        if postgresql:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")


def _refuse_on_sqlite(name: str, table: str, action: str, condition: str, lookup: str, message: str) -> None:
    when = f"({condition}) AND {lookup}" if lookup else condition
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _refuse_on_postgresql(
    name: str, table: str, action: str, condition: str, lookup: str, message: str
) -> None:
    # A WHEN clause may not look at other tables there, so the lookup moves into the function.
    test = f"IF NOT ({lookup}) THEN RETURN NEW; END IF;" if lookup else ""
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {test} RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
    )
