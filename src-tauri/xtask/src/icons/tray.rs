//! The mark as it stands near the clock: five states, told apart by shape and not only by colour.
//!
//! Drawn on a grid of 64. A sign in the lower right corner says what is wrong; the mark is cut away around it, so that the sign stays
//! readable on any bar.

/// What the relay is doing, as the tray shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Mail is flowing.
    Running,
    /// Addresses wait for a decision: a round dot.
    NeedsYou,
    /// The destination does not answer, or worse: a triangle.
    Problem,
    /// Stopped for a while on purpose: two bars.
    Paused,
    /// The relay is not running: a stroke through.
    Stopped,
}

/// What the icon stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bar {
    /// A light task bar or panel.
    Light,
    /// A dark task bar or panel.
    Dark,
    /// The macOS menu bar: black and transparency only, the system gives the colour.
    Template,
}

impl State {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Running, Self::NeedsYou, Self::Problem, Self::Paused, Self::Stopped];

    /// As written in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::NeedsYou => "needs-you",
            Self::Problem => "problem",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }

    /// The area taken out of the mark, so that the sign on it has a margin. Black removes.
    fn gap(self) -> &'static str {
        match self {
            Self::Running => "",
            Self::NeedsYou => r#"<circle cx="48" cy="48" r="19"/>"#,
            Self::Problem => {
                r#"<path d="M47 26 L68 64 H26 Z" stroke="black" stroke-width="6" stroke-linejoin="round"/>"#
            }
            Self::Paused => r#"<rect x="30" y="28" width="34" height="36" rx="4"/>"#,
            Self::Stopped => r#"<path d="M4 60 L60 4" stroke="black" stroke-width="16"/>"#,
        }
    }

    /// How strongly the mark itself shows.
    fn opacity(self, bar: Bar) -> f32 {
        match (self, bar) {
            (Self::Running | Self::NeedsYou | Self::Problem, _) => 1.0,
            (Self::Paused | Self::Stopped, Bar::Dark) => 0.6,
            (Self::Paused | Self::Stopped, Bar::Light | Bar::Template) => 0.5,
        }
    }

    fn sign(self, bar: Bar) -> String {
        let ink = bar.ink();
        match self {
            Self::Running => String::new(),
            Self::NeedsYou => format!(r#"<circle cx="48" cy="48" r="14" fill="{}"/>"#, bar.amber()),
            Self::Problem => format!(
                r#"<mask id="mark"><rect width="64" height="64" fill="white"/><path d="M47 42V50" stroke="black" stroke-width="5" stroke-linecap="round"/><circle cx="47" cy="57" r="2.8"/></mask><path mask="url(#mark)" d="M47 32 L61.5 60.5 H32.5 Z" fill="{red}" stroke="{red}" stroke-width="5" stroke-linejoin="round"/>"#,
                red = bar.red()
            ),
            Self::Paused => format!(
                r#"<rect x="36" y="34" width="8" height="28" rx="2.5" fill="{ink}"/><rect x="52" y="34" width="8" height="28" rx="2.5" fill="{ink}"/>"#
            ),
            Self::Stopped => {
                format!(
                    r#"<path d="M8 56 L56 8" fill="none" stroke="{ink}" stroke-width="6.5" stroke-linecap="round"/>"#
                )
            }
        }
    }
}

impl Bar {
    /// All kinds of bar.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Template];

    /// As written in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Template => "template",
        }
    }

    /// Edges in pixels: 100, 150, 200 and 400 % of 16; for macOS 22 points in both densities.
    pub fn sizes(self) -> &'static [u32] {
        match self {
            Self::Light | Self::Dark => &[16, 24, 32, 64],
            Self::Template => &[22, 44],
        }
    }

    fn ink(self) -> &'static str {
        match self {
            Self::Light => "#161A20",
            Self::Dark => "#FFFFFF",
            Self::Template => "#000000",
        }
    }

    fn amber(self) -> &'static str {
        match self {
            Self::Light => "#C97800",
            Self::Dark => "#F5A623",
            Self::Template => "#000000",
        }
    }

    fn red(self) -> &'static str {
        match self {
            Self::Light => "#D13A2C",
            Self::Dark => "#FF6A5A",
            Self::Template => "#000000",
        }
    }

    /// The mark alone: a filled sheet on a coloured icon, its outline on the macOS menu bar.
    fn mark(self) -> String {
        let (sheet, ink) = match self {
            Self::Light => (r##"<rect x="4" y="4" width="56" height="56" rx="13" fill="#2158C9"/>"##, "#FFFFFF"),
            Self::Dark => (r##"<rect x="4" y="4" width="56" height="56" rx="13" fill="#3D77EA"/>"##, "#FFFFFF"),
            Self::Template => (
                r##"<rect x="6.5" y="6.5" width="51" height="51" rx="12" fill="none" stroke="#000000" stroke-width="5"/>"##,
                "#000000",
            ),
        };
        format!(
            r#"{sheet}<g fill="none" stroke="{ink}" stroke-linecap="round" stroke-linejoin="round"><path stroke-width="5" d="M17 20H34"/><path stroke-width="5" d="M17 32H22"/><path stroke-width="7.5" d="M25 40 L33 48 L48 24"/></g>"#
        )
    }
}

/// The whole drawing as SVG.
pub fn drawing(state: State, bar: Bar) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><mask id="gap"><rect width="64" height="64" fill="white"/>{gap}</mask><g mask="url(#gap)" opacity="{opacity}">{mark}</g>{sign}</svg>"#,
        gap = state.gap(),
        opacity = state.opacity(bar),
        mark = bar.mark(),
        sign = state.sign(bar),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_states_differ_in_shape_even_without_colour() {
        let drawings: Vec<_> = State::ALL.iter().map(|state| drawing(*state, Bar::Template)).collect();

        for (index, one) in drawings.iter().enumerate() {
            assert!(drawings[index + 1..].iter().all(|other| other != one));
        }
    }

    #[test]
    fn a_template_image_is_black_only() {
        for state in State::ALL {
            let drawing = drawing(state, Bar::Template);

            for attribute in ["fill=\"#", "stroke=\"#"] {
                assert!(drawing.split(attribute).skip(1).all(|rest| rest.starts_with("000000")), "{drawing}");
            }
        }
    }
}
