"""AuthenticatorCodes, the port OneTimeCodes by RFC 6238 with the defaults every app knows: SHA-1, 6 digits, 30 s.

I decide which codes are in time and how the picture looks. The flows around the second factor call me.
I never compare codes in a time that tells something.
"""

import base64
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
import segno

SECRET_BYTES = 20
STEP_S = 30
NEIGHBOURS = (0, -1, 1)
"""Clocks differ, and people type slowly: the step before and the step after count too."""


class AuthenticatorCodes:
    """Codes of six digits, a new one every thirty seconds."""

    def secret(self) -> bytes:
        """Make 160 random bits, as RFC 4226 recommends."""
        return secrets.token_bytes(SECRET_BYTES)

    def step_of(self, secret: bytes, code: str, at: datetime) -> int | None:
        """The time step whose code this is; blanks between digits do not matter."""
        typed = "".join(code.split())
        if not (len(typed) == 6 and typed.isascii() and typed.isdigit()):
            return None
        codes = pyotp.TOTP(self.spelled(secret), interval=STEP_S)
        found = None
        for away in NEIGHBOURS:
            then = at + timedelta(seconds=away * STEP_S)
            if hmac.compare_digest(codes.at(then), typed) and found is None:
                found = int(then.timestamp()) // STEP_S
        return found

    def spelled(self, secret: bytes) -> str:
        """The secret in the letters and digits that apps take."""
        return base64.b32encode(secret).decode("ascii").rstrip("=")

    def picture(self, secret: bytes, company: str, email: str) -> str:
        """The QR code of the secret's address, black on white with a margin: phones read it in the dark too."""
        issuer = company.replace(":", " ")
        address = pyotp.TOTP(self.spelled(secret), interval=STEP_S).provisioning_uri(
            name=email, issuer_name=issuer
        )
        return segno.make_qr(address, error="m").svg_data_uri(scale=4, dark="#000", light="#fff", border=4)
