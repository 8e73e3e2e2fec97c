//! A heap section (section 5 of the format): where its tables and columns lie.

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle};

use super::fields::Fields;
use crate::heap::{Backing, Code, Column, Layout, Name, Section, TypeInfo};
use crate::problem::Problems;
use crate::text::scalar_text;

/// Decodes the section in a pickle, which its part says to hold the objects of that range.
pub(super) fn read(
    pickle: Pickle,
    range: (u32, u32),
    offset: u64,
    name: &str,
    problems: &mut Problems,
) -> Option<Section> {
    let mut layout = layout(&mut Fields::new(&pickle, offset, name, problems), range)?;
    layout.raw = Backing::Pickle(Box::new(pickle));
    Some(Section::build(layout, &mut |message| problems.at(offset, format!("{name}: {message}"))))
}

fn layout(fields: &mut Fields<'_>, (first, end): (u32, u32)) -> Option<Layout> {
    let pickle = fields.pickle;
    let dict = fields.dict(pickle.root(), "it")?;
    if fields.count(&dict, "first") != Some(u64::from(first)) {
        fields.complain("its first object is not the one that its headers name");
        return None;
    }
    let says = fields.count(&dict, "count");
    if says != Some(u64::from(end - first)) {
        fields.complain("it does not hold as many objects as its headers say");
    }
    let count = says.and_then(|count| u32::try_from(count).ok()).map_or(end - first, |count| count.min(end - first));
    let mut layout = Layout { first, count, ..Layout::default() };
    for node in fields.list(&dict, "types") {
        layout.types.push(class(fields, node));
    }
    for node in fields.list(&dict, "names") {
        layout.names.push(text(fields, node));
    }
    for (key, value) in pickle.pairs(pickle.root()).take(200) {
        let Some(key) = pickle.as_str_bytes(key).and_then(|key| std::str::from_utf8(key).ok()) else {
            continue;
        };
        if pickle.is_tuple(value) {
            match column(pickle, value) {
                Some(column) => layout.columns.push((key.to_owned(), column)),
                None => fields.complain(&format!("{key} is no column")),
            }
        } else if pickle.as_bytes(value).is_some()
            && let Some(range) = pickle.input_range(value)
        {
            layout.blobs.push((key.to_owned(), range.start, range.len()));
        }
    }
    Some(layout)
}

fn column(pickle: &Pickle, node: NodeId) -> Option<Column> {
    let &[code, data] = pickle.as_slice(node)?.first_chunk::<2>()?;
    let code = Code::from_text(pickle.as_str_bytes(code)?)?;
    pickle.as_bytes(data)?;
    let range = pickle.input_range(data)?;
    Some(Column::new(code, range.start, range.len()))
}

fn class(fields: &mut Fields<'_>, node: NodeId) -> TypeInfo {
    let pickle = fields.pickle;
    let Some(&[module, name, qualname, class, style, names]) =
        pickle.as_slice(node).and_then(|items| items.first_chunk::<6>())
    else {
        fields.complain("a type is no tuple of 6");
        return TypeInfo::default();
    };
    let names = fields.items(names, "the fields of a type");
    let raw = |node: NodeId| -> &[u8] { pickle.as_str_bytes(node).unwrap_or_default() };
    let plain = |node: NodeId| std::str::from_utf8(raw(node)).is_ok();
    TypeInfo {
        raw: (!plain(module) || !plain(qualname)).then(|| Box::new((raw(module).into(), raw(qualname).into()))),
        module: fields.text_of(module).unwrap_or_default(),
        name: fields.text_of(name).unwrap_or_default(),
        qualname: fields.text_of(qualname).unwrap_or_default(),
        class: fields.number_of(class).filter(|number| *number != u32::MAX),
        style: fields.text_of(style).unwrap_or_default(),
        fields: names.into_iter().filter_map(|node| fields.text_of(node)).collect(),
    }
}

fn text(fields: &mut Fields<'_>, node: NodeId) -> Name {
    let Some(bytes) = fields.pickle.as_str_bytes(node) else {
        fields.complain("a name is no text");
        return Name::default();
    };
    match std::str::from_utf8(bytes) {
        Ok(_) => Name { text: fields.text_of(node).unwrap_or_default(), raw: None },
        Err(_) => Name { text: Arc::from(&*scalar_text(bytes)), raw: Some(bytes.into()) },
    }
}
