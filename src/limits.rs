//! Every limit in one place. Each is tested at the limit and one past it.

use std::time::Duration;

use entity::money::Money;

/// Characters in the name of anything.
pub const NAME_LENGTH: usize = 100;
/// Characters in the name of an organization: some are lists of their parts.
pub const ORGANIZATION_NAME_LENGTH: usize = 200;
/// Characters in a free text.
pub const TEXT_LENGTH: usize = 2_000;
/// Characters in a code or a document number.
pub const CODE_LENGTH: usize = 32;
/// Characters in a sign-in name.
pub const ACCOUNT_NAME_LENGTH: usize = 64;
/// Characters in a reason.
pub const REASON_LENGTH: usize = 500;
/// Assets one action may touch when it names them one by one.
pub const ASSETS_PER_ACTION: usize = 1_000;
/// Parts one asset may be split into, and assets that may be merged at once.
pub const SPLIT_PARTS: usize = 100;
/// Funding rows of one asset.
pub const FUNDING_ROWS: usize = 50;
/// Holders of one right in one asset.
pub const HOLDERS: usize = 100;
/// Days a waiver may run.
pub const WAIVER_DAYS: i64 = 366;
/// Values that one local rule may be given for one area.
pub const RULE_VALUES: usize = 200;
/// Assets that are checked at once by a local rule, before it is set and after; the others wait for
/// the nightly round.
pub const RULE_ASSETS: usize = 20_000;
/// Days ahead that a finding may be due to be rectified.
pub const RECTIFICATION_DAYS: i64 = 366;
/// Accounts that a form offers to choose from.
pub const ACCOUNTS_OFFERED: u64 = 200;
/// Changed rows in one log entry; a larger action appends several.
pub const CHANGES_PER_ENTRY: usize = 500;
/// Changed rows held in memory before they are written to the log.
pub const CHANGES_BUFFERED: usize = 4_000;
/// Statements that may wait for the database while the next rows are made.
pub const STATEMENTS_WAITING: usize = 16;
/// Rows read ahead and checked together in an import.
pub const IMPORT_BATCH: usize = 1_000;
/// Mistakes reported one by one for a sheet; beyond it they are counted.
pub const MISTAKES_SHOWN: usize = 1_000;
/// Candidates named when a name is ambiguous.
pub const CANDIDATES_SHOWN: usize = 5;
/// Assets of one place, the newest of them, whose names are compared with the name of a new one.
pub const NAMES_COMPARED: u64 = 500;
/// Assets of a like name that a form shows.
pub const ALIKE_SHOWN: usize = 5;
/// Rows of one read of a long list.
pub const READ_BATCH: u64 = 1_000;
/// Characters of a password that are looked at.
pub const PASSWORD_LENGTH: usize = 128;
/// Characters a password has at least where it is the only proof.
pub const PASSWORD_ALONE: usize = 15;
/// Characters a password has at least beside a second factor.
pub const PASSWORD_BESIDE: usize = 8;
/// Characters a password has at least in the profile `mlps3`.
pub const PASSWORD_MLPS3: usize = 10;
/// Days a password may be used in the profile `mlps3`.
pub const PASSWORD_DAYS: i64 = 90;
/// Former passwords that may not be used again in the profile `mlps3`.
pub const PASSWORDS_FORMER: usize = 5;
/// Passwords hashed at once: each takes 64 MiB and a core.
pub const HASHES_AT_ONCE: usize = 2;
/// Passwords that wait to be hashed; beyond it whoever signs in is told to come again.
pub const HASHES_WAITING: usize = 32;
/// Attempts on an account that are looked at without delay.
pub const ATTEMPTS_AT_ONCE: i64 = 5;
/// Seconds an account's delay grows to, doubling from one.
pub const ATTEMPT_DELAY_SECONDS: i64 = 15 * 60;
/// How often in a day an account may have people shown whole.
pub const REVEALS_A_DAY: i64 = 50;
/// Attempts from one address in a minute.
pub const ATTEMPTS_PER_ADDRESS: i64 = 30;
/// Hours after which attempts are forgotten.
pub const ATTEMPTS_KEPT_HOURS: i64 = 24;
/// Seconds an access token is good for.
pub const ACCESS_TOKEN_SECONDS: i64 = 10 * 60;
/// Seconds two clocks may differ when an access token is checked.
pub const LEEWAY_SECONDS: i64 = 5;
/// Bytes of an access token.
pub const ACCESS_TOKEN_BYTES: usize = 2 * 1024;
/// Days after which access tokens are signed with the next key.
pub const TOKEN_KEY_DAYS: i64 = 30;
/// Seconds a browser's session lasts unused.
pub const BROWSER_IDLE_SECONDS: i64 = 30 * 60;
/// Seconds a browser's session lasts at most.
pub const BROWSER_SESSION_SECONDS: i64 = 12 * 60 * 60;
/// Days a refresh token is good for.
pub const API_IDLE_DAYS: i64 = 14;
/// Days a session of the API lasts at most.
pub const API_SESSION_DAYS: i64 = 90;
/// Seconds between two notes that a browser's session was seen.
pub const SEEN_SECONDS: i64 = 60;
/// Sessions of one kind that one account has at once; the oldest makes room.
pub const SESSIONS: usize = 3;
/// Seconds for which a renewed proof of who acts holds.
pub const STEP_UP_SECONDS: i64 = 5 * 60;
/// Hours a one-time link is good for.
pub const LINK_HOURS: i64 = 72;
/// Characters of a device's name that are kept.
pub const DEVICE_LENGTH: usize = 100;
/// Recovery codes of one account.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a request key.
pub const REQUEST_KEY_LENGTH: usize = 128;
/// Days a request key is remembered.
pub const REQUEST_KEY_DAYS: i64 = 7;
/// Bytes of an answer that are kept for a repetition.
pub const ANSWER_BYTES: usize = 64 * 1024;
/// Bytes of a map file.
pub const MAP_FILE_BYTES: u64 = 256 * 1024;

/// Connections at once: more than twenty addresses that each hold as many as they may.
pub const CONNECTIONS: usize = 2_048;
/// Connections at once from one address that is not a configured proxy.
pub const CONNECTIONS_PER_ADDRESS: usize = 64;
/// Requests carried out at once; more are told to come again.
pub const REQUESTS_AT_ONCE: usize = 256;
/// When a caller who was turned away may come again.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);
/// How long the headers of a request may take, counted from the moment its connection could carry
/// them: so long may a connection be silent, when it is new and between two requests.
pub const HEADER_TIME: Duration = Duration::from_secs(10);
/// Bytes of the headers of a request.
pub const HEADER_BYTES: usize = 16 * 1024;
/// Headers of a request.
pub const HEADERS: usize = 64;
/// How long the body of a request may take.
pub const BODY_TIME: Duration = Duration::from_secs(30);
/// How long an answer may wait for its reader.
pub const WRITE_TIME: Duration = Duration::from_secs(30);
/// Bytes of an answer that the kernel keeps for a reader who does not read.
pub const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// Files that are open beside the connections: the database, its readers, sheets, pipes.
pub const FILES_BESIDE: usize = 512;
/// How long a request may take until its caller is told to come again.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
/// How long requests under way may take when the service ends.
pub const DRAIN_TIME: Duration = Duration::from_secs(20);
/// Bytes that stay free on the disk of the database, and hundredths of it: below both nothing is
/// written.
pub const DISK_FREE_BYTES: u64 = 1024 * 1024 * 1024;
/// See [`DISK_FREE_BYTES`].
pub const DISK_FREE_PERCENT: u64 = 5;
/// How often the disk is looked at.
pub const DISK_LOOK: Duration = Duration::from_secs(1);
/// How long it is told that a write found no room.
pub const DISK_FULL_TOLD: Duration = Duration::from_secs(10);
/// Bytes of a JSON body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Bytes of a JSON body of a caller who has not signed in yet.
pub const BODY_BYTES_OF_ANYBODY: usize = 16 * 1024;
/// Bytes of JSON bodies that are on the way at once: what two addresses may send.
pub const BODY_BYTES_AT_ONCE: usize = 2 * CONNECTIONS_PER_ADDRESS * BODY_BYTES;
/// Fields of a form: a page of rows chosen, and what is to be done with them.
pub const FORM_FIELDS: usize = 500;
/// Bytes of a sheet that is uploaded.
pub const UPLOAD_BYTES: u64 = 50 * 1024 * 1024;
/// How long an upload may take.
pub const UPLOAD_TIME: Duration = Duration::from_mins(2);
/// How long an upload may take before its rate counts.
pub const UPLOAD_GRACE: Duration = Duration::from_secs(10);
/// Bytes that an upload brings in a second at least.
pub const UPLOAD_RATE: u64 = 1024;
/// Bytes of a picture that is attached.
pub const PICTURE_BYTES: u64 = 10 * 1024 * 1024;
/// Bytes of a document that is attached.
pub const DOCUMENT_BYTES: u64 = 20 * 1024 * 1024;
/// Pixels of a picture that is attached.
pub const PICTURE_PIXELS: u64 = 40_000_000;
/// Pixels of the longest side of a picture as it is kept.
pub const PICTURE_SIDE: u32 = 2_560;
/// Pixels of the longest side of the small picture that stands for it.
pub const PREVIEW_SIDE: u32 = 480;
/// Files attached to one thing; those that were withdrawn do not count.
pub const FILES_PER_THING: usize = 20;
/// Files of one form.
pub const FILES_PER_FORM: usize = 5;
/// Bytes of files that a county holds.
pub const FILE_BYTES_PER_COUNTY: u64 = 5 * 1024 * 1024 * 1024;
/// Characters of the name of an attached file.
pub const FILE_NAME_LENGTH: usize = 100;
/// Files looked into at once: each takes a process and hundreds of megabytes.
pub const FILES_LOOKED_INTO: usize = 2;
/// Contents opened at once: each takes its size in memory, twice.
pub const CONTENTS_AT_ONCE: usize = 4;
/// Bytes of memory of the process that looks into a file.
pub const FILE_READER_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of processor time of that process.
pub const FILE_READER_SECONDS: u64 = 15;
/// How long that process is waited for.
pub const FILE_READER_TIME: Duration = Duration::from_secs(25);
/// Photos shown beside the card of an asset.
pub const PHOTOS_SHOWN: usize = 3;
/// How long a browser may keep a small picture.
pub const PREVIEW_KEPT: Duration = Duration::from_hours(1);
/// Bytes of a file name that are kept.
pub const FILE_NAME_BYTES: usize = 200;
/// Imports carried out at once; a SQLite ledger has one writer and carries out one.
pub const IMPORTS_AT_ONCE: usize = 2;
/// Imports of one account that are uploaded, wait or run.
pub const JOBS_PER_ACCOUNT: usize = 3;
/// Imports that are uploaded, wait or run in one program.
pub const JOBS: usize = 16;
/// How often the runner of a job says that it lives.
pub const JOB_BEAT: Duration = Duration::from_secs(5);
/// Seconds of silence after which a runner is held to be gone.
pub const JOB_SILENCE_SECONDS: i64 = 60;
/// Cells of one sheet that its sender puts right on the page of its check.
pub const CORRECTIONS: usize = 2_000;
/// Sheets of which an account's choice of columns is remembered; the oldest makes room.
pub const COLUMN_CHOICES: usize = 50;
/// How long the sheet of a trial is there to be carried out.
pub const TRIED_TIME: Duration = Duration::from_hours(1);
/// Days a job is remembered.
pub const JOB_DAYS: i64 = 7;
/// Drafts of one account.
pub const DRAFTS: usize = 20;
/// Drafts of one account with those of forms that met the end of their session.
pub const DRAFTS_CARRIED: usize = 25;
/// Bytes of a draft.
pub const DRAFT_BYTES: usize = 64 * 1024;
/// Days a draft is kept.
pub const DRAFT_DAYS: i64 = 30;
/// Bytes of a form that the page of the sign-in carries: sealed, it fits into the form of anybody.
pub const CARRIED_BYTES: usize = 10 * 1024;
/// Minutes for which a form is carried over a sign-in.
pub const CARRIED_MINUTES: i64 = 60;
/// How often the end of a job is tried to be noted while the database is busy.
pub const JOB_TRIES: usize = 10;
/// Bytes of rejected rows that a job keeps.
pub const RETURNED_BYTES: usize = 16 * 1024 * 1024;
/// Rows of an export over the network.
pub const EXPORT_ROWS: u64 = 100_000;
/// Rows of a list on paper; longer ones are for a file.
pub const PRINTED_ROWS: usize = 2_000;
/// Entries of a page of what happened to an asset: each may hold hundreds of changes.
pub const HISTORY_ENTRIES: usize = 50;
/// Versions that were recorded while a form was typed into, and are undone to say what stood there
/// before.
pub const VERSIONS_COMPARED: usize = 50;
/// Changes of an asset's rows that are looked through for its history.
pub const HISTORY_CHANGES: u64 = 10_000;
/// Milliseconds between the instant of an action and its entry, at most: entries of an instant
/// are looked for so far to either side.
pub const ENTRY_MILLISECONDS: i64 = 60 * 60 * 1000;
/// Rows of an entry that a list of entries tells; all of them stand on its own page.
pub const CHANGES_TOLD: usize = 3;
/// Verifications that one program carries out at once; an account has one.
pub const VERIFICATIONS: usize = 2;
/// Characters of a note of an inspection: one line.
pub const INSPECTION_NOTE_LENGTH: usize = 200;
/// Metres from its asset beyond which an inspection is doubted (reliability.md §3.1).
pub const INSPECTION_METRES: i64 = 200;
/// Days within which an inspection comes in without a doubt (reliability.md §3.1).
pub const INSPECTION_LATE_DAYS: i64 = 7;
/// Hours before an inspection within which its photos are taken without a doubt.
pub const PHOTO_HOURS: i64 = 12;
/// Minutes that the clock of a device may be ahead.
pub const CLOCK_AHEAD_MINUTES: i64 = 10;
/// Kilometres an hour that somebody may travel between two inspections.
pub const TRAVEL_KILOMETRES: i64 = 120;
/// Stops of a route of inspections.
pub const ROUTE_STOPS: usize = 200;
/// Routes that one inspector goes.
pub const ROUTES_PER_ACCOUNT: usize = 20;
/// Maintainers and keepers of whom a plan of inspections tells.
pub const PLAN_BEARERS: usize = 100;
/// Assets of a paper inspection sheet.
pub const SHEET_ASSETS: usize = 30;
/// Work orders of one asset that are open at a time.
pub const LIVE_WORK_ORDERS: usize = 50;
/// The most that a month of a welfare post is paid: 100,000 yuan.
pub const POST_PAY: Money = Money::from_fen(10_000_000);
/// Places that a welfare post has.
pub const POST_PLACES: i32 = 1_000;
/// Days that the agreement of a welfare post runs: three years.
pub const POST_DAYS: i64 = 3 * 366;
/// Assets that a welfare post looks after.
pub const POST_ASSETS: usize = 200;
/// Days ahead that an asset may be due to be back in use: three years.
pub const REVIVAL_DAYS: i64 = 3 * 366;
/// Years, this one among them, of which the rate of revival is told.
pub const REVIVAL_YEARS: i32 = 10;
/// Lines of a stock-take.
pub const STOCK_LINES: usize = 10_000;
/// Lines of a stock-take that are counted at once.
pub const STOCK_LINES_COUNTED: usize = 100;
/// Lines of a stock-take on one page, and on one form.
pub const STOCK_LINES_SHOWN: u64 = 50;
/// Things not on the ledger that a stock-take finds.
pub const STOCK_FINDS: usize = 200;
/// Characters of what whoever reports a fault says: one line.
pub const FAULT_WORDS_LENGTH: usize = 100;
/// Minutes in which a report of an asset that says the same is the same report.
pub const SAME_REPORT_MINUTES: i64 = 10;
/// Reports of faults from one address in an hour.
pub const REPORTS_PER_ADDRESS: i64 = 10;
/// Reports of faults of one asset in a day.
pub const REPORTS_PER_ASSET: i64 = 20;
/// Reports of faults to the whole service in an hour.
pub const REPORTS_IN_ALL: i64 = 300;
/// Hours for which the form of a report is good.
pub const REPORT_FORM_HOURS: i64 = 12;
/// Bytes of a picture that comes from somebody without an account.
pub const REPORT_PICTURE_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes of the pictures of a county that came from people without an account.
pub const REPORT_BYTES_PER_COUNTY: u64 = 1024 * 1024 * 1024;
/// Codes that one address may look up in a minute without signing in.
pub const LOOKUPS_PER_ADDRESS: u32 = 60;
/// Codes that nobody has, which one address may look up in a minute.
pub const LOOKUPS_MISSED: u32 = 20;
/// Such codes of all addresses in a minute, beyond which each address has but a few.
pub const LOOKUPS_MISSED_IN_ALL: u32 = 300;
/// Codes that nobody has, which one address may look up while all addresses look up too many.
pub const LOOKUPS_MISSED_FEW: u32 = 2;
/// Addresses that are counted one by one in a minute; others are counted together.
pub const LOOKUP_ADDRESSES: usize = 10_000;
/// Photos that come with an inspection.
pub const INSPECTION_PHOTOS: usize = 10;
/// Assets of one page of those that are due, and of the task packet that goes along.
pub const ROUND_ASSETS: u64 = 50;
/// Bytes of a task packet (ux.md §3.10).
pub const PACKET_BYTES: usize = 300 * 1024;
/// Days ahead for which inspections that fall due are shown.
pub const DUE_DAYS: u64 = 366;
/// Days ahead when the reader does not say.
pub const DUE_DAYS_USUAL: u64 = 7;
/// Bits of 64 in which two photos may differ and still look like one.
pub const LIKENESS_BITS: u32 = 6;
/// Greys between the lightest and the darkest part of a picture that it takes to be told from others.
pub const LIKENESS_GREYS: u8 = 12;
/// Photos of an asset, and inspections of an account, that a photo is compared with.
pub const LIKENESS_COMPARED: u64 = 200;
/// Years of the term of a contract.
pub const CONTRACT_YEARS: u32 = 50;
/// Steps of the rent of a contract: one for each year but the first.
pub const RENT_STEPS: usize = 49;
/// Days after a period begins or ends by which its rent may be due.
pub const CONTRACT_DUE_DAYS: i32 = 60;
/// Characters of the number of a contract.
pub const CONTRACT_NO_LENGTH: usize = 64;
/// Characters of a trading platform, or of what decided on a contract.
pub const CONTRACT_TEXT_LENGTH: usize = 200;
/// Contracts of one asset, those that are over included.
pub const CONTRACTS_PER_ASSET: usize = 200;
/// Characters of a note or a document number of a fund for upkeep.
pub const FUND_TEXT_LENGTH: usize = 200;
/// The first year that a fund or a budget for upkeep may be of.
pub const FIRST_BUDGET_YEAR: i32 = 2012;
/// Budgets that are copied at once.
pub const BUDGETS_PER_COPY: usize = 1_000;
/// Hundredths of a percent by which copied budgets may be more or less.
pub const COPY_RATE_BP: i32 = 5_000;
/// Characters of what money is spent for: one line.
pub const PURPOSE_LENGTH: usize = 200;
/// Characters of the number of a voucher or of the document of an approval.
pub const VOUCHER_LENGTH: usize = 64;
/// Funds that a form offers to choose from.
pub const FUNDS_OFFERED: u64 = 200;
/// Public assets without any budget that are shown above the budgets.
pub const UNFUNDED_SHOWN: u64 = 5;
/// Levels of nesting in a JSON body.
pub const BODY_DEPTH: usize = 32;
/// Rows of one page of a list.
pub const PAGE_ROWS: u64 = 200;
/// Rows of one page of a list when the caller does not say.
pub const PAGE_ROWS_USUAL: u64 = 50;
/// Areas that a form offers to choose from: all of a county.
pub const AREAS_OFFERED: u64 = 1_000;
/// Areas that a form offers to choose from where a text means several.
pub const AREAS_CHOSEN_FROM: usize = 20;
/// Organizations that a form offers to choose from; others are found by name.
pub const BODIES_OFFERED: u64 = 200;
/// People that a form offers to choose from; others are named.
pub const PEOPLE_OFFERED: u64 = 200;
/// Lines of a campaign: all that is open in a county of ten thousand assets.
pub const CAMPAIGN_LINES: usize = 30_000;
/// Lines of a campaign that are checked again.
pub const CAMPAIGN_SAMPLE: i32 = 500;
/// Characters of the name of a campaign.
pub const CAMPAIGN_NAME_LENGTH: usize = 60;
/// Campaigns of one area above that are shown.
pub const CAMPAIGNS_ABOVE: u64 = 20;
/// Months before this one of which there are briefs.
pub const BRIEF_MONTHS: u32 = 12;
/// Plates on one sheet to print.
pub const PLATES: usize = 200;
/// Tenths of a millimetre by which plates may be moved on their sheet, either way.
pub const PLATE_NUDGE: i32 = 100;
/// Agreements that are printed at once.
pub const AGREEMENTS: usize = 200;
/// Assets of a register of titles that is printed.
pub const REGISTER_ROWS: usize = 1_000;
/// Rows of sources of money that the form of a new asset begins with.
pub const SOURCE_ROWS: usize = 3;
/// Views that an account keeps.
pub const SAVED_VIEWS: usize = 30;
/// Views of others that an account is shown.
pub const VIEWS_SHARED: u64 = 60;
/// Characters of the name of a view: it stands on a tab.
pub const VIEW_NAME_LENGTH: usize = 20;
/// Bytes of the words of a view.
pub const VIEW_WORDS_BYTES: usize = 2_000;
/// Columns of a list.
pub const LIST_COLUMNS: usize = 20;
/// Rows of a list that are counted one by one; of a longer one it is said that there are more.
pub const LIST_COUNTED: u64 = 10_000;
/// Conditions of an empty list that are tried to be left out.
pub const CONDITIONS_TRIED: usize = 3;
/// Values of one filter of a list, with commas between.
pub const FILTER_VALUES: usize = 50;
/// Areas that a search may name; a text that more of them hold is of no place.
pub const AREAS_FOUND: u64 = 50;
/// Assets that are looked at for one page of a list as of an earlier time.
pub const PAST_ROWS: u64 = 400;
/// Rows of each kind that a search for everything shows.
pub const SEARCH_SHOWN: u64 = 6;
/// Rows of each kind that a search counts.
pub const SEARCH_COUNTED: u64 = 1_000;
/// Things that are offered while somebody types.
pub const SUGGESTIONS: u64 = 8;
/// Characters of a search.
pub const SEARCH_LENGTH: usize = 64;
/// Days after which a reminder is forgotten.
pub const REMINDER_DAYS: i64 = 90;
/// Reminders that are counted one by one; of more it is said that there are more.
pub const REMINDERS_COUNTED: u64 = 99;
/// What waits of one kind is counted up to this.
pub const TASKS_COUNTED: u64 = 1_000;
/// Days ahead that something to mend or to inspect is told of as due soon.
pub const SOON_DAYS: u64 = 7;
/// Characters of an address of mail (RFC 5321 §4.5.3).
pub const MAIL_ADDRESS_LENGTH: usize = 254;
/// Seconds in which a mail server must answer.
pub const MAIL_SECONDS: u64 = 10;
/// How often a digest of a period is tried.
pub const DIGEST_TRIES: i32 = 5;
/// Minutes after which whoever began to send a digest is taken not to come back.
pub const DIGEST_LEASE_MINUTES: i64 = 10;
/// Entries of a log that are looked at for one page of events.
pub const EVENT_ENTRIES: u64 = 500;
/// Changed rows of one page of events; an entry is not cut in two.
pub const EVENT_ROWS: usize = 2_000;
/// Webhooks of a county that have not ended.
pub const WEBHOOKS_PER_COUNTY: u64 = 100;
/// Characters of the address of a webhook.
pub const WEBHOOK_ADDRESS_LENGTH: usize = 500;
/// Nouns, or actions, that a webhook names.
pub const WEBHOOK_CODES: usize = 200;
/// Hosts and networks that the operator allows webhooks besides the public ones.
pub const WEBHOOK_ALLOWED: usize = 50;
/// Seconds in which whoever is sent an event must have answered.
pub const WEBHOOK_SECONDS: u64 = 15;
/// Bytes of the head of an answer to an event; what stands behind it is not read.
pub const WEBHOOK_ANSWER_BYTES: usize = 16 * 1024;
/// Addresses of one host that are tried.
pub const WEBHOOK_TRIED: usize = 3;
/// Events that a webhook is sent in one turn.
pub const WEBHOOK_TURN: u64 = 100;
/// Webhooks that are sent events at once.
pub const WEBHOOKS_AT_ONCE: usize = 8;
/// Webhooks whose turn it is, of one look.
pub const WEBHOOKS_DUE: u64 = 200;
/// Between one look at what is to be sent and the next.
pub const WEBHOOK_PAUSE: Duration = Duration::from_secs(3);
/// Seconds after which whoever was sending events is taken not to come back.
pub const WEBHOOK_LEASE_SECONDS: i64 = 60;
/// Hours for which the secret before the last one is signed with as well.
pub const WEBHOOK_FORMER_HOURS: i64 = 24;
/// Bytes of one line of a dump: some sixty times the longest entry an import makes.
pub const DUMP_LINE_BYTES: usize = 64 * 1024 * 1024;
