"""To which address answers go, beside the reply field: what the mail asks for, why it is not followed, a person's step.

I decide what an agent is shown of it and which flow a button calls. router.py takes my routes in, composer.py my box.
I never shorten an address, and never choose one beforehand.
"""

from dataclasses import dataclass

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import Event, OwnerKind, State
from taktvoll.domain.delivery.letter import reachable
from taktvoll.domain.delivery.reply_address import CONFIRMED, confirmed_in
from taktvoll.domain.mail.intake import Facts
from taktvoll.domain.people.permissions import Permission, may
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.desk.texts_mail import proof_of
from taktvoll.entry.desk.work import TALK, Act, Fields, Handler, door
from taktvoll.flows.confirm_reply_address import (
    confirm_reply_address,
    reply_address_of,
    withdraw_reply_address,
)
from taktvoll.flows.house import House


@dataclass(frozen=True, slots=True)
class AddressShown:
    """An address in full; `plain` is how mail servers write it where that differs, `odd` that letters may deceive."""

    written: str
    plain: str
    odd: bool


@dataclass(frozen=True, slots=True)
class WishShown:
    """What a mail asks for; `problem` says why that cannot be confirmed, "" where it can."""

    seq: int
    sender: AddressShown
    to: AddressShown
    proof: str
    problem: str


@dataclass(frozen=True, slots=True)
class Box:
    """What stands beside the reply field; `acts` says that the one who looks may change it."""

    confirmed: AddressShown | None
    sender: AddressShown | None
    wish: WishShown | None
    acts: bool


async def box_of(house: House, visit: Visit, conversation: ConversationId, state: State) -> Box | None:
    """Gather it; None where there is nothing to say."""
    found = await reply_address_of(house, visit.workspace.id, conversation, state)
    if state.closed or (found.confirmed is None and found.wish is None):
        return None
    owner, wish, confirmed = state.owner, None, found.confirmed
    if found.wish is not None:
        facts = found.wish.mail.facts
        wish = WishShown(
            seq=found.wish.mail.seq,
            sender=shown(found.wish.sender.address),
            to=shown(found.wish.to.address),
            proof=_proof(facts, visit.language),
            problem=Refused(found.wish.problem).text(visit.language) if found.wish.problem else "",
        )
    others = owner.kind is OwnerKind.PERSON and owner.id != str(visit.staff.id)
    return Box(
        confirmed=shown(confirmed.to.address) if confirmed else None,
        sender=shown(confirmed.sender.address) if confirmed else None,
        wish=wish,
        acts=may(visit.staff, Permission.CONVERSATION_REPLY) and not others,
    )


def _proof(facts: Facts | None, language: str) -> str:
    return proof_of(facts, language) if facts else ""


def shown(address: str) -> AddressShown:
    """Show an address with the form under which a mail to it would really leave."""
    plain = reachable(address)
    return AddressShown(address, plain if plain != address else "", not address.isascii())


def line_of(event: Event, name: str, language: str) -> str:
    """What happened, as a line of the conversation."""
    said = texts(language)
    if event.kind != CONFIRMED:
        return said["line_reply_back"].format(name=name)
    confirmed = confirmed_in((event,))
    address = shown(confirmed.to.address) if confirmed else None
    written = f"{address.written} ({address.plain})" if address and address.plain else ""
    to = written or (address.written if address else said["erased_text"])
    return said["line_reply_to"].format(name=name, address=to)


def reply_address_routes(house: House, act: Act) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address; act checks the form and answers."""
    forms = AddressForms(house)
    return tuple(
        ("POST", f"{TALK}/{path}", door(act, Permission.CONVERSATION_REPLY, deed))
        for path, deed in (("reply-address", forms.confirm), ("reply-address/withdraw", forms.withdraw))
    )


class AddressForms:
    """Each form as the flow that it means."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def confirm(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Let answers go to where the mail that the page showed asks for."""
        text = fields.get("seq", "")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise Refused("request.malformed", detail="seq")
        await confirm_reply_address(self._house, visit.staff, talk, int(text))

    async def withdraw(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Let answers go to the sender again."""
        await withdraw_reply_address(self._house, visit.staff, talk)
