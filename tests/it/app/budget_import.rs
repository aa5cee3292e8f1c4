//! Budgets as a sheet: what a row says is set aside, for the whole sheet or not at all; findings follow,
//! and what was exported says the same again.

use std::sync::atomic::AtomicBool;

use entity::{
    account::Role,
    budget,
    id::ImportId,
    import::{self, Kind},
    upkeep_fund::{self, Source},
};
use taizhang::{
    app::{
        self,
        export::{ExportRequest, export},
        import::{Request, answer::Answers, carry_out, outcome::Outcome, undo::undo},
        output::Format,
        sheet::ReadOptions,
    },
    domain::upkeep_fund::blank,
    store::Actor,
};
use tempfile::TempDir;

use crate::{
    harness::{
        Town,
        expect::{forbidden, refused},
        money::{YEAR, for_place},
        town::{COUNTY, TOWN_A, VILLAGE_A1, code, yuan},
    },
    report_town::Paper,
};

on_both!(
    a_sheet_sets_money_aside_and_findings_follow,
    a_sheet_that_asks_for_too_much_sets_nothing_aside,
    a_fund_is_known_by_its_source_where_there_is_one,
    what_a_sheet_set_aside_is_given_back,
    who_sets_no_budgets_brings_none,
);

const HEADERS: &str = "资金编号,区划代码,资产编号,年度,资产类型,预算金额（元）";

impl Town {
    async fn bring_budgets(
        &self,
        actor: &Actor,
        rows: &[String],
    ) -> taizhang::error::Result<Outcome> {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("budgets.csv");
        std::fs::write(&file, rows.join("\n")).expect("a sheet");
        let request = Request {
            kind: Kind::Budgets,
            file,
            map: app::import::map::Map::default(),
            is_trial: false,
            accept_valid: false,
            options: ReadOptions::default(),
            answers: Answers::default(),
        };
        let done = carry_out(&self.ledger, actor, &request, &|_| (), &AtomicBool::new(false)).await;
        done.map_err(|failure| match failure {
            app::import::Failure::Ledger(error) => error,
            other => panic!("{other:?}"),
        })
    }

    /// What is set aside, by place and amount.
    async fn budgets(&self) -> Vec<(String, String)> {
        let mut rows: Vec<_> = self
            .rows::<budget::Entity>()
            .await
            .iter()
            .map(|row| (row.area_code.to_string(), row.set_aside.to_string()))
            .collect();
        rows.sort();
        rows
    }

    async fn balance(&self, fund: &upkeep_fund::Model) -> String {
        let rows = self.rows::<upkeep_fund::Entity>().await;
        let row = rows.iter().find(|row| row.id == fund.id).expect("the fund");
        row.balance().to_string()
    }
}

/// The rows of a sheet below its headers.
fn sheet(headers: &str, rows: &[String]) -> Vec<String> {
    [&[headers.to_owned()], rows].concat()
}

fn told(outcome: &Outcome) -> (u64, u64, u64, u64) {
    (outcome.created, outcome.changed, outcome.same, outcome.rejected)
}

async fn a_sheet_sets_money_aside_and_findings_follow(town: &Town) {
    let bridge = town.unfunded(VILLAGE_A1, "便民桥").await;
    let road = town.unfunded(VILLAGE_A1, "通组路").await;
    let fund = town.fund(COUNTY, "1000.00").await;
    let clerk = town.as_role(Role::FinanceClerk).await;
    let of_bridge = |amount: &str| format!("{},,{},{YEAR},,{amount}", fund.id, bridge.code);
    let of_town = format!("{},{TOWN_A},,{YEAR},,600.00", fund.id);
    let rows = sheet(HEADERS, &[of_bridge("150.05")]);
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("brought");
    assert_eq!(told(&outcome), (1, 0, 0, 0), "{outcome:?}");
    assert!(!town.is_unfunded(&bridge).await && town.is_unfunded(&road).await);
    // what is there already is left, another amount is set aside, what is new is added
    let rows = sheet(HEADERS, &[of_bridge("200.00"), of_town.clone()]);
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("brought");
    assert_eq!(told(&outcome), (1, 1, 0, 0), "{outcome:?}");
    assert!(!town.is_unfunded(&road).await);
    assert_eq!(town.balance(&fund).await, "200.00");
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("brought");
    assert_eq!((told(&outcome), outcome.is_kept), ((0, 0, 2, 0), false));
    // so it is with what an export tells
    let paper = Paper::default();
    let request = ExportRequest {
        kind: Kind::Budgets,
        area: None,
        class: None,
        with_gone: false,
        most: None,
    };
    let n = export(&town.ledger, &clerk, &request, paper.target(Format::Csv)).await;
    assert_eq!(n.expect("an export"), 2);
    let outcome = town.bring_budgets(&clerk, &[paper.text()]).await.expect("brought");
    assert_eq!(told(&outcome), (0, 0, 2, 0), "{outcome:?}");
    town.is_sound().await;
}

async fn a_sheet_that_asks_for_too_much_sets_nothing_aside(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await;
    let clerk = town.as_role(Role::FinanceClerk).await;
    let (id, next) = (fund.id, YEAR + 2);
    let rows = [
        format!("{id},{VILLAGE_A1},,{YEAR},,100.00"),
        format!("{id},{TOWN_A},,{YEAR},,0.01"),
        format!("{id},{TOWN_A},,{next},,1.00"),
        format!("{id},{TOWN_A},,{YEAR},,0.00"),
        format!("99999,{TOWN_A},,{YEAR},,1.00"),
        format!("{id},{COUNTY},,{YEAR},,1.00"),
        format!("{id},,无此编号,{YEAR},,1.00"),
    ];
    let outcome = town.bring_budgets(&clerk, &sheet(HEADERS, &rows)).await.expect("told");
    assert_eq!((told(&outcome), outcome.is_kept), ((1, 0, 0, 6), false), "{outcome:?}");
    assert_eq!(town.budgets().await, []);
    assert_eq!(town.balance(&fund).await, "100.00");
    assert_eq!(town.rows::<import::Entity>().await.len(), 0);
}

async fn a_fund_is_known_by_its_source_where_there_is_one(town: &Town) {
    let clerk = town.as_role(Role::FinanceClerk).await;
    let row = format!("{VILLAGE_A1},{YEAR},县级管护专项资金,40.00");
    let rows = sheet("区划代码,年度,资金来源,预算金额（元）", &[row]);
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("told");
    assert_eq!(told(&outcome), (0, 0, 0, 1), "there is none");
    let of = |source| upkeep_fund::Model {
        source,
        received: yuan("100.00"),
        ..blank(code(COUNTY), YEAR)
    };
    for source in [Source::County, Source::Award] {
        let made = app::upkeep_fund::register(&town.ledger, &Actor::operator(), of(source)).await;
        made.expect("a fund");
    }
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("brought");
    assert_eq!(told(&outcome), (1, 0, 0, 0), "{outcome:?}");
    assert_eq!(town.budgets().await, [(VILLAGE_A1.to_owned(), "40.00".to_owned())]);
    let operator = Actor::operator();
    let made = app::upkeep_fund::register(&town.ledger, &operator, of(Source::County)).await;
    made.expect("another fund");
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("told");
    assert_eq!(told(&outcome), (0, 0, 0, 1), "which of the two nobody knows");
}

async fn what_a_sheet_set_aside_is_given_back(town: &Town) {
    let road = town.unfunded(VILLAGE_A1, "通组路").await;
    let fund = town.fund(COUNTY, "100.00").await;
    let clerk = town.as_role(Role::FinanceClerk).await;
    let rows = sheet(HEADERS, &[format!("{},{VILLAGE_A1},,{YEAR},,60.00", fund.id)]);
    let outcome = town.bring_budgets(&clerk, &rows).await.expect("brought");
    let id = ImportId(outcome.import.expect("kept"));
    assert!(!town.is_unfunded(&road).await);
    let officer = town.as_role(Role::TownshipClerk).await;
    assert!(undo(&town.ledger, &officer, id).await.is_err(), "who sets no budgets takes none back");
    assert_eq!(undo(&town.ledger, &clerk, id).await.expect("undone"), 1);
    assert_eq!(town.balance(&fund).await, "100.00");
    assert!(town.is_unfunded(&road).await);
    refused(undo(&town.ledger, &clerk, id).await, "import.undone_already");
    town.is_sound().await;
}

async fn who_sets_no_budgets_brings_none(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await;
    town.set_aside(&for_place(fund.id, VILLAGE_A1, "10.00")).await;
    let rows = sheet(HEADERS, &[format!("{},{VILLAGE_A1},,{YEAR},,60.00", fund.id)]);
    for role in [Role::TownshipClerk, Role::RuralOfficer, Role::Leader] {
        let actor = town.as_role(role).await;
        forbidden(town.bring_budgets(&actor, &rows).await);
    }
    assert_eq!(town.balance(&fund).await, "90.00");
}
