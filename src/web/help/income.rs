//! Help for what assets earn: contracts.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[Help {
    screen: "contracts",
    routes: &["/contracts", "/contracts/new", "/contracts/{id}", "/contracts/{id}/amend"],
    title: Label::new("合同", "Contracts"),
    what: Label::new(
        "经营性资产由谁经营、期限多长、租金多少；每一期应收多少、哪天应付。",
        "Who operates assets, until when and for how much; what each period asks to be paid, and by which day.",
    ),
    steps: &[
        Label::new(
            "从资产卡片的“合同”登记：经营方式、编号、起止、付款方，再填租金或本金。",
            "Conclude one from “Contracts” on the card of the asset: way of operating, number, term, payer; then the rent, or what was put in.",
        ),
        Label::new(
            "租金逐年变动的写“递增规则”，每行一档，如 3=12600.00；按比例递增的填几年一次、万分之几，系统算好各档。",
            "Where the rent changes, write its steps, a line each, such as 3=12600.00; where it rises by a rate, say how often and by how much.",
        ),
        Label::new(
            "应收由系统按条款算到分：整年合计等于年租金，末期不足一期的按天折算，免租的月份不收。",
            "What is due is worked out to the fen: a whole year comes to its rent, a short last period is paid by its days, free months carry nothing.",
        ),
        Label::new(
            "提前退租按“提前终止”：以后的应收取消，当期按天折算。",
            "“End it early” takes what would be due later away; the period of the last day is paid by its days.",
        ),
        Label::new(
            "在出租而没有合同（H01）、合同到期未续（H02）、期限过长（H03）的，自动列入问题清单；登记或续签后自动消除。",
            "What is let without a contract (H01), after one ended (H02) or for too long (H03) is found by itself, and clears once the contract is put right.",
        ),
    ],
    slips: &[
        Label::new(
            "付款方或经营方式写错：不能直接改，提前终止后重新登记。",
            "A wrong payer or way of operating is not changed: end the contract and conclude another.",
        ),
        Label::new(
            "合同到期后不能再变更：续签请登记新合同。",
            "A contract that is over is not amended: conclude a new one.",
        ),
    ],
    ask: ASK_FINANCE,
}];
