//! Hostile bytes: everything that reads some ends in a result or a reason; never in a panic, never without end.
//!
//! Each target changes its corpus, the files of `tests/fuzz/<target>/`, for a moment and from the same seed on every
//! run. `cargo test --release --test suite -- --ignored fuzz::` goes on for minutes from a new seed
//! (`DEMARCHE_FUZZ_SECONDS`). What is found is made smaller and written into the corpus, where it stays as a test.

mod mutation;
mod targets;

pub(crate) use targets::small_data;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// For one target in the ordinary run.
const SHORT: Duration = Duration::from_millis(1500);
/// For one target in the long run.
const LONG: u64 = 180;
/// One case that takes longer hangs; the machine may be busy with ten other tests.
const SLOWEST: Duration = Duration::from_secs(30);

type Check = Arc<dyn Fn(&[u8]) + Send + Sync>;
/// When a case was begun, and the case.
type Current = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Tries a target's corpus as it is, and then changed; `seeds` come on top of the files in its folder.
fn fuzz(target: &str, seeds: Vec<Vec<u8>>, long: bool, check: impl Fn(&[u8]) + Send + Sync + 'static) {
    let seeds = [corpus(target), seeds].concat();
    assert!(!seeds.is_empty(), "{target} has no corpus");
    let seconds = std::env::var("DEMARCHE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let budget = if long { Duration::from_secs(seconds.unwrap_or(LONG)) } else { SHORT };
    let current: Current = Arc::default();
    let (tell, heard) = mpsc::channel();
    let (shared, check): (_, Check) = (Arc::clone(&current), Arc::new(check));
    std::thread::spawn(move || tell.send(search(&seeds, budget, long, &shared, &check)));
    loop {
        match heard.recv_timeout(Duration::from_millis(200)) {
            Ok(Ok(cases)) => return println!("{target}: {cases} cases"),
            Ok(Err((case, fault))) => panic!("{target}: {fault}\nkept as {}", keep(target, &case)),
            Err(mpsc::RecvTimeoutError::Disconnected) => panic!("{target}: the search itself failed"),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
        if let Some((begun, case)) = &*current.lock().expect("the case")
            && begun.elapsed() > SLOWEST
        {
            panic!("{target} hangs\nkept as {}", keep(target, case));
        }
    }
}

/// How many cases went well, or the first that did not, made smaller, with its fault.
fn search(
    seeds: &[Vec<u8>],
    budget: Duration,
    long: bool,
    current: &Current,
    check: &Check,
) -> Result<usize, (Vec<u8>, String)> {
    let fault = |case: &[u8]| {
        *current.lock().expect("the case") = Some((Instant::now(), case.to_vec()));
        let ended = catch_unwind(AssertUnwindSafe(|| check(case)));
        *current.lock().expect("the case") = None;
        ended.err().map(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|t| (*t).to_owned())).unwrap_or_default()
        })
    };
    for seed in seeds {
        if let Some(fault) = fault(seed) {
            return Err((seed.clone(), fault));
        }
    }
    let mut runner = if long {
        TestRunner::new(Config::default())
    } else {
        let same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(Config::default(), same)
    };
    let (strategy, begun, mut cases) = (mutation::changed(seeds.to_vec()), Instant::now(), seeds.len());
    while begun.elapsed() < budget {
        let mut tree = strategy.new_tree(&mut runner).expect("a case");
        cases += 1;
        let Some(found) = fault(&tree.current()) else { continue };
        return Err(smallest(&mut tree, found, fault));
    }
    Ok(cases)
}

/// Fewer and smaller changes for as long as the fault stays.
fn smallest(
    tree: &mut impl ValueTree<Value = Vec<u8>>,
    mut found: String,
    fault: impl Fn(&[u8]) -> Option<String>,
) -> (Vec<u8>, String) {
    let mut smallest = tree.current();
    while tree.simplify() {
        loop {
            if let Some(again) = fault(&tree.current()) {
                (smallest, found) = (tree.current(), again);
                break;
            }
            // Back towards the fault, which this step lost.
            if !tree.complicate() {
                return (smallest, found);
            }
        }
    }
    (smallest, found)
}

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(target)
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder(target)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).expect("a file of the corpus")).collect()
}

/// Writes a case into the corpus; where it stands.
fn keep(target: &str, case: &[u8]) -> String {
    let digest = case.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let file = folder(target).join(format!("found-{digest:016x}"));
    let written = fs::create_dir_all(folder(target)).and_then(|()| fs::write(&file, case));
    written.map_or_else(|error| format!("nothing ({error}): {case:?}"), |()| file.display().to_string())
}
