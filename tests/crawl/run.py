"""Popular packages of PyPI, each crashed inside by a program of one line: the dump has every frame of the traceback, with the
names and types of all its locals, and the program ends as it does without Crashsite.

The packages are those of packages.txt, in the versions of requirements.txt, from wheels. Arguments choose some of them by name;
a run of all writes docs/packages.md."""

import contextlib
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BINARY = os.environ.get("CRASHSITE_BINARY", "")
TARGET = os.environ.get("CRASHSITE_TARGET", os.path.join(ROOT, "target"))
REQUIREMENTS = os.path.join(HERE, "requirements.txt")
PAGE = os.path.join(ROOT, "docs", "packages.md")

#: seconds for one program, and for one answer of the binary
PROGRAM, ANSWER = 60, 60
#: seconds for all packages to install, and for one
INSTALL, INSTALL_ONE = 1800, 120
#: above these, a dump is one to be looked into: seconds of the processor, bytes
SLOW, LARGE = 0.3, 1_000_000

TEXT = """import %s


def fails(*arguments, **named):
    return len(arguments) / 0


def main():
    %s


main()
"""


class Failed(Exception):
    """What is not as it should be."""


class Row(NamedTuple):
    """A package that crashed as it should."""

    name: str
    version: str
    error: str
    frames: int
    values: int
    objects: int
    size: int
    seconds: float


def table() -> Iterator[Tuple[str, str, str]]:
    with open(os.path.join(HERE, "packages.txt"), encoding="utf-8") as stream:
        for line in stream:
            if line.strip() and not line.startswith("#"):
                name, module, code = line.rstrip("\n").split(None, 2)
                yield name, module, code


def installed() -> str:
    """The folder of a virtual environment with the packages, or with those of them that install here."""
    place = os.path.join(TARGET, "crawl-venv")
    stamp = os.path.join(place, "requirements.txt")
    with open(REQUIREMENTS, encoding="utf-8") as stream:
        wanted = stream.read()
    with contextlib.suppress(FileNotFoundError), open(stamp, encoding="utf-8") as stream:
        if stream.read() == wanted:
            return place
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", place], check=True, timeout=INSTALL_ONE)
    pip = [os.path.join(place, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pip += ["--no-deps", "--no-compile", "--only-binary", ":all:"]
    if subprocess.run([*pip, "-r", REQUIREMENTS], timeout=INSTALL).returncode:
        for requirement in wanted.split():
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run([*pip, requirement], timeout=INSTALL_ONE)
    shutil.copy(REQUIREMENTS, stamp)
    return place


def distributions(place: str) -> Dict[str, Tuple[str, Set[str]]]:
    """Version and files of what is installed, by the name as it is compared."""
    (packages,) = glob.glob(os.path.join(place, "lib", "python*", "site-packages"))
    found = {}
    for record in glob.glob(os.path.join(packages, "*.dist-info", "RECORD")):
        name, version = os.path.basename(os.path.dirname(record))[: -len(".dist-info")].split("-")
        with open(record, encoding="utf-8") as stream:
            files = {os.path.join(packages, line.split(",")[0]) for line in stream}
        found[re.sub(r"[-_.]+", "-", name).lower()] = (version, files)
    return found


def run(python: str, folder: str, paths: List[str]) -> Tuple[int, str]:
    """The program of a folder: how it ended, and what it said on stderr."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": folder,
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(paths),
        "CRASHSITE_DIR": folder,
        "CRASHSITE_TRUTH": os.path.join(folder, "truth.json"),
    }
    done = subprocess.run(
        [python, "program.py"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=PROGRAM,
    )
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    said = [line for line in lines if not line.startswith("crashsite: ")]
    return done.returncode, re.sub("0x[0-9a-f]+", "0x", "\n".join(said))


def asked(*words: str, statuses: Tuple[int, ...] = (0,)) -> Any:
    done = subprocess.run([BINARY, *words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=ANSWER)
    if done.returncode not in statuses:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Failed("crashsite %s: status %d: %s" % (words[0], done.returncode, said))
    return json.loads(done.stdout.decode("utf-8"))


def same(what: str, dumped: Any, true: Any) -> None:
    if dumped != true:
        raise Failed("%s: in the dump %r, in truth %r" % (what, dumped, true))


def places(frames: List[Any]) -> List[Any]:
    return [[frame[field] for field in ("file", "line", "function")] for frame in frames]


def check_frames(where: str, dumped: List[Any], true: List[Any]) -> int:
    """Compare two stacks with their locals, and count these."""
    same(where, places(dumped), places(true))
    for number, (frame, fact) in enumerate(zip(dumped, true)):
        if fact["changing"]:
            continue
        here = "%s #%d %s" % (where, number, fact["function"])
        values = {value["name"]: value for value in frame["locals"]}
        same(here + ": locals", sorted(values), sorted(fact["locals"]))
        for name, (kind, text) in fact["locals"].items():
            value = values[name]
            same("%s: type of %s" % (here, name), value["type"], kind)
            if text is not None and value["status"] == "ok" and not value["repr"].endswith("…"):
                same("%s: %s" % (here, name), value["repr"], text)
    return sum(len(frame["locals"]) for frame in true)


def check_error(where: str, dumped: Any, true: Any) -> List[Any]:
    """Compare two exceptions with those from which they came, and give the stacks of the latter, in truth."""
    if true is None or dumped is None or true.get("seen") or dumped.get("seen"):
        same(where, dumped and {"seen": dumped.get("seen")}, true and {"seen": true.get("seen")})
        return []
    same(where, (dumped["module"], dumped["type"]), (true["module"], true["type"]))
    stacks = []
    if "frames" in dumped:
        same(where + ": frames", places(dumped["frames"]), places(true["frames"]))
        stacks += [true["frames"]] if true["frames"] else []
    for field in ("cause", "context"):
        stacks += check_error(where + "." + field, dumped[field], true[field])
    same(where + ": members", len(dumped["group"]), len(true["group"]))
    for number, (one, other) in enumerate(zip(dumped["group"], true["group"])):
        stacks += check_error("%s.group[%d]" % (where, number), one, other)
    return stacks


def crashed(name: str, module: str, code: str, place: str, found: Dict[str, Tuple[str, Set[str]]]) -> Row:
    if name not in found:
        raise Failed("not installed")
    version, files = found[name]
    python = os.path.join(place, "bin", "python")
    with tempfile.TemporaryDirectory(prefix="crawl-") as folder:
        with open(os.path.join(folder, "program.py"), "w", encoding="utf-8") as stream:
            stream.write(TEXT % (module, code))
        without = run(python, folder, [])
        status, said = run(python, folder, [os.path.join(HERE, "hooked"), os.path.join(ROOT, "python")])
        dumps = glob.glob(os.path.join(folder, "*.dump"))
        if len(dumps) != 1:
            raise Failed("%d dumps; the program's own:\n%s" % (len(dumps), without[1]))
        same("exit status", status, without[0])
        same("stderr", said, without[1])
        with open(os.path.join(folder, "truth.json"), encoding="utf-8") as stream:
            truth = json.load(stream)

        true = truth["exception"]["frames"]
        # Compiled code names its source as it was where it was built.
        if not any(frame["file"] in files or not os.path.isabs(frame["file"]) for frame in true):
            raise Failed("the crash is not in the package's code: %s" % places(true))
        (dump,) = dumps
        answer = asked("bt", dump, "--locals", "--all")
        same("complete", (answer["dump"]["complete"], answer["dump"]["problems"]), (True, []))
        values = check_frames("crash", answer["threads"][0]["frames"], true)
        same("threads", sorted(one["name"] for one in answer["threads"] if one["kind"] == "thread"), truth["threads"])
        chain = check_error("exception", answer["exception"], truth["exception"])
        frames = len(true) + sum(len(stack) for stack in chain)
        for raised in asked("threads", dump)["exceptions"]:
            (thread,) = asked("bt", dump, "--locals", "--thread", str(raised["position"]))["threads"]
            alike = [stack for stack in chain if places(stack) == places(thread["frames"])]
            if not alike:
                raise Failed("%s is not among the exceptions: %s" % (raised["name"], places(thread["frames"])))
            chain.remove(alike[0])
            values += check_frames(raised["name"], thread["frames"], alike[0])
        same("exceptions without their locals", [], [places(stack) for stack in chain])
        info = asked("info", dump, "--check")
        same("whole", info["check"]["whole"], True)
        asked("explain", dump)
        return Row(
            name,
            version,
            truth["exception"]["type"],
            frames,
            values,
            info["holds"]["objects"],
            os.path.getsize(dump),
            truth["seconds"],
        )


def page(rows: List[Row], failures: Dict[str, str]) -> str:
    """What a run found, for docs/."""
    seconds, sizes = sorted(row.seconds for row in rows), sorted(row.size for row in rows)
    lines = [
        "# Packages crashed",
        "",
        "Written by `cargo xtask test --long crawl`: programs that call popular packages of PyPI so that they fail inside, on Python",
        "%d.%d. Each dump is compared with what the process itself knew: every frame of every exception, its file, line and function,"
        % sys.version_info[:2],
        "the names, types and plain values of all locals; and the program's traceback and exit status with those it has without Crashsite.",
        "",
        "%d packages, %d as they should be: %d frames, %d locals. A dump took %.0f ms of the processor in the median, %.0f ms at most; it has"
        % (
            len(rows) + len(failures),
            len(rows),
            sum(row.frames for row in rows),
            sum(row.values for row in rows),
            statistics.median(seconds) * 1000,
            seconds[-1] * 1000,
        ),
        "%.0f kB in the median, %.0f kB at most." % (statistics.median(sizes) / 1000, sizes[-1] / 1000),
        "",
    ]
    if failures:
        lines += ["Not as they should be: %s." % ", ".join(sorted(failures)), ""]
    above = ["%s (%d objects)" % (row.name, row.objects) for row in rows if row.seconds > SLOW or row.size > LARGE]
    if above:
        lines += [
            "Above %.0f ms or %.0f MB, by what its frames lead to: %s." % (SLOW * 1000, LARGE / 1e6, ", ".join(above)),
            "",
        ]
    lines += ["| package | exception | frames | locals | objects | kB | ms |", "|---|---|--:|--:|--:|--:|--:|"]
    for row in rows:
        told = (
            row.name,
            row.version,
            row.error,
            row.frames,
            row.values,
            row.objects,
            row.size / 1000,
            row.seconds * 1000,
        )
        lines.append("| %s %s | %s | %d | %d | %d | %.0f | %.0f |" % told)
    return "\n".join(lines) + "\n"


def main(words: List[str]) -> int:
    if not os.path.exists(BINARY):
        print("CRASHSITE_BINARY names no binary; run this by: cargo xtask test --long crawl")
        return 2
    chosen = [row for row in table() if not words or row[0] in words]
    place = installed()
    found = distributions(place)
    rows: List[Row] = []
    failures: Dict[str, str] = {}

    def attempt(row: Tuple[str, str, str]) -> Tuple[str, Optional[Row], str]:
        try:
            return row[0], crashed(*row, place, found), ""
        except (Failed, subprocess.TimeoutExpired) as error:
            return row[0], None, str(error)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for name, row, why in pool.map(attempt, chosen):
            if row is None:
                failures[name] = why
                print("%s: FAILED: %s" % (name, why), flush=True)
            else:
                rows.append(row)
                if row.seconds > SLOW or row.size > LARGE:
                    print("%s: %.0f ms, %d bytes" % (name, row.seconds * 1000, row.size), flush=True)
    print("%d packages as they should be, %d not" % (len(rows), len(failures)))
    if rows and not words:
        with open(PAGE, "w", encoding="utf-8") as stream:
            stream.write(page(rows, failures))
    return 1 if failures or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
