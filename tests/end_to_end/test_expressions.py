"""Expressions made to hurt, and large heaps: each has an answer within its bounds."""

import subprocess
import sys
import unittest

from common import ROOT, Case, Done, call

PROGRAM = """
import sys, crashsite
class Order:
    def __init__(self, number):
        self.number, self.total = number, number % 7 * 1.5
        self.status = "open" if number % 3 else "paid"
def settle(orders):
    limits = {"a": 1}
    raise KeyError("no such order")
try:
    settle([Order(number) for number in range(int(sys.argv[2]))])
except KeyError:
    crashsite.save_dump(sys.argv[1])
"""

HURTS = [
    "10**10**10",
    "2**(2**40)",
    "1 << 10**12",
    "'a'*10**12",
    "b'a'*10**15",
    "[0]*10**10",
    "(0,)*10**10",
    "[n for n in range(10**18)]",
    "sum(n for n in range(10**18))",
    "max(range(10**18), key=lambda n: -n)",
    "list(range(10**18))",
    "sorted(range(10**12))",
    "any(False for a in range(10**9) for b in range(10**9))",
    "'{:>1000000000000}'.format(1)",
    "f'{1:>{10**12}}'",
    "'%1000000000000d' % 1",
    "'%.1000000000f' % 1.5",
    "'a'.ljust(10**12)",
    "'a'.join(['b'*10**6]*10**6)",
    "'a'.replace('', 'b'*10**8)",
    "(lambda f: f(f))(lambda f: f(f))",
    "str(10**100000)",
    "int('9'*10**7)",
    "bytes(10**12)",
    "pow(3, 10**8)",
    "(x := [1]) and [x.extend(x) for _ in range(100)]",
    "-" * 200_000 + "1",
    "not " * 50_000 + "1",
    "(" * 200_000,
    "(" * 3_000 + "1" + ")" * 3_000,
    "[" * 100_000 + "]" * 100_000,
    "1" + "+1" * 60_000,
    "f'{" * 1000,
    "1" * 200_000,
    "lambda: " * 20_000 + "1",
]


def quickest(path: str, expression: str) -> Done:
    """A machine that is busy with other things is given another chance, not another bound."""
    done = call("print", path, "--", expression)
    return done if done.seconds < 1.0 else min(done, call("print", path, "--", expression), key=lambda run: run.seconds)


class Expressions(Case):
    def crashed(self, orders: int) -> str:
        path = self.path("orders.dump")
        environment = {"PYTHONPATH": ROOT + "/python"}
        command = [sys.executable, "-B", "-c", PROGRAM, path, str(orders)]
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=120, check=True)
        return path

    def test_an_expression_made_to_hurt_is_an_error_in_time(self) -> None:
        path = self.crashed(10)
        for expression in HURTS:
            # A command line takes an argument of 128 KiB at most.
            if len(expression) > 120_000:
                expression = expression[: expression.rindex(expression[0]) + 1][:120_000]
            with self.subTest(expression[:60]):
                done = quickest(path, expression)
                self.assertEqual(done.status, 1, done)
                self.assertLess(done.seconds, 1.2)
                self.assertLess(done.memory, 256 << 20)
                self.assertLess(len(done.err), 10_000)

    def test_a_limit_names_its_flag(self) -> None:
        path = self.crashed(10)
        for flag, value, expression in (
            ("--max-steps", "1000", "[n for n in range(10**6)]"),
            ("--max-memory", "1000", "[0] * 1000"),
            ("--max-milliseconds", "20", "sum(n for n in range(10**9))"),
        ):
            done = call("print", path, flag, value, "--", expression)
            self.assertEqual(done.status, 1)
            self.assertIn(flag.encode(), done.err)

    def test_a_sum_over_a_hundred_thousand_objects(self) -> None:
        path = self.crashed(100_000)
        # As long as a binary without optimisation takes on a busy machine.
        patience = ("--max-milliseconds", "20000")
        done = call("print", path, *patience, "sum(o.total for o in orders if o.status == 'open')")
        self.assertEqual(done.status, 0, done.err)
        wanted = sum(n % 7 * 1.5 for n in range(100_000) if n % 3)
        self.assertEqual(float(done.out.split()[0]), wanted)
        done = call("print", path, *patience, "len([o for o in orders if o.status == 'paid'])")
        self.assertEqual(done.out.split()[0], b"33334")


if __name__ == "__main__":
    unittest.main()
