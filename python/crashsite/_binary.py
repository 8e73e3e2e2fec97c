"""Where the command `crashsite` is."""

import shutil
import sysconfig
from typing import Optional


def find_binary(given: Optional[str] = None) -> Optional[str]:
    """On the PATH, or beside this Python: there pip puts it, also where the environment is not activated."""
    return given or shutil.which("crashsite") or shutil.which("crashsite", path=sysconfig.get_path("scripts"))
