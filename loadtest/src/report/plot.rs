//! Line charts as inline SVG: colours by class, so that one stylesheet serves light and dark. Pure.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 32.0;
/// More points than pixels tell nothing; of each group the highest is drawn, so that no peak is lost.
const POINTS: usize = 360;
/// Points that a pointer can ask for their value.
const ASKED: usize = 130;

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// Where it goes, by x.
    pub points: Vec<(f64, f64)>,
}

/// A chart.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// One sentence under the title.
    pub says: String,
    /// Of the vertical axis.
    pub unit: String,
    /// Of the horizontal axis.
    pub x_unit: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// Decades instead of equal steps.
    pub log: bool,
    /// A line that must not be crossed.
    pub bound: Option<f64>,
    /// Names of stretches of x: from, to.
    pub stretches: Vec<(f64, f64, String)>,
}

impl Line {
    /// A line.
    pub fn new(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self { name: name.into(), points: points.into_iter().collect() }
    }
}

impl Chart {
    /// A figure element; empty when there is nothing to show.
    pub fn svg(&self) -> String {
        let mut out = String::new();
        if self.lines.iter().any(|line| !line.points.is_empty()) {
            // Writing to a string cannot fail.
            let _ = self.write(&mut out);
        }
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let frame = Frame::around(self);
        write!(
            out,
            "<figure><figcaption><b>{}</b> <span>{}</span></figcaption>",
            escape(&self.title),
            escape(&self.says)
        )?;
        write!(out, r#"<p class="legend">"#)?;
        for (number, line) in self.lines.iter().enumerate() {
            write!(out, r#"<span class="s{}"><i></i>{}</span>"#, number % 6, escape(&line.name))?;
        }
        write!(
            out,
            r#"</p><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#,
            escape(&format!("{}, {}", self.title, self.summary()))
        )?;
        self.write_stretches(out, &frame)?;
        self.write_axes(out, &frame)?;
        for (number, line) in self.lines.iter().enumerate() {
            self.write_line(out, &frame, number % 6, line)?;
        }
        write!(out, "</svg></figure>")
    }

    fn write_stretches(&self, out: &mut String, frame: &Frame) -> std::fmt::Result {
        for (number, (from, to, name)) in self.stretches.iter().enumerate() {
            let (left, right) = (frame.x(*from), frame.x(*to));
            if number % 2 == 1 {
                let (width, height) = (right - left, HEIGHT - TOP - BOTTOM);
                write!(
                    out,
                    r#"<rect class="band" x="{left:.1}" y="{TOP}" width="{width:.1}" height="{height}"/>"#
                )?;
            }
            // A name that is wider than its stretch would lie over the next one.
            let letters = u32::try_from(name.chars().count()).unwrap_or(u32::MAX);
            if right - left > f64::from(letters) * 7.5 {
                write!(
                    out,
                    r#"<text class="faint" x="{:.1}" y="{:.1}">{}</text>"#,
                    left + 3.0,
                    TOP + 11.0,
                    escape(name)
                )?;
            }
        }
        Ok(())
    }

    fn write_axes(&self, out: &mut String, frame: &Frame) -> std::fmt::Result {
        for tick in frame.y_ticks() {
            let y = frame.y(tick);
            write!(
                out,
                r#"<line class="grid" x1="{LEFT}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}"/>"#,
                WIDTH - RIGHT
            )?;
            write!(
                out,
                r#"<text class="y" x="{:.1}" y="{:.1}">{}</text>"#,
                LEFT - 6.0,
                y + 3.5,
                short(tick)
            )?;
        }
        for tick in steps(frame.x_from, frame.x_to, 8.0) {
            let (x, label) = (frame.x(tick), short(tick));
            write!(out, r#"<text class="x" x="{x:.1}" y="{:.1}">{label}</text>"#, HEIGHT - BOTTOM + 14.0)?;
        }
        write!(out, r#"<text class="faint" x="2" y="{:.1}">{}</text>"#, TOP - 3.0, escape(&self.unit))?;
        write!(
            out,
            r#"<text class="faint end" x="{:.1}" y="{:.1}">{}</text>"#,
            WIDTH - RIGHT,
            HEIGHT - 2.0,
            escape(&self.x_unit)
        )?;
        if let Some(bound) = self.bound.filter(|bound| *bound <= frame.y_to) {
            let y = frame.y(bound);
            write!(
                out,
                r#"<line class="bound" x1="{LEFT}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}"/>"#,
                WIDTH - RIGHT
            )?;
        }
        Ok(())
    }

    fn write_line(&self, out: &mut String, frame: &Frame, class: usize, line: &Line) -> std::fmt::Result {
        let points = thinned(&line.points);
        let path: Vec<String> =
            points.iter().map(|(x, y)| format!("{:.1},{:.1}", frame.x(*x), frame.y(*y))).collect();
        write!(out, r#"<g class="s{class}"><polyline points="{}"/>"#, path.join(" "))?;
        if points.len() <= ASKED {
            for (x, y) in &points {
                write!(
                    out,
                    r#"<circle cx="{:.1}" cy="{:.1}" r="{}"><title>{}: {} {} at {} {}</title></circle>"#,
                    frame.x(*x),
                    frame.y(*y),
                    if points.len() <= 20 { 3.0 } else { 1.6 },
                    escape(&line.name),
                    short(*y),
                    escape(&self.unit),
                    short(*x),
                    escape(&self.x_unit)
                )?;
            }
        }
        write!(out, "</g>")
    }

    /// For those who do not see it.
    fn summary(&self) -> String {
        let told = self.lines.iter().map(|line| {
            let most = line.points.iter().map(|(_, y)| *y).fold(0.0, f64::max);
            format!("{} at most {} {}", line.name, short(most), self.unit)
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

/// The values at the edges of a chart.
struct Frame {
    x_from: f64,
    x_to: f64,
    y_from: f64,
    y_to: f64,
    log: bool,
}

impl Frame {
    fn around(chart: &Chart) -> Self {
        let points = || chart.lines.iter().flat_map(|line| &line.points);
        let most = points().map(|(_, y)| *y).fold(0.0, f64::max);
        let least = points().map(|(_, y)| *y).filter(|y| *y > 0.0).fold(f64::INFINITY, f64::min);
        let x_from = points().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
        let x_to = points().map(|(x, _)| *x).fold(f64::NEG_INFINITY, f64::max);
        let decade = |y: f64, round: fn(f64) -> f64| 10_f64.powf(round(y.log10()));
        let (y_from, y_to) = if chart.log && least.is_finite() {
            let from = decade(least, f64::floor);
            (from, decade(most, f64::ceil).max(from * 10.0))
        } else {
            (0.0, if most > 0.0 { most * 1.08 } else { 1.0 })
        };
        Self {
            x_from,
            x_to: if x_to > x_from { x_to } else { x_from + 1.0 },
            y_from,
            y_to,
            log: chart.log && y_from > 0.0,
        }
    }

    fn x(&self, x: f64) -> f64 {
        let share = ((x - self.x_from) / (self.x_to - self.x_from)).clamp(0.0, 1.0);
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, y: f64) -> f64 {
        let share = if self.log {
            (y.max(self.y_from) / self.y_from).log10() / (self.y_to / self.y_from).log10()
        } else {
            (y - self.y_from) / (self.y_to - self.y_from)
        };
        HEIGHT - BOTTOM - share.clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM)
    }

    fn y_ticks(&self) -> Vec<f64> {
        if !self.log {
            return steps(self.y_from, self.y_to, 5.0);
        }
        let decades = std::iter::successors(Some(self.y_from), |tick| Some(tick * 10.0));
        decades.take_while(|tick| *tick <= self.y_to * 1.001).collect()
    }
}

/// Round numbers between two, about so many.
fn steps(from: f64, to: f64, count: f64) -> Vec<f64> {
    let rough = (to - from) / count;
    let decade = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|of| of * decade).into_iter().find(|step| *step >= rough);
    let Some(step) = step.filter(|step| step.is_finite() && *step > 0.0) else { return vec![from] };
    let first = (from / step).ceil() * step;
    std::iter::successors(Some(first), |tick| Some(tick + step))
        .take_while(|tick| *tick <= to + step * 1e-6)
        .collect()
}

fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let group = points.len().div_ceil(POINTS).max(1);
    let highest = |group: &[(f64, f64)]| group.iter().copied().max_by(|one, two| one.1.total_cmp(&two.1));
    points.chunks(group).filter_map(highest).collect()
}

/// A number with as many digits as one can read.
pub fn short(number: f64) -> String {
    let size = number.abs();
    let (number, letter) = match size {
        _ if size >= 1e6 => (number / 1e6, "M"),
        _ if size >= 1e4 => (number / 1e3, "k"),
        _ => (number, ""),
    };
    let text = match number.abs() {
        size if size >= 100.0 || number.fract().abs() < 1e-9 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 0.1 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    };
    text + letter
}

/// Text for HTML and attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, 0.0123, 0.5, 12.34, 123.4, 5000.0, 12_345.0, 2_500_000.0].map(short);
        assert_eq!(shown, ["0", "0.012", "0.50", "12.3", "123", "5000", "12.3k", "2.50M"]);
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(steps(0.0, 10.0, 5.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(steps(3.0, 3.0, 5.0), [3.0]);
    }

    #[test]
    fn no_peak_is_lost_in_a_long_run() {
        let points: Vec<_> = (0..5000).map(|x| (f64::from(x), if x == 1234 { 9.0 } else { 1.0 })).collect();
        let thin = thinned(&points);
        assert!(thin.len() <= POINTS && thin.iter().any(|(_, y)| *y > 8.0));
    }

    #[test]
    fn an_empty_chart_is_nothing_and_a_flat_one_stays_inside() {
        assert_eq!(Chart::default().svg(), "");
        for log in [false, true] {
            let chart = Chart { lines: vec![Line::new("<a>", [(1.0, 0.0)])], log, ..Chart::default() };
            let svg = chart.svg();
            assert!(svg.contains("&lt;a&gt;") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
