package find

// Scores of an alignment.
const (
	hit        = 16
	gapOpens   = -3
	gapGoesOn  = -1
	atOutright = 12
	atBegins   = 9
	atCamel    = 7
	nextToHit  = 6 // for a letter right after the one before it
)

// bonus is what a letter earns by where it stands.
var bonus = [...]int{within: 0, begins: atBegins, camel: atCamel, outright: atOutright}

// none is the score of what doesn't fit.
const none = -1 << 20

// matcher has the rows of the tables, to be used again.
type matcher struct {
	ends, gaps [maxName]int // best score with this letter a hit; with it in a gap after one
}

// score aligns a word of the query with a name, and returns none if its letters
// aren't in the name in this order.
func (m *matcher) score(word []rune, name folded) int {
	n := len(name.letters)
	if len(word) == 0 || len(word) > n || !inOrder(word, name.letters) {
		return none
	}
	best := none
	for i, letter := range word {
		diagonal, gap := none, none // of the row before: score at j-1, and of gaps up to there
		best = none
		for j := range n {
			up, upGap := m.ends[j], m.gaps[j] // row i-1 at j
			end := none
			if name.letters[j] == letter {
				switch earned := hit + bonus[name.places[j]]; {
				case i == 0:
					end = earned
				default:
					if diagonal > none {
						end = diagonal + max(earned, hit+nextToHit)
					}
					if gap > none {
						end = max(end, gap+earned)
					}
				}
			}
			diagonal, gap = up, upGap
			m.ends[j] = end
			m.gaps[j] = none
			if j > 0 {
				if e := m.ends[j-1]; e > none {
					m.gaps[j] = e + gapOpens
				}
				if g := m.gaps[j-1]; g > none {
					m.gaps[j] = max(m.gaps[j], g+gapGoesOn)
				}
			}
			best = max(best, end)
		}
	}
	return best
}

// inOrder reports quickly whether a word's letters are in a name.
func inOrder(word, name []rune) bool {
	i := 0
	for _, r := range name {
		if r == word[i] {
			if i++; i == len(word) {
				return true
			}
		}
	}
	return false
}
