package report

import "firedrill/rubric"

// color is the number of a terminal's foreground colour, of the eight that every one has and
// whose look its user chose.
type color string

const (
	red    color = "31"
	green  color = "32"
	yellow color = "33"
	cyan   color = "36"
)

// paint colours clean text, where the screen has colours.
func (p *printer) paint(c color, s string) string {
	if !p.color {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

func standColor(s standing) color {
	switch s {
	case standsFull:
		return green
	case standsLost:
		return red
	case standsPart:
		return yellow
	}
	return cyan
}

func stateColor(s rubric.State) color {
	switch s {
	case rubric.Passed:
		return green
	case rubric.Failed:
		return red
	}
	return cyan
}
