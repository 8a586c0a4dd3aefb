"""Sample of small errors put into one module, and how many of them its tests detect.

Usage: uv run python -m tests.mutants people/posts.py tests/people/test_posts.py [more tests] [--count 20] [--seed 1]

The same seed gives the same faults. Each one is written into a copy of the checkout, where the tests named run until
the first failure. Faults that no test notices are printed with their line; some of them change nothing that matters.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cisfilm import devdb

MOST_SECONDS = 300
_COMPARISONS = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd}


@dataclass(frozen=True)
class Mutant:
    """Expression of a module and the text that replaces it."""

    node: ast.expr
    replacement: str

    def applied_to(self, source: str) -> str:
        lines = source.encode().splitlines(keepends=True)
        before = lines[self.node.lineno - 1][: self.node.col_offset]
        after = lines[self.node.end_lineno - 1][self.node.end_col_offset :]
        # The module may need the lines as they were counted, so that later ones keep their numbers.
        middle = f"({self.replacement})".encode()
        return b"".join(
            [*lines[: self.node.lineno - 1], before + middle + after, *lines[self.node.end_lineno :]]
        ).decode()


def mutants_of(source: str) -> list[Mutant]:
    """Return all errors that can be put into the module, in the order of the source."""
    tree = ast.parse(source)
    exempt = {id(part) for node in ast.walk(tree) for part in _exempt_parts(node)}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr) and id(node) not in exempt]
    return [Mutant(node, replacement) for node in nodes for replacement in _replacements(node)]


def _exempt_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Return annotations and docstrings, which are no behaviour, and f-strings, whose parts can't be replaced."""
    match node:
        case ast.JoinedStr():
            yield from ast.walk(node)
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
    for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
        if annotation is not None:
            yield from ast.walk(annotation)


def _replacements(node: ast.expr) -> Iterator[str]:
    text = ast.unparse(node)
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARISONS:
            yield ast.unparse(ast.Compare(left, [_COMPARISONS[type(operator)]()], [right]))
        case ast.BoolOp(op=operator, values=values):
            yield ast.unparse(ast.BoolOp(ast.And() if isinstance(operator, ast.Or) else ast.Or(), values))
            yield from (ast.unparse(value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield ast.unparse(operand)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            yield ast.unparse(ast.BinOp(left, _OPERATORS[type(operator)](), right))
        case ast.IfExp(body=body, orelse=orelse):
            yield ast.unparse(body)
            yield ast.unparse(orelse)
        case ast.Constant(value=bool(value)):
            yield repr(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield repr(value + 1)
        case ast.Constant(value=str(value)) if value:
            yield "''"
        case ast.Call(args=[_, *_], keywords=[]):
            yield f"None and {text}"


def survives(module: str, mutated: str, tests: list[str], copy: Path) -> bool:
    """Run the tests on the mutated module in the copy; True if none of them fails."""
    (copy / module).write_text(mutated, encoding="utf-8")
    # Without compiled files: two mutants may have one size and one second of change. With the server of the checkout's
    # own tests, and one template for all mutants.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "CISFILM_DEVDB_DIR": str(devdb.folder())}
    # tests/conftest.py would keep them all the same, unless a place is named.
    environment |= {"PYTHONPYCACHEPREFIX": str(copy / "no-bytecode")}
    environment |= {"CISFILM_TEMPLATES": f"mutants_{os.getpid()}"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
    try:
        ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    source = (devdb.CHECKOUT / options.module).read_text(encoding="utf-8")
    every = mutants_of(source)
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))  # noqa: S311 no secret
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="cisfilm-mutants-") as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(devdb.CHECKOUT, copy, ignore=shutil.ignore_patterns(".*", "node_modules", "__pycache__"))
        if not survives(options.module, source, options.tests, copy):
            sys.exit("The tests fail without any fault.")
        for mutant in sorted(chosen, key=lambda mutant: mutant.node.lineno):
            if survives(options.module, mutant.applied_to(source), options.tests, copy):
                survivors += 1
                original = ast.get_source_segment(source, mutant.node)
                print(f"{options.module}:{mutant.node.lineno} survives: {original} -> {mutant.replacement}")
    print(f"{len(chosen) - survivors} of {len(chosen)} noticed")


if __name__ == "__main__":
    main()
