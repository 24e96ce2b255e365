package text

import "testing"

func BenchmarkOf(b *testing.B) {
	for _, tt := range []struct{ name, text string }{{"english", english}, {"arabic", arabic}} {
		b.Run(tt.name, func(b *testing.B) {
			b.SetBytes(int64(len(tt.text)))
			for b.Loop() {
				Of(tt.text)
			}
		})
		b.Run(tt.name+"-fold", func(b *testing.B) {
			b.SetBytes(int64(len(tt.text)))
			for b.Loop() {
				Fold(tt.text)
			}
		})
	}
}
