package video

// fields are the fields of a header. After the first that is not there, all
// others are 0.
type fields struct {
	rest []byte
	err  error
}

func (f *fields) fail(format string, args ...any) {
	if f.err == nil {
		f.err = broken(format, args...)
	}
}

func (f *fields) number() uint64 {
	var v uint64
	for i, b := range f.rest {
		if i == 9 {
			break
		}
		v = v<<7 | uint64(b&0x7f)
		if b < 0x80 {
			f.rest = f.rest[i+1:]
			return v
		}
	}
	f.fail("a header breaks off")
	f.rest = nil
	return 0
}

// signed reads a number whose lowest bit tells the sign.
func (f *fields) signed() int64 {
	v := f.number() + 1
	if v&1 == 1 {
		return -int64(v >> 1)
	}
	return int64(v >> 1)
}

func (f *fields) bytes() []byte {
	size := f.number()
	if size > uint64(len(f.rest)) {
		f.fail("a field of %d bytes where %d are left", size, len(f.rest))
		return nil
	}
	b := f.rest[:size]
	f.rest = f.rest[size:]
	return b
}
