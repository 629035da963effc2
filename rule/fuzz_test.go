package rule

import (
	"testing"
)

// FuzzRuleFile reads rule files of any content: it never panics, its errors are one sentence that names the file, and a rule that it takes can be
// compiled and asked.
func FuzzRuleFile(f *testing.F) {
	f.Add([]byte("rule: a\nfamily: amount\nkind: threshold\nof: calls-7d\nsteps:\n- {at: 4, bits: 1}\nen: \"{value} calls\"\nnl: \"{value} oproepen\"\n"))
	f.Add([]byte("rule: a\nfamily: list\nkind: list\nof: number\non: [any, running]\nmode: monitor\norigin: fitted\nsteps: [{at: .nan, bits: .inf}]\nen: x\nnl: y\n"))
	f.Add([]byte("rule: [\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data, "rule.yaml")
		if err != nil {
			if msg := err.Error(); len(msg) > 4096 || msg[:9] != "rule.yaml" {
				t.Fatalf("%.200q", msg)
			}
			return
		}
		set, err := Compile([]Rule{*r}, nil)
		if err != nil {
			t.Fatalf("a rule that was taken cannot be compiled: %v", err)
		}
		var v Verdict
		for s := range scopes {
			set.Judge(&View{Scope: s}, &v)
			if v.Bits > MostBits || v.Bits < LeastBits || v.Bits != v.Bits {
				t.Fatalf("%g bits of one rule", v.Bits)
			}
		}
	})
}
