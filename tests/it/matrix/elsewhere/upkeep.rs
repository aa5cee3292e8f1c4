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

    pub(super) fn of_revivals(&self, town: &Town) -> Vec<Sent> {
        use Role::{RuralOfficer, TownshipClerk, VillageOfficer};
        let [proposed, approved, reported] = self.on.revivals.plans;
        let (target, body) = (town.days_ahead(30).to_string(), collective_name("上河村"));
        let plan = [("reason", "market"), ("mode", "lease"), ("batch", "revive")];
        let said = [("measures", "自主经营"), ("body", &*body), ("target", &*target)];
        let plan: Vec<_> = [&plan[..], &said].concat();
        let version = [("version", "1")];
        let amended: Vec<_> = [&plan[..], &version].concat();
        let of = |fields: &[(&'static str, &'static str)]| of_version(fields, "1");
        vec![
            sent("/assets/{code}/revive", &self.on.revivals.idle.code, VillageOfficer, &plan),
            sent("/revivals/{id}/approve", &proposed, RuralOfficer, &version),
            sent("/revivals/{id}/amend", &approved, VillageOfficer, &amended),
            sent(
                "/revivals/{id}/report",
                &approved,
                VillageOfficer,
                &of(&[("report", "已出租"), ("outcome", "leased")]),
            ),
            sent(
                "/revivals/{id}/verify",
                &reported,
                TownshipClerk,
                &of(&[("evidence", "合同1号")]),
            ),
            sent(
                "/revivals/{id}/end",
                &approved,
                TownshipClerk,
                &of(&[("ended_why", "资产将处置")]),
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

    pub(super) fn of_routes(&self) -> Vec<Sent> {
        use Role::TownshipClerk as Clerk;
        let route = &self.on.route;
        let account = self.account(&self.on.account).to_string();
        let said = [("name", "东线"), ("account", &*account), ("stops", &*self.on.asset.code)];
        let amended = of_version(&said, "1");
        vec![
            // what lies elsewhere is no asset to go to
            Sent { elsewhere: 422, ..sent("/inspections/routes/new", &0, Clerk, &said) },
            sent("/inspections/routes/{id}/edit", route, Clerk, &amended),
            sent(
                "/inspections/routes/{id}/end",
                route,
                Clerk,
                &[("reason", "不去了"), ("version", "1")],
            ),
        ]
    }

    pub(super) fn of_contracts(&self) -> Vec<Sent> {
        use Role::TownshipClerk as Clerk;
        let contract = &self.on.contract;
        let payer = collective_name("上河村");
        let said = [
            ("asset", &*self.on.asset.code),
            ("payer", &*payer),
            ("kind", "lease"),
            ("contract_no", "租-9"),
            ("starts_on", "2026-01-01"),
            ("ends_on", "2026-12-31"),
            ("yearly_rent", "1200"),
        ];
        let amended = [("yearly_rent", "1300"), ("reason", "补充协议"), ("version", "1")];
        let ended = [("on", "2026-06-01"), ("reason", "退租"), ("version", "1")];
        vec![
            // an asset is typed: one elsewhere is told where it was typed
            Sent { elsewhere: 422, ..sent("/contracts/new", &0, Clerk, &said) },
            sent("/contracts/{id}/amend", contract, Clerk, &amended),
            sent("/contracts/{id}/end", contract, Clerk, &ended),
        ]
    }

    pub(super) fn of_stock_takes(&self) -> Vec<Sent> {
        use Role::{TownshipClerk, VillageOfficer};
        let stock = &self.on.stock;
        let (take, line) = (stock.take, stock.line);
        let (outcome, version) = (format!("o-{line}"), format!("v-{line}"));
        let (outcome, version): (&'static str, &'static str) = (outcome.leak(), version.leak());
        let new = [("area", VILLAGE_A1), ("year", "2026")];
        let said = [("name", "棚子")];
        let counted = [(outcome, "found"), (version, "1")];
        let why = [("reason", "私人的"), ("version", "1")];
        vec![
            sent("/stock-takes/new", &0, VillageOfficer, &new),
            sent("/stock-takes/{id}/count", &take, VillageOfficer, &counted),
            sent("/stock-takes/{id}/unexpected", &take, VillageOfficer, &said),
            sent("/stock-finds/{id}/settle", &stock.find, TownshipClerk, &why),
            sent("/discrepancies/{id}/settle", &stock.discrepancy, TownshipClerk, &why),
            sent("/stock-takes/{id}/sign", &stock.counted, TownshipClerk, &[("version", "2")]),
        ]
    }

    pub(super) fn of_reports(&self) -> Vec<Sent> {
        use Role::TownshipClerk as Clerk;
        let (id, version) = (self.on.report, ("version", "1"));
        vec![
            sent("/fault-reports/{id}/accept", &id, Clerk, &[version]),
            sent("/fault-reports/{id}/dismiss", &id, Clerk, &[("why", "不属实"), version]),
            sent("/fault-reports/{id}/mend", &id, Clerk, &[("what", "已加固"), version]),
            sent("/fault-reports/{id}/reveal", &id, Clerk, &[("reason", "回电话")]),
        ]
    }

    pub(super) fn of_money(&self, town: &Town) -> Vec<Sent> {
        use Role::{FinanceApprover as Approver, FinanceClerk as Clerk, TownshipClerk};
        let (fund, budget) = self.on.money;
        let [held, paid] = self.on.spent;
        let (fund_id, budget_id) = (fund.to_string(), budget.to_string());
        let today = town.today().to_string();
        let reason = [("reason", "错了"), ("version", "1")];
        let verdict = format!("document_no-{}", self.on.asked);
        let verdict: &'static str = verdict.leak();
        let fund_form = [("area", VILLAGE_A1), ("year", "2026"), ("received", "9")];
        let fund_form = [&fund_form[..], &[("source", "county")]].concat();
        let budget_form =
            [("fund", &*fund_id), ("year", "2026"), ("area", VILLAGE_A1), ("amount", "1")];
        let copy_form = [("fund", &*fund_id), ("year", "2026"), ("percent", "5")];
        let spend = [("budget", &*budget_id), ("amount", "1"), ("purpose", "修路")];
        let spend = [&spend[..], &[("how", "commit")]].concat();
        let pay = [("amount", "1"), ("voucher_no", "1"), ("paid_on", &*today), ("version", "1")];
        let more = [("over", "1"), ("over_reason", "水毁")];
        let decide = [("verdict", "approve"), (verdict, "1号"), ("version", "1")];
        // the area is not one that the sender may name
        let unnamed = |sent: Sent| Sent { elsewhere: 422, ..sent };
        vec![
            unnamed(sent("/funds/new", &0, Clerk, &fund_form)),
            sent("/funds/{id}/edit", &fund, Clerk, &[("received", "2000"), reason[0], reason[1]]),
            unnamed(sent("/budgets/new", &0, Clerk, &budget_form)),
            sent("/budgets/copy", &0, Clerk, &copy_form),
            sent("/budgets/{id}/amend", &budget, Clerk, &[("amount", "300"), reason[0], reason[1]]),
            sent("/spendings/new", &0, TownshipClerk, &spend),
            sent("/spendings/{id}/pay", &held, TownshipClerk, &pay),
            sent("/spendings/{id}/release", &held, TownshipClerk, &reason),
            sent("/spendings/{id}/reverse", &paid, Clerk, &reason),
            sent("/budgets/{id}/overspend", &budget, TownshipClerk, &more),
            sent("/overspends/{id}/decide", &self.on.asked, Approver, &decide),
        ]
    }
}
