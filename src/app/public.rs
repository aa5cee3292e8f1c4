//! What anybody may see of an asset, put together of what is on record.

use chrono::NaiveDate;
use entity::{area::AreaCode, id::AssetId, organization};

use super::place::Places;
use crate::{
    domain::{
        deficiency::running,
        public::{self as rules, Bearer, PublicAsset},
        title::{Party, owner_on},
    },
    error::Result,
    store::{Dossier, Ledger, Read},
};

/// An asset as anybody may see it; nothing of one that is not open to all, and of one that is not
/// there: the two are not told apart.
pub async fn asset(ledger: &Ledger, id: AssetId) -> Result<Option<PublicAsset>> {
    let Some(actor) = ledger.passer_by(id).await? else { return Ok(None) };
    let read = ledger.read(&actor);
    let Some(dossier) = read.dossiers(&[id]).await?.pop() else { return Ok(None) };
    let Some(shown) = rules::shown(&dossier.asset, dossier.upkeep.as_ref()) else {
        return Ok(None);
    };
    let today = read.today();
    let [owner, maintainer] = bearers(&dossier, today);
    let bodies = [owner, maintainer].into_iter().flatten().filter_map(Party::organization);
    let bodies = read.bodies(&bodies.collect::<Vec<_>>()).await?;
    let row =
        |party: Option<Party>| party.and_then(Party::organization).and_then(|id| bodies.get(&id));
    let called = |party: Option<Party>| {
        party.map(|party| {
            party.organization().map_or(Bearer::Household, |id| {
                bodies.get(&id).map_or(Bearer::Household, Bearer::of)
            })
        })
    };
    Ok(Some(PublicAsset {
        place: place(&read, dossier.asset.area_code).await?,
        owner: called(owner),
        maintainer: called(maintainer),
        office: office(&read, [row(maintainer), row(owner)]).await?,
        n_open: read.n_open_reports(id).await?,
        ..shown
    }))
}

/// Who owns an asset and who maintains it on a day, as far as anybody does.
pub fn bearers(one: &Dossier, today: NaiveDate) -> [Option<Party>; 2] {
    let owner = owner_on(&one.holdings, today);
    let facts = one.facts();
    let maintainer = running(&facts, entity::duty::Kind::Maintainer, today);
    [owner, maintainer.and_then(|duty| Party::of(duty.organization_id, duty.person_id))]
}

/// The town and the village, by their names.
async fn place(read: &Read<'_>, code: AreaCode) -> Result<String> {
    let mut places = Places::new(read.today());
    places.learn(read, [code]).await?;
    Ok(places.path_below(code, Some(code.county().area())))
}

/// The first line of a public office among those who answer for an asset.
async fn office(
    read: &Read<'_>,
    bodies: [Option<&organization::Model>; 2],
) -> Result<Option<String>> {
    for body in bodies.into_iter().flatten() {
        if let Some(line) = read.office_line(body).await? {
            return Ok(Some(line));
        }
    }
    Ok(None)
}
