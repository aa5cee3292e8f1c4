//! The areas of the sample county: invented names under a code that no real county has.

use std::ops::Range;

use entity::area::{self, AreaCode};

use super::random::Random;
use crate::domain::area::blank;

/// The towns: the digits of their code, name, communities (居委会) and villages (村委会).
const TOWNS: [(&str, &str, usize, usize); 8] = [
    ("001", "禾城街道", 5, 3),
    ("100", "石桥镇", 1, 13),
    ("101", "龙井镇", 1, 12),
    ("102", "柳溪镇", 1, 12),
    ("103", "马家坝镇", 1, 11),
    ("104", "永安镇", 1, 11),
    ("200", "云顶乡", 0, 12),
    ("201", "竹园乡", 0, 12),
];

/// What the name of a village begins with, and what it ends with.
const HEADS: [&str; 12] = ["上", "下", "大", "小", "新", "老", "青", "白", "石", "双", "前", "后"];
const TAILS: [&str; 12] = ["河", "坝", "坪", "湾", "沟", "塘", "寨", "坡", "桥", "岭", "垭", "田"];

/// A town.
pub(super) struct Town {
    pub(super) code: AreaCode,
    pub(super) name: &'static str,
    /// The places of its villages.
    pub(super) villages: Range<usize>,
}

/// A village or a community.
pub(super) struct Village {
    pub(super) code: AreaCode,
    pub(super) name: String,
    /// The place of its town.
    pub(super) town: usize,
}

/// The county, its towns and its villages.
pub(super) struct Places {
    pub(super) county: AreaCode,
    pub(super) towns: Vec<Town>,
    pub(super) villages: Vec<Village>,
}

impl Places {
    /// Makes up the county.
    pub(super) fn new(random: &mut Random) -> Places {
        let county = super::county();
        let names = HEADS.iter().flat_map(|head| TAILS.iter().map(move |tail| (*head, *tail)));
        let mut names: Vec<(&str, &str)> = names.collect();
        random.shuffle(&mut names);
        let mut names = names.into_iter();
        let (mut towns, mut villages) = (Vec::new(), Vec::new());
        for (place, (digits, name, n_communities, n_villages)) in TOWNS.into_iter().enumerate() {
            let first = villages.len();
            let serials = (1..=n_communities).chain(200..200 + n_villages);
            for (serial, (head, tail)) in serials.zip(names.by_ref()) {
                let kind = if serial < 200 { "社区" } else { "村" };
                let name = format!("{head}{tail}{kind}");
                villages.push(Village { code: below(digits, serial), name, town: place });
            }
            towns.push(Town { code: below(digits, 0), name, villages: first..villages.len() });
        }
        Places { county, towns, villages }
    }

    /// The rows of the table of areas, each after the one above it.
    pub(super) fn rows(&self) -> Vec<area::Model> {
        let county = blank(self.county, super::COUNTY_NAME);
        let towns = self.towns.iter().map(|town| area::Model {
            parent_code: Some(self.county),
            ..blank(town.code, town.name)
        });
        let villages = self.villages.iter().map(|village| area::Model {
            parent_code: Some(self.towns[village.town].code),
            ..blank(village.code, &village.name)
        });
        std::iter::once(county).chain(towns).chain(villages).collect()
    }

    /// The full name of a village: county, town and village.
    pub(super) fn address(&self, village: &Village) -> String {
        format!("{}{}{}", super::COUNTY_NAME, self.towns[village.town].name, village.name)
    }
}

/// The code of a town of the county, or of a village in it.
fn below(town: &str, serial: usize) -> AreaCode {
    let code = format!("{}{town}{serial:03}", &super::COUNTY[..6]);
    code.parse().unwrap_or(AreaCode::NATION)
}
