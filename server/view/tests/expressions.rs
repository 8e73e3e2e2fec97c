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
    "@.args",
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
    ];
    let int = |int| Obj { kind: 2, int, ..Obj::default() };
    let objects = [
        int(0),
        Obj { kind: 6, class: 1, text: "ключ".to_owned(), ..Obj::default() },
        // A list that holds itself, and a reference to nowhere.
        Obj { kind: 8, class: 2, elements: vec![0, 1, 5, 2, 77], ..Obj::default() },
        Obj { kind: 13, class: 3, pairs: vec![(1, 2), (0, 4)], ..Obj::default() },
        Obj { kind: 14, class: 4, attributes: vec![(0, 3)], ..Obj::default() },
        int(42),
    ];
    let locals = vec![
        local("self", 4, "C", "<m.C object at 0x1040>"),
        local("xs", 2, "list", "[…]"),
        local("rows", 3, "dict", "{…}"),
        local("gone", 99, "int", "5"),
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
        let part = PARTS[self.below(if depth > 3 { 37 } else { PARTS.len() })];
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
