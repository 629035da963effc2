// Package file keeps in plain files what a running Belwacht must not lose: the engine's memory and the decisions in force.
//
// [Folder] opens and locks the data folder. [Memory] holds snapshots of the memory, the newest two, each written whole or not at all; a start takes the newest
// that is good. [Journal] holds decisions in force (locks, panic, what people said of calls), a line each, on disk before it is acknowledged.
//
// It knows no engine: whoever has a memory gives it by [Mind]. Whatever is read here may be torn or damaged by a power cut; that is told and never fatal.
package file
