package lang

import (
	"errors"
	"strconv"
	"strings"
)

// counter is a compiled expression of n.
type counter = func(n uint64) uint64

// germanic is how English and German count.
func germanic(n uint64) uint64 { return truth(n != 1) }

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// operators are C's that a plural rule may use, the loosest first; of two of a
// level the longer comes first.
var operators = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}}

const maxDepth = 32

// pluralReader reads a rule, C's expressions of n.
type pluralReader struct {
	rest  string
	depth int
}

func parsePlural(expression string) (counter, error) {
	r := pluralReader{rest: strings.ReplaceAll(expression, " ", "")}
	f, err := r.choice()
	if err == nil && r.rest != "" {
		err = errRule
	}
	return f, err
}

var errRule = errors.New("the rule of plurals can't be read")

func (r *pluralReader) take(token string) bool {
	rest, ok := strings.CutPrefix(r.rest, token)
	r.rest = rest
	return ok
}

// choice reads a ? b : c, or what binds tighter.
func (r *pluralReader) choice() (counter, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, errRule
	}
	defer func() { r.depth-- }()
	test, err := r.binary(0)
	if err != nil || !r.take("?") {
		return test, err
	}
	yes, err := r.choice()
	if err != nil || !r.take(":") {
		return nil, errRule
	}
	no, err := r.choice()
	if err != nil {
		return nil, err
	}
	return func(n uint64) uint64 {
		if test(n) != 0 {
			return yes(n)
		}
		return no(n)
	}, nil
}

func (r *pluralReader) binary(level int) (counter, error) {
	if level == len(operators) {
		return r.operand()
	}
	left, err := r.binary(level + 1)
	for err == nil {
		op := ""
		for _, o := range operators[level] {
			if r.take(o) {
				op = o
				break
			}
		}
		if op == "" {
			return left, nil
		}
		var right counter
		if right, err = r.binary(level + 1); err == nil {
			l := left
			left = func(n uint64) uint64 { return compute(op, l(n), right(n)) }
		}
	}
	return nil, err
}

// compute applies an operator; what is divided by nothing is nothing.
func compute(op string, a, b uint64) uint64 {
	switch op {
	case "||":
		return truth(a != 0 || b != 0)
	case "&&":
		return truth(a != 0 && b != 0)
	case "==":
		return truth(a == b)
	case "!=":
		return truth(a != b)
	case "<=":
		return truth(a <= b)
	case ">=":
		return truth(a >= b)
	case "<":
		return truth(a < b)
	case ">":
		return truth(a > b)
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	}
	if b == 0 {
		return 0
	}
	if op == "/" {
		return a / b
	}
	return a % b
}

func (r *pluralReader) operand() (counter, error) {
	switch {
	case r.take("n"):
		return func(n uint64) uint64 { return n }, nil
	case r.take("("):
		f, err := r.choice()
		if err == nil && !r.take(")") {
			err = errRule
		}
		return f, err
	}
	digits := len(r.rest) - len(strings.TrimLeft(r.rest, "0123456789"))
	v, err := strconv.ParseUint(r.rest[:digits], 10, 32)
	if err != nil {
		return nil, errRule
	}
	r.rest = r.rest[digits:]
	return func(uint64) uint64 { return v }, nil
}
