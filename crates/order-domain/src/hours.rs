//! When customer experience is there: a clock that counts only their hours.
//!
//! The rules of time zones come with the build. What was computed with them is written into the timeline (`respond_by`), so a
//! fold does not depend on them; and a stored zone is a name, so a build that knows it no more still reads the order.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{rejection::Rejection, values::Timestamp};

/// Shorter working days are a mistake.
const SHORTEST_DAY: Duration = Duration::hours(1);
/// The longest response that is counted in hours; it bounds how many days are looked at.
const RESPONSE_MAX_S: u32 = 30 * 86_400;

/// The same hours on some days of the week, as a clock on the wall of `zone` shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// A name of the IANA database, such as `Europe/Berlin`.
    pub zone: String,
    /// `Mon` to `Sun`.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    #[ts(type = "Array<\"Mon\" | \"Tue\" | \"Wed\" | \"Thu\" | \"Fri\" | \"Sat\" | \"Sun\">")]
    pub days: Vec<Weekday>,
    /// `HH:MM:SS`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    #[ts(type = "string")]
    pub from: NaiveTime,
    /// `HH:MM:SS`, on the same day.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    #[ts(type = "string")]
    pub to: NaiveTime,
}

impl Hours {
    /// Can a response of so many seconds be counted in them?
    pub(crate) fn check(&self, response_s: u32) -> Result<(), Rejection> {
        if self.tz().is_none() {
            return Err(Rejection::bad_field("policy.cx_hours.zone", "must be a zone such as Europe/Berlin"));
        }
        if self.days.is_empty() {
            return Err(Rejection::bad_field("policy.cx_hours.days", "must not be empty"));
        }
        if self.to - self.from < SHORTEST_DAY {
            return Err(Rejection::bad_field("policy.cx_hours.to", "must be an hour after from, or more"));
        }
        if response_s > RESPONSE_MAX_S {
            let problem = format!("must be at most {RESPONSE_MAX_S} seconds where there are cx_hours");
            return Err(Rejection::bad_field("policy.cx_response_s", problem));
        }
        Ok(())
    }

    /// The moment when `length` of these hours has gone by since `from`.
    pub fn after(&self, from: Timestamp, length: Duration) -> Timestamp {
        // A zone that was known when the order was placed, and is not known now: every hour counts.
        let Some(zone) = self.tz() else { return from + length };
        let mut left = length;
        let today = from.with_timezone(&zone).date_naive();
        let days = today.iter_days().filter(|day| self.days.contains(&day.weekday()));
        for day in days {
            let opens = moment(zone, day, self.from).max(from);
            let open = (moment(zone, day, self.to) - opens).max(Duration::zero());
            if left <= open {
                return opens + left;
            }
            left -= open;
        }
        from + length // the calendar ended (in the year 262,142)
    }

    fn tz(&self) -> Option<Tz> {
        self.zone.parse().ok()
    }
}

/// When the clock on the wall shows this: the first time, if it does so twice; half-hours later, if it skips it.
fn moment(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let shown = day.and_time(time);
    let first = |halves: i64| zone.from_local_datetime(&(shown + Duration::minutes(30 * halves))).earliest();
    (0..=48).find_map(first).map_or_else(|| shown.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn berlin() -> Hours {
        let hours = json!({"zone": "Europe/Berlin", "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00:00", "to": "17:30:00"});
        serde_json::from_value(hours).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// `T_cx` stands still out of hours.
    #[test]
    fn only_hours_count() {
        let quarter = |from: &str| berlin().after(at(from), Duration::minutes(15));
        assert_eq!(quarter("2026-11-25T09:00:00Z"), at("2026-11-25T09:15:00Z"), "at work");
        assert_eq!(quarter("2026-11-25T03:00:00Z"), at("2026-11-25T08:15:00Z"), "before work");
        assert_eq!(quarter("2026-11-25T16:20:00Z"), at("2026-11-26T08:05:00Z"), "over the night");
        assert_eq!(quarter("2026-11-27T20:00:00Z"), at("2026-11-30T08:15:00Z"), "over the weekend");
        assert_eq!(quarter("2026-10-23T20:00:00Z"), at("2026-10-26T08:15:00Z"), "into winter time");
        assert_eq!(quarter("2026-03-27T20:00:00Z"), at("2026-03-30T07:15:00Z"), "into summer time");
    }

    #[test]
    fn the_end_of_a_day_belongs_to_it() {
        assert_eq!(
            berlin().after(at("2026-11-25T16:15:00Z"), Duration::minutes(15)),
            at("2026-11-25T16:30:00Z")
        );
    }

    #[test]
    fn a_time_that_the_clock_skips_is_the_next_that_it_shows() {
        let night = Hours { days: vec![Weekday::Sun], from: "02:30:00".parse().unwrap(), ..berlin() };
        assert_eq!(night.after(at("2026-03-28T12:00:00Z"), Duration::minutes(1)), at("2026-03-29T01:01:00Z"));
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let field = |hours: Hours, response_s| hours.check(response_s).unwrap_err().field.unwrap();
        assert_eq!(field(Hours { days: vec![], ..berlin() }, 900), "policy.cx_hours.days");
        assert_eq!(field(Hours { to: berlin().from, ..berlin() }, 900), "policy.cx_hours.to");
        assert_eq!(field(berlin(), RESPONSE_MAX_S + 1), "policy.cx_response_s");
        assert_eq!(field(Hours { zone: "Nowhere/Town".into(), ..berlin() }, 900), "policy.cx_hours.zone");
        assert!(berlin().check(900).is_ok());
    }

    #[test]
    fn of_a_zone_that_is_known_no_more_every_hour_counts() {
        let gone = Hours { zone: "Nowhere/Town".into(), ..berlin() };
        let (from, quarter) = (at("2026-11-25T03:00:00Z"), Duration::minutes(15));
        assert_eq!(gone.after(from, quarter), from + quarter);
    }

    proptest! {
        /// A later case is never due before an earlier one, and nobody is given less than the length.
        #[test]
        fn in_order_and_never_short(from in 0_i64..400 * 86_400, later in 0_i64..10 * 86_400, length_s in 1_i64..200_000) {
            let start = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
            let length = Duration::seconds(length_s);
            let (first, second) = (berlin().after(start, length), berlin().after(start + Duration::seconds(later), length));
            prop_assert!(first <= second);
            prop_assert!(first >= start + length);
        }
    }
}
