//! Help for acting on assets: duties, titles, and what becomes of an asset as a whole.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "duties",
        routes: &[
            "/duties",
            "/duties/assign",
            "/duties/assigned",
            "/duties/agreements",
            "/duties/{id}/end",
        ],
        title: Label::new("管护责任", "Upkeep duties"),
        what: Label::new(
            "哪些资产没人管、谁管着什么、哪些快到期，以及指派管护责任。",
            "Which assets nobody looks after, who bears what, what ends soon; and assigning duties.",
        ),
        steps: &[
            Label::new(
                "在资产台账勾选资产，按“指派管护责任”，填一次，办到所有选中的资产。",
                "Choose assets in the list, press “Assign a duty” and fill it in once for all of them.",
            ),
            Label::new(
                "提交前先看核对页：每项资产变更前后都在；已有人管的，选跳过还是接替。",
                "The check page shows each asset before and after; where somebody bears it already, skip or succeed.",
            ),
            Label::new(
                "办完可以打印责任书，双方签章。",
                "Afterwards the agreements can be printed, to be signed by both.",
            ),
        ],
        slips: &[Label::new(
            "指派错了：在完成页按“撤回”，或在资产卡片上终止这项责任。",
            "Assigned wrongly: take it back on the last page, or end the duty on the card.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "inspections",
        routes: &["/inspections", "/inspections/{id}", "/assets/{code}/inspect"],
        title: Label::new("巡查", "Inspections"),
        what: Label::new(
            "到现场看一项资产，逐项记下完好、有缺陷还是危险；看谁在什么时候查过、查到了什么。",
            "Looking at an asset on the spot, point by point: good, defect or danger; and what was found when, by whom.",
        ),
        steps: &[
            Label::new(
                "打开资产，按“巡查”。没有一项是预先选好的；都好就按“全部完好，一键填好”，再保存。",
                "Open the asset and press “Inspect”. Nothing is chosen beforehand; where all is good, one press fills it in, then save.",
            ),
            Label::new(
                "有缺陷或危险的，写一句看到了什么。有危险的，先设警示，再打电话。",
                "Where it is not good, write a line on what was seen. Where there is danger, first put up a warning, then call.",
            ),
            Label::new(
                "多久查一次，由管护协议或县级规则规定；过了没查的，进问题清单（G06）。",
                "How often is said by the agreement or by local rules; what is overdue becomes a finding (G06).",
            ),
        ],
        slips: &[
            Label::new(
                "记错了：再巡查一次，最新的一次算数；原来的记录保留。",
                "Recorded wrongly: inspect again. The latest one counts, and the former one stays.",
            ),
            Label::new(
                "“请核实”是提醒：离得太远、传得太晚等，不影响保存。",
                "“To be checked” tells of doubts, such as too far away or late; nothing is lost by them.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "budgets",
        routes: &[
            "/budgets",
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
    Help {
        screen: "titles",
        routes: &["/titles", "/titles/confirm", "/titles/register", "/assets/{code}/settle"],
        title: Label::new("权属确认", "Titles"),
        what: Label::new(
            "还没确权的资产，归谁、凭什么，逐项或成批确认。",
            "Assets whose title is not settled: whose they are and on what ground, one by one or many at once.",
        ),
        steps: &[
            Label::new(
                "建议的权利人后面写着依据；不对就改。",
                "A suggested owner comes with its reason; change it where it is wrong.",
            ),
            Label::new(
                "几家共有的，各家份额加起来必须正好是全部。",
                "Where several own it, their shares must come to the whole exactly.",
            ),
        ],
        slips: &[Label::new(
            "有争议的不要确认：标为“有争议”，说明争议在哪里。",
            "Do not confirm what is disputed: mark it so, and say what is disputed.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "division",
        routes: &[
            "/assets/{code}/correct",
            "/assets/{code}/reclass",
            "/assets/{code}/hand-over",
            "/assets/{code}/split",
            "/assets/merge",
        ],
        title: Label::new("更正、移交、拆分与合并", "Correcting, handing over, splitting, merging"),
        what: Label::new(
            "登记错了的更正，移交、重分类，一项拆成几项，几项并成一项。",
            "Correcting what was recorded wrongly, handing over, re-classing, one asset into several, several into one.",
        ),
        steps: &[
            Label::new(
                "写明理由；原来的记录都留着。",
                "Give the reason; all that was recorded stays.",
            ),
            Label::new(
                "拆分和合并时，金额必须对得上，一分不差。",
                "When splitting or merging, the amounts must agree to the fen.",
            ),
        ],
        slips: &[Label::new(
            "提示别人刚改过：两边的内容都列出来，逐项选定用谁的再提交。",
            "Somebody changed it meanwhile: both versions are shown; choose field by field, then send again.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "plates",
        routes: &["/assets/plates"],
        title: Label::new("资产标牌", "Plates"),
        what: Label::new(
            "打印贴在资产上的标牌：名称、编号、权利人、管护单位、监督电话和二维码。",
            "Plates to be put up at assets: name, code, owner, maintainer, the telephone of oversight, and a QR code.",
        ),
        steps: &[Label::new(
            "用 A4 纸按 100% 比例打印，剪开即是 60×40 毫米。",
            "Print on A4 at 100 %; cut out, each is 60 × 40 mm.",
        )],
        slips: &[Label::new(
            "标牌大小不对：打印时不要选“适合页面”。",
            "Wrong size: do not let the printer fit the page.",
        )],
        ask: ASK_FINANCE,
    },
];
