//! Money for upkeep in tests: funds, budgets, what is spent.

use entity::{
    budget,
    id::{AssetId, UpkeepFundId},
    spending, upkeep_fund,
};
use taizhang::{
    app::{self, budget::NewBudget},
    domain::{
        spending::{Payment, Request},
        upkeep_fund::blank,
    },
    store::Actor,
};

use super::{
    Town,
    town::{code, yuan},
};

/// The year in which the clock of the harness starts.
pub(crate) const YEAR: i32 = 2026;

/// Money of a fund for an asset.
pub(crate) fn for_asset(fund: UpkeepFundId, asset: AssetId, amount: &str) -> NewBudget {
    NewBudget {
        fund,
        year: YEAR,
        area: None,
        asset: Some(asset),
        subclass: None,
        amount: yuan(amount),
    }
}

/// Money of a fund for all of a place.
pub(crate) fn for_place(fund: UpkeepFundId, area: &str, amount: &str) -> NewBudget {
    NewBudget {
        fund,
        year: YEAR,
        area: Some(code(area)),
        asset: None,
        subclass: None,
        amount: yuan(amount),
    }
}

/// What money is asked for.
pub(crate) fn request(amount: &str) -> Request {
    Request { amount: yuan(amount), purpose: "更换护栏立柱".to_owned(), organization: None }
}

impl Town {
    /// How something is paid today.
    pub(crate) fn payment(&self) -> Payment {
        Payment { voucher_no: "记-17".to_owned(), paid_on: self.today() }
    }

    /// A fund that a place holds, as the operator registers it.
    pub(crate) async fn fund(&self, area: &str, received: &str) -> upkeep_fund::Model {
        let row = upkeep_fund::Model { received: yuan(received), ..blank(code(area), YEAR) };
        let made = app::upkeep_fund::register(&self.ledger, &Actor::operator(), row).await;
        made.expect("a fund")
    }

    /// Sets money aside, as the operator.
    pub(crate) async fn set_aside(&self, new: &NewBudget) -> budget::Model {
        app::budget::set(&self.ledger, &Actor::operator(), new).await.expect("a budget")
    }

    /// Commits money of a budget, as the operator.
    pub(crate) async fn commit(
        &self,
        budget: &budget::Model,
        asset: AssetId,
        amount: &str,
    ) -> spending::Model {
        let (of, request) = ((budget.id, asset), request(amount));
        let made = app::spending::commit(&self.ledger, &Actor::operator(), of, &request).await;
        made.expect("a commitment")
    }

    /// Pays out of a budget, as the operator.
    pub(crate) async fn pay(
        &self,
        budget: &budget::Model,
        asset: AssetId,
        amount: &str,
    ) -> spending::Model {
        let (of, request, payment) = ((budget.id, asset), request(amount), self.payment());
        let paid = (&request, &payment);
        let made = app::spending::pay(&self.ledger, &Actor::operator(), of, paid).await;
        made.expect("a payment")
    }
}
