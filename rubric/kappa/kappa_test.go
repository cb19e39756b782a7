package kappa

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWeighted(t *testing.T) {
	require.InDelta(t, 1, Weighted([]int{0, 2, 5}, []int{0, 2, 5}), 1e-9)
	// 20 and 15 agreed on, 5 and 10 not: the textbook's 0.4.
	var a, b []int
	add := func(n, x, y int) {
		for range n {
			a, b = append(a, x), append(b, y)
		}
	}
	add(20, 1, 1)
	add(5, 1, 0)
	add(10, 0, 1)
	add(15, 0, 0)
	require.InDelta(t, 0.4, Weighted(a, b), 1e-9)
	require.Greater(t, Weighted([]int{0, 2, 4, 5}, []int{0, 2, 5, 5}), Weighted([]int{0, 2, 4, 5}, []int{5, 2, 4, 5}),
		"one apart is less than five apart")
	require.Negative(t, Weighted([]int{1, 2, 3}, []int{3, 2, 1}))
	require.True(t, math.IsNaN(Weighted(nil, nil)))
	require.True(t, math.IsNaN(Weighted([]int{1, 1}, []int{1, 1})))
}
