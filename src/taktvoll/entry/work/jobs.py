"""What the worker does on its schedule, over all workspaces.

I decide the jobs and their rhythm. build.py hands me to the worker process. I never stop because one workspace fails:
the failure is logged by its kind and the next tick tries again.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

from taktvoll.base.errors import way_of
from taktvoll.base.ids import WorkspaceId
from taktvoll.flows.arrange_call import free_places
from taktvoll.flows.collect_answers import collect_answers
from taktvoll.flows.confirm_address import forget_codes
from taktvoll.flows.decide_mails import decide_mails
from taktvoll.flows.deliver import deliver
from taktvoll.flows.erase_overdue import erase_overdue
from taktvoll.flows.house import House
from taktvoll.flows.keep_targets import keep_targets
from taktvoll.flows.link_contact import keep_habits, link_contacts
from taktvoll.flows.remind_of_calls import announce_calls, remind_customers
from taktvoll.flows.reroute_conversation import follow_by_mail
from taktvoll.flows.resume_turns import resume_turns
from taktvoll.flows.review_topics import review_topics
from taktvoll.flows.sign_checkpoint import sign_checkpoint
from taktvoll.flows.snooze_conversation import wake_conversations
from taktvoll.flows.take_upload import sweep_uploads
from taktvoll.flows.watch_mailbox import watch_stalls
from taktvoll.flows.write_reply import send_due_replies

log = logging.getLogger("taktvoll.work")

Job = Callable[[House, WorkspaceId], Awaitable[object]]

JOBS: Mapping[str, tuple[str, Job]] = {
    "resume_turns": ("* * * * * */2", resume_turns),
    "decide_mails": ("* * * * * *", decide_mails),
    "watch_stalls": ("* * * * *", watch_stalls),
    "keep_targets": ("* * * * * */2", keep_targets),
    "free_places": ("* * * * *", free_places),
    "deliver": ("* * * * * */2", deliver),
    "link_contacts": ("* * * * *", link_contacts),
    "keep_habits": ("* * * * *", keep_habits),
    "follow_by_mail": ("* * * * * */30", follow_by_mail),
    "erase_overdue": ("17 3 * * *", erase_overdue),
    "forget_codes": ("*/5 * * * *", forget_codes),
    "sign_checkpoint": ("7 * * * *", sign_checkpoint),
    "collect_answers": ("* * * * * */30", collect_answers),
    "review_topics": ("23 * * * *", review_topics),
    "send_due_replies": ("* * * * * */2", send_due_replies),
    "sweep_uploads": ("41 * * * *", sweep_uploads),
    "wake_conversations": ("* * * * * */10", wake_conversations),
    "announce_calls": ("* * * * * */5", announce_calls),
    "remind_customers": ("* * * * *", remind_customers),
}
"""Job name → (cron expression, seconds as sixth field; flow)."""


def schedule(house: House) -> dict[str, tuple[str, Callable[[], Awaitable[None]]]]:
    """Bind the jobs to a house, each over all of its workspaces."""
    return {name: (rhythm, _everywhere(house, name, job)) for name, (rhythm, job) in JOBS.items()}


def _everywhere(house: House, name: str, job: Job) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        for workspace in await house.directory.workspaces():
            try:
                await job(house, workspace.id)
            except Exception as error:  # one failure must not stop the others
                log.error("job %s failed: %s: %s", name, type(error).__name__, way_of(error))

    return run
