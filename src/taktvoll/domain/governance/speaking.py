"""From what the engine wants to say to the verdict on it: words, then the release check.

I decide that answering and replaying go the same way. The flows answer_turn and replay_conversation call me.
I never look a passage up: those that a speech names are handed to me.
"""

from collections.abc import Mapping

from taktvoll.domain.conversation.steps import Speech
from taktvoll.domain.conversation.terms import State
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.terms import Verdict
from taktvoll.domain.governance.wording import compose
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.library.terms import EditionView


def speak(
    speech: Speech, state: State, edition: EditionView, found: Mapping[str, Passage], conversation: str
) -> Verdict:
    """Put a speech into words and review them.

    Takes:  found: the passages that the speech names, by content hash, as far as they may still be said.
    """
    draft, evidence = compose(
        speech,
        state,
        found,
        conversation=conversation,
        workspace=edition.workspace,
        edition=edition.number,
        greeting=edition.rules.greeting(speech.language[:2]),
    )
    return release(draft, facts_of(state, evidence, edition.rules.link_hosts))
