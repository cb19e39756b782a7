// Package kappa measures how far two people agree beyond chance.
package kappa

import "math"

// Weighted is Cohen's kappa with squared distances, of two lists of marks of the same things.
// For marks of two values it is the plain kappa. It is 1 where both always agree, 0 where they
// agree as chance would, and NaN where that cannot be told: without marks, or where both give
// one and the same mark to all.
func Weighted(a, b []int) float64 {
	var seen, chance float64
	for i := range a {
		d := float64(a[i] - b[i])
		seen += d * d
		for j := range b {
			e := float64(a[i] - b[j])
			chance += e * e
		}
	}
	if chance == 0 {
		return math.NaN()
	}
	return 1 - seen*float64(len(a))/chance
}
