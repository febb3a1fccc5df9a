"""What an ID token says, once its signature is checked: for us, from there, in time, in answer to our question.

I decide which claims make a token count and what is read from them. server.py calls me.
I never look at a signature and never take a claim of the wrong kind.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Any

from joserfc.jwt import JWTClaimsRegistry

from taktvoll.base.limits import EMAIL_CHARS_MAX, STAFF_NAME_CHARS_MAX
from taktvoll.base.text import clean
from taktvoll.domain.people.sign_on import SignOn, Vouched

LEEWAY_S = 60
SUBJECT_CHARS_MAX = 255
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def vouched_by(setting: SignOn, claims: Mapping[str, Any], nonce: str) -> Vouched:
    """Check the claims and read the person.

    Raises: JoseError or ValueError for a token that does not count.
    Source: OpenID Connect Core 1.0, section 3.1.3.7.
    """
    JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": setting.issuer},
        aud={"essential": True, "value": setting.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True},
    ).validate(dict(claims))
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != setting.client_id:
        raise ValueError("the token is for another client")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise ValueError("the token answers another question")
    subject = str(claims["sub"])
    if not 0 < len(subject) <= SUBJECT_CHARS_MAX:
        raise ValueError("no subject")
    email = clean(str(claims.get("email") or "")).strip().lower()[:EMAIL_CHARS_MAX]
    email = email if _EMAIL.fullmatch(email) else ""
    return Vouched(
        issuer=setting.issuer,
        subject=subject,
        email=email,
        email_verified=claims.get("email_verified") is True,
        name=" ".join(clean(str(claims.get("name") or email)).split())[:STAFF_NAME_CHARS_MAX],
        roles=_words(_at(claims, setting.role_claim)),
        methods=_words(claims.get("amr")),
    )


def _at(claims: Mapping[str, Any], path: str) -> object:
    """Find a claim by its name, or by a path of names with dots (`realm_access.roles`)."""
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _words(found: object) -> tuple[str, ...]:
    if isinstance(found, str):
        return (found,)
    return tuple(str(word) for word in found) if isinstance(found, list) else ()
