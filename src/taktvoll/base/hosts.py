"""What a host name or address says by itself.

I decide which hosts are this machine. Settings of mailboxes, of sending and of token servers call me. I never look a
name up.
"""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, so that nothing on the way to it can be read."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
