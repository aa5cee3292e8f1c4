//! A sheet whose columns are said and whose mistakes are put right on the pages, without its being
//! brought again.

use std::fmt::Write as _;

use entity::{account::Role, asset, column_choice};
use taizhang::limits;

use super::{
    form_of, hidden,
    import::{bring, over},
};
use crate::harness::{Town, town::VILLAGE_A1};

on_both!(
    the_columns_of_a_sheet_are_said_and_remembered,
    a_choice_that_cannot_be_is_told_and_kept,
    mistakes_are_put_right_beside_where_they_are_told,
    the_unit_in_a_header_counts,
    what_is_typed_beside_a_mistake_has_its_limits,
    choices_of_columns_have_their_limit,
);

/// The cells of the columns of a page: what each is taken for.
fn taken(page: &str) -> Vec<String> {
    let selects = page.split("<select id=\"f-column-").skip(1);
    selects
        .map(|select| {
            let select = select.split("</select>").next().expect("its end");
            let chosen = select.split("<option ").find(|option| option.contains(" selected"));
            chosen.map_or_else(String::new, |option| {
                option
                    .split("value=\"")
                    .nth(1)
                    .expect("a value")
                    .split('"')
                    .next()
                    .expect("its end")
                    .to_owned()
            })
        })
        .collect()
}

/// A sheet with a column that no field is called like, and one that is nearly called like one.
fn oddly_named(n: usize) -> String {
    let mut text = String::from("资产名字,资产类别,区划代码,造价(万元),备忘\n");
    for row in 0..n {
        _ = writeln!(text, "第{row}号桥,公益性资产,{VILLAGE_A1},12.5,无");
    }
    text
}

async fn values(town: &Town) -> Vec<(String, Option<String>)> {
    let rows = town.rows::<asset::Entity>().await.into_iter();
    rows.map(|row| (row.name, row.original_value.map(|value| value.to_string()))).collect()
}

async fn the_columns_of_a_sheet_are_said_and_remembered(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let file = ("资产.csv", oddly_named(2));
    let led = bring(&mut browser, &[("kind", "assets")], (file.0, &file.1)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    let columns = format!("{trial}/columns");
    assert!(page.contains("有的列要您指明是什么") && page.contains(&columns), "{page}");
    assert!(page.contains("D 列“造价(万元)”") && page.contains("E 列“备忘”"), "{page}");
    let page = browser.open(&columns).await.is(200).text();
    assert!(page.contains("已认出 <b>2</b> / 5 列") && page.contains("第0号桥；第1号桥"), "{page}");
    // what a header is near to, or is called by people, is offered, and said to be a guess
    assert!(page.contains("按表头猜的，请核对"), "{page}");
    assert_eq!(taken(&page), ["name", "class", "area_code", "original_value.wan_yuan", "remark"]);
    let chosen = [
        ("column-0", "name"),
        ("column-1", "class"),
        ("column-2", "area_code"),
        ("column-3", "original_value.wan_yuan"),
        ("column-4", ""),
        ("remember", "yes"),
    ];
    let led = browser.fill(&columns, &columns, &chosen).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("正式导入 2 行") && page.contains("<b>4</b> / 5"), "{page}");
    let led = browser.fill(&trial, &format!("{trial}/carry-out"), &[]).await.is(303);
    over(&mut browser, &led).await;
    let kept = values(town).await;
    assert!(kept.iter().all(|(_, value)| value.as_deref() == Some("125000.00")), "{kept:?}");
    assert_eq!(kept.len(), 2);
    // the next sheet of the same headers is read like it
    let next = oddly_named(3);
    let led = bring(&mut browser, &[("kind", "assets")], ("下月.csv", &next)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("按您上次的对应") && page.contains("正式导入 1 行"), "{page}");
    let page = browser.open(&format!("{trial}/columns")).await.is(200).text();
    assert_eq!(taken(&page), ["name", "class", "area_code", "original_value.wan_yuan", ""]);
    // nobody else's is
    let mut officer = town.browser(Role::RuralOfficer).await;
    officer.open(&format!("{trial}/columns")).await.is(404);
    let led = bring(&mut officer, &[("kind", "assets")], ("a.csv", &next)).await.is(303);
    let (_, page) = over(&mut officer, &led).await;
    assert!(page.contains("有的列要您指明是什么"), "{page}");
}

async fn a_choice_that_cannot_be_is_told_and_kept(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = oddly_named(1);
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, _) = over(&mut browser, &led).await;
    let columns = format!("{trial}/columns");
    let page = browser.fill(&columns, &columns, &[("column-0", "colour"), ("column-1", "class")]);
    let page = page.await.is(422).text();
    assert!(page.contains("<title>错误：") && page.contains("href=\"#f-column-0\""), "{page}");
    assert_eq!(taken(&page)[1], "class");
    // two columns for one field: the check says so, and the page is there again
    let twice = [("column-0", "name"), ("column-4", "name")];
    let led = browser.fill(&columns, &columns, &twice).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("只能选一列") && page.contains(&format!("{trial}/columns")), "{page}");
    assert!(town.rows::<column_choice::Entity>().await.is_empty(), "nobody asked to remember");
}

async fn mistakes_are_put_right_beside_where_they_are_told(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = format!(
        "资产名称,资产类别,区划代码,资产原值\n一号桥,公益性资产,{VILLAGE_A1},约12万\n\
         二号桥,公益,{VILLAGE_A1},约12万\n三号桥,公益性资产,{VILLAGE_A1},9.5\n"
    );
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    let check = format!("{trial}/check");
    let form = form_of(&page, &check);
    // one field for the two rows of the same text; the class is chosen
    for part in [
        "第 2、3 行",
        "name=\"fix.2.D\" value=\"约12万\"",
        "<select id=\"f-fix.3.B\"",
        "公益性资产”，用这个",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
    assert!(!form.contains("fix.3.D"), "{form}");
    let typed = [("fix.2.D", "120000"), ("fix.3.B", "公益"), ("take.3.B", "yes")];
    let led = browser.fill(&trial, &check, &typed).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("已按您在这里改的 <b>3</b> 格检查"), "{page}");
    assert!(page.contains("正式导入 3 行"), "{page}");
    let led = browser.fill(&trial, &format!("{trial}/carry-out"), &[]).await.is(303);
    over(&mut browser, &led).await;
    let mut kept = values(town).await;
    kept.sort();
    let value = |text: &str| Some(text.to_owned());
    let expected = [
        ("一号桥".to_owned(), value("120000.00")),
        ("三号桥".to_owned(), value("9.50")),
        ("二号桥".to_owned(), value("120000.00")),
    ];
    assert_eq!(kept, expected);
}

async fn the_unit_in_a_header_counts(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = format!(
        "资产名称,资产类别,区划代码,资产原值（万元）,资金来源金额(元)\n\
         一号桥,公益性资产,{VILLAGE_A1},12.5,3万元\n二号桥,公益性资产,{VILLAGE_A1},5000元,30000\n"
    );
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("正式导入 2 行"), "{page}");
    let columns = browser.open(&format!("{trial}/columns")).await.is(200).text();
    let read = ["name", "class", "area_code", "original_value.wan_yuan", "funding_amount.yuan"];
    assert_eq!(taken(&columns), read);
    let led = browser.fill(&trial, &format!("{trial}/carry-out"), &[]).await.is(303);
    over(&mut browser, &led).await;
    let mut kept = values(town).await;
    kept.sort();
    // a cell that says its own unit means it
    let values: Vec<_> = kept.iter().filter_map(|(_, value)| value.as_deref()).collect();
    assert_eq!(values, ["125000.00", "5000.00"]);
    let paid = town.rows::<entity::funding::Entity>().await;
    let paid: Vec<_> = paid.iter().filter_map(|row| Some(row.amount?.to_string())).collect();
    assert_eq!(paid, ["30000.00", "30000.00"]);
}

async fn what_is_typed_beside_a_mistake_has_its_limits(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = format!("资产名称,资产类别,区划代码,资产原值\n一号桥,公益性资产,{VILLAGE_A1},多\n");
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, _) = over(&mut browser, &led).await;
    let check = format!("{trial}/check");
    let long = "字".repeat(limits::TEXT_LENGTH + 1);
    let page = browser.fill(&trial, &check, &[("fix.2.D", &long)]).await.is(422).text();
    assert!(page.contains("<title>错误：") && page.contains("href=\"#f-fix.2.D\""), "{page}");
    assert!(page.contains(&format!("value=\"{long}\"")), "what was typed is lost");
    let led = browser.fill(&trial, &check, &[("fix.2.D", &long[3..])]).await.is(303);
    let (_, page) = over(&mut browser, &led).await;
    assert!(page.contains("应为金额"), "{page}");
    // the sheet went on to the newer check
    let page = browser.open(&trial).await.is(200).text();
    assert!(!page.contains("/check\"") && page.contains("保留的时间已过"), "{page}");
    let fields =
        hidden(form_of(&browser.open(super::import::NEW).await.text(), super::import::NEW));
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(&check, &fields).await.is(422);
}

async fn choices_of_columns_have_their_limit(town: &Town) {
    let account = town.as_role(Role::FinanceClerk).await.account().expect("an account");
    let keep = async |n: usize| {
        town.clock.pass(1);
        let of = (entity::import::Kind::Assets, format!("{n:064}"));
        let kept = town.ledger.keep_column_choice(account, (of.0, &of.1), "[]".to_owned());
        kept.await.expect("kept");
        town.rows::<column_choice::Entity>().await
    };
    for n in 0..limits::COLUMN_CHOICES {
        assert_eq!(keep(n).await.len(), n + 1);
    }
    // one that is kept again takes no room
    assert_eq!(keep(0).await.len(), limits::COLUMN_CHOICES);
    let rows = keep(limits::COLUMN_CHOICES).await;
    assert_eq!(rows.len(), limits::COLUMN_CHOICES);
    let oldest = format!("{:064}", 1);
    assert!(rows.iter().all(|row| row.headers != oldest), "the oldest stays");
}
