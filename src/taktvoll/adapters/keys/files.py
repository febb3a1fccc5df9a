"""FileKeys, the port Keys over a key ring in a folder.

I decide how tokens are built, keys derived, and which key verifies what. build.py makes me; flows and doors call me.
I never raise on a token or signature from outside, and never compare secrets in a time that tells something.
"""

import base64
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from taktvoll.adapters.keys import ring
from taktvoll.adapters.keys.ring import Master, Ring
from taktvoll.base.errors import Broken

TOKEN_CHARS_MAX = 4096
DERIVED_MAX = 1024
CIPHER_VERSION = 1
NONCE_BYTES = 12


class FileKeys:
    """Keys in a folder (0700, files 0600), made on first use; a rotation by any process is seen by all at once."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the keys itself, DIR/keys."""
        self._folder = folder
        self._ring = ring.load(folder)
        self._derived: dict[tuple[str, str, str], bytes] = {}

    def seal(self, purpose: str, payload: bytes) -> str:
        """Make a signed text token `keyid.payload.mac`; the payload is signed, not hidden.

        Raises: Broken("internal") for a payload of about 3,000 bytes or more: tokens have at most 4,096 characters.
        """
        master = self._current().masters[0]
        body = f"{master.id}.{_text(payload)}"
        token = f"{body}.{_text(self._mac(master, 'seal', purpose, body.encode()))}"
        if len(token) > TOKEN_CHARS_MAX:
            raise Broken("internal")
        return token

    def unseal(self, purpose: str, token: str) -> bytes | None:
        """Give back the payload of a genuine token, None for anything else."""
        if len(token) > TOKEN_CHARS_MAX or not token.isascii():
            return None
        body, _, mac = token.rpartition(".")
        name, _, payload = body.partition(".")
        for master in self._current().masters:
            if master.id == name:
                wanted = _text(self._mac(master, "seal", purpose, body.encode()))
                # Only a body that we wrote has this mac, so it decodes.
                return _bytes(payload) if hmac.compare_digest(wanted.encode(), mac.encode()) else None
        return None

    def encrypt(self, purpose: str, about: str, secret: bytes) -> bytes:
        """Hide a secret by AES-256-GCM under a key of its purpose; whose it is goes into the seal, not into the text.

        Gives:  version, length and id of the master, 12 random bytes, the hidden secret with its seal of 16 bytes.
        """
        master = self._current().masters[0]
        head = bytes([CIPHER_VERSION, len(master.id)]) + master.id.encode()
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(self._derive(master, "encrypt", purpose))
        return head + nonce + cipher.encrypt(nonce, secret, head + about.encode("utf-8", "surrogatepass"))

    def decrypt(self, purpose: str, about: str, hidden: bytes) -> bytes | None:
        """Give back what encrypt hid; None for another purpose or subject, a lost key, or a changed text."""
        if len(hidden) < 2 or hidden[0] != CIPHER_VERSION:
            return None
        end = 2 + hidden[1]
        head, nonce, body = hidden[:end], hidden[end : end + NONCE_BYTES], hidden[end + NONCE_BYTES :]
        for master in self._current().masters:
            if master.id.encode() == head[2:] and len(nonce) == NONCE_BYTES:
                cipher = AESGCM(self._derive(master, "encrypt", purpose))
                try:
                    return cipher.decrypt(nonce, body, head + about.encode("utf-8", "surrogatepass"))
                except InvalidTag:
                    return None
        return None

    def sign(self, body: bytes) -> tuple[str, bytes]:
        """Sign with the newest Ed25519 key; gives (key id, 64 bytes)."""
        signer = self._current().signers[0]
        return signer.id, signer.key.sign(body)

    def verify(self, key_id: str, body: bytes, signature: bytes) -> bool:
        """Check a signature by a key of this installation, also a rotated one."""
        for signer in self._current().signers:
            if signer.id == key_id:
                try:
                    signer.key.public_key().verify(signature, body)
                except InvalidSignature:
                    return False
                return True
        return False

    def digest(self, purpose: str, value: str) -> bytes:
        """A keyed digest (32 bytes), under the first master for ever: a rotation must not forget what it recognised."""
        return self._mac(
            self._current().masters[-1], "digest", purpose, value.encode("utf-8", "surrogatepass")
        )

    def rotate(self) -> None:
        """Seal and sign with new keys from now on; the old ones still verify."""
        self._ring = ring.rotate(self._folder)

    def _current(self) -> Ring:
        if ring.stamp(self._folder) not in (self._ring.stamp, None):
            self._ring = ring.load(self._folder)
        return self._ring

    def _mac(self, master: Master, use: str, purpose: str, body: bytes) -> bytes:
        return hmac.digest(self._derive(master, use, purpose), body, "sha256")

    def _derive(self, master: Master, use: str, purpose: str) -> bytes:
        known = (master.id, use, purpose)
        key = self._derived.get(known)
        if key is None:
            info = f"taktvoll {use}\0{purpose}".encode()
            key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master.secret)
            if len(self._derived) >= DERIVED_MAX:
                self._derived.clear()
            self._derived[known] = key
        return key


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
