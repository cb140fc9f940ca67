package launcher

import (
	"context"
	"iter"

	"rayos/internal/oneline"
	"rayos/rayapps/lang"
	"rayos/shell/theme"
)

// Proposer answers lines. Propose may take its time unless it is said that it
// answers at once; it ends when ctx does. An error ends the stream; what came
// before it holds.
type Proposer interface {
	Propose(ctx context.Context, line string) iter.Seq2[Proposal, error]
}

// Kind is what a proposal is about.
type Kind uint8

// Kinds.
const (
	Application Kind = iota
	Window
	Machine
	Page
	Answer // of the calculator
	Command
	File
	Example // a line to try
	Workspace
	Action // of the session
	Reply  // in words, which may still be growing: Text
)

func (k Kind) String() string {
	return [...]string{
		lang.M("Application"), lang.M("Window"), lang.M("Machine"), lang.M("Settings"), lang.M("Answer"), lang.M("Command"),
		lang.M("File"), lang.M("Try"), lang.M("Workspace"), lang.M("Session"), lang.M("Answer"),
	}[min(k, Reply)]
}

// Proposal is something that a line can mean: a row.
type Proposal struct {
	Key   string // it is remembered by it; no two have the same
	Kind  Kind
	Title string
	Note  string // about it
	// Excerpt is what a File says where it was found, in its own words: it is
	// shown between quotes, before where the file is.
	Excerpt string
	Icon    string // in icon themes, or the path of a file; "" is that of its kind
	// Line is the whole line that asks for it, where it goes on as what was
	// typed; "" for none.
	Line  string
	Needs string // what Line lacks and only the person knows
	Chips []Chip // what was understood
	Wrong bool   // Note says why the line can't be carried out
	Said  bool   // it is what the Reader has understood
	// Acts are what can be done, at least one: Enter is the first, Ctrl+Enter
	// the second.
	Acts []Act
	// Steps are what Acts[0] does where it is Each. Asks are the arguments of what
	// may lose something: the person is asked with them first.
	Steps []Act
	Asks  []Fact
	Trust theme.Trust
	Guest bool // it is a machine's: Trust is shown

	// Text is what a Reply says: see prose. A proposer that knows more says the
	// same Key again with all of it. Growing is whether more will come.
	Text    string
	Growing bool
	Sources []Source // of Text
}

// Source is where a Reply has something from.
type Source struct {
	Title, Note string
	Act         Act // opens it: Open, Browse, Show or Settle
}

// Chip is a part of what was understood.
type Chip struct {
	Text  string
	Trust theme.Trust
	Guest bool // it names a machine
}

// Verb is what an act does.
type Verb uint8

// Verbs.
const (
	Run      Verb = iota // Of is a line of the grammar
	Launch               // Of is an application's ID, With the ID of its action or ""
	Show                 // Of is a window
	Close                // Of is a window
	Copy                 // Of is text
	Open                 // Of is a file
	Reveal               // Of is a file: show it in its folder
	Settle               // Of is a page of the settings
	Fill                 // Of is a line to go on with; the model does it
	Minimise             // Of is a window
	Switch               // Of is the number of a workspace
	Perform              // Of is a deed of the session
	Undo                 // takes back what was done last
	Read                 // shows what a Reply says; the model does it
	Browse               // Of is an address on the web, http or https
	Each                 // does the Steps of the proposal, one after the other, until one fails
	Consult              // Of is a line to ask the adviser about
)

// Act is something that can be done. It is a value: the session carries it out.
type Act struct {
	Verb     Verb
	Name     string // on the list of actions
	Of, With string
}

// Stays reports whether the panel stays open for what comes of the act.
func (a Act) Stays() bool {
	return a.Verb == Run || a.Verb == Fill || a.Verb == Read || a.Verb == Each || a.Verb == Consult
}

// same reports whether two acts do the same.
func (a Act) same(b Act) bool { return a.Verb == b.Verb && a.Of == b.Of && a.With == b.With }

// maxName bounds a name, in characters.
const maxName = 160

// Name is what somebody else called something, as it may be shown.
func Name(s string) string { return clean(s) }

// clean makes one line to be shown of what somebody else called something.
func clean(s string) string { return oneline.Of(s, maxName) }
