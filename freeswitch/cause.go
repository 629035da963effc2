package freeswitch

import (
	"strings"

	"github.com/belwacht/belwacht"
)

// DispositionOf says how an attempt ended by its hangup cause (Q.850 in FreeSWITCH's words) and whether it was answered.
func DispositionOf(cause string, answered bool) belwacht.Disposition {
	if answered {
		return belwacht.Answered
	}
	switch strings.ToUpper(cause) {
	case "NO_ANSWER", "NO_USER_RESPONSE", "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT", "NORMAL_CLEARING", "ATTENDED_TRANSFER", "BLIND_TRANSFER", "PICKED_OFF", "LOSE_RACE":
		return belwacht.NoAnswer
	case "USER_BUSY":
		return belwacht.Busy
	case "ORIGINATOR_CANCEL":
		return belwacht.Cancelled
	case "NORMAL_CIRCUIT_CONGESTION", "SWITCH_CONGESTION", "NORMAL_TEMPORARY_FAILURE", "NETWORK_OUT_OF_ORDER", "GATEWAY_DOWN":
		return belwacht.Congestion
	case "":
		return belwacht.DispositionUnknown
	}
	return belwacht.Failed
}

// Known says whether a word is a hangup cause: capitals and underscores. There are some hundred, and modules make their own.
func Known(cause string) bool {
	if len(cause) < 4 || len(cause) > 40 {
		return false
	}
	for i := 0; i < len(cause); i++ {
		if c := cause[i]; c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
