"""From what the engine wants to say to the verdict on it: words, then the release check.

I decide that answering and replaying go the same way. The flows answer_turn and replay_conversation call me.
I never look a passage up: those that a speech names are handed to me.
"""

from collections.abc import Mapping

from taktvoll.domain.conversation.steps import Speech
from taktvoll.domain.conversation.terms import State
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.terms import Verdict
from taktvoll.domain.governance.wording import Words, compose
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.library.terms import EditionView


def speak(
    speech: Speech,
    state: State,
    edition: EditionView,
    found: Mapping[str, Passage],
    conversation: str,
    claimed: str = "",
    customer: str = "",
    texts: str | None = None,
) -> Verdict:
    """Put a speech into words and review them.

    Takes:  found: the passages that the speech names, by content hash, as far as they may still be said; claimed: the
            customer's words, where needs_words says so; customer: what they call themselves in a mail; texts: the
            version of the fixed texts, the edition's by default.
    """
    rules = edition.rules
    draft, evidence = compose(
        speech,
        state,
        found,
        conversation=conversation,
        workspace=edition.workspace,
        edition=edition.number,
        words=Words(
            greeting=rules.greeting(speech.language[:2]),
            gas_line=rules.gas_line,
            time_zone=rules.time_zone,
            guideline=rules.guideline(speech.guideline) if speech.guideline else None,
            claimed=claimed,
            customer=customer,
            company=rules.company,
            texts=texts or rules.texts_version,
        ),
    )
    return release(draft, facts_of(state, evidence, rules.link_hosts))
