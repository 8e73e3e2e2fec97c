//! Values of the module `datetime`, from the state that they are pickled with (CPython: `Lib/datetime.py`, `_getstate`).

/// What Python prints for a value of the class, whose constructor was given these bytes.
pub(super) fn repr(class: &str, state: &[u8], zone: Option<&str>) -> Option<String> {
    let year = |high: u8, low: u8| u16::from_be_bytes([high, low]);
    let micro = |a: u8, b: u8, c: u8| u32::from_be_bytes([0, a, b, c]);
    // The highest bit of the month, or of the hour of a time, is `fold` (Python 3.6).
    let numbers: Vec<u32> = match (class, state) {
        ("date", &[y1, y2, month, day]) => vec![year(y1, y2).into(), month.into(), day.into()],
        ("datetime", &[y1, y2, month, day, hour, minute, second, a, b, c]) => {
            let mut numbers: Vec<u32> = vec![year(y1, y2).into()];
            numbers.extend([month & 0x7F, day, hour, minute, second].map(u32::from));
            numbers.push(micro(a, b, c));
            without_zeros(numbers, 5)
        }
        ("time", &[hour, minute, second, a, b, c]) => {
            let mut numbers: Vec<u32> = [hour & 0x7F, minute, second].map(u32::from).to_vec();
            numbers.push(micro(a, b, c));
            without_zeros(numbers, 2)
        }
        _ => return None,
    };
    let fold = match (class, state) {
        ("datetime", &[_, _, first, ..]) | ("time", &[first, ..]) if first & 0x80 != 0 => ", fold=1",
        _ => "",
    };
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    let zone = zone.map(|zone| format!(", tzinfo={zone}")).unwrap_or_default();
    Some(format!("datetime.{class}({}{fold}{zone})", numbers.join(", ")))
}

/// Seconds and microseconds at the end are left out where they are 0.
fn without_zeros(mut numbers: Vec<u32>, least: usize) -> Vec<u32> {
    while numbers.len() > least && numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

/// What Python prints for a `timedelta`: by position before 3.7, by name from then on.
pub(super) fn timedelta(days: i64, seconds: i64, micros: i64, by_name: bool) -> String {
    let parts = [("days", days), ("seconds", seconds), ("microseconds", micros)];
    let words: Vec<String> = if by_name {
        let some = parts.iter().filter(|part| part.1 != 0);
        some.map(|(name, value)| format!("{name}={value}")).collect()
    } else {
        let count = parts.iter().rposition(|part| part.1 != 0).unwrap_or(0) + 1;
        parts.iter().take(count).map(|part| part.1.to_string()).collect()
    };
    let words = if words.is_empty() { "0".to_owned() } else { words.join(", ") };
    format!("datetime.timedelta({words})")
}
