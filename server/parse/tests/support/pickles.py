"""The other judge of the pickle machine: `pickletools.genops`, and a machine of its own on top of it.

    pickles.py make     writes pickles of many kinds, all opcodes of all protocols among them
    pickles.py judge    reads pickles, and writes for each its graph, as tests/pickle_oracle.rs does

Pickles come and go as: u32 length, bytes. Nothing is ever loaded.
"""

import array
import collections
import copyreg
import datetime
import decimal
import fractions
import io
import pickle
import pickletools
import struct
import sys

MARK = object()


class Node:
    def __init__(self, kind, pos, payload="", children=()):
        self.kind, self.pos, self.payload = kind, pos, payload
        self.children = list(children)
        self.updates = []

    def update(self, kind, items):
        if not items:
            return
        if kind != "build" and self.updates and self.updates[-1][0] == kind:
            self.updates[-1][1].extend(items)
        else:
            self.updates.append((kind, list(items)))


def text(value):
    return value.encode("utf-8", "surrogatepass").hex()


def integer(value, opcode):
    if -(2**63) <= value < 2**63:
        return str(value)
    if opcode in ("INT", "LONG"):
        return f"decimal:{value}"
    length = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return "bytes:" + value.to_bytes(length, "little", signed=True).hex()


def graph(data):
    stack, memo, singles = [], {}, {}
    buffers = 0

    def pop_mark():
        at = len(stack) - 1
        while stack[at] is not MARK:
            at -= 1
        items = stack[at + 1 :]
        del stack[at:]
        return items

    def single(kind, pos):
        return singles.setdefault(kind, Node(kind, 0))

    def global_(arg, pos):
        module, name = arg.split(" ", 1)
        return Node("global", pos, text(module) + " " + text(name))

    for op, arg, pos in pickletools.genops(data):
        name = op.name
        if name in ("PROTO", "FRAME"):
            pass
        elif name == "STOP":
            return stack.pop()
        elif name == "MARK":
            stack.append(MARK)
        elif name == "NONE":
            stack.append(single("none", pos))
        elif name == "NEWTRUE" or arg is True and name == "INT":
            stack.append(single("true", pos))
        elif name == "NEWFALSE" or arg is False and name == "INT":
            stack.append(single("false", pos))
        elif name in ("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"):
            stack.append(Node("int", pos, integer(arg, name)))
        elif name in ("FLOAT", "BINFLOAT"):
            stack.append(Node("float", pos, struct.pack(">d", arg).hex()))
        elif "UNICODE" in name:
            stack.append(Node("str", pos, text(arg)))
        elif name == "STRING":
            stack.append(Node("py2str", pos, arg.encode("ascii").hex()))
        elif "STRING" in name:
            stack.append(Node("py2str", pos, arg.encode("latin-1").hex()))
        elif "BINBYTES" in name:
            stack.append(Node("bytes", pos, arg.hex()))
        elif name == "BYTEARRAY8":
            stack.append(Node("bytearray", pos, arg.hex()))
        elif name == "NEXT_BUFFER":
            stack.append(Node("buffer", pos, str(buffers)))
            buffers += 1
        elif name == "READONLY_BUFFER":
            stack.append(Node("readonly", pos, "", [stack.pop()]))
        elif name == "EMPTY_LIST":
            stack.append(Node("list", pos))
        elif name == "EMPTY_DICT":
            stack.append(Node("dict", pos))
        elif name == "EMPTY_SET":
            stack.append(Node("set", pos))
        elif name == "EMPTY_TUPLE":
            stack.append(Node("tuple", pos))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            items = stack[-count:]
            del stack[-count:]
            stack.append(Node("tuple", pos, "", items))
        elif name == "TUPLE":
            items = pop_mark()
            stack.append(Node("tuple", pos, "", items))
        elif name == "FROZENSET":
            items = pop_mark()
            stack.append(Node("frozenset", pos, "", items))
        elif name == "LIST":
            node = Node("list", pos)
            node.update("append", pop_mark())
            stack.append(node)
        elif name == "DICT":
            node = Node("dict", pos)
            node.update("set", pop_mark())
            stack.append(node)
        elif name == "APPEND":
            item = stack.pop()
            stack[-1].update("append", [item])
        elif name == "APPENDS":
            items = pop_mark()
            stack[-1].update("append", items)
        elif name == "ADDITEMS":
            items = pop_mark()
            stack[-1].update("add", items)
        elif name == "SETITEM":
            value = stack.pop()
            key = stack.pop()
            stack[-1].update("set", [key, value])
        elif name == "SETITEMS":
            items = pop_mark()
            stack[-1].update("set", items)
        elif name == "BUILD":
            state = stack.pop()
            stack[-1].update("build", [state])
        elif name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            pop_mark()
        elif name == "DUP":
            stack.append(stack[-1])
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            memo[arg] = stack[-1]
        elif name == "MEMOIZE":
            memo[len(memo)] = stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(memo[arg])
        elif name in ("EXT1", "EXT2", "EXT4"):
            stack.append(Node("ext", pos, str(arg)))
        elif name == "GLOBAL":
            stack.append(global_(arg, pos))
        elif name == "STACK_GLOBAL":
            attribute = stack.pop()
            module = stack.pop()
            stack.append(Node("global", pos, module.payload + " " + attribute.payload))
        elif name in ("REDUCE", "NEWOBJ"):
            args = stack.pop()
            stack.append(Node(name.lower(), pos, "", [stack.pop(), args]))
        elif name == "NEWOBJ_EX":
            kwargs = stack.pop()
            args = stack.pop()
            stack.append(Node("newobj_ex", pos, "", [stack.pop(), args, kwargs]))
        elif name == "OBJ":
            items = pop_mark()
            stack.append(Node("obj", pos, "", items))
        elif name == "INST":
            items = pop_mark()
            stack.append(Node("obj", pos, "", [global_(arg, pos)] + items))
        elif name == "PERSID":
            stack.append(Node("persid", pos, text(arg)))
        elif name == "BINPERSID":
            stack.append(Node("binpersid", pos, "", [stack.pop()]))
        else:
            raise ValueError(name)


def lines(root):
    """Breadth first; a node's number is when it was met."""
    numbers = {id(root): 0}
    queue = [root]

    def number(node):
        if id(node) not in numbers:
            numbers[id(node)] = len(queue)
            queue.append(node)
        return str(numbers[id(node)])

    for node in queue:
        pos = "" if node.kind in ("none", "true", "false") else str(node.pos)
        line = [node.kind, pos, node.payload, *map(number, node.children)]
        for kind, items in node.updates:
            line += [kind, *map(number, items)]
        yield " ".join(line)


class Plain:
    def __init__(self, **state):
        self.__dict__.update(state)


class Slots:
    __slots__ = ("a", "b")


class ListWithMore(list):
    pass


class DictWithMore(dict):
    pass


class WithKeywords:
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (1, 2), {"three": 3}


class Persistent:
    pass


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Persistent):
            return "id-1" if self.proto == 0 else ("id", 1)
        return None


class Ext1:
    pass


class Ext2:
    pass


class Ext4:
    pass


def values():
    yield None
    yield [True, False, None]
    yield [0, 1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -1, -(2**31), -(2**31) - 1]
    yield [2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**30, -(10**30), 2**3000]
    yield [0.0, -0.0, 1.5, -1e300, float("inf"), float("-inf"), float("nan"), 5e-324]
    yield ["", "abc", "a'b\"c\\d\n\r\t\0\x1a", "äöü", "日本", "\U0001f600", "\ud800", "\udc80x", "x" * 300]
    yield ["\\u0041", "\\", "\\\\", "x\\", "\x7f\x80\xff", "y" * 70000]
    yield [b"", b"abc", bytes(range(256)), b"x" * 70000]
    yield [bytearray(b""), bytearray(b"abc"), bytearray(300)]
    yield [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((((),),),)]
    yield {"a": 1, "b": [1, {"c": 2}], 3: None, (1, 2): "t"}
    yield [set(), {1, 2, 3}, frozenset(), frozenset({1, "a"}), set(range(2500))]
    yield list(range(3000))
    yield {n: str(n) for n in range(3000)}
    shared = ["shared"]
    yield [shared, shared, (shared, shared)]
    cycle = []
    cycle.append(cycle)
    yield cycle
    cycle = {}
    cycle["self"] = (cycle, [cycle])
    yield cycle
    yield Plain(a=1, b="two", c=[3])
    slots = Slots()
    slots.a = 1
    yield slots
    more = ListWithMore([1, 2, 3])
    more.attribute = "x"
    yield more
    more = DictWithMore(a=1)
    more.attribute = "x"
    yield more
    yield collections.OrderedDict([("a", 1), ("b", 2)])
    yield collections.defaultdict(list, {"a": [1]})
    yield collections.Counter("hello")
    yield collections.deque([1, 2, 3], maxlen=5)
    yield array.array("i", [1, 2, 3])
    yield [decimal.Decimal("1.5"), fractions.Fraction(1, 3), 1 + 2j, range(3)]
    yield [datetime.datetime(2026, 8, 1, 12, 30), datetime.timedelta(days=1), datetime.timezone.utc]
    yield [print, len, Plain, collections.OrderedDict, Plain.__init__]
    yield ValueError("wrong", 42)
    yield [Ext1, Ext2, Ext4]
    yield [Persistent(), "between", Persistent()]
    yield [n for n in range(400)] + [str(n) for n in range(400)] * 2
    deep = []
    for _ in range(200):
        deep = [deep, 1]
    yield deep


def made():
    copyreg.add_extension(__name__, "Ext1", 200)
    copyreg.add_extension(__name__, "Ext2", 60000)
    copyreg.add_extension(__name__, "Ext4", 2**31 - 1)
    for protocol in range(6):
        for value in values():
            file = io.BytesIO()
            pickler = Pickler(file, protocol)
            pickler.proto = protocol
            try:
                pickler.dump(value)
            except (pickle.PicklingError, TypeError):
                continue  # slots and the like need protocol 2
            yield file.getvalue()
            try:
                yield pickletools.optimize(file.getvalue())
            except Exception:
                pass
        if protocol >= 2:
            yield pickle.dumps(WithKeywords(), protocol)
    out_of_band = [pickle.PickleBuffer(b"abc"), pickle.PickleBuffer(bytearray(b"def"))]
    yield pickle.dumps(out_of_band, 5, buffer_callback=lambda buffer: None)
    yield pickle.dumps(out_of_band, 5)
    # What today's pickler does not write.
    yield b"S'abc'\n."
    yield b"(lp0\nS'it\\'s \\x41\\101\\n\\\\ \\q'\np1\naS\"it's\"\np2\nag1\na."
    yield b"(U\x03abcT\x04\x00\x00\x00\xff\x00abt."
    yield b"(I00\nI01\nI1\nI0\nI-5\nI99999999999999999999\nL5L\nL-5\nL99999999999999999999L\nF1.5\nFnan\nF-inf\nt."
    yield b"(V\\u0041\\U0001f600\\ud800 \\\\u0041 \\n\xe4\nVplain\nt."
    yield b"(dp0\nVa\nI1\nsVb\nI2\ns."
    yield b"(Va\nI1\nVb\nI2\nd."
    yield b"(I1\nI2\nlp5\n0g5\n."
    yield b"(imodule\nClass\np0\n(dp1\nS'x'\nI1\nsb."
    yield b"(S'arg'\nI7\nimodule\nClass\n."
    yield b"(cmodule\nClass\nS'arg'\no}S'x'\nK\x01sb."
    yield b"]2a."
    yield b"](K\x01K\x021K\x030."
    yield b"(0]."
    yield b"\x8b\x00\x00\x00\x00."
    yield b"\x8b\x09\x00\x00\x00" + b"\xff" * 9 + b"."
    yield b"\x8b\x0a\x00\x00\x00" + b"\xff" * 8 + b"\x7f\x00."
    yield b"\x8a\x01\x80."
    yield b"\x8a\x02\x80\x00."
    yield b"(\x8d\x03\0\0\0\0\0\0\0abc\x8e\x03\0\0\0\0\0\0\0abc\x96\x03\0\0\0\0\0\0\0abct."
    yield b"]r\xff\xff\xff\x7f(j\xff\xff\xff\x7fj\xff\xff\xff\x7ft."
    yield b"]q\x07]q\x070h\x07."
    yield b"cmodule\nmake\n)R}K\x01K\x02sbK\x03aK\x04a}b."
    yield b"cmodule\nmake\n)R(K\x01K\x02u(K\x03K\x04e(K\x05\x90."
    yield b"P:1\n."
    yield b"K\x01Q."
    yield b"\x97\x98."
    yield b"(\x82\x01\x83\x01\x02\x84\x01\x02\x03\x04t."


def read_all(data):
    while data:
        (length,) = struct.unpack_from("<I", data)
        yield data[4 : 4 + length]
        data = data[4 + length :]


if __name__ == "__main__":
    out = sys.stdout.buffer
    if sys.argv[1] == "make":
        seen = set()
        for data in made():
            seen.update(op.name for op, _, _ in pickletools.genops(data))
            out.write(struct.pack("<I", len(data)) + data)
        missing = {op.name for op in pickletools.opcodes} - seen
        assert not missing, missing
    else:
        for data in read_all(sys.stdin.buffer.read()):
            out.write(("\n".join(lines(graph(data))) + "\n\n").encode())
