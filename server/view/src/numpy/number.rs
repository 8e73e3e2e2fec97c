//! Floats as numpy writes them: the shortest digits that give the number of that width back.

use crate::repr;

/// A float of so many bytes.
pub(super) fn float(value: f64, size: usize) -> String {
    let text = digits(value, size);
    if value.is_finite() && !text.contains(['.', 'e']) { text + ".0" } else { text }
}

/// A complex number whose parts are of so many bytes each.
pub(super) fn complex(real: f64, imaginary: f64, size: usize) -> String {
    let part = digits(imaginary, size);
    if real == 0.0 && real.is_sign_positive() {
        return format!("{part}j");
    }
    let sign = if part.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{part}j)", digits(real, size))
}

fn digits(value: f64, size: usize) -> String {
    let shortest = match size {
        2 if value.is_finite() => half(value),
        4 if value.is_finite() => format!("{:e}", value as f32),
        _ => format!("{value:e}"),
    };
    let near = match shortest.parse::<f64>() {
        Ok(near) if value.is_finite() => near,
        _ => value,
    };
    let text = repr::float_repr(near);
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// The shortest digits that only a number nearest to this float of 16 bits has.
fn half(value: f64) -> String {
    let exponent = value.abs().log2().floor().max(-14.0) as i32;
    let reach = 2f64.powi(exponent - 11);
    let near = |digits: &String| digits.parse::<f64>().is_ok_and(|found| (found - value).abs() < reach);
    (0..5).map(|digits| format!("{value:.digits$e}")).find(near).unwrap_or_else(|| format!("{value:e}"))
}
