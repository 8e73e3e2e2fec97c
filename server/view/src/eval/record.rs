//! Tuples with names for their elements that the library makes: `DecimalTuple`, `struct_time`, `IsoCalendarDate`.

use std::rc::Rc;

use super::value::Value;

/// What is known of such a class.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its module and name.
    pub(super) class: &'static str,
    /// How its repr begins.
    pub(super) shown: &'static str,
    pub(super) fields: &'static [&'static str],
}

/// `decimal.DecimalTuple`
pub(super) static DECIMAL_TUPLE: Kind =
    Kind { class: "decimal.DecimalTuple", shown: "DecimalTuple", fields: &["sign", "digits", "exponent"] };

/// What `isocalendar()` gives.
pub(super) static ISO_CALENDAR_DATE: Kind =
    Kind { class: "datetime.IsoCalendarDate", shown: "datetime.IsoCalendarDate", fields: &["year", "week", "weekday"] };

/// What `timetuple()` gives.
pub(super) static STRUCT_TIME: Kind = Kind {
    class: "time.struct_time",
    shown: "time.struct_time",
    fields: &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"],
};

impl Kind {
    pub(super) fn value<'a>(&'static self, items: Vec<Value<'a>>) -> Value<'a> {
        Value::Record(self, items.into())
    }

    /// The element of that name.
    pub(super) fn element<'a>(&self, items: &Rc<[Value<'a>]>, name: &str) -> Option<Value<'a>> {
        let place = self.fields.iter().position(|field| *field == name)?;
        items.get(place).cloned()
    }
}
