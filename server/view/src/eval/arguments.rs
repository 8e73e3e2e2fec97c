//! Arguments of a call of something written in C, and the words in which Python refuses what does not fit.

use super::value::Value;
use super::{Context, Failure, Res};

/// The arguments of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Arguments<'a> {
    /// The name of what is called.
    pub(super) function: String,
    /// The type that it is a method of.
    pub(super) owner: Option<String>,
    pub(super) positions: Vec<Value<'a>>,
    pub(super) by_name: Vec<(String, Value<'a>)>,
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl<'a> Arguments<'a> {
    /// `str.upper`, `len`
    fn qualified(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{owner}.{}", self.function),
            None => self.function.clone(),
        }
    }

    fn no_names(&self) -> Res<()> {
        match self.by_name.is_empty() {
            true => Ok(()),
            false => Err(Failure::wrong_type(format!("{}() takes no keyword arguments", self.qualified()))),
        }
    }

    /// Of what takes none.
    pub(super) fn none(self) -> Res<()> {
        self.no_names()?;
        match self.positions.len() {
            0 => Ok(()),
            given => Err(Failure::wrong_type(format!("{}() takes no arguments ({given} given)", self.qualified()))),
        }
    }

    /// Of what takes one, by position.
    pub(super) fn one(self) -> Res<Value<'a>> {
        self.no_names()?;
        let (function, given) = (self.qualified(), self.positions.len());
        let [value] = <[Value<'a>; 1]>::try_from(self.positions)
            .map_err(|_| Failure::wrong_type(format!("{function}() takes exactly one argument ({given} given)")))?;
        Ok(value)
    }

    /// Of what takes `N` by position, of which the first `least` must be given.
    pub(super) fn positional<const N: usize>(self, least: usize) -> Res<[Option<Value<'a>>; N]> {
        self.no_names()?;
        self.counted(least)
    }

    /// [`Self::positional`], where names were looked at before.
    fn counted<const N: usize>(self, least: usize) -> Res<[Option<Value<'a>>; N]> {
        let (function, given) = (&self.function, self.positions.len());
        let how = if least == N {
            ""
        } else if given < least {
            "at least "
        } else {
            "at most "
        };
        let wanted = if given < least { least } else { N };
        if !(least..=N).contains(&given) {
            let s = plural(wanted);
            return Err(Failure::wrong_type(format!("{function} expected {how}{wanted} argument{s}, got {given}")));
        }
        let mut positions = self.positions.into_iter();
        Ok(std::array::from_fn(|_| positions.next()))
    }

    /// Of what takes names too; the first `least` must be given. A parameter without a name is one by position only,
    /// `*name` one by name only.
    pub(super) fn named<const N: usize>(self, names: [&str; N], least: usize) -> Res<[Option<Value<'a>>; N]> {
        // What C gives no name is `function` in messages, and `this function` where a name is not known.
        let (function, this) = match self.function.is_empty() {
            true => ("function".to_owned(), "this function".to_owned()),
            false => (format!("{}()", self.function), format!("{}()", self.function)),
        };
        let given = self.positions.len();
        let all = given + self.by_name.len();
        if all > N {
            let what = if given == 0 { "keyword " } else { "" };
            let s = plural(N);
            return Err(Failure::wrong_type(format!("{function} takes at most {N} {what}argument{s} ({all} given)")));
        }
        let by_position = names.iter().take_while(|name| !name.starts_with('*')).count();
        if given > by_position {
            let s = plural(by_position);
            return Err(Failure::wrong_type(match by_position {
                0 => format!("{function} takes no positional arguments"),
                most => format!("{function} takes at most {most} positional argument{s} ({given} given)"),
            }));
        }
        let nameless = names.iter().take(least).take_while(|name| name.is_empty()).count();
        if given < nameless {
            let how = if nameless == by_position { "exactly" } else { "at least" };
            let s = plural(nameless);
            return Err(Failure::wrong_type(format!(
                "{function} takes {how} {nameless} positional argument{s} ({given} given)"
            )));
        }
        let mut positions = self.positions.into_iter();
        let mut bound: [Option<Value<'a>>; N] = std::array::from_fn(|_| positions.next());
        let mut unknown = None;
        for (name, value) in self.by_name {
            let place = names.iter().position(|known| !known.is_empty() && known.trim_start_matches('*') == name);
            match place.map(|place| (place, bound.get_mut(place))) {
                Some((_, Some(slot @ None))) => *slot = Some(value),
                Some((place, _)) => {
                    let message =
                        format!("argument for {function} given by name ('{name}') and position ({})", place + 1);
                    return Err(Failure::wrong_type(message));
                }
                None => unknown = unknown.or(Some(name)),
            }
        }
        if let Some((place, name)) =
            names.iter().enumerate().take(least).find(|(place, _)| matches!(bound.get(*place), Some(None)))
        {
            let message = format!("{function} missing required argument '{name}' (pos {})", place + 1);
            return Err(Failure::wrong_type(message));
        }
        match unknown {
            Some(name) => Err(Failure::wrong_type(format!("{this} got an unexpected keyword argument '{name}'"))),
            None => Ok(bound),
        }
    }
}

impl<'a> Context<'a> {
    /// An argument that must be an int.
    pub(super) fn int(&self, value: &Value<'a>) -> Res<i64> {
        self.index(value)?.ok_or_else(|| self.no_int(value))
    }

    pub(super) fn no_int(&self, value: &Value<'a>) -> Failure {
        Failure::wrong_type(format!("'{}' object cannot be interpreted as an integer", self.type_name(value)))
    }

    /// An argument that is an int where it is given.
    pub(super) fn int_or(&self, value: Option<&Value<'a>>, default: i64) -> Res<i64> {
        value.map_or(Ok(default), |value| self.int(value))
    }

    /// The type of an argument, as messages about arguments have it.
    pub(super) fn given(&self, value: &Value<'a>) -> String {
        match self.type_name(value) {
            name if name == "NoneType" => "None".to_owned(),
            name => name,
        }
    }
}
