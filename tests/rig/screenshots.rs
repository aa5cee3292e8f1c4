//! Pictures of the pages for the README: the sample county as the program shows it, in Chromium.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use chromiumoxide::{cdp::browser_protocol::page::CaptureScreenshotFormat, page::ScreenshotParams};
use serde_json::Value as Json;
use tokio::runtime::Runtime;

#[expect(dead_code, reason = "the journeys of the tests use the rest of it")]
#[path = "../it/browser/window.rs"]
mod window;

use self::window::Window;
use crate::{
    Order,
    board::{Board, Cost},
};

/// Where the pictures lie, and how large one may be.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screenshots");
const MOST_BYTES: usize = 120_000;
/// What Chromium is called.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const PASSWORD: &str = "green hills, white clouds, clear wind";

const DESK: (i64, i64) = (1_440, 900);
const PHONE: (i64, i64) = (390, 844);

/// One picture: its name, who looks, at what, on which screen, and whether by night.
struct Picture {
    name: &'static str,
    account: &'static str,
    path: &'static str,
    screen: (i64, i64),
    is_dark: bool,
}

const fn by_day(
    name: &'static str,
    account: &'static str,
    path: &'static str,
    screen: (i64, i64),
) -> Picture {
    Picture { name, account, path, screen, is_dark: false }
}

const PICTURES: &[Picture] = &[
    by_day("dashboard", "qinghe-leader", "/dashboard", DESK),
    by_day("assets", "qinghe-clerk", "/assets", DESK),
    by_day("card", "qinghe-clerk", "/assets?lacks=G01", DESK),
    by_day("findings", "qinghe-rural", "/findings?rule=G01", DESK),
    Picture {
        is_dark: true,
        ..by_day("dashboard-english-dark", "qinghe-leader", "/dashboard?lang=en", DESK)
    },
    by_day("phone", "qinghe-town", "/assets?lacks=G01", PHONE),
];

/// The sample county, served.
struct Demo {
    child: Child,
    at: String,
    /// Accounts and their one-time codes.
    codes: Vec<(String, String)>,
}

impl Demo {
    fn start(folder: &Path) -> Demo {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.args(["--json", "--lang", "en", "demo", "--no-open", "--listen", "127.0.0.1:0"]);
        command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let codes = codes(child.stdout.take().unwrap());
        let mut words = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let at = words.find_map(|line| {
            let address = line.strip_prefix("listening on ")?;
            Some(address.trim_end_matches('/').to_owned())
        });
        // nobody reads the rest, and it must not wait for that
        std::thread::spawn(move || words.for_each(drop));
        Demo { child, at: at.unwrap(), codes }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What each account sets its password with, as the program prints it.
fn codes(told: ChildStdout) -> Vec<(String, String)> {
    let mut codes = Vec::new();
    for line in BufReader::new(told).lines().map_while(Result::ok) {
        let row = serde_json::from_str::<Json>(line.trim_end_matches(',')).unwrap_or_default();
        if let (Some(account), Some(code)) = (row["account"].as_str(), row["code"].as_str()) {
            codes.push((account.to_owned(), code.to_owned()));
        } else if !codes.is_empty() && line.contains("\"total\"") {
            break;
        }
    }
    codes
}

/// Takes every picture.
pub(crate) fn run(_: &Order, board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path());
    fs::create_dir_all(FOLDER).unwrap();
    Runtime::new().unwrap().block_on(async {
        let mut windows = BTreeMap::new();
        for picture in PICTURES {
            if !windows.contains_key(picture.account) {
                windows.insert(picture.account, signed_in(&demo, picture.account).await);
            }
            let bytes = take(&demo, &windows[picture.account], picture).await;
            fs::write(format!("{FOLDER}/{}.webp", picture.name), &bytes).unwrap();
            let said = format!("{} bytes", bytes.len());
            board.hold(picture.name, bytes.len() <= MOST_BYTES, said, Cost::default());
        }
        for window in windows.into_values() {
            window.close().await;
        }
    });
}

/// A window in which an account has just signed in.
async fn signed_in(demo: &Demo, account: &str) -> Window {
    let found = NAMES.iter().find_map(|name| {
        let output = Command::new("which").arg(name).output().ok()?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
            .filter(|path| !path.is_empty())
    });
    let window = Window::open(Path::new(&found.unwrap())).await;
    let (_, code) = demo.codes.iter().find(|(known, _)| known == account).unwrap();
    window.go(&format!("{}/link", demo.at)).await;
    window.write("#f-code", code).await;
    window.write("#f-password", PASSWORD).await;
    window.write("#f-again", PASSWORD).await;
    window.click("main button.go").await;
    // the code leads to the sign-in
    window.write("#f-name", account).await;
    window.write("#f-password", PASSWORD).await;
    window.click("main button.go").await;
    window.wait_for("nav.side").await;
    window
}

async fn take(demo: &Demo, window: &Window, picture: &Picture) -> Vec<u8> {
    let (width, height) = picture.screen;
    window.resize(width, height).await;
    window.at_night(picture.is_dark).await;
    window.go(&format!("{}{}", demo.at, picture.path)).await;
    if picture.name == "card" {
        window.click("table.cards tbody tr a").await;
        window.wait_for("ol.tl, dl.desc").await;
    }
    let shape = ScreenshotParams::builder().format(CaptureScreenshotFormat::Webp).quality(80);
    window.page.screenshot(shape.build()).await.unwrap()
}
