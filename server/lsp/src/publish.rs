//! What the server tells by itself: the exceptions of the dumps, as diagnostics; and that hints and lenses are others now. One
//! task does it, so that nothing older follows what is newer.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crashsite_view::editor::finding::{self, At, Finding};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tower_lsp_server::gen_lsp_types::*;

use crate::dumps::{Opened, Slot};
use crate::server::{Question, Shared};
use crate::uri;

/// How long a client is waited for that was told something.
const PATIENCE: Duration = Duration::from_secs(5);

/// Publishes whenever something changed, as long as the server runs.
pub(crate) async fn keep(shared: Arc<Shared>) {
    let mut published: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    let mut open: HashSet<String> = HashSet::new();
    loop {
        shared.changed.notified().await;
        let question = shared.question();
        let opened: HashSet<String> = question.state.documents.keys().cloned().collect();
        let (abilities, settings) = (question.state.abilities, question.state.settings.clone());
        let found = tokio::task::spawn_blocking(move || question.diagnostics()).await.unwrap_or_default();
        for (uri, diagnostics) in &found {
            let document = Uri(uri.clone());
            let key = uri::key(&document);
            // Some clients forget what they were told of a document that was not open.
            let is_new = opened.contains(&key) && !open.contains(&key);
            if is_new || published.get(uri) != Some(diagnostics) {
                shared.client.publish_diagnostics(document, diagnostics.clone(), None).await;
            }
        }
        for uri in published.keys().filter(|uri| !found.contains_key(*uri)) {
            shared.client.publish_diagnostics(Uri(uri.clone()), Vec::new(), None).await;
        }
        (published, open) = (found, opened);
        if shared.stale.swap(false, Ordering::Relaxed) {
            if settings.changes {
                shared.client.send_notification::<Changed>(NoParameters {}).await;
            }
            // A client that answers with an error, or never, goes on without.
            if abilities.refresh_hints {
                let _ = timeout(PATIENCE, shared.client.inlay_hint_refresh()).await;
            }
            if abilities.refresh_lenses {
                let _ = timeout(PATIENCE, shared.client.code_lens_refresh()).await;
            }
            if abilities.refresh_inline_values {
                let _ = timeout(PATIENCE, shared.client.inline_value_refresh()).await;
            }
        }
    }
}

/// Dumps came or went, or other frames of them are selected.
#[derive(Debug)]
enum Changed {}

/// An object without anything in it.
#[derive(Debug, Serialize, Deserialize)]
struct NoParameters {}

impl Notification for Changed {
    type Params = NoParameters;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::Custom("crashsite/changed");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

impl Question {
    /// The exceptions of all dumps, by the documents they are shown in.
    fn diagnostics(&self) -> BTreeMap<String, Vec<Diagnostic>> {
        let mut found: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        if !self.state.settings.diagnostics {
            return found;
        }
        for slot in &self.state.dumps {
            let Some(opened) = slot.opened() else { continue };
            let Some(finding) = finding::answer(&opened.dump, opened.explained_so_far()) else { continue };
            if let Some((uri, diagnostic)) = self.diagnostic(slot, opened, &finding) {
                found.entry(uri.0).or_default().push(diagnostic);
            }
        }
        found
    }

    fn diagnostic(&self, slot: &Slot, opened: &Opened, finding: &Finding<'_>) -> Option<(Uri, Diagnostic)> {
        let frame = finding.place.frame;
        // Without its text nobody knows which line of the file it was.
        opened.crashed(opened.index(&frame.file)?)?;
        let at = self.frame(slot, opened, frame)?;
        let related = finding.related.iter().filter_map(|related| {
            let location = match &related.at {
                At::Frame(frame) => self.frame(slot, opened, frame)?,
                At::Line(file, line) => self.line(slot, opened, file, *line)?,
            };
            Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
        });
        let related = self.state.abilities.related_information.then(|| related.collect());
        let diagnostic = Diagnostic {
            range: at.range,
            severity: Some(DiagnosticSeverity::Error),
            code: None,
            code_description: None,
            source: Some("crashsite".to_owned()),
            message: Message::String(finding.message.clone()),
            tags: None,
            related_information: related,
            data: None,
        };
        Some((at.uri, diagnostic))
    }
}
