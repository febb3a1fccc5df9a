"""`taktvoll audit`: prove the record, explain a decision, replay a conversation, sign a checkpoint.

I decide how proofs are shown and that anything found ends with exit code 1. The command line calls me.
I never change the record.
"""

import argparse
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.explain_decision import explain_decision
from taktvoll.flows.house import House
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.sign_checkpoint import sign_checkpoint
from taktvoll.flows.verify_record import verify_record

ERASURES_SHOWN = 200


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser(
        "verify", parents=[common], help="check every chain, text and checkpoint of the workspace"
    )
    explain = actions.add_parser("explain", parents=[common], help="why the assistant said what it said")
    explain.add_argument("conversation", help="its id")
    replay = actions.add_parser("replay", parents=[common], help="decide again from the record")
    replay.add_argument("conversation", nargs="?", help="its id; all conversations without one")
    actions.add_parser(
        "erasures", parents=[common], help="what was erased, on schedule or by command, and why"
    )
    actions.add_parser("checkpoint", parents=[common], help="sign the heads of all conversations now")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Audit."""
    async with begin(arguments, output) as (house, workspace):
        if arguments.action == "verify":
            return await _verify(house, workspace, output)
        if arguments.action == "replay":
            return await _replay(house, workspace, arguments.conversation, output)
        if arguments.action == "explain":
            conversation = _id(arguments.conversation)
            for a in await explain_decision(house, workspace.id, conversation, output.language):
                output.line(f"{a.seq:>4}  {a.at}  {a.kind:<26} {a.says}")
            return 0
        if arguments.action == "erasures":
            for e in await house.eraser.log(workspace.id, ERASURES_SHOWN):
                what = f"older than {rfc3339(e.before)}" if e.before else f"contact {e.contact}"
                output.line(
                    f"{rfc3339(e.at)}  {e.what.value:<12} {e.count:>6}  {what}  by {e.by}  {e.why}".rstrip()
                )
            return 0
        made = await sign_checkpoint(house, workspace.id)
        output.line(
            f"checkpoint {made.number} signed by key {made.key_id}" if made else "nothing new to sign"
        )
        return 0


async def _verify(house: House, workspace: Workspace, output: Output) -> int:
    proof = await verify_record(house, workspace.id, output.progress)
    for f in proof.findings:
        output.complain(f"{f.code}: conversation {f.conversation or '–'}, seq {f.seq}")
    verdict = "intact" if not proof.findings else f"{len(proof.findings)} findings"
    output.line(
        f"{verdict}: {proof.conversations} conversations, {proof.events} events, {proof.checkpoints} checkpoints"
    )
    return 1 if proof.findings else 0


async def _replay(house: House, workspace: Workspace, wanted: str | None, output: Output) -> int:
    heads = await house.ledger.heads(workspace.id)
    conversations = [_id(wanted)] if wanted else [h.conversation for h in heads]
    same = different = lost = 0
    for done, conversation in enumerate(conversations, start=1):
        replay = await replay_conversation(house, workspace.id, conversation)
        same, lost = same + replay.same, lost + len(replay.not_comparable)
        different += len(replay.differences)
        for text in replay.differences:
            output.complain(f"{conversation}: {text}")
        output.progress("replay", done, len(conversations))
    output.line(
        f"{len(conversations)} conversations: {same} events the same, {different} different, "
        f"{lost} no longer comparable"
    )
    return 1 if different else 0


def _id(text: str) -> ConversationId:
    try:
        return ConversationId(UUID(text))
    except ValueError as error:
        raise Refused("conversation.unknown") from error
