//! Splitting and merging: not a fen is lost, and everything passes on.

use entity::{
    asset::{self, State},
    duty::{EndReason, Kind},
    holding::Right,
    money::Money,
    share::Share,
    title,
};
use taizhang::{
    app::{self, asset::Registration},
    domain::{
        asset::{Completeness, division::Part},
        duty::Terms,
        funding::Source,
        title::{self as titles, Holder, Party},
    },
    limits,
};

use crate::harness::{
    Town,
    expect::{invalid, not_found, refused},
    town::{OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, code, day, registration, yuan},
};

on_both!(
    a_split_passes_on_everything_to_the_fen,
    a_split_of_nothing_loses_nothing,
    a_split_is_refused,
    a_merger_sums_everything_to_the_fen,
    what_a_merger_does_not_agree_on_is_open,
    a_merger_is_refused,
);

fn part(name: &str, value: &str) -> Part {
    Part { name: name.into(), original_value: yuan(value), quantity: "0.5".parse().ok() }
}

fn source(year: i32, amount: &str) -> Source {
    Source { year: Some(year), amount: Some(yuan(amount)), ..Source::default() }
}

/// A road of 100.00 from two sources, owned by its village, maintained and kept.
async fn road(town: &Town, name: &str) -> asset::Model {
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let keeper = Party::Person(town.person(code(VILLAGE_A1), 2).await);
    let terms = Terms {
        from_on: Some(day("2021-01-01")),
        annual_budget: Some(yuan("1000.01")),
        standard: Some("县公路管护办法".into()),
        is_funded: Some(true),
        ..Terms::default()
    };
    let mut whole = registration(VILLAGE_A1, name, "100.00");
    whole.asset.budget = Some(yuan("100.01"));
    whole.asset.final_account = Some(yuan("99.99"));
    let whole = Registration {
        sources: vec![source(2019, "33.34"), source(2020, "66.66")],
        title: Some(title::Model {
            state: title::State::Confirmed,
            certificate_no: Some("黔0001".into()),
            ..titles::blank(entity::id::AssetId(0), code(VILLAGE_A1))
        }),
        holders: vec![Holder { right: Right::Own, party: body, share: Share::WHOLE }],
        duties: vec![(Kind::Maintainer, body, terms.clone()), (Kind::Keeper, keeper, terms)],
        ..whole
    };
    let clerk = town.clerk().await;
    let made = app::asset::register(&town.ledger, &clerk, whole, Completeness::Whole).await;
    made.expect("a road")
}

fn total(amounts: impl Iterator<Item = Option<Money>>) -> Money {
    Money::total(amounts.map(|amount| amount.expect("an amount"))).expect("a sum")
}

async fn a_split_passes_on_everything_to_the_fen(town: &Town) {
    let road = road(town, "通村路").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let parts = [part("一段", "33.33"), part("二段", "33.33"), part("三段", "33.34")];
    let made = app::asset::split(ledger, &clerk, (road.id, 1), &parts, "分段管护").await;
    let made = made.expect("split");
    assert_eq!(total(made.iter().map(|part| part.original_value)), yuan("100.00"));
    assert_eq!(total(made.iter().map(|part| part.budget)), yuan("100.01"));
    assert_eq!(total(made.iter().map(|part| part.final_account)), yuan("99.99"));
    let (mut by_year, mut upkeep) = ([Money::ZERO; 2], Vec::new());
    for part in &made {
        assert_eq!((part.parent_id, part.version), (Some(road.id), 1));
        let sources = town.sources(part.id).await;
        for (place, source) in sources.iter().enumerate() {
            let amount = source.amount.expect("an amount");
            by_year[place] = by_year[place].checked_add(amount).expect("a sum");
        }
        let duties = town.duties(part.id).await;
        assert_eq!(duties.len(), 2);
        assert!(duties.iter().all(|duty| duty.from_on == Some(town.today())));
        upkeep.push(duties[0].annual_budget);
        assert_eq!(town.holdings(part.id).await.len(), 1);
        assert!(!town.open_findings(part.id).await.contains(&"Q01"), "the title passes on");
    }
    assert_eq!(by_year, [yuan("33.34"), yuan("66.66")]);
    assert_eq!(total(upkeep.into_iter()), yuan("1000.01"));
    assert_eq!(town.stored(road.id).await.state, State::Replaced);
    assert!(town.sources(road.id).await.is_empty());
    let ended = town.duties(road.id).await;
    assert!(ended.iter().all(|duty| duty.end_reason == Some(EndReason::AssetLeft)));
    assert!(ended.iter().all(|duty| duty.until_on == Some(town.today())));
    assert!(town.open_findings(road.id).await.is_empty());
}

async fn a_split_of_nothing_loses_nothing(town: &Town) {
    let mut gift = registration(VILLAGE_A1, "捐赠设备", "0.00");
    gift.asset.budget = Some(yuan("10.01"));
    gift.sources = vec![source(2020, "10.01")];
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let gift = app::asset::register(ledger, &clerk, gift, Completeness::Whole).await.expect("made");
    let parts = [part("甲", "0.00"), part("乙", "0.00")];
    let made =
        app::asset::split(ledger, &clerk, (gift.id, 1), &parts, "分开").await.expect("split");
    assert_eq!(total(made.iter().map(|part| part.budget)), yuan("10.01"));
    let mut sources = Vec::new();
    for part in &made {
        sources.extend(town.sources(part.id).await.iter().map(|source| source.amount));
    }
    assert_eq!(total(sources.into_iter()), yuan("10.01"));
}

async fn a_split_is_refused(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "路", "100.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let split = async |parts: &[Part], reason: &str| {
        app::asset::split(ledger, &clerk, (asset.id, 1), parts, reason).await
    };
    let (a, b) = (part("甲", "40.00"), part("乙", "60.00"));
    let before = town.everything().await;
    refused(split(&[a.clone(), b.clone()], "  ").await, "action.reason_missing");
    refused(split(&[part("甲", "100.00")], "理由").await, "asset.too_few_parts");
    let short = [a.clone(), part("乙", "59.99")];
    refused(split(&short, "理由").await, "asset.parts_do_not_sum");
    let many = vec![part("段", "1.00"); limits::SPLIT_PARTS + 1];
    refused(split(&many, "理由").await, "action.too_many");
    let below = [part("甲", "-1.00"), part("乙", "101.00")];
    assert!(split(&below, "理由").await.is_err());
    invalid(split(&[a.clone(), Part { name: String::new(), ..b.clone() }], "理由").await, "name");
    assert_eq!(town.everything().await, before);
    let many = vec![part("段", "1.00"); limits::SPLIT_PARTS];
    assert_eq!(split(&many, "理由").await.expect("split").len(), limits::SPLIT_PARTS);
    let mut bare = registration(VILLAGE_A1, "路", "1.00");
    bare.asset.original_value = None;
    let bare = app::asset::register(ledger, &clerk, bare, Completeness::TakeOn).await;
    let at = (bare.expect("taken on").id, 1);
    let answer = app::asset::split(ledger, &clerk, at, &[a, b], "理由").await;
    refused(answer, "asset.value_missing");
}

async fn a_merger_sums_everything_to_the_fen(town: &Town) {
    let (one, two) = (road(town, "东路").await, road(town, "西路").await);
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let merged = app::asset::merge(ledger, &clerk, &[one.id, two.id], "环村路", "合并").await;
    let merged = merged.expect("merged");
    assert_eq!(merged.original_value, Some(yuan("200.00")));
    assert_eq!(merged.budget, Some(yuan("200.02")));
    assert_eq!(merged.final_account, Some(yuan("199.98")));
    assert_eq!(merged.quantity, "3".parse().ok());
    let sources = town.sources(merged.id).await;
    assert_eq!(sources.len(), 4);
    assert_eq!(total(sources.iter().map(|source| source.amount)), yuan("200.00"));
    let duties = town.duties(merged.id).await;
    assert_eq!(duties.len(), 2);
    assert!(duties.iter().all(|duty| duty.annual_budget == Some(yuan("2000.02"))));
    assert_eq!(town.holdings(merged.id).await.len(), 1);
    for gone in [one.id, two.id] {
        assert_eq!(town.stored(gone).await.state, State::Replaced);
        assert!(town.sources(gone).await.is_empty());
        assert!(town.open_findings(gone).await.is_empty());
    }
    assert!(!town.open_findings(merged.id).await.contains(&"Q01"));
}

async fn what_a_merger_does_not_agree_on_is_open(town: &Town) {
    let one = road(town, "东路").await;
    let two = town.asset(VILLAGE_A1, "西路", "100.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let merged = app::asset::merge(ledger, &clerk, &[one.id, two.id], "环村路", "合并").await;
    let merged = merged.expect("merged");
    assert_eq!(merged.budget, None, "one of them had none");
    assert!(town.duties(merged.id).await.is_empty());
    assert!(town.holdings(merged.id).await.is_empty());
    assert_eq!(town.open_findings(merged.id).await, ["G01", "Q01", "Q02"]);
}

async fn a_merger_is_refused(town: &Town) {
    let road = town.asset(VILLAGE_A1, "路", "1.00").await;
    let far = town.asset(VILLAGE_A2, "路", "1.00").await;
    let abroad = town.asset(OTHER_VILLAGE, "路", "1.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let merge = async |ids: &[entity::id::AssetId], reason: &str| {
        app::asset::merge(ledger, &clerk, ids, "并", reason).await
    };
    let before = town.everything().await;
    refused(merge(&[road.id, far.id], "").await, "action.reason_missing");
    refused(merge(&[road.id], "理由").await, "asset.too_few_to_merge");
    refused(merge(&[road.id, road.id], "理由").await, "asset.too_few_to_merge");
    refused(merge(&[], "理由").await, "asset.too_few_to_merge");
    refused(merge(&[road.id, far.id], "理由").await, "asset.cannot_merge_unlike");
    let many = vec![road.id; limits::SPLIT_PARTS + 1];
    refused(merge(&many, "理由").await, "action.too_many");
    not_found(merge(&[road.id, abroad.id], "理由").await);
    assert_eq!(town.everything().await, before);
}
