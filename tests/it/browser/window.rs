//! One window of a browser: going, clicking, typing, asking the page; what each click costs is
//! counted.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use chromiumoxide::{
    Browser, BrowserConfig, Element, Page,
    cdp::browser_protocol::{
        browser::{SetDownloadBehaviorBehavior, SetDownloadBehaviorParams},
        dom::SetFileInputFilesParams,
        emulation::{MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams},
        input::{
            DispatchKeyEventParams, DispatchKeyEventType, ImeSetCompositionParams, InsertTextParams,
        },
        network::{BlockPattern, EnableParams, SetBlockedUrLsParams},
        page::PrintToPdfParams,
        target::SetAutoAttachParams,
    },
    error::Result,
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// How long a page may take to become what is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// One window.
pub(super) struct Window {
    browser: Browser,
    pub(super) page: Page,
    events: JoinHandle<()>,
    clicks: AtomicUsize,
    _profile: TempDir,
}

impl Window {
    pub(super) async fn open(program: &Path) -> Window {
        let profile = tempfile::tempdir().expect("a folder");
        let config = BrowserConfig::builder()
            .chrome_executable(program)
            .user_data_dir(profile.path())
            .no_sandbox()
            .arg("--disable-dev-shm-usage")
            .launch_timeout(PATIENCE)
            .request_timeout(PATIENCE)
            .build()
            .expect("a configuration");
        let (browser, mut handler) = Browser::launch(config).await.expect("a browser");
        let events = tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.expect("a page");
        let window =
            Window { browser, page, events, clicks: AtomicUsize::new(0), _profile: profile };
        window.resize(1_440, 900).await;
        window
    }

    /// Lets the workers of pages run, which else may wait for a debugger that never comes.
    pub(super) async fn with_workers(&self) {
        self.page.execute(SetAutoAttachParams::new(false, false)).await.expect("let go");
    }

    pub(super) async fn close(mut self) {
        drop(self.browser.close().await);
        drop(self.browser.wait().await);
        self.events.abort();
    }

    pub(super) async fn go(&self, address: &str) {
        self.page.goto(address).await.expect("a page");
    }

    /// As wide and as high as some screen.
    pub(super) async fn resize(&self, width: i64, height: i64) {
        let screen = SetDeviceMetricsOverrideParams::new(width, height, 1.0, false);
        self.page.execute(screen).await.expect("resized");
    }

    /// By day or by night.
    pub(super) async fn at_night(&self, is_dark: bool) {
        let scheme = if is_dark { "dark" } else { "light" };
        self.shown_on("", &[("prefers-color-scheme", scheme)]).await;
    }

    /// On some medium, of which some features are known; on that of the window where none is named.
    pub(super) async fn shown_on(&self, medium: &str, features: &[(&str, &str)]) {
        let media = SetEmulatedMediaParams::builder().media(medium);
        let media = features
            .iter()
            .fold(media, |media, (name, value)| media.feature(MediaFeature::new(*name, *value)));
        self.page.execute(media.build()).await.expect("a medium");
    }

    /// Keeps the files that pages hand out in a folder.
    pub(super) async fn keep_files_in(&self, folder: &Path) {
        let kept = SetDownloadBehaviorParams::builder()
            .behavior(SetDownloadBehaviorBehavior::Allow)
            .download_path(folder.display().to_string())
            .build()
            .expect("a folder");
        self.browser.execute(kept).await.expect("kept");
    }

    /// Without scripts: no page has one but those that lie below `/static`, and none of them comes.
    pub(super) async fn without_scripts(&self) {
        self.page.execute(EnableParams::default()).await.expect("watched");
        let blocked = SetBlockedUrLsParams::builder()
            .url_pattern(BlockPattern::new("*://*:*/static/*.js", true))
            .build();
        self.page.execute(blocked).await.expect("blocked");
    }

    /// What the page says of itself.
    pub(super) async fn ask<T: DeserializeOwned>(&self, script: &str) -> T {
        let told = self.page.evaluate(script).await;
        told.unwrap_or_else(|error| panic!("{script}: {error}")).into_value().expect("a value")
    }

    /// Has the page run something that is no expression.
    pub(super) async fn run(&self, script: &str) {
        self.page.evaluate(script).await.expect("run");
    }

    /// Waits until something is on a page that is there as a whole: what is clicked before that
    /// moves away under the hand.
    pub(super) async fn wait_for(&self, selector: &str) {
        self.found(selector).await;
    }

    /// Waits until something is true of the page.
    pub(super) async fn until(&self, truth: &str) {
        let begun = Instant::now();
        loop {
            // between two pages there is nothing to ask
            let told = self.page.evaluate(truth).await.ok();
            if told.and_then(|told| told.into_value().ok()).unwrap_or(false) {
                return;
            }
            let is_late = begun.elapsed() > PATIENCE;
            assert!(!is_late, "never {truth} in {:?}", self.page.content().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks what leads to another page, and waits until that is there as a whole.
    pub(super) async fn turn(&self, selector: &str) {
        self.wait_for(selector).await;
        self.run("window.isLeft = true").await;
        self.click(selector).await;
        self.until("!window.isLeft && document.readyState === 'complete'").await;
    }

    async fn found(&self, selector: &str) -> Element {
        let begun = Instant::now();
        loop {
            if let Some(element) = self.look_for(selector).await {
                return element;
            }
            let is_late = begun.elapsed() > PATIENCE;
            assert!(!is_late, "no {selector} in {:?}", self.page.content().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What is there now: the page may be another one in the next moment.
    async fn look_for(&self, selector: &str) -> Option<Element> {
        let state = self.page.evaluate("document.readyState").await.ok()?;
        let state: String = state.into_value().ok()?;
        if state != "complete" {
            return None;
        }
        self.page.find_element(selector).await.ok()
    }

    /// Clicks, and counts it.
    pub(super) async fn click(&self, selector: &str) {
        self.clicks.fetch_add(1, Ordering::Relaxed);
        self.with(selector, async |element| element.click().await.map(drop)).await;
    }

    /// Does something with what is there. Where the page gave way to another in between, with what
    /// is there then.
    async fn with(&self, selector: &str, act: impl AsyncFn(&Element) -> Result<()>) {
        let begun = Instant::now();
        loop {
            let element = self.found(selector).await;
            let Err(error) = act(&element).await else { return };
            assert!(begun.elapsed() < PATIENCE, "{selector}: {error}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many clicks there were since this was asked last.
    pub(super) fn n_clicks(&self) -> usize {
        self.clicks.swap(0, Ordering::Relaxed)
    }

    /// Types into a field that is empty.
    pub(super) async fn write(&self, selector: &str, text: &str) {
        self.with(selector, async |element| element.focus().await.map(drop)).await;
        self.type_text(text).await;
    }

    /// Chooses a file of this machine.
    pub(super) async fn choose_file(&self, selector: &str, file: &Path) {
        let element = self.found(selector).await;
        let mut chosen = SetFileInputFilesParams::new(vec![file.display().to_string()]);
        chosen.backend_node_id = Some(element.backend_node_id);
        self.page.execute(chosen).await.expect("chosen");
    }

    /// Chooses one of a list.
    pub(super) async fn choose(&self, selector: &str, value: &str) {
        self.wait_for(selector).await;
        self.run(&format!("document.querySelector(\"{selector}\").value = '{value}'")).await;
    }

    /// Types into a field in the place of what is there.
    pub(super) async fn rewrite(&self, selector: &str, text: &str) {
        self.wait_for(selector).await;
        self.run(&format!("document.querySelector(\"{selector}\").select()")).await;
        self.type_text(text).await;
    }

    /// Types where the focus is, as an input method does: the text at once.
    pub(super) async fn type_text(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.expect("typed");
    }

    /// Puts a text in the place of what stands in a field.
    pub(super) async fn put(&self, selector: &str, text: &str) {
        self.wait_for(selector).await;
        let put = format!(
            "(field => {{ field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})\
             (document.querySelector({}))",
            json!(text),
            json!(selector)
        );
        self.run(&put).await;
    }

    /// Begins a word by an input method where the focus is; it is not chosen yet.
    pub(super) async fn compose(&self, text: &str) {
        let n = i64::try_from(text.chars().count()).expect("a word");
        self.page.execute(ImeSetCompositionParams::new(text, n, n)).await.expect("composed");
    }

    /// Types where the focus is, a key after the other: what is chosen from listens to keys.
    pub(super) async fn type_keys(&self, text: &str) {
        for key in text.chars() {
            let mut typed = DispatchKeyEventParams::new(DispatchKeyEventType::Char);
            typed.text = Some(key.to_string());
            self.page.execute(typed).await.expect("typed");
        }
    }

    /// The page on paper, as a PDF.
    pub(super) async fn paper(&self) -> Vec<u8> {
        let params = PrintToPdfParams { prefer_css_page_size: Some(true), ..Default::default() };
        self.page.pdf(params).await.expect("paper")
    }

    /// What can be read on the page.
    pub(super) async fn text(&self) -> String {
        self.page.content().await.expect("a page")
    }

    /// Where it is.
    pub(super) async fn address(&self) -> String {
        self.page.url().await.expect("a page").unwrap_or_default()
    }

    /// Puts the focus on something.
    pub(super) async fn focus(&self, selector: &str) {
        self.with(selector, async |element| element.focus().await.map(drop)).await;
    }

    /// Presses a key where the focus is. The enter key counts as a click.
    pub(super) async fn press(&self, key: &str) {
        let element = self.found("body").await;
        if key == "Enter" {
            self.clicks.fetch_add(1, Ordering::Relaxed);
        }
        element.press_key(key).await.unwrap_or_else(|error| panic!("{key}: {error}"));
    }

    /// Presses the enter key while the control key is held down, and counts it as a click.
    pub(super) async fn press_control_enter(&self) {
        self.clicks.fetch_add(1, Ordering::Relaxed);
        self.key_down("Enter", 13, 2).await;
    }

    /// Presses a key as browsers tell it while an input method takes it.
    pub(super) async fn press_composing(&self, key: &str) {
        self.key_down(key, 229, 0).await;
    }

    async fn key_down(&self, key: &str, number: i64, held: i64) {
        let mut pressed = DispatchKeyEventParams::new(DispatchKeyEventType::RawKeyDown);
        pressed.key = Some(key.to_owned());
        pressed.windows_virtual_key_code = Some(number);
        pressed.modifiers = Some(held);
        self.page.execute(pressed).await.expect("pressed");
    }
}
