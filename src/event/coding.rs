//! What the annotation guide (section 1.1) fixes for each class: CAMEO and PLOVER codes.

use crate::stances::Class;

/// A class in the terms of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding {
    /// The class as published, `support`.
    pub name: &'static str,
    /// [`Class::polarity`].
    pub polarity: i8,
    /// Most specific CAMEO code that holds for the whole class.
    pub cameo: &'static str,
    /// PLOVER event type, where one fits.
    pub plover: Option<&'static str>,
}

/// The fixed codes of a class.
pub fn coding(class: Class) -> Coding {
    let (cameo, plover) = match class {
        Class::Support => ("051", Some("SUPPORT")),
        Class::Recognise => ("054", Some("SUPPORT")),
        Class::Pledge => ("030", Some("AGREE")),
        Class::Request => ("020", Some("REQUEST")),
        Class::Concern => ("010", None),
        Class::Condemn => ("111", Some("ACCUSE")),
        Class::Accuse => ("112", Some("ACCUSE")),
        Class::Reject => ("120", Some("REJECT")),
        Class::Deny => ("016", None),
        Class::Threaten => ("130", Some("THREATEN")),
        Class::Sanction => ("160", Some("SANCTION")),
        Class::Neutral => ("011", None),
    };
    Coding { name: class.as_str(), polarity: class.polarity(), cameo, plover }
}
