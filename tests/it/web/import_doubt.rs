//! What is asked after a sheet was checked: units that seem wrong, rows that the ledger seems to
//! hold already, a file that was imported before. And the sheets that are given out.

use std::fmt::Write as _;

use entity::{account::Role, asset};
use taizhang::app::sheet::{Cell, ReadOptions, open};

use super::{
    Browser,
    import::{NEW, bring, n_assets, over},
};
use crate::harness::{
    Town,
    town::{VILLAGE_A1, VILLAGE_A2, code},
};

on_both!(
    a_value_in_the_wrong_unit_is_asked_about,
    a_column_in_the_wrong_unit_is_asked_about,
    what_the_ledger_seems_to_hold_is_decided_row_by_row,
    what_the_ledger_seems_to_hold_is_decided_for_all,
    an_update_of_two_namesakes_is_a_mistake,
    the_same_file_is_recognised,
    rejected_rows_come_as_a_workbook,
    a_village_that_was_mistyped_is_offered,
    a_village_is_named_by_itself_where_there_is_one,
);

/// Sheets of a kind are read back by what reads any sheet.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.xlsx");
    std::fs::write(&file, bytes).expect("a file");
    let reader = Some(env!("CARGO_BIN_EXE_taizhang").into());
    let table = open(&file, &ReadOptions { reader, ..ReadOptions::default() }).expect("a sheet");
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
        other => panic!("{other:?} is no text"),
    };
    table.map(|row| row.expect("a row").cells.iter().map(text).collect()).collect()
}

fn sheet(header: &str, rows: &[(&str, &str, &str)]) -> String {
    let mut text = format!("资产名称,资产类别,区划代码,{header}\n");
    for (name, village, value) in rows {
        _ = writeln!(text, "{name},公益性资产,{village},{value}");
    }
    text
}

async fn check(browser: &mut Browser, text: &str) -> (String, String) {
    let led = bring(browser, &[("kind", "assets")], ("资产.csv", text)).await.is(303);
    over(browser, &led).await
}

async fn again(browser: &mut Browser, trial: &str, fields: &[(&str, &str)]) -> (String, String) {
    let led = browser.fill(trial, &format!("{trial}/check"), fields).await.is(303);
    over(browser, &led).await
}

async fn carry_out(browser: &mut Browser, trial: &str) -> String {
    let led = browser.fill(trial, &format!("{trial}/carry-out"), &[]).await.is(303);
    over(browser, &led).await.1
}

async fn value_of(town: &Town, name: &str) -> String {
    let rows = town.rows::<asset::Entity>().await;
    let mut found = rows.iter().filter(|row| row.name == name);
    let row = found.next().expect("an asset");
    assert!(found.next().is_none(), "two of {name}");
    row.original_value.expect("a value").to_string()
}

async fn a_value_in_the_wrong_unit_is_asked_about(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let rows: Vec<_> = ["86.4", "90", "70", "120", "864000", "65"]
        .into_iter()
        .zip(["甲桥", "乙桥", "丙桥", "丁桥", "戊桥", "己桥"])
        .map(|(value, name)| (name, VILLAGE_A1, value))
        .collect();
    let (trial, page) = check(&mut browser, &sheet("资产原值(万元)", &rows)).await;
    assert!(page.contains("疑似把元当成了万元") && page.contains("864000万元"), "{page}");
    assert!(page.contains("是“864000元”，用这个"), "{page}");
    // a warning stops nothing
    assert!(page.contains("正式导入 6 行"), "{page}");
    let (trial, page) = again(&mut browser, &trial, &[("take.6.D", "yes")]).await;
    assert!(!page.contains("疑似"), "{page}");
    carry_out(&mut browser, &trial).await;
    assert_eq!(value_of(town, "戊桥").await, "864000.00");
    assert_eq!(value_of(town, "甲桥").await, "864000.00");
}

async fn a_column_in_the_wrong_unit_is_asked_about(town: &Town) {
    for (name, value) in
        [("一", "800000"), ("二", "900000"), ("三", "700000"), ("四", "860000"), ("五", "1000000")]
    {
        town.asset(VILLAGE_A1, name, value).await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let subclass = town.rows::<asset::Entity>().await[0].subclass.expect("a subclass").label().zh;
    let class = town.rows::<asset::Entity>().await[0].class.label().zh;
    let mut text = String::from("资产名称,资产类别,资产子类,区划代码,资产原值\n");
    for (n, value) in ["86.4", "90", "70", "120", "65"].into_iter().enumerate() {
        _ = writeln!(text, "{n}号桥,{class},{subclass},{VILLAGE_A2},{value}");
    }
    let (trial, page) = check(&mut browser, &text).await;
    assert!(page.contains("整列与台账同类相差一万倍左右"), "{page}");
    assert!(page.contains("整列按“万元”计"), "{page}");
    let (trial, page) = again(&mut browser, &trial, &[("unit.original_value", "yes")]).await;
    assert!(!page.contains("整列与台账"), "{page}");
    carry_out(&mut browser, &trial).await;
    assert_eq!(value_of(town, "0号桥").await, "864000.00");
}

async fn what_the_ledger_seems_to_hold_is_decided_row_by_row(town: &Town) {
    for name in ["甲桥", "乙桥", "丙桥"] {
        town.asset(VILLAGE_A1, name, "1000.00").await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let rows = [
        ("甲桥", VILLAGE_A1, "2000"),
        ("乙桥", VILLAGE_A1, "2000"),
        ("丙桥", VILLAGE_A1, "2000"),
        // another village is another asset
        ("甲桥", VILLAGE_A2, "2000"),
    ];
    let (trial, page) = check(&mut browser, &sheet("资产原值", &rows)).await;
    assert!(
        page.contains("台账里可能已有</h2>") || page.contains("台账里可能已有 <b>3</b>"),
        "{page}"
    );
    assert!(page.contains("只导入 1 行") && page.contains("跳过疑似重复 3 行"), "{page}");
    let decided = [("alike.2", "update"), ("alike.3", "skip"), ("alike.4", "new")];
    let (trial, page) = again(&mut browser, &trial, &decided).await;
    assert!(page.contains("正式导入 3 行") && page.contains("跳过"), "{page}");
    assert!(!page.contains("台账里可能已有"), "{page}");
    let page = carry_out(&mut browser, &trial).await;
    assert!(page.contains("已导入台账"), "{page}");
    let mut kept: Vec<_> = town
        .rows::<asset::Entity>()
        .await
        .into_iter()
        .map(|row| (row.name, row.original_value.map(|value| value.to_string())))
        .collect();
    kept.sort();
    let one = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    let mut expected = [
        one("甲桥", "2000.00"),
        one("甲桥", "2000.00"),
        one("乙桥", "1000.00"),
        one("丙桥", "1000.00"),
        one("丙桥", "2000.00"),
    ];
    expected.sort();
    assert_eq!(kept, expected);
}

async fn what_the_ledger_seems_to_hold_is_decided_for_all(town: &Town) {
    for name in ["甲桥", "乙桥"] {
        town.asset(VILLAGE_A1, name, "1000.00").await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let rows = [("甲桥", VILLAGE_A1, "2000"), ("乙桥", VILLAGE_A1, "2000")];
    let (trial, page) = check(&mut browser, &sheet("资产原值", &rows)).await;
    assert!(!page.contains("/carry-out\""), "nothing is to be imported yet: {page}");
    // one row otherwise than the others
    let decided = [("alike", "update"), ("alike.3", "skip")];
    let (trial, _) = again(&mut browser, &trial, &decided).await;
    carry_out(&mut browser, &trial).await;
    assert_eq!(value_of(town, "甲桥").await, "2000.00");
    assert_eq!(value_of(town, "乙桥").await, "1000.00");
    assert_eq!(n_assets(town).await, 2);
}

async fn an_update_of_two_namesakes_is_a_mistake(town: &Town) {
    for _ in 0..2 {
        town.asset(VILLAGE_A1, "甲桥", "1000.00").await;
    }
    town.asset(VILLAGE_A1, "乙桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let rows =
        [("甲桥", VILLAGE_A1, "2000"), ("乙桥", VILLAGE_A1, "2000"), ("乙桥", VILLAGE_A1, "3000")];
    let (trial, _) = check(&mut browser, &sheet("资产原值", &rows)).await;
    let (_, page) = again(&mut browser, &trial, &[("alike", "update")]).await;
    assert!(
        page.contains("台账有 2 项同名资产") && page.contains("与第 3 行是同一项资产"),
        "{page}"
    );
    assert!(page.contains("只导入 1 行，退回 2 行"), "{page}");
}

async fn the_same_file_is_recognised(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = sheet("资产原值", &[("甲桥", VILLAGE_A1, "2000")]);
    let (trial, page) = check(&mut browser, &text).await;
    assert!(!page.contains("同一个文件"), "{page}");
    carry_out(&mut browser, &trial).await;
    let (_, page) = check(&mut browser, &text).await;
    assert!(page.contains("同一个文件已经导入过") && page.contains("href=\"/imports/"), "{page}");
    let (_, page) = check(&mut browser, &format!("{text}\n")).await;
    assert!(!page.contains("同一个文件"), "{page}");
}

async fn rejected_rows_come_as_a_workbook(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let rows = [("甲桥", VILLAGE_A1, "2000"), ("=1+1", VILLAGE_A1, "多")];
    let (trial, page) = check(&mut browser, &sheet("资产原值", &rows)).await;
    assert!(page.contains("/rejected.xlsx\""), "{page}");
    let book = browser.open(&format!("{trial}/rejected.xlsx")).await.is(200);
    assert_eq!(book.header("content-disposition"), "attachment; filename=\"rejected.xlsx\"");
    let cells = cells(&book.body);
    assert_eq!(cells[0], ["资产名称", "资产类别", "区划代码", "资产原值", "问题"]);
    assert_eq!(cells[1][..4], ["=1+1", "公益性资产", VILLAGE_A1, "多"]);
    assert!(cells[1][4].starts_with("资产原值：应为金额"), "{cells:?}");
    // a blank sheet of every kind, for those who may bring it
    let page = browser.open(NEW).await.is(200).text();
    assert!(page.contains("href=\"/imports/template?kind=assets\""), "{page}");
    let book = browser.open("/imports/template?kind=assets").await.is(200);
    let header = self::cells(&book.body).remove(0);
    assert!(header.contains(&"资产原值（元）".to_owned()), "{header:?}");
    browser.open("/imports/template?kind=colours").await.is(422);
    let mut leader = town.browser(Role::Leader).await;
    leader.open("/imports/template?kind=assets").await.is(403);
}

async fn a_village_is_named_by_itself_where_there_is_one(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = "资产名称,资产类别,所在地\n甲桥,公益性资产,上河村\n乙桥,公益性资产,石桥镇上河村\n\
                丙桥,公益性资产,没有的村\n丁桥,公益性资产,茅坝镇上河村\n";
    let (trial, page) = check(&mut browser, text).await;
    assert!(page.contains("台账中没有叫“没有的村”的区划"), "{page}");
    assert!(page.contains("只导入 2 行，退回 2 行"), "{page}");
    carry_out(&mut browser, &trial).await;
    let areas = town.rows::<asset::Entity>().await.into_iter().map(|row| row.area_code);
    assert_eq!(areas.collect::<Vec<_>>(), [code(VILLAGE_A1), code(VILLAGE_A1)]);
}

async fn a_village_that_was_mistyped_is_offered(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = "资产名称,资产类别,所在地\n甲桥,公益性资产,赤水县/石桥镇/上和村\n\
                乙桥,公益性资产,赤水县/石桥镇/上和村\n丙桥,公益性资产,赤水县/茅坝镇/上河村\n";
    let (trial, page) = check(&mut browser, text).await;
    assert!(page.contains("是“赤水县/石桥镇/上河村”，用这个"), "{page}");
    assert_eq!(page.matches("用这个").count(), 1, "a name that is far is not offered: {page}");
    let fields = [("take.2.C", "yes"), ("fix.4.C", "赤水县/石桥镇/上河村")];
    let (_, page) = again(&mut browser, &trial, &fields).await;
    assert!(page.contains("正式导入 3 行"), "{page}");
}
