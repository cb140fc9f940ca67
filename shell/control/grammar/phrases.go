package grammar

import "strings"

// Phrase is a row of the prompt's grammar.
//
// A pattern is words between spaces: "a|b" is either, "[a]" may be left away,
// "<slot>" takes what the person says:
//
//	<text>    the rest of the line, or what is between here and the words that follow
//	<word>    one word, or a text between double quotes
//	<keys>    a key specification
//	<x> <y>   numbers from 0 to 1
//	<button>  left, right or middle
//	<app>     one word
//	<run>     the name of an application that the session has
//	<args>    the rest of the line, which may be empty
//	<id>      the id of a machine that the session has
type Phrase struct {
	Pattern string
	Verb    Verb
	Kind    Kind
	// Unnamed says that the line names no machine. It means Linux, unless a
	// Windows machine is shown: then it is ambiguous.
	Unnamed bool
}

// phrases is the grammar. The order is that of the documentation: what a line
// means is decided by which row says more, never by which comes first.
var phrases = []Phrase{
	{Pattern: "show|open|start linux desktop", Verb: Show, Kind: Linux},
	{Pattern: "open|start linux", Verb: Show, Kind: Linux},
	{Pattern: "linux desktop", Verb: Show, Kind: Linux},
	{Pattern: "show desktop", Verb: Show, Kind: Linux, Unnamed: true},
	{Pattern: "hide linux [desktop]", Verb: Hide, Kind: Linux},
	{Pattern: "hide desktop", Verb: Hide, Kind: Linux, Unnamed: true},
	{Pattern: "start linux [desktop] hidden", Verb: Start, Kind: Linux},
	{Pattern: "resume linux [desktop]", Verb: Resume, Kind: Linux},
	{Pattern: "suspend linux [desktop]", Verb: Suspend, Kind: Linux},
	{Pattern: "shutdown|stop linux [desktop]", Verb: Shutdown, Kind: Linux},
	{Pattern: "mute linux [desktop]", Verb: Mute, Kind: Linux},
	{Pattern: "unmute linux [desktop]", Verb: Unmute, Kind: Linux},
	{Pattern: "linux type|send <text>", Verb: Type, Kind: Linux},
	{Pattern: "type|send <word>", Verb: Type, Kind: Linux, Unnamed: true},
	{Pattern: "send <text> to linux [desktop|vm|subsystem]", Verb: Type, Kind: Linux},
	{Pattern: "linux press|key <keys>", Verb: Press, Kind: Linux},
	{Pattern: "press|key <keys>", Verb: Press, Kind: Linux, Unnamed: true},
	{Pattern: "linux mouse|move <x> <y>", Verb: Pointer, Kind: Linux},
	{Pattern: "mouse|move <x> <y>", Verb: Pointer, Kind: Linux, Unnamed: true},
	{Pattern: "linux click <button>", Verb: Click, Kind: Linux},
	{Pattern: "click <button>", Verb: Click, Kind: Linux, Unnamed: true},
	{Pattern: "linux launch <app>", Verb: Launch, Kind: Linux},
	{Pattern: "launch linux <app>", Verb: Launch, Kind: Linux},
	{Pattern: "linux console <text>", Verb: Console, Kind: Linux},

	{Pattern: "show windows|win desktop", Verb: Show, Kind: Windows},
	{Pattern: "windows|win desktop", Verb: Show, Kind: Windows},
	{Pattern: "hide windows|win desktop", Verb: Hide, Kind: Windows},
	{Pattern: "start windows|win [desktop] hidden", Verb: Start, Kind: Windows},
	{Pattern: "resume windows|win [desktop]", Verb: Resume, Kind: Windows},
	{Pattern: "suspend windows|win [desktop]", Verb: Suspend, Kind: Windows},
	{Pattern: "shutdown|stop windows|win [desktop]", Verb: Shutdown, Kind: Windows},
	{Pattern: "mute windows|win [desktop]", Verb: Mute, Kind: Windows},
	{Pattern: "unmute windows|win [desktop]", Verb: Unmute, Kind: Windows},
	{Pattern: "windows|win type|send <text>", Verb: Type, Kind: Windows},
	{Pattern: "send <text> to windows|win [desktop|vm|subsystem]", Verb: Type, Kind: Windows},
	{Pattern: "windows|win press|key <keys>", Verb: Press, Kind: Windows},
	{Pattern: "windows|win mouse|move <x> <y>", Verb: Pointer, Kind: Windows},
	{Pattern: "windows|win click <button>", Verb: Click, Kind: Windows},

	{Pattern: "show|open <id>", Verb: Show},
	{Pattern: "hide <id>", Verb: Hide},
	{Pattern: "start <id> hidden", Verb: Start},
	{Pattern: "resume <id>", Verb: Resume},
	{Pattern: "suspend <id>", Verb: Suspend},
	{Pattern: "shutdown|stop <id>", Verb: Shutdown},
	{Pattern: "kill <id>", Verb: Kill},
	{Pattern: "mute <id>", Verb: Mute},
	{Pattern: "unmute <id>", Verb: Unmute},
	{Pattern: "<id> type|send <text>", Verb: Type},
	{Pattern: "<id> press|key <keys>", Verb: Press},
	{Pattern: "<id> mouse|move <x> <y>", Verb: Pointer},
	{Pattern: "<id> click <button>", Verb: Click},
	{Pattern: "<id> launch <app>", Verb: Launch},
	{Pattern: "<id> console <text>", Verb: Console},

	{Pattern: "run <run> <args>", Verb: Run},
	{Pattern: "[show] process explorer", Verb: Processes},
	{Pattern: "[show] processes", Verb: Processes},
	{Pattern: "htop|top", Verb: Processes},
	{Pattern: "show [system] log", Verb: SystemLog},
	{Pattern: "open log", Verb: SystemLog},
	{Pattern: "syslog|logs|log|dmesg", Verb: SystemLog},
}

// Phrases returns the grammar.
func Phrases() []Phrase { return phrases }

// form is a pattern without choices: words and slots.
type form struct {
	phrase *Phrase
	parts  []string
	words  int // parts that are no slots
}

// forms are all phrases, spelled out.
var forms = func() []form {
	var list []form
	for i := range phrases {
		for _, parts := range spell(strings.Fields(phrases[i].Pattern)) {
			f := form{phrase: &phrases[i], parts: parts}
			for _, part := range parts {
				if !isSlot(part) {
					f.words++
				}
			}
			list = append(list, f)
		}
	}
	return list
}()

func isSlot(part string) bool { return part[0] == '<' }

// spell returns every way to say a pattern.
func spell(pattern []string) [][]string {
	if len(pattern) == 0 {
		return [][]string{nil}
	}
	first, optional := strings.CutPrefix(pattern[0], "[")
	choices := strings.Split(strings.TrimSuffix(first, "]"), "|")
	var list [][]string
	for _, rest := range spell(pattern[1:]) {
		for _, choice := range choices {
			list = append(list, append([]string{choice}, rest...))
		}
		if optional {
			list = append(list, rest)
		}
	}
	return list
}
