//! Money for upkeep of a place: a fund, a budget out of it, what is spent and asked for.

use entity::{account::Role, asset, budget, id::OverspendId, spending, upkeep_fund};
use taizhang::{
    app,
    domain::{
        spending::{Payment, Request},
        upkeep_fund::blank,
    },
    store::Actor,
};

use super::{
    canary::word,
    country::{Country, PLACES, account_name},
};
use crate::harness::{money, town::yuan};

impl Country<'_> {
    /// Registers a fund that a place holds.
    pub(super) async fn fund(&self, place: usize) -> upkeep_fund::Model {
        let row = upkeep_fund::Model {
            document_no: Some(word(place, "document")),
            note: Some(word(place, "note")),
            received: yuan("100.00"),
            ..blank(PLACES[place].code(), money::YEAR)
        };
        let made = app::upkeep_fund::register(&self.town.ledger, &Actor::operator(), row).await;
        made.expect("a fund")
    }

    /// Sets money of a fund aside for an asset.
    pub(super) async fn budget(&self, place: usize) -> (budget::Model, asset::Model) {
        let (fund, asset) = (self.fund(place).await, self.asset(place, "thing").await);
        let new = money::for_asset(fund.id, asset.id, "60.00");
        (self.town.set_aside(&new).await, asset)
    }

    /// Commits or pays money of a budget.
    pub(super) async fn spend(&self, place: usize, is_paid: bool) -> spending::Model {
        let (budget, asset) = self.budget(place).await;
        let request = Request { purpose: word(place, "purpose"), ..money::request("5.00") };
        let payment = Payment { voucher_no: word(place, "voucher"), ..self.town.payment() };
        let (of, ledger) = ((budget.id, asset.id), &self.town.ledger);
        let operator = Actor::operator();
        let made = if is_paid {
            app::spending::pay(ledger, &operator, of, (&request, &payment)).await
        } else {
            app::spending::commit(ledger, &operator, of, &request).await
        };
        made.expect("a spending")
    }

    /// Has a clerk of a place ask for more than is left: whoever decides may work at the machine.
    pub(super) async fn ask_for_more(&self, place: usize) -> OverspendId {
        let (budget, _) = self.budget(place).await;
        let clerk = self.town.account(&account_name(place, Role::TownshipClerk)).await;
        let (ledger, more) = (&self.town.ledger, yuan("1.00"));
        let reason = word(place, "more");
        app::overspend::ask(ledger, &clerk, budget.id, more, &reason).await.expect("asked").id
    }
}
