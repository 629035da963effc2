package belwacht

// Outcome is one finished call with what was decided on it: what a replay hands to its report.
type Outcome struct {
	Call   *Call
	Number Number
	Start  *Decision // on the attempt; nil where it was plainly allowed
	Ended  *Decision // on the running call; nil where it was let run
	Cost   Money     // what the call cost as the records have it
	Spent  Money     // what it would have cost with the enforced decisions; equal to Cost where nothing was enforced
	// Probability of fraud at the attempt, or the highest while it ran; for calibration.
	Probability float64
}
