//! Windows icon container: a directory of images, each a whole PNG file (understood since Windows Vista).
//!
//! **Limits**: no BMP entries for older systems.

/// Edges in pixels that Windows asks for, smallest first.
pub const SIZES: &[u32] = &[16, 24, 32, 48, 64, 256];

const HEADER_BYTES: usize = 6;
const ENTRY_BYTES: usize = 16;

/// Packs PNG files (edge in pixels, content) into one .ico file.
pub fn pack(images: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let count = u16::try_from(images.len()).expect("an icon has a handful of sizes");
    let mut file = Vec::new();
    file.extend([0, 0, 1, 0]); // reserved, then type 1: icon
    file.extend(count.to_le_bytes());
    let mut offset = HEADER_BYTES + ENTRY_BYTES * images.len();
    for (edge, png) in images {
        let edge_byte = u8::try_from(*edge).unwrap_or(0); // 256 is written as 0
        file.extend([edge_byte, edge_byte, 0, 0]); // width, height, no palette, reserved
        file.extend(1_u16.to_le_bytes()); // colour planes
        file.extend(32_u16.to_le_bytes()); // bits a pixel
        file.extend(as_u32(png.len()).to_le_bytes());
        file.extend(as_u32(offset).to_le_bytes());
        offset += png.len();
    }
    for (_, png) in images {
        file.extend(png);
    }
    file
}

fn as_u32(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("an icon is smaller than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_directory_entry_points_at_its_own_image() {
        let file = pack(&[(16, vec![1, 2, 3]), (256, vec![4, 5])]);

        assert_eq!(&file[..6], &[0, 0, 1, 0, 2, 0]);
        assert_eq!(&file[6..10], &[16, 16, 0, 0]);
        assert_eq!(&file[14..22], &[3, 0, 0, 0, 38, 0, 0, 0], "length 3 at offset 6 + 2 × 16");
        assert_eq!(&file[22..24], &[0, 0], "256 pixels are written as 0");
        assert_eq!(&file[30..38], &[2, 0, 0, 0, 41, 0, 0, 0]);
        assert_eq!(&file[38..], &[1, 2, 3, 4, 5]);
    }
}
