//! What the list of assets can be narrowed by: the form, the chips of what it is narrowed by, and
//! what to say when nothing is left.

use std::collections::HashMap;

use entity::{
    area::{self, AreaCode, Level},
    asset::{self, Class, Form, Subclass, UseState},
    finding::Rule,
    funding::{Fund, Tier},
    id::{OrganizationId, ProjectId},
    language::Label,
    organization, project, title,
};
use maud::{Markup, html};

use super::{
    asset::Asked,
    icon::{Icon, icon},
    pager::told,
    parts::{Field, choice, coded, field},
    visit::Visit,
};
use crate::{
    app::asset_total::Total,
    domain::{
        mistake::{Mistake, Mistakes},
        title::Party,
    },
    error::Result,
    limits,
    store::{
        Read,
        list::{List, Listed},
    },
};

/// Words that are no condition of their own.
const NOT_CHIPS: [&str; 6] = ["area", "after", "limit", "count", "sort", "standing"];
/// Words that name organizations by their ids.
const BODIES: [(&str, Label); 2] = [
    ("maintainer", Label::new("管护主体", "maintainer")),
    ("owner", Label::new("所有权人", "owner")),
];

/// The words of an address in which organizations that were typed by name are told by their ids;
/// nothing where none was. A name of nobody's is a mistake.
pub(super) async fn by_ids(
    read: &Read<'_>,
    words: &[(String, String)],
) -> Result<Option<Vec<(String, String)>>> {
    let is_typed = |word: &str, value: &str| {
        BODIES.iter().any(|(known, _)| *known == word)
            && value.chars().any(|one| !one.is_ascii_digit() && one != ',')
    };
    if !words.iter().any(|(word, value)| is_typed(word, value)) {
        return Ok(None);
    }
    let mut told = Vec::with_capacity(words.len());
    for (word, value) in words {
        let text =
            if is_typed(word, value) { ids_named(read, word, value).await? } else { value.clone() };
        told.push((word.clone(), text));
    }
    Ok(Some(told))
}

/// The ids of organizations whose name or initials contain a text.
async fn ids_named(read: &Read<'_>, word: &str, text: &str) -> Result<String> {
    let mut list = List::<organization::Entity>::read([("q", text.trim())])?;
    list.limit = limits::FILTER_VALUES as u64;
    let mut rows = read.list(&list).await?.rows;
    if rows.iter().any(|row| row.name == text.trim()) {
        rows.retain(|row| row.name == text.trim());
    }
    if rows.is_empty() {
        let label = BODIES
            .iter()
            .find(|(known, _)| *known == word)
            .map_or(Label::new("单位", "organization"), |(_, label)| *label);
        let expected = entity::language::Sentence::new(
            format!("{}：管辖范围内没有名称含这些字的单位", label.zh),
            format!("{}: no organization here has such a name", label.en),
        );
        return Err(Mistakes(vec![Mistake::new(word.to_owned(), text, expected)]).into());
    }
    let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    Ok(ids.join(","))
}

/// What the conditions of a list are called, where the address tells them by ids and codes.
pub(super) struct Named {
    values: HashMap<(String, String), String>,
    /// The areas on offer: the reader's own, its parts, and the parts of the one that is chosen.
    areas: Vec<area::Model>,
    /// The name of the area that the list is of.
    pub(super) area: String,
}

impl Named {
    /// Learns the names: two queries for the areas, one for each kind of thing that is named by id.
    pub(super) async fn of(read: &Read<'_>, visit: &Visit, asked: &Asked<'_>) -> Result<Named> {
        let mut values = HashMap::new();
        for (word, value) in &asked.words {
            let ids = || value.split([',', '，']).filter_map(|id| id.trim().parse::<i64>().ok());
            if BODIES.iter().any(|(known, _)| known == word) {
                let parties: Vec<Party> =
                    ids().map(|id| Party::Organization(OrganizationId(id))).collect();
                for (party, named) in read.parties_masked(&parties).await? {
                    if let Party::Organization(id) = party {
                        values.insert(((*word).to_owned(), id.to_string()), named.name);
                    }
                }
            }
            if *word == "project" {
                for (id, row) in
                    ids().take(1).map(|id| (id, read.get::<project::Entity>(ProjectId(id))))
                {
                    if let Ok(row) = row.await {
                        values.insert(((*word).to_owned(), id.to_string()), row.name);
                    }
                }
            }
        }
        let areas = areas(read, visit.area(), asked.area).await?;
        let area = areas
            .iter()
            .find(|row| row.area_code == asked.area)
            .map_or_else(|| asked.area.to_string(), |row| row.name.clone());
        Ok(Named { values, areas, area })
    }

    fn areas(&self, visit: &Visit, chosen: AreaCode) -> Markup {
        let own = visit.area();
        html! {
            select #f-area name="area" {
                @for row in &self.areas {
                    @let depth = row.area_code.above().filter(|above| own.covers(above) && self.areas.iter().any(|one| one.area_code == *above)).count();
                    option value=(row.area_code) selected[row.area_code == chosen] {
                        @for _ in 0..depth { "\u{3000}" } (row.name)
                    }
                }
            }
        }
    }
}

/// The areas on offer, in the order of their codes.
async fn areas(read: &Read<'_>, own: AreaCode, chosen: AreaCode) -> Result<Vec<area::Model>> {
    // a village has no parts: its neighbours are offered
    let base = if chosen.level() == Level::Village {
        chosen.above().find(|above| own.covers(above)).unwrap_or(chosen)
    } else {
        chosen
    };
    let mut rows = read.areas_current(&[own, base, chosen]).await?;
    let mut parents = vec![own];
    if base != own {
        parents.push(base);
    }
    for parent in parents {
        let parent = parent.to_string();
        let mut list = List::<area::Entity>::read([("parent", parent.as_str())])?.of_present();
        list.limit = limits::PAGE_ROWS;
        rows.extend(read.list(&list).await?.rows);
    }
    rows.sort_by_key(|row| row.area_code);
    rows.dedup_by_key(|row| row.area_code);
    Ok(rows)
}

fn labelled(
    visit: &Visit,
    name: &str,
    (zh, en): (&'static str, &'static str),
    control: &Markup,
) -> Markup {
    let label = visit.say(zh, en);
    field(&Field { name, label, hint: "", mistake: None, is_required: false }, control)
}

fn select(
    visit: &Visit,
    asked: &Asked<'_>,
    name: &str,
    label: (&'static str, &'static str),
    choices: &'static [(&'static str, Label)],
) -> Markup {
    let all = visit.say("全部", "all");
    labelled(
        visit,
        name,
        label,
        &choice(name, Some(all), coded(&visit.manner, choices), asked.word(name)),
    )
}

fn typed(
    visit: &Visit,
    asked: &Asked<'_>,
    name: &str,
    label: (&'static str, &'static str),
    example: &str,
) -> Markup {
    let control = html! {
        input id={ "f-" (name) } name=(name) value=(asked.word(name)) maxlength="64" placeholder=(example);
    };
    labelled(visit, name, label, &control)
}

/// The form that narrows the list.
pub(super) fn form(visit: &Visit, asked: &Asked<'_>, named: &Named) -> Markup {
    let more = [
        "class",
        "standing",
        "title",
        "lacks",
        "tier",
        "fund_year",
        "value",
        "owner",
        "maintainer",
        "form",
        "state",
    ];
    let is_open = more.iter().any(|word| !asked.word(word).is_empty());
    html! {
        form action="/assets" {
            div.filters {
                (labelled(visit, "q", ("名称、编号或村", "Name, code, place"), &html! {
                    input #f-q name="q" type="search" maxlength="64" value=(asked.word("q"))
                        placeholder=(visit.say("也可用拼音首字母", "or initials"));
                }))
                (labelled(visit, "area", ("乡镇 / 村", "Town / village"), &named.areas(visit, asked.area)))
                (select(visit, asked, "subclass", ("资产类型", "Kind"), Subclass::CHOICES))
                (select(visit, asked, "fund", ("资金来源", "Source of money"), Fund::CHOICES))
                (typed(visit, asked, "acquired_year", ("购建年度", "Acquired"), "2016-2020"))
                (select(visit, asked, "use_state", ("使用状态", "Use"), UseState::CHOICES))
                div.row {
                    button.btn.go { (visit.say("查询", "Show")) }
                    a.btn.link href=(super::frame::assets([("area", visit.area().as_str())])) { (visit.say("重置", "Reset")) }
                }
            }
            details.more open[is_open] {
                summary.sm { (visit.say("更多条件", "More conditions")) }
                (self::more(visit, asked, named))
            }
            @if asked.is_with_columns { input type="hidden" name="cols" value=(asked.told()); }
            @for word in ["limit", "project", "import", "value_from", "value_to"] {
                @if !asked.word(word).is_empty() { input type="hidden" name=(word) value=(asked.word(word)); }
            }
        }
    }
}

/// The conditions that are asked for less often.
fn more(visit: &Visit, asked: &Asked<'_>, named: &Named) -> Markup {
    let standing: &[(&str, &str)] = &[
        ("yes", visit.say("在册且未灭失", "on the books and there")),
        ("no", visit.say("已处置、作废或灭失", "gone")),
    ];
    let sorts = <asset::Entity as Listed>::SORTS.iter().flat_map(|sort| {
        let name = visit.text(sort.label);
        [
            (sort.name.to_owned(), name.to_owned()),
            (
                format!("-{}", sort.name),
                format!("{name}{}", visit.say("（倒序）", ", from the last")),
            ),
        ]
    });
    let body = |word: &str| named.told(word, asked.word(word));
    html! {
        div.sheet.pad {
            (select(visit, asked, "class", ("资产类别", "Class"), Class::CHOICES))
            (select(visit, asked, "title", ("权属", "Title"), title::State::CHOICES))
            (select(visit, asked, "lacks", ("问题", "Finding"), Rule::CHOICES))
            (select(visit, asked, "tier", ("资金层级", "Tier of the money"), Tier::CHOICES))
            (typed(visit, asked, "fund_year", ("资金年度", "Year of the money"), "2016-2020"))
            (typed(visit, asked, "value", ("原值（元）", "Value (yuan)"), "10000-500000"))
            @for (word, label) in BODIES {
                (labelled(visit, word, (label.zh, label.en), &html! {
                    input id={ "f-" (word) } name=(word) value=(body(word)) maxlength="64" autocomplete="off"
                        data-suggest="organizations" placeholder=(visit.say("单位名称或拼音首字母", "name or initials"));
                }))
            }
            (labelled(visit, "standing", ("是否在册", "On the books"), &choice(
                "standing",
                Some(visit.say("在册且未灭失", "on the books and there")),
                standing.iter().skip(1).map(|(code, words)| ((*code).to_owned(), (*words).to_owned())),
                asked.word("standing"),
            )))
            (select(visit, asked, "state", ("在册状态", "State on the books"), asset::State::CHOICES))
            (select(visit, asked, "form", ("资产形态", "Form"), Form::CHOICES))
            (labelled(visit, "sort", ("排序", "Order"), &choice("sort", None, sorts, asked.word("sort"))))
        }
    }
}

impl Named {
    /// The values of a condition as people call them.
    pub(super) fn told(&self, word: &str, value: &str) -> String {
        let names = value.split([',', '，']).map(|id| {
            let known = self.values.get(&(word.to_owned(), id.trim().to_owned()));
            known.map_or(id, String::as_str)
        });
        // one name can be typed again; several stay ids
        let names: Vec<&str> = names.collect();
        if let [name] = names[..] { name.to_owned() } else { value.to_owned() }
    }

    /// A condition as people call it.
    fn meaning(&self, visit: &Visit, word: &str, value: &str) -> String {
        let choices: &[(&str, Label)] = match word {
            "class" => Class::CHOICES,
            "subclass" => Subclass::CHOICES,
            "use_state" => UseState::CHOICES,
            "state" => asset::State::CHOICES,
            "title" => title::State::CHOICES,
            "lacks" => Rule::CHOICES,
            "fund" => Fund::CHOICES,
            "tier" => Tier::CHOICES,
            "form" => Form::CHOICES,
            "standing" => return visit.say("已处置、作废或灭失", "gone").to_owned(),
            _ => &[],
        };
        let named = value.split([',', '，']).map(str::trim).map(|code| {
            let known = choices.iter().find(|(known, _)| *known == code);
            let named = self.values.get(&(word.to_owned(), code.to_owned()));
            known.map(|(_, label)| visit.text(*label)).or(named.map(String::as_str)).unwrap_or(code)
        });
        named.collect::<Vec<_>>().join(visit.say("、", ", "))
    }

    /// A condition as people call it, with what it is a condition of.
    fn condition(&self, visit: &Visit, word: &str, value: &str) -> Option<String> {
        if word == "q" {
            return Some(value.to_owned());
        }
        if NOT_CHIPS.contains(&word) && !(word == "standing" && value != "yes") {
            return None;
        }
        let filter = <asset::Entity as Listed>::FILTERS.iter().find(|one| one.name == word);
        let body = BODIES.iter().find(|(known, _)| *known == word).map(|(_, label)| *label);
        let label = match word {
            "project" => Label::new("项目", "project"),
            _ => body.or(filter.map(|filter| filter.label))?,
        };
        Some(format!("{}：{}", visit.text(label), self.meaning(visit, word, value)))
    }
}

/// What the list is narrowed by; each can be taken out.
pub(super) fn chips(visit: &Visit, asked: &Asked<'_>, named: &Named, total: Total) -> Markup {
    let mut chips: Vec<(&str, String)> = asked
        .words
        .iter()
        .filter_map(|(word, value)| Some((*word, named.condition(visit, word, value)?)))
        .collect();
    if asked.area != visit.area() {
        chips.insert(0, ("area", named.area.clone()));
    }
    html! {
        @if !chips.is_empty() {
            p.chips {
                span.mut { (visit.say("已筛选 ", "Found ")) (told(visit, total)) (visit.say(" 项：", ":")) }
                @for (word, text) in &chips { (chip(visit, word, text)) }
            }
        }
    }
}

fn chip(visit: &Visit, word: &str, text: &str) -> Markup {
    html! {
        a.chip href=(without(visit, word)) {
            (text) (icon(Icon::Close)) span.sr { (visit.say("移除", "remove")) }
        }
    }
}

/// This list without a condition.
fn without(visit: &Visit, word: &str) -> String {
    let (word, kept) =
        if word == "area" { ("area", visit.area().to_string()) } else { (word, String::new()) };
    visit.with(&[(word, &kept), ("view", ""), ("after", ""), ("before", ""), ("at", "")])
}

/// An empty list: why, and which condition to take out.
pub(super) fn nothing(
    visit: &Visit,
    asked: &Asked<'_>,
    named: &Named,
    found: &[(String, Total)],
) -> Markup {
    html! {
        div.pad {
            p.b { (visit.say("没有符合条件的资产。", "No asset is like that.")) }
            @for (word, total) in found {
                @let value = asked.word(word);
                @let text = named.condition(visit, word, value).unwrap_or_else(|| value.to_owned());
                p {
                    a href=(without(visit, word)) { (visit.say("去掉条件“", "Without “")) (text) (visit.say("”", "”")) }
                    (visit.say("，有 ", " there would be ")) (told(visit, *total)) (visit.say(" 项", ""))
                }
            }
            p { a href=(super::frame::assets([("area", visit.area().as_str())])) { (visit.say("看全部资产", "All assets")) } }
        }
    }
}
