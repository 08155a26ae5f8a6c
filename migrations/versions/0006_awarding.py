"""Awarding: the ledger as a rule of the database, later decisions, mandates, scenarios, hearings.

Revision: 0006, after 0005

`round.promised_cents` follows from the lines of the ledger by trigger, and a line belongs to a confirmed
decision; so neither can be written without the other, and the CHECK on the sum holds whatever code asks.
A round that was closed changes by new decisions alone.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns) + ")"


# What a decision says, as migration 0002 has it.
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

# Column of `decision`: its type and what is checked of it; SQLite adds a constraint with a column only.
LATER = (
    (
        "kind",
        (
            "VARCHAR(12) DEFAULT 'first' NOT NULL CONSTRAINT ck_decision_kind_known CHECK "
            "(kind IN ('first', 'correction', 'withdrawal', 'increase', 'reserve', 'remedy'))"
        ),
    ),
    (
        "replaces_id",
        (
            "INTEGER CONSTRAINT fk_decision_replaces_id REFERENCES decision (id) "
            "CONSTRAINT ck_decision_later_names_the_old CHECK ((kind = 'first') = (replaces_id IS NULL))"
        ),
    ),
    (
        "reason",
        "TEXT DEFAULT '' NOT NULL CONSTRAINT ck_decision_later_has_reason CHECK (kind = 'first' OR reason <> '')",
    ),
    (
        "remedy_of",
        (
            "VARCHAR(200) DEFAULT '' NOT NULL CONSTRAINT ck_decision_remedy_says_of_what "
            "CHECK ((kind = 'remedy') = (remedy_of <> ''))"
        ),
    ),
    ("mandate_id", "INTEGER CONSTRAINT fk_decision_mandate_id REFERENCES mandate (id)"),
    ("frozen_sha256", "VARCHAR(64) CONSTRAINT fk_decision_frozen_sha256 REFERENCES frozen_round (sha256)"),
    (
        "replaced_at",
        (
            "{instant} CONSTRAINT ck_decision_replaced_after_announcement "
            "CHECK (replaced_at IS NULL OR announced_at IS NOT NULL)"
        ),
    ),
)
ADDED = ("kind", "replaces_id", "reason", "remedy_of", "mandate_id", "frozen_sha256")

DECIDED = (
    "NOT EXISTS (SELECT 1 FROM decision WHERE decision.application_id = NEW.id AND decision.returned_at IS NULL "
    "AND decision.replaced_at IS NULL AND decision.outcome = NEW.state "
    "AND (decision.imported OR decision.confirmed_at IS NOT NULL))"
)
LEDGER_SUM = (
    "(SELECT COALESCE(SUM(ledger_line.cents), 0) FROM ledger_line "
    "WHERE ledger_line.round_id = NEW.id AND ledger_line.kind <> 'outside')"
)
BOOKED = (
    "(SELECT COALESCE(SUM(ledger_line.cents), 0) FROM ledger_line WHERE ledger_line.decision_id = NEW.id)"
)
TAKEN = (
    "NOT EXISTS (SELECT 1 FROM decision WHERE decision.id = NEW.decision_id "
    "AND decision.round_id = NEW.round_id AND decision.confirmed_at IS NOT NULL AND NOT decision.imported "
    "AND (decision.kind = 'remedy' OR NEW.kind <> 'outside' OR NEW.cents < 0))"
)
PUBLISHED = (
    "NOT EXISTS (SELECT 1 FROM ceiling_change WHERE ceiling_change.round_id = NEW.id "
    "AND ceiling_change.before_cents = OLD.ceiling_cents AND ceiling_change.after_cents = NEW.ceiling_cents)"
)


def _round_closed(which: str, besides: str = "") -> str:
    return (
        "EXISTS (SELECT 1 FROM round JOIN application ON application.round_id = round.id "  # noqa: S608
        f"WHERE application.id = {which} AND round.state IN ('decided', 'evaluated') {besides})"
    )


def _closed_for(event: str, application: str = "{row}.application_id") -> str:
    """Be closed; history is brought in with its reviews as it was."""
    if event == "INSERT":
        return _round_closed(application.format(row="NEW"), "AND NOT round.imported")
    return _round_closed(application.format(row="OLD"))


# What an application was judged by.
JUDGED = ("verdict", "finding", "panel_advice", "review", "supplement")
OF_REVIEW = "(SELECT review.application_id FROM review WHERE review.id = {row}.review_id)"
OF_THE_APPLICATION = ("round_id", "reference", "submitted_at", "requested_cents", "months")
CLOSED = "a closed round changes by new decisions alone"

# name, table, event, when it refuses, what it looks up in other tables, what it says
REFUSALS = (
    (
        "decision_content_frozen",
        "decision",
        "UPDATE",
        (
            f"{changed(*CONTENT, *ADDED)} OR (OLD.letter_sha256 IS NOT NULL AND {changed('letter_sha256')}) "
            f"OR (OLD.confirmed_at IS NOT NULL AND {changed('confirmed_by', 'confirmed_at', 'decided_on')}) "
            f"OR (OLD.replaced_at IS NOT NULL AND {changed('replaced_at')})"
        ),
        "",
        "what a decision says never changes",
    ),
    (
        "decided_by_decision",
        "application",
        "UPDATE",
        (
            "NEW.state IS DISTINCT FROM OLD.state AND (NEW.state IN ('awarded', 'rejected', 'not_processed') "
            "OR (NEW.state = 'withdrawn' AND OLD.state IN ('awarded', 'rejected', 'not_processed')))"
        ),
        DECIDED,
        "a decided application has a confirmed decision",
    ),
    (
        "promised_is_booked",
        "round",
        "UPDATE",
        "NEW.promised_cents <> OLD.promised_cents",
        f"NEW.promised_cents <> {LEDGER_SUM}",
        "what is promised is the sum of the ledger",
    ),
    ("line_of_decision", "ledger_line", "INSERT", "TRUE", TAKEN, "a line belongs to a confirmed decision"),
    (
        "announced_is_booked",
        "decision",
        "UPDATE",
        "NEW.announced_at IS NOT NULL AND OLD.announced_at IS NULL AND NOT NEW.imported",
        f"NEW.amount_cents <> {BOOKED}",
        "the money of an announced decision is in the ledger",
    ),
    (
        "ceiling_by_change",
        "round",
        "UPDATE",
        "NEW.ceiling_cents <> OLD.ceiling_cents AND OLD.state <> 'draft'",
        PUBLISHED,
        "the ceiling of a published round changes with its publication",
    ),
    ("ledger_frozen", "ledger_line", "UPDATE", "TRUE", "", "a line of the ledger never changes"),
    ("ledger_kept", "ledger_line", "DELETE", "TRUE", "", "a line of the ledger is kept"),
    ("ceiling_change_frozen", "ceiling_change", "UPDATE", "TRUE", "", "a change of the ceiling is kept as it is"),
    ("ceiling_change_kept", "ceiling_change", "DELETE", "TRUE", "", "a change of the ceiling is kept"),
    ("frozen_round_frozen", "frozen_round", "UPDATE", "TRUE", "", "what was frozen never changes"),
    ("frozen_round_kept", "frozen_round", "DELETE", "TRUE", "", "what was frozen is kept"),
    (
        "mandate_frozen",
        "mandate",
        "UPDATE",
        (
            changed("user_id", "powers", "up_to_cents", "round_id", "function", "reference", "from_day",
                    "until_day", "given_by", "given_at")
            + f" OR (OLD.withdrawn_at IS NOT NULL AND {changed('withdrawn_by', 'withdrawn_at')})"
        ),
        "",
        "what a mandate says never changes",
    ),
    ("mandate_kept", "mandate", "DELETE", "TRUE", "", "a mandate is kept"),
    (
        "application_closed",
        "application",
        "UPDATE",
        (
            "OLD.state <> 'draft' AND ("
            + changed(*OF_THE_APPLICATION)
            + " OR (NEW.state IS DISTINCT FROM OLD.state AND OLD.state NOT IN "
            "('awarded', 'rejected', 'not_processed', 'withdrawn')))"
        ),
        _round_closed("NEW.id"),
        CLOSED,
    ),
    *(
        (
            f"{table}_closed_{event.lower()}",
            table,
            event,
            "TRUE",
            _closed_for(event),
            CLOSED,
        )
        for table in JUDGED
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    *(
        (
            f"review_score_closed_{event.lower()}",
            "review_score",
            event,
            "TRUE",
            _closed_for(event, OF_REVIEW),
            CLOSED,
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
)  # fmt: skip
NO_DECISION = (
    "NOT EXISTS (SELECT 1 FROM decision WHERE decision.application_id = NEW.id AND decision.returned_at IS NULL "
    "AND decision.outcome = NEW.state AND (decision.imported OR decision.confirmed_at IS NOT NULL))"
)
# As they were before, and as the way down makes them again.
BEFORE = (
    (
        "decision_content_frozen",
        "decision",
        "UPDATE",
        (
            f"{changed(*CONTENT)} OR (OLD.letter_sha256 IS NOT NULL AND {changed('letter_sha256')}) "
            f"OR (OLD.confirmed_at IS NOT NULL AND {changed('confirmed_by', 'confirmed_at', 'decided_on')})"
        ),
        "",
        "what a decision says never changes",
    ),
    (
        "decided_by_decision",
        "application",
        "UPDATE",
        "NEW.state IN ('awarded', 'rejected', 'not_processed') AND NEW.state IS DISTINCT FROM OLD.state",
        NO_DECISION,
        "a decided application has a confirmed decision",
    ),
    ("ledger_frozen", "ledger_line", "UPDATE", "TRUE", "", "a line of the ledger never changes"),
    ("ledger_kept", "ledger_line", "DELETE", "TRUE", "", "a line of the ledger is kept"),
)


def upgrade() -> None:
    _drop((name, table) for name, table, *_ in BEFORE)
    _create_tables()
    instant = "TIMESTAMP WITH TIME ZONE" if _postgresql() else "DATETIME"
    for name, spec in LATER:
        op.execute(f"ALTER TABLE decision ADD COLUMN {name} {spec.format(instant=instant)}")
    op.drop_index("uq_decision_current", table_name="decision")
    op.create_index("ix_decision_replaces_id", "decision", ["replaces_id"])
    op.create_index("ix_decision_application_id", "decision", ["application_id"])
    _unique(
        "in_force", "returned_at IS NULL AND replaced_at IS NULL AND (announced_at IS NOT NULL OR imported)"
    )
    _unique("pending", "returned_at IS NULL AND announced_at IS NULL AND NOT imported")
    _extend_ledger()
    for refusal in REFUSALS:
        _refuse(*refusal)
    _follow_the_ledger()


def downgrade() -> None:
    if _postgresql():
        op.execute("DROP TRIGGER promised_follows ON ledger_line")
        op.execute("DROP FUNCTION promised_follows()")
    else:
        op.execute("DROP TRIGGER promised_follows")
    _drop((name, table) for name, table, *_ in REFUSALS)
    op.drop_index("uq_decision_pending", table_name="decision")
    op.drop_index("uq_decision_in_force", table_name="decision")
    op.drop_index("ix_decision_application_id", table_name="decision")
    op.drop_index("ix_decision_replaces_id", table_name="decision")
    # Only the last decision on each application fits: the ones before it were one row there.
    op.execute(
        "DELETE FROM decision WHERE id IN (SELECT d.id FROM decision d JOIN decision later "
        "ON later.replaces_id = d.id AND later.returned_at IS NULL) AND NOT EXISTS "
        "(SELECT 1 FROM ledger_line WHERE ledger_line.decision_id = decision.id)"
    )
    current = "returned_at IS NULL"
    op.create_index(
        "uq_decision_current",
        "decision",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text(current),
        postgresql_where=sa.text(current),
    )
    for name, _ in reversed(LATER):
        op.execute(f"ALTER TABLE decision DROP COLUMN {name}")
    with op.batch_alter_table("ledger_line") as batch:
        batch.drop_constraint(op.f("ck_ledger_line_kind_fits"), type_="check")
        batch.drop_index("ix_ledger_line_decision_id")
        batch.drop_column("kind")
    for table in ("proposal_batch", "decision_reading", "hearing", "scenario_report", "scenario",
                  "ceiling_change", "frozen_round", "mandate"):  # fmt: skip
        op.drop_table(table)
    for refusal in BEFORE:
        _refuse(*refusal)


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _unique(name: str, where: str) -> None:
    op.create_index(
        f"uq_decision_{name}",
        "decision",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _refuse(name: str, table: str, event: str, condition: str, lookup: str, message: str) -> None:
    if not _postgresql():
        when = f"({condition}) AND {lookup}" if lookup else condition
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    test = f"IF NOT ({lookup}) THEN RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END IF;" if lookup else ""
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {test} RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
    )


def _drop(triggers: Iterable[tuple[str, str]]) -> None:
    for name, table in triggers:
        if _postgresql():
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")


def _follow_the_ledger() -> None:
    """Let `round.promised_cents` follow each line: who books a line moves the sum, and nobody else can."""
    move = "UPDATE round SET promised_cents = promised_cents + NEW.cents WHERE id = NEW.round_id"
    if _postgresql():
        op.execute(
            "CREATE FUNCTION promised_follows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {move}; RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER promised_follows AFTER INSERT ON ledger_line FOR EACH ROW "
            "WHEN (NEW.kind <> 'outside') EXECUTE FUNCTION promised_follows()"
        )
    else:
        op.execute(
            "CREATE TRIGGER promised_follows AFTER INSERT ON ledger_line FOR EACH ROW "
            f"WHEN NEW.kind <> 'outside' BEGIN {move}; END"
        )


def _extend_ledger() -> None:
    with op.batch_alter_table("ledger_line") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=10), nullable=True))
    op.execute("UPDATE ledger_line SET kind = CASE WHEN cents > 0 THEN 'promised' ELSE 'released' END")
    with op.batch_alter_table("ledger_line") as batch:
        batch.alter_column("kind", existing_type=sa.String(length=10), nullable=False)
        batch.create_check_constraint(
            op.f("ck_ledger_line_kind_fits"),
            "(kind = 'promised' AND cents > 0) OR (kind = 'released' AND cents < 0) "
            "OR (kind = 'outside' AND cents <> 0)",
        )
        batch.create_index("ix_ledger_line_decision_id", ["decision_id"])


def _create_tables() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("powers", JSON, nullable=False),
        sa.Column("up_to_cents", sa.BigInteger(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reference <> '' AND function <> ''", name=op.f("ck_mandate_says_where_from")),
        sa.CheckConstraint("up_to_cents IS NULL OR up_to_cents > 0", name=op.f("ck_mandate_limit_positive")),
        sa.CheckConstraint(
            "until_day IS NULL OR until_day >= from_day", name=op.f("ck_mandate_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "given_by IS NULL OR given_by <> user_id", name=op.f("ck_mandate_given_by_another")
        ),
        *_foreign("mandate", ("user_id", "user_account.id"), ("round_id", "round.id"),
                  ("given_by", "user_account.id"), ("withdrawn_by", "user_account.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )  # fmt: skip
    op.create_index("ix_mandate_user_id", "mandate", ["user_id"])
    op.create_table(
        "frozen_round",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_frozen_round_sha256_whole")),
        *_foreign("frozen_round", ("round_id", "round.id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_frozen_round")),
    )
    op.create_index("ix_frozen_round_round_id", "frozen_round", ["round_id"])
    op.create_table(
        "ceiling_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("before_cents", sa.BigInteger(), nullable=False),
        sa.Column("after_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("publication", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("before_cents <> after_cents", name=op.f("ck_ceiling_change_changes")),
        sa.CheckConstraint(
            "reason <> '' AND publication <> ''", name=op.f("ck_ceiling_change_reasoned_and_published")
        ),
        *_foreign("ceiling_change", ("round_id", "round.id"), ("changed_by", "user_account.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceiling_change")),
    )
    op.create_index("ix_ceiling_change_round_id", "ceiling_change", ["round_id"])
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("ceiling_cents", sa.BigInteger(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("frozen_sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_scenario_named")),
        sa.CheckConstraint("ceiling_cents >= 0", name=op.f("ck_scenario_ceiling_not_negative")),
        *_foreign("scenario", ("round_id", "round.id"), ("frozen_sha256", "frozen_round.sha256"),
                  ("made_by", "user_account.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_scenario_round_id_name")),
    )  # fmt: skip
    op.create_table(
        "scenario_report",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        *_foreign("scenario_report", ("round_id", "round.id"), ("pdf_sha256", "stored_file.sha256"),
                  ("asked_by", "user_account.id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_scenario_report")),
    )  # fmt: skip
    op.create_table(
        "hearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("grounds", JSON, nullable=False),
        sa.Column("intention", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("by_mouth", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("intention <> '' AND data <> ''", name=op.f("ck_hearing_says_what_and_why")),
        sa.CheckConstraint(
            "answered_at IS NULL OR answer <> ''", name=op.f("ck_hearing_answer_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_hearing_application_id"), ondelete="CASCADE"
        ),
        *_foreign("hearing", ("opened_by", "user_account.id"), ("answered_by", "user_account.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
    )
    op.create_index("ix_hearing_application_id", "hearing", ["application_id"])
    op.create_table(
        "decision_reading",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("letter_sha256", sa.String(length=64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_reading_decision_id"), ondelete="CASCADE"
        ),
        *_foreign("decision_reading", ("user_id", "user_account.id")),
        sa.PrimaryKeyConstraint("decision_id", "user_id", name=op.f("pk_decision_reading")),
    )
    op.create_table(
        "proposal_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("announce_on", sa.Date(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=15), nullable=True),
        sa.Column("chosen", JSON, nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proposed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", JSON, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped", sa.String(length=40), server_default="", nullable=False),
        sa.Column("stopped_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stopped = '' OR finished_at IS NOT NULL", name=op.f("ck_proposal_batch_stopped_is_over")
        ),
        *_foreign("proposal_batch", ("round_id", "round.id"), ("mandate_id", "mandate.id"),
                  ("asked_by", "user_account.id"), ("stopped_by", "user_account.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_batch")),
    )  # fmt: skip
    op.create_index("ix_proposal_batch_round_id", "proposal_batch", ["round_id"])
    running = sa.text("finished_at IS NULL")
    op.create_index(
        "uq_proposal_batch_running",
        "proposal_batch",
        ["round_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _foreign(table: str, *keys: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in keys
    ]
