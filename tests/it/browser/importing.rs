//! Bringing one's own sheet: a column is said to be what it is, nine rows are put right in place, and
//! everything is in the ledger without a second upload; with scripts and without.

use std::fmt::Write as _;

use entity::account::Role;

use super::Sight;
use crate::harness::{Town, on_sqlite, town::VILLAGE_A1};

/// Good rows of the sheet.
const GOOD: usize = 31;

/// A sheet as a county keeps it: one column is called like no field, and nine rows are wrong.
fn sheet() -> String {
    let mut text = String::from("资产名称,资产类别,所在地,造价(万元)\n");
    let mut row = |name: &str, class: &str, village: &str, value: &str| {
        _ = writeln!(text, "{name},{class},赤水县/石桥镇/{village},{value}");
    };
    for n in 0..GOOD {
        row(&format!("{n}号灌溉渠"), "公益性资产", "上河村", "12.5");
    }
    for n in 0..4 {
        row(&format!("{n}号提灌站"), "公益性资产", "上和村", "8");
    }
    for n in 0..3 {
        row(&format!("{n}号机耕道"), "公益", "上河村", "30");
    }
    row("冷库", "经营性资产", "上河村", "约86");
    row("烘干房", "经营性资产", "上河村", "面议");
    text
}

async fn import(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        let window = &sight.window;
        if !are_scripts_run {
            window.without_scripts().await;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("清河县资产.csv");
        std::fs::write(&file, sheet()).expect("a sheet");
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/imports/new").await;
        window.n_clicks();
        window.choose_file("#f-file", &file).await;
        window.click("main form button.go").await;
        // one column needs a word
        window.click("a.go[href$='/columns']").await;
        window.wait_for("#f-column-3").await;
        window.choose("#f-column-3", "original_value.wan_yuan").await;
        window.click("main form button.go").await;
        // nine rows, four fields to put them right
        window.wait_for("form[action$='/check']").await;
        let page = window.text().await;
        assert!(page.contains("只导入 31 行，退回 9 行"), "{page}");
        window.click("input[name='take.33.C']").await;
        window.click("input[name='take.37.B']").await;
        window.rewrite("[name='fix.40.D']", "86").await;
        window.rewrite("[name='fix.41.D']", "21.5").await;
        window.click("form[action$='/check'] .dock button.go").await;
        window.click("form[action$='/carry-out'] button.go").await;
        window.click("a[href^='/assets?import=']").await;
        window.wait_for("#chosen").await;
        assert!(window.n_clicks() <= 9);
        let page = window.text().await;
        assert!(page.contains("40 项"), "{page}");
        let rows = town.rows::<entity::asset::Entity>().await;
        let value = |name: &str| {
            let row = rows.iter().find(|row| row.name == name).expect("an asset");
            (row.area_code.to_string(), row.original_value.map(|value| value.to_string()))
        };
        for (name, yuan) in [
            ("0号灌溉渠", "125000.00"),
            ("3号提灌站", "80000.00"),
            ("2号机耕道", "300000.00"),
            ("冷库", "860000.00"),
            ("烘干房", "215000.00"),
        ] {
            assert_eq!(value(name), (VILLAGE_A1.to_owned(), Some(yuan.to_owned())), "{name}");
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_of_ones_own_is_imported_without_a_second_upload() {
    import(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_of_ones_own_is_imported_without_scripts() {
    import(false).await;
}
