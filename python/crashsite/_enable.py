"""``python -m crashsite enable`` and ``disable``: a way in without touching programs. A line in site-packages, which Python runs
at each start, puts the hooks in where a variable of the environment asks for them."""

import os
import site
import subprocess
import sys
import sysconfig
from typing import Optional

from ._startup import VARIABLE, start

_FILE = "crashsite-enable.pth"
#: It must be one line, cost nothing where the variable is not set, and fail nowhere: the package may be gone. In a virtual
#: environment it is run twice.
_LINE = (
    'import os, sys; os.environ.get("%(variable)s") and "%(module)s" not in sys.modules and exec("'
    r"try:\n from %(module)s import start\n start()\n"
    r"except Exception as error:\n sys.modules['%(module)s'] = None\n"
    r" sys.stderr and sys.stderr.write('crashsite: %(variable)s: no hooks: %%s\\n' %% error)"
    '")\n'
) % {"variable": VARIABLE, "module": start.__module__}
#: whether it has worked, by the hook that stands
_TRIAL = "import sys; sys.exit(getattr(sys.excepthook, '__module__', None) != '%s._hooks')" % __package__


def enable(user: bool) -> int:
    """Write the line, and try it in a Python of its own."""
    if user and not site.ENABLE_USER_SITE:
        sys.stderr.write("crashsite: this Python does not use the user's site-packages\nLeave --user away.\n")
        return 2
    folder = site.getusersitepackages() if user else sysconfig.get_path("purelib")
    path = os.path.join(folder, _FILE)
    try:
        os.makedirs(folder, exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(_LINE)
    except OSError as error:
        elsewhere = "Use a virtual environment" + ("." if user else ", or --user.")
        sys.stderr.write("crashsite: %s cannot be written: %s\n%s\n" % (path, error.strerror, elsewhere))
        return 1
    said = _trial()
    if said is not None:
        os.unlink(path)
        sys.stderr.write("crashsite: not enabled: %s\nInstall the package into this environment.\n" % said)
        return 1
    print("enabled by %s: where %s=1, what %s runs has the hooks" % (path, VARIABLE, sys.executable))
    return 0


def disable() -> int:
    """Remove the line, wherever in this environment it stands."""
    folders = [sysconfig.get_path("purelib")] + [site.getusersitepackages()] * bool(site.ENABLE_USER_SITE)
    found = [path for path in (os.path.join(folder, _FILE) for folder in folders) if os.path.isfile(path)]
    try:
        for path in found:
            os.unlink(path)
            print("removed " + path)
    except OSError as error:
        sys.stderr.write("crashsite: %s cannot be removed: %s\nRemove it as its owner.\n" % (path, error.strerror))
        return 1
    if not found:
        print("not enabled here")
    return 0


def _trial() -> Optional[str]:
    """Why a Python that starts with the variable has no hooks; None: it has them. The programs' settings have no part in it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("CRASHSITE_")}
    env[VARIABLE] = "1"
    command = [sys.executable, "-c", _TRIAL]
    pipe = subprocess.PIPE
    try:
        done = subprocess.run(command, cwd=os.sep, env=env, stderr=pipe, encoding="utf-8", errors="replace", timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "%s cannot be tried: %s" % (sys.executable, error)
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or ["%s does not read %s" % (sys.executable, _FILE)])[-1]
