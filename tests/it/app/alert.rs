//! Alerts: what is late, soon and ahead is counted by place, and each number is the rows behind it.

use entity::{account::Role, duty, finding::Rule, inspection::Condition, setting::Key};
use taizhang::{
    app::{
        self,
        alert::{Alerts, alerts, listed},
        rectification::{Finding, assign, escalate},
    },
    domain::{
        alert::{Kind, Tier},
        duty::Terms,
        rectification::{Bearer, Charge},
        setting::Proposal,
        title::Party,
    },
    store::Actor,
};

use crate::harness::{
    Town,
    expect::not_found,
    inspections::{found, good},
    town::{COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    what_is_late_soon_and_ahead_is_told_by_place,
    an_agreement_is_told_two_months_before_it_ends,
    a_county_sets_how_far_ahead_it_is_told,
    nobody_is_told_of_other_places
);

impl Town {
    async fn told(&self, area: &str) -> Alerts {
        alerts(&self.ledger, &Actor::operator(), Some(code(area))).await.expect("alerts")
    }

    /// What is told of a town, and that each number has its rows.
    async fn numbers(&self, area: &str) -> Vec<(Tier, Kind, i64)> {
        let told = self.told(area).await;
        let mut numbers = Vec::new();
        for (tier, ..) in Tier::ALL {
            for (kind, ..) in Kind::ALL {
                let n = told.total(tier, Some(kind));
                let operator = Actor::operator();
                let rows = listed(&self.ledger, &operator, &told, (kind, tier)).await;
                let (rows, is_more) = rows.expect("rows");
                assert_eq!(
                    (i64::try_from(rows.len()), is_more),
                    (Ok(n), false),
                    "{tier:?} {kind:?}"
                );
                if n > 0 {
                    numbers.push((tier, kind, n));
                }
            }
        }
        numbers
    }

    /// Asks the village about an asset of its own that nobody maintains, due in so many days.
    async fn asked_within(&self, days: i64) -> Finding {
        let asset = self.asset(VILLAGE_A1, "便民桥", "10.00").await.id;
        let clerk = self.as_role(Role::TownshipClerk).await;
        let officer = self.account("village-officer").await.account().expect("an account");
        let bearer = Bearer::Account(officer);
        let charge = Charge { bearer, due_on: self.days_ahead(days), note: None };
        let finding = Finding { asset, rule: Rule::NoMaintainer, version: 0 };
        let round = assign(&self.ledger, &clerk, &[finding], &charge).await.expect("asked");
        Finding { version: round[0].version, ..finding }
    }
}

async fn what_is_late_soon_and_ahead_is_told_by_place(town: &Town) {
    for days in [0, 7, 8, 30, 31] {
        town.asked_within(days).await;
    }
    let high = town.asked_within(20).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    escalate(&town.ledger, &clerk, &[high], "久拖不办").await.expect("escalated");
    let road = town.asset(VILLAGE_B1, "通组路", "10.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let seen = found(good(&road, 1, town.ledger.clock().now()), 0, Condition::Danger, "塌陷");
    app::inspection::record(&town.ledger, &inspector, road.id, &seen).await.expect("a record");
    let expected = [
        (Tier::Red, Kind::Danger, 1),
        (Tier::Red, Kind::Escalated, 1),
        (Tier::Yellow, Kind::Rectification, 2),
        (Tier::Blue, Kind::Rectification, 2),
    ];
    assert_eq!(town.numbers(COUNTY).await, expected);
    let told = town.told(COUNTY).await;
    assert_eq!(told.places(Tier::Red), [code(TOWN_A), code(TOWN_B)]);
    assert_eq!(told.n(code(TOWN_B), Tier::Red, Kind::Danger), 1);
    assert_eq!(told.places(Tier::Blue), [code(TOWN_A)]);
    town.clock.advance(1);
    let next = town.numbers(TOWN_A).await;
    assert!(next.contains(&(Tier::Red, Kind::Rectification, 1)), "{next:?}");
    assert!(next.contains(&(Tier::Blue, Kind::Rectification, 2)), "{next:?}");
}

async fn an_agreement_is_told_two_months_before_it_ends(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "10.00").await.id;
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let terms = Terms { until_on: Some(town.days_ahead(61)), ..Terms::default() };
    let (operator, party) = (Actor::operator(), (duty::Kind::Maintainer, body));
    let done = app::duty::assign(&town.ledger, &operator, &[asset], party, &terms).await;
    done.expect("a duty");
    assert_eq!(town.numbers(COUNTY).await, []);
    for (days, tier) in [(1, Tier::Blue), (53, Tier::Yellow), (8, Tier::Red)] {
        town.night(days).await;
        assert_eq!(town.numbers(COUNTY).await, [(tier, Kind::Agreement, 1)], "{days}");
    }
}

async fn a_county_sets_how_far_ahead_it_is_told(town: &Town) {
    town.asked_within(20).await;
    assert_eq!(town.numbers(COUNTY).await, [(Tier::Blue, Kind::Rectification, 1)]);
    for (key, days) in [(Key::AlertSoonDays, "20"), (Key::AlertAheadDays, "19")] {
        let proposal = Proposal {
            key,
            area: code(COUNTY),
            value: days.to_owned(),
            basis_title: "县预警办法".to_owned(),
            basis_no: None,
            from_on: town.today(),
        };
        app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
    }
    assert_eq!(town.numbers(COUNTY).await, [(Tier::Yellow, Kind::Rectification, 1)]);
}

async fn nobody_is_told_of_other_places(town: &Town) {
    town.asked_within(3).await;
    let clerk = town.clerk_b().await;
    not_found(alerts(&town.ledger, &clerk, Some(code(TOWN_A))).await);
    let own = alerts(&town.ledger, &clerk, Some(code(COUNTY))).await.expect("their own");
    assert_eq!((own.area, own.counts.len()), (code(TOWN_B), 0));
    not_found(alerts(&town.ledger, &clerk, Some(code(OTHER_COUNTY))).await);
    let officer = town.as_role(Role::VillageOfficer).await;
    let own = alerts(&town.ledger, &officer, None).await.expect("their own");
    assert_eq!(own.places(Tier::Yellow), [code(VILLAGE_A1)]);
}
