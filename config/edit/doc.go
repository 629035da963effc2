// Package edit changes the owner's configuration file from a running Belwacht: one value or a few, everything else byte for byte as it was.
//
//	f := &edit.File{Path: "/etc/belwacht/belwacht.yaml", Environ: os.Environ(), Folder: "/var/lib/belwacht", Reload: …}
//	look, err := f.Look()                                  // what is there, and its sum
//	plan, err := f.Plan(look.Sum, "", splice.Edit{…})      // read and checked as belwacht config check does; nothing is written yet
//	act := plan.Deed(tenant)                               // what it is: for the audit log, and for who must be told or agree
//	err = f.Write(plan, "anna")                            // in place of the old file, and put to use
//
// A plan holds the file that it was made from. Where that was changed meanwhile, by hand or by another page, it is refused and the change is shown. The new file
// is written beside the old one, on the disk for good, with its mode and owner, and then takes its name. Where a running Belwacht does not take it, the old file
// comes back. The former file is kept, so that the last change can be undone ([File.Undo]).
//
// Where the file or its folder may not be written, that is an error of which [Unwritable] says what to do; the lines are in [Plan.Diff].
package edit
