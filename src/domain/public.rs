//! What anybody may see of an asset (ux.md §3.18; domain.md §3.1). The type has no place for the name
//! of a person, a number of one, an amount or an account: what is not here cannot be shown.

use chrono::{Datelike, NaiveDate};
use entity::{
    asset,
    inspection::Condition,
    language::Label,
    organization::{self, Kind},
    upkeep,
};

use super::{fault_report::is_open_to_all, masking::mask_numbers, reading};

/// Who owns an asset or looks after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// An organization, by its name.
    Organization(String),
    /// A household or a person, which nobody is told.
    Household,
}

impl Bearer {
    /// How an organization is called where everybody reads it.
    pub fn of(body: &organization::Model) -> Bearer {
        match body.kind {
            Kind::Household => Bearer::Household,
            _ => Bearer::Organization(mask_numbers(&body.name)),
        }
    }
}

/// What anybody may see of an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAsset {
    /// What it is called.
    pub name: String,
    /// What kind of thing it is.
    pub kind: Label,
    /// Where it lies: town and village.
    pub place: String,
    /// The year in which it was built or bought.
    pub year: Option<i32>,
    /// Who owns it.
    pub owner: Option<Bearer>,
    /// Who looks after it.
    pub maintainer: Option<Bearer>,
    /// The telephone of an office that answers for it.
    pub office: Option<String>,
    /// When it was looked at last, and what was found.
    pub found: Option<(NaiveDate, Condition)>,
    /// Reports that somebody still has to act on.
    pub n_open: u64,
}

/// What of an asset its card tells by itself; nothing of one that is not open to all.
pub fn shown(asset: &asset::Model, upkeep: Option<&upkeep::Model>) -> Option<PublicAsset> {
    is_open_to_all(asset).then(|| PublicAsset {
        name: mask_numbers(&asset.name),
        kind: asset.subclass.map_or(asset.class.label(), asset::Subclass::label),
        place: String::new(),
        year: asset.acquired_on.map(|day| day.year()).or(asset.project_year),
        owner: None,
        maintainer: None,
        office: None,
        found: upkeep.map(|row| (row.inspected_on, row.condition)),
        n_open: 0,
    })
}

/// Whether a telephone of an organization is shown to everybody: the line of a public office. A mobile
/// telephone is somebody's own, whoever's office it stands for.
pub fn is_office_line(kind: Kind, phone: &str) -> bool {
    let is_office = matches!(
        kind,
        Kind::Department
            | Kind::TownGovernment
            | Kind::VillageCommittee
            | Kind::Collective
            | Kind::PublicInstitution
    );
    is_office && reading::phone(phone).is_ok_and(|number| !is_mobile(&number))
}

fn is_mobile(number: &str) -> bool {
    number.len() == 11 && number.starts_with('1')
}

#[cfg(test)]
mod tests {
    use entity::asset::Class;

    use super::*;

    #[test]
    fn nobody_is_named_but_organizations() {
        let village = "520381100201".parse().expect("a code");
        let body = |kind, name: &str| organization::Model {
            kind,
            ..super::super::organization::blank(village, name)
        };
        let home = Bearer::of(&body(Kind::Household, "欧阳小明户"));
        assert_eq!(home, Bearer::Household);
        let firm = Bearer::of(&body(Kind::Company, "桥13812345678公司"));
        assert_eq!(firm, Bearer::Organization("桥138****5678公司".to_owned()));
        let asset = super::super::asset::blank(village, Class::Household, "某户猪圈");
        assert_eq!(shown(&asset, None), None);
    }

    #[test]
    fn only_the_line_of_an_office_is_shown() {
        for (kind, phone, is_shown) in [
            (Kind::TownGovernment, "0851-28123456", true),
            (Kind::VillageCommittee, "8123456", true),
            (Kind::VillageCommittee, "13812345678", false),
            (Kind::VillageCommittee, "+86 138 1234 5678", false),
            (Kind::Company, "0851-28123456", false),
            (Kind::Household, "0851-28123456", false),
            (Kind::Department, "", false),
        ] {
            assert_eq!(is_office_line(kind, phone), is_shown, "{phone}");
        }
    }
}
