//! Taizhang (台账): the ledger of assets built with poverty-alleviation money. What exists, who owns
//! it, who looks after it, what it cost; and above all, which assets nobody maintains.
//!
//! # The map
//!
//! ```text
//!   6   web, api   the ways in: pages, JSON over HTTP, cli what an operator types   (server joins them)
//!   5   http       what every request passes: limits, its end, its answer's words
//!   4   app        what people do: one function an action
//!   3   store      the only floor that speaks SQL; two doors: read, write
//!   2   domain     the rules: pure functions
//!   1   entity     the nouns, as stored            migration      their tables
//! ```
//!
//! A floor names only floors below it, and none of the ways in names another. `error`, `clock`, `limits`, `broken` are ground that any floor
//! may stand on; `config` is for `cli` alone. The same noun has the same file name on every floor:
//! `asset.rs` is the row, the rules, the queries and the actions.
//!
//! # Where things live
//!
//! - **A rule that says no**: `domain/<noun>.rs`; its words: `domain/refusal`.
//! - **What is wrong with an asset**: `domain/deficiency/rules.rs`, one function a rule. The write
//!   door evaluates whatever it touched before it commits (`store/finding.rs`) and keeps the sums
//!   (`store/tally.rs`).
//! - **What a county decides for itself** — days, switches, targets, words: the table of
//!   `domain/setting`; which value holds where and when, `domain/setting/in_force.rs`. Whoever judges
//!   an asset reads the rules of its line of areas (`store/setting.rs`); setting one has its assets
//!   judged anew (`app/setting.rs`).
//! - **What becomes of a finding**: `domain/rectification` says what may happen to a round of it;
//!   each finding repeats the round that runs (`store/finding.rs`), so that `store/finding_list.rs`
//!   narrows and orders lists without a join. Pages: `web/finding.rs` the list, `web/finding_case.rs`
//!   one finding, `web/finding_chosen.rs` several at once.
//!   What is late goes up the line at night: `domain/rectification/late.rs` says when, `app/nightly.rs`
//!   does it, by `store/rectification.rs`.
//! - **What is gone through one by one**: `domain/campaign` (what may happen to a campaign and its lines,
//!   how its sample is drawn, what has become of a line), `app/campaign.rs`, `store/campaign.rs`. Pages:
//!   `web/campaign.rs` the list and one, `web/campaign_line.rs` one line, `web/campaign_form.rs` its forms,
//!   `web/campaign_report.rs` on paper.
//! - **What is late or soon**: `domain/alert.rs` is the one rule of the three tiers, `store/alert.rs` counts and
//!   lists by it; `app/alert.rs`, `web/alert.rs`.
//! - **What of a month is told of a town**: `domain/brief.rs` (months, what stood at the end of one, places
//!   among towns), `app/brief.rs` from kept sums and the counts of `store/brief.rs`; `web/brief.rs`.
//! - **What was found of an asset**: `domain/inspection` has the points of each kind, what a record
//!   must say and what of it is doubted; `app/inspection.rs` keeps each once, and beside it how the
//!   asset was found last (`upkeep`), which the rules read. Pages: `web/inspection_form.rs` what a form
//!   asks, `web/inspection_new.rs` the form and what is done with it, `web/inspection.rs` the records,
//!   `web/card_inspection.rs` those of one asset. Whether a photo was used before: `domain/likeness.rs`;
//!   when and where its camera says that it was taken: `domain/shot.rs`, `app/attachment/exif.rs`.
//! - **What is to be looked at**: `domain/deficiency` says until when an asset is inspected in time,
//!   `store/inspection_due.rs` keeps it whenever an asset is judged; `web/inspection_round.rs` shows the
//!   most urgent first, and is taken along to where there is no network. What waits there on a device is
//!   kept and sent by `web/static/field.js`; pages without a network come from `web/static/sw.js`.
//! - **What is to be mended**: `domain/work_order` says how a work order goes on, `raised.rs` which ones an
//!   inspection opens; `app/work_order.rs` also books what it costs and tells whoever reported it. Pages:
//!   `web/work_order.rs` the list, `web/work_order_case.rs` one, `web/work_order_form.rs` its forms.
//! - **The plan of inspections**: `store/inspection_due.rs` keeps the interval and the bearers beside the day,
//!   `store/inspection_plan.rs` counts them, `app/inspection_plan.rs` tells what they ask for in a year; the
//!   paper sheet and its number: `web/inspection_sheet.rs`, `domain/inspection/plan.rs`. Which assets an
//!   inspector goes to, and in what order: `domain/inspection_route` (`order.rs` puts them in a short one),
//!   `app/inspection_route.rs`, `web/inspection_route.rs` with `web/inspection_route_form.rs`.
//! - **The five haves** (五有): `domain/five_have` the rule, `store/five_have.rs` keeps it whenever an asset is
//!   judged and counts it in the kept sums, `web/five_have.rs` the marks on the card and the coverage.
//! - **What is to be brought back into use**: `domain/revival` says how a plan goes on and what the rate is,
//!   `app/revival` (`rate.rs` what the rate is told of), `store/revival.rs` the sums behind it. Pages:
//!   `web/revival.rs` the list, `web/revival_case.rs` one, `web/revival_form.rs` its forms, `web/revival_rate.rs`.
//! - **Who is paid to look after what**: `domain/welfare_post` (posts, and what a month of one is paid),
//!   `app/welfare_post.rs`, `web/welfare_post.rs` with `web/welfare_post_form.rs`.
//! - **What is counted**: `domain/stock_take` (what a village is expected to have, how it was found, who
//!   signs; the digest of what was signed in `result.rs`), `app/stock_take.rs`, which also tells how far
//!   the places of an area are; `store/verify/stock_take.rs` counts again. Pages: `web/stock_take*.rs`.
//! - **What speaks against the ledger**: `domain/discrepancy` (what a signed line says of an asset, which assets
//!   may be one that was registered twice), kept by `app/discrepancy.rs` on signing and by the write door
//!   itself, which compares what it touches (`store/discrepancy.rs`); `web/discrepancy.rs` settles one.
//!   Projects of which nothing is registered: `store/project.rs`.
//! - **What anybody may see**, and report without an account: `domain/public` is a type without a place
//!   for people, `app/public.rs` fills it, `web/public.rs` shows it behind the short code of a plate
//!   (`domain/short_code.rs`); `app/fault_report.rs` files and settles reports, their forms are in
//!   `web/fault_report_new.rs` and `web/fault_report.rs`. Who acts is made by `store/actor.rs`, and may do
//!   that one thing of that one asset; how often one may look things up: `http/lookup.rs`.
//! - **Money for upkeep**: `domain/upkeep_fund` (what was received), `domain/budget` (what is set aside
//!   for an asset or a place; copies; what a unit costs), `domain/spending` and `domain/overspend`. The
//!   tables themselves keep the sums. `app/spending.rs` books within another action by its `*_within`;
//!   a budget of a place has the assets there evaluated in its own transaction (`app/budget`), and every
//!   dossier shares the budgets of its place (`store/dossier.rs`). Pages: `web/budget*.rs`,
//!   `web/spending*.rs`, `web/upkeep_fund.rs`, `web/card_money.rs`.
//! - **Who operates what, for how much**: `domain/contract` (what a contract must be; `rent.rs` what it asks
//!   for a year, `schedule.rs` each sum that is due, to the fen), `app/contract.rs` writes those sums anew
//!   whenever the contract changes (`store/contract.rs`). Pages: `web/contract.rs`, `web/contract_form.rs`.
//! - **What waits for somebody**: `app/task.rs` by role, `store/task.rs`, `store/waiting.rs` (queues, and
//!   what falls due between two days), `web/task.rs`.
//! - **What somebody is told of**: `domain/reminder` says whom a changed row concerns; the write door keeps
//!   it with the entry of the log (`store/reminder.rs`); `app/reminder.rs` adds what time brings, and
//!   counts what was not seen for the menu of every page. The same by mail: `domain/digest.rs` has the text,
//!   `app/digest.rs` sends each once, `app/mail.rs` carries it, `store/digest.rs` knows what was sent.
//! - **What other programs are told of**: `store/event.rs` tells the log as events, in its order and by
//!   position, for `api/event.rs`; `domain/webhook` says what is sent where and how it is signed, `app/webhook`
//!   sends it in order by a kept position (`deliver.rs`), to the address that was checked (`post.rs`);
//!   `store/webhook.rs` sees that one program at a time does. Pages: `web/webhook.rs`, `web/webhook_form.rs`.
//! - **Who may do what**: `domain/permission.rs`; **where**: every query carries the actor's area as
//!   a range over the twelve-digit code (`store/read.rs`, `store/write.rs`).
//! - **The fields of a noun** — label, kind, how read and shown, by which action changed: the
//!   `fields!` tables of `domain`. Imports, exports and messages all read them.
//! - **A sheet that comes in**: `app/sheet` opens it (workbooks in a process of their own),
//!   `app/import` reads its rows; one that goes out: `app/export`, written by `app/output`.
//! - **A sheet that comes over the network**: `http/sheet_form.rs` reads the form as it comes, for the
//!   API and for pages; `app/job` carries it out while its sender does something else, `store/job.rs` knows whose it is, whether
//!   its program lives and what it came to.
//! - **A file beside an asset**: `app/attachment` looks into it (in a process of its own) and keeps it, sealed, by
//!   `store/attachment.rs`; what may be attached where `domain/attachment.rs`; how it comes over the
//!   network `http/file_form.rs`, how it goes out `http/attachment.rs`.
//! - **A list as a file**: `web/export.rs` asks for it by the words of the list's address,
//!   `app/export/listed.rs` writes its rows; `http/download.rs` sends a file, `http/turn.rs` one at a
//!   time for an account. On paper: `web/print.rs`.
//! - **What is done to many assets at once**: chosen in a list by `web/selection.rs`, looked at and
//!   then carried out as it was seen by `app/assignment.rs` (duties) and `app/confirmation.rs`
//!   (titles); taken back by what `domain/duty` allows. What mends a finding: `web/next_step.rs`.
//! - **Forms of one asset's actions**: `web/act.rs` stands around each.
//! - **What is printed to be signed or hung up**: `web/agreement.rs`, `web/plate.rs` with
//!   `web/plate_sheet.rs`.
//! - **The log**: `domain/trail` says what is hashed, proven and signed; `store/trail.rs` appends;
//!   `store/verify` recomputes it and replays it against the rows; `store/log.rs` finds entries, and
//!   `app/history` tells them field by field: those of one asset, or of a county to whoever may read
//!   its log. Verifying by a page: `app/verification/under_way.rs`, one at a time for an account.
//! - **A copy of the whole**: `app/backup` takes and restores backups, `app/dump` moves a ledger;
//!   `store/dump` holds the list of tables that take part and how a value is written.
//! - **Personal data**: sealed by `store/vault.rs`, masked by `domain/masking.rs` wherever it is
//!   shown; whole at the machine, and by the actions named `reveal`, which leave their reason.
//! - **What asks for a fresh proof of who acts**: `needs_step_up` beside `permits`; a form of a page
//!   waits for it, and goes on by itself (`web/proof.rs`).
//! - **How the service is**: `app/health.rs` examines the machine and tells of the ledger, for
//!   `taizhang doctor` and the page; `store/health.rs` counts.
//! - **Who signs in**: `app/sign_in`; what a password must be `domain/password`, codes
//!   `domain/second_factor.rs`, access tokens `domain/token`, how fast one may guess
//!   `domain/throttle.rs`. What is kept of it stands beside the log: `store/session.rs`,
//!   `store/credential.rs`, `store/link.rs`, `store/attempt.rs`.
//! - **An operation of the service**: `api/<noun>.rs`, listed in `api/mod.rs`; the golden document
//!   is made of them, and of the document the page for people (`api/guide`; its Chinese words are in
//!   `api/guide/words.rs`). What cannot be read is told by `api/misread.rs`. Rows are told and taken
//!   by the `fields!` tables (`api/record.rs`).
//! - **A page**: `web/<noun>.rs`; what stands around it `web/frame.rs`, what it is put together of
//!   `web/parts.rs`, a form drawn from a `fields!` table `web/fields.rs`. Whose cookie it is:
//!   `web/visit.rs`; what a form must carry: `web/form.rs`, `guard::same_origin`.
//! - **The first page**: its figures `app/report/overview.rs`, all of them kept sums but for a few rows
//!   that `store/overview.rs` reads in order; its blocks and their order by role `web/dashboard`, what
//!   a role is to see to `app/desk.rs`,
//!   its pictures `web/chart.rs`. What sums are kept of: `finding::tally::Counted`.
//! - **Help**: a row a screen in the tables of `web/help`; how pages are shown to somebody:
//!   `web/settings.rs`. What went wrong, for people: `web/oops.rs`.
//! - **What is typed and not sent yet**: `store/draft.rs`, `app/draft.rs`, `web/draft.rs`; also the form
//!   that met the end of its session.
//! - **A list**: which orders and filters a noun offers, `store/list/<noun>.rs`; how a page is read,
//!   `store/list`; what a caller may ask for comes of the tables (`api/page.rs`).
//! - **The list of assets on a page**: its columns, for pages, files and paper alike,
//!   `app/asset_column.rs`; what it comes to, `app/asset_total.rs`; its form and chips
//!   `web/asset_filter.rs`. A list kept under a name: `app/saved_view.rs`, `web/saved_view.rs`.
//! - **Looking for anything**: `app/search.rs`, `web/search.rs`; what is offered while one types is
//!   `web/static/suggest.js`, and nothing needs it.
//! - **Initials of names**: `entity/src/initials.rs`; the write door makes them (`Subject::derive`).
//! - **How an error is answered**: `http/fault.rs`; how a connection is taken: `http/accept.rs`;
//!   how many there may be: `http/seat.rs`; how many requests at once: `http/place.rs`; how a body
//!   comes: `http/body.rs`.
//! - **A disk without room**: `store/disk.rs`.
//! - **A request that comes again**: `Ledger::once` in `store/request_key.rs`.
//! - **Every limit**: `limits.rs`.
//!
//! # What always holds
//!
//! - Money is whole fen; no float comes near it. Splits conserve every fen.
//! - There is one way to write, `Ledger::write`: permission, scope, version, log entry, findings and
//!   sums, in one transaction. What was refused leaves nothing.
//! - Every read is scoped; what lies outside answers as not found.
//! - Nothing is deleted. Corrections are new versions.
//! - Rules have no clock: the day is an argument.
//! - No personal data in a subject row, a log entry, an error or a line of the program's own log.
//! - No password, token or code is stored, logged or printed; only its digest is kept.
//! - SQLite and PostgreSQL pass the same tests.
//!
//! # Where a new thing goes
//!
//! | to… | touch |
//! |---|---|
//! | add a field | a migration, `entity/src/<noun>.rs`, the `fields!` table of `domain/<noun>` |
//! | add an action | `entity/src/log.rs` (`Action`), `domain/permission.rs`, a rule, `app/<noun>.rs` |
//! | add a noun | one file a floor, a migration, a row in `store/subject.rs` and in `store/dump/mod.rs` |
//! | add another table | a migration, a file in `entity`, a row in `store/dump/mod.rs`: dumped, or left out and why |
//! | add a rule of deficiency | a code in `entity/src/finding.rs`, a function in `domain/deficiency/rules.rs`, a row in its table, its words and whom it concerns in `computed.rs` |
//! | let a county change a number | a key in `entity/src/setting.rs`, a row in `domain/setting`, and whoever reads it |
//! | add an operation | `api/<noun>.rs`, a line in `api/mod.rs`, its words in `api/guide/words.rs`; the golden document shows it |
//! | add a page | `web/<noun>.rs`, its routes merged in `web/mod.rs`, its help in `web/help`, a row in `tests/it/matrix/pages.rs` |
//! | list a noun | `store/list/<noun>.rs` (orders, filters), an index an order, a handler with `AskedList` |
//! | change the words of a no | `domain/refusal.rs` |
//! | support another sender's sheet | a map file, no code |
//!
//! # Words
//!
//! One word each, everywhere: actor 经办人, scope 管辖范围, action 办理事项, refusal 不予办理, mistake
//! 填写有误, trail 留痕, vault 个人信息库, subject 入账对象, finding 问题, tally 分类合计, waiver 豁免,
//! attachment 附件 (a file), duty 管护责任, maintainer 管护主体 (an organization), keeper 管护责任人 (a person), holding 权利,
//! upkeep fund 管护资金, budget 管护预算, set aside 安排, commit 预占, spending 支出, overspend 超支,
//! contract 合同, payer 付款方, due 应收 (a sum that a contract asks to be paid), step 递增,
//! work order 维修工单, dispatch 派单, accept 验收, welfare post 公益岗位, attendance 考勤考核,
//! inspection 巡查, point 检查项, upkeep 管护情况 (how an asset was found last), doubt 请核实,
//! campaign 专项排查, line 名单里的一条, rung 督办层级,
//! route 巡查路线, stop 途经的资产, stock-take 资产盘点, line 盘点行, find 盘盈, discrepancy 待核差异,
//! rectification 整改, round 一轮整改, bearer 交办对象, escalate 督办, close out 销号, task 待办, reminder 提醒,
//! title 权属, setting 县级规则 (a value of a local rule), session 会话, draft 草稿, credential 登录凭据,
//! link 一次性链接, step up 重新验证, event 事件, webhook 推送地址 (推送 is what it does), door (code only).

pub mod api;
pub mod app;
pub mod broken;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod error;
pub mod http;
pub mod limits;
pub mod server;
pub mod store;
pub mod web;
