//! How pages are seen by whoever needs them otherwise: text that is spread out, larger text at hand,
//! nothing that moves, colours of the system's own.

use entity::account::Role;

use super::{Sight, pages};
use crate::harness::{Town, on_sqlite};

/// Text as whoever reads with difficulty has it (WCAG 1.4.12).
const SPREAD: &str = "(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}');
  document.adoptedStyleSheets = [sheet];
})()";
/// What cuts off what it holds. Meant to be are the name of whoever is signed in, which the sign
/// beside it stands for where there is little room, and a name that is whole on the card of its row.
const CUT: &str = "[...document.querySelectorAll('body *')].filter(one => {
  const hides = ['hidden', 'clip'].includes(getComputedStyle(one).overflowX);
  if (!hides || !one.checkVisibility() || one.closest('.sr,.who,svg') || one.querySelector('span[title]')) return false;
  return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
}).slice(0, 3).map(one => `${one.outerHTML.slice(0, 160)} ${one.scrollWidth} of ${one.clientWidth}`)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_that_is_spread_out_is_not_cut_off() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        for page in pages::main(&sight) {
            sight.open(&page).await;
            sight.window.run(SPREAD).await;
            for width in [1_440, 720, 390] {
                sight.window.resize(width, 900).await;
                let cut: Vec<String> = sight.window.ask(CUT).await;
                assert!(cut.is_empty(), "{page} at {width}: {cut:#?}");
            }
        }
        sight.close().await;
    })
    .await;
}

/// Whether the way to larger text is on the first screen, with nothing over it.
const AT_HAND: &str = "(() => {
  scrollTo(0, 0);
  const way = document.querySelector('.tools a[href*=\"size=xlarge\"]');
  const box = way.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.x >= 0 && box.y >= 0 && box.right <= innerWidth && box.bottom <= innerHeight && at === way;
})()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn larger_text_is_at_hand_on_every_screen() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        let screens =
            [(320, 568), (360, 640), (390, 844), (768, 1_024), (1_024, 600), (1_440, 900)];
        let at_hand = async |page: &str| {
            sight.open(page).await;
            for (width, height) in screens {
                sight.window.resize(width, height).await;
                let is_at_hand: bool = sight.window.ask(AT_HAND).await;
                assert!(is_at_hand, "{page} at {width}×{height}");
            }
            sight.window.resize(1_440, 900).await;
        };
        at_hand("/sign-in").await;
        sight.sign_in(town, Role::FinanceClerk).await;
        for page in pages::main(&sight) {
            at_hand(&page).await;
        }
        sight.close().await;
    })
    .await;
}

/// What moves, or would.
const MOVING: &str = "[...document.querySelectorAll('*')].filter(one => {
  const style = getComputedStyle(one);
  const still = style.transitionDuration.split(', ').every(time => time === '0s');
  return !still || style.animationName !== 'none' || style.scrollBehavior !== 'auto' || one.matches('marquee,video,[autoplay]');
}).map(one => one.outerHTML.slice(0, 90)).concat(document.getAnimations().map(() => 'an animation'))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_moves() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        for page in pages::main(&sight) {
            sight.open(&page).await;
            for wish in ["no-preference", "reduce"] {
                sight.window.shown_on("", &[("prefers-reduced-motion", wish)]).await;
                let moving: Vec<String> = sight.window.ask(MOVING).await;
                assert!(moving.is_empty(), "{page}: {moving:#?}");
            }
        }
        sight.close().await;
    })
    .await;
}

/// What has lost the line around it, by which it is told from the rest.
const BARE: &str = "[...document.querySelectorAll('input:not([type=checkbox],[type=radio],[type=hidden]),select,textarea,.btn,.card,.note')]
  .filter(one => one.checkVisibility() && !one.closest('.sr'))
  .filter(one => { const style = getComputedStyle(one); return style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) === 0; })
  .map(one => one.outerHTML.slice(0, 120))";
/// Bars that cannot be told from what they lie on.
const FLAT: &str = "[...document.querySelectorAll('svg.bar rect, svg.stack rect, .chart rect')]
  .filter(one => getComputedStyle(one).fill === getComputedStyle(document.body).backgroundColor)
  .map(one => one.outerHTML)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_and_the_focus_stay_in_colours_of_the_system() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.window.shown_on("", &[("forced-colors", "active")]).await;
        for page in pages::main(&sight) {
            sight.open(&page).await;
            assert!(sight.window.ask::<bool>("matchMedia('(forced-colors:active)').matches").await);
            for lost in [BARE, FLAT] {
                let lost: Vec<String> = sight.window.ask(lost).await;
                assert!(lost.is_empty(), "{page}: {lost:#?}");
            }
            for _ in 0..12 {
                sight.window.press("Tab").await;
                let ring = "getComputedStyle(document.activeElement).outlineStyle !== 'none'";
                assert!(sight.window.ask::<bool>(ring).await, "{page}");
            }
        }
        sight.close().await;
    })
    .await;
}
