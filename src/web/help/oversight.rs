//! Help for oversight: what is wrong, and who has to act.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[Help {
    screen: "findings",
    routes: &["/findings", "/findings.csv", "/findings.xlsx", "/findings.json"],
    title: Label::new("问题清单", "Findings"),
    what: Label::new(
        "系统按规则找出的问题：哪项资产、怎么回事、多少天了、该谁办、电话多少。",
        "What the rules find wrong: which asset, what, for how many days, who has to act and their telephone.",
    ),
    steps: &[
        Label::new(
            "上面的标签按问题类型分开，后面是条数。",
            "The tabs are the kinds of findings, with how many there are.",
        ),
        Label::new("按后面的电话联系该办的人。", "Call whoever has to act."),
        Label::new(
            "把缺的内容补登记之后，问题自动消除，不需要在这里另外销号。",
            "When what is missing has been recorded, the finding clears by itself.",
        ),
    ],
    slips: &[
        Label::new(
            "补登记了问题还在：点开资产看“问题”一栏，写明了还差什么。",
            "It is recorded and the finding stays: the findings of the asset's card say what is still missing.",
        ),
        Label::new(
            "确实不该算问题的，由有权的人说明理由豁免，到期会再出现。",
            "What should not count is waived for a reason by whoever may; it comes back when the waiver ends.",
        ),
    ],
    ask: ASK_FINANCE,
}];
