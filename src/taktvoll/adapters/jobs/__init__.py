"""Jobs by pgqueuer: what runs on a schedule, once over all machines."""

from taktvoll.adapters.jobs.schedule import Worker, install

__all__ = ["Worker", "install"]
