// Package command is the command line "lab": it starts an exam's lab so that people can
// work in it, and looks after it until it is removed.
//
// There is no state but the engine's. A lab is found again by the labels of its containers
// alone, so that any terminal, and any user of the same engine, sees the same labs; what a
// killed command left is told from what is in use by the same labels (lab gc).
//
// The package knows no exam by name. What it needs of one is a value, [Exam]; commands
// below lab/cmd put the two together. It grades nothing and never holds a candidate's work.
//
// # Exit codes
//
//	0    done
//	1    something else failed
//	2    wrong usage
//	3    no Docker engine
//	4    an image is missing
//	5    a port is taken
//	6    no such lab, or several and none was named
//	7    doctor found something that keeps labs from working
//	130  stopped by a signal; what was half done is removed
package command
