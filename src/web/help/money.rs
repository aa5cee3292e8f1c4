//! Help for money for upkeep: budgets, spendings, funds.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "budgets",
        routes: &[
            "/budgets",
            "/budgets.csv",
            "/budgets.xlsx",
            "/budgets.json",
            "/budgets/unfunded",
            "/budgets/costs",
            "/budgets/new",
            "/budgets/copy",
            "/budgets/{id}",
            "/budgets/{id}/amend",
        ],
        title: Label::new("管护预算", "Budgets for upkeep"),
        what: Label::new(
            "哪些资产、哪些村有管护经费，安排了多少、用了多少、还差多少；哪些公益资产没钱管。",
            "Which assets and villages have money for upkeep, how much is set aside, used and missing; which public assets have none.",
        ),
        steps: &[
            Label::new(
                "先登记管护资金，再从中安排预算：到一项资产，或到一个村镇（可以只管一类资产）。",
                "First register a fund, then set money of it aside: for an asset, or for a village or a town, there for one kind alone if wanted.",
            ),
            Label::new(
                "预算总等于已支出、已预占、余额之和；调整时不能少于已支出加已预占。",
                "What is set aside is always what is spent, committed and left; it is never amended below what is spent and committed.",
            ),
            Label::new(
                "“复制上年”按比例生成新一年的预算，先核对再办理；已有预算的不动。",
                "“Copy last year” makes the budgets of a new year by a rate: look first, then make them. What has one already stays.",
            ),
            Label::new(
                "“导入”把一张预算表一次安排进去：导出的 Excel 改好金额就能再导入；有一行不对，整张都不动。",
                "“Import” sets a whole sheet of budgets aside: an exported one with other amounts will do. One wrong row, and nothing is done.",
            ),
            Label::new(
                "本年有预算的公益资产，“管护经费未落实”（G04）自动消除。",
                "A public asset with a budget this year is no longer “without money for upkeep” (G04).",
            ),
        ],
        slips: &[
            Label::new(
                "提示余额不够：先申请超支，由别人审批，或调整预算。",
                "It says that too little is left: ask to overspend, and somebody else decides; or amend the budget.",
            ),
            Label::new(
                "单位成本是空的：资产没有填数量和单位，或当年没有支出。",
                "No unit cost: the asset has no quantity and unit, or nothing was paid in the year.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "spendings",
        routes: &["/spendings/new", "/spendings/{id}"],
        title: Label::new("经费支出", "Spendings"),
        what: Label::new(
            "从预算里预占和支付经费，附凭证；释放预占，冲销支付。",
            "Committing and paying money of a budget, with vouchers; releasing commitments, reversing payments.",
        ),
        steps: &[
            Label::new(
                "定了要花还没付的，先预占；付了的写凭证号和日期。",
                "What is decided and not paid yet is committed; what is paid has a voucher and a day.",
            ),
            Label::new(
                "付的比预占少，余下的退回预算。",
                "Where less is paid than was committed, the rest is free again.",
            ),
        ],
        slips: &[Label::new(
            "记错了：冲销并写理由，再重新登记；什么都不会删除。",
            "Recorded wrongly: reverse it with a reason and record it anew; nothing is ever deleted.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "funds",
        routes: &["/funds", "/funds/new", "/funds/{id}", "/funds/{id}/edit"],
        title: Label::new("管护资金", "Funds for upkeep"),
        what: Label::new(
            "收到了哪些管护资金：来源、文号、谁持有，安排了多少，结余多少。",
            "What was received for upkeep: from where, by which document, who holds it, what is set aside and what is left.",
        ),
        steps: &[Label::new(
            "一笔到账登记一笔；结余永远不会小于零。",
            "Register each sum that was received; its balance never goes below zero.",
        )],
        slips: &[Label::new(
            "金额录错：变更并写理由；不能改到比已安排的还少。",
            "A wrong amount: amend it with a reason; it cannot be less than what is set aside.",
        )],
        ask: ASK_FINANCE,
    },
];
