// Package setup lets the console's pages change the configuration of a running Belwacht, and set it up by a wizard: it is what stands between package web/setup,
// which knows pages and no configuration, and package config/edit, which knows the file and no pages.
package setup
