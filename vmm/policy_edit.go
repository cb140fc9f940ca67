package vmm

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"rayos/internal/atomicfile"
)

// ErrForm says that a policy has a rule in a form that only a person can change.
var ErrForm = errors.New("the policy says this in a form that has to be changed by hand")

// Rule is a rule for one machine that a page of settings may change.
type Rule string

// Rules.
const (
	RuleNetworking Rule = "networking" // a Networking
	RuleClipboard  Rule = "clipboard"  // a Clipboard
	RuleAudio      Rule = "audio"      // on or off, as true or false
	RuleAutoboot   Rule = "autoboot"   // likewise

	RuleCPUs       Rule = "limits.cpus"        // a number, as the rest
	RuleMemory     Rule = "limits.mem_mib"     // MiB
	RuleCPUPercent Rule = "limits.cpu_percent" // of the machine's processors together
)

// SetRule returns a policy in which one rule for a machine has another value.
// Everything else stays as the person has written it, comments as well: what
// comes out is read again, and says the same but for that rule. An empty text is
// the default policy.
func SetRule(text []byte, id ID, rule Rule, value string) ([]byte, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("version = 0\n")
	}
	before, err := ParsePolicy(text)
	if err != nil {
		return nil, err
	}
	if _, err := ParseID(string(id)); err != nil {
		return nil, err
	}
	table, key := "vm."+string(id), string(rule)
	if below, k, ok := strings.Cut(key, "."); ok {
		table, key = table+"."+below, k
	}
	out := putRule(string(text), table, key, rule.literal(value))
	after, err := ParsePolicy([]byte(out))
	if err != nil {
		return nil, err
	}
	// All else must be as before.
	want := map[string]section{}
	for k, v := range before.file.VM {
		want[k] = v
	}
	own := want[string(id)]
	if err := own.put(rule, value); err != nil {
		return nil, err
	}
	want[string(id)] = own
	before.file.VM = want
	if !reflect.DeepEqual(before, after) {
		return nil, ErrForm
	}
	return []byte(out), nil
}

// literal is a value as TOML has it.
func (r Rule) literal(value string) string {
	if r == RuleNetworking || r == RuleClipboard {
		return strconv.Quote(value)
	}
	return value
}

// put sets a rule of a section.
func (s *section) put(r Rule, value string) error {
	flag := func(to **bool) error {
		on, err := strconv.ParseBool(value)
		*to = &on
		return err
	}
	number := func(to **int) error {
		n, err := strconv.Atoi(value)
		*to = &n
		return err
	}
	switch r {
	case RuleCPUs:
		return number(&s.Limits.CPUs)
	case RuleMemory:
		return number(&s.Limits.MemMiB)
	case RuleCPUPercent:
		return number(&s.Limits.CPUPercent)
	case RuleNetworking:
		s.Networking = Networking(value)
	case RuleClipboard:
		s.Clipboard = Clipboard(value)
	case RuleAudio:
		return flag(&s.Audio)
	case RuleAutoboot:
		return flag(&s.Autoboot)
	default:
		return fmt.Errorf("%q is no rule that can be set", string(r))
	}
	return nil
}

// putRule puts "key = literal" into a table, in place of what the key had, or
// below its head, or with a new table at the end.
func putRule(text, table, key, literal string) string {
	lines := strings.SplitAfter(text, "\n")
	head, at := -1, -1
	in := ""
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if name, ok := tableName(l); ok {
			if in = name; in == table {
				head = i
			}
			continue
		}
		if k, _, ok := strings.Cut(l, "="); ok && in == table && strings.TrimSpace(k) == key {
			at = i
		}
	}
	line := key + " = " + literal
	switch {
	case at >= 0:
		lines[at] = line + comment(lines[at]) + "\n"
	case head >= 0:
		if !strings.HasSuffix(lines[head], "\n") {
			lines[head] += "\n"
		}
		lines[head] += line + "\n"
	default:
		if text != "" && !strings.HasSuffix(text, "\n") {
			lines = append(lines, "\n")
		}
		lines = append(lines, "\n["+table+"]\n"+line+"\n")
	}
	return strings.Join(lines, "")
}

// tableName returns the table that a line begins.
func tableName(l string) (string, bool) {
	if !strings.HasPrefix(l, "[") || strings.HasPrefix(l, "[[") {
		return "", false
	}
	name, rest, ok := strings.Cut(l[1:], "]")
	rest = strings.TrimSpace(rest)
	return strings.ReplaceAll(name, " ", ""), ok && (rest == "" || rest[0] == '#')
}

// comment is what stands behind a value of a line, with the blank before it.
// Values that are put here have no # in them, but those before may.
func comment(l string) string {
	if strings.Count(l, "#") != 1 || strings.Count(l, `"`)%2 != 0 {
		return ""
	}
	i := strings.IndexByte(l, '#')
	if strings.Count(l[:i], `"`)%2 != 0 {
		return ""
	}
	return " " + strings.TrimSpace(l[i:])
}

// EditPolicy is SetRule for the policy of a root, which it makes if there is none.
// The rule of a machine that has a profile is that of the profile.
func EditPolicy(root Root, id ID, rule Rule, value string) error {
	path := root.Policy()
	if rec, err := ReadRecord(root, id); err == nil && rec.Profile != "" {
		id = ID(rec.Profile)
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("policy: %w", err)
	}
	if text, err = SetRule(text, id, rule, value); err != nil {
		if pe := (*PolicyError)(nil); errors.As(err, &pe) {
			pe.Path = path
		}
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return atomicfile.Write(path, text)
}
