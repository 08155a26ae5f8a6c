"""The first tables.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_application", "access_log", ["application_id", "id"], unique=False)
    op.create_table(
        "chain_head",
        sa.Column("chain", sa.String(length=63), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "payload",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["dead_at", "id"],
        unique=False,
        sqlite_where=sa.text("dead_at IS NOT NULL"),
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "reference_version",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("population_date", sa.Date(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_reference_version")),
    )
    op.create_index(
        "uq_reference_version_active",
        "reference_version",
        ["active"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_stored_file_sha256_whole")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_token", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "former_municipality",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("successor", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["reference_version.version"], name=op.f("fk_former_municipality_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_former_municipality")),
    )
    op.create_table(
        "municipality",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("province_code", sa.String(length=6), nullable=False),
        sa.Column("province", sa.String(length=100), nullable=False),
        sa.Column("ggd_code", sa.String(length=6), nullable=False),
        sa.Column("ggd", sa.String(length=100), nullable=False),
        sa.Column("zk_code", sa.String(length=6), nullable=False),
        sa.Column("zorgkantoor", sa.String(length=100), nullable=False),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["reference_version.version"], name=op.f("fk_municipality_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_municipality")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("panel_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ceiling_cents", sa.BigInteger(), nullable=False),
        sa.Column("promised_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "definition",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("definition_digest", sa.String(length=64), nullable=False),
        sa.Column("reference_version", sa.String(length=40), nullable=False),
        sa.Column("phase_by_hand", sa.String(length=20), nullable=True),
        sa.Column("phase_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("official_publication", sa.String(length=200), server_default="", nullable=False),
        sa.Column("officially_published_on", sa.Date(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("own_definition", sa.Boolean(), nullable=False),
        sa.Column("references_given", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "phase_by_hand IS NULL OR phase_reason <> ''", name=op.f("ck_round_phase_has_reason")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'decided', 'evaluated')", name=op.f("ck_round_state_known")
        ),
        sa.CheckConstraint("ceiling_cents >= 0", name=op.f("ck_round_ceiling_not_negative")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_round_opens_before_closes")),
        sa.CheckConstraint(
            "promised_cents >= 0 AND promised_cents <= ceiling_cents", name=op.f("ck_round_ceiling_kept")
        ),
        sa.ForeignKeyConstraint(
            ["reference_version"], ["reference_version.version"], name=op.f("fk_round_reference_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("slug", name=op.f("uq_round_slug")),
    )
    op.create_index(op.f("ix_round_kind"), "round", ["kind"], unique=False)
    op.create_index(op.f("ix_round_opens_at"), "round", ["opens_at"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column("channel", sa.String(length=10), server_default="portal", nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("region_name", sa.Text(), server_default="", nullable=False),
        sa.Column("region_inhabitants", sa.Integer(), nullable=True),
        sa.Column("requested_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cofinancing_cents", sa.BigInteger(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column(
            "themes",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("predecessor", sa.Text(), nullable=True),
        sa.Column("regiobeeld", sa.Text(), nullable=True),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "channel IN ('portal', 'paper', 'import')", name=op.f("ck_application_channel_known")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (reference IS NOT NULL AND submitted_at IS NOT NULL AND months IS NOT NULL)",
            name=op.f("ck_application_submitted_is_complete"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'supplement_requested', 'eligible', 'ineligible', 'in_review', 'rebuttal', 'advised', 'awarded', 'rejected', 'not_processed', 'withdrawn')",
            name=op.f("ck_application_state_known"),
        ),
        sa.CheckConstraint("requested_cents >= 0", name=op.f("ck_application_requested_not_negative")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_application_round_id")),
        sa.ForeignKeyConstraint(["started_by"], ["user_account.id"], name=op.f("fk_application_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
    )
    op.create_index("ix_application_round_reference", "application", ["round_id", "reference"], unique=False)
    op.create_index("ix_application_round_state", "application", ["round_id", "state", "id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=63), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("detail_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["chain_head.chain"], name=op.f("fk_event_chain")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_event_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_event_chain_sequence")),
    )
    op.create_index("ix_event_application", "event", ["application_id", "id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["granted_by"], ["user_account.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_role_grant_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_round_id"), "role_grant", ["round_id"], unique=False)
    op.create_index(op.f("ix_role_grant_user_id"), "role_grant", ["user_id"], unique=False)
    op.create_index(
        "uq_role_grant_all_rounds",
        "role_grant",
        ["user_id", "role"],
        unique=True,
        sqlite_where=sa.text("round_id IS NULL"),
        postgresql_where=sa.text("round_id IS NULL"),
    )
    op.create_index("uq_role_grant_one_round", "role_grant", ["user_id", "role", "round_id"], unique=True)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=63), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_attachment_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_attachment_sha256")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user_account.id"], name=op.f("fk_attachment_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_application_id"), "attachment", ["application_id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=15), server_default="cost", nullable=False),
        sa.Column("category", sa.String(length=63), server_default="", nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('cost', 'own', 'cofinancing')", name=op.f("ck_budget_line_kind_known")),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_budget_line_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_budget_line_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "application_id", "position", name=op.f("uq_budget_line_application_id_position")
        ),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=15), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("reserve_place", sa.Integer(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("departure", sa.Text(), server_default="", nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announce_on", sa.Date(), nullable=True),
        sa.Column("objection_last_day", sa.Date(), nullable=True),
        sa.Column(
            "basis",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("letter_sha256", sa.String(length=64), nullable=True),
        sa.Column("returned_by", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("imported OR motivation <> ''", name=op.f("ck_decision_motivated")),
        sa.CheckConstraint(
            "imported OR outcome <> 'awarded' OR amount_cents > 0", name=op.f("ck_decision_award_has_amount")
        ),
        sa.CheckConstraint(
            "outcome = 'awarded' OR amount_cents = 0", name=op.f("ck_decision_only_awards_have_money")
        ),
        sa.CheckConstraint(
            "outcome IN ('awarded', 'rejected', 'not_processed', 'withdrawn')",
            name=op.f("ck_decision_outcome_known"),
        ),
        sa.CheckConstraint(
            "returned_at IS NULL OR (announced_at IS NULL AND return_reason <> '')",
            name=op.f("ck_decision_return_reasoned"),
        ),
        sa.CheckConstraint(
            "announced_at IS NULL OR imported OR confirmed_at IS NOT NULL",
            name=op.f("ck_decision_confirmed_first"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_decision_four_eyes")
        ),
        sa.CheckConstraint(
            "imported OR confirmed_at IS NULL OR (confirmed_by IS NOT NULL AND letter_sha256 IS NOT NULL)",
            name=op.f("ck_decision_confirmed_with_letter"),
        ),
        sa.CheckConstraint("imported OR proposed_by IS NOT NULL", name=op.f("ck_decision_has_proposer")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user_account.id"], name=op.f("fk_decision_confirmed_by")),
        sa.ForeignKeyConstraint(
            ["letter_sha256"], ["stored_file.sha256"], name=op.f("fk_decision_letter_sha256")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"], name=op.f("fk_decision_proposed_by")),
        sa.ForeignKeyConstraint(["returned_by"], ["user_account.id"], name=op.f("fk_decision_returned_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_decision_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_round", "decision", ["round_id", "application_id"], unique=False)
    op.create_index(
        "uq_decision_current",
        "decision",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.create_table(
        "event_detail",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_detail_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_detail")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.String(length=63), nullable=False),
        sa.Column("outcome", sa.String(length=4), nullable=False),
        sa.Column(
            "params",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.CheckConstraint("outcome IN ('pass', 'warn', 'fail')", name=op.f("ck_finding_outcome_known")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_finding_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("application_id", "check_id", name=op.f("uq_finding_application_id_check_id")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attachment_sha256", sa.String(length=64), nullable=True),
        sa.Column("attachment_name", sa.String(length=200), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "delivery IN ('waiting', 'sending', 'uncertain', 'sent', 'failed')",
            name=op.f("ck_mail_delivery_known"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_mail_application_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["attachment_sha256"], ["stored_file.sha256"], name=op.f("fk_mail_attachment_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index("ix_mail_application", "mail", ["application_id", "id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.CheckConstraint("capacity IN ('view', 'edit', 'sign')", name=op.f("ck_membership_capacity_known")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_membership_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("application_id", "user_id", name=op.f("uq_membership_application_id_user_id")),
    )
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_table(
        "panel_advice",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "scores",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "priority IS NULL OR priority >= 1", name=op.f("ck_panel_advice_priority_positive")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_panel_advice_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_panel_advice_recorded_by")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_panel_advice")),
    )
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("domain", sa.String(length=20), nullable=False),
        sa.Column("kvk", sa.String(length=8), nullable=True),
        sa.Column("contact", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_participation_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "application_id", "position", name=op.f("uq_participation_application_id_position")
        ),
    )
    op.create_table(
        "region_municipality",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("given_code", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_region_municipality_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", "position", name=op.f("pk_region_municipality")),
    )
    op.create_index(op.f("ix_region_municipality_code"), "region_municipality", ["code"], unique=False)
    op.create_table(
        "region_neighbourhood",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_region_neighbourhood_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", "position", name=op.f("pk_region_neighbourhood")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflict", sa.Text(), nullable=True),
        sa.Column("conflict_measure", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("conflict IS NULL OR conflict <> ''", name=op.f("ck_review_conflict_says_what")),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR handed_in_at IS NULL OR (declared_at IS NOT NULL AND conflict IS NULL)",
            name=op.f("ck_review_handed_in_after_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_review_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["user_account.id"], name=op.f("fk_review_assigned_by")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user_account.id"], name=op.f("fk_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("application_id", "reviewer", name=op.f("uq_review_application_id_reviewer")),
    )
    op.create_index("ix_review_reviewer_open", "review", ["reviewer_id", "handed_in_at", "id"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column(
            "sections",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("supplied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("asked <> ''", name=op.f("ck_supplement_says_what")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_supplement_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name=op.f("fk_supplement_requested_by")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_supplement")),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("motivation <> ''", name=op.f("ck_verdict_motivated")),
        sa.CheckConstraint("verdict IN ('eligible', 'ineligible')", name=op.f("ck_verdict_verdict_known")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_verdict_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["user_account.id"], name=op.f("fk_verdict_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_application_id"), "verdict", ["application_id"], unique=False)
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_ledger_line_decision_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ledger_line_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
    )
    op.create_index(op.f("ix_ledger_line_round_id"), "ledger_line", ["round_id"], unique=False)
    op.create_table(
        "review_score",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=40), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_score_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "criterion", name=op.f("pk_review_score")),
    )


def downgrade() -> None:
    op.drop_table("review_score")
    op.drop_index(op.f("ix_ledger_line_round_id"), table_name="ledger_line")
    op.drop_table("ledger_line")
    op.drop_index(op.f("ix_verdict_application_id"), table_name="verdict")
    op.drop_table("verdict")
    op.drop_table("supplement")
    op.drop_index("ix_review_reviewer_open", table_name="review")
    op.drop_table("review")
    op.drop_table("region_neighbourhood")
    op.drop_index(op.f("ix_region_municipality_code"), table_name="region_municipality")
    op.drop_table("region_municipality")
    op.drop_table("participation")
    op.drop_table("panel_advice")
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_mail_application", table_name="mail")
    op.drop_table("mail")
    op.drop_table("finding")
    op.drop_table("event_detail")
    op.drop_index(
        "uq_decision_current",
        table_name="decision",
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.drop_index("ix_decision_round", table_name="decision")
    op.drop_table("decision")
    op.drop_table("budget_line")
    op.drop_index(op.f("ix_attachment_application_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("uq_role_grant_one_round", table_name="role_grant")
    op.drop_index(
        "uq_role_grant_all_rounds",
        table_name="role_grant",
        sqlite_where=sa.text("round_id IS NULL"),
        postgresql_where=sa.text("round_id IS NULL"),
    )
    op.drop_index(op.f("ix_role_grant_user_id"), table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_round_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index("ix_event_application", table_name="event")
    op.drop_table("event")
    op.drop_index("ix_application_round_state", table_name="application")
    op.drop_index("ix_application_round_reference", table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_round_opens_at"), table_name="round")
    op.drop_index(op.f("ix_round_kind"), table_name="round")
    op.drop_table("round")
    op.drop_table("municipality")
    op.drop_table("former_municipality")
    op.drop_table("user_account")
    op.drop_table("stored_file")
    op.drop_index(
        "uq_reference_version_active",
        table_name="reference_version",
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_table("reference_version")
    op.drop_index(
        "ix_outbox_waiting",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
    )
    op.drop_index(
        "ix_outbox_dead",
        table_name="outbox",
        sqlite_where=sa.text("dead_at IS NOT NULL"),
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("login_throttle")
    op.drop_table("chain_head")
    op.drop_index("ix_access_log_application", table_name="access_log")
    op.drop_table("access_log")
