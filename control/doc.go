// Package control is the way into a running Belwacht: HTTP and JSON on a unix socket, for the commands that read or change a running process.
//
// A [Server] is made with what it shows and does ([Viewer], [Actor], [Locker], [Switch]); package app implements these. Its operations are described by
// OpenAPI 3.1 at /openapi.json, and errors are problems as RFC 9457 has them. [Client] is the other side, for the command line: it gives back errors
// with the codes that the server's had.
//
// Who may open the socket (mode 0660: its owner and group) may do everything. The kernel says who is at the other end, and each change is logged with that
// name; nobody can claim to be another.
package control
