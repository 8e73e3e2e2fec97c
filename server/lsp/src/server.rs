//! The handlers. Up to its first await each does no more than change the state, or take a snapshot of it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crashsite_view::editor::text::Units;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::timeout;
use tower_lsp_server::gen_lsp_types::*;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::{Client, LanguageServer, LspServiceBuilder};

use crate::disk::Disk;
use crate::document::Document;
use crate::dumps::{self, Opened, Slot};
use crate::settings::{Discover, Settings};
use crate::state::{Abilities, Move, State};
use crate::virtual_files::Extracted;
use crate::{Files, commands, publish, uri, workspace};

/// Questions that are worked at; the others wait. Threads are left for reading and writing.
const WORKERS: usize = 8;
/// How long a question waits for the dumps of the workspace to be found.
const PATIENCE: Duration = Duration::from_secs(2);
/// Dumps of a workspace that are opened at once.
const MOST_DUMPS: usize = 10;

/// What handlers and the tasks beside them share.
pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) files: Arc<dyn Files>,
    state: Mutex<Arc<State>>,
    extracted: Arc<Extracted>,
    disk: Arc<Disk>,
    /// Something changed that is published.
    pub(crate) changed: Notify,
    /// Hints and lenses are others, though no text changed.
    pub(crate) stale: AtomicBool,
}

/// The server of one client.
pub(crate) struct Server {
    shared: Arc<Shared>,
    asked_to_end: Arc<AtomicBool>,
    workers: Arc<Semaphore>,
}

/// The state as it was when a question came.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) state: Arc<State>,
    pub(crate) extracted: Arc<Extracted>,
    pub(crate) disk: Arc<Disk>,
}

/// Who is told that a dump cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    /// The person, by a message.
    Aloud,
    /// Who asked for it, by the answer.
    Silently,
}

impl Shared {
    /// The state as it is now.
    pub(crate) fn question(&self) -> Question {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Question { state, extracted: self.extracted.clone(), disk: self.disk.clone() }
    }

    /// Changes the state.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut state))
    }

    /// Has what the editor shows made anew.
    pub(crate) fn refresh(&self) {
        self.stale.store(true, Ordering::Relaxed);
        self.changed.notify_one();
    }

    /// Takes a dump in, and begins to open it.
    pub(crate) fn open(self: &Arc<Self>, path: PathBuf, failing: Failing) -> Arc<Slot> {
        let path = std::path::absolute(&path).unwrap_or(path);
        let identities = self.question().state.settings.identity.clone();
        let slot = Arc::new(Slot::new(path, identities, self.files.clone()));
        self.change(|state| state.add(slot.clone()));
        let (shared, opening) = (self.clone(), slot.clone());
        tokio::spawn(async move {
            let opened = opening.clone();
            let error = tokio::task::spawn_blocking(move || opened.result().err().cloned()).await;
            if let Ok(Some(error)) = error {
                shared.change(|state| state.remove_slot(&opening));
                if failing == Failing::Aloud {
                    shared.client.show_message(MessageType::Error, format!("crashsite: {error}")).await;
                }
            }
            shared.refresh();
            // The exception is told at once, its cause as soon as it is known.
            if shared.question().state.settings.diagnostics {
                let explained = move || opening.opened().and_then(Opened::explained).is_some();
                if let Ok(true) = tokio::task::spawn_blocking(explained).await {
                    shared.changed.notify_one();
                }
            }
        });
        slot
    }

    /// Opens a dump that nobody asked for. It may be sealed for others, and then nobody has to be told.
    fn open_found(self: &Arc<Self>, path: PathBuf) {
        let failing = if workspace::is_named_sealed(&path) { Failing::Silently } else { Failing::Aloud };
        self.open(path, failing);
    }

    /// Opens of the dumps in the workspace those that the settings say.
    fn discover(self: &Arc<Self>) {
        let (shared, question) = (self.clone(), self.question());
        let most = match question.state.settings.discover {
            Discover::None => return,
            Discover::Newest => 1,
            Discover::All => MOST_DUMPS,
        };
        let (done, discovery) = watch::channel(());
        self.change(|state| state.discovery = Some(discovery));
        tokio::spawn(async move {
            let _done = done;
            let look = move || question.state.workspace.found().dumps.iter().take(most).cloned().collect::<Vec<_>>();
            for path in tokio::task::spawn_blocking(look).await.unwrap_or_default() {
                let id = dumps::id(&path);
                if shared.question().state.dump(Some(&id)).is_none() {
                    shared.open_found(path);
                }
            }
        });
    }
}

/// Ends an evaluation that nobody waits for any more.
struct Interrupt(Arc<AtomicBool>);

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Server {
    pub(crate) fn new(client: Client, files: Arc<dyn Files>) -> Server {
        let shared = Shared {
            client,
            state: Mutex::default(),
            extracted: Arc::new(Extracted::new(files.clone())),
            files,
            disk: Arc::default(),
            changed: Notify::new(),
            stale: AtomicBool::new(false),
        };
        Server { shared: Arc::new(shared), asked_to_end: Arc::default(), workers: Arc::new(Semaphore::new(WORKERS)) }
    }

    /// Set when the client says that the end comes.
    pub(crate) fn asked_to_end(&self) -> Arc<AtomicBool> {
        self.asked_to_end.clone()
    }

    /// The files to remove at the end.
    pub(crate) fn extracted(&self) -> Arc<Extracted> {
        self.shared.extracted.clone()
    }

    /// Answers a question in another thread, about the state as it is at the first poll, with the dumps that are then being
    /// looked for: some clients ask only once.
    async fn answer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Question, Arc<AtomicBool>) -> T + Send + 'static,
    ) -> Result<T> {
        let mut question = self.shared.question();
        let interrupt = Interrupt(Arc::default());
        let flag = interrupt.0.clone();
        if let Some(mut discovery) = question.state.discovery.clone() {
            // It is over when its sender is gone.
            if discovery.has_changed().is_ok() {
                let _ = timeout(PATIENCE, discovery.changed()).await;
                let dumps = self.shared.question().state.dumps.clone();
                Arc::make_mut(&mut question.state).dumps = dumps;
            }
        }
        let Ok(worker) = self.workers.clone().acquire_owned().await else { return Err(Error::request_cancelled()) };
        let work = move || {
            // Also of a question that was taken back, until its evaluation has ended.
            let _worker = worker;
            (!flag.load(Ordering::Relaxed)).then(|| work(&question, flag))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(answer) => answer.ok_or_else(Error::request_cancelled),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::request_cancelled()),
            },
        }
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, language_id, text, .. } = params.text_document;
        let language = serde_json::to_value(&language_id).ok();
        let language = language.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        let document = Arc::new(Document::new(uri, language, text));
        self.shared.change(|state| state.documents.insert(uri::key(&document.uri), document));
        self.shared.changed.notify_one();
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { text_document_identifier, .. } = params.text_document;
        self.shared.change(|state| {
            let units = state.abilities.units;
            if let Some(document) = state.documents.get_mut(&uri::key(&text_document_identifier.uri)) {
                *document = Arc::new(document.edited(params.content_changes, units));
            }
        });
        self.shared.changed.notify_one();
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.shared.change(|state| state.documents.remove(&uri::key(&params.text_document.uri)));
        self.shared.changed.notify_one();
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        self.answer(move |question, interrupt| question.hover(&at, &interrupt)).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.answer(move |question, _| Some(question.hints(&params.text_document.uri, params.range))).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.answer(move |question, _| Some(question.lenses(&params.text_document.uri))).await
    }

    async fn inline_value(&self, params: InlineValueParams) -> Result<Option<Vec<InlineValue>>> {
        self.answer(move |question, _| Some(question.inline_values(&params))).await
    }

    async fn definition(&self, params: DefinitionParams) -> Result<Option<Location>> {
        let at = params.text_document_position_params;
        self.answer(move |question, interrupt| question.definition(&at, &interrupt)).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.answer(move |question, _| Some(question.links(&params.text_document.uri))).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let at = params.text_document_position_params;
        self.answer(move |question, _| Some(question.calls_at(&at))).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.answer(move |question, _| Some(question.incoming(&params.item))).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.answer(move |question, _| Some(question.outgoing(&params.item))).await
    }

    /// `workspace/textDocumentContent`, and `crashsite/source` for clients without it.
    async fn source(&self, params: TextDocumentContentParams) -> Result<TextDocumentContentResult> {
        let text = self.answer(move |question, _| question.source(&params.uri)).await?;
        let text = text.ok_or_else(|| Error::invalid_params("no open dump has such a source"))?;
        Ok(TextDocumentContentResult { text })
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LspAny>> {
        let mut asked = commands::Asked::of(&params.command, params.arguments)?;
        // What the command changes is changed before anything is waited for.
        asked.change(&self.shared)?;
        let shared = self.shared.clone();
        let done = self.answer(move |question, interrupt| asked.answer(question, interrupt, &shared)).await?;
        done.map(Some)
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        match Settings::of(&params.settings) {
            Ok(settings) => self.set(settings),
            Err(error) => {
                let shared = self.shared.clone();
                tokio::spawn(async move { shared.client.show_message(MessageType::Error, error).await });
            }
        }
    }

    /// Takes settings in; opens and closes the dumps that they name.
    fn set(&self, settings: Settings) {
        let shared = &self.shared;
        let had = shared.question().state.settings.clone();
        let dumps = settings.dumps.clone();
        shared.change(|state| {
            for path in had.dumps.iter().filter(|path| !dumps.contains(path)) {
                state.remove(&dumps::id(&std::path::absolute(path).unwrap_or(path.clone())));
            }
            state.set(settings);
        });
        let other_keys = had.identity != shared.question().state.settings.identity;
        for path in dumps.into_iter().filter(|path| other_keys || !had.dumps.contains(path)) {
            shared.open(path, Failing::Aloud);
        }
        if other_keys {
            shared.discover();
        }
        shared.refresh();
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let DidChangeWorkspaceFoldersParams { event } = params;
        self.shared.change(|state| {
            let gone: Vec<PathBuf> = event.removed.iter().filter_map(folder).collect();
            let mut folders: Vec<PathBuf> = state.workspace.folders.clone();
            folders.retain(|folder| !gone.contains(folder));
            folders.extend(event.added.iter().filter_map(folder));
            state.look_in(folders);
        });
        self.shared.discover();
        self.shared.refresh();
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let mut new = Vec::new();
        self.shared.change(|state| {
            for event in params.changes {
                let Some(path) = uri::path(&event.uri).map(PathBuf::from) else { continue };
                let open = state.dump(Some(&dumps::id(&path))).is_some();
                match event.kind {
                    FileChangeType::Deleted => state.remove(&dumps::id(&path)),
                    FileChangeType::Changed if !open => {}
                    _ => new.push(path),
                }
            }
            // Files came or went: what was found in the folders may be out of date.
            state.look_in(state.workspace.folders.clone());
        });
        let discovers = self.shared.question().state.settings.discover != Discover::None;
        let shared = self.shared.clone();
        tokio::spawn(async move {
            let dumps =
                move || new.into_iter().filter(|path| discovers && workspace::is_dump(path)).collect::<Vec<_>>();
            for path in tokio::task::spawn_blocking(dumps).await.unwrap_or_default().into_iter().take(MOST_DUMPS) {
                shared.open_found(path);
            }
            shared.refresh();
        });
    }

    /// Asks to be told of dumps and sources that come and go.
    fn watch(&self) {
        let shared = self.shared.clone();
        let watcher = |pattern: &str, kind: WatchKind| FileSystemWatcher {
            glob_pattern: GlobPattern::Pattern(pattern.to_owned()),
            kind: Some(kind),
        };
        let watchers = vec![
            watcher("**/*.{dump,dump.age}", WatchKind::Custom(7)),
            // Created or deleted; what is in them is looked at when it is needed.
            watcher("**/*.py", WatchKind::Custom(5)),
        ];
        let options = serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers }).ok();
        tokio::spawn(async move {
            let method = "workspace/didChangeWatchedFiles".to_owned();
            let registration = Registration { id: "crashsite-dumps".to_owned(), method, register_options: options };
            // A client that does not want to is asked again only by `openDump`.
            let _ = shared.client.register_capability(vec![registration]).await;
        });
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let abilities = abilities(&params.capabilities);
        let settings = match &params.initialization_options {
            Some(options) => Settings::of(options).map_err(Error::invalid_params)?,
            None => Settings::default(),
        };
        self.shared.change(|state| {
            state.abilities = abilities;
            state.look_in(folders(&params));
        });
        for path in self.shared.files.served() {
            self.shared.open(path, Failing::Aloud);
        }
        self.set(settings);
        Ok(InitializeResult {
            capabilities: capabilities(abilities),
            server_info: Some(ServerInfo {
                name: "crashsite".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if self.shared.question().state.abilities.watch {
            self.watch();
        }
        self.shared.discover();
        tokio::spawn(publish::keep(self.shared.clone()));
    }

    async fn shutdown(&self) -> Result<()> {
        self.asked_to_end.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Adds what is answered besides beginning and end.
pub(crate) fn methods(builder: LspServiceBuilder<Server>) -> LspServiceBuilder<Server> {
    builder
        .custom_method("textDocument/didOpen", Server::did_open)
        .custom_method("textDocument/didChange", Server::did_change)
        .custom_method("textDocument/didClose", Server::did_close)
        .custom_method("textDocument/hover", Server::hover)
        .custom_method("textDocument/inlayHint", Server::inlay_hint)
        .custom_method("textDocument/codeLens", Server::code_lens)
        .custom_method("textDocument/inlineValue", Server::inline_value)
        .custom_method("textDocument/definition", Server::definition)
        .custom_method("textDocument/documentLink", Server::document_link)
        .custom_method("textDocument/prepareCallHierarchy", Server::prepare_call_hierarchy)
        .custom_method("callHierarchy/incomingCalls", Server::incoming_calls)
        .custom_method("callHierarchy/outgoingCalls", Server::outgoing_calls)
        .custom_method("workspace/textDocumentContent", Server::source)
        .custom_method("crashsite/source", Server::source)
        .custom_method("workspace/executeCommand", Server::execute_command)
        .custom_method("workspace/didChangeConfiguration", Server::did_change_configuration)
        .custom_method("workspace/didChangeWorkspaceFolders", Server::did_change_workspace_folders)
        .custom_method("workspace/didChangeWatchedFiles", Server::did_change_watched_files)
}

fn folder(folder: &WorkspaceFolder) -> Option<PathBuf> {
    uri::path(&folder.uri).map(PathBuf::from)
}

#[expect(deprecated, reason = "clients that know no folders name a root")]
pub(crate) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(list)) => list.iter().filter_map(folder).collect(),
        _ => params.root_uri.iter().filter_map(uri::path).map(PathBuf::from).collect(),
    }
}

/// What the client can do, of what matters here.
fn abilities(client: &ClientCapabilities) -> Abilities {
    let workspace = client.workspace.as_ref();
    let text = client.text_document.as_ref();
    let encodings = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let hover = text.and_then(|text| text.hover.as_ref()).and_then(|hover| hover.content_format.as_ref());
    let diagnostics = text.and_then(|text| text.publish_diagnostics.as_ref());
    let window = client.window.as_ref();
    Abilities {
        units: match encodings {
            Some(encodings) if encodings.contains(&PositionEncodingKind::UTF8) => Units::Utf8,
            _ => Units::Utf16,
        },
        markdown: hover.is_none_or(|formats| formats.contains(&MarkupKind::Markdown)),
        text_document_content: workspace.is_some_and(|workspace| workspace.text_document_content.is_some()),
        show_document: window.and_then(|window| window.show_document.as_ref()).is_some_and(|show| show.support),
        refresh_hints: workspace
            .and_then(|workspace| workspace.inlay_hint.as_ref())
            .is_some_and(|hints| hints.refresh_support == Some(true)),
        refresh_lenses: workspace
            .and_then(|workspace| workspace.code_lens.as_ref())
            .is_some_and(|lenses| lenses.refresh_support == Some(true)),
        refresh_inline_values: workspace
            .and_then(|workspace| workspace.inline_value.as_ref())
            .is_some_and(|values| values.refresh_support == Some(true)),
        watch: workspace
            .and_then(|workspace| workspace.did_change_watched_files.as_ref())
            .is_some_and(|watch| watch.dynamic_registration == Some(true)),
        related_information: diagnostics.is_some(),
    }
}

/// What is told of the server.
fn capabilities(abilities: Abilities) -> ServerCapabilities {
    let schemes = || TextDocumentContentOptions { schemes: vec![uri::SCHEME.to_owned()] };
    ServerCapabilities {
        position_encoding: Some(match abilities.units {
            Units::Utf8 => PositionEncodingKind::UTF8,
            Units::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProvider::Bool(true)),
        inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
        inline_value_provider: Some(InlineValueProvider::Bool(true)),
        code_lens_provider: Some(CodeLensOptions::default()),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        document_link_provider: Some(DocumentLinkOptions::default()),
        call_hierarchy_provider: Some(CallHierarchyProvider::Bool(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::NAMES.iter().map(|name| (*name).to_owned()).collect(),
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(ChangeNotifications::Bool(true)),
            }),
            text_document_content: abilities.text_document_content.then(|| TextDocumentContent::Options(schemes())),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// A frame is chosen.
pub(crate) fn select(shared: &Shared, id: &str, by: Move) {
    shared.change(|state| state.select(id, by));
    shared.refresh();
}
