//! Panics of an analysis: caught, and known by their place alone. What a panic says may quote the article: a slice that
//! ends inside of a character tells the whole text.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    /// An analysis runs on this thread.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// Where it panicked, `file:line`.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// What `work` gives, else where it panicked.
///
/// # Errors
/// The place, `file:line`, where the panic came with one.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Option<String>> {
    static HOOK: Once = Once::new();
    HOOK.call_once(silence);
    INSIDE.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(false);
    result.map_err(|_| PLACE.take())
}

/// The hook is where a place is told, and it is the hook that would print the message.
fn silence() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if INSIDE.get() {
            PLACE.set(panic.location().map(|place| format!("{}:{}", place.file(), place.line())));
        } else {
            before(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_known_by_its_place_and_not_by_its_words() {
        let text = std::hint::black_box("Dépêche de Genève");
        let line = line!() + 1;
        let place = catch(|| text[..2].len()).expect_err("inside of a character");
        assert_eq!(place, Some(format!("{}:{line}", file!())));
        assert_eq!(catch(|| text.len()), Ok(20));
    }

    #[test]
    fn a_panic_without_a_place_does_not_take_that_of_another() {
        assert!(catch(|| panic!("one")).is_err());
        assert_eq!(catch(|| panic::resume_unwind(Box::new("two"))), Err::<(), _>(None));
    }
}
