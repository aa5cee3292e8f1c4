//! Pages on paper: how many sheets, how they lie, what stands on each of them.

use std::io::Read as _;

use entity::account::Role;
use flate2::read::ZlibDecoder;

use super::{Sight, furnished::Furnished};
use crate::harness::{
    Town, on_sqlite,
    town::{TOWN_A, VILLAGE_B1},
};

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
async fn every_town_has_its_monthly_brief_on_one_sheet() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        Furnished::of(town).await;
        town.asset(VILLAGE_B1, "水渠", "10.00").await;
        sight.seat(town, Role::FinanceClerk).await;
        for page in ["/briefs", "/briefs?lang=en"] {
            sight.open(page).await;
            let paper = sight.window.paper().await;
            assert_eq!((n_sheets(&paper), n_upright(&paper)), (2, 2), "{page}");
        }
        sight.close().await;
    })
    .await;
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

/// Letters of plates that reach beyond their plate, or into its square.
const BEYOND: &str = "[...document.querySelectorAll('main svg[role=img] > g')].flatMap(plate => {
  const edge = plate.querySelector('rect').getBoundingClientRect(), square = plate.querySelector('.square').getBoundingClientRect();
  return [...plate.querySelectorAll('text')].map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.right > edge.right + .5 || box.bottom > edge.bottom + .5 || (box.top < square.bottom - 1 && box.left < square.left && box.right > square.left + 1))
    .map(([one]) => one.textContent);
})";

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
        // plates in millimetres, sheet by sheet, whatever else stands on the page
        let chosen = format!("/assets/plates?asset={code}&asset={twin}");
        for (sheet, size, sheets) in
            [("a4", [210.0, 296.5], 1), ("large", [210.0, 296.5], 1), ("label", [60.0, 39.5], 2)]
        {
            sight.open(&format!("{chosen}&sheet={sheet}")).await;
            let paper = sight.window.paper().await;
            let upright = if sheet == "label" { 0 } else { sheets };
            assert_eq!((n_sheets(&paper), n_upright(&paper)), (sheets, upright), "{sheet}");
            assert_eq!(count(&paper, b"/MediaBox [0 0 169"), sheets - upright, "{sheet}");
            on_paper(&sight, "light").await;
            let script = "[...document.querySelectorAll('main svg[role=img]')].map(one => one.getBoundingClientRect()).map(box => [box.width * 25.4 / 96, box.height * 25.4 / 96])";
            let sizes: Vec<[f64; 2]> = sight.window.ask(script).await;
            assert_eq!(sizes.len(), sheets, "{sheet}");
            for is in sizes {
                let off = is.iter().zip(size).map(|(is, wanted)| (is - wanted).abs());
                assert!(off.clone().all(|off| off < 0.1), "{sheet}: {is:?}");
            }
            // letters stay on their plate, on the left of the square
            let lost: Vec<String> = sight.window.ask(BEYOND).await;
            assert!(lost.is_empty(), "{sheet}: {lost:?}");
            sight.window.shown_on("", &[]).await;
        }
        // the ruler of the trial sheet has the length that it says
        sight.open(&format!("{chosen}&sheet=a4&trial=yes&dx=-15&dy=20")).await;
        on_paper(&sight, "light").await;
        let ruler = "document.querySelector('.ruler path').getBoundingClientRect().width * 25.4 / 96";
        let ruler: f64 = sight.window.ask(ruler).await;
        assert!((ruler - 100.0).abs() < 0.3, "{ruler}");
        sight.close().await;
    })
    .await;
}
