//! Which names promise a secret: `api_key`, `dbPassword`, `X-Auth-Token`; not `token_count`, `monkey`, `author`.

use std::collections::HashSet;

use regex::Regex;

use crate::dialect::compile;
use crate::rules::Rules;

/// How far a name is trusted: a value under a weak one must not look like a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    No,
    Weak,
    Strong,
}

/// Characters of a name that are looked at.
const LONGEST: usize = 100;

/// The names that count, with the user's own and without those that are allowed.
#[derive(Debug)]
pub(crate) struct Names {
    extra: Vec<Vec<String>>,
    allowed: HashSet<Vec<String>>,
    /// A pattern of the stems, for text in lower case.
    pub(crate) stems: String,
    stem: Regex,
}

impl Names {
    pub(crate) fn new(rules: &Rules, extra: &[String], allowed: &[String]) -> Result<Names, regex::Error> {
        let extra: Vec<_> = extra.iter().map(|name| words_of(name)).filter(|words| !words.is_empty()).collect();
        let longest = extra.iter().filter_map(|words| words.iter().max_by_key(|word| word.chars().count()));
        let mut stems: Vec<&String> = rules.stems.iter().chain(longest).collect();
        // Where one begins with another, the longer one is meant.
        stems.sort_by_key(|stem| std::cmp::Reverse(stem.len()));
        let stems = stems.into_iter().map(|stem| regex::escape(stem)).collect::<Vec<_>>().join("|");
        let stem = compile(&stems)?;
        Ok(Names { extra, allowed: allowed.iter().map(|name| words_of(name)).collect(), stems, stem })
    }

    /// Whether some name in a text in lower case has to be taken apart.
    pub(crate) fn has_stem(&self, lower: &str) -> bool {
        self.stem.is_match(lower)
    }

    pub(crate) fn trust(&self, rules: &Rules, name: &str) -> Trust {
        // The shell's working directory.
        if name == "PWD" || name == "OLDPWD" || !self.has_stem(&lowered(name)) {
            return Trust::No;
        }
        let words = words_of(name);
        if words.is_empty() || self.allowed.contains(&words) {
            return Trust::No;
        }
        if self.extra.iter().any(|extra| words.windows(extra.len()).any(|part| part == &extra[..])) {
            return Trust::Strong;
        }
        judge(rules, &words, true)
    }
}

/// Whether a text is itself such a name, as labels and fields of forms are, and no secret.
pub(crate) fn is_name(rules: &Rules, text: &str) -> bool {
    let parts: Vec<&str> = text.split([' ', '_', '-']).collect();
    let phrase = parts.len() <= 5
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    phrase && judge(rules, &words_of(text), false) != Trust::No
}

/// Whether, within `credentials`, this names something that is no secret.
pub(crate) fn is_beside(rules: &Rules, name: &str) -> bool {
    words_of(name).last().is_some_and(|word| rules.beside.contains(word))
}

fn judge(rules: &Rules, words: &[String], endings: bool) -> Trust {
    if words.len() > 1 && words.first().is_some_and(|word| rules.asked.contains(word)) {
        return Trust::No;
    }
    let mut rest = words;
    while let Some((last, before)) = rest.split_last() {
        let previous = before.last().map_or("", String::as_str);
        let together = format!("{previous}{last}");
        let compound = rules.compounds.get(last).is_some_and(|words| words.contains(previous));
        if rules.strong.contains(last) || rules.strong.contains(&together) || compound {
            return Trust::Strong;
        }
        if rules.weak.contains(last) || rules.weak.contains(&together) || (endings && last.ends_with("token")) {
            let counted = matches!(&**last, "token" | "tokens" | "pass" | "pin") && rules.counted.contains(previous);
            return if counted { Trust::No } else { Trust::Weak };
        }
        if endings && rules.endings.iter().any(|ending| last.ends_with(&**ending)) {
            return Trust::Strong;
        }
        if !rules.qualifiers.contains(last) {
            return Trust::No;
        }
        rest = before;
    }
    Trust::No
}

fn is_small(c: char) -> bool {
    c.is_ascii_lowercase() || ('\u{df}'..='\u{ffff}').contains(&c)
}

/// The words of a name in any style, in lower case.
pub(crate) fn words_of(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().take(LONGEST).collect();
    let run = |from: usize, fits: fn(char) -> bool| {
        from + chars.get(from..).unwrap_or_default().iter().take_while(|c| fits(**c)).count()
    };
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = if c.is_ascii_uppercase() {
            let capitals = run(at, |c| c.is_ascii_uppercase());
            match chars.get(capitals) {
                // The last capital begins the next word.
                Some(&next) if is_small(next) && capitals - at > 1 => capitals - 1,
                Some(&next) if is_small(next) => run(capitals, is_small),
                _ => capitals,
            }
        } else if is_small(c) {
            run(at, is_small)
        } else if c.is_ascii_digit() {
            run(at, |c| c.is_ascii_digit())
        } else {
            at += 1;
            continue;
        };
        words.push(chars.get(at..end).unwrap_or_default().iter().collect::<String>().to_lowercase());
        at = end;
    }
    words
}

/// In lower case, with every character where it was.
pub(crate) fn lowered(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    };
    text.chars().map(lower).collect()
}
