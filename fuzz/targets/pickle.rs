//! Bytes to the values that a pickle stands for, each looked at in every way that a format may.

#![no_main]

use crashsite_fuzz::LIMITS;
use crashsite_parse::read_pickle;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(pickle) = read_pickle(data.to_vec(), &LIMITS) else { return };
    assert!(pickle.end() <= data.len() as u64, "a pickle ends within its bytes");
    let count = pickle.len();
    let known = |id| assert!(pickle.ids().any(|known| known == id), "an edge leads to a node");
    for id in pickle.ids().take(2000) {
        assert!(pickle.offset(id) < data.len() as u64, "a node is made within the bytes");
        let _ = pickle.node(id);
        assert_eq!(pickle.items(id).count(), pickle.item_count(id));
        assert_eq!(pickle.pairs(id).count(), pickle.pair_count(id));
        let _ = (pickle.as_text(id), pickle.as_i128(id), pickle.as_f64(id), pickle.as_bytes(id), pickle.as_global(id));
        if count < 500 {
            pickle.for_each_child(id, known);
        }
    }
    let _ = pickle.only_data();
    let _ = pickle.text_keys(pickle.root());
    let _ = pickle.expanded_size(pickle.root(), 1 << 20);
});
