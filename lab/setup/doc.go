// Package setup makes a machine ready for labs: it finds a Docker engine, or
// installs and starts one where it may, and provides the images of package image.
//
// It changes nothing that is there already. A second run finds everything, asks
// the engine once per image and ends.
//
// # The engine
//
// An engine that answers (DOCKER_HOST, else the default socket) is used as it is.
// Without one, on Debian and its relatives (Ubuntu), as root:
//
//  1. docker.io and debootstrap are installed from the distribution;
//  2. pid files that a killed engine left are removed, as it refuses to start
//     when a process of the same number lives;
//  3. dockerd is started: by systemd where that runs, else detached in a session
//     of its own with its log in /var/log/firedrill-dockerd.log, so that it
//     outlives this program;
//  4. its answer is awaited, and its end noticed.
//
// An engine that DOCKER_HOST names is somebody's decision: if it does not
// answer, that is an error and never a reason to start another one.
//
// # What tests need
//
// The tests of the log viewer need a chromium. On Debian, as root, it is installed where
// it is missing; elsewhere set-up says so and goes on, as labs run without it. The same
// holds for docker-compose and curl, which the tests of the kit and of the papers run, and for
// npm, by which set-up gets one pinned script that tests hold pages to: axe-core, kept under the
// user's cache directory.
//
// # Exit codes
//
//	0  engine and images are there
//	1  an image or a package could not be provided
//	3  no engine, and none can be provided here
package setup
