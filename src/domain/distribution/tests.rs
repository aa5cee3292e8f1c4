//! Distribution: the checked vectors and the published figures of domain.md §3.4 to §3.6, and every limit.

use entity::share::Share;

use super::{
    equity::Unassigned,
    method::Method,
    mixed::{self, Bucket},
    pool::{Pool, Reserve, reserve},
    proof::{Natural, check},
    ratio::{Base, Bound, Rule},
    residue::Residue,
    *,
};

fn yuan(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// Household numbers in the order of their places.
fn number(place: usize) -> String {
    format!("{:05}", place + 1)
}

fn weighted(weights: &[u64]) -> Vec<Weighted> {
    let of =
        |(place, weight): (usize, &u64)| Weighted { household: number(place), weight: *weight };
    weights.iter().enumerate().map(of).collect()
}

fn amounts(payments: &[Payment]) -> Vec<String> {
    payments.iter().map(|payment| payment.amount.to_string()).collect()
}

fn outcome(method: &Method, amount: &str) -> Outcome {
    method.divide(yuan(amount)).expect("an outcome")
}

/// The fields of what is wrong.
fn fields<T: std::fmt::Debug>(done: Result<T, Mistakes>) -> Vec<String> {
    let mistakes = done.expect_err("a mistake").0;
    for mistake in &mistakes {
        assert!(!mistake.expected.zh.is_empty() && !mistake.expected.en.is_empty());
        assert_ne!(mistake.expected.zh, mistake.expected.en);
    }
    mistakes.into_iter().map(|mistake| mistake.field.into_owned()).collect()
}

fn need(persons_and_tiers: &[(u32, u32)]) -> Method {
    let of = |(place, (n_persons, tier)): (usize, &(u32, u32))| need::Line {
        household: number(place),
        n_persons: *n_persons,
        tier: *tier,
    };
    Method::Need(persons_and_tiers.iter().enumerate().map(of).collect())
}

fn months(of: &[u8]) -> Method {
    let line = |(place, n_months): (usize, &u8)| months::Line {
        whole_year: Weighted { household: number(place), weight: 1 },
        n_months: *n_months,
    };
    Method::Months(of.iter().enumerate().map(line).collect())
}

fn equity(shares: &[&str], unassigned: Unassigned) -> Method {
    let line = |(place, share): (usize, &&str)| equity::Line {
        household: number(place),
        share: share.parse().expect("a share"),
    };
    Method::Equity(shares.iter().enumerate().map(line).collect(), unassigned)
}

fn post(place: usize, n_attended: u32, assessment_bp: u32) -> posts::Line {
    let (rate, cap) = (yuan("33.33"), yuan("800.00"));
    posts::Line { household: number(place), rate, cap, n_attended, assessment_bp }
}

#[test]
fn the_checked_vectors() {
    let points = Method::Points(weighted(&[120, 95, 95, 60, 0, 33]));
    let thirds = Method::Points(weighted(&[1, 1, 1]));
    // persons × tier: 8, 6, 6, 5, 3
    let tiers = need(&[(4, 2), (3, 2), (6, 1), (5, 1), (3, 1)]);
    let table: [(&Method, &str, &[&str]); 5] = [
        (
            &points,
            "100000.00",
            &["29776.67", "23573.20", "23573.20", "14888.34", "0.00", "8188.59"],
        ),
        (&thirds, "1.00", &["0.34", "0.33", "0.33"]),
        (&tiers, "30000.00", &["8571.43", "6428.57", "6428.57", "5357.14", "3214.29"]),
        (&months(&[12, 12, 7, 12]), "12000.00", &["3348.84", "3348.84", "1953.49", "3348.83"]),
        (&equity(&["1/3", "1/3", "1/3"], Unassigned::Left), "1.00", &["0.34", "0.33", "0.33"]),
    ];
    for (method, amount, expected) in table {
        let outcome = outcome(method, amount);
        assert_eq!(amounts(&outcome.payments), expected, "{}", method.label().en);
        assert_eq!((outcome.left, outcome.short), (Money::ZERO, Money::ZERO));
        assert_eq!(check(&outcome.proof.expect("a proof")), Ok(()));
    }
}

#[test]
fn ties_go_to_the_lower_number_whatever_the_order() {
    let mut lines = weighted(&[1, 1, 1]);
    lines.reverse();
    let outcome = outcome(&Method::Points(lines), "1.00");
    assert_eq!(outcome.payments[0], Payment { household: number(0), amount: yuan("0.34") });
    // numbers are compared as text
    let of = |household: &str| Weighted { household: household.to_owned(), weight: 1 };
    let proof = divide(yuan("0.01"), &[of("2"), of("10")]).expect("a division");
    assert_eq!((&*proof.lines[0].household, proof.lines[0].got_left_over), ("10", true));
}

#[test]
fn what_cannot_be_divided_is_not() {
    let points = |weights: &[u64]| Method::Points(weighted(weights)).divide(yuan("1.00"));
    assert_eq!(fields(points(&[0, 0])), ["lines"]);
    assert_eq!(fields(points(&[])), ["lines"]);
    let most = limits::DISTRIBUTION_LINES;
    assert!(points(&vec![1; most]).is_ok());
    assert_eq!(fields(points(&vec![1; most + 1])), ["lines"]);
    let named = |names: [&str; 2]| {
        divide(yuan("1.00"), &names.map(|name| Weighted { household: name.to_owned(), weight: 1 }))
    };
    assert_eq!(fields(named(["1", "1"])), ["household"]);
    for unfit in ["", " ", "1 "] {
        assert_eq!(fields(named(["1", unfit])), ["household"], "{unfit:?}");
    }
    let (fits, long) = ("9".repeat(limits::CODE_LENGTH), "9".repeat(limits::CODE_LENGTH + 1));
    assert!(named(["1", &fits]).is_ok());
    assert_eq!(fields(named(["1", &long])), ["household"]);
    for method in [Method::Collective, Method::Points(weighted(&[1])), Method::Posts(vec![])] {
        assert_eq!(fields(method.divide(yuan("-0.01"))), ["total"]);
    }
    assert_eq!(fields(divide(yuan("-0.01"), &weighted(&[1]))), ["total"]);
}

#[test]
fn a_pool_is_what_came_in_less_what_goes_off_and_never_above_the_cash() {
    let pool = Pool {
        received: yuan("1000.00"),
        operation: yuan("100.00"),
        land_rent: yuan("200.00"),
        tax: yuan("30.00"),
        advances: yuan("4.00"),
    };
    assert_eq!(pool.distributable(yuan("666.00")), Ok(yuan("666.00")));
    assert_eq!(fields(pool.distributable(yuan("665.99"))), ["cash"]);
    let spent = Pool { tax: yuan("696.00"), ..pool };
    assert_eq!(spent.distributable(Money::ZERO), Ok(Money::ZERO));
    let short = Pool { tax: yuan("696.01"), ..pool };
    assert_eq!(fields(short.distributable(Money::MAX)), ["received"]);
    let negative = yuan("-0.01");
    let wrong = Pool { received: negative, operation: negative, advances: negative, ..pool };
    assert_eq!(fields(wrong.distributable(Money::MAX)), ["received", "operation", "advances"]);
    let vast = Pool { land_rent: Money::MAX, tax: Money::MAX, ..pool };
    assert_eq!(fields(vast.distributable(Money::MAX)), ["received"]);
}

#[test]
fn a_floor_of_the_village_rounds_up() {
    // 中房村, domain.md §3.4
    let income = yuan("26878.62");
    let kept =
        |collective, members| Ok(Reserve { collective: yuan(collective), members: yuan(members) });
    assert_eq!(reserve(income, Bound::Floor, 8_000), kept("21502.90", "5375.72"));
    assert_eq!(reserve(income, Bound::Cap, 8_000), kept("21502.89", "5375.73"));
    assert_eq!(fields(reserve(income, Bound::Cap, 10_001)), ["rate_bp"]);
    assert_eq!(fields(reserve(yuan("-0.01"), Bound::Floor, 1)), ["total"]);
}

#[test]
fn a_ratio_is_kept_or_missed_by_so_much() {
    let rule = |base, bound| Rule { name: "公益岗位".to_owned(), base, bound, rate_bp: 8_000 };
    let (gross, net) = (yuan("30000.00"), yuan("26878.62"));
    for (base, bound, part, missed_by) in [
        (Base::Net, Bound::Floor, "21502.90", "0.00"),
        (Base::Net, Bound::Floor, "21502.89", "0.01"),
        (Base::Net, Bound::Cap, "21502.89", "0.00"),
        (Base::Net, Bound::Cap, "21502.90", "0.01"),
        (Base::Gross, Bound::Floor, "21502.90", "2497.10"),
        (Base::Gross, Bound::Cap, "24000.00", "0.00"),
    ] {
        let rule = rule(base, bound);
        let verdict = rule.check(gross, net, yuan(part)).expect("a verdict");
        assert_eq!(verdict.missed_by, yuan(missed_by), "{base:?} {bound:?} {part}");
        assert_eq!(verdict.is_kept(), missed_by == "0.00");
        let mistake = rule.mistake(&verdict, yuan(part));
        assert_eq!(mistake.is_none(), verdict.is_kept());
        for text in mistake.iter().flat_map(|told| [&told.expected.zh, &told.expected.en]) {
            assert!(text.contains("80%") && text.contains(missed_by), "{text}");
        }
    }
    let beyond = Rule { rate_bp: 10_001, ..rule(Base::Net, Bound::Cap) };
    assert_eq!(fields(beyond.check(gross, net, Money::ZERO)), ["rate_bp"]);
    assert_eq!(fields(rule(Base::Net, Bound::Cap).check(gross, net, yuan("-0.01"))), ["part"]);
}

#[test]
fn wages_are_for_days_attended() {
    let wage = |n_attended, assessment_bp| post(0, n_attended, assessment_bp).wage();
    assert_eq!(wage(0, 10_000), Some(Money::ZERO));
    assert_eq!(wage(3, 10_000), Some(yuan("99.99")));
    // 99.99 × 0.95 = 94.9905, rounded down
    assert_eq!(wage(3, 9_500), Some(yuan("94.99")));
    assert_eq!(wage(30, 10_000), Some(yuan("800.00")));
    assert_eq!(wage(30, 5_000), Some(yuan("400.00")));
    assert_eq!(wage(30, 0), Some(Money::ZERO));
    assert_eq!((wage(366, 0), wage(367, 0)), (Some(Money::ZERO), None));
    assert_eq!(wage(1, 10_001), None);
    let wrong = posts::Line { rate: yuan("-1.00"), cap: yuan("-1.00"), ..post(0, 367, 10_001) };
    let paid = posts::pay(yuan("1.00"), &[wrong]);
    assert_eq!(fields(paid), ["rate", "cap", "n_attended", "assessment_bp"]);
}

#[test]
fn what_is_not_spent_on_posts_is_left_and_no_more_is_paid_than_there_is() {
    // two posts in one household
    let posts = Method::Posts(vec![post(1, 3, 10_000), post(0, 1, 10_000), post(1, 30, 10_000)]);
    let paid = outcome(&posts, "1000.00");
    assert_eq!(amounts(&paid.payments), ["33.33", "899.99"]);
    assert_eq!((paid.left, paid.short), (yuan("66.68"), Money::ZERO));
    assert_eq!(outcome(&posts, "933.32").left, Money::ZERO);
    assert_eq!(fields(posts.divide(yuan("933.31"))), ["posts"]);
}

#[test]
fn awards_are_paid_whole_and_what_is_short_is_told() {
    // domain.md §3.4: 创业 800 a person, 务工 500 a person, 调结构 100 a mu
    let tariff: awards::Tariff =
        [("start", "800.00"), ("work", "500.00"), ("crops", "100.00"), ("day", "33.33")]
            .map(|(code, worth)| (code.to_owned(), yuan(worth)))
            .into();
    let line = |place, award: &str, units: &str| awards::Line {
        household: number(place),
        award: award.to_owned(),
        units: units.parse().expect("a quantity"),
    };
    let lines = vec![line(1, "work", "2"), line(0, "start", "1"), line(1, "crops", "2.55")];
    let awards = Method::Awards(tariff.clone(), lines);
    let told = |amount| {
        let Outcome { payments, left, short, .. } = outcome(&awards, amount);
        assert_eq!(amounts(&payments), ["800.00", "1255.00"]);
        (left.to_string(), short.to_string())
    };
    assert_eq!(told("3000.00"), ("945.00".to_owned(), "0.00".to_owned()));
    assert_eq!(told("2055.00"), ("0.00".to_owned(), "0.00".to_owned()));
    assert_eq!(told("2000.00"), ("0.00".to_owned(), "55.00".to_owned()));
    let lines = [line(0, "study", "1"), line(0, "day", "0.5"), line(0, "start", "99999999999")];
    let wrong = awards::pay(yuan("1.00"), &tariff, &lines);
    assert_eq!(fields(wrong), ["award", "units", "units"]);
    let below = [("start".to_owned(), yuan("-1.00"))].into();
    assert_eq!(
        fields(awards::pay(yuan("-1.00"), &below, &[line(0, "start", "1")])),
        ["tariff", "total"]
    );
}

#[test]
fn months_are_twelve_at_most_and_weights_fit() {
    assert_eq!(fields(months(&[12, 13]).divide(yuan("1.00"))), ["months"]);
    let of = |weight, n_months| {
        let whole_year = Weighted { household: number(0), weight };
        Method::Months(vec![months::Line { whole_year, n_months }]).divide(yuan("1.00"))
    };
    assert!(of(u64::MAX / 12, 12).is_ok());
    assert_eq!(fields(of(u64::MAX / 12 + 1, 12)), ["weight"]);
    assert_eq!(fields(of(1, 0)), ["lines"]);
}

#[test]
fn shares_that_nobody_has_are_told() {
    // 黑水, domain.md §3.6: 58 villages of 1.5625 % each are 90.625 %
    let heishui = vec!["1.5625%"; 58];
    let left = outcome(&equity(&heishui, Unassigned::Left), "640000.00");
    assert_eq!(left.left, yuan("60000.00"));
    assert!(left.payments.iter().all(|payment| payment.amount == yuan("10000.00")));
    let divided = outcome(&equity(&heishui, Unassigned::Divided), "640000.00");
    assert_eq!((divided.left, divided.payments[0].amount), (Money::ZERO, yuan("11034.49")));
    for unassigned in [Unassigned::Left, Unassigned::Divided] {
        let beyond = equity(&["1/2", "1/2", "1/1000000"], unassigned).divide(yuan("1.00"));
        assert_eq!(fields(beyond), ["shares"]);
    }
    // four primes near a million have no common denominator of sixty-four bits
    let primes = ["1/999983", "1/999979", "1/999961", "1/999959"];
    assert_eq!(fields(equity(&primes, Unassigned::Left).divide(yuan("1.00"))), ["shares"]);
    assert!(equity(&primes[..3], Unassigned::Left).divide(yuan("1.00")).is_ok());
    let whole = Method::Equity(
        vec![equity::Line { household: number(0), share: Share::WHOLE }],
        Unassigned::Left,
    );
    assert_eq!(whole.divide(Money::MAX).expect("all").payments[0].amount, Money::MAX);
}

fn bucket(name: &str, rate_bp: u32, method: Method) -> Bucket {
    Bucket { name: name.to_owned(), rate_bp, method }
}

#[test]
fn buckets_make_the_whole_and_each_is_divided_its_own_way() {
    // “3+3+2+2”, domain.md §3.2
    let buckets = [
        bucket("分红", 3_000, need(&[(4, 2), (3, 1)])),
        bucket("岗位", 3_000, Method::Posts(vec![post(0, 30, 10_000)])),
        bucket("积分", 2_000, Method::Points(weighted(&[0, 1, 1]))),
        bucket("村集体", 2_000, Method::Collective),
    ];
    let filled = mixed::divide(yuan("9999.99"), &buckets).expect("buckets");
    let told: Vec<_> = filled.iter().map(|one| one.amount.to_string()).collect();
    assert_eq!(told, ["3000.00", "2999.99", "2000.00", "2000.00"]);
    let left: Vec<_> = filled.iter().map(|one| one.outcome.left.to_string()).collect();
    assert_eq!(left, ["0.00", "2199.99", "0.00", "2000.00"]);
    let payments = together(filled.iter().map(|one| &one.outcome)).expect("payments");
    assert_eq!(amounts(&payments), ["2981.82", "1818.18", "1000.00"]);
}

#[test]
fn percentages_make_the_whole() {
    let of = |rates: &[u32]| {
        let buckets: Vec<_> =
            rates.iter().map(|rate| bucket("块", *rate, Method::Collective)).collect();
        mixed::divide(yuan("1.00"), &buckets)
    };
    assert!(of(&[10_000]).is_ok() && of(&[2_000; 5]).is_ok());
    assert_eq!(fields(of(&[])), ["buckets"]);
    assert_eq!(fields(of(&[1_000; 6])), ["buckets"]);
    assert_eq!(fields(of(&[10_000, 0])), ["rate_bp"]);
    let short = of(&[9_062]).expect_err("something is left").0.remove(0);
    assert_eq!(short.found, "90.62%");
    assert!(short.expected.zh.contains("9.38%") && short.expected.en.contains("9.38%"));
    let beyond = of(&[9_000, 1_001]).expect_err("too much").0.remove(0);
    assert!(beyond.expected.zh.contains("0.01%"), "{}", beyond.expected.zh);
    assert_eq!(
        fields(mixed::divide(yuan("-0.01"), &[bucket("块", 10_000, Method::Collective)])),
        ["total"]
    );
    let none = [bucket("空块", 10_000, Method::Points(weighted(&[0])))];
    let told = mixed::divide(yuan("1.00"), &none).expect_err("no weight").0.remove(0);
    assert!(told.expected.zh.contains("空块") && told.expected.en.contains("空块"));
}

#[test]
fn published_figures_leave_what_they_leave() {
    let of = |total, parts: &[&str]| Residue::of(yuan(total), parts.iter().map(|part| yuan(part)));
    // 永吉, 汉阴 and 掇刀, domain.md §3.6
    let table: [(&str, &[&str], Option<Residue>); 4] = [
        ("4317282.92", &["2170000.00", "2147200.00"], Some(Residue::Unassigned(yuan("82.92")))),
        (
            "6388300.00",
            &["4668900.00", "1000000.00", "720000.00"],
            Some(Residue::Beyond(yuan("600.00"))),
        ),
        ("308626147.00", &["308626100.00"], Some(Residue::Unassigned(yuan("47.00")))),
        ("1.00", &["0.34", "0.33", "0.33"], None),
    ];
    for (total, parts, expected) in table {
        assert_eq!(of(total, parts), expected, "{total}");
    }
    let sentence = of("1.00", &["0.40"]).expect("a residue").sentence();
    assert!(sentence.zh.contains("0.60") && sentence.en.contains("0.60"));
    let sentence = of("1.00", &["1.40"]).expect("a residue").sentence();
    assert!(sentence.zh.contains("0.40") && sentence.en.contains("0.40"));
}

#[test]
fn a_proof_is_a_text_that_says_everything() {
    let proof = divide(yuan("1.00"), &weighted(&[1, 2])).expect("a division");
    let json = concat!(
        r#"{"total_fen":100,"whole_weight":"3","left_over_fen":1,"lines":["#,
        r#"{"household":"00001","weight":"1","quotient_fen":33,"remainder":"1","got_left_over":false},"#,
        r#"{"household":"00002","weight":"2","quotient_fen":66,"remainder":"2","got_left_over":true}]}"#,
    );
    assert_eq!(serde_json::to_string(&proof).expect("json"), json);
    assert_eq!(serde_json::from_str::<Proof>(json).expect("a proof"), proof);
    for text in ["01", "+1", "-1", "", "1.0", " 1", "340282366920938463463374607431768211456"] {
        assert!(Natural::try_from(text.to_owned()).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Proof>(&json.replace("\"3\"", "3")).is_err());
    assert!(
        serde_json::from_str::<Proof>(&json.replace("\"lines\"", "\"x\":1,\"lines\"")).is_err()
    );
}
