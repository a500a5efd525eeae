//! macOS icon container: the word `icns`, the length of the file, then chunks of type, length and PNG content, all big-endian.

/// Edge in pixels and the chunk type that macOS gives it. `ic11` to `ic14` are the sizes for displays of double density.
pub const SIZES: [(u32, &[u8; 4]); 10] = [
    (16, b"icp4"),
    (32, b"ic11"),
    (32, b"icp5"),
    (64, b"ic12"),
    (128, b"ic07"),
    (256, b"ic13"),
    (256, b"ic08"),
    (512, b"ic14"),
    (512, b"ic09"),
    (1024, b"ic10"),
];

const HEADER_BYTES: usize = 8;

/// Packs PNG files, one for each of [`SIZES`] and in that order, into one .icns file.
pub fn pack(images: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut chunks = Vec::new();
    for ((_, kind), (_, png)) in SIZES.iter().zip(images) {
        chunks.extend(*kind);
        chunks.extend(length(HEADER_BYTES + png.len()));
        chunks.extend(png);
    }
    let mut file = b"icns".to_vec();
    file.extend(length(HEADER_BYTES + chunks.len()));
    file.extend(chunks);
    file
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).expect("an icon is smaller than 4 GiB").to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_and_each_chunk_tell_their_whole_length() {
        let images: Vec<_> = SIZES.iter().map(|(edge, _)| (*edge, vec![7, 7])).collect();

        let file = pack(&images);

        assert_eq!(&file[..4], b"icns");
        assert_eq!(&file[4..8], (8 + 10 * (8 + 2) as u32).to_be_bytes().as_slice());
        assert_eq!(&file[8..12], b"icp4");
        assert_eq!(&file[12..18], &[0, 0, 0, 10, 7, 7], "8 bytes of header and 2 of content");
        assert_eq!(&file[18..22], b"ic11");
    }
}
