// Package receivers holds one test: a running Belwacht tells its alerts to real servers from Debian's packages, on loopback, over outages and restarts of both
// sides, and each gets each alert once. `make accept-notify` plays it for longer.
package receivers
