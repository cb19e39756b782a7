// Package cli is what the command lines of Firedrill's programs have in common: how they
// help, complain, suggest, complete and document themselves. The commands themselves stand
// in the packages whose work they do; each is a *cobra.Command in a file of its own.
//
// A program is a tree of commands with a list of exit codes, see [Program]. It gets from here:
//
//   - help that fits the terminal: usage, what for, examples, commands, flags, exit codes;
//   - usage errors with exit code 2 and a hint, for misspelt commands and flags what was
//     probably meant;
//   - the flags --help and --version;
//   - the command completion, which writes scripts for bash, zsh, fish and powershell;
//   - the hidden command man, which writes manual pages.
//
// A subcommand is added by one file with a function that makes it, and one line in the
// program's list of commands.
//
// # Where it stands
//
// All three programs need it, and imports point one way: rubric is the lowest layer, so it
// stands below rubric and imports nothing of this module. It is the only package below
// rubric that lab may import; it knows neither rubrics nor labs. A test of the architecture
// pins both.
//
// It does not decide what commands print; see their packages.
package cli
