// Package find puts the best of many things first: applications, windows,
// files, settings, by how well their names fit what is typed and by how often
// and how lately they were chosen.
//
// An [Index] has the things; it is made once and changed when they change.
// [Index.Search] answers a keystroke without allocating once its buffers have
// grown. A [History] remembers choices and belongs to one person; its times are
// given by the caller.
//
// A name fits if the letters of each word of the query are in it in order. The
// score is that of an optimal alignment: letters at the beginning of words and
// next to each other count for more, gaps cost (an affine gap model, Smith and
// Waterman 1981, Gotoh 1982). Case, accents and the width of letters don't
// matter.
package find
