//! What forms offer to choose from: the areas and the organizations within the visitor's reach.

use entity::{
    area::{self, AreaCode, Level},
    id::OrganizationId,
    language::Sentence,
    organization, person,
};
use maud::{Markup, html};

use super::{
    fields::Sheet,
    parts::choice,
    visit::{Manner, Visit},
};
use crate::{
    app::place::Places,
    domain::{
        mistake::{Mistake, Mistakes},
        title::Party,
    },
    error::{Error, Result},
    http::AppState,
    limits,
    store::list::List,
};

/// The areas of a form.
pub(super) struct Areas {
    rows: Vec<area::Model>,
    /// Whether there are more than are offered.
    pub(super) is_cut: bool,
}

impl Areas {
    /// Those within an area; without one those within the visitor's own.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        within: Option<AreaCode>,
    ) -> Result<Areas> {
        let mut list = List::<area::Entity>::default().of_present();
        list.area = within;
        list.limit = limits::AREAS_OFFERED;
        let found = state.ledger.read(&visit.actor).list(&list).await?;
        Ok(Areas { rows: found.rows, is_cut: found.next.is_some() })
    }

    /// Towns, each with its villages; what is above towns stands alone.
    fn groups(&self) -> Vec<(Option<&area::Model>, Vec<&area::Model>)> {
        let mut groups: Vec<(Option<&area::Model>, Vec<&area::Model>)> = Vec::new();
        for row in &self.rows {
            let town = groups.last().and_then(|(town, _)| *town);
            if row.level == Level::Town {
                groups.push((Some(row), vec![row]));
            } else if town.is_some_and(|town| town.area_code.covers(&row.area_code)) {
                groups.last_mut().map(|(_, rows)| rows).into_iter().for_each(|rows| rows.push(row));
            } else {
                groups.push((None, vec![row]));
            }
        }
        groups
    }

    /// The choice, by the name `area`.
    pub(super) fn draw(&self, sheet: &Sheet<'_>) -> Markup {
        let manner = sheet.manner;
        let chosen = sheet.typed.text("area");
        let one = |row: &area::Model| {
            let own = row.level != Level::Village;
            html! {
                option value=(row.area_code) selected[row.area_code.as_str() == chosen] {
                    (row.name) @if own { (manner.say("（本级）", " (itself)")) }
                }
            }
        };
        let is_wrong = sheet.mistake("area").is_some();
        html! {
            select #f-area name="area" aria-required="true" aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some("e-area")] {
                option value="" { (manner.say("请选择", "choose")) }
                @for (town, rows) in self.groups() {
                    @match town {
                        Some(town) => { optgroup label=(town.name) { @for row in rows { (one(row)) } } }
                        None => { @for row in rows { (one(row)) } }
                    }
                }
            }
        }
    }
}

impl Areas {
    /// Those of a level, with the names of the towns that villages lie in.
    pub(super) fn of_level(&self, level: Level) -> Vec<(String, String)> {
        let town = |row: &area::Model| {
            let above = self
                .rows
                .iter()
                .rev()
                .find(|one| one.level == Level::Town && one.area_code.covers(&row.area_code));
            above
                .filter(|_| level == Level::Village)
                .map_or(String::new(), |one| format!("{} ", one.name))
        };
        let own = self.rows.iter().filter(|row| row.level == level);
        own.map(|row| (row.area_code.to_string(), format!("{}{}", town(row), row.name))).collect()
    }

    /// The choice by the name `area`; where there are more than are offered, a field for the code.
    pub(super) fn draw_or_type(&self, sheet: &Sheet<'_>) -> Markup {
        if !self.is_cut {
            return self.draw(sheet);
        }
        let manner = sheet.manner;
        html! {
            input #f-area name="area" inputmode="numeric" maxlength="12" value=(sheet.typed.text("area")) aria-required="true"
                aria-invalid=[sheet.mistake("area").map(|_| "true")];
            p.mut.sm { (manner.say("十二位区划代码，可在", "Its code of twelve digits, found among the "))
                a href="/admin/areas" { (manner.say("区划", "areas")) } (manner.say("页查到", "")) }
        }
    }
}

/// The organizations of a form.
pub(super) struct Bodies {
    rows: Vec<organization::Model>,
    near: AreaCode,
    is_cut: bool,
}

impl Bodies {
    /// Those of the county of a place, as far as the visitor reaches, narrowed by a text; the one
    /// that is chosen already stays on offer.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        near: AreaCode,
        (find, chosen): (&str, &str),
    ) -> Result<Bodies> {
        let read = state.ledger.read(&visit.actor);
        let mut list = List::<organization::Entity>::read([("ended", "no")])?;
        list.area = Some(near.county().area());
        list.limit = limits::BODIES_OFFERED;
        let find: String = find.chars().take(limits::SEARCH_LENGTH).collect();
        list.search = Some(find).filter(|find| !find.is_empty());
        let found = read.list(&list).await?;
        let mut rows = found.rows;
        let chosen = chosen.parse().ok().map(OrganizationId);
        if let Some(id) = chosen.filter(|id| rows.iter().all(|row| row.id != *id)) {
            match read.get::<organization::Entity>(id).await {
                Ok(row) => rows.insert(0, row),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Bodies { rows, near, is_cut: found.next.is_some() })
    }

    /// The choice.
    pub(super) fn draw(&self, sheet: &Sheet<'_>, name: &str) -> Markup {
        let manner = sheet.manner;
        let chosen = sheet.typed.text(name);
        let (near, far): (Vec<_>, Vec<_>) =
            self.rows.iter().partition(|row| row.area_code == self.near);
        let one = |row: &organization::Model| {
            html! {
                option value=(row.id) selected[row.id.to_string() == chosen] {
                    (row.name) (manner.say("（", " (")) (manner.text(row.kind.label())) (manner.say("）", ")"))
                }
            }
        };
        let groups = [
            (manner.say("资产所在地的单位", "where the asset lies"), near),
            (manner.say("其他单位", "others"), far),
        ];
        html! {
            select id={ "f-" (name) } name=(name) aria-invalid=[sheet.mistake(name).map(|_| "true")] {
                option value="" { (manner.say("请选择", "choose")) }
                @for (label, rows) in &groups {
                    @if !rows.is_empty() { optgroup label=(label) { @for row in rows { (one(row)) } } }
                }
            }
        }
    }

    /// The field that narrows the choice, with its button: the page comes again, and what was
    /// typed stays.
    pub(super) fn narrowing(&self, sheet: &Sheet<'_>) -> Markup {
        let manner = sheet.manner;
        let find = sheet.typed.text("find");
        let control = html! {
            div.row {
                input #f-find name="find" type="search" maxlength=(limits::SEARCH_LENGTH) value=(find);
                input type="hidden" name="found" value=(find);
                button.btn name="then" value="find" { (manner.say("查找", "Find")) }
            }
            p.mut.sm { (self.told(manner, find)) }
        };
        let label =
            manner.say("按名称或拼音首字母查找单位", "Find an organization by name or initials");
        sheet.around(("find", label, ""), &control)
    }

    fn told(&self, manner: &Manner, find: &str) -> &'static str {
        match (self.rows.is_empty(), self.is_cut, find.is_empty()) {
            (true, _, false) => {
                manner.say("没有这样的单位，请换一个词查找。", "There is none: try another word.")
            }
            (true, _, true) => {
                manner.say("管辖范围内还没有登记单位。", "No organization is on record here.")
            }
            (_, true, _) => manner.say(
                "单位较多，只列出前面一部分；请输入名称再查找。",
                "There are more than are listed: type a part of the name.",
            ),
            _ => "",
        }
    }
}

impl Bodies {
    /// Their names, for a field that is typed into.
    pub(super) fn names(&self, id: &str) -> Markup {
        let (near, far): (Vec<_>, Vec<_>) =
            self.rows.iter().partition(|row| row.area_code == self.near);
        html! {
            datalist id=(id) { @for row in near.iter().chain(&far) { option value=(row.name) {} } }
        }
    }
}

/// The organization that somebody means by a text: its whole name, its credit code, or a part of
/// its name that no other has. Where the text may mean several, the nearest of that name.
pub(super) async fn body_called(
    state: &AppState,
    visit: &Visit,
    near: AreaCode,
    (field, text): (&'static str, &str),
) -> Result<organization::Model> {
    let read = state.ledger.read(&visit.actor);
    let mut called = read.organizations_called(text, near).await?;
    let is_near = |row: &organization::Model| row.area_code == near || row.area_code.covers(&near);
    if called.len() > 1 {
        let nearest = called.iter().position(is_near);
        called = nearest.map_or(called.clone(), |place| vec![called.swap_remove(place)]);
    }
    if called.is_empty() {
        let mut list = List::<organization::Entity>::read([("ended", "no")])?;
        list.area = Some(near.county().area()).filter(|county| !county.covers(&visit.area()));
        list.limit = limits::CANDIDATES_SHOWN as u64 + 1;
        list.search = Some(text.chars().take(limits::SEARCH_LENGTH).collect());
        called = read.list(&list).await?.rows;
    }
    if called.len() == 1
        && let Some(only) = called.pop()
    {
        return Ok(only);
    }
    let names: Vec<&str> =
        called.iter().take(limits::CANDIDATES_SHOWN).map(|row| row.name.as_str()).collect();
    let expected = if names.is_empty() {
        Sentence::new(
            "没有这个单位：请填登记的全称或统一社会信用代码",
            "there is no such organization: give its name in full, or its credit code",
        )
    } else {
        Sentence::new(
            format!("不止一个单位：{}；请填全称或统一社会信用代码", names.join("、")),
            format!(
                "there are several: {}; give the full name or the credit code",
                names.join(", ")
            ),
        )
    };
    Err(Mistakes(vec![Mistake::new(field, text, expected)]).into())
}

/// The people of a form.
pub(super) struct People(Vec<(person::Model, String)>);

impl People {
    /// Those of an area who have not left, masked.
    pub(super) async fn of(state: &AppState, visit: &Visit, within: AreaCode) -> Result<People> {
        let read = state.ledger.read(&visit.actor);
        let mut list = List::<person::Entity>::read([("ended", "no")])?;
        list.area = Some(within);
        list.limit = limits::PEOPLE_OFFERED;
        let rows = read.list(&list).await?.rows;
        let parties: Vec<Party> = rows.iter().map(|row| Party::Person(row.id)).collect();
        let named = read.parties_masked(&parties).await?;
        let mut places = Places::new(visit.today);
        places.learn(&read, rows.iter().map(|row| row.area_code)).await?;
        let told = |row: &person::Model| {
            let named = named.get(&Party::Person(row.id)).cloned().unwrap_or_default();
            format!("{} {} {}", named.name, named.phone, places.name(row.area_code))
        };
        Ok(People(
            rows.into_iter().map(|row| (told(&row), row)).map(|(told, row)| (row, told)).collect(),
        ))
    }

    /// The choice.
    pub(super) fn draw(&self, manner: &Manner, name: &str, chosen: &str) -> Markup {
        let none = manner.say("不从名单里选", "nobody on this list");
        choice(
            name,
            Some(none),
            self.0.iter().map(|(row, told)| (row.id.to_string(), told.clone())),
            chosen,
        )
    }
}
