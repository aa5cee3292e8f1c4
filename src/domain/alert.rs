//! 红黄蓝预警: what is late or soon, in three tiers with a lead time (domain.md §10: three-level alerts,
//! and one two months before an agreement ends).
//!
//! | | 红 red | 黄 yellow | 蓝 blue |
//! |---|---|---|---|
//! | a danger that is not mended, what was escalated | always | | |
//! | a rectification, a repair, an inspection | its last day has passed | within the days of 黄 | within the days of 蓝 |
//! | an agreement of upkeep | it has ended | within the days of 黄 | within the days of notice, two months |

use chrono::{Days, NaiveDate};
use entity::{area::AreaCode, language::Label, setting::Key};

use super::setting::LocalRules;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A danger that is not mended.
    Danger,
    /// A rectification that was escalated.
    Escalated,
    /// A rectification.
    Rectification,
    /// A defect that is to be mended.
    Repair,
    /// An inspection.
    Inspection,
    /// An agreement of upkeep.
    Agreement,
}

impl Kind {
    /// Every kind, its code, and what people call it.
    pub const ALL: [(Kind, &'static str, Label); 6] = [
        (Kind::Danger, "danger", Label::new("危险未处置", "dangers")),
        (Kind::Escalated, "escalated", Label::new("已督办", "escalated")),
        (Kind::Rectification, "rectification", Label::new("整改", "rectifications")),
        (Kind::Repair, "repair", Label::new("维修", "repairs")),
        (Kind::Inspection, "inspection", Label::new("巡查", "inspections")),
        (Kind::Agreement, "agreement", Label::new("管护协议", "agreements")),
    ];

    /// The kind of a code.
    pub fn of(code: &str) -> Option<Kind> {
        Kind::ALL.iter().find(|(_, known, _)| *known == code).map(|(kind, ..)| *kind)
    }
}

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// It is late, or dangerous.
    Red,
    /// It is soon.
    Yellow,
    /// It is ahead.
    Blue,
}

impl Tier {
    /// Every tier, its code, and what people call it.
    pub const ALL: [(Tier, &'static str, Label); 3] = [
        (Tier::Red, "red", Label::new("红色预警", "Red: late or dangerous")),
        (Tier::Yellow, "yellow", Label::new("黄色预警", "Yellow: soon")),
        (Tier::Blue, "blue", Label::new("蓝色提醒", "Blue: ahead")),
    ];

    /// The tier of a code.
    pub fn of(code: &str) -> Option<Tier> {
        Tier::ALL.iter().find(|(_, known, _)| *known == code).map(|(tier, ..)| *tier)
    }
}

/// How many days ahead things are told, by the local rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Of yellow.
    pub soon: i64,
    /// Of blue.
    pub ahead: i64,
    /// Of blue, for agreements.
    pub agreement: i64,
}

impl Lead {
    /// What the local rules of an area say on a day.
    pub fn of(local: &LocalRules, area: AreaCode, day: NaiveDate) -> Lead {
        let days = |key| local.number(key, area, day);
        Lead {
            soon: days(Key::AlertSoonDays),
            ahead: days(Key::AlertAheadDays),
            agreement: days(Key::DutyNotice),
        }
    }

    /// The most days ahead that something of a kind is told.
    pub fn furthest(self, kind: Kind) -> i64 {
        let ahead = if kind == Kind::Agreement { self.agreement } else { self.ahead };
        ahead.max(self.soon)
    }
}

/// The tier of something whose last day is so many days ahead, today being none; nothing where it is
/// not told yet, or has no last day.
pub fn tier(kind: Kind, days_left: Option<i64>, lead: Lead) -> Option<Tier> {
    if matches!(kind, Kind::Danger | Kind::Escalated) {
        return Some(Tier::Red);
    }
    match days_left? {
        left if left < 0 => Some(Tier::Red),
        left if left <= lead.soon => Some(Tier::Yellow),
        left if left <= lead.furthest(kind) => Some(Tier::Blue),
        _ => None,
    }
}

/// Days from the first to the last, both of them.
pub type Span = (Option<NaiveDate>, Option<NaiveDate>);

/// The last days of what is of a kind and a tier: the same rule, as a list is asked for. Nothing where
/// there can be none; both ends open where the day does not matter.
pub fn span(kind: Kind, of: Tier, lead: Lead, today: NaiveDate) -> Option<Span> {
    let day = |days: i64| {
        let span = Days::new(days.unsigned_abs());
        if days < 0 { today.checked_sub_days(span) } else { today.checked_add_days(span) }
    };
    if matches!(kind, Kind::Danger | Kind::Escalated) {
        return (of == Tier::Red).then_some((None, None));
    }
    match of {
        Tier::Red => Some((None, day(-1))),
        Tier::Yellow => Some((Some(today), day(lead.soon))),
        Tier::Blue => {
            let is_any = lead.furthest(kind) > lead.soon;
            is_any.then(|| (day(lead.soon + 1), day(lead.furthest(kind))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: Lead = Lead { soon: 7, ahead: 30, agreement: 60 };

    #[test]
    fn what_is_late_is_red_what_is_soon_yellow_what_is_ahead_blue() {
        let of = |kind, left| tier(kind, Some(left), LEAD);
        for kind in [Kind::Rectification, Kind::Repair, Kind::Inspection] {
            for (left, expected) in [
                (-400, Some(Tier::Red)),
                (-1, Some(Tier::Red)),
                (0, Some(Tier::Yellow)),
                (7, Some(Tier::Yellow)),
                (8, Some(Tier::Blue)),
                (30, Some(Tier::Blue)),
                (31, None),
            ] {
                assert_eq!(of(kind, left), expected, "{kind:?} {left}");
            }
            assert_eq!(tier(kind, None, LEAD), None, "without a last day nothing is late");
        }
    }

    #[test]
    fn an_agreement_is_told_two_months_ahead() {
        let of = |left| tier(Kind::Agreement, Some(left), LEAD);
        assert_eq!((of(60), of(61)), (Some(Tier::Blue), None));
        assert_eq!((of(7), of(-1)), (Some(Tier::Yellow), Some(Tier::Red)));
    }

    #[test]
    fn dangers_and_what_was_escalated_are_red_on_any_day() {
        for kind in [Kind::Danger, Kind::Escalated] {
            for left in [None, Some(-1), Some(0), Some(900)] {
                assert_eq!(tier(kind, left, LEAD), Some(Tier::Red));
            }
        }
    }

    #[test]
    fn a_list_is_asked_for_by_the_same_rule() {
        let today: NaiveDate = "2026-06-01".parse().expect("a day");
        let leads = [
            LEAD,
            Lead { soon: 40, ahead: 30, agreement: 60 },
            Lead { soon: 1, ahead: 1, agreement: 1 },
        ];
        for lead in leads {
            for (kind, ..) in Kind::ALL {
                for left in -100..100_i64 {
                    let day = today + chrono::TimeDelta::days(left);
                    let is_in = |(first, last): Span| {
                        first.is_none_or(|first| first <= day)
                            && last.is_none_or(|last| day <= last)
                    };
                    let listed = Tier::ALL.iter().map(|(tier, ..)| *tier);
                    let listed: Vec<Tier> = listed
                        .filter(|tier| span(kind, *tier, lead, today).is_some_and(is_in))
                        .collect();
                    let expected: Vec<Tier> = tier(kind, Some(left), lead).into_iter().collect();
                    assert_eq!(listed, expected, "{kind:?} {left} {lead:?}");
                }
            }
        }
    }

    #[test]
    fn codes_are_told_apart() {
        for (kind, code, _) in Kind::ALL {
            assert_eq!(Kind::of(code), Some(kind));
        }
        for (tier, code, _) in Tier::ALL {
            assert_eq!(Tier::of(code), Some(tier));
        }
        assert_eq!((Kind::of("x"), Tier::of("green")), (None, None));
    }
}
