"""Ways in for web servers: middleware of WSGI (PEP 3333) and ASGI. What leaves the application is dumped, and goes on."""

import sys
from typing import Any, Iterator, Optional

from ._builtins import keep_builtins
from ._hooks import Guard, guard_of
from ._settings import Settings

keep_builtins(globals())


class WsgiMiddleware:
    """``application = WsgiMiddleware(application)``. The arguments are those of `dump_on_unhandled_exceptions`.

    Frameworks that answer with an error page themselves (Flask, Django) let nothing out: there, `DumpHandler` is the way.
    """

    def __init__(self, app: Any, *, settings: Optional[Settings] = None, **options: Any) -> None:
        self.app = app
        self._guard = guard_of(settings, options)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        try:
            body = self.app(environ, start_response)
        except Exception:
            self._guard.dump(sys.exc_info())
            raise
        # Servers treat these two better when they see them: with a length, and by `sendfile`. Neither fails.
        if type(body) in (list, tuple) or _is_file(body, environ):
            return body
        return _Body(body, self._guard)


def _is_file(body: Any, environ: Any) -> bool:
    wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(wrapper, type) and isinstance(body, wrapper)


class _Body:
    """The parts of an answer, as the application makes them."""

    def __init__(self, body: Any, guard: Guard) -> None:
        self._body = body
        self._guard = guard
        self._parts: Optional[Iterator[Any]] = None

    def __iter__(self) -> "_Body":
        return self

    def __next__(self) -> Any:
        try:
            if self._parts is None:
                self._parts = iter(self._body)
            return next(self._parts)
        except StopIteration:
            raise
        except Exception:
            self._guard.dump(sys.exc_info())
            raise

    def close(self) -> None:
        """Tell the application that the answer is over."""
        close = getattr(self._body, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception:
            self._guard.dump(sys.exc_info())
            raise


class AsgiMiddleware:
    """``app = AsgiMiddleware(app)``, or ``app.add_middleware(AsgiMiddleware)`` of Starlette and FastAPI: HTTP, WebSocket and
    lifespan alike. The arguments are those of `dump_on_unhandled_exceptions`."""

    def __init__(self, app: Any, *, settings: Optional[Settings] = None, **options: Any) -> None:
        self.app = app
        self._guard = guard_of(settings, options)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception:
            self._guard.dump(sys.exc_info())
            raise
