//! The plan of inspections as it is counted, and the paper that a record leads back to.

use entity::{account::Role, asset::Subclass, duty, inspection, setting::Key};
use taizhang::{
    app::{self, inspection::record, inspection_plan::plan},
    domain::{duty::Terms, inspection::Record, setting::Proposal, title::Party},
    error::Error,
    limits,
    store::{Actor, list::List},
};

use crate::harness::{
    Town,
    expect::not_found,
    inspections::good,
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(a_plan_says_how_many_a_year_and_whose, a_record_leads_back_to_its_paper,);

async fn ask_for(town: &Town, key: Key, days: u32) {
    let proposal = Proposal {
        key,
        area: code(COUNTY),
        value: days.to_string(),
        basis_title: "县管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
}

async fn a_plan_says_how_many_a_year_and_whose(town: &Town) {
    ask_for(town, Key::InspectionDays, 90).await;
    ask_for(town, Key::InspectionDaysOf(Subclass::Road), 30).await;
    let operator = Actor::operator();
    let first = town.asset(VILLAGE_A1, "一号路", "1000.00").await;
    let second = town.asset(VILLAGE_A1, "二号路", "1000.00").await;
    town.asset(VILLAGE_B1, "三号路", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let person = town.person(code(VILLAGE_A1), 0).await;
    for party in [
        (duty::Kind::Maintainer, Party::Organization(body)),
        (duty::Kind::Keeper, Party::Person(person)),
    ] {
        let terms = Terms::default();
        let ids = [first.id];
        app::duty::assign(&town.ledger, &operator, &ids, party, &terms).await.expect("assigned");
    }
    // one was looked at today; the others have waited since they were built
    let made = good(&first, 1, town.ledger.clock().now());
    record(&town.ledger, &operator, first.id, &made).await.expect("a record");
    let rural = town.as_role(Role::RuralOfficer).await;
    let told = plan(&town.ledger, &rural, Some(code(COUNTY))).await.expect("a plan");
    assert_eq!((told.whole.n, told.whole.due, told.whole.overdue), (3, 0, 2));
    let lines: Vec<_> =
        told.lines.iter().map(|line| (line.kind, line.interval_days, line.load.a_year)).collect();
    // 3 × 365 / 30 = 36.5, rounded up
    assert_eq!(lines, [(Some(Subclass::Road), 30, 37)]);
    let shares = |shares: &[app::inspection_plan::Share]| -> Vec<(Option<Party>, i64)> {
        shares.iter().map(|share| (share.bearer, share.load.n)).collect()
    };
    assert_eq!(shares(&told.bodies), [(None, 2), (Some(Party::Organization(body)), 1)]);
    assert_eq!(shares(&told.people), [(None, 2), (Some(Party::Person(person)), 1)]);
    assert!(!told.is_cut);
    // an agreement that says otherwise goes before
    let terms = Terms { interval_days: Some(10), ..Terms::default() };
    let party = (duty::Kind::Maintainer, Party::Organization(body));
    let ids = [second.id];
    app::duty::assign(&town.ledger, &operator, &ids, party, &terms).await.expect("assigned");
    let told = plan(&town.ledger, &rural, Some(code(TOWN_A))).await.expect("a plan");
    let lines: Vec<_> = told.lines.iter().map(|line| (line.interval_days, line.load.n)).collect();
    assert_eq!(lines, [(10, 1), (30, 1)]);
    let village = town.as_role(Role::VillageOfficer).await;
    not_found(plan(&town.ledger, &village, Some(code(VILLAGE_B1))).await);
    let own = plan(&town.ledger, &village, None).await.expect("a plan");
    assert_eq!((own.area, own.whole.n), (code(VILLAGE_A1), 2));
}

async fn a_record_leads_back_to_its_paper(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let now = town.ledger.clock().now();
    let on =
        |n: u32, sheet: &str| Record { sheet_no: Some(sheet.to_owned()), ..good(&asset, n, now) };
    let keep = async |made: Record| record(&town.ledger, &inspector, asset.id, &made).await;
    let kept = keep(on(1, " xc20260601-3f9a2c ")).await.expect("a record");
    assert_eq!(kept.sheet_no.as_deref(), Some("XC20260601-3F9A2C"));
    keep(on(2, &"A".repeat(limits::CODE_LENGTH))).await.expect("at the limit");
    for wrong in ["A".repeat(limits::CODE_LENGTH + 1), "第一张".to_owned()] {
        let refused = keep(on(3, &wrong)).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(mistakes)) if mistakes.0[0].field == "sheet_no")
        );
    }
    let list = List::<inspection::Entity>::read([("sheet", "xc20260601-3f9a2c")]).expect("a list");
    let rows = town.ledger.read(&inspector).list(&list).await.expect("rows").rows;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [kept.id]);
}
