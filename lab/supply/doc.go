// Package supply looks at what our programs are made of: the licence of every module that
// they, or their tests, are compiled from, and the vulnerabilities that are known of them.
//
// Both say one of three things: nothing was found, something was found, or that it could not
// be looked. The last is neither of the others and never looks like one: it has an exit code
// and words of its own. Only a caller that says so (--optional) goes on after it, with a
// warning that nothing was checked.
//
// It is for developers and CI, not for examiners, and knows nothing of labs. Licences are
// recognised by Google's licenseclassifier, vulnerabilities by govulncheck and its database.
//
// # Exit codes
//
//	0  looked, and found nothing; with --optional also: could not look, said on stderr
//	1  found something
//	2  wrong usage
//	3  could not look
package supply
