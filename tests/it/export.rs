//! Exports: whole, safe to open, recorded, and only for those who may.

use entity::{account::Role, import::Kind, organization};
use taizhang::{
    app::{
        export::{ExportRequest, export},
        output::Format,
    },
    error::Error,
    store::Actor,
};

use crate::report_town::{BRIDGE_TOWN, Counties, Paper, UPPER_VILLAGE};

const fn of(kind: Kind) -> ExportRequest {
    ExportRequest { kind, area: None, class: None, with_gone: false, most: None }
}

async fn csv(town: &Counties, actor: &Actor, kind: Kind) -> (Vec<String>, Vec<Vec<String>>) {
    let paper = Paper::default();
    let target = paper.target(Format::Csv);
    let n = export(&town.ledger, actor, &of(kind), target).await.expect("an export");
    let text = paper.text();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let headers = reader.headers().expect("headers").iter().map(str::to_owned).collect();
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(rows.len() as u64, n);
    (headers, rows)
}

fn cell<'a>(
    (headers, rows): &'a (Vec<String>, Vec<Vec<String>>),
    row: usize,
    header: &str,
) -> &'a str {
    let place = headers.iter().position(|one| one == header).expect("a column");
    &rows[row][place]
}

on_both!(
    Counties:
    assets_are_whole_and_run_no_formula,
    every_register_is_exported,
    an_export_keeps_to_the_area_and_leaves_an_entry,
    whoever_may_not_export_gets_nothing,
);

async fn assets_are_whole_and_run_no_formula(town: Counties) {
    let body = town
        .organization(UPPER_VILLAGE, "上河村村委会", organization::Kind::VillageCommittee)
        .await;
    town.assign(0, &body).await;
    let keeper = town.keep(0).await;
    let sheet = csv(&town, &town.operator, Kind::Assets).await;
    assert_eq!(sheet.1.len(), 6);
    let bridge = 0;
    assert_eq!(cell(&sheet, bridge, "资产名称"), "上河村便民桥");
    assert_eq!(cell(&sheet, bridge, "所在地"), "贵州省/遵义市/青禾县/石桥镇/上河村");
    assert_eq!(cell(&sheet, bridge, "资产原值"), "100.00");
    assert_eq!(cell(&sheet, bridge, "建成年份"), "2018");
    assert_eq!(cell(&sheet, bridge, "管护主体"), "上河村村委会");
    assert_eq!(cell(&sheet, bridge, "年度管护经费"), "1200.00");
    assert_eq!(cell(&sheet, bridge, "管护标准"), "'=每季度巡查");
    assert_eq!(cell(&sheet, bridge, "管护责任人"), format!("P{}", keeper.id));
    let road = sheet.1.iter().position(|row| row[1].contains("下河村路")).expect("the road");
    assert_eq!(cell(&sheet, road, "资产名称"), "'=下河村路");
}

async fn every_register_is_exported(town: Counties) {
    let body = town
        .organization(UPPER_VILLAGE, "上河村村委会", organization::Kind::VillageCommittee)
        .await;
    town.assign(0, &body).await;
    let duties = csv(&town, &town.operator, Kind::Duties).await;
    assert_eq!(cell(&duties, 0, "管护单位"), "上河村村委会");
    assert_eq!(cell(&duties, 0, "资产编号"), town.assets[0].code);
    let organizations = csv(&town, &town.operator, Kind::Organizations).await;
    assert_eq!(cell(&organizations, 0, "单位名称"), "上河村村委会");
    assert!(!format!("{organizations:?}").contains("13800001234"));
    assert_eq!(csv(&town, &town.operator, Kind::Areas).await.1.len(), 11);
    assert_eq!(csv(&town, &town.operator, Kind::Projects).await.1.len(), 0);
}

async fn an_export_keeps_to_the_area_and_leaves_an_entry(town: Counties) {
    let clerk = town.actor("clerk", Role::TownshipClerk, BRIDGE_TOWN).await;
    let county = BRIDGE_TOWN.parse::<entity::area::AreaCode>().expect("a code").county();
    let before = town.ledger.entries(county, 0).await.expect("entries").len();
    let sheet = csv(&town, &clerk, Kind::Assets).await;
    assert_eq!(sheet.1.len(), 4);
    let entries = town.ledger.entries(county, 0).await.expect("entries");
    assert_eq!(entries.len(), before + 1);
    let entry = entries.last().expect("an entry");
    assert_eq!((entry.actor.as_str(), entry.action.as_str()), ("clerk", "export.rows"));
    assert!(entry.body.contains(r#""noun":"assets","rows":4"#), "{}", entry.body);
}

async fn whoever_may_not_export_gets_nothing(town: Counties) {
    let administrator = town.actor("admin", Role::Administrator, "520381000000").await;
    let paper = Paper::default();
    let target = paper.target(Format::Csv);
    let refused = export(&town.ledger, &administrator, &of(Kind::Assets), target).await;
    assert!(matches!(refused, Err(Error::NotPermitted(_))));
    assert!(paper.bytes().is_empty());
}
