//! The matrix: every operation × everybody × every relation between the caller and the thing.
//! What is answered follows from the row of the operation, the role and the two areas; and what is
//! refused says the same of what lies elsewhere as of what is nowhere.

use std::collections::{HashMap, hash_map::Entry};

use entity::{account::Role, area::Level};
use serde_json::Value as Json;
use taizhang::domain::permission::permits;

use super::{
    calls::{About, Gate, Operation, ROWS, Row, document},
    canary,
    country::{Country, PLACES, Who, at, roles},
    thing::Thing,
};
use crate::{api::Reply, harness::Town};

on_both!(every_cell_answers_as_the_table_says);

/// How the caller's area and the thing's lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Relation {
    /// The caller belongs to the very place.
    Own,
    /// The caller stands above it.
    Above,
    /// The thing belongs to the town, the caller to a village of it.
    Below,
    /// Two villages of a town, or two counties of a prefecture.
    Sibling,
    /// The other county.
    Cousin,
    /// There is no such thing.
    None,
    /// The village was merged into one of another town: the caller belongs to the former town.
    Former,
    /// The same, and the caller belongs to the town it lies in now.
    Present,
}

impl Relation {
    const ALL: [Relation; 8] = [
        Relation::Own,
        Relation::Above,
        Relation::Below,
        Relation::Sibling,
        Relation::Cousin,
        Relation::None,
        Relation::Former,
        Relation::Present,
    ];

    /// The place of the thing, and that of the caller.
    fn places(self, about: About) -> (Option<usize>, usize) {
        let (thing, caller) = match about {
            About::County => self.counties(),
            About::Village | About::Uncounted => self.towns(),
            _ => self.villages(),
        };
        (thing.map(at), at(caller))
    }

    const fn villages(self) -> (Option<&'static str>, &'static str) {
        let (village, town) = ("520381100201", "520381100000");
        match self {
            Relation::Own => (Some(village), village),
            Relation::Above => (Some(village), town),
            Relation::Below => (Some(town), village),
            Relation::Sibling => (Some(village), "520381100202"),
            Relation::Cousin => (Some(village), "520382100201"),
            Relation::None => (None, town),
            Relation::Former => (Some("520381100203"), town),
            Relation::Present => (Some("520381100203"), "520381101000"),
        }
    }

    /// A village that is changed is a new one in the town that is named here.
    const fn towns(self) -> (Option<&'static str>, &'static str) {
        let (town, county) = ("520381100000", "520381000000");
        match self {
            Relation::Own => (Some(town), town),
            Relation::Above => (Some(town), county),
            Relation::Below => (Some(town), "520381100201"),
            Relation::Sibling => (Some(town), "520381101000"),
            Relation::Cousin => (Some(town), "520382100000"),
            _ => self.villages(),
        }
    }

    /// A log belongs to a county, which is merged into no other.
    const fn counties(self) -> (Option<&'static str>, &'static str) {
        let (county, prefecture) = ("520381000000", "520300000000");
        match self {
            Relation::Own => (Some(county), county),
            Relation::Above => (Some(county), prefecture),
            Relation::Below => (Some(county), "520381100201"),
            Relation::Sibling => (Some(county), "520382000000"),
            Relation::Cousin => (Some(county), "520402000000"),
            Relation::None => (None, prefecture),
            Relation::Former => (Some(county), "520381100000"),
            Relation::Present => (Some(county), "520381101000"),
        }
    }

    const fn is_after_merger(self) -> bool {
        matches!(self, Relation::Former | Relation::Present)
    }
}

/// What the table says that somebody is answered.
pub(crate) fn expected(row: &Row, who: Who, thing: &Thing) -> u16 {
    match (row.gate, who.role) {
        (Gate::Open, _) => return row.ok,
        (_, None) => return 401,
        (Gate::May(action), Some(role)) if !permits(role, action) => return 403,
        (Gate::MayEither(one, other), Some(role))
            if !permits(role, one) && !permits(role, other) =>
        {
            return 403;
        }
        _ => {}
    }
    if !row.about.is_within(who, thing) {
        return row.elsewhere;
    }
    // what a sheet brought has moved since: it is undone no more
    let has_moved = row.operation == "undo_import" && PLACES[thing.place].is_closed();
    if has_moved { 422 } else { row.ok }
}

impl About {
    /// Whether a thing lies where the caller may reach it.
    fn is_within(self, who: Who, thing: &Thing) -> bool {
        let own = PLACES[who.place].code();
        match self {
            About::Nothing => true,
            _ if thing.place >= PLACES.len() => false,
            // nothing becomes of an area that is closed
            About::Village | About::Uncounted if PLACES[thing.place].is_closed() => false,
            About::Within | About::Campaign => own.covers(&thing.area) || thing.area.covers(&own),
            _ => own.covers(&thing.area),
        }
    }

    /// Whether there is such a thing in a place.
    pub(crate) fn is_in(self, place: usize) -> bool {
        let digits = PLACES[place].code();
        match self {
            About::Nothing => place == 0,
            About::County => digits.level() == Level::County,
            About::Within | About::Area => true,
            About::Village | About::Uncounted => {
                digits.level() == Level::Town || PLACES[place].is_closed()
            }
            _ => digits.level() >= Level::Town,
        }
    }

    /// Where a thing lies: what was merged away lies elsewhere, but its code is still one.
    pub(crate) fn area(self, place: usize) -> entity::area::AreaCode {
        let place = &PLACES[place];
        let stays = [About::Within, About::Area, About::Village, About::Uncounted, About::Setting];
        if stays.contains(&self) { place.code() } else { place.now() }
    }
}

/// One cell.
struct Cell {
    row: &'static Row,
    who: Who,
    thing: Thing,
    expected: u16,
}

/// Everybody of every role, and somebody of none.
fn everybody(place: usize) -> impl Iterator<Item = Who> {
    roles().map(Some).chain([None]).map(move |role| Who { place, role })
}

/// The cells of a relation, each with what it is called on: something of its own where it will be
/// changed.
async fn cells(country: &Country<'_>, relation: Relation) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut shared: HashMap<About, Thing> = HashMap::new();
    for row in ROWS.iter().copied() {
        let (place, caller) = relation.places(row.about);
        let Some(place) = place else {
            let thing = Thing::nowhere();
            cells.extend(everybody(caller).map(|who| Cell {
                row,
                who,
                thing: thing.clone(),
                expected: expected(row, who, &thing),
            }));
            continue;
        };
        if let Entry::Vacant(entry) = shared.entry(row.about) {
            entry.insert(country.thing(row.about, place).await);
        }
        for who in everybody(caller) {
            let mut thing = shared[&row.about].clone();
            let expected = expected(row, who, &thing);
            if row.writes && expected == row.ok {
                thing = country.thing(row.about, place).await;
            }
            cells.push(Cell { row, who, thing, expected });
        }
    }
    cells
}

/// What refusals have said so far, by operation and status.
type Said = HashMap<(&'static str, u16), (Json, String)>;

struct Matrix<'a> {
    country: Country<'a>,
    operations: std::collections::BTreeMap<String, Operation>,
    said: Said,
    n: usize,
}

async fn every_cell_answers_as_the_table_says(town: &Town) {
    let country = Country::new(town).await;
    let mut matrix = Matrix { country, operations: document(), said: Said::new(), n: 0 };
    let mut all = HashMap::new();
    for relation in Relation::ALL {
        all.insert(relation, cells(&matrix.country, relation).await);
    }
    let (after, before): (Vec<_>, Vec<_>) =
        Relation::ALL.into_iter().partition(|one| one.is_after_merger());
    for relation in before {
        matrix.try_out(relation, all.remove(&relation).expect("cells")).await;
    }
    matrix.country.reorganize().await;
    for relation in after {
        let mut cells = all.remove(&relation).expect("cells");
        for cell in &mut cells {
            cell.thing.version = matrix.country.version(cell.row.about, &cell.thing).await;
        }
        matrix.try_out(relation, cells).await;
    }
    let n_callers = roles().count() + 1;
    let n_roles = Role::ALL.len() - 1;
    assert_eq!(n_callers, n_roles, "everybody but the operator and a villager, and a stranger");
    assert_eq!(matrix.n, ROWS.len() * n_callers * Relation::ALL.len(), "a cell was left out");
    tell(&format!("{} cells", matrix.n));
}

/// Tells whoever asks for the output of a test.
pub(crate) fn tell(line: &str) {
    use std::io::Write as _;
    drop(writeln!(std::io::stderr(), "{line}"));
}

impl Matrix<'_> {
    /// Tries the cells of a relation: those that are refused first, which leave everything as it
    /// was.
    async fn try_out(&mut self, relation: Relation, cells: Vec<Cell>) {
        let (refused, carried_out): (Vec<_>, Vec<_>) =
            cells.into_iter().partition(|cell| cell.expected >= 400);
        let before = self.country.town.everything().await;
        for cell in &refused {
            self.try_one(relation, cell).await;
        }
        assert!(
            self.country.town.everything().await == before,
            "{relation:?}: a refusal left something"
        );
        for cell in &carried_out {
            let before = self.country.n_entries().await;
            self.try_one(relation, cell).await;
            let grown = self.country.n_entries().await - before;
            assert_eq!(grown, u64::from(cell.row.writes), "{relation:?}: {}", cell.name());
        }
    }

    async fn try_one(&mut self, relation: Relation, cell: &Cell) {
        let reply = self.ask(cell).await;
        let text = String::from_utf8_lossy(&reply.body);
        let place = format!("{relation:?}: {}", cell.name());
        assert_eq!(reply.status.as_u16(), cell.expected, "{place}: {text}");
        self.n += 1;
        if [401, 403, 404, 409].contains(&cell.expected) {
            self.says_the_same(cell, &reply, &place);
        }
        let seen = canary::found(&reply.body);
        let whose = &PLACES[cell.who.place];
        // until it is merged away, the village lies where it lay
        let is_before = !relation.is_after_merger();
        let leak = seen.iter().find(|one| !one.may_be_seen_from(whose, is_before));
        assert_eq!(leak, None, "{place}: {text}");
    }

    async fn ask(&self, cell: &Cell) -> Reply {
        let operation = &self.operations[cell.row.operation];
        let asked = (cell.row.ask)(&cell.thing);
        if cell.row.operation == "close_session" && cell.who.role.is_some() {
            let client = self.country.seat_again(cell.who).await;
            return operation.call(&client, &asked, "a-key").await;
        }
        let key = format!("cell-{}", self.n);
        operation.call(self.country.client(cell.who), &asked, &key).await
    }

    /// A refusal tells nothing: it reads the same whether the thing is there or not.
    fn says_the_same(&mut self, cell: &Cell, reply: &Reply, place: &str) {
        let mut words = reply.json();
        assert!(words["request_id"].take().is_string(), "{place}");
        let headers: Vec<_> =
            reply.headers.iter().filter(|(name, _)| *name != "x-request-id").collect();
        let told = (words, format!("{headers:?}"));
        let first =
            self.said.entry((cell.row.operation, cell.expected)).or_insert_with(|| told.clone());
        assert_eq!(*first, told, "{place}");
    }
}

impl Cell {
    fn name(&self) -> String {
        let role = self.who.role.map_or("a stranger", Role::code);
        format!("{} by {role}", self.row.operation)
    }
}
