//! The sample county in a ledger: built once, completed after a break, never doubled.

use std::{path::Path, sync::Arc};

use entity::{asset::State, finding::Rule};

use super::*;
use crate::{
    clock::{Clock, FixedClock},
    store::connect::Place,
};

async fn open(folder: &Path, now: &str) -> Ledger {
    let place = Place::new(format!("sqlite:{}", folder.join("ledger.db").display()));
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(now.parse().expect("an instant")));
    Ledger::open(&place, &folder.join("keys"), clock).await.expect("a ledger")
}

/// Every asset of the sample as it stands, by key.
async fn register(ledger: &Ledger) -> HashMap<String, asset::Model> {
    let sample = Sample::new(SEED, sample::day_for(ledger.today()));
    let keys: Vec<_> =
        sample.entries.iter().filter_map(|entry| entry.asset.source_key.clone()).collect();
    assets(ledger, &Actor::operator(), &keys).await.expect("assets")
}

#[tokio::test]
async fn the_county_is_there_once_and_the_second_build_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path(), "2026-11-23T02:00:00Z").await;
    let first = build(&ledger).await.expect("built");
    assert!(first.is_new);
    assert_eq!((first.areas, first.assets), (105, 1_250));
    let (logs, assets) = (ledger.logs().await.expect("logs"), register(&ledger).await);
    assert_eq!(logs.len(), 1);
    assert_eq!(assets.len(), first.assets);
    let replaced = assets.values().filter(|asset| asset.state == State::Replaced);
    assert_eq!(replaced.count(), 3);
    accounts_see_their_own_area(&ledger).await;
    what_speaks_against_the_ledger_is_planted(&ledger).await;

    let second = build(&ledger).await.expect("built");
    assert_eq!(second, Built { is_new: false, ..first });
    assert_eq!(ledger.logs().await.expect("logs"), logs);
    assert_eq!(register(&ledger).await, assets);
}

#[tokio::test]
async fn a_build_that_was_broken_off_is_completed_without_doubling() {
    let whole = tempfile::tempdir().expect("a folder");
    let whole = open(whole.path(), "2024-02-29T02:00:00Z").await;
    build(&whole).await.expect("built");

    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path(), "2024-02-29T02:00:00Z").await;
    let actor = Actor::operator();
    let sample = Sample::new(SEED, sample::day_for(ledger.today()));
    let calendar = Calendar::of(&ledger);
    draw_up(&ledger.at(calendar.begin()), &actor, &sample).await.expect("a register");
    for step in steps(&sample, calendar).into_iter().take(15) {
        take(&ledger, &actor, step).await.expect("a step");
    }
    assert!(build(&ledger).await.expect("built").is_new);
    assert_eq!(ledger.logs().await.expect("logs"), whole.logs().await.expect("logs"));
    assert_eq!(register(&ledger).await, register(&whole).await);
}

/// Every account sees what lies in its area, with maintainers lacking for every reason there is.
async fn accounts_see_their_own_area(ledger: &Ledger) {
    for (name, role, area) in ACCOUNTS {
        let actor = ledger.actor(name).await.expect("an account");
        assert_eq!((actor.role(), actor.area()), (role, code(area)));
    }
    let ids: Vec<_> = register(ledger).await.values().map(|asset| asset.id).collect();
    let inspector = ledger.actor("qinghe-inspector").await.expect("an account");
    let routes = ledger.read(&inspector).own_routes().await.expect("routes");
    assert!(routes.iter().any(|route| route.stops.0.len() > 1), "{routes:?}");
    let town = ledger.actor("qinghe-town").await.expect("an account");
    let (own, all) = (ledger.read(&town), Actor::operator());
    let own = own.dossiers(&ids).await.expect("dossiers").len();
    let dossiers = ledger.read(&all).dossiers(&ids).await.expect("dossiers");
    assert!(own > 50 && own < dossiers.len() / 3, "{own} of {}", dossiers.len());

    let today = ledger.today();
    let reasons: std::collections::BTreeSet<_> = dossiers
        .iter()
        .filter_map(|one| {
            crate::domain::deficiency::explain(
                Rule::NoMaintainer,
                &one.facts(),
                &crate::domain::deficiency::Thresholds::default(),
                today,
            )
        })
        .map(|found| found.reason.en)
        .collect();
    assert!(reasons.len() >= 4, "{reasons:?}");
}

/// One case at least of what stock-takes and comparing find.
async fn what_speaks_against_the_ledger_is_planted(ledger: &Ledger) {
    use crate::app::report::{Sought, findings_counted};
    let operator = Actor::operator();
    let counted = findings_counted(ledger, &operator, &Sought::default()).await.expect("counted");
    let n = |rule: Rule| counted.iter().find(|(one, _)| *one == rule).map_or(0, |(_, sum)| sum.n);
    assert_eq!((n(Rule::Differs), n(Rule::Duplicate)), (2, 1));
    for rule in [Rule::NoContract, Rule::ContractEnded, Rule::TermTooLong] {
        assert!(n(rule) >= 1, "{rule:?}");
    }
    assert!(n(Rule::Unbooked) >= 1, "{}", n(Rule::Unbooked));
    let read = ledger.read(&operator);
    assert_eq!(read.n_unregistered().await.expect("counted"), 1);
    assert_eq!(read.n_open_finds(sample::county()).await.expect("counted"), 1);
}
