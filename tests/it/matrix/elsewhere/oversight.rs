//! Forms about campaigns and webhooks.

use entity::account::Role;

use super::{Place, Sent, sent};
use crate::harness::{Town, town::VILLAGE_A1};

impl Place {
    pub(super) fn of_campaigns(&self, town: &Town) -> Vec<Sent> {
        use Role::{RuralOfficer, TownshipClerk};
        let (campaigns, due) = (self.on.campaigns, town.days_ahead(9).to_string());
        let new = [("name", "回头看"), ("area", VILLAGE_A1), ("rule", "Q04"), ("due_on", &due)];
        let line = format!("{}.1", campaigns.answered.1);
        let said = [
            ("line", &*line),
            ("is_unmanaged", "no"),
            ("is_idle", "no"),
            ("is_unkept", "no"),
            ("is_to_dispose", "no"),
        ];
        let of = |id: &dyn std::fmt::Display| format!("{id}");
        let version = |n: &'static str| ("version", n);
        vec![
            sent("/campaigns/new", &0, TownshipClerk, &new),
            sent("/campaign-lines/{id}/answer", &of(&campaigns.answered.1), TownshipClerk, &said),
            sent(
                "/campaigns/{id}/draw",
                &campaigns.drawn,
                RuralOfficer,
                &[("size", "1"), version("1")],
            ),
            sent(
                "/campaign-lines/{id}/recheck",
                &campaigns.rechecked,
                RuralOfficer,
                &[("result", "confirmed"), version("3")],
            ),
            sent(
                "/campaigns/{id}/close",
                &campaigns.closed,
                RuralOfficer,
                &[("conclusion", "已核对"), version("2")],
            ),
        ]
    }

    pub(super) fn of_webhooks(&self) -> Vec<Sent> {
        use Role::Administrator;
        let [active, paused] =
            self.on.webhooks.each_ref().map(|row| (row.id, row.version.to_string()));
        let new = [("area", VILLAGE_A1), ("address", "https://hooks.example.cn/new")];
        let of = |route: &'static str, fields: &[(&'static str, &str)]| {
            let fields = [fields, &[("version", active.1.as_str())]].concat();
            sent(route, &active.0, Administrator, &fields)
        };
        vec![
            sent("/admin/webhooks/new", &0, Administrator, &new),
            of("/admin/webhooks/{id}/amend", &[("address", "https://hooks.example.cn/other")]),
            of("/admin/webhooks/{id}/pause", &[]),
            of("/admin/webhooks/{id}/end", &[]),
            of("/admin/webhooks/{id}/rotate", &[]),
            of("/admin/webhooks/{id}/replay", &[("sequence", "0")]),
            sent(
                "/admin/webhooks/{id}/resume",
                &paused.0,
                Administrator,
                &[("version", paused.1.as_str())],
            ),
        ]
    }
}
