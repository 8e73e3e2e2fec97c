//! From a source to its names, by ruff's parser of Python, which goes on after what it does not understand. Its interface is
//! declared unstable: besides the module of expressions, only this file knows it.

use std::ops::Range;
use std::sync::Arc;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Alias, Comprehension, Decorator, ExceptHandler, Expr, ExprContext, ExprLambda, Identifier, Mod, Parameter,
    Parameters, Pattern, Stmt, TypeParam,
};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::{Binding, Binds, Names, Scope, ScopeKind, Word, WordKind};
use crate::editor::text::Text;

pub(super) fn read(source: &str, python2: bool) -> Names {
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut reader =
        Reader { text: Text::new(source), python2, names: Names::default(), scope: 0, outside: Vec::new() };
    reader.names.words = parsed.tokens().iter().filter_map(|token| word(token.kind(), token.range())).collect();
    let all = 0..source.len();
    reader.add(ScopeKind::Module, "<module>", 0..0, all.clone(), all);
    if let Mod::Module(module) = parsed.syntax() {
        reader.visit_body(&module.body);
    }
    reader.finish()
}

fn word(kind: TokenKind, range: TextRange) -> Option<Word> {
    let kind = match kind {
        TokenKind::Name => WordKind::Name,
        TokenKind::Dot => WordKind::Dot,
        TokenKind::Lpar => WordKind::Open('('),
        TokenKind::Lsqb => WordKind::Open('['),
        TokenKind::Lbrace => WordKind::Open('{'),
        TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => WordKind::Close,
        TokenKind::String => WordKind::Literal,
        TokenKind::Equal => WordKind::Equals,
        TokenKind::Comma => WordKind::Comma,
        TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::Indent | TokenKind::Dedent => return None,
        _ => WordKind::Other,
    };
    let Range { start, end } = bytes(range);
    // The end of a line that has none, and the like.
    (start < end).then_some(Word { kind, start, end })
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

struct Reader {
    text: Text,
    python2: bool,
    names: Names,
    /// The scope that is being read.
    scope: usize,
    /// Names declared `nonlocal` or `global`, with the scope, are not bound where an assignment stands.
    outside: Vec<(usize, Arc<str>)>,
}

impl Reader {
    fn add(
        &mut self,
        kind: ScopeKind,
        name: &str,
        head: Range<usize>,
        whole: Range<usize>,
        inside: Range<usize>,
    ) -> usize {
        let index = self.names.scopes.len();
        let name: Arc<str> = name.into();
        self.names.by_name.entry(name.clone()).or_default().push(index);
        self.names.scopes.push(Scope {
            kind,
            name,
            parent: (index > 0).then_some(self.scope),
            first_line: self.text.spot(whole.start).line,
            line: self.text.spot(head.start).line,
            head,
            whole,
            inside,
            outside: 0..0,
            globals: FxHashSet::default(),
        });
        index
    }

    fn within(&mut self, scope: usize, read: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.scope, scope);
        read(self);
        self.scope = around;
    }

    fn bind(&mut self, name: &str, at: TextRange, how: Binds) {
        self.bind_in(self.scope, name, at, how);
    }

    fn bind_in(&mut self, scope: usize, name: &str, at: TextRange, how: Binds) {
        if !name.is_empty() {
            self.names.bindings.push(Binding { name: name.into(), scope, at: bytes(at), how });
        }
    }

    fn bind_identifier(&mut self, name: &Identifier, how: Binds) {
        self.bind(name.as_str(), name.range(), how);
    }

    /// Reads decorators, parameters and what else is evaluated around a function or class, then its body.
    fn block(&mut self, kind: ScopeKind, statement: &Stmt, name: &Identifier, body: &[Stmt]) {
        self.bind_identifier(name, Binds::Definition);
        let whole = bytes(statement.range());
        let start = body.first().map_or(whole.end, |first| first.start().to_usize());
        let scope = self.add(kind, name.as_str(), bytes(name.range()), whole.clone(), start..whole.end);
        self.within(scope, |reader| reader.visit_body(body));
    }

    fn parameters(&mut self, scope: usize, parameters: &Parameters) {
        for parameter in parameters {
            let Parameter { name, .. } = parameter.as_parameter();
            self.bind_in(scope, name.as_str(), name.range(), Binds::Argument);
        }
        visitor::walk_parameters(self, parameters);
    }

    fn lambda(&mut self, lambda: &ExprLambda) {
        let whole = bytes(lambda.range());
        let head = whole.start..whole.start + "lambda".len();
        let scope = self.add(ScopeKind::Lambda, "<lambda>", head, whole, bytes(lambda.body.range()));
        if let Some(parameters) = &lambda.parameters {
            self.parameters(scope, parameters);
        }
        self.within(scope, |reader| reader.visit_expr(&lambda.body));
    }

    fn comprehension(&mut self, name: &str, at: TextRange, elements: &[&Expr], clauses: &[Comprehension]) {
        let kind = if name == "<genexpr>" { ScopeKind::Generator } else { ScopeKind::Comprehension };
        let whole = bytes(at);
        let scope = if self.python2 && name == "<listcomp>" {
            self.scope
        } else {
            self.add(kind, name, whole.start..whole.start + 1, whole.clone(), whole)
        };
        if let Some((first, scope)) = clauses.first().zip(self.names.scopes.get_mut(scope))
            && scope.name.as_ref() == name
        {
            scope.outside = bytes(first.iter.range());
        }
        for (index, clause) in clauses.iter().enumerate() {
            if index == 0 {
                self.visit_expr(&clause.iter);
            }
            self.within(scope, |reader| {
                if index > 0 {
                    reader.visit_expr(&clause.iter);
                }
                reader.visit_expr(&clause.target);
                clause.ifs.iter().for_each(|condition| reader.visit_expr(condition));
            });
        }
        self.within(scope, |reader| elements.iter().for_each(|element| reader.visit_expr(element)));
    }

    /// The scope that `:=` binds in: not that of a comprehension.
    fn around_comprehensions(&self) -> usize {
        let mut scope = self.scope;
        while let Some(Scope { kind: ScopeKind::Generator | ScopeKind::Comprehension, parent: Some(parent), .. }) =
            self.names.scopes.get(scope)
        {
            scope = *parent;
        }
        scope
    }

    fn finish(self) -> Names {
        let mut names = self.names;
        let outside: FxHashSet<_> = self.outside.into_iter().collect();
        names.bindings.retain(|binding| !outside.contains(&(binding.scope, binding.name.clone())));
        names.bindings.sort_by_key(|binding| binding.at.start);
        for binding in &names.bindings {
            names.bound.entry(binding.scope).or_default().insert(binding.name.clone());
        }
        names
    }
}

impl<'a> Visitor<'a> for Reader {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                // The scope comes next, so that parameters have its number.
                let scope = self.names.scopes.len();
                let (name, body) = (&function.name, &function.body);
                self.block(ScopeKind::Function, statement, name, body);
                function.type_params.iter().for_each(|types| self.visit_type_params(types));
                self.parameters(scope, &function.parameters);
                function.returns.iter().for_each(|returns| self.visit_annotation(returns));
            }
            Stmt::ClassDef(class) => {
                class.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                class.type_params.iter().for_each(|types| self.visit_type_params(types));
                class.arguments.iter().for_each(|arguments| self.visit_arguments(arguments));
                self.block(ScopeKind::Class, statement, &class.name, &class.body);
            }
            Stmt::AnnAssign(assign) if assign.value.is_none() => {
                match &*assign.target {
                    Expr::Name(name) => self.bind(name.id.as_str(), name.range(), Binds::Definition),
                    other => self.visit_expr(other),
                }
                self.visit_annotation(&assign.annotation);
            }
            Stmt::Global(global) => {
                for name in &global.names {
                    let name: Arc<str> = name.as_str().into();
                    self.outside.push((self.scope, name.clone()));
                    if let Some(scope) = self.names.scopes.get_mut(self.scope) {
                        scope.globals.insert(name);
                    }
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                let names = nonlocal.names.iter().map(|name| (self.scope, name.as_str().into()));
                self.outside.extend(names);
            }
            Stmt::Import(import) => {
                self.names.imports.push(bytes(import.range));
                import.names.iter().for_each(|alias| self.visit_alias(alias));
            }
            Stmt::ImportFrom(import) => {
                self.names.imports.push(bytes(import.range));
                import.names.iter().for_each(|alias| self.visit_alias(alias));
            }
            other => visitor::walk_stmt(self, other),
        }
    }

    fn visit_decorator(&mut self, decorator: &'a Decorator) {
        self.visit_expr(&decorator.expression);
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        match &alias.asname {
            Some(name) => self.bind_identifier(name, Binds::Definition),
            None => {
                // `import a.b` binds a.
                let first = alias.name.as_str().split('.').next().unwrap_or_default();
                let start = alias.name.start();
                let length = u32::try_from(first.len()).unwrap_or_default();
                self.bind(first, TextRange::at(start, length.into()), Binds::Definition);
            }
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        clause.name.iter().for_each(|name| self.bind_identifier(name, Binds::Value));
        visitor::walk_except_handler(self, handler);
    }

    fn visit_type_param(&mut self, parameter: &'a TypeParam) {
        self.bind_identifier(parameter.name(), Binds::Definition);
        visitor::walk_type_param(self, parameter);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        name.into_iter().for_each(|name| self.bind_identifier(name, Binds::Value));
        visitor::walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx == ExprContext::Store => {
                self.bind(name.id.as_str(), name.range(), Binds::Value);
            }
            Expr::Named(named) => {
                if let Expr::Name(name) = &*named.target {
                    self.bind_in(self.around_comprehensions(), name.id.as_str(), name.range(), Binds::Value);
                }
                self.visit_expr(&named.value);
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::ListComp(of) => self.comprehension("<listcomp>", of.range, &[&of.elt], &of.generators),
            Expr::SetComp(of) => self.comprehension("<setcomp>", of.range, &[&of.elt], &of.generators),
            Expr::Generator(of) => self.comprehension("<genexpr>", of.range, &[&of.elt], &of.generators),
            Expr::DictComp(of) => {
                let elements: Vec<&Expr> = of.key.as_deref().into_iter().chain([&*of.value]).collect();
                self.comprehension("<dictcomp>", of.range, &elements, &of.generators);
            }
            other => visitor::walk_expr(self, other),
        }
    }
}
