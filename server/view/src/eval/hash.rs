//! `hash(value)`, where it does not depend on the process, and the order of sets that follows from it.
//!
//! Texts and bytes hash with a secret of the process, which is not in the dump. Sources: `Python/pyhash.c`,
//! `Objects/tupleobject.c`, `Objects/setobject.c` of CPython 3.13.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};

use super::data::Data;
use super::dict::{Key, Set};
use super::value::Value;
use super::{Context, Failure, Res};

/// That of `None`, since Python 3.12.
const NONE: i64 = 0xFCA8_6420;
const BITS: u32 = 61;
const MODULUS: u64 = (1 << BITS) - 1;
/// Slots that are looked at one after the other before the next jump.
const PROBES: usize = 9;

impl<'a> Context<'a> {
    /// `hash(value)`; where only the process knew it, a value that stands for it.
    pub(super) fn hash(&self, value: &Value<'a>) -> Res<Value<'a>> {
        if let Data::Value(Value::Exact(exact)) = self.data(value)?
            && exact.is_signaling()
        {
            return Err(Failure::wrong_type("Cannot hash a signaling NaN value"));
        }
        let key = self.key(value)?;
        if let Value::Object(object) = value
            && self.enum_data(object).is_some()
            && !self.is_number_enum(object)
        {
            // By its name, a text.
            return Ok(Value::Hash(Rc::new(key)));
        }
        let address = |number: u32| self.dump.heap.object(number).map(|object| object.address());
        let none = (self.version >= (3, 12)).then_some(NONE);
        Ok(match of_key(&key, &Process { address: &address, none }) {
            Some(hash) => Value::Int(hash),
            None => Value::Hash(Rc::new(key)),
        })
    }
}

/// What of a process its hashes depend on.
struct Process<'b> {
    /// The address of an object.
    address: &'b dyn Fn(u32) -> Option<u64>,
    /// The hash of `None`.
    none: Option<i64>,
}

/// The hash of a value by its key. `None` where the process alone knows.
fn of_key(key: &Key, process: &Process<'_>) -> Option<i64> {
    Some(match key {
        Key::Int(value) => of_int(&BigInt::from(*value))?,
        Key::Big(value) => of_int(value)?,
        Key::Float(bits) => of_float(f64::from_bits(*bits))?,
        Key::Complex(real, imaginary) => {
            let (real, imaginary) = (of_float(f64::from_bits(*real))?, of_float(f64::from_bits(*imaginary))?);
            sane(real.wrapping_add(imaginary.wrapping_mul(1_000_003)))
        }
        Key::Tuple(keys) | Key::Fields(_, keys) => {
            let (first, second, fifth) =
                (11_400_714_785_074_694_791_u64, 14_029_467_366_897_019_727_u64, 2_870_177_450_012_600_261_u64);
            let mut sum = fifth;
            for key in keys.iter() {
                let lane = of_key(key, process)?.cast_unsigned();
                sum = sum.wrapping_add(lane.wrapping_mul(second)).rotate_left(31).wrapping_mul(first);
            }
            sum = sum.wrapping_add(keys.len() as u64 ^ (fifth ^ 3_527_539));
            if sum == u64::MAX { 1_546_275_796 } else { sum.cast_signed() }
        }
        Key::FrozenSet(keys) => {
            let mut sum = 0_u64;
            for key in keys.iter() {
                let hash = of_key(key, process)?.cast_unsigned();
                sum ^= (hash ^ 89_869_747 ^ (hash << 16)).wrapping_mul(3_644_798_167);
            }
            sum ^= (keys.len() as u64 + 1).wrapping_mul(1_927_868_237);
            sum ^= (sum >> 11) ^ (sum >> 25);
            sum = sum.wrapping_mul(69_069).wrapping_add(907_133_923);
            if sum == u64::MAX { 590_923_713 } else { sum.cast_signed() }
        }
        Key::Ratio(above, below) => of_ratio(above, below)?,
        Key::None => process.none?,
        Key::Range(start, length, step) => {
            let part = |number: &i128| Key::Big(Rc::new(BigInt::from(*number)));
            let parts = match length {
                0 => [part(length), Key::None, Key::None],
                1 => [part(length), part(start), Key::None],
                _ => [part(length), part(start), part(step)],
            };
            of_key(&Key::Tuple(parts.into_iter().collect()), process)?
        }
        Key::Object(number) => match (process.address)(*number)? {
            0 => return None,
            address => sane(address.rotate_right(4).cast_signed()),
        },
        _ => return None,
    })
}

/// -1 means an error to CPython.
fn sane(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

fn of_int(value: &BigInt) -> Option<i64> {
    i64::try_from(value % BigInt::from(MODULUS)).ok().map(sane)
}

/// The hash of a fraction that is no int: of the numerator times the inverse of the denominator.
fn of_ratio(above: &BigInt, below: &BigInt) -> Option<i64> {
    let modulus = BigInt::from(MODULUS);
    let inverse = below.modpow(&BigInt::from(MODULUS - 2), &modulus);
    if inverse == BigInt::ZERO {
        return Some(if above.sign() == Sign::Minus { -314_159 } else { 314_159 });
    }
    let size = i64::try_from(BigInt::from(above.magnitude().clone()) * inverse % &modulus).ok()?;
    Some(sane(if above.sign() == Sign::Minus { -size } else { size }))
}

fn of_float(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { 314_159 } else { -314_159 });
    }
    let (mut fraction, mut exponent) = (value.abs(), 0_i64);
    // Powers of two are exact.
    while fraction >= 1.0 {
        fraction /= 2.0;
        exponent += 1;
    }
    while fraction != 0.0 && fraction < 0.5 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let mut hash = 0_u64;
    while fraction != 0.0 {
        hash = ((hash << 28) & MODULUS) | (hash >> (BITS - 28));
        fraction *= 268_435_456.0;
        exponent -= 28;
        let whole = fraction.trunc();
        fraction -= whole;
        hash += whole as u64;
        if hash >= MODULUS {
            hash -= MODULUS;
        }
    }
    let shift = u32::try_from(exponent.rem_euclid(i64::from(BITS))).unwrap_or(0);
    hash = ((hash << shift) & MODULUS) | (hash >> (BITS - shift));
    let hash = hash.cast_signed();
    Some(sane(if value < 0.0 { -hash } else { hash }))
}

impl<'a> Set<'a> {
    /// The items in the order in which CPython would have them, or in that of insertion where it cannot be known.
    pub(super) fn ordered(&self) -> Vec<(Key, Value<'a>)> {
        let items: Vec<&(Key, Value<'a>)> = self.items().collect();
        let hashes: Option<Vec<i64>> =
            items.iter().map(|item| of_key(&item.0, &Process { address: &|_| None, none: None })).collect();
        let Some(hashes) = hashes else { return items.into_iter().cloned().collect() };
        let mut table: Vec<Option<usize>> = vec![None; 8];
        let mut used = 0;
        for place in 0..items.len() {
            put(&mut table, &hashes, place);
            used += 1;
            if used * 5 >= (table.len() - 1) * 3 {
                let least = if used > 50_000 { used * 2 } else { used * 4 };
                let mut size = 8;
                while size <= least {
                    size *= 2;
                }
                let mut larger = vec![None; size];
                for place in table.into_iter().flatten() {
                    put(&mut larger, &hashes, place);
                }
                table = larger;
            }
        }
        table.into_iter().flatten().filter_map(|place| items.get(place).copied().cloned()).collect()
    }
}

/// Puts an item that is not there yet into the first free slot of its way. A slot is free: tables are never full.
fn put(table: &mut [Option<usize>], hashes: &[i64], place: usize) {
    let mask = table.len() - 1;
    let hash = hashes.get(place).copied().unwrap_or(0).cast_unsigned() as usize;
    let (mut at, mut perturb) = (hash & mask, hash);
    loop {
        let probes = if at + PROBES <= mask { PROBES } else { 0 };
        for slot in at..=at + probes {
            if let Some(free @ None) = table.get_mut(slot) {
                *free = Some(place);
                return;
            }
        }
        perturb >>= 5;
        at = at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb) & mask;
    }
}
