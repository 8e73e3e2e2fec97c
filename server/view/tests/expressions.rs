//! Expressions of random parts over a small heap: whatever comes, an answer or an error, never a panic.
#![allow(clippy::unwrap_used)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use crashsite_model::{Dump, Limits};
use crashsite_view::eval;
use support::{Obj, local, whole};

/// What an expression is put together from; `@` is where another part goes.
const PARTS: &[&str] = &[
    "0",
    "1",
    "-7",
    "2**70",
    "1.5",
    "-0.0",
    "1e300",
    "float('nan')",
    "float('inf')",
    "2j",
    "True",
    "None",
    "...",
    "''",
    "'a'",
    "'ключ'",
    "b'\\xff'",
    "bytearray(b'xy')",
    "[]",
    "()",
    "{}",
    "set()",
    "self",
    "self.orders",
    "xs",
    "rows",
    "gone",
    "$exc",
    "range(5)",
    "range(0, -9, -2)",
    "slice(None, 3)",
    "int",
    "str",
    "dict",
    "len",
    "print",
    "price",
    "moment",
    "week",
    "object()",
    "memoryview(b'abcdefgh')",
    "'\\ud800'",
    "obj(4160)",
    "frame(0)",
    "raw(@)",
    "[@]",
    "[@, @]",
    "(@,)",
    "{@}",
    "{@: @}",
    "{**@}",
    "[*@]",
    "@ + @",
    "@ - @",
    "@ * @",
    "@ / @",
    "@ // @",
    "@ % @",
    "@ ** @",
    "@ << @",
    "@ >> @",
    "@ & @",
    "@ | @",
    "@ ^ @",
    "@ @ @",
    "-@",
    "+@",
    "~@",
    "not @",
    "@ and @",
    "@ or @",
    "@ < @",
    "@ == @ != @",
    "@ in @",
    "@ is @",
    "@ if @ else @",
    "@[@]",
    "@[@:@]",
    "@[::@]",
    "[x for x in @]",
    "{x: @ for x in @ if x}",
    "{x for x in @}",
    "list(x for x in @)",
    "(lambda x: x)(@)",
    "(lambda x, *y, z=1, **k: (x, y, z, k))(@, z=@)",
    "(x := @)",
    "f'{@!r:>{@}}'",
    "'{:>5}|{}'.format(@, @)",
    "'%s %r %d' % @",
    "@.orders",
    "@.real",
    "@.__class__",
    "@.__len__()",
    "@.items()",
    "@.get(@)",
    "@.count(@)",
    "@.index(@)",
    "@.split(@)",
    "@.join(@)",
    "@.replace(@, @)",
    "@.format(@)",
    "@.append(@)",
    "@.pop()",
    "@.sort()",
    "@.update(@)",
    "@.union(@)",
    "@.to_bytes(@)",
    "@.encode(@)",
    "@.strip(@)",
    "@.zfill(@)",
    "@.most_common()",
    "len(@)",
    "repr(@)",
    "str(@)",
    "int(@)",
    "int(@, @)",
    "float(@)",
    "complex(@, @)",
    "bool(@)",
    "list(@)",
    "tuple(@)",
    "set(@)",
    "frozenset(@)",
    "dict(@)",
    "bytes(@)",
    "sorted(@)",
    "reversed(@)",
    "sum(@)",
    "sum(@, @)",
    "min(@)",
    "max(@, @)",
    "any(@)",
    "all(@)",
    "abs(@)",
    "round(@)",
    "round(@, @)",
    "divmod(@, @)",
    "pow(@, @)",
    "pow(@, @, @)",
    "hash(@)",
    "id(@)",
    "hex(@)",
    "chr(@)",
    "ord(@)",
    "type(@)",
    "isinstance(@, @)",
    "issubclass(@, @)",
    "getattr(@, @)",
    "hasattr(@, @)",
    "vars(@)",
    "dir(@)",
    "iter(@)",
    "next(@)",
    "next(@, @)",
    "zip(@, @)",
    "map(@, @)",
    "filter(@, @)",
    "enumerate(@, @)",
    "format(@, @)",
    "callable(@)",
    "range(@)",
    "range(@, @, @)",
    "slice(@)",
    "super()",
    "KeyError(@)",
    "OSError(@, @, @)",
    "ExceptionGroup(@, [@])",
    "UnicodeDecodeError('x', @, @, @, 'y')",
    "@.args",
    "list[@]",
    "@.__add__(@)",
    "@.__rmul__(@)",
    "@.__iadd__(@)",
    "@.__ior__(@)",
    "@.__setitem__(@, @)",
    "@.__delitem__(@)",
    "@.__eq__(@)",
    "@.__round__(@)",
    "@.__floor__()",
    "@.extend(@)",
    "@.insert(@, @)",
    "@.remove(@)",
    "@.translate(@)",
    "@.hex(@, @)",
    "@.cast(@)",
    "@.tolist()",
    "@.indices(@)",
    "@.fromhex(@)",
    "@.from_bytes(@)",
    "memoryview(@)",
    "iter(@, @)",
    "list(iter(@, @))",
    "type(price)(@)",
    "type(moment)(@, @, @)",
    "type(week)(@)",
    "type(moment).fromisoformat(@)",
    "type(moment).fromisocalendar(@, @, @)",
    "type(moment).fromordinal(@)",
    "type(moment).utcfromtimestamp(@)",
    "@.quantize(@)",
    "@.scaleb(@)",
    "@.shift(@)",
    "@.fma(@, @)",
    "@.remainder_near(@)",
    "@.compare_total(@)",
    "@.next_plus()",
    "@.as_tuple()",
    "@.to_eng_string()",
    "@.timetuple()",
    "@.isocalendar()",
    "@.strftime(@)",
    "@.replace(@)",
    "(",
    ")",
    "[",
    "'",
    "lambda",
    "@ :=",
    "…",
    "\u{0}",
    "@ @",
    "await @",
    "@;@",
    "x\n",
];

fn dump() -> Dump {
    let classes: &[support::Class] = &[
        ("builtins", "int", "int", &[]),
        ("builtins", "str", "str", &[]),
        ("builtins", "list", "list", &[]),
        ("builtins", "dict", "dict", &[]),
        ("m", "C", "object", &[]),
        ("decimal", "Decimal", "Decimal", &[]),
        ("datetime", "datetime", "datetime", &[]),
        ("datetime", "timedelta", "timedelta", &[]),
    ];
    let int = |int| Obj { kind: 2, int, ..Obj::default() };
    let atom = |class, note: &str| Obj { kind: 1, class, note: note.to_owned(), ..Obj::default() };
    let objects = [
        int(0),
        Obj { kind: 6, class: 1, text: "ключ".to_owned(), ..Obj::default() },
        // A list that holds itself, and a reference to nowhere.
        Obj { kind: 8, class: 2, elements: vec![0, 1, 5, 2, 77], ..Obj::default() },
        Obj { kind: 13, class: 3, pairs: vec![(1, 2), (0, 4)], ..Obj::default() },
        Obj { kind: 14, class: 4, attributes: vec![(0, 3)], ..Obj::default() },
        int(42),
        atom(5, "Decimal('12.50')"),
        atom(6, "datetime.datetime(2024, 2, 29, 13, 5, tzinfo=datetime.timezone.utc)"),
        atom(7, "datetime.timedelta(days=1, seconds=5)"),
    ];
    let locals = vec![
        local("self", 4, "C", "<m.C object at 0x1040>"),
        local("xs", 2, "list", "[…]"),
        local("rows", 3, "dict", "{…}"),
        local("gone", 99, "int", "5"),
        local("price", 6, "Decimal", "Decimal('12.50')"),
        local("moment", 7, "datetime", "datetime.datetime(…)"),
        local("week", 8, "timedelta", "datetime.timedelta(…)"),
    ];
    Dump::open(Arc::new(whole(locals, &objects, classes, &["orders"])), Limits::default()).unwrap()
}

/// A small generator of numbers: the same every time (xorshift, G. Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn expression(&mut self, depth: usize) -> String {
        let leaves = PARTS.iter().position(|part| part.contains('@')).unwrap();
        let part = PARTS[self.below(if depth > 3 { leaves } else { PARTS.len() })];
        let mut out = String::new();
        // The operator `@` of matrices is written as it is.
        let pieces: Vec<&str> = if part == "@ @ @" { vec!["", " @ ", ""] } else { part.split('@').collect() };
        for (place, piece) in pieces.iter().enumerate() {
            if place > 0 && !(part == "@ @ @" && place > 2) {
                out.push('(');
                out.push_str(&self.expression(depth + 1));
                out.push(')');
            }
            out.push_str(piece);
        }
        out
    }
}

#[test]
fn nothing_panics() {
    let dump = dump();
    let limits = eval::Limits { steps: 20_000, memory: 1 << 20, milliseconds: 200 };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut answers, count) = (0, if std::env::var_os("CRASHSITE_LONG").is_some() { 300_000 } else { 10_000 });
    for _ in 0..count {
        let expression = dice.expression(0);
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            eval::print(&dump, None, 0, &expression, limits).is_ok()
        }));
        answers += usize::from(answer.unwrap_or_else(|_| panic!("a panic by: {expression}")));
    }
    assert!(answers > count / 50, "{answers} of {count} had a value: the parts make no sense");
}

#[test]
fn no_completion_panics() {
    let dump = dump();
    let place = crashsite_view::thread::place(&dump, None, 0).unwrap();
    let limits = eval::Limits { steps: 2_000, memory: 1 << 16, milliseconds: 200 };
    let found = eval::session(&dump, place, limits, Arc::default(), |session| {
        session.answer("{'a': [1]}").unwrap();
        let mut dice = Dice(0x2545_f491_4f6c_dd1d);
        let mut found = 0;
        for _ in 0..5_000 {
            let whole = dice.expression(0) + [".", "['", "", "[\"a", ".x"][dice.below(5)];
            let end = if dice.below(2) == 0 { whole.len() } else { dice.below(whole.len() + 1) };
            let Some(typed) = whole.get(..end) else { continue };
            let completions = session.complete(typed);
            assert!(typed.is_char_boundary(typed.len() - completions.replaced), "{typed}");
            found += usize::from(!completions.candidates.is_empty());
        }
        assert_eq!(&*session.answer("$0").unwrap().printed.value.repr, "{'a': [1]}");
        found
    });
    let found = found.unwrap();
    assert!(found > 500, "{found}: the texts make no sense");
}

#[test]
fn nothing_is_gone_through_too_deep() {
    let dump = dump();
    let limits = eval::Limits { milliseconds: 60_000, ..eval::Limits::default() };
    let nested = |start: &str, around: &str, then: &str| {
        format!(
            "((a := {start}), (b := {start}), [((a := {around}), (b := {})) for _ in range(20_000)], {then})[3]",
            around.replace('a', "b")
        )
    };
    for (start, around) in [("1", "[a]"), ("1", "(a,)"), ("1", "{1: a}"), ("1", "slice(a)"), ("int", "list[a]")] {
        for then in ["repr(a)", "hash(a)", "a == b", "a < b", "{a}", "str(KeyError(a))"] {
            // An answer or an error: what recursed would end the process.
            let failed = eval::print(&dump, None, 0, &nested(start, around, then), limits).err();
            let kind = failed.as_ref().map_or("", |failure| failure.kind);
            assert!(["", "RecursionError", "TypeError"].contains(&kind), "{around}, {then}: {failed:?}");
        }
    }
    let exceptions = "((a := KeyError()), [a := KeyError(a) for _ in range(20_000)], str(a))[2]";
    assert_eq!(eval::print(&dump, None, 0, exceptions, limits).unwrap_err().kind, "RecursionError");
}

#[test]
fn nothing_is_repeated_without_end() {
    let dump = dump();
    for (expression, made) in
        [("[] * 10**17", "[]"), ("10**17 * ()", "()"), ("'' * 10**17", "''"), ("b'' * 10**17", "b''")]
    {
        let answer = eval::print(&dump, None, 0, expression, eval::Limits::default()).unwrap();
        assert_eq!(&*answer.value.repr, made, "{expression}");
    }
}
