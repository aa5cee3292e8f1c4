//! Lists as files and on paper.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use entity::{account::Role, log::Action};

use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1},
};

on_both!(
    a_file_holds_what_the_list_shows,
    every_page_of_the_list_is_in_the_file,
    findings_are_files_too,
    a_list_is_printed_as_the_official_table,
);

async fn a_file_holds_what_the_list_shows(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.asset(VILLAGE_A1, "=1+1", "2000.00").await;
    town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/assets?q=sgq&class=public").await.is(200).text();
    assert!(page.contains("href=\"/assets.csv?q=sgq&amp;class=public\""), "{page}");
    let before = town.n_entries().await;
    let file = browser.open("/assets.csv?q=sgq").await.is(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"assets.csv\"");
    let text = file.text();
    assert!(text.starts_with("\u{feff}资产名称,所在地,资产编号,资产子类,"), "{text}");
    assert!(text.contains("石拱桥") && text.contains(",1000.00,"), "{text}");
    assert_eq!(text.lines().count(), 2);
    let entries = town.rows::<entity::log::Entity>().await;
    let entry =
        entries.iter().find(|one| one.action == Action::ExportRows.code()).expect("an entry");
    assert!(!entry.body.contains("sgq") && entry.body.contains("q,standing"), "{}", entry.body);
    assert_eq!(town.n_entries().await, before + 1);
    // a name is no formula, and another county is not in it
    let all = browser.open("/assets.csv").await.is(200).text();
    assert!(all.contains("'=1+1") && !all.contains("外县桥"), "{all}");
    let english = browser.open("/assets.json?q=sgq&lang=en").await.is(200).json();
    assert_eq!(english["rows"][0]["original_value"], "1000.00");
    assert_eq!(english["rows"][0]["class"], "public-benefit asset");
    let book = browser.open("/assets.xlsx?q=sgq").await.is(200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.body.clone())).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    assert!(sheet.used_cells().any(|(_, _, cell)| *cell == "石拱桥"));
    browser.open("/assets.csv?class=castle").await.is(422);
}

async fn every_page_of_the_list_is_in_the_file(town: &Town) {
    for n in 0..7 {
        town.asset(VILLAGE_A1, &format!("第{n}号桥"), "1.00").await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = browser.open("/assets.csv?limit=2&sort=-value").await.is(200).text();
    assert_eq!(text.lines().count(), 8, "{text}");
}

async fn findings_are_files_too(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/findings?rule=G01").await.is(200).text();
    assert!(page.contains("href=\"/findings.csv?rule=G01\""), "{page}");
    let text = browser.open("/findings.csv?rule=G01").await.is(200).text();
    assert!(text.contains("石拱桥") && text.contains("G01"), "{text}");
    let told = browser.open("/findings.json?rule=G01").await.is(200).json();
    assert_eq!(told["rows"][0]["name"], "石拱桥");
    assert_eq!(&browser.open("/findings.xlsx").await.is(200).body[..2], b"PK");
}

async fn a_list_is_printed_as_the_official_table(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::Leader).await;
    for address in ["/assets/print", "/findings/print?rule=G01"] {
        let page = browser.open(address).await.is(200).text();
        for words in ["填报单位（盖章）", "填报日期", "金额单位", "单位负责人", "审核人", "填表人"]
        {
            assert!(page.contains(words), "{address} lacks {words}");
        }
        assert!(page.contains("data-print=\"now\" hidden"), "{page}");
    }
}
