//! What a mail server is found to be, in the words of the wire.

use rollcall_core::truth::Truth;

use crate::answers::TruthWord;

pub(super) const fn truth_word(truth: Truth) -> TruthWord {
    match truth {
        Truth::RejectsStrangers => TruthWord::RejectsStrangers,
        Truth::AcceptsEverything => TruthWord::AcceptsEverything,
        Truth::Undecided => TruthWord::Undecided,
    }
}
