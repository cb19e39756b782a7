package rubric

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Condition compares a count, or the ratio of two, with limits.
type Condition struct {
	// Probe is the observation that the counts belong to.
	Probe string
	// Count is a count compared as it is; empty for a ratio.
	Count string
	// Of is a ratio's count and the count that it is a part of.
	Of [2]string
	// AtLeast and AtMost are inclusive; nil where there is none.
	AtLeast, AtMost *Limit
}

// Limit is a bound: Num in units of 1/Den. A plain count has Den 1, a percentage
// Den 10000, which leaves room for two decimals.
type Limit struct{ Num, Den uint64 }

// maxLimit bounds what a rubric may ask for, counts and percentages alike.
const maxLimit = 1_000_000

// parsePercent reads "95%" or "99.25%".
func parsePercent(s string) (*Limit, bool) {
	s, ok := strings.CutSuffix(s, "%")
	whole, part, dotted := strings.Cut(s, ".")
	if !ok || dotted && (part == "" || len(part) > 2) || len(whole) == 0 || len(whole) > 6 {
		return nil, false
	}
	n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		return nil, false
	}
	return &Limit{Num: n, Den: 10_000}, true
}

// String spells the limit as a rubric does.
func (l Limit) String() string {
	if l.Den == 1 {
		return strconv.FormatUint(l.Num, 10)
	}
	s := fmt.Sprintf("%d.%02d", l.Num/100, l.Num%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

// compare returns the sign of part/whole - limit, without rounding.
func (l Limit) compare(part, whole uint64) int {
	leftHigh, leftLow := bits.Mul64(part, l.Den)
	rightHigh, rightLow := bits.Mul64(whole, l.Num)
	switch {
	case leftHigh != rightHigh && leftHigh > rightHigh, leftHigh == rightHigh && leftLow > rightLow:
		return 1
	case leftHigh == rightHigh && leftLow == rightLow:
		return 0
	}
	return -1
}

// counts returns the names of the counts that the condition reads.
func (c Condition) counts() []string {
	if c.Count != "" {
		return []string{c.Count}
	}
	return c.Of[:]
}

// implies reports whether c can only hold where other holds too.
func (c Condition) implies(other Condition) bool {
	if c.Probe != other.Probe || c.Count != other.Count || c.Of != other.Of {
		return false
	}
	atLeast := other.AtLeast == nil ||
		c.AtLeast != nil && c.AtLeast.compare(other.AtLeast.Num, other.AtLeast.Den) <= 0
	atMost := other.AtMost == nil ||
		c.AtMost != nil && c.AtMost.compare(other.AtMost.Num, other.AtMost.Den) >= 0
	return atLeast && atMost
}

// check is a condition applied to counts.
type check struct {
	condition Condition
	holds     bool
	// words says what was counted and what was asked for.
	words string
	// unknown says why it could not be applied; empty when it was.
	unknown string
}

// apply checks the condition on one observation's counts.
func (c Condition) apply(counts map[string]int) check {
	values := make([]uint64, 0, 2)
	for _, name := range c.counts() {
		n, ok := counts[name]
		if !ok || n < 0 {
			return check{condition: c,
				unknown: fmt.Sprintf("the probe %s gave no count %q", c.Probe, name)}
		}
		values = append(values, uint64(n))
	}
	part, whole, words := values[0], uint64(1), fmt.Sprintf("%d %s", values[0], readable(c.Count))
	if c.Count == "" {
		whole = values[1]
		words = fmt.Sprintf("%d %s of %d %s%s",
			part, readable(c.Of[0]), whole, readable(c.Of[1]), percent(part, whole))
	}
	holds := whole > 0 &&
		(c.AtLeast == nil || c.AtLeast.compare(part, whole) >= 0) &&
		(c.AtMost == nil || c.AtMost.compare(part, whole) <= 0)
	return check{condition: c, holds: holds, words: words + "; " + c.wanted() + verdict(holds)}
}

// wanted spells the limits in words.
func (c Condition) wanted() string {
	var parts []string
	if c.AtLeast != nil {
		parts = append(parts, "at least "+c.AtLeast.String())
	}
	if c.AtMost != nil {
		parts = append(parts, "at most "+c.AtMost.String())
	}
	return strings.Join(parts, " and ") + " wanted"
}

// String spells the condition for a reader of the rubric.
func (c Condition) String() string {
	what := readable(c.Count)
	if c.Count == "" {
		what = readable(c.Of[0]) + " of " + readable(c.Of[1])
	}
	return c.Probe + ": " + what + ", " + c.wanted()
}

func verdict(holds bool) string {
	if holds {
		return ": holds"
	}
	return ": does not hold"
}

func readable(count string) string { return strings.ReplaceAll(count, "_", " ") }

// percent spells a ratio with one decimal, rounded down so that 94.96 % never
// reads as 95 %.
func percent(part, whole uint64) string {
	high, low := bits.Mul64(part, 1000)
	if whole == 0 || high >= whole {
		return ""
	}
	tenths, _ := bits.Div64(high, low, whole)
	return fmt.Sprintf(" (%d.%d %%)", tenths/10, tenths%10)
}
