"""Letters: each letter of the procedure as a row, its words in versions, sending, the mail room, the letterhead.

Revision: 0007, after 0006

What was sent before gets its row too, so that the inbox of an applicant is whole; those letters carry no code
on paper, and are known by their digest.
"""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns) + ")"


def once(*columns: str) -> str:
    return " OR ".join(f"(OLD.{name} IS NOT NULL AND {changed(name)})" for name in columns)


SAID = (
    "key",
    "application_id",
    "round_id",
    "kind",
    "decision_id",
    "code",
    "facts",
    "dated",
    "last_day",
    "expected",
    "created_at",
)
# name, table, event, when it refuses, what it says
REFUSALS = (
    (
        "letter_frozen",
        "letter",
        "UPDATE",
        (
            f"{changed(*SAID)} OR {once('sha256', 'english_sha256', 'placed_at', 'notified_at', 'posted_at')} "
            f"OR (OLD.sha256 IS NOT NULL AND {changed('wording_id')})"
        ),
        "what a letter says never changes",
    ),
    ("letter_kept", "letter", "DELETE", "TRUE", "a letter is kept"),
    (
        "letter_wording_frozen",
        "letter_wording",
        "UPDATE",
        "OLD.published_at IS NOT NULL",
        "published words never change",
    ),
    (
        "letter_wording_kept",
        "letter_wording",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "published words are kept",
    ),
    ("letterhead_frozen", "letterhead", "UPDATE", "TRUE", "a letterhead never changes"),
    ("letterhead_kept", "letterhead", "DELETE", "TRUE", "a letterhead is kept"),
)
# How a decision of before is named as a letter.
KIND = (
    "CASE WHEN decision.outcome = 'awarded' AND decision.amount_cents < application.requested_cents "
    "THEN 'partial' WHEN decision.outcome = 'awarded' THEN 'award' "
    "WHEN decision.outcome = 'rejected' AND decision.reserve_place IS NOT NULL THEN 'reserve' "
    "WHEN decision.outcome = 'rejected' THEN 'reject' "
    "WHEN decision.outcome = 'withdrawn' THEN 'withdrawal' ELSE decision.outcome END"
)
DECISIONS = (
    "SELECT 'decision:' || decision.id AS key, decision.application_id, decision.round_id, "  # noqa: S608
    f"{KIND} AS kind, decision.id AS decision_id, decision.announce_on AS dated, "
    "decision.objection_last_day AS last_day, 'object' AS expected, decision.proposed_at AS created_at, "
    "decision.letter_sha256 AS sha256, decision.announced_at AS placed_at FROM decision "
    "JOIN application ON application.id = decision.application_id WHERE decision.letter_sha256 IS NOT NULL "
    "AND decision.announced_at IS NOT NULL AND decision.announce_on IS NOT NULL ORDER BY decision.id"
)
# ALPHABET and LENGTH are those of `subsidy.services.letters`, as they were.
ALPHABET, LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16


def upgrade() -> None:
    _create_tables()
    op.execute(
        "ALTER TABLE mail ADD COLUMN letter_id INTEGER CONSTRAINT fk_mail_letter_id REFERENCES letter (id)"
    )
    op.create_index("ix_mail_letter_id", "mail", ["letter_id"])
    _bring_over()
    for refusal in REFUSALS:
        _refuse(*refusal)


def downgrade() -> None:
    for name, table, *_ in REFUSALS:
        op.execute(f"DROP TRIGGER {name} ON {table}" if _postgresql() else f"DROP TRIGGER {name}")
        if _postgresql():
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_mail_letter_id", table_name="mail")
    op.execute("ALTER TABLE mail DROP COLUMN letter_id")
    for table in ("letter_reading", "letter", "paper_request", "sending", "mail_run", "letter_wording",
                  "signature_image", "letterhead"):  # fmt: skip
        op.drop_table(table)


def _bring_over() -> None:
    """Make a row of the letter of every decision that was announced before."""
    bind = op.get_bind()
    letter = sa.table(
        "letter",
        *(
            sa.column(name)
            for name in ("key", "application_id", "round_id", "kind", "decision_id", "dated", "last_day",
                         "expected", "created_at", "sha256", "placed_at", "notified_at", "code")
        ),
        sa.column("facts", JSON),
    )  # fmt: skip
    for row in bind.execute(sa.text(DECISIONS)).mappings():
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        bind.execute(letter.insert().values(**row, notified_at=row["placed_at"], code=code, facts={}))


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse(name: str, table: str, event: str, condition: str, message: str) -> None:
    if not _postgresql():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
    )


def _foreign(table: str, *keys: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in keys
    ]


def _create_tables() -> None:
    op.create_table(
        "letterhead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), server_default="", nullable=False),
        sa.Column("website", sa.String(length=200), server_default="", nullable=False),
        sa.Column("logo_sha256", sa.String(length=64), nullable=True),
        sa.Column("logo_text", sa.String(length=200), server_default="", nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        *_foreign("letterhead", ("logo_sha256", "stored_file.sha256"), ("saved_by", "user_account.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "signature_image",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        *_foreign(
            "signature_image",
            ("saved_by", "user_account.id"),
            ("sha256", "stored_file.sha256"),
            ("user_id", "user_account.id"),
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_signature_image")),
    )
    op.create_table(
        "letter_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phrases", JSON, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_letter_wording_published_by_somebody"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_letter_wording_version_counts")),
        *_foreign(
            "letter_wording",
            ("published_by", "user_account.id"),
            ("round_id", "round.id"),
            ("saved_by", "user_account.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wording")),
        sa.UniqueConstraint("round_id", "version", name=op.f("uq_letter_wording_round_id_version")),
    )
    op.create_index(
        "uq_letter_wording_draft",
        "letter_wording",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "mail_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letters", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("list_sha256", sa.String(length=64), nullable=True),
        sa.Column("stopped", sa.String(length=40), server_default="", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_by", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "posted_at IS NULL OR finished_at IS NOT NULL", name=op.f("ck_mail_run_posted_when_made")
        ),
        *_foreign(
            "mail_run",
            ("asked_by", "user_account.id"),
            ("list_sha256", "stored_file.sha256"),
            ("pdf_sha256", "stored_file.sha256"),
            ("posted_by", "user_account.id"),
            ("round_id", "round.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_run")),
    )
    op.create_index("ix_mail_run_round_id", "mail_run", ["round_id"], unique=False)
    op.create_index(
        "uq_mail_run_running",
        "mail_run",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_by", sa.Integer(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(paused_at IS NULL) = (paused_by IS NULL)", name=op.f("ck_sending_paused_by_somebody")
        ),
        *_foreign(
            "sending",
            ("asked_by", "user_account.id"),
            ("paused_by", "user_account.id"),
            ("round_id", "round.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
        sa.UniqueConstraint("round_id", "day", name=op.f("uq_sending_round_id_day")),
    )
    op.create_table(
        "paper_request",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= asked_at", name=op.f("ck_paper_request_ends_after_start")
        ),
        *_foreign("paper_request", ("application_id", "application.id"), ("asked_by", "user_account.id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_paper_request")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("expected", sa.String(length=20), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("english_sha256", sa.String(length=64), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_by", sa.Integer(), nullable=True),
        sa.Column("mail_run_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "notified_at IS NULL OR placed_at IS NOT NULL", name=op.f("ck_letter_notified_when_placed")
        ),
        sa.CheckConstraint(
            "placed_at IS NULL OR sha256 IS NOT NULL", name=op.f("ck_letter_placed_when_drawn")
        ),
        sa.CheckConstraint(
            "posted_at IS NULL OR placed_at IS NOT NULL", name=op.f("ck_letter_posted_when_placed")
        ),
        *_foreign(
            "letter",
            ("application_id", "application.id"),
            ("decision_id", "decision.id"),
            ("english_sha256", "stored_file.sha256"),
            ("mail_run_id", "mail_run.id"),
            ("posted_by", "user_account.id"),
            ("round_id", "round.id"),
            ("sha256", "stored_file.sha256"),
            ("wording_id", "letter_wording.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("code", name=op.f("uq_letter_code")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_letter_decision_id")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    op.create_index("ix_letter_application_id", "letter", ["application_id", "id"], unique=False)
    op.create_index("ix_letter_mail_run_id", "letter", ["mail_run_id"], unique=False)
    op.create_index(
        "ix_letter_not_sent",
        "letter",
        ["placed_at", "id"],
        unique=False,
        sqlite_where=sa.text("placed_at IS NOT NULL AND notified_at IS NULL AND posted_at IS NULL"),
        postgresql_where=sa.text("placed_at IS NOT NULL AND notified_at IS NULL AND posted_at IS NULL"),
    )
    op.create_index("ix_letter_round_id", "letter", ["round_id", "id"], unique=False)
    op.create_index("ix_letter_sha256", "letter", ["sha256"], unique=False)
    op.create_index("ix_letter_english_sha256", "letter", ["english_sha256"], unique=False)
    op.create_table(
        "letter_reading",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        *_foreign("letter_reading", ("letter_id", "letter.id"), ("user_id", "user_account.id")),
        sa.PrimaryKeyConstraint("letter_id", "user_id", name=op.f("pk_letter_reading")),
    )
