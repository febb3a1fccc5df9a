"""The rules of style that a machine can read off one Python file, each a function from a source to its findings.

I decide what breaks a rule. The tests beside me call me, on the project and on small examples. I never fix anything.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator

from tests.tidy.tree import Finding, Source

Rule = Callable[[Source], Iterator[Finding]]

SRC = "src/taktvoll"

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def module_has_docstring(source: Source) -> Iterator[Finding]:
    """Every module says what it decides, who calls it and what it never does."""
    if not ast.get_docstring(source.tree):
        yield Finding(source.path, 1, "module without docstring")


def public_has_docstring(source: Source) -> Iterator[Finding]:
    """Every public function and class of a module says what it is for."""
    for node in source.tree.body:
        if isinstance(node, _DEFINITIONS) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield Finding(source.path, node.lineno, f"{node.name} without docstring")


def test_has_docstring(source: Source) -> Iterator[Finding]:
    """Every test says why its claim matters."""
    for node in ast.walk(source.tree):
        if isinstance(node, _FUNCTIONS) and _is_test(source, node.name) and not ast.get_docstring(node):
            yield Finding(source.path, node.lineno, f"{node.name} without docstring")


def sql_stays_home(source: Source) -> Iterator[Finding]:
    """SQL is written in adapters/postgres alone."""
    if source.within(f"{SRC}/adapters/postgres"):
        return
    docstrings = set(_docstrings(source.tree))
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docstrings:
            continue
        if _SQL.match(node.value):
            yield Finding(source.path, node.lineno, f"SQL outside the store: {node.value.strip()[:40]!r}")


def errors_are_not_swallowed(source: Source) -> Iterator[Finding]:
    """Everything is caught only at the edge and in the worker's loop; elsewhere only to pass it on.

    Passed on is what the handler's last word raises again, or what it gives to a future that someone awaits.
    """
    if source.within(f"{SRC}/entry/work") or (
        source.within(f"{SRC}/entry") and source.path.endswith("/edge.py")
    ):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and not _passes_on(node):
            yield Finding(source.path, node.lineno, "catches everything")
        if isinstance(node, ast.Call) and _name(node.func) in {"suppress", "contextlib.suppress"}:
            yield from (
                Finding(source.path, node.lineno, "suppresses everything")
                for argument in node.args
                if _catches_all(argument)
            )


def domain_is_pure(source: Source) -> Iterator[Finding]:
    """The domain awaits nothing and reads neither clock, chance, files nor the surroundings."""
    if not source.within(f"{SRC}/domain"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield Finding(source.path, node.lineno, "the domain awaits")
        for module in _imported(node):
            if _IMPURE_MODULE.match(module):
                yield Finding(source.path, _line(node), f"the domain imports {module}")
        if isinstance(node, ast.Call) and _IMPURE_CALL.search(_name(node.func)):
            yield Finding(source.path, node.lineno, f"the domain calls {_name(node.func)}")


def settings_are_read_in_one_place(source: Source) -> Iterator[Finding]:
    """The environment is read in build.py alone; adapters/embedded hands it on to PostgreSQL's own programs.

    cli/main.py sets in it, before numpy is loaded, how many threads numpy's library may have.
    """
    if source.within(f"{SRC}/build.py", f"{SRC}/adapters/embedded", f"{SRC}/cli/main.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}:
            yield Finding(source.path, node.lineno, f"reads settings by os.{node.attr}")
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            for alias in node.names:
                if alias.name in {"environ", "environb", "getenv"}:
                    yield Finding(source.path, node.lineno, f"reads settings by os.{alias.name}")


def only_cli_prints(source: Source) -> Iterator[Finding]:
    """Only the command line writes to the terminal."""
    if source.within(f"{SRC}/cli", f"{SRC}/__main__.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _name(node.func) in {"print", "builtins.print"}:
            yield Finding(source.path, node.lineno, "prints")


def inner_floors_stand_alone(source: Source) -> Iterator[Finding]:
    """base, domain and flows import the standard library and taktvoll alone; domain/autonomy may use numpy."""
    if not source.within(f"{SRC}/base", f"{SRC}/domain", f"{SRC}/flows"):
        return
    allowed = sys.stdlib_module_names | {"taktvoll"}
    if source.within(f"{SRC}/domain/autonomy", f"{SRC}/domain/autonomy.py"):
        allowed |= {"numpy"}
    for node in ast.walk(source.tree):
        for module in _imported(node):
            if module.split(".")[0] not in allowed:
                yield Finding(source.path, _line(node), f"third-party import of {module}")


def no_test_is_switched_off(source: Source) -> Iterator[Finding]:
    """A test that cannot run is mended or removed, never skipped."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and _SWITCH.match(_name(node)):
            yield Finding(source.path, node.lineno, f"switched off by {node.attr}")
        if isinstance(node, ast.ImportFrom) and node.module in {"pytest", "unittest"}:
            for alias in node.names:
                if _SWITCH.match(f"{node.module}.{alias.name}"):
                    yield Finding(source.path, node.lineno, f"imports {alias.name}")


def tests_do_not_time(source: Source) -> Iterator[Finding]:
    """A test waits for an event, never for a while, and asserts no duration; speed is measured in bench/."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _TIMING.match(_name(node.func)):
            yield Finding(source.path, node.lineno, f"calls {_name(node.func)}")
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if _TIMING.match(f"time.{alias.name}"):
                    yield Finding(source.path, node.lineno, f"imports {alias.name} from time")


EVERYWHERE: tuple[Rule, ...] = (errors_are_not_swallowed,)
IN_SRC: tuple[Rule, ...] = (
    module_has_docstring,
    public_has_docstring,
    sql_stays_home,
    domain_is_pure,
    settings_are_read_in_one_place,
    only_cli_prints,
    inner_floors_stand_alone,
)
IN_TESTS: tuple[Rule, ...] = (test_has_docstring, no_test_is_switched_off, tests_do_not_time)

# Statements, not sentences: "Select one, then go on" is written with one capital and is no SQL.
_SQL = re.compile(
    r"""\s* (?: --[^\n]*\n\s* )* (?! (?-i: [A-Z][a-z]) ) (?:
        select \s+ (?: [\w."]+ \s* (?: , | \( | :: | from \b | as \b | $ ) | ["'$*(\d] )
      | insert \s+ into \b
      | update \s+ (?: only \s+ )? [\w."]+ \s+ (?: (?: as \s+ )? \w+ \s+ )? set \b
      | delete \s+ from \b
      | with \s+ (?: recursive \s+ )? \w+ \s* (?: \([^)]*\) \s* )? as \s* (?: (?: not \s+ )? materialized \s* )? \(
      | (?: create | alter | drop ) \s+
        (?: or \s+ replace \s+ | unique \s+ | temp \s+ | unlogged \s+ | materialized \s+ )*
        (?: table | index | view | function | procedure | trigger | role | user | database | schema | extension
          | type | domain | sequence | policy | publication ) \s+
        (?: if \s+ | [\w."]+ \s* (?: \( | ; | $ | (?: add | on | set | with | as | is ) \b ) )
      | truncate \s+ (?: table \s+ )? [\w."]+ \s* (?: ; | , | $ )
      | (?: grant | revoke ) \s+ [\w,\s]+ \s+ on \b
      | (?: listen | unlisten | notify ) \s+ \w+ \s* (?: , | ; | $ )
      | copy \s+ [\w."]+ \s* (?: \( | from \b | to \b )
      | set \s+ (?: local | session | role ) \s
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_IMPURE_MODULE = re.compile(
    r"""(?: asyncio | ctypes | fileinput | ftplib | getpass | glob | imaplib | io | locale | logging | multiprocessing
      | os | platform | poplib | random | secrets | shutil | smtplib | socket | sqlite3 | ssl | subprocess | tempfile
      | threading | time ) (?: \. | $ )""",
    re.VERBOSE,
)
_IMPURE_CALL = re.compile(
    r"""(?: ^|\.) (?: now | utcnow | today ) $
      | ^time\.\w+$ | ^random\.\w+$ | ^secrets\.\w+$ | ^os\.\w+
      | (?: ^|\. ) (?: uuid[1-8] | urandom | monotonic | perf_counter ) $
      | ^(?: open | input | print ) $
      | \. (?: read_text | read_bytes | write_text | write_bytes ) $""",
    re.VERBOSE,
)
_SWITCH = re.compile(
    r"(?:pytest|unittest)\.(?:mark\.)?(?:skip|skipif|skipIf|skipUnless|xfail|importorskip|expectedFailure)$"
)
_TIMING = re.compile(r"time\.(?:sleep|(?:perf_counter|process_time|thread_time)(?:_ns)?)$")


def _is_test(source: Source, name: str) -> bool:
    return name.startswith("test_") and source.path.rsplit("/", 1)[-1].startswith("test_")


def _docstrings(tree: ast.Module) -> Iterator[int]:
    """Give every string that stands alone as a statement: docstrings and notes beneath a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def _catches_all(node: ast.expr | None) -> bool:
    if node is None:
        return True
    if isinstance(node, ast.Tuple):
        return any(_catches_all(element) for element in node.elts)
    return _name(node) in {"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"}


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return True
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "set_exception"
        and [_name(argument) for argument in node.args] == [handler.name]
        for node in ast.walk(handler)
    )


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        yield node.module


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _name(node: ast.expr) -> str:
    """Write a name or an attribute as it stands in the source; what is neither becomes empty."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return ""
