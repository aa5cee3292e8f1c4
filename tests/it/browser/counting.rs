//! A village counts with a telephone, and the town signs at a desk: without scripts to help either.

use entity::{account::Role, stock_take};

use super::{
    Sight,
    spoken::{ALL, faults, script},
};
use crate::harness::{Town, on_sqlite, town::VILLAGE_A1};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_village_is_counted_on_a_telephone_and_signed_at_a_desk() {
    let Some(script) = script() else { return };
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::VillageOfficer).await;
        sight.window.resize(390, 844).await;
        sight.open(&format!("/stock-takes/new?area={VILLAGE_A1}")).await;
        sight.window.turn("main button.go").await;
        sight.window.wait_for("a[href$='/count']").await;
        assert_eq!(over(&sight).await, "");
        sight.window.turn("a[href$='/count']").await;
        assert_eq!(over(&sight).await, "");
        sight.window.run(&script).await;
        assert!(faults(&sight, ALL).await.is_empty());
        // one by its plate; one is out of use; the others of both pages are there
        let code = town.ledger.short_code(sight.assets[0].id).expect("a code").to_string();
        sight.window.write("#f-codes", &code.to_lowercase()).await;
        let second = "[...document.querySelectorAll('select[name^=o-]')][1]";
        sight.window.run(&format!("{second}.value = 'missing'")).await;
        let all = "[...document.querySelectorAll('select[name^=o-]')].slice(2).forEach(one => one.value = 'found')";
        sight.window.run(all).await;
        sight.window.turn("main .dock button.go").await;
        assert!(sight.window.text().await.contains("已登记"));
        let all = all.replace("slice(2)", "slice(0)");
        sight.window.run(&all).await;
        sight.window.turn("main .dock button.go").await;
        sight.window.wait_for("a[href$='/unexpected']").await;
        let row = town.rows::<stock_take::Entity>().await.remove(0);
        assert_eq!((row.n_expected, row.n_missing, row.n_left()), (62, 1, 0));
        assert_eq!(over(&sight).await, "");
        sight.seat(town, Role::TownshipClerk).await;
        sight.window.resize(1_440, 900).await;
        sight.open(&format!("/stock-takes/{}/sign", row.id)).await;
        sight.window.run(&script).await;
        assert!(faults(&sight, ALL).await.is_empty());
        sight.window.turn("main .dock button.go").await;
        let page = sight.window.text().await;
        assert!(page.contains("已签认") && page.contains("明细与签认时一致"), "{page}");
        sight.close().await;
    })
    .await;
}

/// What reaches beyond the right edge of the screen.
async fn over(sight: &Sight) -> String {
    let script = "document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML.slice(0, 90)).join() : ''";
    sight.window.ask(script).await
}
