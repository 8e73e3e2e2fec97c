//! `re.Match`: its groups, by the spans that the capture read of it. No expression is matched again.

use crashsite_model::Object;

use super::arguments::Arguments;
use super::attribute::text_of;
use super::dict::Dict;
use super::value::Value;
use super::{Context, Failure, Res};

pub(super) const NAMES: &[&str] = &["end", "expand", "group", "groupdict", "groups", "span", "start"];

/// Methods of a pattern, of which none is built.
pub(super) const OF_PATTERNS: &[&str] =
    &["findall", "finditer", "fullmatch", "groupindex", "match", "scanner", "search", "split", "sub", "subn"];

/// The names of a pattern's groups, each with its number.
fn names_of(pattern: &str) -> Vec<(String, usize)> {
    let (mut names, mut number) = (Vec::new(), 0);
    let mut in_class = false;
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default(),
            '[' if !in_class => {
                in_class = true;
                // A bracket that comes first is one of the class.
                rest = rest.strip_prefix('^').unwrap_or(rest);
                rest = rest.strip_prefix(']').unwrap_or(rest);
            }
            ']' => in_class = false,
            '(' if !in_class => match rest.strip_prefix("?P<") {
                Some(named) => {
                    number += 1;
                    names.extend(named.split_once('>').map(|(name, _)| (name.to_owned(), number)));
                }
                None if rest.starts_with('?') => {}
                None => number += 1,
            },
            _ => {}
        }
    }
    names
}

impl<'a> Context<'a> {
    /// An attribute of a match object, as [`Object::attribute`] has them.
    fn part_of_match(&self, matched: &Object<'a>, name: &str) -> Res<Value<'a>> {
        match matched.attribute(name) {
            Some(number) => self.object(number),
            None => Err(Failure::not_captured(format!("{name} of the match was not captured"))),
        }
    }

    /// The names of the groups.
    fn names_of_groups(&self, matched: &Object<'a>) -> Res<Vec<(String, usize)>> {
        let pattern = matched.attribute("re").and_then(|number| self.dump.heap.object(number));
        let text = pattern.and_then(|pattern| self.dump.heap.object(pattern.attribute("pattern")?));
        match text.and_then(|text| text_of(&text)) {
            Some(text) => Ok(names_of(&text)),
            None => Err(Failure::not_captured("the pattern of the match was not captured")),
        }
    }

    /// The spans of all groups; of one that took no part both ends are -1.
    fn spans(&self, matched: &Object<'a>) -> Res<Vec<[i64; 2]>> {
        let mut spans = Vec::new();
        for span in self.collect(&self.part_of_match(matched, "regs")?)? {
            let ends = self.collect(&span)?;
            let end = |place: usize| ends.get(place).map_or(Ok(-1), |end| self.int(end));
            spans.push([end(0)?, end(1)?]);
        }
        Ok(spans)
    }

    /// The span of the group of a number or name.
    fn span(&self, matched: &Object<'a>, group: &Value<'a>) -> Res<[i64; 2]> {
        let number = match (self.index(group)?, self.load(group.clone())?) {
            (Some(number), _) => usize::try_from(number).ok(),
            (None, Value::Text(name)) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                self.names_of_groups(matched)?.into_iter().find(|(known, _)| *known == name).map(|(_, number)| number)
            }
            _ => None,
        };
        let found = number.and_then(|number| self.spans(matched).map(|spans| spans.get(number).copied()).transpose());
        found.unwrap_or_else(|| Err(Failure::new("IndexError", "no such group")))
    }

    /// The text between both ends, or a default where the group took no part.
    fn between(&self, matched: &Object<'a>, [start, end]: [i64; 2], default: &Value<'a>) -> Res<Value<'a>> {
        if start < 0 {
            return Ok(default.clone());
        }
        let slice = Value::Slice([Value::Int(start), Value::Int(end), Value::None].into());
        self.subscript(&self.part_of_match(matched, "string")?, &slice)
    }

    /// `match[group]`
    pub(super) fn group_of_match(&self, matched: &Object<'a>, group: &Value<'a>) -> Res<Value<'a>> {
        self.between(matched, self.span(matched, group)?, &Value::None)
    }

    /// `match.lastgroup`
    pub(super) fn last_group(&self, matched: &Object<'a>) -> Res<Value<'a>> {
        let last = self.index(&self.part_of_match(matched, "lastindex")?)?;
        let names = self.names_of_groups(matched)?;
        let name = names.into_iter().find(|(_, number)| i64::try_from(*number).ok() == last);
        Ok(name.map_or(Value::None, |(name, _)| Value::text(&name)))
    }

    /// Calls a method of a match object.
    pub(super) fn call_of_match(&self, matched: &Object<'a>, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
        match name {
            "group" => {
                let groups = match arguments.positions.is_empty() {
                    true => vec![Value::Int(0)],
                    false => arguments.positions,
                };
                let found = groups.iter().map(|group| self.group_of_match(matched, group)).collect::<Res<Vec<_>>>()?;
                Ok(match <[Value<'a>; 1]>::try_from(found) {
                    Ok([only]) => only,
                    Err(found) => Value::tuple(found),
                })
            }
            "groups" => {
                let [default] = arguments.named(["default"], 0)?;
                let default = default.unwrap_or(Value::None);
                let spans = self.spans(matched)?.into_iter().skip(1);
                spans.map(|span| self.between(matched, span, &default)).collect::<Res<Vec<_>>>().map(Value::tuple)
            }
            "groupdict" => {
                let [default] = arguments.named(["default"], 0)?;
                let default = default.unwrap_or(Value::None);
                let spans = self.spans(matched)?;
                let mut dict = Dict::default();
                for (name, number) in self.names_of_groups(matched)? {
                    let Some(span) = spans.get(number) else { continue };
                    let key = Value::text(&name);
                    dict.insert(self.key(&key)?, key, self.between(matched, *span, &default)?);
                }
                Ok(Value::dict(dict))
            }
            "start" | "end" | "span" => {
                let [group] = arguments.positional(0)?;
                let [start, end] = self.span(matched, &group.unwrap_or(Value::Int(0)))?;
                Ok(match name {
                    "start" => Value::Int(start),
                    "end" => Value::Int(end),
                    _ => Value::tuple(vec![Value::Int(start), Value::Int(end)]),
                })
            }
            _ => Err(Failure::needs_code("_compile_template (re)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn names_by_number() {
        let names = names_of(r"(a)(?:b)(?P<one>[()\]]*)\((?=c)(?P<two>x)(?P=one)[]()]");
        assert_eq!(names, [("one".to_owned(), 2), ("two".to_owned(), 3)]);
    }
}
