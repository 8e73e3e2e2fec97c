use super::picture::{Scale, svg};
use super::report::{panels, text, time};
use super::results::{Goal, Old, Peer, Results, Series, median};

fn series(seconds: &[f64], mebibytes: &[f64]) -> Series {
    Series { seconds: seconds.to_vec(), memory: mebibytes.iter().map(|size| size * 1_048_576.0).collect() }
}

fn peer(tool: &'static str, name: &'static str, save: f64, load: f64, memory: f64, file: f64) -> Peer {
    let (save, load) = (series(&[save, save * 1.5, save / 2.0], &[memory]), series(&[load], &[memory + 20.0]));
    Peer { save, load, file, ..Peer::new(tool, name) }
}

fn results() -> Results {
    Results {
        setting: "a machine".to_owned(),
        orders: 40_000,
        objects: 1e6,
        peers: vec![
            peer("crashsite", "crashsite", 2.0, 0.05, 120.0, 5e6),
            peer("pickle", "pickle.dumps", 1.0, 0.75, 80.0, 10e6),
            peer("coredumpy", "coredumpy", 24.0, 8.0, 720.0, 11e6),
            peer("pyheapdump", "pyheapdump", 50.0, 3.0, 600.0, 4e6),
        ],
        inflate: series(&[0.025], &[]),
        first: series(&[0.003], &[9.0]),
        first_small: series(&[0.001], &[9.0]),
        sum: series(&[0.1], &[30.0]),
        find: series(&[1.0], &[90.0]),
        old: Ok(Old { answer: Some(series(&[0.6], &[310.0])), unpickler: series(&[1.25], &[160.0]) }),
    }
}

#[test]
fn the_median_does_not_depend_on_the_order() {
    assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    assert_eq!(median(&[7.0]), 7.0);
    assert!(median(&[]).is_nan());
}

#[test]
fn times_are_readable() {
    assert_eq!(time(0.0024), "2.4 ms");
    assert_eq!(time(0.1), "0.10 s");
    assert_eq!(time(24.567), "24.57 s");
}

#[test]
fn what_is_no_number_meets_no_goal() {
    assert!(Goal::AtLeast(4.0).met(4.0) && !Goal::AtLeast(4.0).met(3.9) && !Goal::AtLeast(4.0).met(f64::NAN));
    assert!(Goal::AtMost(1.5).met(1.5) && !Goal::AtMost(1.5).met(1.6) && !Goal::AtMost(1.5).met(f64::NAN));
}

#[test]
fn a_scale_has_room_around_its_values() {
    let scale = Scale::around([0.05, 8.0].into_iter());
    assert_eq!(scale.ticks().collect::<Vec<_>>(), [0.01, 0.1, 1.0, 10.0]);
    assert!((scale.at(0.1) - 1.0 / 3.0).abs() < 1e-9, "{}", scale.at(0.1));
    // A power of ten is not drawn as nothing.
    assert_eq!(Scale::around([1.0].into_iter()).ticks().collect::<Vec<_>>(), [0.1, 1.0]);
}

#[test]
fn a_scale_takes_what_has_no_logarithm() {
    let scale = Scale::around([0.0, f64::NAN, -1.0].into_iter());
    assert_eq!(scale.ticks().collect::<Vec<_>>(), [1.0, 10.0]);
    assert_eq!([0.0, f64::NAN, -1.0, 1e9].map(|value| scale.at(value)), [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn the_report_of_fixed_numbers() {
    insta::assert_snapshot!(text(&results()));
}

#[test]
fn a_file_that_is_not_opened_is_a_missed_target() {
    let mut results = results();
    results.old = Ok(Old { answer: None, unpickler: series(&[1.25], &[160.0]) });
    let text = text(&results);
    assert!(text.contains("| crashsite bt --all --locals | cannot open | | | |"), "{text}");
    assert!(text.contains("its loader's time | ≤ 0.33 | not measured | **no** |"), "{text}");
}

#[test]
fn without_python_27_its_rows_are_left_out_and_the_text_says_so() {
    let mut results = results();
    results.old = Err("there is no CPython 2.7 on this machine".to_owned());
    results.peers.retain(|peer| peer.tool != "pyheapdump");
    let text = text(&results);
    assert!(text.contains("is left out: there is no CPython 2.7 on this machine."), "{text}");
    assert!(!text.contains("| pyheapdump") && !text.contains("## A dump of pyheapdump"), "{text}");
}

#[test]
fn the_picture_of_fixed_numbers() {
    insta::assert_snapshot!(svg(&panels(&results())));
}
