//! What pyheapdump put in place of objects that cannot be pickled: frames, tracebacks, and anything else as `FakeClass`.

use crashsite_parse::NodeId;

use crate::heap::{Kind, Record};

use super::Graph;

impl Graph<'_> {
    /// Describes the node as what it stands for, where its class is one of pyheapdump's stand-ins.
    pub(super) fn stand_in(&mut self, node: NodeId, class: u32) -> bool {
        let (module, name) = self.full_name(class);
        if !module.starts_with("pyheapdump") {
            return false;
        }
        match name {
            "FakeFrame" => self.frame(node),
            "FakeTraceback" => self.traceback(node),
            "FakeClass" => self.replaced(node),
            _ => return false,
        }
        true
    }

    /// A value of one of the stand-ins' slots.
    pub(in crate::formats) fn slot(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let (dict, slots) = self.state(node);
        [slots, dict].into_iter().flatten().find_map(|state| self.pickle.get(state, name))
    }

    fn frame(&mut self, node: NodeId) {
        let class = self.known_class("builtins", "frame");
        let code = self.slot(node, "f_code").and_then(|code| self.code(code)).unwrap_or_default();
        let line = self.slot(node, "f_lineno").and_then(|line| self.pickle.as_int(line)).unwrap_or(0);
        let mut scratch = self.take_scratch();
        if let Some(locals) = self.slot(node, "f_locals").filter(|locals| self.pickle.is_dict(*locals)) {
            self.attributes_of_dict(locals, &mut scratch.attributes);
        }
        let location = (self.builder.name(&code.file), u32::try_from(line).unwrap_or(0));
        self.builder.push(&Record {
            attributes: &scratch.attributes,
            note: code.name.as_bytes(),
            location,
            ..Record::new(Kind::Frame, class)
        });
        self.scratch = scratch;
    }

    fn traceback(&mut self, node: NodeId) {
        let class = self.known_class("builtins", "traceback");
        let mut scratch = self.take_scratch();
        self.attributes_of_state(node, &mut scratch.attributes);
        self.push(Kind::Opaque, class, b"<traceback object>", scratch);
    }

    /// An object that could not be pickled: its repr, and its members as far as they could. Names that begin and end
    /// with two underscores have one more in front.
    fn replaced(&mut self, node: NodeId) {
        const REPR: &str = "_FakeClass__repr";
        let repr = self.slot(node, REPR).and_then(|repr| self.pickle.as_text(repr)).unwrap_or_default().into_owned();
        let class = match class_in(&repr) {
            Some((module, name)) => self.class_in_words(&module, &name),
            None => self.known_class("pyheapdump", "FakeClass"),
        };
        let mut scratch = self.take_scratch();
        let (dict, _) = self.state(node);
        for (key, value) in dict.into_iter().flat_map(|dict| self.pickle.pairs(dict)) {
            let Some(name) = self.pickle.as_text(key).filter(|name| name != REPR) else { continue };
            let dunder = name.strip_prefix('_').filter(|rest| rest.starts_with("__") && rest.ends_with("__"));
            let name = self.builder.name(dunder.unwrap_or(&name));
            scratch.attributes.push((name, self.number(value)));
        }
        let shown: String = repr.chars().take(1000).collect();
        let note = format!("{shown} (replaced by pyheapdump)");
        self.push(Kind::Opaque, class, note.as_bytes(), scratch);
    }

    fn class_in_words(&mut self, module: &str, name: &str) -> u32 {
        self.builder.class(crate::heap::TypeInfo {
            module: if module.is_empty() { self.builtins() } else { module }.into(),
            name: name.into(),
            qualname: name.into(),
            style: name.into(),
            ..Default::default()
        })
    }
}

/// The class that a repr tells of: `<generator object …>`, `<shop.Store object at 0x…>`, `<module 'os' …>`.
fn class_in(repr: &str) -> Option<(String, String)> {
    let words = repr.strip_prefix('<')?;
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let plain = first.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if !plain || first.is_empty() {
        return None;
    }
    let known = match first {
        "module" => Some("module"),
        "function" => Some("function"),
        "open" | "closed" if rest.starts_with("file") => Some("file"),
        "generator" => Some("generator"),
        "type" | "class" => Some("type"),
        "built-in" => Some("builtin_function_or_method"),
        "frame" => Some("frame"),
        _ => None,
    };
    if let Some(known) = known {
        return Some((String::new(), known.to_owned()));
    }
    let (module, name) = first.rsplit_once('.').unwrap_or(("", first));
    let instance = ["object at", "instance at", "object,", "object>"].iter().any(|word| rest.starts_with(word));
    instance.then(|| (module.to_owned(), name.to_owned()))
}
