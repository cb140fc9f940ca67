// Package images shows pictures, an app as others write them:
//
//	rayos-apps images [FILE… | FOLDER]
//
// It reads PNG, JPEG, GIF with its animation, WebP, BMP, TIFF and, by who starts
// it, SVG. Beside the picture that is shown, the next and the one before are
// decoded.
//
// # Limits
//
// A file has at most 256 MiB, a picture 100 million pixels and 65,535 on a side,
// an animation 250 million in all its frames. Decoding is on a goroutine of its
// own, and ends when the picture isn't wanted any more.
//
// # Scaling
//
// A picture is kept in halves: each level has half the sides of the one before,
// averaged as light adds up and not as its sRGB numbers do. What is drawn is the
// level that has to shrink by less than two, bilinear; from 300 % on pixels are
// seen as squares.
//
// # Turning
//
// Pictures stand as Exif 2.32 (CIPA DC-008) says. Turning one by hand changes
// what is seen and no file. Colour profiles are not looked at.
//
// # Trash
//
// Pictures that are deleted go to the trash of the freedesktop.org Trash
// specification 1.0, and come back from there by Undo.
package images
