package calc

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Limits of a line.
const (
	MaxLine   = 256 // bytes
	maxTokens = 128
	maxDepth  = 32
)

// ErrNotArithmetic says that a line is something else.
var ErrNotArithmetic = errors.New("not arithmetic")

// Errors of arithmetic that can't be done.
var (
	errZero  = errors.New("division by zero")
	errRange = errors.New("the result is not a number, or too large")
)

// parser goes through the tokens of a line, from the left.
type parser struct {
	tokens []token
	depth  int
	did    bool // there was something to work out
}

// Eval works a line out. Errors other than [ErrNotArithmetic] are for the
// person: the line is arithmetic, and can't be done.
func Eval(line string) (Result, error) {
	if len(line) > MaxLine {
		return Result{}, ErrNotArithmetic
	}
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "="), "=")
	tokens, err := scan(line)
	if err != nil {
		return Result{}, err
	}
	p := &parser{tokens: tokens}
	r, err := p.sum()
	if err != nil {
		return Result{}, err
	}
	if p.is("in") || p.is("to") || p.is("as") {
		p.next()
		if r, err = p.convert(r); err != nil {
			return Result{}, err
		}
	}
	if p.peek().kind != end || !p.did {
		return Result{}, ErrNotArithmetic
	}
	if math.IsNaN(r.amount) || math.IsInf(r.amount, 0) {
		return Result{}, errRange
	}
	return r, nil
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// is reports whether the next token is this word or sign.
func (p *parser) is(text string) bool { return p.peek().kind > number && p.peek().text == text }

// convert brings a result into the unit that is named next.
func (p *parser) convert(r Result) (Result, error) {
	t := p.next()
	for _, base := range []struct {
		name string
		base int
	}{{"hex", 16}, {"binary", 2}, {"bin", 2}, {"octal", 8}, {"oct", 8}, {"decimal", 10}} {
		if t.text == base.name && r.dimension == (dimension{}) {
			p.did = true
			r.base = base.base
			return r, nil
		}
	}
	u, ok := units[t.text]
	if !ok {
		return r, ErrNotArithmetic
	}
	if p.is("/") && len(p.tokens) > 2 { // km/h
		under, ok := units[p.tokens[1].text]
		if !ok {
			return r, ErrNotArithmetic
		}
		p.next()
		p.next()
		u = unit{u.name + "/" + under.name, u.factor / under.factor, 0, u.times(under.dimension, -1)}
	}
	if u.dimension != r.dimension {
		return r, fmt.Errorf("%s is no measure of that", u.name)
	}
	p.did = true
	r.unit = u
	return r, nil
}

func (p *parser) sum() (Result, error) {
	if p.depth++; p.depth > maxDepth {
		return Result{}, ErrNotArithmetic
	}
	defer func() { p.depth-- }()
	left, err := p.product()
	for err == nil && (p.is("+") || p.is("-")) {
		op := p.next().text
		var right Result
		if right, err = p.product(); err != nil {
			break
		}
		p.did = true
		if right.percent && !left.percent { // 80 + 15 % is 15 % more
			right = Result{amount: left.amount * right.amount, unit: left.unit}
		}
		if left.dimension != right.dimension {
			return left, errors.New("different measures can't be added")
		}
		if op == "-" {
			right.amount = -right.amount
		}
		left.amount += right.amount
	}
	return left, err
}

func (p *parser) product() (Result, error) {
	left, err := p.power()
	for err == nil {
		t := p.peek()
		switch {
		case p.is("*") || p.is("/") || p.is("of") || p.is("mod"):
			p.next()
			var right Result
			if right, err = p.power(); err != nil {
				break
			}
			p.did = true
			left, err = multiply(left, t.text, right)
		case t.kind == number || p.is("("):
			var right Result
			if right, err = p.power(); err != nil {
				break
			}
			p.did = true
			// Amounts that follow each other are one: 3 h 20 min, 5 ft 3 in. A
			// number before a parenthesis is a factor.
			if left.dimension != (dimension{}) && left.dimension == right.dimension {
				left.amount += right.amount
				break
			}
			if t.kind == number {
				return left, ErrNotArithmetic // 2 3
			}
			left, err = multiply(left, "*", right)
		default:
			return left, nil
		}
	}
	return left, err
}

func multiply(a Result, op string, b Result) (Result, error) {
	r := Result{base: a.base}
	switch op {
	case "*", "of":
		r.amount, r.dimension = a.amount*b.amount, a.times(b.dimension, 1)
	case "/":
		if b.amount == 0 {
			return r, errZero
		}
		r.amount, r.dimension = a.amount/b.amount, a.times(b.dimension, -1)
	case "mod":
		if b.amount == 0 {
			return r, errZero
		}
		r.amount, r.dimension = math.Mod(a.amount, b.amount), a.dimension
	}
	// Of two measures the one that still fits is kept for showing.
	for _, u := range []unit{a.unit, b.unit} {
		if u.dimension == r.dimension {
			r.unit = u
			return r, nil
		}
	}
	r.unit = unit{dimension: r.dimension, factor: 1, name: baseName(r.dimension)}
	return r, nil
}

func (p *parser) power() (Result, error) {
	negative := false
	for p.is("-") || p.is("+") {
		negative = negative != (p.next().text == "-")
	}
	r, err := p.factor()
	if err != nil {
		return r, err
	}
	if p.is("^") {
		p.next()
		if p.depth++; p.depth > maxDepth {
			return r, ErrNotArithmetic
		}
		var e Result
		e, err = p.power() // from the right
		p.depth--
		if err != nil {
			return r, err
		}
		p.did = true
		if r, err = raise(r, e); err != nil {
			return r, err
		}
	}
	if negative {
		r.amount = -r.amount
	}
	return r, nil
}

func raise(r, e Result) (Result, error) {
	if e.dimension != (dimension{}) {
		return r, errors.New("a power has no measure")
	}
	if r.dimension != (dimension{}) {
		if e.amount != math.Trunc(e.amount) || math.Abs(e.amount) > 3 {
			return r, errors.New("a measure can be raised to whole powers up to 3")
		}
		d := r.power(int8(e.amount))
		r.unit = unit{dimension: d, factor: 1, name: baseName(d)}
	}
	r.amount = math.Pow(r.amount, e.amount)
	return r, nil
}

// factor is a number, constant, call or parenthesis with what follows it at
// once: a unit, a percent sign, a factorial.
func (p *parser) factor() (Result, error) {
	r, err := p.atom()
	for err == nil {
		t := p.peek()
		switch {
		case t.kind == sign && t.text == "!":
			p.next()
			p.did = true
			if r.dimension != (dimension{}) || r.amount != math.Trunc(r.amount) || r.amount < 0 || r.amount > 170 {
				return r, errors.New("a factorial is of a whole number up to 170")
			}
			r.amount = math.Round(math.Gamma(r.amount + 1))
		case t.kind == sign && t.text == "%":
			p.next()
			p.did = true
			r.amount /= 100
			r.percent = true
		case t.kind == word && r.dimension == (dimension{}) && !p.isConversion():
			u, ok := units[t.text]
			if !ok {
				return r, nil
			}
			p.next()
			r.amount, r.unit = r.amount*u.factor+u.zero, u
		default:
			return r, nil
		}
	}
	return r, err
}

// isConversion tells the "in" of "5 ft in m" from the inch of "5 in".
func (p *parser) isConversion() bool {
	if !p.is("in") || len(p.tokens) < 2 {
		return false
	}
	return p.tokens[1].kind == word && !conversions[p.tokens[1].text]
}

var conversions = map[string]bool{"in": true, "to": true, "as": true, "of": true, "mod": true}

func (p *parser) atom() (Result, error) {
	t := p.next()
	switch {
	case t.kind == number:
		return Result{amount: t.value}, nil
	case t.kind == sign && t.text == "(":
		r, err := p.sum()
		if err != nil {
			return r, err
		}
		if !p.is(")") && p.peek().kind != end { // the last may be left out
			return r, ErrNotArithmetic
		}
		p.next()
		p.did = true
		return r, nil
	case t.kind == word:
		if v, ok := constants[t.text]; ok {
			return Result{amount: v}, nil
		}
		f, ok := functions[t.text]
		if !ok || !p.is("(") {
			return Result{}, ErrNotArithmetic
		}
		r, err := p.atom()
		if err != nil {
			return r, err
		}
		if r.dimension != (dimension{}) && r.dimension != angle {
			return r, fmt.Errorf("%s is not for measures", t.text)
		}
		return Result{amount: f(r.amount)}, nil
	}
	return Result{}, ErrNotArithmetic
}

var constants = map[string]float64{"pi": math.Pi, "π": math.Pi, "e": math.E, "tau": 2 * math.Pi, "τ": 2 * math.Pi}

var functions = map[string]func(float64) float64{
	"sqrt": math.Sqrt, "cbrt": math.Cbrt, "abs": math.Abs, "exp": math.Exp, "ln": math.Log, "log": math.Log10, "lb": math.Log2,
	"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
	"floor": math.Floor, "ceil": math.Ceil, "round": math.Round,
}
