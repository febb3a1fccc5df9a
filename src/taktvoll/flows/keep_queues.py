"""The workspace's queues of people, and who serves which.

I decide what is kept about queues. The command line calls me. I never move a conversation that waits already.
"""

from collections.abc import Sequence

from taktvoll.base.errors import Refused
from taktvoll.domain.people.queues import Queue, queues_of, with_queue, without_queue, written
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import House


async def keep_queue(house: House, place: Workspace, queue: Queue) -> tuple[Queue, ...]:
    """Add a queue or change the one of its name.

    Raises: Refused for what a queue may not be (domain/people/queues.py).
    """
    return await _keep(house, place, with_queue(queues_of(place.settings), queue))


async def remove_queue(house: House, place: Workspace, name: str) -> tuple[Queue, ...]:
    """Take a queue away; what waits in it stays there and is served by everyone.

    Raises: Refused("queue.unknown"), Refused("queue.default").
    """
    return await _keep(house, place, without_queue(queues_of(place.settings), name))


async def set_skills(house: House, place: Workspace, email: str, queues: Sequence[str]) -> None:
    """Say which queues someone serves; none means all.

    Raises: Refused("staff.unknown"), Refused("queue.unknown").
    """
    names = {q.name for q in queues_of(place.settings)}
    for name in queues:
        if name not in names:
            raise Refused("queue.unknown", name=name[:40])
    wanted = email.strip().lower()
    someone = next((s for s in await house.directory.staff(place.id) if s.email == wanted), None)
    if someone is None:
        raise Refused("staff.unknown")
    await house.board.set_skills(place.id, someone.id, queues)


async def _keep(house: House, place: Workspace, queues: tuple[Queue, ...]) -> tuple[Queue, ...]:
    await house.directory.set_settings(place.id, {**place.settings, "queues": written(queues)})
    return queues
