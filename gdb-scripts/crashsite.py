"""Comfort for gdb on a dump of Crashsite: ``source crashsite.py``. docs/gdb-scripts.md shows it; gdb is good without it.

The commands have the names and the manners of CPython's own gdb extension. They ask the server, as ``monitor`` does, so that a
value shows in one way only, and what they write holds nothing that a terminal obeys. Nothing that a dump says becomes part of a
command of gdb. In a gdb that debugs something else, the commands say so, and nothing else happens.
"""

import re
from typing import Iterator, Optional, Tuple, Union

import gdb
import gdb.printing

#: how the name of the maker of the debugging information begins
PRODUCER = "crashsite "
#: the type of a value that shows as one line: an enumeration; its number is the object's address
CELL = "object"
#: the global variable that has an object's type
OBJECT = "object_%#x"
INTEGER = re.compile("-?[0-9]+")
#: characters of a text between the arguments of a frame
LONGEST_ARGUMENT = 40


def is_ours(symtab: Optional[gdb.Symtab]) -> bool:
    """Whether debugging information was made of a dump."""
    return symtab is not None and (symtab.producer or "").startswith(PRODUCER)


def selected() -> gdb.Frame:
    """The selected frame, where it is one of a dump."""
    try:
        frame = gdb.selected_frame()
        if is_ours(frame.find_sal().symtab):
            return frame
    except gdb.error:
        pass
    raise gdb.GdbError("This is no dump of Crashsite; to look at one: crashsite gdb DUMP")


def answer(question: str, argument: str = "") -> str:
    """What the server says to a question, in which %(pc)#x stands for the frame."""
    frame = selected()
    return gdb.execute("monitor " + question % {"pc": frame.pc(), "argument": argument}, to_string=True)


class Question(gdb.Command):
    """A command that passes a question on."""

    def __init__(self, name: str, kind: int, question: str, description: str) -> None:
        self.name, self.question = name, question
        self.__doc__ = description
        super().__init__(name, kind)

    def invoke(self, argument: str, from_tty: bool) -> None:
        if argument and "argument" not in self.question:
            raise gdb.GdbError("%s takes no argument" % self.name)
        gdb.write(answer(self.question, argument))


class Move(gdb.Command):
    """A command that selects a frame beside the selected one."""

    def __init__(self, name: str, older: bool, description: str) -> None:
        self.older = older
        self.__doc__ = description
        super().__init__(name, gdb.COMMAND_STACK)

    def invoke(self, argument: str, from_tty: bool) -> None:
        frame = selected()
        beside = frame.older() if self.older else frame.newer()
        if beside is None:
            raise gdb.GdbError("Unable to find %s python frame" % ("an older" if self.older else "a newer"))
        beside.select()
        gdb.execute("frame")


class Evaluate(gdb.Function):
    """$_crashsite("EXPR"): the value of a Python expression: a number, or else its repr as text.

    For gdb's own conditions and scripts: if $_crashsite("len(orders)") > 100"""

    def __init__(self) -> None:
        super().__init__("_crashsite")

    def invoke(self, *arguments: gdb.Value) -> Union[gdb.Value, str]:
        if len(arguments) != 1:
            raise gdb.GdbError('One expression is needed: $_crashsite("len(orders)")')
        # One line is one command.
        found = answer("print --pc %(pc)#x %(argument)s", " ".join(arguments[0].string().splitlines()))
        if found.startswith("crashsite: "):
            raise gdb.GdbError(found.rstrip("\n"))
        text = found.split("\n", 1)[0]
        try:
            return gdb.Value(int(text) if INTEGER.fullmatch(text) else float(text))
        except (ValueError, OverflowError):
            return text


class Object(gdb.Function):
    """$_object(VALUE): the object behind a value that gdb shows as one line: p $_object(items[1]).name"""

    def __init__(self) -> None:
        super().__init__("_object")

    def invoke(self, *arguments: gdb.Value) -> gdb.Value:
        found = behind(arguments[0]) if len(arguments) == 1 and is_cell(arguments[0].type) else None
        if found is None:
            raise gdb.GdbError("There is no more behind it than gdb shows.")
        return found


def is_cell(kind: gdb.Type) -> bool:
    """Whether values of a type show as one line."""
    return kind.code == gdb.TYPE_CODE_ENUM and kind.name == CELL


def behind(cell: gdb.Value) -> Optional[gdb.Value]:
    """The object that a line stands for, where it is laid out."""
    symbol = gdb.lookup_global_symbol(OBJECT % int(cell))
    return symbol.value() if symbol is not None and is_ours(symbol.symtab) else None


#: the address of the value that was last taken from an object: where gdb prints an object whole, it prints this next
inside: Optional[int] = None


def members(value: gdb.Value) -> Iterator[Tuple[str, gdb.Value]]:
    """The members of an object, or its elements, by name."""
    global inside
    try:
        if value.type.code == gdb.TYPE_CODE_ARRAY:
            first, last = value.type.range()
            found = (("[%d]" % index, value[index]) for index in range(first, last + 1))
        else:
            found = ((str(field.name), value[field]) for field in value.type.fields())
        for name, member in found:
            inside = address(member)
            yield name, member
    finally:
        inside = None


def address(value: gdb.Value) -> Optional[int]:
    """Where a value is."""
    return None if value.address is None else int(value.address)


def is_argument() -> bool:
    """Whether gdb is printing the arguments of a frame. It tells from version 13 on; before, objects are `...` there."""
    return hasattr(gdb, "print_options") and bool(gdb.print_options()["summary"])


class Whole:
    """An object: shown as gdb by itself does, but that the lines in it stay lines. As an argument, what it is."""

    def __init__(self, value: gdb.Value) -> None:
        self.value = value

    def to_string(self) -> Optional[str]:
        if not is_argument():
            return None
        kind = self.value.type
        if kind.code == gdb.TYPE_CODE_STRUCT:
            return "<%s>" % kind.name
        first, last = kind.range()
        return "<1 element>" if first == last else "<%d elements>" % (last - first + 1)

    def children(self) -> Iterator[Tuple[str, gdb.Value]]:
        return iter(()) if is_argument() else members(self.value)

    def display_hint(self) -> Optional[str]:
        return "array" if self.value.type.code == gdb.TYPE_CODE_ARRAY else None


class Line(Whole):
    """A line with an object behind it, whose members follow, unless it is itself a member of one: that could go on for ever."""

    def __init__(self, cell: gdb.Value, value: gdb.Value) -> None:
        super().__init__(value)
        self.cell = cell

    def to_string(self) -> str:
        return self.cell.format_string(raw=True)

    def children(self) -> Iterator[Tuple[str, gdb.Value]]:
        place = address(self.cell)
        return iter(()) if place is not None and place == inside else super().children()


class Text:
    """Text or bytes: as gdb by itself does, but also as an argument, and not as a list of characters in front ends."""

    def __init__(self, value: gdb.Value) -> None:
        self.value = value

    def to_string(self) -> str:
        if is_argument():
            # The stubs do not know the option yet.
            return self.value.format_string(raw=True, summary=False, max_elements=LONGEST_ARGUMENT)  # type: ignore[call-arg]
        return self.value.format_string(raw=True)


class Printers(gdb.printing.PrettyPrinter):
    """Finds the printer of a value that comes from a dump."""

    def __init__(self) -> None:
        super().__init__("crashsite")

    # For the stubs, a printer always has a text.
    def __call__(self, value: gdb.Value) -> Union[Whole, Text, None]:  # type: ignore[override]
        kind = value.type
        if kind.code not in (gdb.TYPE_CODE_ENUM, gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_ARRAY) or kind.objfile is None:
            return None
        known = kind.objfile.lookup_static_symbol(CELL, gdb.SYMBOL_STRUCT_DOMAIN)
        if known is None or not is_ours(known.symtab):
            return None
        if kind.code == gdb.TYPE_CODE_ENUM:
            found = behind(value) if is_cell(kind) else None
            return None if found is None else Line(value, found)
        is_text = kind.code == gdb.TYPE_CODE_ARRAY and kind.target().sizeof == 1
        return Text(value) if is_text else Whole(value)


gdb.printing.register_pretty_printer(None, Printers(), replace=True)
Evaluate()
Object()
Question(
    "py-bt", gdb.COMMAND_STACK, "bt --pc %(pc)#x", "Show the exception and the Python stack of the selected thread."
)
Question(
    "py-bt-full",
    gdb.COMMAND_STACK,
    "bt --pc %(pc)#x --locals",
    "Show the exception and the Python stack of the selected thread, with the variables of every frame.",
)
Move("py-up", True, "Select the Python frame that called this one, and show it.")
Move("py-down", False, "Select the Python frame that this one called, and show it.")
Question(
    "py-locals",
    gdb.COMMAND_DATA,
    "locals --pc %(pc)#x",
    "Show the variables of the selected Python frame, with their types.",
)
Question(
    "py-print",
    gdb.COMMAND_DATA,
    "print --pc %(pc)#x %(argument)s",
    """Print a Python variable or expression: py-print sum(line.price for line in order.lines)

Names are those of the selected frame. Nothing of the program runs.""",
)
Question(
    "py-list",
    gdb.COMMAND_FILES,
    "list --pc %(pc)#x %(argument)s",
    """List the Python source around the selected frame, as the dump has it.

Use
   py-list START
to list at a different line number within the python source.

Use
   py-list START, END
to list a specific range of lines within the python source.""",
)
Question("py-exception", gdb.COMMAND_STATUS, "exception", "Show the exception, and those that it came from.")
Question("py-threads", gdb.COMMAND_STATUS, "threads", "Show the Python threads, a line for each.")
