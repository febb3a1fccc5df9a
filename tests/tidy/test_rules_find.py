"""Each rule of style finds what breaks it and leaves alone what does not."""

import pytest

from tests.tidy import rules
from tests.tidy.rules import Rule
from tests.tidy.tree import parse

DOMAIN = "src/taktvoll/domain/people/rules.py"
FLOW = "src/taktvoll/flows/answer_turn.py"
TEST = "tests/domain/test_people.py"

BAD: list[tuple[Rule, str, str]] = [
    (rules.module_has_docstring, FLOW, "x = 1"),
    (rules.public_has_docstring, FLOW, "def answer(): ..."),
    (rules.public_has_docstring, FLOW, "class Answer: ..."),
    (rules.test_has_docstring, TEST, "async def test_a(): assert a"),
    (rules.test_has_docstring, TEST, "class TestA:\n  def test_a(self): assert a"),
    (rules.sql_stays_home, FLOW, "q = 'select id from contact'"),
    (rules.sql_stays_home, FLOW, "q = f'SELECT {columns} FROM contact'.lower() + 'select count(*) from a'"),
    (rules.sql_stays_home, FLOW, "q = '\\n  INSERT INTO contact values ($1)'"),
    (rules.sql_stays_home, FLOW, "q = 'update contact set name = $1'"),
    (rules.sql_stays_home, FLOW, "q = 'delete from contact'"),
    (rules.sql_stays_home, FLOW, "q = 'with a as (select 1) select * from a'"),
    (rules.sql_stays_home, FLOW, "q = 'create table if not exists contact (id uuid)'"),
    (rules.sql_stays_home, FLOW, "q = 'create database taktvoll with template x'"),
    (rules.sql_stays_home, FLOW, "q = 'alter table contact add column a int'"),
    (rules.sql_stays_home, FLOW, "q = 'select accept($1)'"),
    (rules.errors_are_not_swallowed, FLOW, "try: a()\nexcept Exception: pass"),
    (rules.errors_are_not_swallowed, FLOW, "try: a()\nexcept: pass"),
    (rules.errors_are_not_swallowed, FLOW, "try: a()\nexcept (ValueError, BaseException) as e: log(e)"),
    (
        rules.errors_are_not_swallowed,
        FLOW,
        "try: a()\nexcept Exception as error: raise Broken('a') from error",
    ),
    (rules.errors_are_not_swallowed, FLOW, "with contextlib.suppress(Exception): a()"),
    (rules.errors_are_not_swallowed, "src/taktvoll/entry/api/routes.py", "try: a()\nexcept Exception: pass"),
    (rules.domain_is_pure, DOMAIN, "async def a(): await b()"),
    (rules.domain_is_pure, DOMAIN, "now = datetime.now(UTC)"),
    (rules.domain_is_pure, DOMAIN, "day = date.today()"),
    (rules.domain_is_pure, DOMAIN, "import time"),
    (rules.domain_is_pure, DOMAIN, "from random import choice"),
    (rules.domain_is_pure, DOMAIN, "from os import path"),
    (rules.domain_is_pure, DOMAIN, "key = uuid.uuid4()"),
    (rules.domain_is_pure, DOMAIN, "text = open(path)"),
    (rules.settings_are_read_in_one_place, FLOW, "import os\nx = os.environ['A']"),
    (rules.settings_are_read_in_one_place, FLOW, "from os import getenv"),
    (rules.only_cli_prints, FLOW, "print('a')"),
    (rules.inner_floors_stand_alone, FLOW, "import numpy"),
    (rules.inner_floors_stand_alone, DOMAIN, "from pydantic import BaseModel"),
    (rules.no_test_is_switched_off, TEST, "@pytest.mark.skip\ndef test_a(): ..."),
    (rules.no_test_is_switched_off, TEST, "@pytest.mark.xfail(reason='later')\ndef test_a(): ..."),
    (rules.no_test_is_switched_off, TEST, "def test_a(): pytest.skip('not here')"),
    (rules.no_test_is_switched_off, TEST, "from pytest import importorskip"),
    (rules.tests_do_not_time, TEST, "time.sleep(1)"),
    (rules.tests_do_not_time, TEST, "from time import sleep"),
    (rules.tests_do_not_time, TEST, "start = time.perf_counter()"),
]

GOOD: list[tuple[Rule, str, str]] = [
    (rules.public_has_docstring, FLOW, "def _answer(): ..."),
    (rules.test_has_docstring, "tests/doubles.py", "def test_workspace(): ..."),
    (rules.sql_stays_home, "src/taktvoll/adapters/postgres/contacts.py", "q = 'select id from contact'"),
    (rules.sql_stays_home, FLOW, "t = 'Select one, then go on.'"),
    (rules.sql_stays_home, FLOW, "t = 'Create the folder first.'"),
    (rules.sql_stays_home, FLOW, "t = 'Update your address, set the new one.'"),
    (rules.sql_stays_home, FLOW, "t = 'With kind regards'"),
    (rules.sql_stays_home, FLOW, "t = 'Delete this contact?'"),
    (rules.sql_stays_home, FLOW, '"""select id from contact"""'),
    (rules.errors_are_not_swallowed, FLOW, "try: a()\nexcept ValueError: pass"),
    (rules.errors_are_not_swallowed, FLOW, "try: a()\nexcept BaseException:\n  close()\n  raise"),
    (
        rules.errors_are_not_swallowed,
        FLOW,
        "try: a()\nexcept Exception as error: waiting.set_exception(error)",
    ),
    (rules.errors_are_not_swallowed, "src/taktvoll/entry/api/edge.py", "try: a()\nexcept Exception: pass"),
    (rules.errors_are_not_swallowed, "src/taktvoll/entry/work/loop.py", "try: a()\nexcept Exception: pass"),
    (rules.domain_is_pure, DOMAIN, "at = now.time()"),
    (rules.domain_is_pure, DOMAIN, "class Search(Protocol):\n  async def find(self) -> None: ..."),
    (rules.domain_is_pure, FLOW, "import asyncio"),
    (rules.settings_are_read_in_one_place, "src/taktvoll/build.py", "x = os.environ['A']"),
    (rules.settings_are_read_in_one_place, "src/taktvoll/adapters/embedded/server.py", "x = os.environ"),
    (rules.only_cli_prints, "src/taktvoll/cli/ask.py", "print('a')"),
    (rules.inner_floors_stand_alone, "src/taktvoll/domain/autonomy/bounds.py", "import numpy as np"),
    (rules.inner_floors_stand_alone, FLOW, "import json\nfrom taktvoll.base import ids"),
    (rules.no_test_is_switched_off, TEST, "lines.skip()"),
    (rules.tests_do_not_time, TEST, "await asyncio.wait_for(done.wait(), 5)"),
]


@pytest.mark.parametrize(("rule", "path", "code"), BAD)
def test_rule_finds_what_breaks_it(rule: Rule, path: str, code: str) -> None:
    """A rule that finds nothing looks like a project without faults."""
    assert list(rule(parse(path, code)))


@pytest.mark.parametrize(("rule", "path", "code"), GOOD)
def test_rule_leaves_good_code_alone(rule: Rule, path: str, code: str) -> None:
    """A rule that cries wolf is soon switched off."""
    assert not list(rule(parse(path, code)))
