"""The sample company, offered on a fresh folder only: its own workspace, its knowledge, its staff.

I decide what a newcomer finds. `taktvoll up` calls me. I never touch a folder that has been used.
"""

import secrets
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from taktvoll.cli.output import Output
from taktvoll.domain.people.terms import Role
from taktvoll.flows.house import House
from taktvoll.flows.import_knowledge import import_knowledge
from taktvoll.flows.keep_glossary import import_terms
from taktvoll.flows.publish_edition import publish_edition
from taktvoll.flows.set_hours import set_hours

SIGN_IN_FILE = "sample-sign-in.txt"
COLLECTION = "hilfe"


async def offer_sample(house: House, folder: Path, output: Output) -> bool:
    """Set up the sample company if nothing but an unused first workspace is there.

    Gives:  whether it was set up now.
    """
    places = await house.directory.workspaces()
    head = await house.library.head(places[0].id)
    if len(places) > 1 or head.edition is not None or await house.directory.staff(places[0].id):
        return False
    output.say("Setting up the sample company …")
    with resources.as_file(resources.files("taktvoll.samples") / "stadtwerke_auental") as sample:
        company = tomllib.loads((sample / "company.toml").read_text(encoding="utf-8"))
        place = await house.directory.make_workspace(
            company["workspace"], "de", _settings(company), house.now()
        )
        files = [sample / "hilfe_de.jsonl", sample / "help_en.jsonl"]
        await import_knowledge(
            house, place.id, files, collection=COLLECTION, language=None, progress=output.progress
        )  # fmt: skip
        await import_terms(house, place.id, sample / "glossary.csv", "sample")
        await set_hours(house, place.id, (sample / "hours.toml").read_text(encoding="utf-8"), "sample")
        await publish_edition(house, place.id, "sample")
    password = secrets.token_urlsafe(9)
    hashed = await house.passwords.hash(password)
    for someone in company["staff"]:
        role = Role(someone["role"])
        await house.directory.add_staff(
            place.id, someone["email"], someone["name"], role, hashed, house.now(), "sample"
        )
    _keep(folder / SIGN_IN_FILE, company["staff"], password)
    return True


def _settings(company: dict[str, Any]) -> dict[str, object]:
    return {
        "company": company["name"],
        "greetings": {"de": company["greeting_de"], "en": company["greeting_en"]},
        "privacy_url": company["privacy_url"],
        "link_hosts": company["link_hosts_allowed"],
        "gas_line": company["contact"]["phone_gas_emergency"],
        "time_zone": company["time_zone"],
    }


def _keep(path: Path, staff: list[dict[str, str]], password: str) -> None:
    """Write the sample's sign-in where only this user reads it: an address, the password, then everyone by role."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    lines = [staff[0]["email"], password, *(f"{one['role']} {one['email']}" for one in staff)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
