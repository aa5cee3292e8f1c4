//! The pages in a real browser: the journeys people make, what every page must be for whoever reads
//! it by eye, by ear or by keyboard, and how much of it comes over the wire.
//!
//! Chromium is looked for under its usual names; without it these tests say that they were skipped,
//! and where `TAIZHANG_REQUIRE_CHROMIUM` is set they fail. What checks accessibility is the script
//! that `TAIZHANG_AXE` names.

mod answers;
mod choosing;
mod counting;
mod form;
mod furnished;
mod importing;
mod journeys;
mod mistakes;
mod offline;
mod overseeing;
mod pages;
mod paper;
mod reading;
mod registering;
mod reminding;
mod reporting;
mod seen;
mod spoken;
mod window;

use std::path::PathBuf;

use entity::{account::Role, asset::Model};
use taizhang::{
    http::{AppState, Settings, accept},
    server,
};
use tokio::{sync::oneshot, task::JoinHandle};

use self::window::Window;
use crate::harness::{
    Town,
    town::{VILLAGE_A1, account_name},
};

/// What Chromium is called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[expect(clippy::disallowed_methods, reason = "the tests have no configuration but this")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The browser of this machine; none, and a word of it, where there is none.
fn chromium() -> Option<PathBuf> {
    let folders = variable("PATH").unwrap_or_default();
    let mut paths = NAMES.iter().flat_map(|name| {
        std::env::split_paths(&folders).map(|folder| folder.join(name)).collect::<Vec<_>>()
    });
    let found = paths.find(|path| path.is_file());
    if found.is_none() {
        assert!(variable("TAIZHANG_REQUIRE_CHROMIUM").is_none(), "no Chromium");
        crate::matrix::tell("skipped: there is no Chromium on this machine");
    }
    found
}

/// The ledger of a town, served, and a window to look at it.
struct Sight {
    at: String,
    window: Window,
    /// Assets, the first of which nobody maintains.
    assets: Vec<Model>,
    end: oneshot::Sender<()>,
    task: JoinHandle<taizhang::error::Result<()>>,
}

impl Sight {
    /// Serves a town with a few assets; none where there is no browser.
    async fn of(town: &Town) -> Option<Sight> {
        let window = Window::open(&chromium()?).await;
        let mut assets = Vec::new();
        for (name, value) in [("上河村便民桥", "864000.00"), ("大坪村光伏电站", "1462000.00")]
        {
            assets.push(town.asset(VILLAGE_A1, name, value).await);
        }
        for n in 1..=60 {
            assets.push(town.asset(VILLAGE_A1, &format!("{n}号蓄水池"), "12000.00").await);
        }
        let listener = accept::listen(([127, 0, 0, 1], 0).into()).expect("a port");
        let at = format!("http://{}", listener.local_addr().expect("an address"));
        let reader = Some(env!("CARGO_BIN_EXE_taizhang").into());
        let settings = Settings { reader, ..Settings::default() };
        let state = AppState::new(town.ledger.clone(), settings);
        let (end, ended) = oneshot::channel();
        let ending = async { drop(ended.await) };
        let task = tokio::spawn(server::serve(listener, state, None, ending));
        Some(Sight { at, window, assets, end, task })
    }

    /// The same, with the scripts of the pages or without them.
    async fn with(town: &Town, are_scripts_run: bool) -> Option<Sight> {
        let sight = Sight::of(town).await?;
        if !are_scripts_run {
            sight.window.without_scripts().await;
        }
        Some(sight)
    }

    async fn open(&self, path: &str) {
        self.window.go(&format!("{}{path}", self.at)).await;
    }

    /// Signs in by the page, as a person does.
    async fn sign_in(&self, town: &Town, role: Role) {
        town.settle_in(role).await;
        self.open("/sign-in").await;
        self.window.write("#f-name", &account_name(role)).await;
        self.window.write("#f-password", crate::harness::signing_in::PASSWORD).await;
        self.window.click("main button.go").await;
        self.window.wait_for("nav.side").await;
    }

    /// Signs in whoever has a role and no second factor yet, as if it was not asked for.
    async fn seat(&self, town: &Town, role: Role) {
        let token = town.seat_token(&town.settle_in(role).await).await;
        self.leave().await;
        self.window.run(&format!("document.cookie = 'sid={}; path=/'", token.expose())).await;
    }

    /// Signs out whoever is signed in: the cookie is the browser's own, and no script takes it.
    async fn leave(&self) {
        self.open("/me").await;
        if self.window.ask::<bool>("!!document.querySelector('[action=\"/sign-out\"]')").await {
            self.window.click("[action='/sign-out'] button").await;
        }
        self.window.wait_for("#f-name").await;
    }

    async fn close(self) {
        self.window.close().await;
        self.end.send(()).expect("it serves");
        self.task.await.expect("no panic").expect("ended well");
    }
}
