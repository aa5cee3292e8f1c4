//! Assets that are chosen in a list: one by one, the page, or all of the filter, whose number the
//! person saw and the server confirms. What is done to them is asked for by the same words.

use entity::{asset, id::AssetId};
use maud::{Markup, html};

use super::{
    parts::{Tone, grouped, note},
    stylesheet::CHOOSE,
    visit::{Manner, Visit},
};
use crate::{
    app::{asset_column::Shown, listing},
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
    },
    error::{Error, Result},
    http::AppState,
    limits,
    store::{Subject, list::List},
};

/// What the fields of a choice are called; they are no fields of what is done.
pub(super) const WORDS: [&str; 7] = ["asset", "page", "shown", "all", "of", "count", "ids"];

/// What was chosen, as the address or a form says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Assets by their codes.
    Codes(Vec<String>),
    /// All assets of a filter, and how many the person saw.
    Filter(String, u64),
    /// Assets by their ids: looked at before.
    Ids(Vec<AssetId>),
}

/// What a choice comes to.
pub(super) struct Chosen {
    /// The assets, in the order of their ids.
    pub(super) assets: Vec<asset::Model>,
    /// How many the person saw, where there are more or fewer now.
    pub(super) expected: Option<u64>,
}

fn words_of(of: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(of.as_bytes()).into_owned().collect()
}

/// The columns of the list in which something was chosen.
pub(super) fn columns(words: &[(String, String)]) -> Result<Vec<&'static Shown>> {
    let of = words.iter().find(|(word, _)| word == "of").map_or("", |(_, of)| of);
    super::asset::columns(&words_of(of))
}

impl Choice {
    /// Reads it from the words of an address or the fields of a form.
    pub(super) fn read<'a>(words: impl Iterator<Item = (&'a str, &'a str)>) -> Choice {
        let words: Vec<(&str, &str)> = words.filter(|(word, _)| WORDS.contains(word)).collect();
        let one = |name: &str| {
            words.iter().find(|(word, _)| *word == name).map_or("", |(_, value)| value.trim())
        };
        let parts = |text: &'a str| text.split(',').map(str::trim).filter(|part| !part.is_empty());
        if !one("ids").is_empty() {
            let ids = parts(words.iter().find(|(word, _)| *word == "ids").map_or("", |one| one.1));
            let ids = ids.filter_map(|id| id.parse().ok()).map(AssetId);
            return Choice::Ids(ids.take(limits::ASSETS_PER_ACTION + 1).collect());
        }
        if !one("all").is_empty() {
            return Choice::Filter(one("of").to_owned(), one("count").parse().unwrap_or(0));
        }
        let whole = !one("page").is_empty();
        let shown = words.iter().filter(|(word, _)| whole && *word == "shown");
        let shown = shown.flat_map(|(_, codes)| parts(codes));
        let named = words.iter().filter(|(word, _)| *word == "asset").map(|(_, code)| code.trim());
        let mut codes: Vec<String> =
            shown.chain(named).filter(|code| !code.is_empty()).map(str::to_owned).collect();
        codes.sort();
        codes.dedup();
        Choice::Codes(codes)
    }

    /// The choice of some assets that were looked at.
    pub(super) fn pinned(assets: &[asset::Model]) -> Choice {
        Choice::Ids(assets.iter().map(|asset| asset.id).collect())
    }

    /// The words that say it.
    pub(super) fn words(&self) -> Vec<(&'static str, String)> {
        match self {
            Choice::Codes(codes) => codes.iter().map(|code| ("asset", code.clone())).collect(),
            Choice::Filter(of, count) => {
                vec![("all", "yes".to_owned()), ("of", of.clone()), ("count", count.to_string())]
            }
            Choice::Ids(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                vec![("ids", ids.join(","))]
            }
        }
    }

    /// What a form carries of it.
    pub(super) fn hidden(&self) -> Markup {
        html! { @for (word, value) in self.words() { input type="hidden" name=(word) value=(value); } }
    }

    /// The words of the filter, as the list means them.
    pub(super) fn filter(&self) -> Option<Vec<(String, String)>> {
        let Choice::Filter(of, _) = self else { return None };
        let words = words_of(of);
        let usual = super::asset::usual(&words);
        let usual = usual.map(|(word, value)| (word.to_owned(), value.to_owned()));
        let kept = words.into_iter().filter(|(word, value)| {
            let is_of_page = ["after", "limit", "count"].contains(&word.as_str())
                || super::asset::OF_PAGE.contains(&word.as_str());
            !is_of_page && !value.trim().is_empty()
        });
        Some(kept.chain(usual).collect())
    }

    /// The assets. Where one of those that are named is not within the visitor's reach, none is
    /// found.
    pub(super) async fn assets(
        &self,
        state: &AppState,
        visit: &Visit,
        at_most: usize,
    ) -> Result<Chosen> {
        let too_many = || Error::from(Refusal::too_many(at_most));
        let read = state.ledger.read(&visit.actor);
        let not_found = Error::NotFound(<asset::Entity as Subject>::NOUN);
        match self {
            Choice::Codes(codes) if codes.is_empty() => Err(nothing_chosen()),
            Choice::Codes(codes) if codes.len() > at_most => Err(too_many()),
            Choice::Codes(codes) => {
                let assets = read.assets_coded(codes).await?;
                if assets.len() != codes.len() {
                    return Err(not_found);
                }
                Ok(Chosen { assets, expected: None })
            }
            Choice::Ids(ids) if ids.len() > at_most => Err(too_many()),
            Choice::Ids(ids) => {
                let dossiers = read.dossiers(ids).await?;
                if dossiers.is_empty() || dossiers.len() != ids.len() {
                    return Err(not_found);
                }
                let assets = dossiers.into_iter().map(|dossier| dossier.asset).collect();
                Ok(Chosen { assets, expected: None })
            }
            Choice::Filter(_, expected) => {
                let words = self.filter().unwrap_or_default();
                let mut assets = filtered(state, visit, &words, at_most).await?;
                if assets.is_empty() {
                    return Err(nothing_chosen());
                }
                assets.sort_by_key(|asset| asset.id);
                let n = u64::try_from(assets.len()).unwrap_or(u64::MAX);
                Ok(Chosen { assets, expected: (n != *expected).then_some(*expected) })
            }
        }
    }
}

fn nothing_chosen() -> Error {
    let expected = entity::language::Sentence::new(
        "没有选中资产，请回到列表勾选",
        "no asset is chosen: go back to the list and tick some",
    );
    Mistakes(vec![Mistake::new("assets", "", expected)]).into()
}

async fn filtered(
    state: &AppState,
    visit: &Visit,
    words: &[(String, String)],
    at_most: usize,
) -> Result<Vec<asset::Model>> {
    let words = words.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let mut list = List::<asset::Entity>::read(words)?;
    if list.as_of.is_some() {
        return Err(Refusal::past_unchangeable().into());
    }
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let assets = listing::all_assets(ledger, actor, &mut list, at_most).await?;
    Ok(assets.ok_or_else(|| Refusal::too_many(at_most))?)
}

impl Chosen {
    /// What is to be known of the choice before anything is done: how many, where, and whether
    /// there are more or fewer than the person saw.
    pub(super) fn told(&self, manner: &Manner) -> Markup {
        let n = i64::try_from(self.assets.len()).unwrap_or(i64::MAX);
        let value =
            entity::money::Money::total(self.assets.iter().filter_map(|one| one.original_value));
        html! {
            @if let Some(expected) = self.expected {
                (note(Tone::Warning, &html! {
                    b { (manner.say("数量变了：", "The number has changed: ")) }
                    (manner.say("你在列表上看到 ", "you saw ")) (expected)
                    (manner.say(" 项，现在符合条件的是 ", ", now there are ")) (n)
                    (manner.say(" 项。请核对后再继续。", ". Look again before you go on."))
                }))
            }
            p { (manner.say("已选 ", "Chosen: ")) b { (grouped(n)) (manner.say(" 项", "")) }
                @if let Some(value) = value { " " span.mut { (manner.say("原值 ", "worth ")) (value.grouped()) (manner.say(" 元", " yuan")) } }
                @if let [only] = &self.assets[..] { (manner.say("：", ": ")) a href={ "/assets/" (only.code) } { (only.name) } " " span.mut { (only.code) } }
            }
        }
    }
}

/// The head of the column in which rows are chosen.
pub(super) fn head(manner: &Manner) -> Markup {
    html! { th.sel scope="col" { span.sr { (manner.say("选择", "Choose")) } } }
}

/// The box by which a row is chosen.
pub(super) fn cell(manner: &Manner, code: &str, name: &str) -> Markup {
    html! {
        td.sel {
            input type="checkbox" name="asset" value=(code) form="chosen"
                aria-label={ (manner.say("选择", "Choose ")) (name) };
        }
    }
}

/// What may be done to what is chosen: the address, what it is called, who may.
const DEEDS: [(&str, (&str, &str), Action); 7] = [
    ("/duties/assign", ("指派管护责任", "Assign a duty"), Action::AssignDuty),
    ("/titles/confirm", ("确权", "Confirm titles"), Action::SettleTitle),
    ("/assets/merge", ("合并", "Merge"), Action::MergeAssets),
    ("/assets/chosen.csv", ("导出所选 CSV", "Export CSV"), Action::ExportRows),
    ("/assets/chosen.xlsx", ("导出所选 Excel", "Export Excel"), Action::ExportRows),
    ("/titles/register", ("打印确权登记表", "Print the register"), Action::ExportRows),
    ("/assets/plates", ("打印标牌", "Print plates"), Action::ExportRows),
];

/// The deeds that a list offers.
pub(super) const EVERY: &[&str] = &[
    "/duties/assign",
    "/titles/confirm",
    "/assets/merge",
    "/assets/chosen.csv",
    "/assets/chosen.xlsx",
    "/assets/plates",
];

/// Whether the visitor may do anything with rows of a list.
pub(super) fn may(visit: &Visit, deeds: &[&str]) -> bool {
    DEEDS.iter().any(|(path, _, action)| deeds.contains(path) && visit.may(*action))
}

/// What stands above a list: how many are chosen, and what may be done to them. `of` says the
/// filter, `total` how many it has; a list that is none has only its page.
pub(super) fn bar<'a>(
    visit: &Visit,
    deeds: &[&str],
    codes: impl Iterator<Item = &'a str>,
    filter: Option<(&str, u64)>,
) -> Markup {
    let codes: Vec<&str> = codes.collect();
    let offered =
        DEEDS.iter().filter(|(path, _, action)| deeds.contains(path) && visit.may(*action));
    let offered: Vec<_> = offered.collect();
    let Some((first, ..)) = offered.first() else { return html! {} };
    html! {
        form.batch #chosen action=(first) {
            input type="hidden" name="shown" value=(codes.join(","));
            label { input type="checkbox" name="page" value="yes"; " " (visit.say("选本页 ", "This page: ")) (codes.len()) (visit.say(" 项", "")) }
            @if let Some((of, total)) = filter {
                input type="hidden" name="of" value=(of);
                input type="hidden" name="count" value=(total);
                @if total > codes.len() as u64 {
                    label { input type="checkbox" name="all" value="yes"; " " (visit.say("选全部筛选结果 ", "All of this filter: ")) (grouped(i64::try_from(total).unwrap_or(i64::MAX))) (visit.say(" 项", "")) }
                }
            }
            (told(visit))
            @for (path, (zh, en), _) in offered { button.btn.sm formaction=(path) { (visit.say(zh, en)) } }
        }
        (script())
    }
}

/// How many are chosen, and the way to choose none: counted by the script, which keeps them from
/// page to page.
pub(super) fn told(visit: &Visit) -> Markup {
    let is_chinese = visit.language == entity::language::Language::Chinese;
    html! {
        output.b hidden data-zh=[is_chinese.then_some("1")] {}
        button.btn.sm.link type="reset" { (visit.say("不选了", "Choose none")) }
    }
}

/// What counts and keeps them.
pub(super) fn script() -> Markup {
    html! { script type="module" src=(CHOOSE.address) {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Choice {
        let words: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Choice::read(words.iter().map(|(word, value)| (word.as_str(), value.as_str())))
    }

    #[test]
    fn a_choice_is_said_by_its_words_and_read_from_them() {
        let codes =
            |codes: &[&str]| Choice::Codes(codes.iter().map(|one| (*one).to_owned()).collect());
        assert_eq!(read("asset=b&asset=a&asset=b&shown=x,y"), codes(&["a", "b"]));
        assert_eq!(read("asset=b&page=yes&shown=x,y,b"), codes(&["b", "x", "y"]));
        assert_eq!(read("page=yes&shown="), codes(&[]));
        let all = read("all=yes&of=class%3Dpublic&count=7&asset=a");
        assert_eq!(all, Choice::Filter("class=public".to_owned(), 7));
        let pinned = read("ids=3,4&asset=a");
        assert_eq!(pinned, Choice::Ids(vec![AssetId(3), AssetId(4)]));
        for choice in [codes(&["a", "b"]), all, pinned] {
            let words = choice.words();
            assert_eq!(
                Choice::read(words.iter().map(|(word, value)| (*word, value.as_str()))),
                choice
            );
        }
    }

    #[test]
    fn a_filter_means_what_the_list_means() {
        let words = Choice::Filter("class=public&after=z&limit=50&q=".to_owned(), 1).filter();
        let words = words.expect("a filter");
        let told: Vec<_> = words.iter().map(|(word, value)| format!("{word}={value}")).collect();
        assert_eq!(told, ["class=public", "standing=yes"]);
    }
}
