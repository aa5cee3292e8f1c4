//! Assets listed and looked for.

use entity::{
    area::AreaCode,
    asset::{Entity, Model},
    duty,
    finding::Rule,
    funding::{self, Fund},
    holding::Right,
    language::Label,
    money::Money,
    title,
};

use super::place::Places;
use crate::{
    domain::{
        asset::likeness::{Likeness, SAME},
        deficiency::{self, running},
        mistake::Mistakes,
        title::Party,
    },
    error::Result,
    limits,
    store::{
        Actor, Dossier, Ledger, NamedAsset,
        list::{List, Listing, kept_by},
        vault::Named,
    },
};

/// An asset of a page with what stands beside it in the list.
pub struct Sight {
    /// The asset.
    pub asset: Model,
    /// The names of where it lies, below the reader's own area.
    pub place: String,
    /// The state of its title, where one was opened.
    pub title: Option<title::State>,
    /// Who maintains it.
    pub maintainer: Option<Named>,
    /// Who keeps it; masked.
    pub keeper: Option<Named>,
    /// Who owns it; people are masked.
    pub owners: Vec<Named>,
    /// Where its money came from, without what was withdrawn.
    pub sources: Vec<funding::Model>,
    /// The rules it breaks, without those that are waived.
    pub findings: Vec<Rule>,
}

impl Sight {
    /// The funds that it drew from.
    pub fn funds(&self) -> impl Iterator<Item = Label> {
        self.sources.iter().filter_map(|source| source.fund).map(Fund::label)
    }

    /// The years of its money.
    pub fn fund_years(&self) -> impl Iterator<Item = i32> {
        self.sources.iter().filter_map(|source| source.year)
    }

    /// The money of all its sources, where one tells how much.
    pub fn funding(&self) -> Option<Money> {
        let amounts = self.sources.iter().filter_map(|source| source.amount);
        amounts.reduce(|one, other| one.checked_add(other).unwrap_or(one))
    }
}

/// What stands beside the assets of a page, as they stand today: in a few queries, however many
/// rows the page has.
pub async fn sights(ledger: &Ledger, actor: &Actor, assets: Vec<Model>) -> Result<Vec<Sight>> {
    let read = ledger.read(actor);
    let today = read.today();
    let places_of: Vec<AreaCode> = assets.iter().map(|asset| asset.area_code).collect();
    let dossiers = read.dossiers_beside(assets).await?;
    let bearer = |dossier: &Dossier, kind| {
        let duty = running(&dossier.facts(), kind, today)?;
        Party::of(duty.organization_id, duty.person_id)
    };
    let kinds = [duty::Kind::Maintainer, duty::Kind::Keeper];
    let owners = |dossier: &Dossier| {
        let held = dossier.holdings.iter();
        let held = held.filter(|one| one.right == Right::Own && one.holds_on(today));
        held.filter_map(|one| Party::of(one.organization_id, one.person_id)).collect::<Vec<_>>()
    };
    let bearers = dossiers.iter().flat_map(|one| kinds.map(|kind| bearer(one, kind))).flatten();
    let parties: Vec<Party> = bearers.chain(dossiers.iter().flat_map(owners)).collect();
    let named = read.parties_masked(&parties).await?;
    let local = read.local_rules(places_of.iter().copied()).await?;
    let mut places = Places::new(today);
    places.learn(&read, places_of).await?;
    let sight = |dossier: Dossier| {
        let [maintainer, keeper] = kinds
            .map(|kind| Some(named.get(&bearer(&dossier, kind)?).cloned().unwrap_or_default()));
        let thresholds = local.thresholds(dossier.asset.area_code, today);
        let found = deficiency::evaluate(&dossier.facts(), &thresholds, today).into_iter();
        Sight {
            place: places.path_below(dossier.asset.area_code, Some(actor.area())),
            title: dossier.title.as_ref().map(|title| title.state),
            findings: found.filter(|one| !one.is_waived).map(|one| one.rule).collect(),
            owners: owners(&dossier).iter().filter_map(|one| named.get(one).cloned()).collect(),
            sources: dossier.funding.into_iter().filter(|one| !one.is_withdrawn).collect(),
            asset: dossier.asset,
            maintainer,
            keeper,
        }
    };
    Ok(dossiers.into_iter().map(sight).collect())
}

/// One page of assets, as they stand or as they were recorded at an earlier time.
pub async fn assets(ledger: &Ledger, actor: &Actor, list: &List<Entity>) -> Result<Listing<Model>> {
    let read = ledger.read(actor);
    match list.as_of {
        None => read.list(list).await,
        Some(as_of) => read.assets_at(list, as_of.instant(ledger.clock().now())?).await,
    }
}

/// All assets of a list as they stand, whatever page of it was asked for; none where there are more
/// than so many.
pub async fn all_assets(
    ledger: &Ledger,
    actor: &Actor,
    list: &mut List<Entity>,
    most: usize,
) -> Result<Option<Vec<Model>>> {
    list.limit = limits::PAGE_ROWS;
    let mut rows = Vec::new();
    let mut next = None;
    loop {
        list.go_on(next.as_deref()).map_err(|mistake| Mistakes(vec![mistake]))?;
        let page = assets(ledger, actor, list).await?;
        rows.extend(page.rows);
        if rows.len() > most {
            return Ok(None);
        }
        next = page.next;
        if next.is_none() {
            return Ok(Some(rows));
        }
    }
}

/// Assets on the books of one place whose names are like one, the likest first: perhaps among them
/// the one that is about to be registered again.
pub async fn namesakes(
    ledger: &Ledger,
    actor: &Actor,
    place: AreaCode,
    name: &str,
) -> Result<Vec<NamedAsset>> {
    Ok(alike(name, ledger.read(actor).names_compared(place, name).await?))
}

/// Those of some assets whose names are like one, the likest first.
pub(super) fn alike(name: &str, known: Vec<NamedAsset>) -> Vec<NamedAsset> {
    let likeness = Likeness::of(name);
    let shared = |asset: NamedAsset| {
        let is_same = asset.name == name;
        let shared = likeness.shared_with(&Likeness::of(&asset.name));
        Some((shared.or_else(|| is_same.then_some(SAME))?, asset))
    };
    let mut alike: Vec<(usize, NamedAsset)> = known.into_iter().filter_map(shared).collect();
    alike.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    alike.into_iter().map(|(_, asset)| asset).collect()
}

/// One page of assets, looked for also by the full name of whoever keeps them: for roles that may
/// know people. The name must come in a body, never in an address.
pub async fn search_assets(
    ledger: &Ledger,
    actor: &Actor,
    mut list: List<Entity>,
) -> Result<Listing<Model>> {
    if let Some(text) = &list.search {
        let read = ledger.read(actor);
        let people = read.people_named(text).await?;
        list.found_too = (!people.is_empty()).then(|| kept_by(&people, read.today()));
    }
    assets(ledger, actor, &list).await
}

/// The first page of the assets that people of a whole name keep, for roles that may know people.
pub async fn kept_by_name(ledger: &Ledger, actor: &Actor, name: &str) -> Result<Vec<Model>> {
    let read = ledger.read(actor);
    let people = read.people_named(name).await?;
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::<Entity>::default();
    list.found_too = Some(kept_by(&people, read.today()));
    Ok(read.list(&list).await?.rows)
}
