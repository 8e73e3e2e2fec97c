//! Which items of two lists belong together: their longest common subsequence.

/// Cells of the table; beyond them, what lies between the common beginning and the common end stays apart.
const MOST_CELLS: usize = 4_000_000;

/// The places of an item in the two lists, `None` where it is in one of them only.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// The items of both lists in order, those that are equal as pairs; and whether the bound left any apart.
pub(super) fn align<T: PartialEq>(a: &[T], b: &[T]) -> (Vec<Pair>, bool) {
    let shorter = a.len().min(b.len());
    let begin = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let end = a.iter().rev().zip(b.iter().rev()).take(shorter - begin).take_while(|(a, b)| a == b).count();
    let inner_a = a.get(begin..a.len() - end).unwrap_or_default();
    let inner_b = b.get(begin..b.len() - end).unwrap_or_default();
    let mut found: Vec<_> = (0..begin).map(|index| (Some(index), Some(index))).collect();
    let fits = inner_a.len().saturating_mul(inner_b.len()) <= MOST_CELLS;
    let inner = if fits { common(inner_a, inner_b) } else { Vec::new() };
    let (mut at_a, mut at_b) = (0, 0);
    for (to_a, to_b) in inner.into_iter().chain([(inner_a.len(), inner_b.len())]) {
        found.extend((at_a..to_a).map(|index| (Some(begin + index), None)));
        found.extend((at_b..to_b).map(|index| (None, Some(begin + index))));
        if to_a < inner_a.len() && to_b < inner_b.len() {
            found.push((Some(begin + to_a), Some(begin + to_b)));
        }
        (at_a, at_b) = (to_a + 1, to_b + 1);
    }
    found.extend((0..end).map(|index| (Some(a.len() - end + index), Some(b.len() - end + index))));
    (found, !fits)
}

/// The pairs of a longest common subsequence.
fn common<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    // lengths[i * width + j]: of the items from i and j on
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    let at = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let length = if left == right {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * width + j) {
                *cell = length;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        if left == right {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::align;

    fn shown(a: &str, b: &str) -> String {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let (pairs, cut) = align(&a, &b);
        assert!(!cut);
        let item = |list: &[char], index: Option<usize>| index.map_or('-', |index| list[index]);
        let pairs = pairs.into_iter().map(|(at_a, at_b)| format!("{}{}", item(&a, at_a), item(&b, at_b)));
        pairs.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pairs_what_is_equal_in_order() {
        assert_eq!(shown("abc", "abc"), "aa bb cc");
        assert_eq!(shown("abc", ""), "a- b- c-");
        assert_eq!(shown("axbyc", "abzc"), "aa x- bb y- -z cc");
        assert_eq!(shown("aa", "a"), "aa a-");
        assert_eq!(shown("xay", "zaw"), "x- -z aa y- -w");
    }

    #[test]
    fn is_bounded() {
        let (a, b): (Vec<u32>, Vec<u32>) = ((0..3000).collect(), (0..3000).rev().collect());
        let (pairs, cut) = align(&a, &b);
        assert!(cut && pairs.len() == 6000);
    }
}
