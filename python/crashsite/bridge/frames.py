"""Real frames, made from data.

For each frame of a dump there is a function that does nothing but take its locals and call the next; its line and columns
are those of the dump, and so are its names and its globals. Nothing of the dump is compiled: names are put into the code
when it is made. The functions run once, and what is left of them are their frames, each with the one before as `f_back`.
The outermost is a generator that never goes on: so nothing of the bridge is at the bottom.
"""

import ast
import collections
import sys
import threading
import types
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Sequence, Tuple

#: bytes of stack for one function, where Python takes any (before 3.11)
_STACK = 2048
#: functions that may be called without more ado
_SHALLOW = 200
_GREATEST = 2**31 - 2
_WIDEST = 1_000_000


class Shown(NamedTuple):
    """A frame as it is to look. Lines count from 1, columns are bytes from 0; names are what Python takes for one."""

    function: str
    qualname: str
    path: str
    first_line: int
    line: int
    end_line: int
    column: int
    end_column: int
    arguments: Sequence[Tuple[str, Any]]
    locals: Sequence[Tuple[str, Any]]
    globals: Dict[str, Any]
    #: the locals are the globals
    module: bool


class _Plan:
    """What the functions ask for while they run: it is the one constant in their code."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: Deque[Any] = collections.deque()
        self.frames: List[types.FrameType] = []

    def take(self) -> Any:
        """The locals of the function that asks, or what it has to call."""
        return self.waiting.popleft()

    def arrived(self) -> None:
        """The innermost has been called: these are all the frames."""
        frame: Optional[types.FrameType] = sys._getframe(1)
        while frame is not None:
            self.frames.append(frame)
            if frame.f_code.co_flags & 0x20:  # the generator
                return
            frame = frame.f_back


_PLAN = _Plan()
_CONSTANT = "the plan stands here"


def build(stack: Sequence[Shown]) -> Tuple[List[types.FrameType], Any]:
    """The frames of a stack, the innermost first, as it is given; and what has to be kept as long as they are used."""
    if not stack:
        return [], None
    codes: Dict[Tuple[Any, ...], types.CodeType] = {}
    functions = [_function(shown, position == len(stack) - 1, codes) for position, shown in enumerate(stack)]
    with _PLAN.lock:
        plan: List[Any] = []
        for shown, function in zip(reversed(stack), reversed(functions)):
            plan.append(function)
            if shown.locals and not shown.module:
                plan.append(tuple(value for _, value in shown.locals))
        plan.append(_PLAN.arrived)
        _PLAN.waiting.extend(plan[1:])
        _PLAN.frames = []
        try:
            outermost = functions[-1]()
            _with_stack(len(stack), lambda: outermost.send(None))
            return list(_PLAN.frames), outermost
        finally:
            _PLAN.waiting.clear()
            _PLAN.frames = []


def traceback(frames: Sequence[types.FrameType], lines: Sequence[int]) -> Optional[types.TracebackType]:
    """Through these frames, the innermost first."""
    made: Optional[types.TracebackType] = None
    for frame, line in zip(frames, lines):
        made = types.TracebackType(made, frame, frame.f_lasti, line)
    return made


def _with_stack(depth: int, run: Callable[[], Any]) -> None:
    if depth <= _SHALLOW:
        run()
    elif sys.version_info >= (3, 11):
        _deep(depth, run)
    else:
        # Each function takes some of the stack, of which no thread has enough.
        before = threading.stack_size((depth * _STACK + (8 << 20)) // 4096 * 4096)
        try:
            thread = threading.Thread(target=_deep, args=(depth, run), name="crashsite")
            thread.start()
        finally:
            threading.stack_size(before)
        thread.join()


def _deep(depth: int, run: Callable[[], Any]) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + depth + 100)
    try:
        run()
    finally:
        sys.setrecursionlimit(limit)


def _function(shown: Shown, outermost: bool, codes: Dict[Tuple[Any, ...], types.CodeType]) -> types.FunctionType:
    names: Tuple[str, ...] = ()
    if not shown.module:
        names = tuple(name for name, _ in (*shown.arguments, *shown.locals))
    arguments = 0 if shown.module else len(shown.arguments)
    key = (shown[:8], names, arguments, shown.module, outermost)
    if key not in codes:
        codes[key] = _code(shown, names, arguments, outermost)
    values = None if shown.module else tuple(value for _, value in shown.arguments)
    return types.FunctionType(codes[key], shown.globals, "stub", values)


def _code(shown: Shown, names: Sequence[str], arguments: int, outermost: bool) -> types.CodeType:
    """The code of a function that takes its arguments by their defaults, its locals from the plan, and calls the next."""
    place = _place(shown)

    def placed(node: Any) -> Any:
        for field, value in place.items():
            setattr(node, field, value)
        return node

    def call(function: Any) -> Any:
        return placed(ast.Call(func=function, args=[], keywords=[]))

    def take() -> Any:
        constant = placed(ast.Constant(value=_CONSTANT, kind=None))
        return call(placed(ast.Attribute(value=constant, attr="take", ctx=ast.Load())))

    body: List[Any] = []
    if len(names) > arguments:
        targets = [placed(ast.Name(id="_%d" % at, ctx=ast.Store())) for at in range(arguments, len(names))]
        target = placed(ast.Tuple(elts=targets, ctx=ast.Store()))
        body.append(placed(ast.Assign(targets=[target], value=take(), type_comment=None)))
    if outermost:
        body.append(placed(ast.Expr(value=call(take()))))
        body.append(placed(ast.Expr(value=placed(ast.Yield(value=None)))))
    else:
        body.append(placed(ast.Return(value=call(take()))))
    parameters = [placed(ast.arg(arg="_%d" % at, annotation=None, type_comment=None)) for at in range(arguments)]
    signature = ast.arguments(
        posonlyargs=[], args=parameters, vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
    )
    function: Any = ast.FunctionDef(
        name="stub", args=signature, body=body, decorator_list=[], returns=None, type_comment=None, type_params=[]
    )
    function.lineno = shown.first_line
    function.end_lineno = max(shown.first_line, place["end_lineno"])
    function.col_offset, function.end_col_offset = 0, _WIDEST
    module = ast.Module(body=[function], type_ignores=[])
    code = next(
        constant
        for constant in compile(module, "stub", "exec", dont_inherit=True).co_consts
        if isinstance(constant, types.CodeType)
    )
    changes: Dict[str, Any] = {
        "co_name": shown.function,
        "co_filename": shown.path,
        "co_varnames": tuple(names),
        "co_consts": tuple(_PLAN if constant == _CONSTANT else constant for constant in code.co_consts),
    }
    if sys.version_info >= (3, 11):
        changes["co_qualname"] = shown.qualname
    if shown.module:
        changes["co_flags"] = code.co_flags & ~0x3  # neither optimized nor with locals of its own
    return code.replace(**changes)


def _place(shown: Shown) -> Dict[str, int]:
    """The position as the compiler takes it."""
    line, end_line = shown.line, max(shown.end_line, shown.line)
    column, end_column = min(shown.column, _WIDEST), min(shown.end_column, _WIDEST)
    if line == end_line and end_column < column:
        end_column = column
    return {"lineno": line, "end_lineno": end_line, "col_offset": column, "end_col_offset": end_column}


def as_line(number: object, otherwise: int) -> int:
    """A number of a line, whatever a dump has in its place."""
    return number if isinstance(number, int) and 0 < number < _GREATEST else otherwise
