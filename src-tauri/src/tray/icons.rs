//! The drawn marks, from `icons/tray`: coloured for light and dark taskbars, one-coloured templates for macOS.

use tauri::Theme;
use tauri::image::Image;

use super::face::Mark;

/// The mark as this system wants it.
#[cfg(not(target_os = "macos"))]
pub fn icon(mark: Mark, theme: Theme) -> Image<'static> {
    let is_light = theme == Theme::Light;
    match (mark, is_light) {
        (Mark::Running, false) => tauri::include_image!("icons/tray/tray-running-dark-32.png"),
        (Mark::Running, true) => tauri::include_image!("icons/tray/tray-running-light-32.png"),
        (Mark::NeedsYou, false) => tauri::include_image!("icons/tray/tray-needs-you-dark-32.png"),
        (Mark::NeedsYou, true) => tauri::include_image!("icons/tray/tray-needs-you-light-32.png"),
        (Mark::Problem, false) => tauri::include_image!("icons/tray/tray-problem-dark-32.png"),
        (Mark::Problem, true) => tauri::include_image!("icons/tray/tray-problem-light-32.png"),
        (Mark::Stopped, false) => tauri::include_image!("icons/tray/tray-stopped-dark-32.png"),
        (Mark::Stopped, true) => tauri::include_image!("icons/tray/tray-stopped-light-32.png"),
    }
}

/// The mark as this system wants it: the menu bar colours it.
#[cfg(target_os = "macos")]
pub fn icon(mark: Mark, _theme: Theme) -> Image<'static> {
    match mark {
        Mark::Running => tauri::include_image!("icons/tray/tray-running-template-44.png"),
        Mark::NeedsYou => tauri::include_image!("icons/tray/tray-needs-you-template-44.png"),
        Mark::Problem => tauri::include_image!("icons/tray/tray-problem-template-44.png"),
        Mark::Stopped => tauri::include_image!("icons/tray/tray-stopped-template-44.png"),
    }
}
