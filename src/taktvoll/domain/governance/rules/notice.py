"""The AI notice comes before or with the assistant's first message (AI Act Art. 50(1)).

I decide whether the notice is still missing. release calls me last, so that no other rule can drop it.
I never leave it to a channel.
"""

from dataclasses import replace

from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.governance.notices import fixed, fixed_by_mail, introduced, spoken
from taktvoll.domain.governance.terms import Author, Draft, Part, PartKind, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Draft | None:
    """Put the notice first where the conversation has not shown its wording yet; in an emergency after the number.

    The notice counts as shown by the version that last changed its words, so that other new texts do not repeat it.
    Every mail has it, right after the greeting, in an emergency after all that is to be done: a mail is read by itself,
    and passed on.
    """
    if draft.author is not Author.ASSISTANT:
        return None
    if draft.channel == MAIL:
        return _by_mail(draft)
    wording = introduced("ai_notice", draft.texts)
    if facts.notice_shown == wording:
        return None
    language = spoken(draft.language)
    notice = Part(PartKind.NOTICE, fixed("ai_notice", language, draft.texts), language)
    urgent = any(p.kind is PartKind.ALERT for p in draft.parts)
    return replace(draft, parts=(*draft.parts, notice) if urgent else (notice, *draft.parts), notice=wording)


def _by_mail(draft: Draft) -> Draft:
    language = spoken(draft.language)
    text = fixed_by_mail("ai_notice", language, draft.texts, familiar=draft.familiar)
    kept = [p for p in draft.parts if p.kind is not PartKind.NOTICE]
    kinds = [p.kind for p in kept]
    if PartKind.ALERT in kinds and PartKind.GREETING not in kinds:
        place = kinds.index(PartKind.CLOSING) if PartKind.CLOSING in kinds else len(kept)
    else:
        after = [n for n, kind in enumerate(kinds, start=1) if kind in (PartKind.ALERT, PartKind.GREETING)]
        place = max(after, default=0)
    parts = (*kept[:place], Part(PartKind.NOTICE, text, language), *kept[place:])
    return replace(draft, parts=parts, notice=introduced("ai_notice_mail", draft.texts))
