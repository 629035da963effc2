package ask

import (
	"fmt"
	"runtime/debug"
)

// caught, deferred, keeps a fault of ours that one question brings out from ending the process: whoever can send a question could otherwise have nobody asked any
// more. Where there was one, somebody is told, and then does what is left to do.
func (s *Server) caught(pbx string, then func()) {
	fault := recover()
	if fault == nil {
		return
	}
	s.broken.Add(1)
	s.tell(Notice{Kind: Broken, PBX: pbx, Fault: fmt.Sprintf("%.200v\n%.4000s", fault, debug.Stack())})
	then()
}
