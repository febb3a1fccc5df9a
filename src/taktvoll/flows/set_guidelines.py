"""New guidelines become a new edition, after all that is wrong with them has been named.

I decide that guidelines are published whole or not at all. The command line calls me.
I never change the knowledge: the edition holds what the working copy holds, as with every publish.
"""

from dataclasses import dataclass

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.guidelines import Guideline
from taktvoll.domain.library.terms import Manifest
from taktvoll.flows.house import House
from taktvoll.flows.publish_edition import publish_edition


@dataclass(frozen=True, slots=True)
class InForce:
    """The guidelines of the edition in force; `known` is False for an edition from before there were any."""

    edition: int | None
    guidelines: tuple[Guideline, ...]
    known: bool = True


async def guidelines_in_force(house: House, workspace: WorkspaceId) -> InForce:
    """Give what the assistant is guided by now; before the first edition, what comes with the program."""
    head = await house.library.head(workspace)
    if head.edition is None:
        return InForce(None, house.first_rules.guidelines or ())
    _, rules = await house.library.manifest(workspace, head.edition)
    return InForce(head.edition, rules.guidelines or (), known=rules.guidelines is not None)


async def set_guidelines(
    house: House, workspace: WorkspaceId, text: str | None, by: str
) -> Manifest | tuple[Refused, ...]:
    """Publish the guidelines of a file.

    Takes:  text: the file's; None for the guidelines that come with the program.
    Gives:  the new edition, or everything that is wrong with the file; then nothing has changed.
    Raises: as publish_edition.
    """
    guidelines, problems = (house.guidelines.defaults(), ()) if text is None else house.guidelines.read(text)
    if problems:
        return problems
    return await publish_edition(house, workspace, by, guidelines)
