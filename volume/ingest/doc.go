// Package ingest turns folders that the person names into pieces of text with
// their places in files: text, Markdown, code, and PDF where pdftotext of
// poppler is installed.
//
//	in := ingest.Ingester{Roots: []string{notes}, Known: store.Hash, Emit: store.Put, Gone: store.Remove}
//	report, err := in.Run(ctx)
//
// # Once
//
// A Run walks all roots in the order of names. A file whose hash the caller
// knows is skipped, so a Run that was cancelled and is started again goes on
// where it ended. A file is given whole, with all its chunks, or not at all:
// the caller keeps its hash together with them. Known is asked for each file
// that is text; those that the caller keeps and wasn't asked for are given to
// Ingest after the Run, which says which of them are Gone.
//
// # Safety
//
// Folders hold anything. Symbolic links aren't followed, below a root nothing
// but regular files of its file system is opened, without waiting (a FIFO
// can't block), and each is looked at again once it is open. A file with
// several names is read once. A file that changes while it is read is left for
// the next time. Bytes that are no text are recognised by their contents,
// whatever the name says, before more than a few of them are read; sizes are
// limited. What can't be read is counted with its reason and stops nothing.
//
// pdftotext runs in a group of processes of its own with limits of memory and
// CPU time, a deadline and a limit of its output.
//
// # Watch
//
// Watch follows changes by inotify and says which files to Ingest again, once
// they have been quiet for a moment.
package ingest
