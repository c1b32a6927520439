//! Rebuilds the crate when a data file changes: `include_dir!` alone does not notice.
fn main() {
    println!("cargo::rerun-if-changed=config/data");
}
