package page

import "fmt"

// bar shows points of a whole: earned, what is still open, and where passing is. Figures are
// in hundredths of the whole's width, as text for attributes.
type bar struct {
	Earned, Open, From string
	// Pass is empty where there is no mark.
	Pass string
	// Mark is what stands under the mark, Side where it is anchored.
	Mark, Side string
	Text       string
}

// newBar shows the surely earned part and the part that open outcomes leave. The text says
// the same.
func newBar(points, lowest, highest, of, pass int) bar {
	b := bar{Earned: share(lowest, of), From: share(lowest, of), Open: share(highest-lowest, of),
		Text: fmt.Sprintf("%s of %d points", signed(points), of)}
	if lowest != highest {
		b.Text += fmt.Sprintf(", %s to %s once everything is decided", signed(lowest), signed(highest))
	}
	if pass > 0 {
		b.Pass = share(pass, of)
		b.Mark, b.Side = fmt.Sprintf("%d to pass", pass), "middle"
		switch {
		case pass*10 > 9*of:
			b.Side = "end"
		case pass*10 < of:
			b.Side = "start"
		}
		b.Text += "; " + b.Mark
	}
	return b
}

// share spells a part of a whole as a percentage, between 0 and 100.
func share(part, whole int) string {
	if whole <= 0 || part <= 0 {
		return "0%"
	}
	return fmt.Sprintf("%.2f%%", min(100, 100*float64(part)/float64(whole)))
}
