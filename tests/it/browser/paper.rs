//! Pages on paper: how many sheets, how they lie, what stands on each of them.

use std::io::Read as _;

use entity::account::Role;
use flate2::read::ZlibDecoder;

use super::{Sight, furnished::Furnished};
use crate::harness::{Town, on_sqlite, town::TOWN_A};

/// How many times something stands in a file.
fn count(paper: &[u8], what: &[u8]) -> usize {
    paper.windows(what.len()).filter(|part| *part == what).count()
}

/// How many sheets there are.
pub(super) fn n_sheets(paper: &[u8]) -> usize {
    count(paper, b"/Type /Page\n")
}

/// How many sheets lie upright: 210 mm wide and 297 mm high.
fn n_upright(paper: &[u8]) -> usize {
    count(paper, b"/MediaBox [0 0 594") + count(paper, b"/MediaBox [0 0 595")
}

/// How many pieces of text stand on all sheets together.
fn n_texts(paper: &[u8]) -> usize {
    let mut n = 0;
    let begin = b"stream\n";
    for (at, _) in paper.windows(begin.len()).enumerate().filter(|(_, part)| part == begin) {
        let mut text = Vec::new();
        let packed = ZlibDecoder::new(&paper[at + begin.len()..]).take(10_000_000);
        let mut packed = packed;
        if packed.read_to_end(&mut text).is_ok() {
            n += count(&text, b" Tj") + count(&text, b"] TJ");
        }
    }
    n
}

/// Has a page think that it is on paper, by day or by night.
async fn on_paper(sight: &Sight, scheme: &str) {
    sight.window.shown_on("print", &[("prefers-color-scheme", scheme)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_brief_is_one_sheet() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::Leader).await;
        let of_town = format!("/dashboard?area={TOWN_A}");
        for page in ["/dashboard", &of_town, "/dashboard?lang=en"] {
            sight.open(page).await;
            let paper = sight.window.paper().await;
            assert_eq!((n_sheets(&paper), n_upright(&paper)), (1, 1), "{page}");
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_the_official_table() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        // with them the page is being printed already
        sight.window.without_scripts().await;
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/print").await;
        let whole = sight.window.paper().await;
        let sheets = n_sheets(&whole);
        assert!(sheets >= 3 && n_upright(&whole) == 0, "{sheets} sheets");
        // the head stands on every sheet: without it there is so much less text
        let columns: usize = sight.window.ask("document.querySelectorAll('thead th').length").await;
        sight.window.run("document.querySelector('thead').style.setProperty('display', 'table-row-group', 'important')").await;
        let once = sight.window.paper().await;
        let repeated = n_texts(&whole) - n_texts(&once);
        assert!(repeated >= (sheets - 1) * columns, "{repeated} of {columns} columns");
        sight.window.run("document.querySelector('thead').style.display = ''").await;
        on_paper(&sight, "dark").await;
        for (what, truth) in LIST {
            assert!(sight.window.ask::<bool>(truth).await, "{what}: {truth}");
        }
        let shown: Vec<String> = sight.window.ask(NOT_FOR_PAPER).await;
        assert!(shown.is_empty(), "{shown:#?}");
        sight.close().await;
    })
    .await;
}

/// What must be so of a list on paper.
const LIST: [(&str, &str); 7] = [
    (
        "black on white by night too",
        "[...document.querySelectorAll('.ptitle,th,td,td *')].filter(one => one.checkVisibility()).every(one => getComputedStyle(one).color === 'rgb(0, 0, 0)')",
    ),
    (
        "the ground is white",
        "getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'",
    ),
    (
        "no row is cut",
        "[...document.querySelectorAll('tbody tr')].every(row => getComputedStyle(row).breakInside === 'avoid')",
    ),
    (
        "the total stands once, at the end",
        "getComputedStyle(document.querySelector('tfoot')).display === 'table-row-group'",
    ),
    (
        "title, unit and signatures",
        "['.ptitle', '.pmeta', '.psign'].every(part => document.querySelector(part).checkVisibility())",
    ),
    (
        "rows are numbered",
        "[...document.querySelectorAll('tbody .sel')].every(one => getComputedStyle(one, '::before').content.includes('counter'))",
    ),
    (
        "every sheet says which of how many",
        "[...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).flatMap(rule => [...(rule.cssRules ?? [])]).some(rule => rule.cssText.startsWith('@page') && rule.cssText.includes('counter(pages)'))",
    ),
];

/// What is for screens alone.
const NOT_FOR_PAPER: &str = "[...document.querySelectorAll('.top,.side,.btn,.filters,.tabs,.pager,.crumb,input')].filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 90))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cards_agreements_and_plates_have_their_size() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        let furnished = Furnished::of(town).await;
        let (code, twin) = (&furnished.asset.code, &furnished.twin.code);
        sight.seat(town, Role::FinanceClerk).await;
        // the card on a sheet or two, upright, with no form on it
        sight.open(&format!("/assets/{code}")).await;
        let paper = sight.window.paper().await;
        let sheets = n_sheets(&paper);
        assert!((1..=2).contains(&sheets) && n_upright(&paper) == sheets, "{sheets} sheets of a card");
        on_paper(&sight, "dark").await;
        let ground: String = sight.window.ask("getComputedStyle(document.body).backgroundColor").await;
        assert_eq!(ground, "rgb(255, 255, 255)");
        // an agreement on a sheet of its own
        sight.open(&format!("/duties/agreements?asset={code}")).await;
        let paper = sight.window.paper().await;
        assert_eq!((n_sheets(&paper), n_upright(&paper)), (1, 1));
        // plates of 60 × 40 mm, none cut by the end of a sheet
        sight.open(&format!("/assets/plates?asset={code}&asset={twin}")).await;
        on_paper(&sight, "light").await;
        let sizes = "[...document.querySelectorAll('.plate')].map(one => one.getBoundingClientRect()).map(box => [Math.round(box.width * 25.4 / 96), Math.round(box.height * 25.4 / 96)])";
        let sizes: Vec<[i64; 2]> = sight.window.ask(sizes).await;
        assert_eq!(sizes, [[60, 40], [60, 40]]);
        let whole = "[...document.querySelectorAll('.plate')].every(one => getComputedStyle(one).breakInside === 'avoid')";
        assert!(sight.window.ask::<bool>(whole).await);
        sight.close().await;
    })
    .await;
}
