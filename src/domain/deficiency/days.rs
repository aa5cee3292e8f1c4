//! The days on which what is found may change although nobody changed anything.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{AssetFacts, exists_since};
use crate::{
    clock::day_of,
    domain::{five_have::USUAL_DAYS, setting::LocalRules},
};

/// Days on which [`evaluate`](super::evaluate) may answer otherwise than on the day before, within
/// a span. Every rule compares the day with a recorded day, as it is, the day after it or a
/// threshold later, and goes by other thresholds from the day on which a local rule begins; there are
/// more days here than it takes, and none is missing.
pub fn turning_days(
    facts: &AssetFacts<'_>,
    local: &LocalRules,
    first: NaiveDate,
    last: NaiveDate,
) -> BTreeSet<NaiveDate> {
    let asset = facts.asset;
    let mut recorded = vec![exists_since(asset)];
    recorded.extend([asset.accepted_on, asset.idle_since].into_iter().flatten());
    for duty in facts.duties {
        recorded.extend([duty.from_on, duty.until_on].into_iter().flatten());
    }
    recorded.extend(facts.upkeep.map(|upkeep| upkeep.inspected_on));
    recorded.extend(facts.work_orders.iter().filter_map(|row| row.due_on));
    // a budget begins and ends with its year
    let years = facts.budgets.iter().flat_map(|budget| [budget.year, budget.year + 1]);
    recorded.extend(years.filter_map(|year| NaiveDate::from_ymd_opt(year, 1, 1)));
    for contract in facts.contracts {
        recorded.extend([contract.starts_on, contract.last_on]);
    }
    for holding in facts.holdings {
        recorded.extend([holding.from_on, holding.until_on].into_iter().flatten());
    }
    for waiver in facts.waivers {
        recorded.extend([waiver.from_on, waiver.until_on]);
    }
    if let Some(title) = facts.title {
        recorded.push(day_of(title.updated_at));
        recorded.extend(title.confirmed_on);
    }
    let mut waits = local.waits(asset.area_code);
    // where nothing is asked, an inspection counts for a year
    waits.insert(USUAL_DAYS.cast_signed());
    // an inspection is overdue on the day after the last on which it was in time
    let agreed = facts.duties.iter().filter_map(|duty| duty.interval_days).map(i64::from);
    waits.extend(agreed.collect::<Vec<_>>());
    let later = waits.iter().map(|days| days + 1).collect::<Vec<_>>();
    waits.extend(later);
    waits.extend([0, 1]);
    let waits: Vec<Days> =
        waits.into_iter().map(|days| Days::new(u64::try_from(days).unwrap_or(0))).collect();
    let later = recorded
        .into_iter()
        .flat_map(|day| waits.iter().filter_map(move |wait| day.checked_add_days(*wait)));
    let later = later.chain(local.beginnings(asset.area_code));
    later.filter(|day| (first..=last).contains(day)).chain([first, last]).collect()
}

/// The last day on which a change had the findings of an asset evaluated. A budget of its village
/// changes without; where that matters the assets of the village are evaluated at once.
pub fn touched_on(facts: &AssetFacts<'_>) -> NaiveDate {
    let rows = facts.duties.iter().map(|row| row.updated_at);
    let rows = rows.chain(facts.holdings.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.funding.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.waivers.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.title.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.upkeep.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.work_orders.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.revivals.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.discrepancies.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.contracts.iter().map(|row| row.updated_at));
    let own = facts.budgets.iter().filter(|row| row.asset_id.is_some());
    let rows = rows.chain(own.map(|row| row.updated_at));
    day_of(rows.fold(facts.asset.updated_at, Ord::max))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;
    use entity::{
        asset::{Class, Subclass, UseState},
        budget, contract,
        duty::{self, Kind},
        finding::Rule,
        holding,
        id::{
            AssetId, DutyId, HoldingId, InspectionId, OrganizationId, SettingId, UpkeepId, WaiverId,
        },
        inspection,
        money::Money,
        setting::{self, Key},
        title, upkeep, upkeep_fund, waiver, work_order,
    };

    use super::*;
    use crate::domain::{
        asset, budget as budgets, contract as contracts,
        deficiency::evaluate,
        title as titles, upkeep_fund as funds,
        work_order::{Defect, Terms, open},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn duty(kind: Kind, from: &str, until: Option<&str>) -> duty::Model {
        duty::Model {
            id: DutyId(1),
            area_code: entity::area::AreaCode::NATION,
            asset_id: AssetId(1),
            kind,
            organization_id: Some(OrganizationId(1)),
            person_id: None,
            tier: None,
            mode: None,
            task: None,
            standard: None,
            interval_days: Some(71),
            agreement_no: None,
            from_on: Some(day(from)),
            until_on: until.map(day),
            annual_budget: None,
            budget_source: None,
            is_funded: None,
            end_reason: None,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn budget(year: i32, subclass: Option<Subclass>) -> budget::Model {
        let area = entity::area::AreaCode::NATION;
        let target = budgets::Target { area, asset: None, subclass };
        let fund = upkeep_fund::Model { received: Money::MAX, ..funds::blank(area, year) };
        let set = budgets::set(&fund, target, (year, Money::from_fen(1)), &[]);
        set.expect("a budget").1
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases is read line by line")]
    fn nothing_changes_on_any_other_day() {
        let area_code = entity::area::AreaCode::NATION;
        let set = |key, value: &str, from: &str| setting::Model {
            id: SettingId(1),
            area_code,
            key,
            value: value.to_owned(),
            basis_title: String::new(),
            basis_no: None,
            from_on: day(from),
            withdrawn_on: None,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let local = LocalRules::new(vec![
            set(Key::IdleDays, "400", "2025-05-20"),
            set(Key::IdleDays, "30", "2027-02-02"),
            set(Key::LowYieldDays, "500", "2025-06-20"),
            set(Key::IdleAtOnceDays, "200", "2026-02-20"),
            set(Key::CertificateDays, "777", "2024-01-01"),
            set(Key::BookDays, "333", "2025-08-08"),
            set(Key::ContractYears, "2", "2025-12-12"),
            set(Key::InspectionDays, "111", "2024-02-02"),
            set(Key::InspectionDaysOf(Subclass::Road), "55", "2025-06-06"),
            set(Key::RiskInspectionDays, "13", "2025-11-11"),
            set(Key::Check(Rule::NoMaintainer), "no", "2025-09-09"),
            set(Key::Check(Rule::NoMaintainer), "yes", "2025-10-10"),
        ]);
        let on = |day| local.thresholds(area_code, day);
        let (first, last) = (day("2024-01-01"), day("2027-12-31"));
        for (class, use_state) in [
            (Class::Public, UseState::Idle),
            (Class::Household, UseState::Idle),
            (Class::Operating, UseState::LowYield),
            (Class::Operating, UseState::Leased),
        ] {
            let mut asset = asset::blank(area_code, class, "桥");
            asset.subclass = Some(Subclass::Road);
            asset.completed_on = Some(day("2024-03-05"));
            asset.use_state = Some(use_state);
            asset.idle_since = Some(day("2024-08-11"));
            let title = title::Model {
                state: title::State::Confirmed,
                tier: Some(title::Tier::Village),
                confirmed_on: Some(day("2025-02-03")),
                ..titles::blank(AssetId(1), area_code)
            };
            let own = holding::Model {
                id: HoldingId(1),
                area_code,
                asset_id: AssetId(1),
                right: holding::Right::Own,
                organization_id: Some(OrganizationId(1)),
                person_id: None,
                numerator: 1,
                denominator: 1,
                from_on: Some(day("2024-05-01")),
                until_on: Some(day("2026-05-05")),
                version: 1,
                created_at: DateTime::UNIX_EPOCH,
                updated_at: DateTime::UNIX_EPOCH,
            };
            let waiver = waiver::Model {
                id: WaiverId(1),
                area_code,
                asset_id: AssetId(1),
                rule: Rule::Idle,
                reason: String::new(),
                from_on: day("2025-03-01"),
                until_on: day("2025-04-30"),
                version: 1,
                created_at: DateTime::UNIX_EPOCH,
                updated_at: DateTime::UNIX_EPOCH,
            };
            let upkeep = upkeep::Model {
                id: UpkeepId(1),
                area_code,
                asset_id: AssetId(1),
                inspection_id: InspectionId(1),
                inspected_on: day("2025-01-15"),
                inspected_at: DateTime::UNIX_EPOCH,
                condition: inspection::Condition::Danger,
                version: 1,
                created_at: DateTime::UNIX_EPOCH,
                updated_at: DateTime::UNIX_EPOCH,
            };
            let terms = Terms::of(&local, &asset, first);
            let condition = inspection::Condition::Defect;
            let defect = Defect { item: None, condition, what: "裂缝".to_owned() };
            let order = open(&asset, &[], &defect, (&terms, DateTime::UNIX_EPOCH));
            let order =
                work_order::Model { due_on: Some(day("2026-08-08")), ..order.expect("opened") };
            let duties = [
                duty(Kind::Maintainer, "2024-06-01", Some("2025-06-30")),
                duty(Kind::Keeper, "2024-07-01", Some("2025-01-31")),
                duty(Kind::Maintainer, "2026-01-01", None),
            ];
            let contract = contract::Model {
                starts_on: day("2024-04-04"),
                ends_on: day("2046-06-06"),
                last_on: day("2026-10-09"),
                ..contracts::blank(&asset, first)
            };
            let budgets = [budget(2025, None), budget(2026, Some(Subclass::Road))].map(Arc::new);
            for title in [None, Some(&title)] {
                let facts = AssetFacts {
                    asset: &asset,
                    upkeep: Some(&upkeep),
                    budgets: &budgets,
                    title,
                    holdings: std::slice::from_ref(&own),
                    duties: &duties,
                    funding: &[],
                    waivers: std::slice::from_ref(&waiver),
                    work_orders: std::slice::from_ref(&order),
                    revivals: &[],
                    discrepancies: &[],
                    contracts: std::slice::from_ref(&contract),
                };
                let turning = turning_days(&facts, &local, first, last);
                assert!(turning.len() > 10);
                let mut before = evaluate(&facts, &on(first), first);
                for today in first.iter_days().skip(1).take_while(|today| *today <= last) {
                    let now = evaluate(&facts, &on(today), today);
                    assert!(now == before || turning.contains(&today), "{today}");
                    before = now;
                }
            }
        }
    }
}
