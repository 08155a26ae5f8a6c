"""One verb per use case. Services flush at most and never commit; they never see a request or a form."""
