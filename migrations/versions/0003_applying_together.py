"""Applying together: members, invitations, signatures, organisations, kept texts, messages.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("kvk", sa.String(length=8), nullable=True),
        sa.Column("rsin", sa.String(length=9), nullable=True),
        sa.Column("postcode", sa.String(length=7), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kvk IS NULL OR length(kvk) = 8", name=op.f("ck_organisation_kvk_whole")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("kvk", name=op.f("uq_organisation_kvk")),
    )
    op.create_index("ix_organisation_name_key", "organisation", ["name_key"], unique=False)
    op.create_table(
        "parked_form",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("typed", JSON, nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_parked_form")),
    )
    op.create_index("ix_parked_form_parked_at", "parked_form", ["parked_at"], unique=False)
    op.create_table(
        "page_image",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_sha256"], ["stored_file.sha256"], name=op.f("fk_page_image_image_sha256")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_page_image_sha256")),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_page_image")),
    )
    op.create_table(
        "pages_made",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=30), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_pages_made_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_pages_made")),
    )
    op.create_table(
        "call_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("asked <> ''", name=op.f("ck_call_question_asks_something")),
        sa.CheckConstraint(
            "published_at IS NULL OR (answer <> '' AND question <> '')",
            name=op.f("ck_call_question_published_is_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_call_question_answered_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_call_question_asked_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_call_question_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_question")),
    )
    op.create_index("ix_call_question_round", "call_question", ["round_id", "id"], unique=False)
    op.create_table(
        "aid_received",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("participation_key", sa.String(length=16), nullable=True),
        sa.Column("regulation", sa.String(length=10), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("grantor", sa.String(length=200), server_default="", nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "regulation IN ('de_minimis', 'sgei')", name=op.f("ck_aid_received_regulation_known")
        ),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_aid_received_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_aid_received_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_received")),
        sa.UniqueConstraint(
            "application_id", "position", name=op.f("uq_aid_received_application_id_position")
        ),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("participation_key", sa.String(length=16), nullable=True),
        sa.Column("part", sa.String(length=20), server_default="", nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "capacity IN ('view', 'edit', 'sign', 'lead')", name=op.f("ck_invitation_capacity_known")
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["user_account.id"], name=op.f("fk_invitation_accepted_by")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_invitation_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["user_account.id"], name=op.f("fk_invitation_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_index("ix_invitation_application", "invitation", ["application_id", "id"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=63), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("typed", JSON, nullable=False),
        sa.Column("reason", sa.String(length=15), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_kept_form_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_kept_form_user_id")),
        sa.PrimaryKeyConstraint("application_id", "section", "user_id", name=op.f("pk_kept_form")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("from_office", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_message_says_something")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_message_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_message_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_application", "message", ["application_id", "id"], unique=False)
    op.create_table(
        "other_money",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("description", sa.String(length=300), server_default="", nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_other_money_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_other_money_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_money")),
        sa.UniqueConstraint(
            "application_id", "position", name=op.f("uq_other_money_application_id_position")
        ),
    )
    op.create_table(
        "presence",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=63), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_presence_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_presence_user_id")),
        sa.PrimaryKeyConstraint("application_id", "section", "user_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "sent_version",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_sent_version_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", "version", name=op.f("pk_sent_version")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("participation_key", sa.String(length=16), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_version", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("terms_digest", sa.String(length=64), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=True),
        sa.Column("statement_name", sa.String(length=200), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_for", JSON, nullable=False),
        sa.CheckConstraint("kind IN ('online', 'uploaded')", name=op.f("ck_signature_kind_known")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_signature_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_signature_signed_by")),
        sa.ForeignKeyConstraint(
            ["statement_sha256"], ["stored_file.sha256"], name=op.f("fk_signature_statement_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index("ix_signature_application", "signature", ["application_id", "id"], unique=False)
    op.create_table(
        "message_reading",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_reading_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_message_reading_user_id")),
        sa.PrimaryKeyConstraint("message_id", "user_id", name=op.f("pk_message_reading")),
    )
    op.add_column("application", sa.Column("regiobeeld_from", sa.String(length=10), nullable=True))
    op.add_column("application", sa.Column("set_aside", JSON, server_default="{}", nullable=False))
    op.add_column("application", sa.Column("copied_from", sa.String(length=40), nullable=True))
    with op.batch_alter_table("attachment") as attachment:
        attachment.add_column(
            sa.Column("scan", sa.String(length=10), server_default="unscanned", nullable=False)
        )
        attachment.add_column(sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
        attachment.create_check_constraint(
            "scan_known", "scan IN ('unscanned', 'waiting', 'clean', 'infected')"
        )
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)
    op.add_column("budget_line", sa.Column("participation_key", sa.String(length=16), nullable=True))
    op.add_column("budget_line", sa.Column("year", sa.Integer(), nullable=True))
    op.add_column("budget_line", sa.Column("source", sa.String(length=63), nullable=True))
    with op.batch_alter_table("membership") as membership:
        membership.add_column(sa.Column("participation_key", sa.String(length=16), nullable=True))
        membership.add_column(sa.Column("part", sa.String(length=20), server_default="", nullable=False))
        membership.drop_constraint("capacity_known", type_="check")
        membership.create_check_constraint("capacity_known", "capacity IN ('view', 'edit', 'sign', 'lead')")
    # Until now who could sign could do everything: that is the project leadership.
    op.execute("UPDATE membership SET capacity = 'lead' WHERE capacity = 'sign'")
    with op.batch_alter_table("participation") as participation:
        participation.add_column(sa.Column("key", sa.String(length=16), server_default="", nullable=False))
        participation.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        participation.add_column(sa.Column("rsin", sa.String(length=9), nullable=True))
        participation.add_column(sa.Column("iban", sa.String(length=34), nullable=True))
        participation.add_column(sa.Column("postcode", sa.String(length=7), nullable=True))
        participation.create_foreign_key(
            op.f("fk_participation_organisation_id"), "organisation", ["organisation_id"], ["id"]
        )
        participation.create_index("ix_participation_organisation", ["organisation_id"], unique=False)
    op.execute("UPDATE participation SET key = 'p' || id")


def downgrade() -> None:
    with op.batch_alter_table("participation") as participation:
        participation.drop_index("ix_participation_organisation")
        participation.drop_constraint(op.f("fk_participation_organisation_id"), type_="foreignkey")
        for name in ("postcode", "iban", "rsin", "organisation_id", "key"):
            participation.drop_column(name)
    op.execute("UPDATE membership SET capacity = 'edit' WHERE capacity = 'sign'")
    with op.batch_alter_table("membership") as membership:
        membership.drop_constraint("capacity_known", type_="check")
        membership.drop_column("part")
        membership.drop_column("participation_key")
    op.execute("UPDATE membership SET capacity = 'sign' WHERE capacity = 'lead'")
    with op.batch_alter_table("membership") as membership:
        membership.create_check_constraint("capacity_known", "capacity IN ('view', 'edit', 'sign')")
    for name in ("source", "year", "participation_key"):
        op.drop_column("budget_line", name)
    op.drop_index("ix_attachment_sha256", table_name="attachment")
    with op.batch_alter_table("attachment") as attachment:
        attachment.drop_constraint("scan_known", type_="check")
        attachment.drop_column("scanned_at")
        attachment.drop_column("scan")
    op.drop_column("application", "copied_from")
    op.drop_column("application", "set_aside")
    op.drop_column("application", "regiobeeld_from")
    op.drop_table("message_reading")
    op.drop_index("ix_signature_application", table_name="signature")
    op.drop_table("signature")
    op.drop_table("sent_version")
    op.drop_table("presence")
    op.drop_table("other_money")
    op.drop_index("ix_message_application", table_name="message")
    op.drop_table("message")
    op.drop_table("kept_form")
    op.drop_index("ix_invitation_application", table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("aid_received")
    op.drop_index("ix_call_question_round", table_name="call_question")
    op.drop_table("call_question")
    op.drop_table("pages_made")
    op.drop_table("page_image")
    op.drop_index("ix_parked_form_parked_at", table_name="parked_form")
    op.drop_table("parked_form")
    op.drop_index("ix_organisation_name_key", table_name="organisation")
    op.drop_table("organisation")
