//! 月度简报: what of a month is told of each town, from kept sums and counts by index. Only readers of
//! the whole county learn how its towns stand to one another.

use chrono::Datelike;
use entity::{
    area::{AreaCode, Level},
    finding::{
        Rule,
        tally::{ALL, Counted},
    },
    money::Money,
    setting::Key,
};

use super::place::Places;
use crate::{
    domain::brief::{Month, Share, places, stood},
    error::Result,
    store::{
        Actor, Ledger,
        brief::{Figures, Told, amount, number},
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// A share that is aimed at: now, at the end of the month before, and the place among all towns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aim {
    /// The assets that are as they should be, of all.
    pub share: Share,
    /// The same a month before.
    pub before: Share,
    /// What is aimed at, in hundredths of a percent.
    pub target_bp: i64,
    /// Its place among the towns of the county; told to readers of the whole county.
    pub place: Option<usize>,
    /// The same a month before.
    pub place_before: Option<usize>,
}

/// What of a month is told of one town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The town.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// Its assets, today.
    pub assets: Sum,
    /// Those that somebody maintains.
    pub maintained: Aim,
    /// Those whose title is confirmed.
    pub titled: Aim,
    /// Findings that stood at the end of the month.
    pub stood: i64,
    /// Findings that opened in it.
    pub opened: i64,
    /// Findings that cleared in it.
    pub cleared: i64,
    /// What stood at its end most often, and how often.
    pub most: Vec<(Rule, i64)>,
    /// Rectifications that are late, today.
    pub late: i64,
    /// Inspections of the month.
    pub inspected: i64,
    /// Assets that are, today, due to be inspected by the end of the month.
    pub due: i64,
    /// Work orders that were found in the month, ended in it, are open today, and are late today.
    pub orders: [i64; 4],
    /// Money set aside for the year, today.
    pub set_aside: Money,
    /// What of it is spent, today.
    pub spent: Money,
    /// What was paid in the month.
    pub paid: Money,
}

/// The briefs of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Briefs {
    /// The county or the town.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// The month.
    pub month: Month,
    /// How many towns are compared; none where the reader sees but one.
    pub n_compared: Option<usize>,
    /// One a town, in the order of their codes; none of what lies above or below towns.
    pub towns: Vec<Brief>,
}

/// Rules of which a brief tells the number.
const MOST: usize = 5;

/// The kept sums of the towns, and the months since.
struct Kept {
    sums: Sums,
    since: Vec<Month>,
    month: Month,
}

impl Kept {
    fn n(&self, town: AreaCode, counted: Counted) -> i64 {
        self.sum(town, &counted.to_string()).n
    }

    fn sum(&self, town: AreaCode, subject: &str) -> Sum {
        self.sums.get(&(town.to_string(), subject.to_owned())).copied().unwrap_or_default()
    }

    /// How many findings of a rule stood at the end of the month, or of the one before.
    fn stood(&self, town: AreaCode, rule: Rule, is_before: bool) -> i64 {
        let own = is_before.then_some(self.month);
        let later = || own.iter().chain(&self.since);
        let opened = later().map(|month| self.n(town, Counted::Opened(rule, month.kept()))).sum();
        let cleared = later().map(|month| self.n(town, Counted::Cleared(rule, month.kept()))).sum();
        stood(self.n(town, Counted::Found(rule)), opened, cleared)
    }

    /// The assets of a town that do not break a rule.
    fn share(&self, town: AreaCode, rule: Rule, is_before: bool) -> Share {
        let whole = self.sum(town, ALL).n;
        Share { part: (whole - self.stood(town, rule, is_before)).max(0), whole }
    }
}

/// The kept sums that briefs of a month are made of.
fn subjects(month: Month, since: &[Month]) -> Vec<String> {
    let flows = Rule::ALL.iter().flat_map(|rule| {
        let each = |month: &Month| {
            [Counted::Opened(*rule, month.kept()), Counted::Cleared(*rule, month.kept())]
        };
        since
            .iter()
            .chain([&month])
            .flat_map(each)
            .chain([Counted::Found(*rule)])
            .collect::<Vec<_>>()
    });
    flows.chain([Counted::All]).map(|counted| counted.to_string()).collect()
}

/// How the towns do in what a rule forbids, each with its place where they are compared.
fn aims(
    kept: &Kept,
    towns: &[AreaCode],
    (rule, target_bp): (Rule, i64),
    is_compared: bool,
) -> Vec<Aim> {
    let shares = |is_before| -> Vec<Share> {
        towns.iter().map(|town| kept.share(*town, rule, is_before)).collect()
    };
    let (now, before) = (shares(false), shares(true));
    let placed = |shares: &[Share]| {
        if is_compared { places(shares) } else { vec![None; shares.len()] }
    };
    let (place, place_before) = (placed(&now), placed(&before));
    let aim = |n: usize| Aim {
        share: now[n],
        before: before[n],
        target_bp,
        place: place[n],
        place_before: place_before[n],
    };
    (0..towns.len()).map(aim).collect()
}

/// What is told of a town, but for its name and its aims.
fn told(kept: &Kept, figures: &Figures, town: AreaCode) -> Brief {
    let of_month = |counted: fn(Rule, entity::finding::tally::Month) -> Counted| {
        Rule::ALL.iter().map(|rule| kept.n(town, counted(*rule, kept.month.kept()))).sum::<i64>()
    };
    let each = Rule::ALL.iter().map(|rule| (*rule, kept.stood(town, *rule, false)));
    let mut most: Vec<(Rule, i64)> = each.filter(|(_, n)| *n > 0).collect();
    let stood = most.iter().map(|(_, n)| n).sum();
    most.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    most.truncate(MOST);
    let figure = |told| number(figures, told, town);
    Brief {
        area: town,
        name: String::new(),
        assets: kept.sum(town, ALL),
        maintained: Aim::default(),
        titled: Aim::default(),
        stood,
        opened: of_month(Counted::Opened),
        cleared: of_month(Counted::Cleared),
        most,
        late: figure(Told::Late),
        inspected: figure(Told::Inspected),
        due: figure(Told::Due),
        orders: [Told::OrdersFound, Told::OrdersEnded, Told::OrdersOpen, Told::OrdersLate]
            .map(figure),
        set_aside: amount(figures, Told::SetAside, town),
        spent: amount(figures, Told::Spent, town),
        paid: amount(figures, Told::Paid, town),
    }
}

/// The briefs of a month, of every town of a county or of one town. An area above the counties or below
/// the towns has none.
pub async fn briefs(
    ledger: &Ledger,
    actor: &Actor,
    area: Option<AreaCode>,
    month: Option<Month>,
) -> Result<Briefs> {
    let read = ledger.read(actor);
    let (area, today) = (read.area_within(area).await?, read.today());
    let month = month.unwrap_or_else(|| Month::of(today));
    let mut names = Places::new(today);
    names.learn(&read, [area]).await?;
    let mut briefs =
        Briefs { area, name: names.name(area), month, n_compared: None, towns: Vec::new() };
    if ![Level::County, Level::Town].contains(&area.level()) {
        return Ok(briefs);
    }
    let since = month.since(today);
    let subjects = subjects(month, &since);
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let extent = Extent { area, class: None, with_gone: false, with_waived: false };
    let grouping = Some(Grouping::Area(Level::Town));
    let sums = read.kept_sums(&subjects, &extent, grouping).await?;
    let figures = read.brief_figures(area, month, month.first().year()).await?;
    let mut towns: Vec<AreaCode> = sums.keys().filter_map(|(town, _)| town.parse().ok()).collect();
    // what lies at the county itself is of no town
    towns.retain(|town| town.level() == Level::Town);
    towns.sort_unstable();
    towns.dedup();
    names.learn(&read, towns.iter().copied()).await?;
    let kept = Kept { sums, since, month };
    let local = read.local_rules([area]).await?;
    let is_compared = area.level() == Level::County;
    let aims = |rule, key| aims(&kept, &towns, (rule, local.number(key, area, today)), is_compared);
    let maintained = aims(Rule::NoMaintainer, Key::UpkeepTarget);
    let titled = aims(Rule::TitleUnconfirmed, Key::TitleTarget);
    let aimed = towns.iter().zip(maintained.into_iter().zip(titled));
    let brief = |(town, (maintained, titled)): (&AreaCode, (Aim, Aim))| Brief {
        name: names.name(*town),
        maintained,
        titled,
        ..told(&kept, &figures, *town)
    };
    briefs.towns = aimed.map(brief).collect();
    briefs.n_compared = is_compared.then_some(towns.len());
    Ok(briefs)
}
