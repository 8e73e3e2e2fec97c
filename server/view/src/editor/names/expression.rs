//! The expression that stands at a place of a source: `self.cfg.port`, `items[0].name`.

use std::ops::Range;
use std::sync::Arc;

use super::{Names, WordKind};

/// Words of an expression that is asked for.
const MOST_WORDS: usize = 500;

/// An expression in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// Its bytes.
    pub at: Range<usize>,
    /// Its last word, which the cursor is on.
    pub word: Range<usize>,
    /// As it is evaluated: in one line, private names as they are stored.
    pub text: String,
    /// The variables in it.
    pub names: Vec<Arc<str>>,
    /// The scope that it stands in.
    pub scope: usize,
}

impl Names {
    /// The expression that ends with the word at a byte of the source. There is none in the name of a module or of a keyword
    /// argument.
    pub fn expression(&self, source: &str, offset: usize) -> Option<Expression> {
        let last = self.word_at(offset)?;
        let word = self.words.get(last)?;
        let last = match word.kind {
            WordKind::Name => last,
            // `items[0]`: on a bracket the whole of it is meant.
            WordKind::Open('[') if self.is_operand(last.checked_sub(1)?) => self.closing(last)?,
            WordKind::Close if self.opening(last).is_some_and(|open| self.is_subscript(open)) => last,
            _ => return None,
        };
        let word = word.start..word.end;
        let binding = self.binding_at(word.start);
        let imported = self.imports.iter().any(|range| range.contains(&word.start));
        if binding.is_none() && (imported || self.is_keyword_argument(last)) {
            return None;
        }
        let first = self.beginning(last)?;
        let (start, end) = (self.words.get(first)?.start, self.words.get(last)?.end);
        let scope = binding.map_or_else(|| self.scope_at(start), |binding| binding.scope);
        let class = self.class_around(scope);
        let mut text = String::new();
        let mut names = Vec::new();
        for index in (first..=last).take(MOST_WORDS + 1) {
            let part = self.words.get(index)?;
            let written = source.get(part.start..part.end)?;
            if index > first && self.words.get(index - 1)?.end < part.start {
                text.push(' ');
            }
            if part.kind != WordKind::Name {
                text.push_str(written);
                continue;
            }
            let stored = mangled(written, class.as_deref());
            text.push_str(&stored);
            let attribute = index > first && self.words.get(index - 1)?.kind == WordKind::Dot;
            let variable = index == last || !self.is_keyword_argument(index);
            if variable && !attribute {
                names.push(stored.into());
            }
        }
        (last - first < MOST_WORDS).then_some(Expression { at: start..end, word, text, names, scope })
    }

    /// Variables that stand in a part of the source, each with its scope.
    pub fn variables<'s>(
        &'s self,
        source: &'s str,
        part: Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, &'s str)> + 's {
        let first = self.words.partition_point(|word| word.start < part.start);
        let words = self.words.iter().enumerate().skip(first).take_while(move |(_, word)| word.end <= part.end);
        words.filter_map(|(index, word)| {
            let before = index.checked_sub(1).and_then(|before| self.words.get(before));
            let attribute = before.is_some_and(|before| before.kind == WordKind::Dot);
            let imported = self.imports.iter().any(|range| range.contains(&word.start));
            let plain = word.kind == WordKind::Name && !attribute && !imported && !self.is_keyword_argument(index);
            let name = source.get(word.start..word.end).filter(|_| plain)?;
            Some((word.start..word.end, name))
        })
    }

    /// The word that has a byte, or a name that ends before it.
    fn word_at(&self, offset: usize) -> Option<usize> {
        let after = self.words.partition_point(|word| word.start <= offset);
        let here = self.words.get(after.checked_sub(1)?)?;
        if offset < here.end {
            let name_before = after.checked_sub(2).and_then(|before| self.words.get(before));
            let touches = name_before.is_some_and(|word| word.kind == WordKind::Name && word.end == offset);
            let index = after - 1;
            return Some(if touches && here.kind != WordKind::Name { index - 1 } else { index });
        }
        (offset == here.end && here.kind == WordKind::Name).then_some(after - 1)
    }

    /// Where the operand begins that ends with a word.
    fn beginning(&self, last: usize) -> Option<usize> {
        let mut at = self.operand(last)?;
        while let Some(dot) = at.checked_sub(1).filter(|before| self.kind(*before) == Some(WordKind::Dot)) {
            at = self.operand(dot.checked_sub(1)?)?;
        }
        Some(at)
    }

    /// Where a name, a text or what is in brackets begins that ends with a word, and what is called or subscripted.
    fn operand(&self, last: usize) -> Option<usize> {
        let mut at = last;
        loop {
            match self.kind(at)? {
                WordKind::Name | WordKind::Literal => return Some(at),
                WordKind::Close => {
                    let open = self.opening(at)?;
                    match open.checked_sub(1) {
                        Some(before) if self.kind(open) != Some(WordKind::Open('{')) && self.is_operand(before) => {
                            at = before;
                        }
                        _ => return Some(open),
                    }
                }
                _ => return None,
            }
        }
    }

    fn kind(&self, index: usize) -> Option<WordKind> {
        self.words.get(index).map(|word| word.kind)
    }

    fn is_operand(&self, index: usize) -> bool {
        matches!(self.kind(index), Some(WordKind::Name | WordKind::Literal | WordKind::Close))
    }

    fn is_subscript(&self, open: usize) -> bool {
        self.kind(open) == Some(WordKind::Open('[')) && open.checked_sub(1).is_some_and(|at| self.is_operand(at))
    }

    fn opening(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for index in (0..=close).rev().take(MOST_WORDS) {
            match self.kind(index)? {
                WordKind::Close => depth += 1,
                WordKind::Open(_) => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for index in (open..self.words.len()).take(MOST_WORDS) {
            match self.kind(index)? {
                WordKind::Open(_) => depth += 1,
                WordKind::Close => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    /// `name=` in the brackets of a call.
    fn is_keyword_argument(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| self.kind(before));
        self.kind(index + 1) == Some(WordKind::Equals) && matches!(before, Some(WordKind::Open('(') | WordKind::Comma))
    }

    /// The name of the class that a scope is in.
    fn class_around(&self, scope: usize) -> Option<Arc<str>> {
        let mut at = Some(scope);
        while let Some(found) = at.and_then(|index| self.scopes.get(index)) {
            if found.kind == super::ScopeKind::Class {
                return Some(found.name.clone());
            }
            at = found.parent;
        }
        None
    }
}

/// A private name as the compiler stores it: `__x` in class C is `_C__x`.
fn mangled(name: &str, class: Option<&str>) -> String {
    match class.map(|class| class.trim_start_matches('_')) {
        Some(class) if name.starts_with("__") && !name.ends_with("__") && !class.is_empty() => {
            format!("_{class}{name}")
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Names, Owner};

    /// The expression at `|`, and whose its variables are.
    fn at(marked: &str) -> String {
        let offset = marked.find('|').unwrap_or_default();
        let source = marked.replace('|', "");
        let names = Names::of(&source, false);
        let Some(found) = names.expression(&source, offset) else { return "-".to_owned() };
        let owner = |name: &str| match names.owner(found.scope, name) {
            Owner::Scope(index) => names.scopes.get(index).map_or("?", |scope| &scope.name).to_owned(),
            Owner::Global => "global".to_owned(),
        };
        let names: Vec<String> = found.names.iter().map(|name| format!("{name}@{}", owner(name))).collect();
        format!("{} | {}", found.text, names.join(" "))
    }

    #[test]
    fn what_stands_at_a_place() {
        for (marked, expected) in [
            ("def f(self):\n  x = self.c|fg.port\n", "self.cfg | self@f"),
            ("def f(self):\n  x = self.cfg.port|\n", "self.cfg.port | self@f"),
            ("def f(items, i):\n  items[i].n|ame\n", "items[i].name | items@f i@f"),
            ("def f(items):\n  items|[0].name\n", "items | items@f"),
            ("def f(items):\n  items[0|]\n", "items[0] | items@f"),
            ("def f(d):\n  d['a'|]['b']\n", "d['a'] | d@f"),
            ("def f(d):\n  d['a']|['b']\n", "d['a']['b'] | d@f"),
            ("def f(a):\n  g(1, a.b|, k=2)\n", "a.b | a@f"),
            ("def f(k):\n  g(k|=k)\n", "-"),
            ("def f(k):\n  g(k=k|)\n", "k | k@f"),
            ("def f(k|=1): pass\n", "k | k@f"),
            ("def f(k=d|): pass\n", "d | d@global"),
            ("def f(a):\n  return g(a)(b).c|\n", "g(a)(b).c | g@global a@f b@global"),
            ("def f(a):\n  return f'{a.b|!r}'\n", "a.b | a@f"),
            ("def f(xs):\n  return [x|.y for x in xs]\n", "x | x@<listcomp>"),
            ("def f(x):\n  return [y for y in x|]\n", "x | x@f"),
            ("def f(x):\n  return lambda z: x| + z\n", "x | x@f"),
            ("def f():\n  if (n := 1): return n|\n", "n | n@f"),
            ("def f():\n  return [m := q for q in range(3)], m|\n", "m | m@f"),
            ("def f():\n  global n\n  n| = 1\n", "n | n@global"),
            ("def f():\n  n = 1\n  def g():\n    nonlocal n\n    n| = 2\n", "n | n@f"),
            ("class C:\n  n = 1\n  def g(self):\n    return n|\n", "n | n@global"),
            ("class C:\n  def g(self):\n    return self.__x|\n", "self._C__x | self@g"),
            ("import a.b as c|\n", "c | c@global"),
            ("from a.b| import c\n", "-"),
            ("match x:\n  case {'k': [a, *rest|]}: pass\n", "rest | rest@global"),
            ("def f(a):\n  return (a.\n    b|)\n", "a. b | a@f"),
            ("x = 'a' . upper|\n", "'a' . upper | "),
            ("# a|\n", "-"),
            ("'a|'\n", "-"),
            ("if a|", "a | a@global"),
            ("1|2", "-"),
            ("def f(a):\n  print a|\n  except X, e:\n", "a | a@f"),
        ] {
            assert_eq!(at(marked), expected, "{marked}");
        }
    }
}
