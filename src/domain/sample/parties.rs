//! The organizations and people of the sample county. Every name is invented; telephone numbers
//! come from a block that is given to nobody.

use entity::{
    area::AreaCode,
    id::{OrganizationId, PersonId},
    organization::{self, Kind},
    project::LineDepartment,
};

use super::{Body, Keeper, places::Places, random::Random};
use crate::domain::{credit_code::CreditCode, masking::Contact, organization::blank};

const BUREAUS: [(LineDepartment, &str); 12] = [
    (LineDepartment::Transport, "交通运输局"),
    (LineDepartment::WaterResources, "水务局"),
    (LineDepartment::Agriculture, "农业农村局"),
    (LineDepartment::Education, "教育局"),
    (LineDepartment::Health, "卫生健康局"),
    (LineDepartment::Culture, "文化和旅游局"),
    (LineDepartment::Housing, "住房和城乡建设局"),
    (LineDepartment::Forestry, "林业局"),
    (LineDepartment::Power, "能源局"),
    (LineDepartment::Commerce, "商务局"),
    (LineDepartment::Reform, "发展和改革局"),
    (LineDepartment::Other, "财政局"),
];

/// Bodies at county level: name, kind, first two signs of the credit code.
const COMPANIES: [(&str, Kind, &str); 10] = [
    ("青禾示例茶业有限公司", Kind::Company, "91"),
    ("青禾示例米业有限公司", Kind::Company, "91"),
    ("青禾示例牧业有限公司", Kind::Company, "91"),
    ("青禾示例服饰有限公司", Kind::Company, "91"),
    ("青禾示例商贸有限公司", Kind::Company, "91"),
    ("青禾示例农旅投资有限公司", Kind::StateEnterprise, "91"),
    ("青禾示例新能源有限公司", Kind::StateEnterprise, "91"),
    ("青禾示例农村供水有限公司", Kind::StateEnterprise, "91"),
    ("青禾县示例产业发展服务中心", Kind::PublicInstitution, "12"),
    ("青禾县示例公路养护中心", Kind::PublicInstitution, "12"),
];
/// The places of some of them.
const INVESTOR: usize = 5;
const WATER: usize = 7;
const ROADS: usize = 9;

const PROPERTY: [&str; 2] = ["青禾示例物业服务有限公司", "青禾示例保洁服务有限公司"];
const CROPS: [&str; 7] = ["茶叶", "蔬菜", "肉牛", "水稻", "中药材", "食用菌", "水果"];

const SURNAMES: [&str; 20] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
    "朱", "秦", "尤", "许",
];
const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// All of them, and where each is in the lists.
pub(super) struct Parties {
    pub(super) bodies: Vec<Body>,
    pub(super) keepers: Vec<Keeper>,
    pub(super) governments: Vec<OrganizationId>,
    pub(super) committees: Vec<OrganizationId>,
    pub(super) collectives: Vec<OrganizationId>,
    pub(super) cooperatives: Vec<OrganizationId>,
    pub(super) companies: Vec<OrganizationId>,
    pub(super) property: Vec<OrganizationId>,
    /// The people of each village, of each town, and of each bureau.
    pub(super) of_village: Vec<Vec<PersonId>>,
    pub(super) of_town: Vec<PersonId>,
    pub(super) of_bureau: Vec<PersonId>,
    bureaus: Vec<OrganizationId>,
    n_codes: u32,
    n_households: u32,
}

impl Parties {
    /// Makes them up.
    pub(super) fn new(places: &Places, random: &mut Random) -> Parties {
        let mut parties = Parties {
            bodies: Vec::new(),
            keepers: Vec::new(),
            governments: Vec::new(),
            committees: Vec::new(),
            collectives: Vec::new(),
            cooperatives: Vec::new(),
            companies: Vec::new(),
            property: Vec::new(),
            of_village: Vec::new(),
            of_town: Vec::new(),
            of_bureau: Vec::new(),
            bureaus: Vec::new(),
            n_codes: 0,
            n_households: 0,
        };
        parties.add_county(places);
        parties.add_towns(places);
        parties.add_villages(places, random);
        parties.add_cooperatives(places, random);
        parties
    }

    fn add_county(&mut self, places: &Places) {
        let county = places.county;
        for (_, name) in BUREAUS {
            let name = format!("{}{name}", super::COUNTY_NAME);
            let bureau = self.add(county, &name, Kind::Department, Some("11"), true);
            self.bureaus.push(bureau);
            let person = self.add_keeper(county, bureau);
            self.of_bureau.push(person);
        }
        for (name, kind, head) in COMPANIES {
            let company = self.add(county, name, kind, Some(head), true);
            self.companies.push(company);
        }
        for name in PROPERTY {
            let company = self.add(county, name, Kind::PropertyCompany, Some("91"), true);
            self.property.push(company);
        }
    }

    fn add_towns(&mut self, places: &Places) {
        for town in &places.towns {
            let office = if town.name.ends_with("街道") { "办事处" } else { "人民政府" };
            let name = format!("{}{}{office}", super::COUNTY_NAME, town.name);
            let government = self.add(town.code, &name, Kind::TownGovernment, Some("11"), true);
            self.governments.push(government);
            let person = self.add_keeper(town.code, government);
            self.of_town.push(person);
        }
    }

    fn add_villages(&mut self, places: &Places, random: &mut Random) {
        for village in &places.villages {
            let town = places.towns[village.town].name;
            let is_village = village.name.ends_with('村');
            let committee = if is_village { "村民委员会" } else { "居民委员会" };
            let name = format!("{town}{}{committee}", village.name);
            let committee = self.add(village.code, &name, Kind::VillageCommittee, None, true);
            self.committees.push(committee);
            let name = format!("{town}{}股份经济合作社", village.name);
            let collective = self.add(village.code, &name, Kind::Collective, Some("N2"), true);
            self.collectives.push(collective);
            let n = random.between(1, 3);
            let people = (0..n).map(|_| self.add_keeper(village.code, committee)).collect();
            self.of_village.push(people);
        }
    }

    fn add_cooperatives(&mut self, places: &Places, random: &mut Random) {
        for (place, crop) in CROPS.iter().cycle().take(14).enumerate() {
            let village = &places.villages[random.place(places.villages.len())];
            let number = NUMERALS[place % NUMERALS.len()];
            let name = format!("青禾县示例{}{crop}专业合作社{number}社", village.name);
            let body = self.add(village.code, &name, Kind::Cooperative, Some("93"), true);
            self.cooperatives.push(body);
        }
    }

    /// A household of a village, which nobody else is.
    pub(super) fn add_household(&mut self, village: AreaCode) -> OrganizationId {
        self.n_households += 1;
        let name = format!("示例户 {:04}", self.n_households);
        self.add(village, &name, Kind::Household, None, false)
    }

    /// The bureau that answers for a line of work.
    pub(super) fn bureau(&self, department: LineDepartment) -> OrganizationId {
        self.bureaus[bureau_place(department)]
    }

    /// The person there.
    pub(super) fn officer(&self, department: LineDepartment) -> PersonId {
        self.of_bureau[bureau_place(department)]
    }

    /// The enterprise through which the county holds stakes.
    pub(super) fn investor(&self) -> OrganizationId {
        self.companies[INVESTOR]
    }

    /// The water works.
    pub(super) fn water_works(&self) -> OrganizationId {
        self.companies[WATER]
    }

    /// The centre that keeps county roads.
    pub(super) fn road_centre(&self) -> OrganizationId {
        self.companies[ROADS]
    }

    /// The name and the area of an organization.
    pub(super) fn body(&self, id: OrganizationId) -> &organization::Model {
        &self.bodies[usize::try_from(id.0).unwrap_or(0)].organization
    }

    fn add(
        &mut self,
        area: AreaCode,
        name: &str,
        kind: Kind,
        credit_head: Option<&str>,
        has_contact: bool,
    ) -> OrganizationId {
        let id = OrganizationId(i64::try_from(self.bodies.len()).unwrap_or(0));
        let credit_code = credit_head.and_then(|head| self.next_credit_code(head));
        let organization = organization::Model { kind, credit_code, ..blank(area, name) };
        let contact = has_contact.then(|| contact(self.bodies.len(), "1990001"));
        self.bodies.push(Body { organization, contact });
        id
    }

    /// A credit code of the county with its right check character.
    fn next_credit_code(&mut self, head: &str) -> Option<String> {
        self.n_codes += 1;
        let body = format!("{head}{}MF{:07}", &super::COUNTY[..6], self.n_codes * 37);
        CreditCode::of_body(&body).ok().map(|code| code.to_string())
    }

    fn add_keeper(&mut self, area: AreaCode, organization: OrganizationId) -> PersonId {
        let place = self.keepers.len();
        let keeper = Keeper { area, organization, contact: contact(place, "1990000") };
        self.keepers.push(keeper);
        PersonId(i64::try_from(place).unwrap_or(0))
    }
}

fn bureau_place(department: LineDepartment) -> usize {
    BUREAUS.iter().position(|(known, _)| *known == department).unwrap_or(BUREAUS.len() - 1)
}

/// A name nobody bears, such as 赵甲一, and a number of a block.
fn contact(place: usize, block: &str) -> Contact {
    let surname = SURNAMES[place % SURNAMES.len()];
    let stem = STEMS[place / SURNAMES.len() % STEMS.len()];
    let numeral = NUMERALS[place / (SURNAMES.len() * STEMS.len()) % NUMERALS.len()];
    Contact { name: format!("{surname}{stem}{numeral}"), phone: format!("{block}{place:04}") }
}
