"""What keeps a browser safe, and the server: strict headers with a nonce per answer, and a limit on forms."""

import re
import secrets

from flask import Flask, Response, abort, g, request

# A form without files is read whole, and each of its fields costs memory many times its size.
FORM_BYTES = 2 * 1024 * 1024
# The longest form that people can fill in has some two thousand; more lines than that cost minutes to read.
FORM_FIELDS = 5000
# Control characters: nobody types them in an address, and no database and no page takes them all.
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


def csp_nonce() -> str:
    """The nonce of this answer; a script without it does not run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def init_app(app: Flask) -> None:
    """Limit every form, and add the headers to every answer."""

    @app.before_request
    def limit() -> None:
        if any(map(UNSEEN.search, (request.path, *request.args.values()))):
            abort(400)
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = FORM_BYTES
            if len(request.form) > FORM_FIELDS:
                abort(413)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; "
            f"script-src 'nonce-{csp_nonce()}'; "
            "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce
