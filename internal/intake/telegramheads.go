package intake

import "bytes"

// expect matches words one after the other, white space between them.
type expect []byte

func (e *expect) word(w string) bool {
	ahead := bytes.TrimLeft(*e, " \t\r\n")
	rest, ok := bytes.CutPrefix(ahead, []byte(w))
	if ok {
		*e = rest
	}
	return ok
}

func (e *expect) words(all ...string) bool {
	for _, w := range all {
		if !e.word(w) {
			return false
		}
	}
	return true
}

// messageHead tells whether bytes begin as Telegram Desktop writes a message:
// {"id": 123, "type": "message"|"service"|"unsupported".
func messageHead(ahead []byte) bool {
	e := expect(ahead)
	if !e.words("{", `"id"`, ":") {
		return false
	}
	number := bytes.TrimLeft(e, " \t\r\n")
	behind := bytes.TrimLeft(number, "-0123456789")
	if len(behind) == len(number) {
		return false
	}
	e = behind
	return e.words(",", `"type"`, ":") && (e.word(`"message"`) || e.word(`"service"`) || e.word(`"unsupported"`))
}

// chatTypes are all that Telegram Desktop writes.
var chatTypes = []string{"saved_messages", "replies", "verification_codes", "personal_chat", "bot_chat", "private_group",
	"private_supergroup", "public_supergroup", "private_channel", "public_channel"}

// chatHead tells whether bytes begin as the next chat of an account: {"name": "...", "type": "public_channel", the name
// missing for some. It must never be taken for a part of the chat before, however broken that is.
func chatHead(ahead []byte) bool {
	e := expect(ahead)
	if !e.word("{") {
		return false
	}
	if e.words(`"name"`, ":") && !e.word("null") {
		p := looseParser{b: bytes.TrimLeft(e, " \t\r\n")}
		if len(p.b) == 0 || p.b[0] != '"' {
			return false
		}
		if _, err := p.str(); err != nil {
			return false
		}
		e = p.b[p.i:]
	}
	e.word(",")
	if !e.words(`"type"`, ":") {
		return false
	}
	for _, t := range chatTypes {
		if e.word(`"` + t + `"`) {
			return true
		}
	}
	return false
}
