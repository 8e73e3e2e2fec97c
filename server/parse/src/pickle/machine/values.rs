//! New nodes, from what the bytes of an opcode say.

use super::super::node::{Chain, Node, Span};
use super::super::number::{self, TextInt};
use super::super::{NodeId, text};
use super::{Arena, Fault, Machine, Step};
use crate::limits::LimitKind;

impl Machine<'_> {
    #[inline]
    pub(super) fn node(&mut self, node: Node) -> Step<NodeId> {
        let index = self.arena.nodes.len();
        if self.values() >= self.limits.max_values {
            return Err(Fault::Limit(LimitKind::Values));
        }
        // There are at most two nodes per opcode of at least two bytes, so 32 bits are enough; see read_pickle_at.
        let id = NodeId(u32::try_from(index).map_err(|_| Fault::Limit(LimitKind::Values))?);
        self.arena.nodes.push(node);
        self.arena.offsets.push(self.at as u32);
        self.arena.chains.push(Chain::EMPTY);
        Ok(id)
    }

    #[inline]
    pub(super) fn values(&self) -> u64 {
        let Arena { nodes, chunks, .. } = &self.arena;
        nodes.len().saturating_add(chunks.len()) as u64
    }

    #[inline]
    pub(super) fn push(&mut self, node: Node) -> Step {
        let id = self.node(node)?;
        self.push_id(id)
    }

    pub(super) fn constant(&mut self, which: usize, node: Node) -> Step {
        let id = match self.constants.get(which).copied().flatten() {
            Some(id) => id,
            None => self.node(node)?,
        };
        if let Some(slot) = self.constants.get_mut(which) {
            *slot = Some(id);
        }
        self.push_id(id)
    }

    pub(super) fn span(&self, start: usize, len: usize) -> Span {
        // Both within the input, whose length fits in 32 bits.
        Span { start: start as u32, len: len as u32, side: false }
    }

    #[inline]
    pub(super) fn blob(&mut self, len: u64, make: fn(Span) -> Node) -> Step {
        let start = self.reader.skip(len)?;
        let span = self.span(start, len as usize);
        self.push(make(span))
    }

    /// Text that is not in the input as such: `fill` appends it to the side arena.
    pub(super) fn side(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> Result<(), text::Reason>) -> Step<Span> {
        let start = self.arena.side.len();
        fill(&mut self.arena.side).map_err(Fault::Text)?;
        let end = self.arena.side.len();
        if end as u64 > self.limits.max_text {
            return Err(Fault::Limit(LimitKind::Text));
        }
        let narrow = |n: usize| u32::try_from(n).map_err(|_| Fault::Limit(LimitKind::Text));
        Ok(Span { start: narrow(start)?, len: narrow(end.saturating_sub(start))?, side: true })
    }

    pub(super) fn unicode_line(&mut self) -> Step {
        let (start, line) = self.reader.line()?;
        let span = if text::is_plain(line) {
            self.span(start, line.len())
        } else {
            self.side(|out| text::raw_unicode_escape(line, out))?
        };
        self.push(Node::Str(span))
    }

    pub(super) fn string_line(&mut self) -> Step {
        let (start, line) = self.reader.line()?;
        let quoted = text::unquote(line).map_err(Fault::Text)?;
        let span = if memchr::memchr(b'\\', quoted).is_none() {
            self.span(start.saturating_add(1), quoted.len())
        } else {
            self.side(|out| text::string_escape(quoted, out))?
        };
        self.push(Node::Py2Str(span))
    }

    pub(super) fn long(&mut self, len: u64) -> Step {
        let start = self.reader.skip(len)?;
        let bytes = self.reader.input().get(start..self.reader.pos()).unwrap_or_default();
        let len = number::significant(bytes);
        let short = bytes.get(..len).and_then(number::little_endian).and_then(|value| i64::try_from(value).ok());
        match short {
            Some(value) => self.push(Node::Int(value)),
            None => {
                let span = self.span(start, len);
                self.push(Node::BigBytes(span))
            }
        }
    }

    pub(super) fn text_int(&mut self, line_start: usize, value: Option<TextInt>) -> Step {
        match value {
            Some(TextInt::Int(value)) => self.push(Node::Int(value)),
            Some(TextInt::Bool(false)) => self.constant(1, Node::Bool(false)),
            Some(TextInt::Bool(true)) => self.constant(2, Node::Bool(true)),
            Some(TextInt::Decimal { start, len }) => {
                let span = self.span(line_start.saturating_add(start), len);
                self.push(Node::BigDecimal(span))
            }
            None => Err(Fault::Text("it is not an integer")),
        }
    }

    pub(super) fn global_lines(&mut self) -> Step<NodeId> {
        let (module_start, module) = self.reader.line()?;
        let (name_start, name) = self.reader.line()?;
        if module.is_empty() || name.is_empty() {
            return Err(Fault::Text("it names nothing"));
        }
        let module = self.span(module_start, module.len());
        let module = self.node(Node::Str(module))?;
        let name = self.span(name_start, name.len());
        let name = self.node(Node::Str(name))?;
        self.node(Node::Global(module, name))
    }

    pub(super) fn is_text(&self, id: NodeId) -> bool {
        matches!(self.arena.nodes.get(id.index()), Some(Node::Str(_) | Node::Py2Str(_)))
    }

    pub(super) fn extension(&mut self, code: i64) -> Step {
        match u32::try_from(code) {
            Ok(code) if code > 0 => self.push(Node::Ext(code)),
            _ => Err(Fault::Negative(code)),
        }
    }

    pub(super) fn two(&mut self, make: fn(NodeId, NodeId) -> Node) -> Step {
        let args = self.pop()?;
        let callable = self.pop()?;
        self.push(make(callable, args))
    }
}
