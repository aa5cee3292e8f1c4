//! What there is of each class and subclass, from the sums that are kept.

use entity::{
    area::AreaCode,
    asset::{Class, Subclass},
    finding::tally::{self, Counted},
    money::Money,
};

use crate::{
    domain::setting::LocalRules,
    error::Result,
    store::{
        Actor, Ledger,
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// What there is of a class.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The class.
    pub class: Class,
    /// All of it.
    pub all: Sum,
    /// What there is of each subclass, in the order of the official list.
    pub subclasses: Vec<(Subclass, Sum)>,
    /// What has no subclass.
    pub other: Sum,
}

/// What there is of each class in an area, and the rules by which it is judged there.
pub struct Kinds {
    /// The area.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// Every class.
    pub classes: Vec<Kind>,
    /// The rules of the area.
    pub local: LocalRules,
}

/// Tells what stands of each class and subclass in an area.
pub async fn kinds(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Kinds> {
    let read = ledger.read(actor);
    let area = read.area_within(area).await?;
    let extent = Extent { area, class: None, with_gone: false, with_waived: false };
    let subclasses: Vec<String> =
        Subclass::ALL.iter().map(|one| Counted::Subclass(*one).to_string()).collect();
    let subjects: Vec<&str> = subclasses.iter().map(String::as_str).chain([tally::ALL]).collect();
    let sums = read.kept_sums(&subjects, &extent, Some(Grouping::Class)).await?;
    let names = read.area_names_on(&[area], read.today()).await?;
    Ok(Kinds {
        area,
        name: names.get(&area).cloned().unwrap_or_else(|| area.to_string()),
        classes: Class::ALL.iter().map(|class| kind(&sums, *class)).collect(),
        local: read.local_rules([area]).await?,
    })
}

fn kind(sums: &Sums, class: Class) -> Kind {
    let of = |subject: String| {
        sums.get(&(class.code().to_owned(), subject)).copied().unwrap_or_default()
    };
    let own = Subclass::ALL.iter().copied().filter(|one| one.class() == class);
    let subclasses: Vec<(Subclass, Sum)> =
        own.map(|one| (one, of(Counted::Subclass(one).to_string()))).collect();
    let all = of(tally::ALL.to_owned());
    let n: i64 = subclasses.iter().map(|(_, sum)| sum.n).sum();
    let value = Money::total(subclasses.iter().map(|(_, sum)| sum.value));
    let value = value.and_then(|value| all.value.checked_sub(value)).unwrap_or_default();
    Kind { class, all, subclasses, other: Sum { n: all.n - n, value } }
}
