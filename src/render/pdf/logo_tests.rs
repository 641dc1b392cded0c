//! Which files are valid logos, and their embedded form.

use super::*;

fn png_file(size: [u32; 2], colours: ColorType, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size[0], size[1]);
    encoder.set_color(colours);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().and_then(|mut it| it.write_image_data(samples)).expect("it is written");
    file
}

/// The start of a JPEG file: an application's segment, then the frame.
fn jpeg_file(application: &[u8], components: u8) -> Vec<u8> {
    let length = u8::try_from(application.len() + 2).expect("short");
    let mut file = vec![0xff, 0xd8, 0xff, 0xee, 0, length];
    file.extend_from_slice(application);
    file.extend([0xff, 0xc0, 0, 8 + 3 * components, 8, 0, 20, 1, 0, components]);
    file.extend(std::iter::repeat_n(0, 3 * usize::from(components)));
    file
}

#[test]
fn transparency_is_kept_apart_from_colours() {
    let file = png_file([2, 1], ColorType::Rgba, &[1, 2, 3, 255, 4, 5, 6, 128]);
    let logo = Logo::parse(&file).expect("a logo");
    assert!((logo.aspect() - 2.0).abs() < f32::EPSILON);
    let alpha = Some(vec![255, 128]);
    assert_eq!(
        logo.samples,
        Samples::Raw { components: 3, samples: vec![1, 2, 3, 4, 5, 6], alpha }
    );
}

#[test]
fn a_mask_that_hides_nothing_is_left_out() {
    let file = png_file([1, 2], ColorType::GrayscaleAlpha, &[7, 255, 8, 255]);
    let logo = Logo::parse(&file).expect("a logo");
    assert_eq!(logo.samples, Samples::Raw { components: 1, samples: vec![7, 8], alpha: None });
}

#[test]
fn jpeg_files_are_taken_as_they_are() {
    let file = jpeg_file(b"Adobe\0d\0\0\0\0\x02", 4);
    let logo = Logo::parse(&file).expect("a logo");
    assert_eq!([logo.width, logo.height], [256, 20]);
    assert_eq!(logo.samples, Samples::Jpeg { file, components: 4, inverted: true });
    let plain = Logo::parse(&jpeg_file(b"other", 3)).expect("a logo").samples;
    assert!(matches!(plain, Samples::Jpeg { components: 3, inverted: false, .. }));
}

#[test]
fn what_is_no_logo_is_said() {
    let reason = |file: &[u8]| Logo::parse(file).expect_err("no logo");
    let file = png_file([2, 1], ColorType::Rgb, &[0; 6]);
    assert_eq!(reason(&file[..40]), "is a PNG file that cannot be read");
    assert_eq!(reason(&jpeg_file(b"", 3)[..12]), "is a JPEG file that cannot be read");
    assert_eq!(reason(&jpeg_file(b"", 2)), "is a JPEG file that cannot be read");
    assert_eq!(reason(b"<svg/>"), "is neither PNG nor JPEG");
    let wide = png_file([5000, 1], ColorType::Grayscale, &[0; 5000]);
    assert_eq!(reason(&wide), "is more than 4,000 pixels wide or high");
}
