# Read by jupyter-lab at start. Settings come by environment, so that no secret is in the process list.
import base64
import binascii
import os

from jupyter_server.auth.identity import PasswordIdentityProvider

c = get_config()  # noqa: F821 (Jupyter provides it)
env = os.environ.get

if env("BASE_SOCKET"):
    c.ServerApp.sock = env("BASE_SOCKET")  # of mode 0600
else:
    c.ServerApp.ip = "0.0.0.0"
    c.ServerApp.port = int(env("BASE_PORT") or 8888)
    c.ServerApp.port_retries = 0  # the port is agreed upon: another one would never be found
c.ServerApp.base_url = env("BASE_URL") or "/"
c.ServerApp.root_dir = os.environ["HOME"]
c.ContentsManager.preferred_dir = env("START_FOLDER") or ""  # where the file browser opens
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True  # root of the container, at most
c.ServerApp.allow_remote_access = True  # the Host header is the gateway's task origin

# With no password given, whoever reaches the port is let in: the gateway, or the host's own users, guard it.
c.IdentityProvider.token = env("AUTH_PASS") or ""


class BasicLogIn(PasswordIdentityProvider):
    """Takes the token by HTTP's basic log-in as well, which the platform says for its users: they aren't asked."""

    def get_token(self, handler):
        scheme, _, given = handler.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return super().get_token(handler)
        try:
            return base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None


c.ServerApp.identity_provider_class = BasicLogIn

# The page would read its token from the cookie `_xsrf`, which has another name where tasks share a host (the gateway keeps
# their cookies apart). Requests and WebSockets of other origins are refused all the same, by their Origin.
c.ServerApp.disable_check_xsrf = True
