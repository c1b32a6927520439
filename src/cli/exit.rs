//! What the process says to its caller when it ends.

use std::{fmt, io, process::ExitCode};

use demarche::{admin::AdminError, data::DataError, kafka::Failure, settings::SettingsError};

/// Shown under `demarche --help`.
pub(crate) const HELP: &str = "\
Exit codes:
   0  done
   1  a check found faults
   2  wrong usage
  65  input cannot be read
  69  brokers cannot be reached
  70  fatal: fenced by another instance, or a bug
  75  the drain deadline passed
  78  settings or data are wrong";

/// Exit codes, those of `sysexits.h` where one fits. Used as the context of an error, it sets how the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Done = 0,
    /// What was asked for was checked, and found wanting.
    Faults = 1,
    Input = 65,
    /// No broker answered, or none that lets us in.
    Unreachable = 69,
    /// Nothing that a retry in this process would heal; a supervisor should start it again.
    Fatal = 70,
    /// Asked to stop, and what was in work could not be finished in time; nothing is lost.
    DrainDeadline = 75,
    Configuration = 78,
}

impl Exit {
    /// By the [`Exit`] given as context, else by the kind of error; an unforeseen one is [`Exit::Fatal`].
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        if let Some(exit) = error.downcast_ref::<Self>() {
            return *exit;
        }
        error.chain().find_map(Self::of_cause).unwrap_or(Self::Fatal)
    }

    fn of_cause(cause: &(dyn std::error::Error + 'static)) -> Option<Self> {
        if cause.is::<SettingsError>() || cause.is::<DataError>() {
            return Some(Self::Configuration);
        }
        if matches!(cause.downcast_ref::<AdminError>(), Some(AdminError::Listen { .. })) {
            return Some(Self::Configuration);
        }
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            return Some(Self::of_daemon(failure));
        }
        // The reader of a pipe has seen enough (`demarche ... | head`).
        let pipe = cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        pipe.then_some(Self::Done)
    }

    fn of_daemon(failure: &Failure) -> Self {
        match failure {
            Failure::Configuration(_) => Self::Configuration,
            Failure::Unreachable(_) => Self::Unreachable,
            Failure::Fenced { .. } | Failure::Fatal(_) => Self::Fatal,
            Failure::DrainDeadline(_) => Self::DrainDeadline,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Faults => "faults were found",
            Self::Input => "input cannot be read",
            Self::Unreachable => "brokers cannot be reached",
            Self::Fatal => "fatal",
            Self::DrainDeadline => "the drain deadline passed",
            Self::Configuration => "settings cannot be used",
        })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn context_comes_before_the_kind_of_error() {
        let settings = SettingsError::Unworkable(vec!["x".to_owned()]);
        assert_eq!(Exit::of(&anyhow::Error::new(settings)), Exit::Configuration);
        let error = anyhow::anyhow!("line 3").context(Exit::Input);
        assert_eq!(Exit::of(&error), Exit::Input);
        assert_eq!(format!("{error:#}"), "input cannot be read: line 3");
        assert_eq!(Exit::of(&anyhow::anyhow!("a bug")), Exit::Fatal);
    }

    #[test]
    fn a_closed_pipe_is_no_fault() {
        let closed: anyhow::Result<()> = Err(io::Error::from(io::ErrorKind::BrokenPipe)).context("printing");
        assert_eq!(Exit::of(&closed.expect_err("closed")), Exit::Done);
    }
}
