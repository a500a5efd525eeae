//! Amounts of money as whole numbers of a currency's smallest unit, so that nothing is rounded.

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    code: &'static str,
    digits: usize,
}

impl Currency {
    /// The currency of a code such as `EUR`, in any case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_uppercase();
        let kinds = [(2, TWO_DIGITS), (0, NO_DIGITS), (3, THREE_DIGITS)];
        kinds.into_iter().find_map(|(digits, codes)| {
            codes.split_ascii_whitespace().find(|known| *known == code).map(|code| Self { code, digits })
        })
    }

    /// `EUR`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Digits behind the point: 2 for euros, 0 for yen, 3 for dinars.
    #[must_use]
    pub const fn digits(self) -> usize {
        self.digits
    }

    /// `€21.00`, `CHF 21.00`.
    #[must_use]
    pub fn amount(self, minor: u64) -> String {
        let (code, digits) = (self.code, self.digits);
        let text = format!("{minor:0width$}", width = digits + 1);
        let (whole, part) = text.split_at(text.len() - digits);
        let point = if part.is_empty() { "" } else { "." };
        let whole = grouped(whole);
        match code {
            "EUR" => format!("€{whole}{point}{part}"),
            "GBP" => format!("£{whole}{point}{part}"),
            "USD" => format!("${whole}{point}{part}"),
            "JPY" => format!("¥{whole}{point}{part}"),
            _ => format!("{code} {whole}{point}{part}"),
        }
    }
}

/// `1,234,567`.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Currencies with a hundred small units.
const TWO_DIGITS: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC \
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES \
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR \
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
    TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";
/// Currencies without small units.
const NO_DIGITS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Currencies with a thousand small units.
const THREE_DIGITS: &str = "BHD IQD JOD KWD LYD OMR TND";

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(code: &str, minor: u64) -> String {
        Currency::parse(code).expect(code).amount(minor)
    }

    #[test]
    fn an_amount_has_the_digits_of_its_currency() {
        assert_eq!(amount("eur", 2100), "€21.00");
        assert_eq!(amount("EUR", 5), "€0.05");
        assert_eq!(amount("JPY", 300), "¥300");
        assert_eq!(amount("KWD", 1_234_567), "KWD 1,234.567");
        assert_eq!(amount("CHF", 123_456_789), "CHF 1,234,567.89");
        assert_eq!(amount("USD", u64::MAX), "$184,467,440,737,095,516.15");
    }

    #[test]
    fn what_is_no_currency_is_none() {
        for code in ["", "EURO", "E", "XXX", "€", "EUR USD"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
    }

    #[test]
    fn every_code_is_three_letters_and_there_once() {
        let mut codes: Vec<_> =
            [TWO_DIGITS, NO_DIGITS, THREE_DIGITS].iter().flat_map(|codes| codes.split_ascii_whitespace()).collect();
        assert!(codes.iter().all(|code| code.len() == 3 && code.chars().all(|char| char.is_ascii_uppercase())));
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
