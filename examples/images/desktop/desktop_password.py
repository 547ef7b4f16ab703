"""websockify's question to us: may this request pass? Page and stream are both guarded by HTTP's own log-in."""

import base64
import hmac
import os

from websockify.auth_plugins import AuthenticationError


class Password:
    """The password comes by environment, so that it is in no process list."""

    def __init__(self, _source=None):
        pair = f"{os.environ.get('AUTH_USER', '')}:{os.environ['AUTH_PASS']}"
        self._expected = b"Basic " + base64.b64encode(pair.encode())

    def authenticate(self, headers, target_host, target_port):
        given = (headers.get("Authorization") or "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._expected):
            raise AuthenticationError(
                response_code=401, response_msg="Log in", response_headers={"WWW-Authenticate": 'Basic realm="Desktop"'}
            )
