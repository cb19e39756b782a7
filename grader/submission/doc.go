// Package submission takes in what a candidate hands in: an untrusted directory
// becomes a bounded snapshot in memory, or is rejected with a named reason.
//
// Nothing behind this package opens a path of the candidate's again. Rules:
//
//   - The directory is opened once, as an os.Root, and every entry below it by one
//     name at a time. No symbolic link is followed, wherever it leads.
//   - Only regular files with a single link are read. Each is opened without
//     blocking and must be the file that was looked at, before and after reading.
//   - Counts, sizes and depth are bounded before anything is kept (see Limits).
//     A sparse file counts with its apparent size.
//   - Names that cannot be shown safely, or that differ only in case, are refused.
//
// What is graded (the notes, the compose file, the service's directory) must obey:
// a breach there rejects the submission. A breach elsewhere, for instance an
// editor's lock file, leaves that entry out and is listed under Skipped. The
// directories of version control and editors are left out without a look.
//
// Modes, owners and times are dropped. Archives are not read: unpacking them safely
// is another job, and a zip in the directory is just a file.
package submission
