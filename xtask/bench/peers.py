"""How each tool saves a crash, how it loads its own file, and where the heap is in what it loaded.

Everything a call needs is imported before the call is made: only the call is measured.
"""


def innermost(traceback):
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame


class Crashsite:
    """Loading is the binary's, and measured outside."""

    most = 10000000

    def save(self, path):
        import crashsite

        limits = {"max_objects": self.most, "max_bytes": 1 << 32, "max_seconds": 3600.0}
        return lambda error: crashsite.save_dump(path, exc_info=error, limits=limits, redact="off")


class CrashsiteSmall(Crashsite):
    """The same crash, the first thousand objects."""

    most = 1000


class Coredumpy:
    """As much as it can reach, and none of the work that the others do not do."""

    def save(self, path):
        import coredumpy
        from coredumpy.config import config

        config.dump_timeout = 36000
        config.hide_secret = False
        config.hide_environ = False
        return lambda error: coredumpy.dump(innermost(error[2]), path=path, depth=1000)

    def load(self, path):
        from coredumpy.coredumpy import load_data_from_path

        return lambda: load_data_from_path(path)

    def heap(self, loaded):
        return loaded["frame"].f_locals["heap"]


class Pydumpling:
    def save(self, path):
        from pydumpling import DumpOptions, save_dumping

        return lambda error: save_dumping(path, error, options=DumpOptions.unlimited(), strict=True)

    def load(self, path):
        from pydumpling import load_dumpling

        return lambda: load_dumpling(path, max_bytes=None)

    def heap(self, loaded):
        return innermost(loaded["traceback"]).f_locals["heap"]


class Debuglater:
    """With dill: without it, the objects of the program's own classes are written as their repr."""

    def save(self, path):
        import dill  # noqa: F401
        from debuglater.pydump import save_dump

        return lambda error: save_dump(path, error[2])

    def load(self, path):
        import dill  # noqa: F401
        from debuglater.pydump import load_dump

        return lambda: load_dump(path)

    def heap(self, loaded):
        return innermost(loaded["traceback"]).f_locals["heap"]


class Pyheapdump:
    """Python 2.7 only."""

    def save(self, path):
        import pyheapdump

        return lambda error: pyheapdump.save_dump(path, exc_info=error)

    def load(self, path):
        import pyheapdump

        return lambda: pyheapdump.load_dump(path)

    def heap(self, loaded):
        return innermost(loaded["traceback"]).f_locals["heap"]


class PyheapdumpC(Pyheapdump):
    """The same file by the unpickler in C, which pyheapdump itself does not use."""

    def load(self, path):
        import email

        import sPickle

        def call():
            with open(path, "rb") as stream:
                message = email.message_from_file(stream)
            for part in message.walk():
                if part.get_content_type() == "application/x.python-heapdump":
                    return sPickle.SPickleTools.loads(part.get_payload(decode=True))

        return call


class Pickle:
    """The heap alone, in memory; the file is for loading."""

    def save(self, path):
        import pickle

        return lambda error: pickle.dumps(innermost(error[2]).f_locals["heap"], protocol=5)

    def load(self, path):
        import pickle

        def call():
            with open(path, "rb") as stream:
                return pickle.loads(stream.read())

        return call

    def heap(self, loaded):
        return loaded


TOOLS = {
    "crashsite": Crashsite,
    "crashsite-small": CrashsiteSmall,
    "coredumpy": Coredumpy,
    "pydumpling": Pydumpling,
    "debuglater": Debuglater,
    "pyheapdump": Pyheapdump,
    "pyheapdump-c": PyheapdumpC,
    "pickle": Pickle,
}
