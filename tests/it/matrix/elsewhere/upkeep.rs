//! Forms about what is to be mended, and about who is paid to look after it.

use entity::account::Role;

use super::{Place, Sent, of_version, sent};
use crate::harness::{
    Town,
    town::{VILLAGE_A1, collective_name},
};

impl Place {
    pub(super) fn of_work_orders(&self, town: &Town) -> Vec<Sent> {
        use Role::{RuralOfficer, VillageOfficer};
        let [waiting, estimated, dispatched, reported] = self.on.work_orders;
        let (due, body) = (town.days_ahead(9).to_string(), collective_name("上河村"));
        let version = [("version", "1")];
        let of = |fields: &[(&'static str, &'static str)]| of_version(fields, "1");
        let said = of(&[("report", "已修"), ("cost", "0")]);
        let bad = [("condition", "defect"), ("what", "护栏松动")];
        vec![
            sent("/assets/{code}/mend", &self.on.asset.code, VillageOfficer, &bad),
            sent(
                "/work-orders/{id}/estimate",
                &waiting,
                VillageOfficer,
                &of(&[("kind", "repair"), ("estimate", "1")]),
            ),
            sent("/work-orders/{id}/approve", &estimated, RuralOfficer, &version),
            sent(
                "/work-orders/{id}/dispatch",
                // the estimate above is another version of the one that waits
                &dispatched,
                VillageOfficer,
                &[("body", &*body), ("due", &*due), ("version", "1")],
            ),
            sent("/work-orders/{id}/begin", &dispatched, VillageOfficer, &of(&[])),
            sent("/work-orders/{id}/report", &dispatched, VillageOfficer, &said),
            sent("/work-orders/{id}/accept", &reported, VillageOfficer, &version),
            sent(
                "/work-orders/{id}/dismiss",
                &waiting,
                VillageOfficer,
                &of(&[("dismissed", "重复")]),
            ),
        ]
    }

    pub(super) fn of_posts(&self, town: &Town) -> Vec<Sent> {
        use Role::{RuralOfficer, TownshipClerk, VillageOfficer};
        let (post, month) = (self.on.post, self.on.month);
        let (from, until) = (town.today().to_string(), town.days_ahead(90).to_string());
        let new = [
            ("area", VILLAGE_A1),
            ("keeper_name", "王小明"),
            ("kind", "road"),
            ("from_on", &from),
            ("until_on", &until),
            ("monthly_pay", "1000"),
            ("days_due", "22"),
            ("assets", &*self.on.asset.code),
        ];
        let version = [("version", "1")];
        let worked = [("month", "2026-06"), ("days_attended", "1"), ("percent", "100")];
        let end = [("on", &*from), ("why", "left"), ("version", "1")];
        vec![
            // an asset out of reach is said at its field, as one that is nowhere is
            Sent { elsewhere: 422, ..sent("/welfare-posts/new", &0, TownshipClerk, &new) },
            sent(
                "/welfare-posts/{id}/amend",
                &post,
                TownshipClerk,
                &[("monthly_pay", "900"), ("version", "1")],
            ),
            sent("/welfare-posts/{id}/months", &post, VillageOfficer, &worked),
            sent("/attendance/{id}/approve", &month, RuralOfficer, &version),
            sent("/welfare-posts/{id}/end", &post, TownshipClerk, &end),
        ]
    }
}
