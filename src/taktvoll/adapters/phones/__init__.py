"""Telephone numbers by the library `phonenumbers`."""

from taktvoll.adapters.phones.numbers import GermanPhoneNumbers

__all__ = ["GermanPhoneNumbers"]
