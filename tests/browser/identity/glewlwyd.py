"""`glewlwyd(…)`: Debian's identity provider of that name, with one client and two people."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.browser.identity.standing import CLIENT, SECRET, running

PROGRAM = shutil.which("glewlwyd")
LIBRARIES, PAGES = "/usr/lib/glewlwyd", "/usr/share/glewlwyd/webapp"
CONFIG = "/usr/share/glewlwyd/templates/config.json"
TABLES = Path("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz")
SETTINGS = """
port={port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:{port}"
login_url="login.html"
api_prefix="api"
cookie_secure=0
cookie_same_site="empty"
log_mode="file"
log_level="INFO"
log_file="{folder}/log"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{libraries}/user"
client_module_path="{libraries}/client"
user_auth_scheme_module_path="{libraries}/scheme"
plugin_module_path="{libraries}/plugin"
static_files_path="{pages}"
hash_algorithm="SHA512"
database={{type="sqlite3";path="{folder}/people.db";}};
static_files_mime_types=(
  {{extension=".html";mime_type="text/html";}}, {{extension=".css";mime_type="text/css";}},
  {{extension=".js";mime_type="application/javascript";}},
  {{extension=".json";mime_type="application/json";}})
"""
PLUGIN = {
    "jwt-type": "rsa", "jwt-key-size": "256", "access-token-duration": 3600,
    "refresh-token-duration": 3600, "code-duration": 600, "refresh-token-rolling": True,
    "auth-type-code-enabled": True, "auth-type-token-enabled": False,
    "auth-type-id-token-enabled": True, "auth-type-none-enabled": False,
    "auth-type-password-enabled": False, "auth-type-client-enabled": False,
    "auth-type-refresh-enabled": True, "subject-type": "public", "name-claim": "on-demand",
    "name-claim-scope": ["profile"], "email-claim": "on-demand", "email-claim-scope": ["email"],
    "scope-claim": "no", "address-claim": {"type": "no"}, "pkce-allowed": True,
    "pkce-required": True, "jwks-show": True, "session-management-allowed": True,
    "session-cookie-name": "GLEWLWYD_OIDC", "session-cookie-expiration": 3600,
    "allowed-scope": ["openid", "email", "profile"],
    "claims": [
        {"name": "groups", "user-property": "groups", "type": "string", "scope": ["profile"]},
        {"name": "email_verified", "user-property": "verified", "type": "boolean",
         "boolean-value-true": "yes", "boolean-value-false": "no", "scope": ["email"]},
    ],
}  # fmt: skip
PASSWORD = "open-sesame"


@contextmanager
def glewlwyd(folder: Path, port: int, redirect: str) -> Iterator[str]:
    """A running, configured provider; yields its issuer."""
    base = f"http://127.0.0.1:{port}"
    pages = shutil.copytree(PAGES, folder / "pages")  # it serves no symlinks
    shutil.rmtree(pages / "config.json")  # a folder in Debian's package
    shutil.copy(CONFIG, pages / "config.json")
    given = {"port": port, "folder": folder, "libraries": LIBRARIES, "pages": pages}
    (folder / "glewlwyd.conf").write_text(SETTINGS.format(**given))
    _people(folder / "people.db")
    with running([PROGRAM or "glewlwyd", "-c", str(folder / "glewlwyd.conf")], f"{base}/config"):
        _set(f"{base}/api", redirect)
        yield f"{base}/api/oidc"


def _people(path: Path) -> None:
    """Its tables, whose people have groups and may have a verified address."""
    made = sqlite3.connect(path)
    made.executescript(gzip.decompress(TABLES.read_bytes()).decode())
    (told,) = made.execute("SELECT gumi_parameters FROM g_user_module_instance").fetchone()
    held = json.loads(told)
    held["data-format"] |= {
        name: {"multiple": many, "read": True, "write": True, "profile-read": True}
        for name, many in (("groups", True), ("verified", False))
    }
    made.execute("UPDATE g_user_module_instance SET gumi_parameters = ?", (json.dumps(held),))
    made.commit()
    made.close()


def _set(api: str, redirect: str) -> None:
    """Configure OpenID Connect, our client and the people, through its API."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    scopes = ["openid", "email", "profile"]
    keys = {"iss": f"{api}/oidc", "key": private.decode(), "cert": public.decode()}
    things: list[tuple[str, dict[str, object]]] = [
        ("auth/", {"username": "admin", "password": "password"}),
        ("mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "OpenID Connect",
                         "parameters": PLUGIN | keys}),
        *(("scope/", {"name": name, "display_name": name, "password_required": False})
          for name in scopes[1:]),
        ("client/", {"client_id": CLIENT, "name": "Console", "confidential": True,
                     "password": SECRET, "redirect_uri": [redirect], "enabled": True,
                     "authorization_type": ["code"], "scope": scopes,
                     "token_endpoint_auth_method": ["client_secret_basic"]}),
        *(("user/", {"username": name, "name": f"{name.title()} Reyes", "enabled": True,
                     "email": f"{name}@example.com", "verified": verified,
                     "password": PASSWORD, "scope": scopes, "groups": ["everyone", "leads"]})
          for name, verified in (("dana", "yes"), ("mallory", "no"))),
    ]  # fmt: skip
    with httpx.Client(base_url=api, trust_env=False, timeout=20) as client:
        for path, said in things:
            answer = client.post(f"/{path}", json=said)
            assert answer.status_code == 200, (path, answer.text)
