"""`taktvoll mail read`: what a mail says, without a workspace and without a database.

I decide how a mail is shown. The command line calls me. I never stop at a file that cannot be read.
"""

import argparse
import sys
from pathlib import Path

from taktvoll.adapters.mime import MimeReader
from taktvoll.adapters.mime.reader import MAIL_BYTES_MAX
from taktvoll.adapters.signals import LanguageReader
from taktvoll.base.errors import Refused
from taktvoll.cli import mail_verify
from taktvoll.cli.output import Output
from taktvoll.domain.mail.ports import MailReader
from taktvoll.domain.mail.reading import Reading, reading_of
from taktvoll.domain.mail.terms import Mail

STANDARD_INPUT = "-"


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    read = actions.add_parser(
        "read", parents=[common], help="read mails: what is new, what is asked, who wrote it"
    )
    read.add_argument(
        "files", nargs="+", metavar="FILE", help="files of one mail each; - reads standard input"
    )
    read.add_argument("--json", action="store_true", help="print one line of JSON for each file")
    mail_verify.add(actions, common)


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Read every file; exit 1 if any was refused."""
    if arguments.action == "verify":
        return mail_verify.run(arguments, output)
    reader, languages = MimeReader(), LanguageReader()
    refused = 0
    for file in arguments.files:
        try:
            reading = reading_of(_mail(reader, file))
        except Refused as error:
            refused += 1
            output.complain(f"{Path(file).name}: {error.text(output.language)}")
            if arguments.json:
                output.json({"error": {"code": error.code, "detail": error.text("en")}})
            continue
        shown = _fields(reading, _language(languages, reading))
        if arguments.json:
            output.json(shown)
        else:
            _show(shown, reading, output)
    return 1 if refused else 0


def _mail(reader: MailReader, file: str) -> Mail:
    """Read one file; never more of it than a mail may have."""
    if file == STANDARD_INPUT:
        return reader.read(sys.stdin.buffer.read(MAIL_BYTES_MAX + 1))
    try:
        with Path(file).open("rb") as opened:
            return reader.read(opened.read(MAIL_BYTES_MAX + 1))
    except (OSError, ValueError):
        raise Refused("mail.no_file", path=Path(file).name) from None


def _language(languages: LanguageReader, reading: Reading) -> str | None:
    """Tell the language by what is new; where that says too little, by the whole mail, then by its subject."""
    texts = (reading.written.new_text, reading.mail.text, reading.subject.base)
    return next((told for told in (languages.read(text)[0] for text in texts) if told), None)


def _fields(reading: Reading, language: str | None) -> dict[str, object]:
    mail, verdict = reading.mail, reading.verdict
    return {
        "from": str(mail.sender),
        "subject": mail.subject,
        "language": language,
        "new_text": reading.written.new_text,
        "questions": list(reading.questions),
        "automatic": verdict.automatic,
        "attachments": [{"name": a.name, "type": a.type, "size": a.size} for a in mail.attachments],
        "automatic_kind": verdict.kind.value if verdict.kind else None,
        "automatic_because": verdict.because or None,
        "problems": list(mail.problems),
    }


def _show(shown: dict[str, object], reading: Reading, output: Output) -> None:
    output.line(f"From: {shown['from']}")
    output.line(f"Subject: {shown['subject']}")
    if shown["automatic"]:
        output.line(f"Automatic: {shown['automatic_kind']} ({shown['automatic_because']})")
    output.line(f"\n{shown['new_text']}\n")
    for question in reading.questions:
        output.line(f"? {question}")
    for attachment in reading.mail.attachments:
        output.line(f"+ {attachment.name} ({attachment.type}, {attachment.size} bytes)")
    if reading.mail.problems:
        output.line(f"! {', '.join(reading.mail.problems)}")
