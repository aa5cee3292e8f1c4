//! 分块分配: an amount split by percentages into a few buckets, as 30/30/20/20, each of which is divided
//! its own way (domain.md §3.4, formula 6).

use entity::{language::Sentence, money::Money};
use serde::Serialize;

use super::{Outcome, WHOLE_BP, method::Method, negative, one_mistake, ratio::percent};
use crate::{
    domain::{
        allocation,
        mistake::{Mistake, Mistakes, shortened},
    },
    limits,
};

/// One bucket of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// What it is called.
    pub name: String,
    /// Its part in basis points.
    pub rate_bp: u32,
    /// How it is divided.
    pub method: Method,
}

/// What came of one bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// What it is called.
    pub name: String,
    /// What was in it.
    pub amount: Money,
    /// What came of that.
    pub outcome: Outcome,
}

/// Splits an amount into buckets, to the fen, and divides each. Fen that tie go to the bucket that the
/// plan names first: the order of buckets is the plan's order of use (domain.md §3.2).
pub fn divide(amount: Money, buckets: &[Bucket]) -> Result<Vec<Filled>, Mistakes> {
    check(buckets).into_result()?;
    let rates: Vec<u64> = buckets.iter().map(|bucket| u64::from(bucket.rate_bp)).collect();
    let Some(amounts) = allocation::by_weight(amount, &rates) else {
        return Err(Mistakes(vec![negative("total", amount)]));
    };
    let mut mistakes = Mistakes::default();
    let mut filled = Vec::with_capacity(buckets.len());
    for (bucket, amount) in buckets.iter().zip(amounts) {
        match bucket.method.divide(amount) {
            Ok(outcome) => filled.push(Filled { name: bucket.name.clone(), amount, outcome }),
            Err(of_bucket) => mistakes.0.extend(named(of_bucket, &bucket.name)),
        }
    }
    mistakes.into_result()?;
    Ok(filled)
}

/// What is wrong with the buckets themselves. Percentages that fall short of the whole leave money that
/// nobody decided on, and are refused.
fn check(buckets: &[Bucket]) -> Mistakes {
    let (n_most, n_found) = (limits::DISTRIBUTION_BUCKETS, buckets.len());
    if !(1..=n_most).contains(&n_found) {
        let zh = format!("应分为 1 至 {n_most} 块");
        let en = format!("1 to {n_most} buckets");
        return one_mistake("buckets", &n_found.to_string(), Sentence::new(zh, en));
    }
    let mut mistakes = Mistakes::default();
    for bucket in buckets.iter().filter(|bucket| bucket.rate_bp == 0) {
        let expected = Sentence::new("每块的比例应大于零", "a rate above zero for each bucket");
        mistakes.push(Mistake::new("rate_bp", &bucket.name, expected));
    }
    let sum: i64 = buckets.iter().map(|bucket| i64::from(bucket.rate_bp)).sum();
    let (rest, found) = (i64::from(WHOLE_BP) - sum, percent(sum));
    if rest > 0 {
        let zh = format!("比例之和应为 100%，还有 {} 没有安排", percent(rest));
        let en = format!("rates that sum to 100%; {} is given to nobody", percent(rest));
        mistakes.push(Mistake::new("rate_bp", &found, Sentence::new(zh, en)));
    }
    if rest < 0 {
        let zh = format!("比例之和应为 100%，超出 {}", percent(-rest));
        let en = format!("rates that sum to 100%; {} is too much", percent(-rest));
        mistakes.push(Mistake::new("rate_bp", &found, Sentence::new(zh, en)));
    }
    mistakes
}

/// The mistakes of a bucket, each with its name.
fn named(mistakes: Mistakes, name: &str) -> impl Iterator<Item = Mistake> {
    mistakes.0.into_iter().map(move |mistake| {
        let Sentence { zh, en } = mistake.expected;
        let expected = Sentence::new(
            format!("“{}”：{zh}", shortened(name)),
            format!("“{}”: {en}", shortened(name)),
        );
        Mistake { expected, ..mistake }
    })
}
