"""Classes of libraries whose objects are told in a form of their own, by name: one line, as their ``__repr__`` has it, and parts.

None of their Python code is run: a form is made of what the instance dictionary holds and of what accessors of C code give. So it
does not matter whose class it is that has such a name.
"""

from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from . import _safe
from ._builtins import keep_builtins

keep_builtins(globals())

Named = List[Tuple[str, Any]]
#: a text, or within a tuple an object to be shown at that place
Part = Union[str, Tuple[Any]]
#: the line of an object, by its attributes and parts; None, or any exception: it has none
Line = Callable[[Any, Dict[str, Any]], Optional[List[Part]]]


class Form:
    """How objects of a class are told."""

    def __init__(
        self,
        line: Line,
        parts: Optional[Callable[[Any], Named]] = None,
        elements: Optional[Callable[[Any], List[Any]]] = None,
        of_c: bool = False,
        is_described: bool = False,
        is_number: bool = False,
        by_reader: bool = False,
    ) -> None:
        self.line = line
        #: what there is beside attributes
        self.parts = parts
        #: of an object of C code: what it holds, instead of all that the collector reaches
        self.elements = elements
        #: by the C code of CPython
        self.of_c = of_c
        #: by the program
        self.is_described = is_described
        #: its own text is made of digits: that has the form of no secret
        self.is_number = is_number
        #: its line is made where the dump is read: of objects of which a program may have many
        self.by_reader = by_reader


class Unknown(Exception):
    """What an object holds is not what its form is made of."""


#: by the name of a class, and its module
KNOWN: Dict[str, Dict[str, Form]] = {}


def know(forms: Dict[Tuple[str, str], Form]) -> None:
    """Take in forms by module and name."""
    for (module, name), form in forms.items():
        KNOWN.setdefault(name, {})[module] = form


def form_of(cls: type) -> Optional[Form]:
    """The form of the objects of a class: that of the class, or of one it derives from, unless a ``__repr__`` comes before."""
    for base in _safe.mro_of(cls):
        named = KNOWN.get(_safe.type_qualname(base))
        found = named.get(_safe.type_module(base)) if named is not None else None
        if found is not None:
            return None if found.of_c and (_safe.is_python_class(base) or not _safe.IS_CPYTHON) else found
        if base is object or "__repr__" in _safe.own_entries(base):
            return None
    return None


def got(value: Any, name: str) -> Any:
    """An attribute by the accessor of C code, whatever else has its name; `Unknown` where there is none."""
    for base in _safe.mro_of(type(value)):
        entry = _safe.own_entry(base, name)
        if (type(entry) is _safe.GetSet or type(entry) is _safe.Member) and entry.__objclass__ is base:
            return entry.__get__(value)
    raise Unknown(name)


def called(value: Any, name: str, *arguments: Any) -> Any:
    """What a method of C code gives, whatever else has its name; `Unknown` where there is none."""
    for base in _safe.mro_of(type(value)):
        entry = _safe.own_entry(base, name)
        if (
            type(entry) is _safe.MethodDescriptor or type(entry) is _safe.WrapperDescriptor
        ) and entry.__objclass__ is base:
            return entry(value, *arguments)
    raise Unknown(name)


def of_type(named: Dict[str, Any], name: str, *classes: type) -> Any:
    """An attribute that has to be exactly of one of these classes."""
    value = named.get(name)
    if not any(type(value) is cls for cls in classes):
        raise Unknown(name)
    return value


def name_of(value: Any) -> str:
    """The name of its class."""
    return _safe.type_name(type(value))


def opening(value: Any) -> str:
    """``<module.Name object at 0x…``, to be closed."""
    return "<%s object at 0x%x" % (_safe.full_name(type(value)), id(value))


def listed(objects: List[Any]) -> List[Part]:
    """Objects with commas between."""
    found: List[Part] = []
    for one in objects:
        found += [", ", (one,)] if found else [(one,)]
    return found


def with_names(named: Named, comma: str = ", ") -> List[Part]:
    """``name=value`` of each."""
    found: List[Part] = []
    for name, value in named:
        found += ["%s%s=" % (comma if found else "", name), (value,)]
    return found
