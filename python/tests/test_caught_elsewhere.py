"""Ways in where something else catches the exception: each tried with the real thing, and the program as it is without."""

import asyncio
import io
import json
import logging
import signal
import unittest
from typing import Any, List
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import FileWrapper

import crashsite
from programs import Case


class Ways(Case):
    def setUp(self) -> None:
        super().setUp()
        self.options = {"dump_dir": self.dir, "dumps_per_site": 0}

    def names(self) -> List[str]:
        """The function that failed, of every dump."""
        return [self.load(path).bt()["threads"][0]["frames"][0]["function"] for path in self.dumps()]


class Coroutines(Ways):
    def test_decorated(self) -> None:
        @crashsite.dump_on_unhandled_exceptions(**self.options)
        async def work(divisor: int) -> float:
            await asyncio.sleep(0)
            return 1 / divisor

        self.assertEqual(asyncio.run(work(2)), 0.5)
        self.assertEqual(self.dumps(), [])
        with self.assertRaises(ZeroDivisionError):
            asyncio.run(work(0))
        self.assertEqual(self.names(), ["work"])

    def test_loop(self) -> None:
        told: List[Any] = []

        def failing() -> None:
            [].pop()

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: told.append(type(context["exception"])))
            crashsite.dump_on_loop_errors(**self.options)
            over = loop.create_future()
            loop.call_soon(failing)
            loop.call_soon(over.set_result, None)
            await over

        asyncio.run(main())
        self.assertEqual(told, [IndexError])
        self.assertEqual(self.names(), ["failing"])


class Logging(Ways):
    def test_handler(self) -> None:
        logger, text = logging.Logger("shop"), io.StringIO()
        logger.addHandler(logging.StreamHandler(text))
        logger.addHandler(crashsite.DumpHandler(**self.options))
        logger.error("no exception")
        logger.error("none here", exc_info=True)
        try:
            {}["sku"]
        except KeyError:
            logger.warning("not yet", exc_info=True)
            self.assertEqual(self.dumps(), [])
            logger.exception("order failed")
        self.assertEqual(self.names(), ["test_handler"])
        self.assertEqual(text.getvalue().count("KeyError: 'sku'"), 2)


class Finalisers(Ways):
    PROGRAM = (
        "import gc, crashsite\n%s\n"
        "class Held:\n"
        "    def __del__(self): self.lock.release()\n"
        "Held()\n"
        "gc.collect()\n"  # without which PyPy finalises nothing
        "print('goes on')\n"
    )  # fmt: skip

    def test_unraisable(self) -> None:
        script = self.write("prog.py", self.PROGRAM % "")
        bare = self.run_python(script, status=0)
        hooked = "crashsite.dump_on_unhandled_exceptions(unraisable=True)"
        self.write("prog.py", self.PROGRAM % hooked)
        done = self.run_python(script, status=0, env={"CRASHSITE_DIR": self.dir})
        self.assertEqual(done.stdout, bare.stdout)
        lines = [line for line in done.stderr.splitlines() if not line.startswith("crashsite: ")]
        self.assertEqual(
            [line.split(" at 0x")[0] for line in lines], [line.split(" at 0x")[0] for line in bare.stderr.splitlines()]
        )
        self.assertEqual(self.names(), ["__del__"])


@unittest.skipUnless(hasattr(signal, "SIGUSR1"), "no SIGUSR1 here")
class Signals(Ways):
    def test_signal(self) -> None:
        script = self.write(
            "prog.py",
            "import os, signal, crashsite\n"
            "signal.signal(signal.SIGUSR1, lambda *_: print('former'))\n"
            "crashsite.dump_on_signal(signal.SIGUSR1)\n"
            "def hang():\n"
            "    here = 42\n"
            "    os.kill(os.getpid(), signal.SIGUSR1)\n"
            "    for _ in range(1000): pass\n"
            "hang()\n"
            "print('goes on')\n",
        )
        done = self.run_python(script, status=0, env={"CRASHSITE_DIR": self.dir})
        self.assertEqual(done.stdout, "former\ngoes on\n")
        (path,) = self.dumps()
        said = self.load(path).bt()
        self.assertIsNone(said["exception"])
        self.assertEqual([frame["function"] for frame in said["threads"][0]["frames"]][:2], ["hang", "<module>"])


class Wsgi(Ways):
    """Applications that fail at every place where one can, behind a real server."""

    def asked(self, app: Any) -> bytes:
        """What a client gets from one request."""
        errors = io.StringIO()

        class Quiet(WSGIRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                pass

            def get_stderr(self) -> Any:
                return errors

        with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
            import http.client
            import threading

            thread = threading.Thread(target=server.handle_request)
            thread.start()
            client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
            client.request("GET", "/")
            answer = client.getresponse().read()
            client.close()
            thread.join(20)
        return answer

    def same(self, app: Any) -> bytes:
        """The answer, which has to be the one without."""
        answer = self.asked(app)
        self.assertEqual(self.asked(crashsite.WsgiMiddleware(app, **self.options)), answer)
        return answer

    def test_call(self) -> None:
        def failing(environ: Any, start: Any) -> Any:
            raise LookupError("before the answer")

        self.assertIn(b"server error", self.same(failing))
        self.assertEqual(self.names(), ["failing"])

    def test_parts(self) -> None:
        def parts() -> Any:
            yield b"first"
            raise LookupError("within the answer")

        def app(environ: Any, start: Any) -> Any:
            start("200 OK", [("Content-Type", "text/plain")])
            return parts()

        self.assertEqual(self.same(app), b"first")
        self.assertEqual(self.names(), ["parts"])

    def test_close(self) -> None:
        closed = []

        class Parts:
            def __iter__(self) -> Any:
                return iter([b"all"])

            def close(self) -> None:
                closed.append(1)

        def app(environ: Any, start: Any) -> Any:
            start("200 OK", [("Content-Type", "text/plain")])
            return Parts()

        self.assertEqual(self.same(app), b"all")
        self.assertEqual(len(closed), 2)
        self.assertEqual(self.dumps(), [])

    def test_left_as_they_are(self) -> None:
        body: Any = [b"list"]
        wrapped = crashsite.WsgiMiddleware(lambda environ, start: body, **self.options)
        self.assertIs(wrapped({}, None), body)
        body = FileWrapper(io.BytesIO(b"file"))
        self.assertIs(wrapped({"wsgi.file_wrapper": FileWrapper}, None), body)


class Asgi(Ways):
    def test_scopes(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": scope["type"] + ".begin"})
            raise LookupError(scope["type"])

        for number, kind in enumerate(("http", "websocket", "lifespan")):
            sent: List[Any] = []

            async def send(message: Any, sent: List[Any] = sent) -> None:
                sent.append(message["type"])

            with self.assertRaisesRegex(LookupError, kind):
                asyncio.run(crashsite.AsgiMiddleware(app, **self.options)({"type": kind}, None, send))
            self.assertEqual(sent, [kind + ".begin"])
            self.assertEqual(len(self.dumps()), number + 1)
        self.assertEqual(set(self.names()), {"app"})


class Light(Case):
    def test_nothing_is_loaded_before_it_is_asked_for(self) -> None:
        script = self.write(
            "prog.py",
            "import sys, json\n"
            "before = set(sys.modules)\n"
            "import crashsite\n"
            "light = sorted(set(sys.modules) - before)\n"
            "crashsite.dump_on_unhandled_exceptions()\n"
            "print(json.dumps([light, [name for name in ('logging', 'asyncio', 'pytest') if name in sys.modules]]))\n",
        )
        light, heavy = json.loads(self.run_python(script, status=0).stdout)
        self.assertEqual([name for name in light if name != "gc"], ["crashsite", "crashsite._version"])
        self.assertEqual(heavy, [])


if __name__ == "__main__":
    unittest.main()
