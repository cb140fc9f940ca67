package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"rayos/shell/control"
)

// The scripts ask rayctl itself for candidates, so they know windows and
// outputs too and never go out of date. A line is a candidate, a tab and what
// it means; ":file" asks the shell to complete a file name.
var scripts = map[string]string{
	"bash": `_rayctl() {
    local cur="${COMP_WORDS[COMP_CWORD]}" line
    COMPREPLY=()
    while IFS= read -r line; do
        if [ "$line" = ":file" ]; then
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            compopt -o filenames 2>/dev/null
            return
        fi
        COMPREPLY+=("$(printf '%q' "${line%%$'\t'*}")")
    done < <(rayctl complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _rayctl rayctl
`,
	"zsh": `#compdef rayctl
_rayctl() {
    local line
    local -a found
    while IFS= read -r line; do
        if [[ "$line" == ":file" ]]; then
            _files
            return
        fi
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done < <(rayctl complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    _describe rayctl found
}
if [ "$funcstack[1]" = "_rayctl" ]; then _rayctl "$@"; else compdef _rayctl rayctl; fi
`,
	"fish": `function __rayctl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (rayctl complete -- $words[2..-1] 2>/dev/null)
    if test "$found[1]" = ":file"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $found
    end
end
complete -c rayctl -f -a '(__rayctl_complete)'
`,
}

func completion(w io.Writer, words []string) error {
	if len(words) == 1 {
		if s, ok := scripts[words[0]]; ok {
			_, err := io.WriteString(w, s)
			return err
		}
	}
	return control.Errorf(control.CodeBadArgs, "completion needs a shell: bash, zsh or fish")
}

type candidate struct{ word, help string }

// complete prints what the last word may become.
func complete(opt options, w io.Writer, words []string) error {
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	if len(words) == 0 {
		words = []string{""}
	}
	before, cur := words[:len(words)-1], words[len(words)-1]
	for _, c := range candidates(opt, before, cur) {
		if strings.HasPrefix(c.word, cur) || c.word == ":file" {
			line := c.word
			if c.help != "" {
				line += "\t" + c.help
			}
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
	}
	return nil
}

func candidates(opt options, before []string, cur string) []candidate {
	if len(before) > 0 && before[len(before)-1] == "--socket" {
		return []candidate{{word: ":file"}}
	}
	o, words, err := globals(before)
	if err != nil {
		return nil
	}
	if o.socket != "" {
		opt.socket = o.socket
	}
	cmd, rest := control.Lookup(words)
	if cmd == nil {
		return nextWords(words)
	}
	if n := len(rest); n > 0 {
		a := cmd.Arg(strings.TrimPrefix(rest[n-1], "--"))
		if a != nil && a.Flag && a.Kind != control.KindBool && strings.HasPrefix(rest[n-1], "--") {
			return values(opt, a)
		}
	}
	if strings.HasPrefix(cur, "-") {
		return flags(cmd, rest)
	}
	pos := cmd.Positional()
	n := positional(cmd, rest)
	if n < len(pos) {
		return values(opt, pos[n])
	}
	return flags(cmd, rest)
}

// positional counts the words of rest that are arguments by position.
func positional(cmd *control.Command, rest []string) int {
	n := 0
	for i := 0; i < len(rest); i++ {
		name, isFlag := strings.CutPrefix(rest[i], "--")
		if !isFlag {
			n++
			continue
		}
		if a := cmd.Arg(name); a != nil && a.Kind != control.KindBool {
			i++
		}
	}
	return n
}

// nextWords returns the commands that go on from words.
func nextWords(words []string) []candidate {
	var list []candidate
	seen := map[string]bool{}
	add := func(name, help string) {
		parts := strings.Fields(name)
		if len(parts) <= len(words) || seen[parts[len(words)]] {
			return
		}
		for i, w := range words {
			if parts[i] != w {
				return
			}
		}
		seen[parts[len(words)]] = true
		if len(parts) > len(words)+1 {
			help = "" // of the first of a group
		}
		list = append(list, candidate{parts[len(words)], help})
	}
	for _, c := range control.Commands() {
		add(c.Name, c.Help)
	}
	if len(words) == 1 && words[0] == "completion" {
		return []candidate{{"bash", ""}, {"zsh", ""}, {"fish", ""}}
	}
	if len(words) > 0 && words[0] == "help" {
		return nextWords(words[1:])
	}
	if len(words) == 0 {
		for _, c := range own {
			add(strings.Fields(c.name)[0], c.help)
		}
		list = append(list, candidate{"--json", "answer in JSON"}, candidate{"--socket", "talk to this session"})
	}
	return list
}

func flags(cmd *control.Command, rest []string) []candidate {
	used := map[string]bool{}
	for _, w := range rest {
		name, _, _ := strings.Cut(w, "=")
		used[name] = true
	}
	var list []candidate
	for i := range cmd.Args {
		if a := &cmd.Args[i]; a.Flag && !used["--"+a.Name] {
			list = append(list, candidate{"--" + a.Name, a.Help})
		}
	}
	return append(list, candidate{"--json", "answer in JSON"})
}

// values returns what an argument may be. Without a session there are no
// windows to propose, which is no error.
func values(opt options, a *control.Arg) []candidate {
	var list []candidate
	switch a.Kind {
	case control.KindChoice:
		for _, c := range a.Choices {
			list = append(list, candidate{word: c})
		}
	case control.KindFile, control.KindPath:
		return []candidate{{word: ":file"}}
	case control.KindWindow:
		var windows []control.Window
		if ask(opt, "windows", &windows) == nil {
			for _, w := range windows {
				list = append(list, candidate{fmt.Sprint(w.ID), printable(w.AppID + ": " + w.Title)})
			}
		}
		list = append(list, candidate{"focused", "the window with the focus"})
	case control.KindOutput:
		var outputs []control.Output
		if ask(opt, "outputs", &outputs) == nil {
			for _, o := range outputs {
				list = append(list, candidate{printable(o.Name), fmt.Sprintf("%dx%d", o.Width, o.Height)})
			}
		}
	}
	return list
}

func ask(opt options, cmd string, result any) error {
	c, err := dial(opt)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := c.Call(ctx, cmd, nil, result); err != nil {
		_ = c.Close() // the call's error says more
		return err
	}
	return c.Close()
}

// printable keeps what clients call themselves from breaking a shell.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}
