//! Sheets of plates, drawn in millimetres: one drawing a sheet, so that what is printed has its size
//! whatever the browser makes of letters and boxes.

use fast_qr::qr::{QRBuilder, QRCode};
use maud::{Markup, html};

use super::visit::Manner;
use crate::limits;

/// How plates lie on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Its word in the address.
    pub(super) code: &'static str,
    /// What people call it: Chinese and English.
    pub(super) label: (&'static str, &'static str),
    /// The sheet, in millimetres.
    pub(super) sheet: (i32, i32),
    /// A plate, in millimetres.
    pub(super) plate: (i32, i32),
    /// How many lie beside and below each other.
    pub(super) n: (i32, i32),
}

/// The layouts; the first is the usual one.
pub(super) const LAYOUTS: [Layout; 3] = [
    Layout {
        code: "a4",
        label: ("A4 纸，每张 21 块（60×40 毫米）", "A4, 21 plates of 60 by 40 mm"),
        sheet: (210, 297),
        plate: (60, 40),
        n: (3, 7),
    },
    Layout {
        code: "large",
        label: ("A4 纸，每张 10 块（90×55 毫米）", "A4, 10 plates of 90 by 55 mm"),
        sheet: (210, 297),
        plate: (90, 55),
        n: (2, 5),
    },
    Layout {
        code: "label",
        label: ("标签打印机，一张一块（60×40 毫米）", "label printer, one plate of 60 by 40 mm"),
        sheet: (60, 40),
        plate: (60, 40),
        n: (1, 1),
    },
];

impl Layout {
    /// The layout of a word; the usual one where it is none.
    pub(super) fn of(word: &str) -> Layout {
        LAYOUTS.into_iter().find(|one| one.code == word).unwrap_or(LAYOUTS[0])
    }

    /// How many plates a sheet has.
    pub(super) fn per_sheet(self) -> usize {
        usize::try_from(self.n.0 * self.n.1).unwrap_or(1)
    }

    /// Where the how many-th plate of a sheet lies, in hundredths of a millimetre: all of them in the
    /// middle, beside each other.
    fn place(self, n: usize) -> (i32, i32) {
        let n = i32::try_from(n).unwrap_or(0);
        let left = (self.sheet.0 - self.n.0 * self.plate.0) * 50;
        let top = (self.sheet.1 - self.n.1 * self.plate.1) * 50;
        let (column, row) = (n % self.n.0, n / self.n.0);
        (left + column * self.plate.0 * 100, top + row * self.plate.1 * 100)
    }
}

/// How far plates are moved on their sheet, in tenths of a millimetre: for printers that take the
/// paper in askew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Nudge {
    pub(super) right: i32,
    pub(super) down: i32,
}

impl Nudge {
    /// As the words of an address say; what is no number moves nothing, and nothing is moved
    /// further than it may be.
    pub(super) fn read(right: &str, down: &str) -> Nudge {
        let most = limits::PLATE_NUDGE;
        let read = |text: &str| text.trim().parse::<i32>().unwrap_or(0).clamp(-most, most);
        Nudge { right: read(right), down: read(down) }
    }
}

/// What stands on one plate.
pub(super) struct Plate {
    /// What the ledger is called.
    pub(super) ledger: String,
    /// The asset.
    pub(super) name: String,
    /// Its code.
    pub(super) code: String,
    /// Its short code, in groups.
    pub(super) short: String,
    /// Where its square leads.
    pub(super) address: String,
    /// Who owns it and who looks after it, and whom to call.
    pub(super) lines: Vec<String>,
    /// The telephone of oversight.
    pub(super) supervision: String,
}

impl Nudge {
    /// A place that is moved so far, in hundredths of a millimetre.
    fn moved(self, (x, y): (i32, i32)) -> (i32, i32) {
        (x + self.right * 10, y + self.down * 10)
    }
}

/// Hundredths of a millimetre as millimetres.
fn mm(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

/// All plates, sheet by sheet.
pub(super) fn sheets(
    manner: &Manner,
    (layout, nudge): (Layout, Nudge),
    plates: &[Plate],
) -> Markup {
    html! {
        @for (n, group) in plates.chunks(layout.per_sheet()).enumerate() {
            @let names: Vec<String> = group.iter().map(|one| format!("{} {}", one.name, one.short)).collect();
            @let said = format!("{} {}{} {}", manner.say("第", "sheet"), n + 1, manner.say(" 张：", ": "), names.join(manner.say("、", ", ")));
            (sheet(layout, &said, &html! { @for (place, one) in group.iter().enumerate() {
                (drawn(manner, (layout, place, nudge), one))
            } }))
        }
    }
}

/// A sheet around what lies on it, in a box of its own: only a box begins a page of another size. A little less than its height, so that what is rounded up by a
/// printer does not begin another sheet.
fn sheet(layout: Layout, said: &str, inner: &Markup) -> Markup {
    let (width, height) = layout.sheet;
    let height = mm(height * 100 - 50);
    let class = if layout.sheet == layout.plate { "label" } else { "plates" };
    html! {
        div class=(class) { svg width={ (width) "mm" } height={ (height) "mm" } viewBox={ "0 0 " (width) " " (height) } role="img" aria-label=(said) {
            rect width=(width) height=(height) fill="#fff" stroke="none" {}
            (inner)
        } }
    }
}

/// Letters that fit into a width at a size, line by line: a letter of Chinese is as wide as it is
/// high, others are about half as wide.
fn broken(text: &str, size: i32, width: i32, most: usize) -> Vec<String> {
    let wide = |one: char| if one.is_ascii() { size * 56 / 100 } else { size };
    let mut lines = vec![String::new()];
    let mut used = 0;
    for one in text.chars() {
        if used + wide(one) > width {
            if lines.len() == most {
                if let Some(last) = lines.last_mut() {
                    last.pop();
                    last.push('…');
                }
                break;
            }
            lines.push(String::new());
            used = 0;
        }
        used += wide(one);
        if let Some(last) = lines.last_mut() {
            last.push(one);
        }
    }
    lines
}

/// A line of letters on a plate: what it says, its size, whether it is bold.
type Line = (String, i32, bool);

/// What stands on the left of a plate, broken into lines as wide as there is room.
fn lines(one: &Plate, room: i32, (small, large): (i32, i32)) -> Vec<Line> {
    let first = [(&one.ledger, small, 2), (&one.name, large, 3), (&one.code, small, 2)];
    let all = first.into_iter().chain(one.lines.iter().map(|line| (line, small, 2)));
    all.flat_map(|(text, size, most)| {
        broken(text, size, room, most).into_iter().map(move |line| (line, size, size == large))
    })
    .collect()
}

/// One plate: letters on the left, the square on the right with the short code below it.
fn drawn(manner: &Manner, (layout, place, nudge): (Layout, usize, Nudge), one: &Plate) -> Markup {
    let (x, y) = nudge.moved(layout.place(place));
    let (width, height) = (layout.plate.0 * 100, layout.plate.1 * 100);
    // a larger plate is the same plate, larger: as high as it is to 40 mm
    let scaled = |hundredths: i32| hundredths * layout.plate.1 / 40;
    let (side, edge, small) = (scaled(2_050), scaled(200), scaled(230));
    let lines = lines(one, width - side - scaled(500), (small, scaled(320)));
    let middle = mm(width - scaled(150) - side / 2);
    // a label ends where it is cut
    let frame = if layout.sheet == layout.plate { "none" } else { "#000" };
    let mut down = edge;
    html! {
        g.plate transform={ "translate(" (mm(x)) " " (mm(y)) ")" } fill="#000" stroke="none" font-size=(mm(small)) font-family="sans-serif" {
            rect width=(layout.plate.0) height=(layout.plate.1) fill="#fff" stroke=(frame) stroke-width="0.15" {}
            @for (line, size, is_bold) in &lines {
                @let at = { down += size * 5 / 4; down };
                text x=(mm(edge)) y=(mm(at)) font-size=(mm(*size)) font-weight=[is_bold.then_some("700")] { (line) }
            }
            text x=(mm(edge)) y=(mm(height - scaled(220))) font-size=(mm(scaled(270))) font-weight="700" { (one.supervision) }
            (square(&one.address, (width - side - scaled(150), edge, side)))
            text x=(middle) y=(mm(side + scaled(600))) text-anchor="middle" font-size=(mm(scaled(390))) font-weight="700" { (one.short) }
            text x=(middle) y=(mm(side + scaled(960))) text-anchor="middle" { (manner.say("扫码看一看、报修", "scan: look, report")) }
        }
    }
}

/// The square that leads to an address; nothing where the address is too long for one.
fn square(address: &str, (x, y, side): (i32, i32, i32)) -> Markup {
    let Ok(code) = QRBuilder::new(address).build() else { return html! {} };
    // four modules of white around it, as readers ask for
    let modules = i32::try_from(code.size + 8).unwrap_or(1);
    let module = side * 1_000 / modules;
    let module = format!("{}.{:05}", module / 100_000, module % 100_000);
    html! {
        g.square transform={ "translate(" (mm(x)) " " (mm(y)) ") scale(" (module) ")" } data-leads=(address) { path d=(strokes(&code)) {} }
    }
}

/// Its dark modules, run by run.
fn strokes(code: &QRCode) -> String {
    let mut path = String::new();
    for row in 0..code.size {
        let mut at = 0;
        while at < code.size {
            let dark = (at..code.size).take_while(|place| code[row][*place].value()).count();
            if dark > 0 {
                path.extend(["M", &(at + 4).to_string(), " ", &(row + 4).to_string()]);
                path.extend(["h", &dark.to_string(), "v1h-", &dark.to_string(), "z"]);
            }
            at += dark + 1;
        }
    }
    path
}

/// A sheet that shows whether the printer keeps the size: where plates lie, and a ruler.
pub(super) fn trial(manner: &Manner, (layout, nudge): (Layout, Nudge)) -> Markup {
    let said = manner.say(
        "试印：框线和标尺。标尺量出来应正好是所写的长度",
        "Trial: frames and a ruler, which must measure what it says",
    );
    // as long as the sheet has room for, in whole centimetres and at most ten
    let length = ((layout.sheet.0 - 10) / 10).min(10) * 10;
    let (left, middle) = ((layout.sheet.0 - length) * 50, layout.sheet.1 * 50);
    sheet(
        layout,
        said,
        &html! {
            g stroke="#000" stroke-width="0.15" fill="none" font-size="3" {
                @for place in 0..layout.per_sheet() {
                    @let (x, y) = nudge.moved(layout.place(place));
                    rect x=(mm(x)) y=(mm(y)) width=(layout.plate.0) height=(layout.plate.1) {}
                }
                g.ruler transform={ "translate(" (mm(left)) " " (mm(middle)) ")" } {
                    rect x="-3" y="-8" width=(length + 6) height="14" fill="#fff" {}
                    path d=(ruler(length)) {}
                    text x=(length / 2) y="-4.5" text-anchor="middle" fill="#000" stroke="none" { (length) " mm" }
                    text x=(length / 2) y="5" text-anchor="middle" fill="#000" stroke="none" font-size="2.4" { (manner.say("量一量：不是这个长度，就关掉“适合页面”", "Measure it: if it differs, print at 100%")) }
                }
            }
        },
    )
}

/// A line of so many millimetres with a stroke at each, longer at each tenth.
fn ruler(length: i32) -> String {
    let strokes = (0..=length).map(|at| {
        let long = if at % 10 == 0 { 3 } else { 1 };
        format!("M{at} 0v-{long}")
    });
    format!("M0 0h{length}{}", strokes.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strokes_are_the_dark_modules() {
        let code = QRBuilder::new("https://ledger.example/q/7K3M2Q").build();
        let code = code.expect("a code");
        let mut drawn = vec![vec![false; code.size]; code.size];
        for run in strokes(&code).split('M').skip(1) {
            let (place, rest) = run.split_once('h').expect("a run");
            let (x, y) = place.split_once(' ').expect("a place");
            let n: usize = rest.split('v').next().expect("a length").parse().expect("a number");
            let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
            for step in 0..n {
                drawn[y - 4][x - 4 + step] = true;
            }
        }
        for (row, line) in drawn.iter().enumerate() {
            for (column, is_dark) in line.iter().enumerate() {
                assert_eq!(*is_dark, code[row][column].value(), "{row} {column}");
            }
        }
    }

    #[test]
    fn plates_lie_on_their_sheet_and_beside_each_other() {
        for layout in LAYOUTS {
            let mut taken = Vec::new();
            for place in 0..layout.per_sheet() {
                let (x, y) = layout.place(place);
                let (right, end) = (x + layout.plate.0 * 100, y + layout.plate.1 * 100);
                assert!(x >= 0 && y >= 0, "{}", layout.code);
                assert!(right <= layout.sheet.0 * 100 && end <= layout.sheet.1 * 100);
                let is_apart = |(a, b, c, d): &(i32, i32, i32, i32)| {
                    *c <= x || right <= *a || *d <= y || end <= *b
                };
                assert!(taken.iter().all(is_apart), "{} {place}", layout.code);
                taken.push((x, y, right, end));
            }
        }
        assert_eq!(LAYOUTS.map(Layout::per_sheet), [21, 10, 1]);
    }

    #[test]
    fn plates_are_moved_so_far_and_no_further() {
        let most = limits::PLATE_NUDGE;
        let read = |text: &str| Nudge::read(text, text).right;
        assert_eq!((read("-15"), read("x"), read("")), (-15, 0, 0));
        assert_eq!((read(&most.to_string()), read(&(most + 1).to_string())), (most, most));
        assert_eq!(read(&(-most - 1).to_string()), -most);
        assert_eq!(mm(-150), "-1.50");
        assert_eq!((&*mm(5), &*mm(29_650)), ("0.05", "296.50"));
        assert_eq!(Nudge { right: -15, down: 20 }.moved((1_500, 0)), (1_350, 200));
    }

    #[test]
    fn what_is_too_long_is_cut_where_it_ends() {
        assert_eq!(broken("上河村便民桥", 300, 900, 3), ["上河村", "便民桥"]);
        assert_eq!(broken("上河村便民桥一号", 300, 900, 2), ["上河村", "便民…"]);
        assert_eq!(broken("", 300, 900, 2), [""]);
    }
}
