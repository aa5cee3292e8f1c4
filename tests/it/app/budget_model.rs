//! Random histories of money for upkeep, on a model of a few sums and on the ledger itself: after every
//! step both say the same, and what the model refuses the ledger refuses.

use entity::{
    account::Role,
    area::AreaCode,
    asset::Subclass,
    budget,
    id::{AssetId, BudgetId, OverspendId, SpendingId, UpkeepFundId},
    money::Money,
    spending, upkeep_fund,
};
use proptest::{
    prelude::*,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use taizhang::{
    app::{
        self,
        budget::{CopyOrder, NewBudget},
    },
    domain::{
        overspend::Verdict,
        spending::{Payment, Request},
        upkeep_fund::blank,
    },
    error::{Error, Result},
    store::Actor,
};

use crate::harness::{
    Town,
    money::YEAR,
    town::{COUNTY, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(every_history_keeps_every_fen);

/// Each history is of a village of its own.
const VILLAGES: [&str; 3] = [VILLAGE_A1, VILLAGE_A2, VILLAGE_B1];
/// Steps of a history.
const STEPS: usize = 80;

/// One step; numbers are taken round what there is.
#[derive(Clone, Debug)]
enum Step {
    SetAside { target: usize, is_last_year: bool, fen: i64 },
    Amend { budget: usize, fen: i64 },
    Commit { budget: usize, fen: i64 },
    Pay { budget: usize, fen: i64 },
    PayCommitted { spending: usize, fen: i64 },
    Release { spending: usize },
    Reverse { spending: usize },
    Ask { budget: usize, fen: i64 },
    Decide { request: usize, is_own: bool, is_approved: bool },
    Copy { rate_bp: i32 },
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0..1_000_usize;
    let fen = prop_oneof![Just(0_i64), 1..40_i64, 1..900_i64, Just(2_000_i64)];
    prop_oneof![
        3 => (n.clone(), any::<bool>(), fen.clone())
            .prop_map(|(target, is_last_year, fen)| Step::SetAside { target, is_last_year, fen }),
        2 => (n.clone(), fen.clone()).prop_map(|(budget, fen)| Step::Amend { budget, fen }),
        4 => (n.clone(), fen.clone()).prop_map(|(budget, fen)| Step::Commit { budget, fen }),
        4 => (n.clone(), fen.clone()).prop_map(|(budget, fen)| Step::Pay { budget, fen }),
        3 => (n.clone(), fen.clone())
            .prop_map(|(spending, fen)| Step::PayCommitted { spending, fen }),
        2 => n.clone().prop_map(|spending| Step::Release { spending }),
        2 => n.clone().prop_map(|spending| Step::Reverse { spending }),
        1 => (n.clone(), fen).prop_map(|(budget, fen)| Step::Ask { budget, fen }),
        2 => (n, any::<bool>(), any::<bool>()).prop_map(|(request, is_own, is_approved)| {
            Step::Decide { request, is_own, is_approved }
        }),
        1 => (-6_000..6_000_i32).prop_map(|rate_bp| Step::Copy { rate_bp }),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Held,
    Paid,
    Over,
}

/// A budget of the model: fund, target, and its sums in fen.
#[derive(Clone, Debug)]
struct Sums {
    id: BudgetId,
    is_last_year: bool,
    target: usize,
    set_aside: i64,
    committed: i64,
    spent: i64,
    over: i64,
}

impl Sums {
    const fn room(&self) -> i64 {
        self.set_aside - self.committed - self.spent + self.over
    }
}

/// What the ledger should come to.
struct Model {
    /// What was received last year and this year.
    received: [i64; 2],
    budgets: Vec<Sums>,
    spendings: Vec<(SpendingId, usize, State, i64)>,
    requests: Vec<(OverspendId, usize, bool, i64)>,
}

impl Model {
    fn set_aside(&self, is_last_year: bool) -> i64 {
        let own = self.budgets.iter().filter(|one| one.is_last_year == is_last_year);
        own.map(|one| one.set_aside).sum()
    }

    fn balance(&self, is_last_year: bool) -> i64 {
        self.received[usize::from(!is_last_year)] - self.set_aside(is_last_year)
    }

    fn is_there(&self, target: usize, is_last_year: bool) -> bool {
        self.budgets.iter().any(|one| (one.target, one.is_last_year) == (target, is_last_year))
    }

    /// What a copy would make: target and amount, by largest remainder; none where it is refused.
    fn copied(&self, rate_bp: i32) -> Option<Vec<(usize, i64)>> {
        let last: Vec<&Sums> = self
            .budgets
            .iter()
            .filter(|one| one.is_last_year && one.set_aside > 0)
            .filter(|one| !self.is_there(one.target, false))
            .collect();
        let before: i64 = last.iter().map(|one| one.set_aside).sum();
        let after = (before * i64::from(10_000 + rate_bp) + 5_000) / 10_000;
        let is_fitting = (-5_000..=5_000).contains(&rate_bp) && after > 0;
        if before == 0 || !is_fitting || after > self.balance(false) {
            return None;
        }
        let parts: Vec<(usize, i64)> =
            last.iter().map(|one| (one.target, one.set_aside * after / before)).collect();
        let rest = after - parts.iter().map(|(_, fen)| fen).sum::<i64>();
        assert!(rest < i64::try_from(parts.len().max(1)).expect("few"));
        Some(parts)
    }
}

/// The ledger of a history, and those who act.
struct Real<'a> {
    town: &'a Town,
    village: AreaCode,
    asset: AssetId,
    funds: [UpkeepFundId; 2],
    clerk: Actor,
    approver: Actor,
}

impl Real<'_> {
    fn new_budget(&self, target: usize, is_last_year: bool, fen: i64) -> NewBudget {
        let (area, asset, subclass) = match target {
            0 => (Some(self.village), None, None),
            1 => (Some(self.village), None, Some(Subclass::Road)),
            _ => (None, Some(self.asset), None),
        };
        NewBudget {
            fund: self.funds[usize::from(!is_last_year)],
            year: if is_last_year { YEAR - 1 } else { YEAR },
            area,
            asset,
            subclass,
            amount: Money::from_fen(fen),
        }
    }

    fn request(fen: i64) -> Request {
        Request { amount: Money::from_fen(fen), purpose: "修路".to_owned(), organization: None }
    }

    fn payment(&self) -> Payment {
        self.town.payment()
    }
}

/// Whether the ledger did it; a fault that is no refusal ends the test.
fn is_done<T>(done: Result<T>) -> Option<T> {
    match done {
        Ok(value) => Some(value),
        Err(Error::Refused(_) | Error::Invalid(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

const TARGETS: usize = 3;

async fn every_history_keeps_every_fen(town: &Town) {
    let mut runner = TestRunner::deterministic();
    let histories = proptest::collection::vec(step(), STEPS);
    for (n, village) in VILLAGES.into_iter().enumerate() {
        let history = histories.new_tree(&mut runner).expect("a history").current();
        let (clerk, approver) = (town.clerk().await, town.as_role(Role::FinanceApprover).await);
        let mut funds = Vec::new();
        for (year, received) in [(YEAR - 1, 3_000), (YEAR, 4_000)] {
            let received = Money::from_fen(received);
            let row = upkeep_fund::Model { received, ..blank(code(COUNTY), year) };
            let made = app::upkeep_fund::register(&town.ledger, &clerk, row).await;
            funds.push(made.expect("a fund").id);
        }
        let asset = town.asset(village, "路", "10.00").await.id;
        let (village, funds) = (code(village), [funds[0], funds[1]]);
        let real = Real { town, village, asset, funds, clerk, approver };
        let mut model = Model {
            received: [3_000, 4_000],
            budgets: Vec::new(),
            spendings: Vec::new(),
            requests: Vec::new(),
        };
        let mut done = 0;
        for (place, step) in history.iter().enumerate() {
            let what = format!("history {n}, step {place}: {step:?}");
            done += usize::from(take(&real, &mut model, step, &what).await);
            agree(&real, &model, &what).await;
        }
        assert!(done > STEPS / 6, "history {n} did {done} things alone");
    }
}

/// Takes a step on both; whether it was done.
#[expect(clippy::too_many_lines, reason = "a table is read line by line")]
async fn take(real: &Real<'_>, model: &mut Model, step: &Step, what: &str) -> bool {
    let ledger = &real.town.ledger;
    match *step {
        Step::SetAside { target, is_last_year, fen } => {
            let target = target % TARGETS;
            let fits = fen > 0
                && fen <= model.balance(is_last_year)
                && !model.is_there(target, is_last_year);
            let new = real.new_budget(target, is_last_year, fen);
            let made = is_done(app::budget::set(ledger, &real.clerk, &new).await);
            assert_eq!(made.is_some(), fits, "{what}");
            let sums = |row: budget::Model| Sums {
                id: row.id,
                is_last_year,
                target,
                set_aside: fen,
                committed: 0,
                spent: 0,
                over: 0,
            };
            model.budgets.extend(made.map(sums));
            fits
        }
        Step::Copy { rate_bp } => copy(real, model, rate_bp, what).await,
        Step::Amend { budget, fen } => {
            let Some(place) = at(budget, model.budgets.len()) else { return false };
            let one = &model.budgets[place];
            let more = fen - one.set_aside;
            let fits = more != 0
                && fen >= one.spent + one.committed
                && more <= model.balance(one.is_last_year);
            let (id, amount) = (one.id, Money::from_fen(fen));
            let done = app::budget::amend(ledger, &real.clerk, id, amount, "调整").await;
            assert_eq!(is_done(done).is_some(), fits, "{what}");
            if fits {
                model.budgets[place].set_aside = fen;
            }
            fits
        }
        Step::Commit { budget, fen } | Step::Pay { budget, fen } => {
            let Some(place) = at(budget, model.budgets.len()) else { return false };
            let is_paid = matches!(step, Step::Pay { .. });
            spend(real, model, (place, fen, is_paid), what).await
        }
        Step::PayCommitted { .. } | Step::Release { .. } | Step::Reverse { .. } => {
            end(real, model, step, what).await
        }
        Step::Ask { budget, fen } => {
            let Some(place) = at(budget, model.budgets.len()) else { return false };
            let (id, amount) = (model.budgets[place].id, Money::from_fen(fen));
            let asked = app::overspend::ask(ledger, &real.clerk, id, amount, "水毁").await;
            let asked = is_done(asked);
            assert_eq!(asked.is_some(), fen > 0, "{what}");
            model.requests.extend(asked.map(|row| (row.id, place, false, fen)));
            fen > 0
        }
        Step::Decide { request, is_own, is_approved } => {
            let Some(place) = at(request, model.requests.len()) else { return false };
            let (id, budget, is_decided, fen) = model.requests[place];
            let fits = !is_own && !is_decided;
            let verdict =
                if is_approved { Verdict::Approved("9号") } else { Verdict::Declined("缓办") };
            let by = if is_own { &real.clerk } else { &real.approver };
            let done = is_done(app::overspend::decide(ledger, by, id, verdict).await);
            assert_eq!(done.is_some(), fits, "{what}");
            if fits {
                model.requests[place].2 = true;
                model.budgets[budget].over += if is_approved { fen } else { 0 };
            }
            fits
        }
    }
}

/// A place among so many.
fn at(number: usize, n: usize) -> Option<usize> {
    (n > 0).then(|| number % n)
}

async fn spend(
    real: &Real<'_>,
    model: &mut Model,
    (place, fen, is_paid): (usize, i64, bool),
    what: &str,
) -> bool {
    let fits = fen > 0 && fen <= model.budgets[place].room();
    let (of, request) = ((model.budgets[place].id, real.asset), Real::request(fen));
    let ledger = &real.town.ledger;
    let made = if is_paid {
        app::spending::pay(ledger, &real.clerk, of, (&request, &real.payment())).await
    } else {
        app::spending::commit(ledger, &real.clerk, of, &request).await
    };
    let made = is_done(made);
    assert_eq!(made.is_some(), fits, "{what}");
    let Some(made) = made else { return false };
    let state = if is_paid { State::Paid } else { State::Held };
    model.spendings.push((made.id, place, state, fen));
    let sums = &mut model.budgets[place];
    if is_paid {
        sums.spent += fen;
    } else {
        sums.committed += fen;
    }
    true
}

/// Pays, releases or reverses what there is.
async fn end(real: &Real<'_>, model: &mut Model, step: &Step, what: &str) -> bool {
    let (Step::PayCommitted { spending, .. }
    | Step::Release { spending }
    | Step::Reverse { spending }) = step
    else {
        return false;
    };
    let Some(place) = at(*spending, model.spendings.len()) else { return false };
    let (id, budget, state, held) = model.spendings[place];
    let ledger = &real.town.ledger;
    let room = model.budgets[budget].room();
    let (fits, done) = match step {
        Step::PayCommitted { fen, .. } => {
            let fits = state == State::Held && *fen > 0 && fen - held <= room;
            let (amount, payment) = (Money::from_fen(*fen), real.payment());
            let paid =
                app::spending::pay_committed(ledger, &real.clerk, id, amount, &payment).await;
            (fits, paid)
        }
        Step::Release { .. } => {
            let done = app::spending::release(ledger, &real.clerk, id, "不修了").await;
            (state == State::Held, done)
        }
        _ => {
            let done = app::spending::reverse(ledger, &real.clerk, id, "错了").await;
            (state == State::Paid, done)
        }
    };
    assert_eq!(is_done(done).is_some(), fits, "{what}");
    if !fits {
        return false;
    }
    let sums = &mut model.budgets[budget];
    if state == State::Paid {
        sums.spent -= held;
    } else {
        sums.committed -= held;
    }
    model.spendings[place].2 = State::Over;
    if let Step::PayCommitted { fen, .. } = step {
        sums.spent += fen;
        (model.spendings[place].2, model.spendings[place].3) = (State::Paid, *fen);
    }
    true
}

async fn copy(real: &Real<'_>, model: &mut Model, rate_bp: i32, what: &str) -> bool {
    let ledger = &real.town.ledger;
    let (area, fund) = (real.village, real.funds[1]);
    let order = CopyOrder { area, year: YEAR, fund, rate_bp };
    let looked = is_done(app::budget::look_at_copy(ledger, &real.clerk, &order).await);
    let expected = model.copied(rate_bp);
    assert_eq!(looked.is_some(), expected.is_some(), "{what}");
    let (Some((_, plan)), Some(expected)) = (looked, expected) else { return false };
    let seen = (plan.lines.len(), plan.after);
    let made = app::budget::copy(ledger, &real.clerk, &order, seen).await.expect("copied");
    let sum: i64 = made.iter().map(|row| row.set_aside.fen()).sum();
    assert_eq!(sum, plan.after.fen(), "{what}");
    for row in made {
        let target = match (row.asset_id, row.subclass) {
            (Some(_), _) => 2,
            (None, Some(_)) => 1,
            (None, None) => 0,
        };
        let (_, least) = expected.iter().find(|(one, _)| *one == target).expect("a target");
        let fen = row.set_aside.fen();
        assert!((0..=1).contains(&(fen - least)), "{what}: {fen} and {least}");
        model.budgets.push(Sums {
            id: row.id,
            is_last_year: false,
            target,
            set_aside: fen,
            committed: 0,
            spent: 0,
            over: 0,
        });
    }
    true
}

/// The rows are what the model says, and add up.
async fn agree(real: &Real<'_>, model: &Model, what: &str) {
    let town = real.town;
    for sums in &model.budgets {
        let row = town.row::<budget::Entity>(sums.id).await;
        let found = [row.set_aside, row.committed, row.spent, row.allowed_over].map(Money::fen);
        let expected = [sums.set_aside, sums.committed, sums.spent, sums.over];
        assert_eq!(found, expected, "{what}");
        let parts = [row.spent, row.committed, row.remaining];
        assert_eq!(Money::total(parts), Some(row.set_aside), "{what}");
        let own = town.rows::<spending::Entity>().await;
        let paid = own.iter().filter(|one| one.budget_id == row.id);
        let paid = paid.filter(|one| one.state == spending::State::Paid);
        assert_eq!(paid.map(|one| one.amount.fen()).sum::<i64>(), sums.spent, "{what}");
    }
    for (fund, is_last_year) in real.funds.iter().zip([true, false]) {
        let row = town.row::<upkeep_fund::Entity>(*fund).await;
        assert_eq!(row.balance().fen(), model.balance(is_last_year), "{what}");
    }
}
