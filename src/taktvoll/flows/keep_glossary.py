"""The workspace's glossary changes: terms are added, read from a file, or removed.

I decide what a term must have and what happens when it is named again. The command line calls me.
I never publish: the next edition takes the glossary along.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.base.limits import GLOSSARY_TERMS_MAX, SYNONYM_CHARS_MAX
from taktvoll.base.text import clean
from taktvoll.domain.knowledge.synonyms import Glossary, Term, merged, words_of
from taktvoll.domain.knowledge.terms import Problem
from taktvoll.flows.house import House


@dataclass(frozen=True, slots=True)
class TermsRead:
    """What a file of terms gave: how many terms were kept, and what is wrong with the rest."""

    kept: int
    problems: tuple[Problem, ...]


async def add_term(house: House, workspace: WorkspaceId, term: str, synonyms: Sequence[str], by: str) -> Term:
    """Add a term, or further words to a term that is there.

    Raises: Refused("glossary.term") for a term without another word or with one too long, Refused("glossary.full").
    """
    cleaned = usable(Term(term, tuple(synonyms)))
    if cleaned is None:
        raise Refused("glossary.term", limit=SYNONYM_CHARS_MAX)
    glossary = await _keep(house, workspace, (cleaned,), by)
    return next(t for t in glossary.terms if t.term.casefold() == cleaned.term.casefold())


async def import_terms(house: House, workspace: WorkspaceId, path: Path, by: str) -> TermsRead:
    """Add the terms of a file.

    Raises: Refused("glossary.full").
    """
    read = house.reader.terms(path)
    terms, problems = [], list(read.problems)
    for place, term in read.terms:
        cleaned = usable(term)
        if cleaned is None:
            detail = Refused("glossary.term", limit=SYNONYM_CHARS_MAX).text("en")
            problems.append(Problem(path.name, place, "glossary.term", detail))
        else:
            terms.append(cleaned)
    if terms:
        await _keep(house, workspace, terms, by)
    return TermsRead(len(merged(terms).terms), tuple(problems))


async def remove_term(house: House, workspace: WorkspaceId, term: str) -> None:
    """Take a term out; raises Refused("glossary.unknown")."""
    await house.learning.remove_term(workspace, clean(term))


def usable(term: Term) -> Term | None:
    """Clean a term; None where nothing of it can be compared with a question."""
    name = " ".join(clean(term.term).split())
    others = [" ".join(clean(s).split()) for s in term.synonyms]
    others = [o for o in others if words_of(o)]
    too_long = any(len(text) > SYNONYM_CHARS_MAX for text in (name, *others))
    made = merged((Term(name, tuple(others)),)) if words_of(name) and not too_long else Glossary()
    return made.terms[0] if made.terms else None


async def _keep(house: House, workspace: WorkspaceId, terms: Iterable[Term], by: str) -> Glossary:
    """Put terms to those there are; a name keeps the spelling it had first."""
    before = await house.learning.glossary(workspace)
    after = merged((*before.terms, *terms))
    if len(after.terms) > GLOSSARY_TERMS_MAX:
        raise Refused("glossary.full", limit=GLOSSARY_TERMS_MAX)
    known = set(before.terms)
    await house.learning.keep_terms(workspace, [t for t in after.terms if t not in known], by, house.now())
    return after
