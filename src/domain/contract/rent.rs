//! What a contract asks to be paid a year: the rent and its steps, or the interest of what was put in.

use chrono::Months;
use entity::{
    contract::{Kind, Model, Step, Steps},
    language::Sentence,
    money::Money,
};

use crate::{
    domain::{
        allocation,
        field::{FieldKind, FieldValue, Reading, Value},
        mistake::{Mistake, Mistakes},
        reading,
    },
    limits,
};

/// The whole, in hundredths of a percent.
const WHOLE_BP: i32 = 10_000;

impl FieldValue for Steps {
    const KIND: FieldKind = FieldKind::Text;
    const REQUIRED: bool = false;

    /// Steps such as `3=12600`, with spaces, semicolons or line ends between them.
    fn read(text: Option<&str>, how: Reading) -> Result<Steps, Sentence> {
        let apart = |sign: char| sign.is_whitespace() || ";；".contains(sign);
        let parts = text.unwrap_or_default().split(apart).filter(|part| !part.is_empty());
        parts.map(|part| step(part, how)).collect::<Result<_, _>>().map(Steps)
    }

    fn show(&self) -> Value {
        if self.0.is_empty() { Value::Empty } else { Value::Text(self.to_string()) }
    }
}

fn step(text: &str, how: Reading) -> Result<Step, Sentence> {
    let wrong = || {
        Sentence::new(
            "应为“第几年=年租金”，每行一档，例如 3=12600.00",
            "a year of the contract and its yearly rent, a line each, such as 3=12600.00",
        )
    };
    let text = reading::half_width(text);
    let (year, rent) = text.split_once('=').ok_or_else(wrong)?;
    let year = year.trim().parse().map_err(|_| wrong())?;
    let rent = reading::money(rent.trim(), how.unit).map_err(|_| wrong())?;
    Ok(Step { year, rent })
}

/// What is wrong with the amounts of a contract.
pub(super) fn check(contract: &Model, mistakes: &mut Mistakes) {
    let amounts = [
        ("deposit", contract.deposit),
        ("yearly_rent", contract.yearly_rent),
        ("principal", contract.principal),
    ];
    for (field, amount) in amounts {
        let found = || amount.to_string();
        let (zh, en) = ("金额不能小于零", "an amount of at least zero");
        mistakes.require(!amount.is_negative(), field, found, zh, en);
    }
    let years = i32::try_from(limits::CONTRACT_YEARS).unwrap_or(i32::MAX);
    let numbers = [
        ("due_days", contract.due_days, limits::CONTRACT_DUE_DAYS),
        ("free_months", contract.free_months, years.saturating_mul(12)),
        ("share_bp", contract.share_bp, WHOLE_BP),
        ("rate_bp", contract.rate_bp, WHOLE_BP),
    ];
    for (field, number, most) in numbers {
        let found = || number.to_string();
        let (zh, en) = (format!("应为 0 至 {most} 的整数"), format!("a number from 0 to {most}"));
        mistakes.require((0..=most).contains(&number), field, found, &zh, &en);
    }
    check_kind(contract, mistakes);
    check_steps(&contract.steps, mistakes);
}

/// Rent is paid for what is let, interest for what was put in or lent, and nothing for one's own.
fn check_kind(contract: &Model, mistakes: &mut Mistakes) {
    let kind = contract.kind;
    let rent = [
        ("yearly_rent", contract.yearly_rent > Money::ZERO),
        ("steps", !contract.steps.0.is_empty()),
        ("free_months", contract.free_months > 0),
        ("share_bp", contract.share_bp > 0),
    ];
    let interest =
        [("principal", contract.principal > Money::ZERO), ("rate_bp", contract.rate_bp > 0)];
    let spare = |is_spare, told: &[(&'static str, bool)]| -> Vec<&'static str> {
        told.iter().filter(|(_, is_told)| is_spare && *is_told).map(|(field, _)| *field).collect()
    };
    let of_rent = spare(!kind.has_rent(), &rent);
    for field in of_rent.into_iter().chain(spare(!kind.is_claim(), &interest)) {
        let label = kind.label();
        let expected = Sentence::new(
            format!("“{}”不填这一项", label.zh),
            format!("nothing, for {}", label.en),
        );
        mistakes.push(Mistake::new(field, "", expected));
    }
    mistakes.require(
        !kind.is_claim() || contract.principal > Money::ZERO,
        "principal",
        || contract.principal.to_string(),
        "入股、债权应写明本金",
        "what was put in or lent",
    );
}

fn check_steps(steps: &Steps, mistakes: &mut Mistakes) {
    let most = limits::RENT_STEPS;
    mistakes.require(
        steps.0.len() <= most,
        "steps",
        || steps.0.len().to_string(),
        &format!("最多 {most} 档"),
        &format!("at most {most} steps"),
    );
    let years = 2..=i32::try_from(limits::CONTRACT_YEARS).unwrap_or(i32::MAX);
    let fits = |step: &Step| years.contains(&step.year) && !step.rent.is_negative();
    let is_rising = steps.0.windows(2).all(|pair| pair[0].year < pair[1].year);
    let wrong = steps.0.iter().find(|step| !fits(step)).or(steps.0.first().filter(|_| !is_rising));
    if let Some(step) = wrong {
        let expected = Sentence::new(
            format!("年份应从第 2 年到第 {} 年，由小到大", years.end()),
            format!(
                "years of the contract from 2 to {}, each later than the one before",
                years.end()
            ),
        );
        mistakes.push(Mistake::new("steps", &step.to_string(), expected));
    }
}

/// What is to be paid for a year of a contract, the first being 1; none where nothing is asked.
pub(super) fn of_year(contract: &Model, year: i32) -> Option<Money> {
    match contract.kind {
        Kind::Own => None,
        Kind::Equity | Kind::Debt => allocation::at_most(contract.principal, contract.rate_bp),
        Kind::Contracting | Kind::Lease | Kind::Entrusting | Kind::Cooperation => {
            let step = contract.steps.0.iter().rfind(|step| step.year <= year);
            Some(step.map_or(contract.yearly_rent, |step| step.rent))
        }
    }
}

/// How many years of a contract have begun when it ends, at most those that one may have.
pub fn n_years(contract: &Model) -> i32 {
    let begins = |year: &u32| contract.starts_on.checked_add_months(Months::new(year * 12));
    let begun = |year: &u32| begins(year).is_some_and(|day| day <= contract.ends_on);
    i32::try_from((0..limits::CONTRACT_YEARS).take_while(begun).count()).unwrap_or(i32::MAX)
}

/// A rent that rises by a rate every so many years, as steps: each is worked out from the one before,
/// rounded down to whole fen. None where the rate or the years make no sense.
pub fn rising(rent: Money, rate_bp: i32, every: i32, years: i32) -> Option<Steps> {
    if every < 1 || !(0..=WHOLE_BP).contains(&rate_bp) {
        return None;
    }
    let mut steps = Steps::default();
    let mut rent = rent;
    let mut year = 1_i32.checked_add(every)?;
    while year <= years {
        rent = rent.checked_add(allocation::at_most(rent, rate_bp)?)?;
        steps.0.push(Step { year, rent });
        year = year.checked_add(every)?;
    }
    Some(steps)
}
