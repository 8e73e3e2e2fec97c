//! The source of a frame as statements and expressions, by ruff's parser of Python. Its interface is declared unstable: besides
//! the modules of expressions and of names, only the modules below `explain` know it.

mod binding;
mod path;

use std::ops::Range;

use crashsite_model::{Dump, Frame, Piece};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, Expr, Mod, ModModule, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use crate::editor::names;
use crate::editor::text::Text;
use crate::{extract, source};

pub(super) use binding::{Bound, How};
pub(super) use path::{children, path};

/// Bytes of a source that is read.
const LONGEST: usize = 4 << 20;
/// Bytes of a part of a source that is read.
const LONGEST_PART: usize = 100_000;
/// Lines before a part.
const MOST_LINES: usize = 200_000;
/// Lines that are passed over to find the first that can be read.
const MOST_TRIES: usize = 200;

/// A source file of the dump.
#[derive(Debug)]
pub(super) struct Code {
    text: Text,
    module: ModModule,
    /// Where the parser found errors: bytes.
    errors: Vec<usize>,
}

/// A function, or the module itself, and the class around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Function<'c> {
    pub(super) definition: Option<&'c StmtFunctionDef>,
    pub(super) class: Option<&'c StmtClassDef>,
    pub(super) body: &'c [Stmt],
}

/// Where a frame is: a statement, and which of its expressions was running.
#[derive(Debug, Clone)]
pub(super) struct Point<'c> {
    pub(super) function: Function<'c>,
    /// The innermost statement on the line.
    pub(super) statement: &'c Stmt,
    /// The expressions of the statement's own, not those of a body below it, in the order of their evaluation: only those
    /// within the running instruction where its columns are known.
    pub(super) expressions: Vec<&'c Expr>,
    /// The expression that is the running instruction.
    pub(super) exact: Option<&'c Expr>,
}

impl Code {
    /// Reads a source file; `None` where the dump has no text of it, or one that nests deeper than programs do.
    pub(super) fn of(dump: &Dump, file: &str) -> Option<Code> {
        let text = extract::content(dump.source(file)?, LONGEST).ok()?;
        Code::read(text)
    }

    /// Reads what the dump has of a file around a line, where it has parts only: they may begin within a text or a function, so
    /// that the lines before the first that can be read are passed over.
    pub(super) fn around(dump: &Dump, file: &str, line: u64) -> Option<Code> {
        let within = |piece: &&Piece| {
            let count = source::lines(&piece.text).len() as u64;
            (piece.first..piece.first.saturating_add(count)).contains(&line)
        };
        let piece = dump.source(file)?.pieces.iter().find(within)?;
        let lines = source::lines(&piece.text);
        let before = usize::try_from(piece.first.saturating_sub(1)).ok().filter(|before| *before <= MOST_LINES)?;
        let most = usize::try_from(line.checked_sub(piece.first)?).ok()?;
        (most.saturating_sub(MOST_TRIES)..=most).find_map(|skip| {
            let rest = lines.get(skip..lines.len().min(most + MOST_TRIES))?;
            if rest.iter().map(|line| line.len()).sum::<usize>() > LONGEST_PART {
                return None;
            }
            let indented = rest.first()?.starts_with([' ', '\t']);
            // What is indented is in something.
            let (blank, head) = match (indented, (before + skip).checked_sub(1)) {
                (true, Some(blank)) => (blank, "if 1:\n"),
                _ => (before + skip, ""),
            };
            let text = format!("{}{head}{}\n", "\n".repeat(blank), rest.join("\n"));
            Code::read(text).filter(|code| code.is_sound_at(line))
        })
    }

    /// Whether the file could be read up to a line, and the line is not in a text.
    pub(super) fn is_sound_at(&self, line: u64) -> bool {
        let end = self.text.offset(self.text.line_end(line)).unwrap_or(usize::MAX);
        let steps = path(self.body(), &|statement| self.covers(statement, line));
        let text = match steps.last().map(|step| step.statement) {
            Some(Stmt::Expr(found)) => found.value.is_string_literal_expr(),
            Some(_) => false,
            None => true,
        };
        !text && self.errors.iter().all(|error| *error > end)
    }

    fn read(text: String) -> Option<Code> {
        if !names::is_read(&text) {
            return None;
        }
        let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
        let errors = parsed.errors().iter().map(|error| error.location.start().to_usize()).collect();
        match parsed.into_syntax() {
            Mod::Module(module) => Some(Code { text: Text::new(text), module, errors }),
            Mod::Expression(_) => None,
        }
    }

    /// The statements of the file.
    pub(super) fn body(&self) -> &[Stmt] {
        &self.module.body
    }

    /// The text of a part, in one line: as an expression for the evaluator.
    pub(super) fn text(&self, of: &impl Ranged) -> String {
        let text = self.text.as_str().get(bytes(of)).unwrap_or_default();
        if text.contains(['\n', '\r']) {
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            return lines.join(" ");
        }
        text.to_owned()
    }

    /// The line where a part begins.
    pub(super) fn line(&self, of: &impl Ranged) -> u64 {
        self.text.spot(bytes(of).start).line
    }

    fn lines(&self, of: &impl Ranged) -> Range<u64> {
        let range = bytes(of);
        self.text.spot(range.start).line..self.text.spot(range.end).line + 1
    }

    /// The innermost function of that line; one of that name is preferred to those in it.
    pub(super) fn function(&self, line: u64, name: &str) -> Function<'_> {
        let mut found = Function { definition: None, class: None, body: self.body() };
        let mut named = None;
        let mut class = None;
        for step in path(self.body(), &|statement| self.covers(statement, line)) {
            match step.statement {
                Stmt::ClassDef(definition) => class = Some(definition),
                Stmt::FunctionDef(definition) => {
                    found = Function { definition: Some(definition), class, body: &definition.body };
                    if definition.name.as_str() == name {
                        named = Some(found);
                    }
                }
                _ => {}
            }
        }
        named.unwrap_or(found)
    }

    /// Whether a statement has the line, its decorators left out: they belong to what is around it.
    fn covers(&self, statement: &Stmt, line: u64) -> bool {
        self.lines(statement).contains(&line)
    }

    /// Where a frame is.
    pub(super) fn point(&self, frame: &Frame) -> Option<Point<'_>> {
        let line = frame.line?;
        let function = self.function(line, &frame.function);
        let steps = path(self.body(), &|statement| self.covers(statement, line));
        let statement = steps.last()?.statement;
        let mut expressions = own(statement);
        let byte = |line: u64, column: u64| {
            let start = self.text.offset(crate::editor::text::Spot { line, column: 1 })?;
            start.checked_add(usize::try_from(column).ok()?)
        };
        let marked = match (frame.column, frame.end_column) {
            (Some(from), Some(to)) => byte(line, from).zip(byte(frame.end_line.unwrap_or(line), to)),
            _ => None,
        };
        let marked = marked.map(|(from, to)| from..to).filter(|marked| marked.start < marked.end);
        let mut exact = None;
        if let Some(marked) = &marked {
            exact = expressions.iter().copied().rfind(|expression| bytes(*expression) == *marked);
            let inside = |expression: &&Expr| {
                let own = bytes(*expression);
                marked.start <= own.start && own.end <= marked.end
            };
            if expressions.iter().any(inside) {
                expressions.retain(inside);
            }
        }
        Some(Point { function, statement, expressions, exact })
    }

    /// A function whose definition begins at that line, decorators included, or has that name there.
    pub(super) fn defined_at(&self, line: u64, name: &str) -> Option<Function<'_>> {
        let found = self.function(line, name);
        if found.definition.is_some_and(|definition| definition.name.as_str() == name) {
            return Some(found);
        }
        // `co_firstlineno` is that of the first decorator, which no function has before its `def`.
        self.functions().into_iter().find(|function| {
            let Some(definition) = function.definition else { return false };
            definition.name.as_str() == name && self.lines(definition).contains(&line)
        })
    }

    /// All functions of the file, with the class that each is in.
    pub(super) fn functions(&self) -> Vec<Function<'_>> {
        let mut found = Vec::new();
        let mut next: Vec<(&Stmt, Option<&StmtClassDef>)> = self.body().iter().rev().map(|it| (it, None)).collect();
        while let Some((statement, class)) = next.pop() {
            let class = match statement {
                Stmt::ClassDef(definition) => Some(definition),
                Stmt::FunctionDef(definition) => {
                    found.push(Function { definition: Some(definition), class, body: &definition.body });
                    None
                }
                _ => class,
            };
            next.extend(children(statement).into_iter().rev().map(|it| (it, class)));
        }
        found
    }

    /// The classes of that name.
    pub(super) fn class(&self, name: &str) -> Option<&StmtClassDef> {
        let mut next: Vec<&Stmt> = self.body().iter().rev().collect();
        while let Some(statement) = next.pop() {
            match statement {
                Stmt::ClassDef(definition) if definition.name.as_str() == name => return Some(definition),
                _ => next.extend(children(statement).into_iter().rev()),
            }
        }
        None
    }
}

/// Bytes of a part.
pub(super) fn bytes(of: &impl Ranged) -> Range<usize> {
    let range = of.range();
    range.start().to_usize()..range.end().to_usize()
}

/// The expressions of a statement's own and all that are in them, in the order of their evaluation: parts come before what
/// they are parts of.
pub(super) fn own(statement: &Stmt) -> Vec<&Expr> {
    let mut found = Found(Vec::new());
    match statement {
        Stmt::For(loops) => {
            found.visit_expr(&loops.iter);
            found.visit_expr(&loops.target);
        }
        Stmt::While(loops) => found.visit_expr(&loops.test),
        Stmt::If(choice) => {
            found.visit_expr(&choice.test);
            choice.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref()).for_each(|test| {
                found.visit_expr(test);
            });
        }
        Stmt::With(with) => with.items.iter().for_each(|item| found.visit_with_item(item)),
        Stmt::Match(choice) => found.visit_expr(&choice.subject),
        Stmt::Try(tried) => {
            for handler in &tried.handlers {
                let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                handler.type_.iter().for_each(|class| found.visit_expr(class));
            }
        }
        Stmt::FunctionDef(function) => {
            function.decorator_list.iter().for_each(|decorator| found.visit_decorator(decorator));
            found.visit_parameters(&function.parameters);
        }
        Stmt::ClassDef(class) => {
            class.decorator_list.iter().for_each(|decorator| found.visit_decorator(decorator));
            class.arguments.iter().for_each(|arguments| found.visit_arguments(arguments));
        }
        Stmt::Assign(assign) => {
            found.visit_expr(&assign.value);
            assign.targets.iter().for_each(|target| found.visit_expr(target));
        }
        other => visitor::walk_stmt(&mut found, other),
    }
    found.0
}

/// An expression and all that are in it, parts first.
pub(super) fn within(expression: &Expr) -> Vec<&Expr> {
    let mut found = Found(Vec::new());
    found.visit_expr(expression);
    found.0
}

/// The loops of a comprehension.
pub(super) fn generators(expression: &Expr) -> &[Comprehension] {
    match expression {
        Expr::ListComp(of) => &of.generators,
        Expr::SetComp(of) => &of.generators,
        Expr::DictComp(of) => &of.generators,
        Expr::Generator(of) => &of.generators,
        _ => &[],
    }
}

struct Found<'c>(Vec<&'c Expr>);

impl<'c> Visitor<'c> for Found<'c> {
    fn visit_expr(&mut self, expression: &'c Expr) {
        visitor::walk_expr(self, expression);
        self.0.push(expression);
    }
}
