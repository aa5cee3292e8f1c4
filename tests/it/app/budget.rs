//! Money for upkeep: what is set aside, spent and approved; what the database itself keeps; copies; what
//! a unit costs.

use entity::{
    account::Role,
    asset::{self, Subclass},
    budget,
    duty::Kind,
    setting::Key,
    spending, upkeep_fund,
};
use sea_orm::ConnectionTrait;
use taizhang::{
    app::{
        self,
        budget::{CopyOrder, NewBudget, cost::costs},
    },
    domain::{
        duty::Terms, overspend::Verdict, setting::Proposal, title::Party, upkeep_fund::blank,
    },
    error::{Error, Result},
    limits,
    store::{
        Actor,
        verify::{Progress, VerifyOptions},
    },
};

use crate::harness::{
    Town,
    expect::{conflict, forbidden, invalid, not_found, refused},
    money::{YEAR, for_asset, for_place, request},
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, yuan},
};

on_both!(
    a_fund_is_never_overdrawn,
    the_database_itself_keeps_the_sums,
    of_sixteen_who_spend_the_last_yuan_one_wins,
    of_sixteen_who_set_the_last_yuan_aside_one_wins,
    another_action_books_within_its_own_transaction,
    nobody_decides_on_what_they_asked_for,
    what_lies_elsewhere_is_not_found,
    a_town_spends_what_the_county_set_aside,
    a_copy_is_made_as_it_was_seen,
    a_unit_is_compared_with_the_places_around_and_the_standard,
);

impl Town {
    /// The rows agree with the log, and the findings with the rows.
    pub(super) async fn is_sound(&self) {
        let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
        let told = self.ledger.verify(&options, &|_: Progress| ()).await.expect("verified");
        let faults: Vec<_> = told.faults().map(|fault| fault.sentence().en).collect();
        assert_eq!(faults, Vec::<String>::new());
    }

    /// An asset that somebody maintains without money.
    pub(super) async fn unfunded(&self, village: &str, name: &str) -> asset::Model {
        let asset = self.asset(village, name, "1000.00").await;
        let body = Party::Organization(self.collective(village).await);
        let duty = (Kind::Maintainer, body);
        let (ledger, operator) = (&self.ledger, Actor::operator());
        let terms = Terms::default();
        app::duty::assign(ledger, &operator, &[asset.id], duty, &terms).await.expect("a duty");
        asset
    }

    pub(super) async fn is_unfunded(&self, asset: &asset::Model) -> bool {
        self.open_findings(asset.id).await.contains(&"G04")
    }

    async fn set_as(&self, actor: &Actor, new: &NewBudget) -> Result<budget::Model> {
        app::budget::set(&self.ledger, actor, new).await
    }

    pub(super) async fn amend_to(&self, budget: &budget::Model, amount: &str) -> budget::Model {
        let (ledger, operator) = (&self.ledger, Actor::operator());
        let amended = app::budget::amend(ledger, &operator, budget.id, yuan(amount), "调整");
        amended.await.expect("amended")
    }
}

async fn a_fund_is_never_overdrawn(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await;
    let clerk = town.clerk().await;
    let over = town.set_as(&clerk, &for_place(fund.id, VILLAGE_A1, "100.01")).await;
    let Err(Error::Refused(refusal)) = over else { panic!("{over:?}") };
    assert_eq!(refusal.code, "fund.short");
    for figure in ["100.01", "100.00"] {
        assert!(refusal.sentence.zh.contains(figure), "{}", refusal.sentence.zh);
    }
    assert!(town.rows::<budget::Entity>().await.is_empty());
    let all = town.set_as(&clerk, &for_place(fund.id, VILLAGE_A1, "100.00")).await.expect("all");
    let row = town.row::<upkeep_fund::Entity>(fund.id).await;
    assert_eq!(row.balance(), yuan("0.00"));
    refused(town.set_as(&clerk, &for_place(fund.id, VILLAGE_A2, "0.01")).await, "fund.short");
    // what was received is not amended below what is set aside; what a budget gives back is free
    let less = |row| upkeep_fund::Model { received: yuan("99.99"), ..row };
    let done = app::upkeep_fund::amend(&town.ledger, &clerk, fund.id, "核减", less).await;
    refused(done, "fund.below_set_aside");
    let amended = town.amend_to(&all, "40.00").await;
    assert_eq!(town.row::<upkeep_fund::Entity>(fund.id).await.balance(), yuan("60.00"));
    let less = |row| upkeep_fund::Model { received: yuan("40.00"), ..row };
    let stale = (fund.id, fund.version);
    conflict(app::upkeep_fund::amend(&town.ledger, &clerk, stale, "核减", less).await);
    let done = app::upkeep_fund::amend(&town.ledger, &clerk, fund.id, "核减", less).await;
    assert_eq!(done.expect("amended").balance(), yuan("0.00"));
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(
        (&entry["action"], &entry["note"]["reason"]),
        (&"fund.amend".into(), &"核减".into())
    );
    // a budget of another year, another target twice, another holder
    let early = NewBudget { year: YEAR - 1, ..for_place(fund.id, VILLAGE_A1, "1.00") };
    invalid(town.set_as(&clerk, &early).await, "year");
    refused(town.set_as(&clerk, &for_place(fund.id, VILLAGE_A1, "1.00")).await, "budget.there");
    let wide = for_place(fund.id, COUNTY, "1.00");
    invalid(town.set_as(&clerk, &wide).await, "area_code");
    let village = town.fund(VILLAGE_A2, "10.00").await;
    let other = for_place(village.id, VILLAGE_A1, "1.00");
    refused(town.set_as(&clerk, &other).await, "fund.held_elsewhere");
    assert_eq!(amended.remaining, yuan("40.00"));
    town.is_sound().await;
}

async fn the_database_itself_keeps_the_sums(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await;
    town.set_aside(&for_place(fund.id, VILLAGE_A1, "60.00")).await;
    for wrong in [
        "UPDATE budget SET spent = spent + 1",
        "UPDATE budget SET remaining = remaining - 1",
        "UPDATE budget SET set_aside = set_aside + 1",
        "UPDATE budget SET spent = 6001, remaining = -1",
        "UPDATE budget SET committed = -1, remaining = 6001",
        "UPDATE upkeep_fund SET set_aside = 10001",
        "UPDATE upkeep_fund SET received = 5999",
        "UPDATE upkeep_fund SET set_aside = -1",
    ] {
        let done = town.db.execute_unprepared(wrong).await;
        assert!(done.is_err(), "{wrong}");
    }
    if !town.is_postgres() {
        let fraction = "UPDATE budget SET spent = 0.5, remaining = 5999.5";
        assert!(town.db.execute_unprepared(fraction).await.is_err());
    }
}

/// Does a thing sixteen times at once; how often it was done, and with which codes it was refused.
async fn at_once<T: Send + 'static>(
    race: impl Fn() -> tokio::task::JoinHandle<Result<T>>,
) -> (usize, Vec<String>) {
    let runners: Vec<_> = (0..16).map(|_| race()).collect();
    let (mut won, mut lost) = (0, Vec::new());
    for runner in runners {
        match runner.await.expect("a runner") {
            Ok(_) => won += 1,
            Err(Error::Refused(refusal)) => lost.push(refusal.code.to_owned()),
            Err(other) => panic!("{other}"),
        }
    }
    (won, lost)
}

async fn of_sixteen_who_spend_the_last_yuan_one_wins(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset, "11.00")).await;
    town.pay(&budget, asset, "10.00").await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let payment = town.payment();
    let race = || {
        let (ledger, clerk, payment) = (town.ledger.clone(), clerk.clone(), payment.clone());
        let of = (budget.id, asset);
        tokio::spawn(async move {
            loop {
                let request = request("1.00");
                let paid = app::spending::pay(&ledger, &clerk, of, (&request, &payment)).await;
                if !matches!(paid, Err(Error::Busy)) {
                    return paid;
                }
            }
        })
    };
    let (won, lost) = at_once(race).await;
    assert_eq!((won, lost), (1, vec!["budget.short".to_owned(); 15]));
    let row = town.row::<budget::Entity>(budget.id).await;
    assert_eq!((row.spent, row.remaining), (yuan("11.00"), yuan("0.00")));
    assert_eq!(town.rows::<spending::Entity>().await.len(), 2);
}

async fn of_sixteen_who_set_the_last_yuan_aside_one_wins(town: &Town) {
    let fund = town.fund(COUNTY, "1.00").await;
    let clerk = town.clerk().await;
    let n = std::sync::atomic::AtomicUsize::new(0);
    let race = || {
        let (ledger, clerk) = (town.ledger.clone(), clerk.clone());
        let villages = [VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, TOWN_A];
        let n = n.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let subclass = Some(Subclass::ALL[n / 4]);
        let new = NewBudget { subclass, ..for_place(fund.id, villages[n % 4], "1.00") };
        tokio::spawn(async move {
            loop {
                let set = app::budget::set(&ledger, &clerk, &new).await;
                if !matches!(set, Err(Error::Busy)) {
                    return set;
                }
            }
        })
    };
    let (won, lost) = at_once(race).await;
    assert_eq!((won, lost), (1, vec!["fund.short".to_owned(); 15]));
    assert_eq!(town.row::<upkeep_fund::Entity>(fund.id).await.balance(), yuan("0.00"));
}

async fn another_action_books_within_its_own_transaction(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset, "10.00")).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let (of, ledger) = ((budget.id, asset), &town.ledger);
    let (spend, payment) = (request("4.00"), town.payment());
    // whoever may amend an asset may do so without a right to spend, as far as this goes
    let done = ledger.write(&clerk, entity::log::Action::AmendAsset, async |write| {
        let held = app::spending::commit_within(write, of, &spend).await?;
        app::spending::pay_within(write, of, (&spend, &payment)).await?;
        app::spending::release_within(write, held.id, "改由村里办").await?;
        let again = app::spending::commit_within(write, of, &spend).await?;
        app::spending::pay_committed_within(write, again.id, yuan("3.00"), &payment).await
    });
    done.await.expect("booked");
    let row = town.row::<budget::Entity>(budget.id).await;
    assert_eq!((row.spent, row.committed), (yuan("7.00"), yuan("0.00")));
    let before = (town.everything().await, town.n_entries().await);
    let done = ledger.write(&clerk, entity::log::Action::AmendAsset, async |write| {
        app::spending::commit_within(write, of, &request("3.00")).await?;
        app::spending::commit_within(write, of, &request("0.01")).await
    });
    refused(done.await, "budget.short");
    assert!(before == (town.everything().await, town.n_entries().await), "all of it or nothing");
    town.is_sound().await;
}

async fn nobody_decides_on_what_they_asked_for(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset, "10.00")).await;
    let (clerk, approver) = (town.clerk().await, town.as_role(Role::FinanceApprover).await);
    let ask = async |amount: &str| {
        app::overspend::ask(&town.ledger, &clerk, budget.id, yuan(amount), "水毁抢修").await
    };
    invalid(ask("0.00").await, "amount");
    let asked = ask("2.50").await.expect("asked");
    let document = Verdict::Approved("县财〔2026〕9号");
    let own = app::overspend::decide(&town.ledger, &clerk, asked.id, document).await;
    refused(own, "overspend.own");
    let officer = town.as_role(Role::TownshipClerk).await;
    forbidden(app::overspend::decide(&town.ledger, &officer, asked.id, document).await);
    let unnamed = Verdict::Approved(" ");
    invalid(
        app::overspend::decide(&town.ledger, &approver, asked.id, unnamed).await,
        "document_no",
    );
    let pay = async |amount: &str| {
        let (request, payment) = (request(amount), town.payment());
        app::spending::pay(&town.ledger, &clerk, (budget.id, asset), (&request, &payment)).await
    };
    refused(pay("12.50").await, "budget.short");
    let decided = app::overspend::decide(&town.ledger, &approver, asked.id, document).await;
    assert_eq!(decided.expect("decided").decided_by, approver.account());
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(entry["action"], "overspend.decide");
    refused(pay("12.51").await, "budget.short");
    pay("12.50").await.expect("exactly that much");
    let row = town.row::<budget::Entity>(budget.id).await;
    assert_eq!((row.set_aside, row.remaining), (yuan("10.00"), yuan("-2.50")));
    // it stays overspent until more is set aside, and never goes below what is spent
    let done = app::budget::amend(&town.ledger, &clerk, budget.id, yuan("12.49"), "追加").await;
    refused(done, "budget.below_used");
    assert_eq!(town.amend_to(&budget, "12.50").await.remaining, yuan("0.00"));
    let another = ask("1.00").await.expect("asked");
    let no = Verdict::Declined("先压减其他支出");
    app::overspend::decide(&town.ledger, &approver, another.id, no).await.expect("declined");
    let done = app::overspend::decide(&town.ledger, &approver, another.id, document).await;
    refused(done, "overspend.decided");
    // what the first approval still allows, and no more
    refused(pay("2.51").await, "budget.short");
    town.is_sound().await;
}

async fn what_lies_elsewhere_is_not_found(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset, "10.00")).await;
    let held = town.commit(&budget, asset, "1.00").await;
    let there = town.as_other(Role::FinanceClerk).await;
    let before = (town.everything().await, town.n_entries().await);
    not_found(town.set_as(&there, &for_place(fund.id, VILLAGE_A1, "1.00")).await);
    let ledger = &town.ledger;
    not_found(app::budget::amend(ledger, &there, budget.id, yuan("20.00"), "追加").await);
    let (request, payment) = (request("1.00"), town.payment());
    not_found(app::spending::commit(ledger, &there, (budget.id, asset), &request).await);
    not_found(app::spending::pay_committed(ledger, &there, held.id, yuan("1.00"), &payment).await);
    not_found(app::spending::release(ledger, &there, held.id, "不修").await);
    not_found(app::overspend::ask(ledger, &there, budget.id, yuan("1.00"), "水毁").await);
    let order = CopyOrder { area: code(COUNTY), year: YEAR + 1, fund: fund.id, rate_bp: 0 };
    not_found(app::budget::look_at_copy(ledger, &there, &order).await);
    not_found(app::budget::copy(ledger, &there, &order, (1, yuan("10.00"))).await);
    assert!(before == (town.everything().await, town.n_entries().await));
}

async fn a_town_spends_what_the_county_set_aside(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_place(fund.id, VILLAGE_A1, "10.00")).await;
    let road = town.asset(VILLAGE_A1, "路", "10.00").await.id;
    let other = town.asset(VILLAGE_A2, "路", "10.00").await.id;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let (spend, ledger) = (request("2.00"), &town.ledger);
    forbidden(town.set_as(&clerk, &for_place(fund.id, VILLAGE_A2, "1.00")).await);
    let held = app::spending::commit(ledger, &clerk, (budget.id, road), &spend).await;
    let held = held.expect("committed");
    assert_eq!((held.area_code, held.year), (code(VILLAGE_A1), YEAR));
    let done = app::spending::commit(ledger, &clerk, (budget.id, other), &spend).await;
    refused(done, "budget.of_another");
    forbidden(app::spending::reverse(ledger, &clerk, held.id, "错了").await);
    let late =
        taizhang::domain::spending::Payment { paid_on: town.days_ahead(1), ..town.payment() };
    invalid(
        app::spending::pay_committed(ledger, &clerk, held.id, yuan("2.00"), &late).await,
        "paid_on",
    );
    // the fund is held further up, and is not the town's to see
    let seen = ledger.read(&clerk).get::<upkeep_fund::Entity>(fund.id).await;
    not_found(seen);
}

async fn a_copy_is_made_as_it_was_seen(town: &Town) {
    let road = town.unfunded(VILLAGE_A1, "路").await;
    let gone = town.asset(VILLAGE_A2, "旧渠", "10.00").await;
    let last = upkeep_fund::Model { received: yuan("100.00"), ..blank(code(COUNTY), YEAR - 1) };
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let last = app::upkeep_fund::register(ledger, &operator, last).await.expect("a fund");
    let of = |new: NewBudget| NewBudget { year: YEAR - 1, ..new };
    town.set_aside(&of(for_asset(last.id, road.id, "0.01"))).await;
    town.set_aside(&of(for_place(last.id, VILLAGE_A1, "0.01"))).await;
    town.set_aside(&of(for_place(last.id, VILLAGE_A2, "0.01"))).await;
    town.set_aside(&of(for_place(last.id, TOWN_A, "7.00"))).await;
    town.set_aside(&of(for_asset(last.id, gone.id, "5.00"))).await;
    let parts = ["4.00", "6.00"].map(|value| taizhang::domain::asset::division::Part {
        name: format!("渠段{value}"),
        original_value: yuan(value),
        quantity: gone.quantity,
    });
    let named = (gone.id, gone.version);
    app::asset::split(ledger, &operator, named, &parts, "分段").await.expect("split");
    let fund = town.fund(COUNTY, "100.00").await;
    // the town has one of this year already
    town.set_aside(&for_place(fund.id, TOWN_A, "1.00")).await;
    town.amend_to(&town.rows::<budget::Entity>().await.pop().expect("a budget"), "0.00").await;
    assert!(town.is_unfunded(&road).await);
    let clerk = town.clerk().await;
    let order = CopyOrder { area: code(COUNTY), year: YEAR, fund: fund.id, rate_bp: 3_333 };
    let (_, plan) = app::budget::look_at_copy(ledger, &clerk, &order).await.expect("a plan");
    // three fen and a third are four: the fourth goes to the first
    assert_eq!((plan.lines.len(), plan.n_there, plan.after), (3, 1, yuan("0.04")));
    let seen = (plan.lines.len(), plan.after);
    let entries = town.n_entries().await;
    refused(
        app::budget::copy(ledger, &clerk, &order, (3, yuan("0.03"))).await,
        "budget.copy_differs",
    );
    let wild = CopyOrder { rate_bp: limits::COPY_RATE_BP + 1, ..order };
    invalid(app::budget::copy(ledger, &clerk, &wild, seen).await, "percent");
    assert_eq!(town.n_entries().await, entries);
    let made = app::budget::copy(ledger, &clerk, &order, seen).await.expect("copied");
    assert_eq!(made.iter().map(|row| row.set_aside.fen()).sum::<i64>(), 4);
    assert_eq!(town.n_entries().await, entries + 1);
    assert!(!town.is_unfunded(&road).await, "in the same action");
    let row = town.row::<upkeep_fund::Entity>(fund.id).await;
    assert_eq!(row.set_aside, yuan("0.04"));
    refused(app::budget::look_at_copy(ledger, &clerk, &order).await, "budget.nothing_to_copy");
    // more than the fund has is told as a whole
    let poor = town.fund(COUNTY, "0.01").await;
    let order = CopyOrder { year: YEAR + 1, fund: poor.id, rate_bp: 0, ..order };
    let Err(Error::Refused(refusal)) = app::budget::look_at_copy(ledger, &clerk, &order).await
    else {
        panic!("more than there is")
    };
    assert!(refusal.sentence.zh.contains("0.04"), "{}", refusal.sentence.zh);
    town.is_sound().await;
}

async fn a_unit_is_compared_with_the_places_around_and_the_standard(town: &Town) {
    let fund = town.fund(COUNTY, "100000.00").await;
    // each road of the harness is 1.5 km long
    let mut roads = Vec::new();
    for (village, paid) in
        [(VILLAGE_A1, "3000.00"), (VILLAGE_A2, "4500.00"), (VILLAGE_B1, "600.01")]
    {
        let road = town.asset(village, "路", "10.00").await;
        let budget = town.set_aside(&for_place(fund.id, village, "5000.00")).await;
        town.pay(&budget, road.id, paid).await;
        town.commit(&budget, road.id, "1.00").await;
        roads.push(road);
    }
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let told = costs(ledger, &clerk, (Some(code(VILLAGE_A1)), YEAR)).await.expect("costs");
    let [row] = &told.rows[..] else { panic!("{:?}", told.rows) };
    assert_eq!((row.kind, row.extent.told()), (Subclass::Road, "1.5".to_owned()));
    assert_eq!(row.per_unit, Some(yuan("2000.00")));
    // of 2,000.00, 3,000.00 and 400.01 a kilometre
    assert_eq!((row.median, row.n_places), (Some(yuan("2000.00")), 3));
    assert_eq!(row.standard, Some(yuan("3000.00")));
    let whole = costs(ledger, &clerk, (None, YEAR)).await.expect("costs");
    assert_eq!(whole.rows[0].per_unit, Some(yuan("1800.00")));
    // whoever sees one town compares with what it has
    let there = town.clerk_b().await;
    let own = costs(ledger, &there, (None, YEAR)).await.expect("costs");
    assert_eq!((own.rows[0].median, own.rows[0].n_places), (Some(yuan("400.01")), 1));
    // a reversed payment counts for nothing, and a county says what a kilometre is to cost
    let paid = town.rows::<spending::Entity>().await;
    let paid = paid.iter().find(|row| row.asset_id == roads[0].id && row.voucher_no.is_some());
    let paid = paid.expect("a payment");
    app::spending::reverse(ledger, &Actor::operator(), paid.id, "退回").await.expect("reversed");
    let proposal = Proposal {
        key: Key::UpkeepStandardOf(Subclass::Road),
        area: code(COUNTY),
        value: "3500".to_owned(),
        basis_title: "县农村公路养护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(ledger, &Actor::operator(), &proposal).await.expect("set");
    let told = costs(ledger, &clerk, (Some(code(VILLAGE_A1)), YEAR)).await.expect("costs");
    let row = &told.rows[0];
    assert_eq!((row.per_unit, row.standard), (Some(yuan("0.00")), Some(yuan("3500.00"))));
    assert_eq!((row.median, row.n_places), (Some(yuan("1700.01")), 2));
}
