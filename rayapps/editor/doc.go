// Package editor is a text editor, an app as others write them:
//
//	rayos-apps editor [FILE…]
//
// Files of any size open at once, as far as their lines can be counted: only
// what is seen is read and laid out. Package buffer holds the texts.
//
// # Lines
//
// Lines longer than 4,096 bytes are shown in parts of that length below each
// other, also without wrapping, so that a file that is one line of a gigabyte
// scrolls as any other.
//
// # Bytes
//
// A file is UTF-8, and what isn't stays as it is: such a byte is shown as \xFF,
// controls as ^A, and what can't be seen but changes what is seen, as marks of
// direction, as <202E>. A byte order mark and the ends of lines are kept.
//
// # History
//
// The last 20,000 steps and 256 MiB of typed text can be undone.
//
// # Kill
//
// What wasn't saved, up to 640 KiB in all, the open files and the places in them
// come back after the program was killed. A second editor keeps nothing.
package editor
