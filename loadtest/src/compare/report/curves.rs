//! Lines of all systems in one plot, both axes in decades.

use std::fmt::Write as _;

use super::{STYLE, colour};
use crate::{
    compare::Comparison,
    latency::Latency,
    report::plot::{escape, short},
};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 40.0;

/// A line of a system.
struct Curve {
    /// Which colour, and which name in the legend.
    system: usize,
    points: Vec<(f64, f64)>,
}

/// Between two values, in decades.
struct Axis {
    from: f64,
    to: f64,
}

/// p99 at each step of each ramp.
pub fn ramp(comparison: &Comparison) -> Option<String> {
    let systems = comparison.measured();
    let curves = comparison.trials.iter().map(|trial| {
        let mut points: Vec<_> =
            trial.steps.iter().map(|step| (step.deliveries_per_s, step.p99_ms)).collect();
        points.sort_by(|one, two| one.0.total_cmp(&two.0));
        let system = systems.iter().position(|system| *system == trial.system).unwrap_or_default();
        Curve { system, points }
    });
    let says = "deliveries a second → p99 of delivery or ack, ms";
    plot(comparison, &curves.collect::<Vec<_>>(), says, Some(comparison.plan.ramp.bound_ms))
}

/// How long the slowest share of the deliveries took, all repetitions together.
pub fn latency(comparison: &Comparison) -> Option<String> {
    let curves = comparison.measured().into_iter().enumerate().map(|(number, system)| {
        let mut all = Latency::default();
        let of_system = comparison.trials.iter().filter(|trial| trial.system == system);
        of_system.for_each(|trial| all.merge(&trial.delivery));
        let shares = [0.5, 0.9, 0.99, 0.999, 0.9999];
        let shares = shares.into_iter().filter(|_| all.count() > 0);
        // 1 in 2, 1 in 10, 1 in 100 …
        let points = shares.map(|share| (1.0 / (1.0 - share), all.quantile_ms(share)));
        Curve { system: number, points: points.collect() }
    });
    plot(comparison, &curves.collect::<Vec<_>>(), "one delivery in … takes this long, ms", None)
}

fn plot(comparison: &Comparison, curves: &[Curve], says: &str, bound: Option<f64>) -> Option<String> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let x = Axis::around(points().map(|point| point.0))?;
    let y = Axis::around(points().map(|point| point.1).chain(bound))?;
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><style>{STYLE}</style>"#
    );
    // Writing to a string cannot fail.
    let _ = write_axes(&mut out, &x, &y, says);
    if let Some(bound) = bound {
        let at = y.down(bound);
        let _ = write!(
            out,
            r#"<line class="bound" x1="{LEFT}" x2="{}" y1="{at:.1}" y2="{at:.1}"/>"#,
            WIDTH - RIGHT
        );
    }
    for curve in curves {
        let _ = write_curve(&mut out, curve, &x, &y);
    }
    for (number, system) in comparison.measured().iter().enumerate() {
        let left = LEFT + f64::from(u32::try_from(number).unwrap_or_default()) * 110.0;
        let class = colour(number);
        let _ = write!(out, r#"<rect class="f{class}" x="{left}" y="6" width="10" height="10" rx="2"/>"#);
        let _ = write!(out, r#"<text x="{}" y="15">{}</text>"#, left + 15.0, system.name());
    }
    Some(out + "</svg>\n")
}

fn write_axes(out: &mut String, x: &Axis, y: &Axis, says: &str) -> std::fmt::Result {
    for tick in x.ticks() {
        let at = x.across(tick);
        write!(out, r#"<line class="grid" x1="{at:.1}" x2="{at:.1}" y1="{TOP}" y2="{}"/>"#, HEIGHT - BOTTOM)?;
        let below = HEIGHT - BOTTOM + 16.0;
        write!(
            out,
            r#"<text class="soft" x="{at:.1}" y="{below}" text-anchor="middle">{}</text>"#,
            short(tick)
        )?;
    }
    for tick in y.ticks() {
        let at = y.down(tick);
        write!(out, r#"<line class="grid" x1="{LEFT}" x2="{}" y1="{at:.1}" y2="{at:.1}"/>"#, WIDTH - RIGHT)?;
        let (left, middle) = (LEFT - 8.0, at + 4.0);
        write!(
            out,
            r#"<text class="soft" x="{left}" y="{middle:.1}" text-anchor="end">{}</text>"#,
            short(tick)
        )?;
    }
    write!(out, r#"<text class="soft" x="{LEFT}" y="{}">{}</text>"#, HEIGHT - 6.0, escape(says))
}

fn write_curve(out: &mut String, curve: &Curve, x: &Axis, y: &Axis) -> std::fmt::Result {
    let class = colour(curve.system);
    let at: Vec<_> = curve.points.iter().map(|point| (x.across(point.0), y.down(point.1))).collect();
    let path: Vec<_> = at.iter().map(|(across, down)| format!("{across:.1} {down:.1}")).collect();
    if !path.is_empty() {
        write!(out, r#"<path class="l{class}" d="M{}"/>"#, path.join("L"))?;
    }
    at.iter().try_for_each(|(across, down)| {
        write!(out, r#"<circle class="f{class}" cx="{across:.1}" cy="{down:.1}" r="3"/>"#)
    })
}

impl Axis {
    /// `None` when nothing above 0 is to be shown.
    fn around(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (from, to) = values
            .filter(|value| *value > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(from, to), value| (from.min(value), to.max(value)));
        from.is_finite().then(|| Self { from: from / 1.2, to: to * 1.2 })
    }

    fn share(&self, value: f64) -> f64 {
        ((value / self.from).log10() / (self.to / self.from).log10()).clamp(0.0, 1.0)
    }

    fn across(&self, value: f64) -> f64 {
        LEFT + self.share(value) * (WIDTH - LEFT - RIGHT)
    }

    fn down(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.share(value) * (HEIGHT - TOP - BOTTOM)
    }

    /// 1, 2 and 5 of each decade; only the decades when there are many.
    fn ticks(&self) -> Vec<f64> {
        let decades = (self.to / self.from).log10();
        let parts: &[f64] = if decades > 2.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let first = 10_f64.powf(self.from.log10().floor());
        let decades = std::iter::successors(Some(first), |decade| Some(decade * 10.0));
        let ticks = decades
            .take_while(|decade| *decade <= self.to)
            .flat_map(|decade| parts.iter().map(move |part| part * decade));
        ticks.filter(|tick| (self.from..=self.to).contains(tick)).collect()
    }
}
