"""SHA-256 and BLAKE2 as the interpreter has them itself: to import `hashlib` loads all of OpenSSL."""

import sys

if sys.implementation.name != "pypy":
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]  # CPython 3.12 and later
    except ImportError:
        try:
            from _sha256 import sha256  # type: ignore[import-not-found]
        except ImportError:  # a Python that was built without
            from hashlib import sha256

    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
else:  # whose own are written in Python
    from hashlib import blake2b, sha256

__all__ = ["blake2b", "sha256", "sha256_of_file"]


def sha256_of_file(data: bytes) -> str:
    """SHA-256 of what may be large, in hexadecimal: by OpenSSL, which is several times as fast, where the program has loaded it."""
    fast = getattr(sys.modules.get("_hashlib"), "openssl_sha256", None)
    try:
        return str((fast or sha256)(data).hexdigest())
    except ValueError:  # a machine where it is not allowed
        return str(sha256(data).hexdigest())
