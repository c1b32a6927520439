//! What the annotation guide (section 1.1) fixes for each class: polarity, CAMEO and PLOVER codes.

use crate::stances::Class;

/// A class in the terms of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding {
    /// The class as published, `support`.
    pub name: &'static str,
    /// 1 friendly, -1 hostile, 0 neither.
    pub polarity: i8,
    /// Most specific CAMEO code that holds for the whole class.
    pub cameo: &'static str,
    /// PLOVER event type, where one fits.
    pub plover: Option<&'static str>,
}

/// The fixed codes of a class.
pub fn coding(class: Class) -> Coding {
    let (name, polarity, cameo, plover) = match class {
        Class::Support => ("support", 1, "051", Some("SUPPORT")),
        Class::Recognise => ("recognise", 1, "054", Some("SUPPORT")),
        Class::Pledge => ("pledge", 1, "030", Some("AGREE")),
        Class::Request => ("request", 0, "020", Some("REQUEST")),
        Class::Concern => ("concern", -1, "010", None),
        Class::Condemn => ("condemn", -1, "111", Some("ACCUSE")),
        Class::Accuse => ("accuse", -1, "112", Some("ACCUSE")),
        Class::Reject => ("reject", -1, "120", Some("REJECT")),
        Class::Deny => ("deny", 0, "016", None),
        Class::Threaten => ("threaten", -1, "130", Some("THREATEN")),
        Class::Sanction => ("sanction", -1, "160", Some("SANCTION")),
        Class::Neutral => ("neutral", 0, "011", None),
    };
    Coding { name, polarity, cameo, plover }
}
