"""A file that somebody of ours wants to send, looked at as what customers send is.

I decide nothing: name, type and contradiction are told by files.py. The flow that adds files calls me through
FileInspector. I never believe the type that a browser names: it only knows the ending.
"""

from taktvoll.adapters.mime.files import attachment_of
from taktvoll.domain.conversation.files import Inspected


class MimeInspector:
    """Implements FileInspector."""

    def inspect(self, content: bytes, name: str) -> Inspected:
        """Look at a file."""
        found, problem = attachment_of(content, "", name, 1)
        return Inspected(
            name=found.name,
            type=found.type,
            sniffed=found.sniffed,
            sha256=found.sha256,
            content=content,
            contradicts=problem == "attachment_type",
        )
