"""Seeds of the fuzz targets, from the dumps of tests/fixtures: files as they are, and what is within them, where bytes mean something.

python3 fuzz/seeds.py TARGET FOLDER
"""

import bz2
import email
import gzip
import os
import re
import sys
from typing import Iterator, List, Tuple

FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "fixtures")
#: bytes of the largest
LARGEST = 128 << 10

#: as fuzz/src/lib.rs has them: what the target `formats` puts around its input, and what is between the parts of a message
VERSION_3, VERSION_2, GZIP, PLAIN = range(4)
SEPARATOR = b"\0--part--\0"


def dumps() -> Iterator[Tuple[str, bytes]]:
    for folder, _, names in sorted(os.walk(FIXTURES)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not name.endswith((".truth.json", ".md", ".py", ".pyc")) and os.path.getsize(path) <= LARGEST:
                with open(path, "rb") as stream:
                    yield os.path.relpath(path, FIXTURES).replace(os.sep, "-"), stream.read()


def unpacked(data: bytes) -> bytes:
    """Without compression as a whole; a little of what is a bomb."""
    for magic, opened in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open)):
        if data.startswith(magic):
            path = os.path.join(sys.argv[2], ".packed")
            with open(path, "wb") as stream:
                stream.write(data)
            try:
                with opened(path) as packed:
                    return packed.read(LARGEST)
            except (OSError, EOFError, ValueError):
                return data
            finally:
                os.unlink(path)
    return data


def parts_of_3(data: bytes) -> List[bytes]:
    """The parts of a message of version 3, each as line of its numbers of objects and pickle."""
    parts = []
    for head in re.finditer(rb"Content-Type: application/x.python-heapdump; part=\w+\r\n(?:[^\r\n]+\r\n)+\r\n", data):
        length = re.search(rb"Content-Length: (\d+)", head.group())
        objects = re.search(rb"X-Crashsite-Objects: ([^\r]*)", head.group())
        body = data[head.end() : head.end() + int(length.group(1))] if length else b""
        parts.append((objects.group(1) if objects else b"") + b"\n" + unpacked(body))
    return parts


def inner(data: bytes) -> Iterator[Tuple[int, bytes]]:
    """What is within a dump, by what has to be put around it again."""
    if b"X-python-heapdump-version: 3" in data[:4096]:
        yield VERSION_3, SEPARATOR.join(parts_of_3(data))
    elif b"application/x.python-heapdump" in data[:4096]:
        for part in email.message_from_bytes(data).walk():
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                yield VERSION_2, unpacked(body)
    elif unpacked(data) != data:
        yield GZIP if data.startswith(b"\x1f\x8b") else PLAIN, unpacked(data)
    else:
        yield PLAIN, data


def seeds(target: str, data: bytes) -> Iterator[bytes]:
    if target == "formats":
        for form, content in inner(data):
            yield bytes([form]) + content
    elif target == "pickle":
        for form, content in inner(data):
            parts = [part.partition(b"\n")[2] for part in content.split(SEPARATOR)]
            yield from parts if form == VERSION_3 else [content]
    else:
        yield data
        if unpacked(data) != data:
            yield unpacked(data)


def main(target: str, folder: str) -> None:
    for name, data in dumps():
        for number, seed in enumerate(seeds(target, data)):
            if 0 < len(seed) <= LARGEST:
                with open(os.path.join(folder, "%s-%d" % (re.sub("[^0-9A-Za-z]", "-", name), number)), "wb") as stream:
                    stream.write(seed)


if __name__ == "__main__":
    main(*sys.argv[1:])
