//! Briefs: each month as it ended, as far as the ledger knows, and each town beside the others.

use entity::{account::Role, duty, finding::Rule, inspection::Condition};
use taizhang::{
    app::{
        self,
        brief::{Brief, Briefs, briefs},
    },
    domain::{brief::Month, duty::Terms, title::Party},
    store::Actor,
};

use crate::harness::{
    Town,
    expect::not_found,
    inspections::{found, good},
    money,
    town::{COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1, code, yuan},
};

on_both!(
    a_month_is_told_as_it_ended,
    what_is_done_and_paid_is_counted_town_by_town,
    only_the_county_compares_its_towns,
    many_findings_change_nothing_of_how_it_is_counted
);

impl Town {
    async fn briefs(&self, actor: &Actor, area: &str, month: &str) -> Briefs {
        let month = Month::read(month, self.today()).expect("a month");
        briefs(&self.ledger, actor, Some(code(area)), Some(month)).await.expect("briefs")
    }

    async fn brief(&self, town: &str, month: &str) -> Brief {
        let told = self.briefs(&Actor::operator(), COUNTY, month).await;
        let own = told.towns.into_iter().find(|one| one.area == code(town));
        own.expect("the town")
    }
}

async fn a_month_is_told_as_it_ended(town: &Town) {
    let first = town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    town.asset(VILLAGE_A1, "水渠", "20.00").await;
    town.asset(VILLAGE_B1, "旧路", "30.00").await;
    town.night(34).await;
    assert_eq!(town.today().to_string(), "2026-07-05");
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let (operator, party) = (Actor::operator(), (duty::Kind::Maintainer, body));
    let done =
        app::duty::assign(&town.ledger, &operator, &[first.id], party, &Terms::default()).await;
    done.expect("a duty");
    let (june, july) = (town.brief(TOWN_A, "2026-06").await, town.brief(TOWN_A, "2026-07").await);
    let lacking = |brief: &Brief| brief.maintained.share.whole - brief.maintained.share.part;
    assert_eq!((lacking(&june), lacking(&july)), (2, 1));
    assert_eq!((june.assets.n, june.assets.value), (2, yuan("30.00")));
    assert_eq!(july.maintained.before, june.maintained.share);
    assert!(june.opened >= 2 && july.cleared >= 1, "{june:?} {july:?}");
    assert_eq!((june.cleared, june.stood - june.opened), (0, 0), "nothing was there before");
    assert_eq!(town.brief(TOWN_A, "2026-05").await.stood, 0);
    let other = town.brief(TOWN_B, "2026-07").await;
    assert_eq!((july.maintained.place, other.maintained.place), (Some(1), Some(2)));
    assert_eq!((july.maintained.place_before, other.maintained.place_before), (Some(1), Some(1)));
    assert_eq!(july.maintained.target_bp, 9_500);
    // what stood at its end is what a recount of today finds
    let rows = town.rows::<entity::finding::Entity>().await;
    let open = rows.iter().filter(|row| {
        code(TOWN_A).covers(&row.area_code) && row.closed_on.is_none() && !row.is_waived
    });
    assert_eq!(usize::try_from(july.stood).expect("a number"), open.count());
}

async fn what_is_done_and_paid_is_counted_town_by_town(town: &Town) {
    let road = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let fund = town.fund(VILLAGE_A1, "1000.00").await.id;
    let budget = town.set_aside(&money::for_asset(fund, road.id, "500.00")).await;
    town.pay(&budget, road.id, "50.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let seen = good(&road, 1, town.ledger.clock().now());
    let sent = found(seen, 0, Condition::Danger, "路面塌陷");
    app::inspection::record(&town.ledger, &inspector, road.id, &sent).await.expect("a record");
    let own = town.brief(TOWN_A, "2026-06").await;
    assert_eq!((own.inspected, own.orders), (1, [1, 0, 1, 0]));
    assert_eq!((own.set_aside, own.spent), (yuan("500.00"), yuan("50.00")));
    assert_eq!(own.paid, yuan("50.00"));
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let other = town.brief(TOWN_B, "2026-06").await;
    assert_eq!((other.inspected, other.orders, other.paid), (0, [0; 4], yuan("0.00")));
    town.night(40).await;
    let later = town.brief(TOWN_A, "2026-07").await;
    assert_eq!((later.inspected, later.paid), (0, yuan("0.00")));
    assert_eq!(later.orders[2..], [1, 1], "it is open, and late");
    assert_eq!(town.brief(TOWN_A, "2026-06").await.inspected, 1);
}

async fn only_the_county_compares_its_towns(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let leader = town.as_role(Role::Leader).await;
    let all = town.briefs(&leader, COUNTY, "2026-06").await;
    assert_eq!((all.towns.len(), all.n_compared), (2, Some(2)));
    let clerk = town.as_role(Role::TownshipClerk).await;
    let own = town.briefs(&clerk, TOWN_A, "2026-06").await;
    assert_eq!((own.towns.len(), own.n_compared), (1, None));
    assert_eq!(own.towns[0].maintained.place, None);
    // whoever names the county is told of what is theirs
    assert_eq!(town.briefs(&clerk, COUNTY, "2026-06").await.towns, own.towns);
    not_found(briefs(&town.ledger, &clerk, Some(code(TOWN_B)), None).await);
    not_found(briefs(&town.ledger, &leader, Some(code(OTHER_COUNTY)), None).await);
    let officer = town.as_role(Role::VillageOfficer).await;
    assert!(town.briefs(&officer, VILLAGE_A1, "2026-06").await.towns.is_empty());
}

async fn many_findings_change_nothing_of_how_it_is_counted(town: &Town) {
    for n in 0..12 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await;
    }
    let told = town.brief(TOWN_A, "2026-06").await;
    let lacking = told.most.iter().find(|(rule, _)| *rule == Rule::NoMaintainer);
    assert_eq!(lacking, Some(&(Rule::NoMaintainer, 12)));
    assert!(told.most.windows(2).all(|pair| pair[0].1 >= pair[1].1), "{:?}", told.most);
}
