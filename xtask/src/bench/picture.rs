//! docs/benchmarks.svg: horizontal bars on a logarithmic scale.
//!
//! The picture brings its own background, so that it reads the same on a light and on a dark page.

use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const MARGIN: f64 = 16.0;
/// Where the bars begin, and how far they may go: names stand before them, values after.
const LEFT: f64 = 220.0;
const LENGTH: f64 = 440.0;
const ROW: f64 = 20.0;
const TITLE: f64 = 24.0;
const AXIS: f64 = 30.0;

/// One kind of number, of several sides; the first is ours.
pub(super) struct Panel {
    pub(super) title: &'static str,
    pub(super) unit: &'static str,
    pub(super) bars: Vec<Bar>,
}

/// One side's number.
pub(super) struct Bar {
    pub(super) name: &'static str,
    /// In the panel's unit.
    pub(super) value: f64,
    /// As it is written beside the bar.
    pub(super) label: String,
}

/// A scale of whole powers of ten.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scale {
    low: i32,
    high: i32,
}

impl Scale {
    /// Reaches around these values, with something left below the smallest: a bar is never empty.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Self {
        let logs = values.filter(|value| value.is_finite() && *value > 0.0).map(f64::log10);
        let (low, high) =
            logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), log| (log.min(low), log.max(high)));
        if low > high {
            return Self { low: 0, high: 1 };
        }
        let low = (low - 0.3).floor() as i32;
        Self { low, high: (high.ceil() as i32).max(low + 1) }
    }

    /// Where a value lies, from 0 to 1; what is not above zero, at 0.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        if value > 0.0 { ((value.log10() - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The powers of ten.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|power| format!("1e{power}").parse().unwrap_or(f64::NAN))
    }
}

/// The picture.
pub(super) fn svg(panels: &[Panel]) -> String {
    let height = MARGIN + panels.iter().map(height_of).sum::<f64>();
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="12" fill="#24292f">
<rect x="0.5" y="0.5" width="{}" height="{}" rx="6" fill="#ffffff" stroke="#d0d7de"/>
"##,
        WIDTH - 1.0,
        height - 1.0,
    );
    let mut top = MARGIN;
    for panel in panels {
        draw(&mut svg, panel, top);
        top += height_of(panel);
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, panel: &Panel, top: f64) {
    let Panel { title, unit, bars } = panel;
    let scale = Scale::around(bars.iter().map(|bar| bar.value));
    let _ = writeln!(
        svg,
        r##"<text x="{MARGIN}" y="{}" font-size="14" font-weight="600">{title}<tspan font-size="11" font-weight="400" fill="#57606a"> (logarithmic, less is better)</tspan></text>"##,
        top + 12.0,
    );
    let (first, last) = (top + TITLE, top + TITLE + ROW * bars.len() as f64);
    for tick in scale.ticks() {
        let x = LEFT + LENGTH * scale.at(tick);
        let _ = writeln!(svg, r##"<path d="M{x:.1} {first}V{last}" stroke="#d8dee4"/>"##);
        let _ = writeln!(
            svg,
            r##"<text x="{x:.1}" y="{}" font-size="10" fill="#57606a" text-anchor="middle">{tick} {unit}</text>"##,
            last + 12.0,
        );
    }
    for (index, Bar { name, value, label }) in bars.iter().enumerate() {
        let (y, length) = (first + ROW * index as f64, LENGTH * scale.at(*value));
        let (colour, weight) = if index == 0 { ("#0969da", "600") } else { ("#8c959f", "400") };
        let _ = writeln!(
            svg,
            r##"<text x="{:.1}" y="{}" font-weight="{weight}" text-anchor="end">{name}</text><rect x="{LEFT}" y="{}" width="{length:.1}" height="14" fill="{colour}"/><text x="{:.1}" y="{}" font-weight="{weight}">{label}</text>"##,
            LEFT - 8.0,
            y + 14.0,
            y + 3.0,
            LEFT + length + 6.0,
            y + 14.0,
        );
    }
}

fn height_of(panel: &Panel) -> f64 {
    TITLE + ROW * panel.bars.len() as f64 + AXIS
}
