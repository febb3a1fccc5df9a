"""Telephone numbers as customers write them, brought into E.164.

I decide what counts as a number that can be called back. build.py puts me behind the PhoneNumbers port.
I never call, and never keep or log a number.
"""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from taktvoll.base.errors import Refused
from taktvoll.base.limits import PHONE_CHARS_MAX

_HOME = "DE"
_DEAR = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UNKNOWN)


class GermanPhoneNumbers:
    """Implements PhoneNumbers."""

    def normal(self, text: str) -> str:
        """Give the number in E.164; numbers that cost who calls them are refused: a wish must not become a bill."""
        if len(text) > PHONE_CHARS_MAX:
            raise Refused("callback.phone")
        try:
            found = phonenumbers.parse(text, _HOME)
        except phonenumbers.NumberParseException as error:
            raise Refused("callback.phone") from error
        if not phonenumbers.is_valid_number(found) or phonenumbers.number_type(found) in _DEAR:
            raise Refused("callback.phone")
        return str(phonenumbers.format_number(found, PhoneNumberFormat.E164))
