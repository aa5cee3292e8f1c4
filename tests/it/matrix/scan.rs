//! Thousands of answers looked through for canaries of places that their reader may not see, and
//! for names and telephones that nobody asked to be revealed: first every reading of every thing,
//! then questions made up at random from a seed.

use std::collections::{BTreeMap, btree_map::Entry};

use entity::account::Role;
use taizhang::domain::permission::permits;

use super::{
    calls::{About, Asked, Gate, Operation, ROWS, Row, document},
    canary,
    cells::expected,
    country::{Country, PLACES, Who, roles},
    pages, public,
    question::{Chance, INSTANTS, said, words},
    thing::Thing,
    totals,
};
use crate::{api::Reply, harness::Town};

on_both!(nobody_is_shown_what_is_not_theirs);

/// Answers that the short form looks through.
const SHORT: usize = 5_000;
/// Readers of the sweep: of every kind of place, and of roles that may do much.
pub(crate) const READERS: [(usize, Role); 9] = [
    (0, Role::FinanceClerk),
    (1, Role::Auditor),
    (4, Role::FinanceClerk),
    (9, Role::Auditor),
    (10, Role::FinanceClerk),
    (13, Role::Auditor),
    (13, Role::SecurityAdministrator),
    (14, Role::FinanceClerk),
    (14, Role::Administrator),
];
/// Where whoever tries to change something elsewhere belongs.
const INTRUDERS: [usize; 4] = [0, 4, 9, 14];

/// How many answers are wanted.
#[expect(clippy::disallowed_methods, reason = "the tests have no configuration but this")]
fn wanted() -> usize {
    let wanted = std::env::var("TAIZHANG_ANSWERS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(SHORT)
}

/// Whether more is looked at than every change waits for.
pub(super) fn is_long() -> bool {
    wanted() > SHORT
}

/// Whoever looks answers through.
pub(crate) struct Scan<'a> {
    pub(crate) country: Country<'a>,
    pub(crate) operations: BTreeMap<String, Operation>,
    things: BTreeMap<(About, usize), Thing>,
    cursors: Vec<String>,
    n: usize,
}

async fn nobody_is_shown_what_is_not_theirs(town: &Town) {
    let mut scan = Scan::new(town).await;
    scan.try_others_key().await;
    scan.reorganize().await;
    totals::agree(&mut scan).await;
    pages::sweep(&mut scan).await;
    public::sweep(&scan).await;
    let before = kept(town).await;
    scan.try_others_parties().await;
    scan.sweep().await;
    scan.sweep_changes().await;
    let mut chance = Chance::new(7);
    while scan.n < wanted() {
        scan.ask_at_random(&mut chance).await;
    }
    assert!(kept(town).await == before, "a question changed something");
    super::cells::tell(&format!("{} answers", scan.n));
}

/// Every row but those of the log, which tells what was taken out.
pub(super) async fn kept(town: &Town) -> Vec<String> {
    let mut all = town.everything().await;
    all.retain(|row| !row.contains("county: "));
    all
}

impl<'a> Scan<'a> {
    async fn new(town: &'a Town) -> Scan<'a> {
        let country = Country::new(town).await;
        let mut things = BTreeMap::new();
        for row in ROWS.iter().copied() {
            for place in (0..PLACES.len()).filter(|place| row.about.is_in(*place)) {
                if let Entry::Vacant(entry) = things.entry((row.about, place)) {
                    entry.insert(country.thing(row.about, place).await);
                }
            }
        }
        Scan { country, operations: document(), things, cursors: Vec::new(), n: 0 }
    }

    async fn reorganize(&mut self) {
        self.country.reorganize().await;
        for ((about, _), thing) in &mut self.things {
            thing.version = self.country.version(*about, thing).await;
        }
    }

    /// Asks, and looks the answer through.
    pub(crate) async fn ask(&mut self, who: Who, row: &Row, asked: &Asked) -> Reply {
        let operation = &self.operations[row.operation];
        let key = format!("scan-{}", self.n);
        let reply = operation.call(self.country.client(who), asked, &key).await;
        let place = format!("{who:?} {} {}", row.operation, operation.address(asked));
        let is_past = asked.query.contains("as_of=");
        self.look_through(who, &reply, &place, is_past, row.reveals());
        let json = reply.json();
        for item in json["items"].as_array().into_iter().flatten() {
            let area = item["area_code"].as_str().map(crate::harness::town::code);
            // as it was, what is elsewhere now may have lain here
            let is_own = area.is_none_or(|area| PLACES[who.place].code().covers(&area));
            assert!(is_own || is_past, "{place}: shown {item}");
        }
        if let Some(next) = json["next"].as_str() {
            self.cursors.push(next.to_owned());
        }
        reply
    }

    /// Looks an answer through for what its reader may not see.
    pub(crate) fn look_through(
        &mut self,
        who: Who,
        reply: &Reply,
        place: &str,
        is_past: bool,
        reveals: bool,
    ) {
        self.n += 1;
        assert!(reply.status.as_u16() < 500, "{place}: {reply:?}");
        let headers = format!("{:?}", reply.headers);
        let text = || String::from_utf8_lossy(&reply.body);
        for canary in
            canary::found(&reply.body).into_iter().chain(canary::found(headers.as_bytes()))
        {
            let is_seen = canary.may_be_seen_from(&PLACES[who.place], is_past);
            let role = who.role.filter(|_| is_seen);
            let role = role.unwrap_or_else(|| panic!("{place}: shown {canary:?}: {}", text()));
            let is_masked = canary.is_masked_for(role) && !reveals;
            assert!(!is_masked, "{place}: {canary:?} whole: {}", text());
        }
    }

    /// Every reading of every thing by a few.
    async fn sweep(&mut self) {
        for row in ROWS.iter().copied().filter(|row| row.is_harmless()) {
            for (place, role) in READERS {
                let who = Who { place, role: Some(role) };
                for thing in self.things_of(row.about) {
                    let mut asked = (row.ask)(&thing);
                    let status = self.ask(who, row, &asked).await.status.as_u16();
                    assert_eq!(
                        status,
                        expected(row, who, &thing),
                        "{who:?} {} {asked:?}",
                        row.operation
                    );
                    let takes = self.operations[row.operation].query.clone();
                    // each order is read by a query of its own: asked where the reader is at home
                    let is_sorted = thing.place == place && takes.iter().any(|name| name == "sort");
                    for order in said("sort").iter().filter(|_| is_sorted) {
                        let mut asked = (row.ask)(&thing);
                        asked.set("sort", &format!("sort={order}"));
                        self.ask(who, row, &asked).await;
                    }
                    if takes.iter().any(|name| name == "as_of") {
                        asked.add(&format!("as_of={}", super::calls::encoded(INSTANTS[0])));
                        self.ask(who, row, &asked).await;
                    }
                }
            }
        }
    }

    /// Every change of what lies elsewhere: not found, whatever version was read.
    async fn sweep_changes(&mut self) {
        for row in ROWS.iter().copied().filter(|row| row.writes) {
            let Gate::May(action) = row.gate else { continue };
            let role = Role::of_accounts().find(|role| permits(*role, action));
            let things = self.things_of(row.about);
            for (place, thing) in
                INTRUDERS.iter().flat_map(|place| things.iter().map(move |thing| (*place, thing)))
            {
                let who = Who { place, role };
                if expected(row, who, thing) == row.ok {
                    continue;
                }
                for behind in [3, 0] {
                    let mut asked = (row.ask)(thing);
                    asked.version = asked.version.map(|version| version + behind);
                    let reply = self.ask(who, row, &asked).await;
                    let place = format!("{who:?} {} {asked:?}", row.operation);
                    assert_eq!(reply.status.as_u16(), row.elsewhere, "{place}: {reply:?}");
                }
            }
        }
    }

    /// Somebody from elsewhere bears no duty on what is one's own.
    async fn try_others_parties(&mut self) {
        let clerk = Who { place: 13, role: Some(Role::FinanceClerk) };
        for operation in ["assign_duty", "settle_title"] {
            let row = ROWS.iter().copied().find(|row| row.operation == operation).expect("a row");
            let own = self.things[&(About::Asset, 0)].clone();
            let body = self.things[&(About::Asset, 4)].body;
            let asked = (row.ask)(&Thing { body, ..own });
            let reply = self.ask(clerk, row, &asked).await;
            assert_eq!(reply.status.as_u16(), 404, "{operation} to another county's: {reply:?}");
        }
    }

    /// Somebody else's key gets nobody somebody else's answer.
    async fn try_others_key(&mut self) {
        let row =
            ROWS.iter().copied().find(|row| row.operation == "register_asset").expect("a row");
        let asked = (row.ask)(&self.things[&(About::In, 0)]);
        let clerk = |place| Who { place, role: Some(Role::FinanceClerk) };
        let operation = &self.operations[row.operation];
        let own = self.country.client(clerk(0));
        operation.call(own, &asked, "one-key").await.is(201);
        self.country.count(0);
        for place in [1, 4, 14] {
            let client = self.country.client(clerk(place));
            let reply = operation.call(client, &asked, "one-key").await;
            assert_eq!(reply.status.as_u16(), 404, "another's key: {reply:?}");
        }
    }

    fn things_of(&self, about: About) -> Vec<Thing> {
        let things = self.things.iter().filter(|((of, _), _)| *of == about);
        things.map(|(_, thing)| thing.clone()).collect()
    }

    /// Anybody asks anything of anything.
    async fn ask_at_random(&mut self, chance: &mut Chance) {
        let all: Vec<_> = roles().map(Some).chain([None]).collect();
        let who = Who { place: chance.below(PLACES.len()), role: *chance.one_of(&all) };
        let row = *chance.one_of(&ROWS);
        let things = self.things_of(row.about);
        let thing = chance.one_of(&things).clone();
        // whoever belonged to the merged village belongs elsewhere
        let is_gone = PLACES[who.place].code() != PLACES[who.place].now();
        let expected = expected(row, who, &thing);
        if is_gone || (!row.is_harmless() && expected == row.ok) {
            return;
        }
        let mut asked = (row.ask)(&thing);
        let mut is_plain = true;
        for name in self.operations[row.operation].query.clone() {
            if chance.one_in(3) {
                is_plain = false;
                asked.set(&name, &words(&name, &self.cursors, chance));
            }
        }
        if let Some(body) = asked.body.as_mut().filter(|_| row.operation == "search_assets") {
            is_plain = false;
            body["q"] = format!("canary{:02}", chance.below(PLACES.len())).into();
        }
        let status = self.ask(who, row, &asked).await.status.as_u16();
        let place = format!("{who:?} {} {asked:?}", row.operation);
        assert!(!is_plain || status == expected, "{place}: {status}, not {expected}");
    }
}
