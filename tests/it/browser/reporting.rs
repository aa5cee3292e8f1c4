//! A villager with a telephone before a plate: what the thing is, a report of its fault, how far it is;
//! without any script.

use super::Sight;
use crate::harness::{Town, files::jpeg, on_sqlite};

/// Bytes that a page of villagers takes over the wire, with all it loads (ux.md §6.12).
const MOST: u64 = 25_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_is_reported_and_followed_up_without_scripts() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, false).await else { return };
        sight.window.resize(360, 740).await;
        let asset = &sight.assets[0];
        let short = town.ledger.short_code(asset.id).expect("a short code");
        // where nothing scans, the code is typed as it stands on the plate
        sight.open("/q").await;
        sight.window.write("#f-code", &short.to_string().to_lowercase()).await;
        sight.window.n_clicks();
        sight.window.click("main button.go").await;
        sight.window.wait_for("a[href$='/report']").await;
        assert!(sight.window.text().await.contains("上河村便民桥"));
        assert_eq!(over(&sight).await, "");
        sight.window.click("a[href$='/report']").await;
        sight.window.wait_for("#f-words").await;
        assert_eq!(over(&sight).await, "");
        sight.window.click("input[value=danger]").await;
        sight.window.write("#f-words", "桥头栏杆松了").await;
        let photo = tempfile::NamedTempFile::with_suffix(".jpg").expect("a file");
        std::fs::write(photo.path(), jpeg(640, 480)).expect("written");
        sight.window.choose_file("#f-file", photo.path()).await;
        sight.window.click("main button.go").await;
        sight.window.wait_for("#follow-up").await;
        let code: String = sight.window.ask("document.getElementById('follow-up').innerText").await;
        assert!(sight.window.n_clicks() <= 4);
        assert_eq!(over(&sight).await, "");
        sight.window.click("a[href='/q/reports']").await;
        sight.window.write("#f-code", &code).await;
        sight.window.click("main button.go").await;
        sight.window.wait_for("dl .st").await;
        let page = sight.window.text().await;
        assert!(page.contains("已收到") && page.contains("上河村便民桥"), "{page}");
        assert_eq!(over(&sight).await, "");
        sight.close().await;
    })
    .await;
}

/// What reaches beyond the right edge of the screen.
async fn over(sight: &Sight) -> String {
    let script = "document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML.slice(0, 90)).join() : ''";
    sight.window.ask(script).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_a_plate_is_light() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        let short = town.ledger.short_code(sight.assets[0].id).expect("a short code").plain();
        sight.open(&format!("/q/{short}")).await;
        let script = "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).map(one => one.encodedBodySize).reduce((sum, one) => sum + one, 0)";
        let bytes: u64 = sight.window.ask(script).await;
        assert!((4_000..=MOST).contains(&bytes), "{bytes} bytes");
        // what a finger must hit is large enough
        let small = "[...document.querySelectorAll('main .btn, main .tel')].map(one => one.getBoundingClientRect().height).filter(one => one < 38)";
        sight.window.resize(360, 740).await;
        let small: Vec<f64> = sight.window.ask(small).await;
        assert!(small.is_empty(), "{small:?}");
        sight.close().await;
    })
    .await;
}
