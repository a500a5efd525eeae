//! Decodes the arguments of a query or command, and says in plain words which of them is wrong.
//!
//! **Invariant.** The sentence comes from what the decoder was told (the field, the words allowed), never from the text
//! of another error.
//!
//! **Limits.** Knows the kinds that the registry uses; others are described in serde's words.

use std::fmt::{self, Display};

use serde::Deserialize;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeSeed, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::registry::Word;
use crate::wire::{Code, Fault};

/// Decodes `name` and `args`; `words` is what the registry has of this `kind` (`query` or `command`).
pub(crate) fn decode<T: for<'de> Deserialize<'de>>(
    kind: &str,
    words: &[Word],
    name: &str,
    args: Value,
) -> Result<T, Fault> {
    let Some(word) = words.iter().find(|word| word.name == name) else {
        return Err(Fault::new(Code::Invalid, format!("There is no {kind} “{name}”.")));
    };
    let args = if args.is_null() { Value::Object(Map::new()) } else { args };
    if !args.is_object() {
        let sentence = format!("The arguments of “{name}” must be an object, such as {}.", word.example);
        return Err(Fault::new(Code::Invalid, sentence));
    }
    // The name comes first, so that serde knows what the arguments must be before it reads them.
    let name = Value::from(name);
    let call = MapDeserializer::new([("name", Part(&name)), ("args", Part(&args))].into_iter());
    T::deserialize(call).map_err(|misfit: Misfit| Fault::new(Code::Invalid, misfit.to_string()))
}

/// One value among the arguments.
#[derive(Clone, Copy)]
struct Part<'a>(&'a Value);

impl Part<'_> {
    /// As people write it.
    fn said(self) -> String {
        match self.0 {
            Value::String(text) => format!("“{text}”"),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            Value::Null | Value::Bool(_) | Value::Number(_) => self.0.to_string(),
        }
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Part<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads a value of a kind; the words say what it must be.
macro_rules! wants {
    ($($method:ident $wanted:literal),* $(,)?) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            de::Deserializer::deserialize_any(self, visitor).map_err(|misfit| misfit.wanting(self, $wanted))
        }
    )* };
}

impl<'de> de::Deserializer<'de> for Part<'de> {
    type Error = Misfit;

    wants! {
        deserialize_bool "true or false",
        deserialize_u16 "a whole number from 0 to 65,535",
        deserialize_u32 "a whole number, 0 or more",
        deserialize_i64 "a whole number",
        deserialize_str "text",
        deserialize_string "text",
        deserialize_seq "a list",
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items(SeqDeserializer::new(items.iter().map(Part)), 0)),
            Value::Object(fields) => visitor.visit_map(Fields { left: fields.iter(), present: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        if self.0.is_object() {
            return self.deserialize_any(visitor);
        }
        Err(Misfit::of(What::Kind).wanting(self, "an object"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            _ => Err(Misfit::of(What::Wanted { said: self.said(), wanted: listed(words, "or") })),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u64 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct map
        identifier ignored_any
    }
}

type Parts<'de> = std::iter::Map<std::slice::Iter<'de, Value>, fn(&'de Value) -> Part<'de>>;

/// A list, counting.
struct Items<'de>(SeqDeserializer<Parts<'de>, Misfit>, usize);

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let at = self.1;
        self.1 += 1;
        self.0.next_element_seed(seed).map_err(|misfit| misfit.inside(&format!("[{at}]")))
    }
}

/// An object, remembering which field is being read.
struct Fields<'de> {
    left: serde_json::map::Iter<'de>,
    present: Option<(&'de String, &'de Value)>,
}

impl<'de> de::MapAccess<'de> for Fields<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        self.present = self.left.next();
        self.present.map(|(name, _)| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (name, value) = self.present.take().expect("serde asks for a key before its value");
        seed.deserialize(Part(value)).map_err(|misfit| misfit.inside(name))
    }
}

/// Which argument does not fit, and why.
#[derive(Debug)]
struct Misfit {
    /// `destination.port`, `users[0]`; empty for the arguments themselves.
    field: String,
    what: What,
}

#[derive(Debug)]
enum What {
    /// It is of the wrong kind; whoever asked for it says what was wanted.
    Kind,
    /// It is this, and must be that.
    Wanted { said: String, wanted: String },
    /// There is no such field.
    Unknown { name: String, known: &'static [&'static str] },
    /// This field is not there.
    Missing(&'static str),
    /// In serde's words.
    Other(String),
}

impl Misfit {
    const fn of(what: What) -> Self {
        Self { field: String::new(), what }
    }

    fn wanting(self, part: Part<'_>, wanted: &str) -> Self {
        match self.what {
            What::Kind => Self { what: What::Wanted { said: part.said(), wanted: wanted.to_owned() }, ..self },
            What::Wanted { .. } | What::Unknown { .. } | What::Missing(_) | What::Other(_) => self,
        }
    }

    fn inside(self, outer: &str) -> Self {
        Self { field: joined(outer, &self.field), ..self }
    }
}

fn joined(outer: &str, inner: &str) -> String {
    let dot = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    format!("{outer}{dot}{inner}")
}

/// Whether what is in a field is nobody's business.
fn is_secret(field: &str) -> bool {
    let last = field.rsplit('.').next().unwrap_or(field);
    matches!(last, "password" | "old_password" | "secret" | "passphrase" | "pem" | "proof")
}

/// `a, b or c`.
fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}

impl Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        let within = |name: &str| if field.is_empty() { name.to_owned() } else { joined(field, name) };
        match &self.what {
            What::Kind => write!(f, "“{field}” is of the wrong kind."),
            // What was given may be the password itself.
            What::Wanted { wanted, .. } if is_secret(field) => write!(f, "“{field}” must be {wanted}."),
            What::Wanted { said, wanted } => write!(f, "“{field}” can't be {said}: it must be {wanted}."),
            What::Unknown { name, known: [] } => write!(f, "There is no argument “{}”, nor any other.", within(name)),
            What::Unknown { name, known } => {
                write!(f, "There is no argument “{}”. Known: {}.", within(name), listed(known, "and"))
            }
            What::Missing(name) => write!(f, "The argument “{}” is missing.", within(name)),
            What::Other(reason) => write!(f, "“{field}” can't be used: {reason}."),
        }
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: Display>(reason: T) -> Self {
        Self::of(What::Other(reason.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::of(What::Kind)
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::of(What::Kind)
    }

    fn unknown_variant(word: &str, words: &'static [&'static str]) -> Self {
        Self::of(What::Wanted { said: format!("“{word}”"), wanted: listed(words, "or") })
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::of(What::Unknown { name: name.to_owned(), known })
    }

    fn missing_field(name: &'static str) -> Self {
        Self::of(What::Missing(name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::registry::{COMMANDS, Command, QUERIES, Query};

    fn refused(name: &str, args: Value) -> String {
        let fault = if COMMANDS.iter().any(|word| word.name == name) {
            decode::<Command>("command", COMMANDS, name, args).expect_err("a fault")
        } else {
            decode::<Query>("query", QUERIES, name, args).expect_err("a fault")
        };
        assert_eq!(fault.code, Code::Invalid);
        fault.message
    }

    #[test]
    fn every_example_of_the_registry_is_decoded_as_serde_json_decodes_it() {
        for word in QUERIES {
            let args: Value = serde_json::from_str(word.example).unwrap();
            let whole = serde_json::from_value(json!({ "name": word.name, "args": args.clone() })).unwrap();
            assert_eq!(decode::<Query>("query", QUERIES, word.name, args).unwrap(), whole);
        }
        for word in COMMANDS {
            let args: Value = serde_json::from_str(word.example).unwrap();
            let whole = serde_json::from_value(json!({ "name": word.name, "args": args.clone() })).unwrap();
            assert_eq!(decode::<Command>("command", COMMANDS, word.name, args).unwrap(), whole);
        }
    }

    #[test]
    fn null_is_no_arguments_and_null_fields_are_absent() {
        let none: Query = decode("query", QUERIES, "addresses", Value::Null).unwrap();
        let null: Query = decode("query", QUERIES, "addresses", json!({ "state": null })).unwrap();
        assert_eq!(none, null);
    }

    #[test]
    fn the_sentence_names_the_field_and_what_is_allowed() {
        for (name, args, sentence) in [
            ("nothing", json!({}), "There is no query “nothing”."),
            ("undo", json!([12]), r#"The arguments of “undo” must be an object, such as {"entry":12}."#),
            ("undo", json!({}), "The argument “entry” is missing."),
            ("undo", json!({ "entry": "x" }), "“entry” can't be “x”: it must be a whole number."),
            ("skip_time", json!({ "hours": -1 }), "“hours” can't be -1: it must be a whole number, 0 or more."),
            ("skip_time", json!({ "hours": 1.5 }), "“hours” can't be 1.5: it must be a whole number, 0 or more."),
            ("address", json!({ "address": 5 }), "“address” can't be 5: it must be text."),
            (
                "addresses",
                json!({ "sort": 1 }),
                "“sort” can't be 1: it must be address, last_seen, discovered, clean_count or ends.",
            ),
            ("journal", json!({ "limits": 1 }), "There is no argument “limits”. Known: limit."),
            ("health", json!({ "now": true }), "There is no argument “now”, nor any other."),
            ("set_notifications", json!({ "wanted": 1 }), "“wanted” can't be 1: it must be true or false."),
            ("sign_in", json!({ "password": 12_345_678 }), "“password” must be text."),
            ("mark_invalid", json!({ "addresses": "a" }), "“addresses” can't be “a”: it must be a list."),
            ("mark_invalid", json!({ "addresses": ["a", {}] }), "“addresses[1]” can't be an object: it must be text."),
            ("create_user", json!({ "users": [{}] }), "The argument “users[0].address” is missing."),
            ("create_user", json!({ "users": [7] }), "“users[0]” can't be 7: it must be an object."),
            (
                "add_domain",
                json!({ "name": "a", "destination": { "host": "b", "port": 70000, "tls": "never" } }),
                "“destination.port” can't be 70000: it must be a whole number from 0 to 65,535.",
            ),
        ] {
            assert_eq!(refused(name, args), sentence);
        }
    }
}
