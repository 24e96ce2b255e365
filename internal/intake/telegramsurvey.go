package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/staydown/staydown"
)

// ChatHead is what an export says about a chat before its messages.
type ChatHead struct {
	ID       int64  `json:"id"` // the bare number of the peer
	Name     string `json:"name"`
	Type     string `json:"type"`
	Left     bool   `json:"left,omitempty"` // the exporting account had left it
	Messages int64  `json:"messages"`       // 0 where they were not counted

	offset, line int64 // of the messages
	found        bool
}

// numbered tells whether the chat counts its messages for itself: only then does a missing number mean a missing message.
// Private chats and small groups share one sequence with everything else in the account.
func (c ChatHead) numbered() bool {
	switch c.Type {
	case "public_channel", "private_channel", "public_supergroup", "private_supergroup":
		return true
	}
	return false
}

func (c ChatHead) public() bool { return c.Type == "public_channel" || c.Type == "public_supergroup" }

// survey is what a first look at an export found.
type survey struct {
	account   bool // of a whole account, not of one chat
	chats     []ChatHead
	truncated bool
}

// maxChats bounds the list of chats of an account; an account has at most some thousands.
const maxChats = 100_000

// TelegramChats looks through an export and lists its chats, so that the importer can name those to be taken. account
// tells that it is the export of a whole account. Nothing of it is kept.
func TelegramChats(ctx context.Context, src Source) (chats []ChatHead, account bool, err error) {
	src, err = exportFile(src)
	if err != nil {
		return nil, false, err
	}
	found, err := surveyExport(ctx, src, nil, true)
	return found.chats, found.account, err
}

// surveyExport reads the outline of an export. Of a single chat it reads no further than the first message unless all is
// set: name, type and number stand before.
func surveyExport(ctx context.Context, src Source, report func(int64), all bool) (survey, error) {
	f, err := src.Open()
	if err != nil {
		return survey{}, fmt.Errorf("opening %s: %w", src.Name, err)
	}
	defer f.Close()
	m := &meter{ctx: ctx, src: f}
	m.report = func() {
		if report != nil {
			report(m.n)
		}
	}
	v := surveyor{s: newJSONStream(m, 1<<10), all: all}
	if c, err := v.s.peek(); err == nil && c != '{' {
		return survey{}, staydown.Errorf(staydown.Invalid, "intake.telegram_shape", "is no export of Telegram Desktop: it does not begin with a brace").At(src.Name)
	}
	chat, err := v.object(true)
	switch {
	case errors.Is(err, io.EOF):
		v.out.truncated = !v.closed
	case err != nil && !errors.Is(err, errEnough) && !errors.Is(err, errNextChat):
		return survey{}, err
	}
	if chat.found && !v.out.account {
		v.out.chats = []ChatHead{chat}
	}
	return v.out, nil
}

var (
	errEnough   = errors.New("enough seen")           // ends a survey early
	errNextChat = errors.New("the next chat is here") // a chat was never closed
)

type surveyor struct {
	s      *jsonStream
	out    survey
	all    bool
	closed bool // the last thing read closed the root
}

// object reads a chat, or the root, which is a chat or an account. Every other key is passed over unread: contacts,
// sessions and personal information among them.
func (v *surveyor) object(root bool) (chat ChatHead, err error) {
	v.s.skip(1) // the brace
	for {
		c, err := v.s.seek()
		if err != nil {
			return chat, err
		}
		if c == '}' {
			v.s.skip(1)
			if !root {
				return chat, nil
			}
			v.closed = true // and on to the end of the file: with brackets too many, chats lie behind it
			continue
		}
		v.closed = false
		if c == '{' && v.s.atChat() { // a chat outside of any list: brackets before it were too few or too many
			if !root {
				return chat, errNextChat
			}
			if err := v.chat(false); err != nil {
				return chat, err
			}
			continue
		}
		if c != '"' {
			v.s.skip(1) // the wreck of something; go on at the next name
			continue
		}
		key, err := v.s.text()
		if err != nil {
			return chat, err
		}
		if err := v.member(root, key, &chat); err != nil {
			return chat, err
		}
	}
}

func (v *surveyor) member(root bool, key string, chat *ChatHead) (err error) {
	c, err := v.s.seek()
	if err != nil {
		return err
	}
	switch {
	case key == "name":
		chat.Name, err = v.s.scalar()
	case key == "type":
		chat.Type, err = v.s.scalar()
	case key == "id":
		var text string
		text, err = v.s.scalar()
		chat.ID, _ = strconv.ParseInt(text, 10, 64) // a chat without a number has 0
	case key == "messages" && c == '[' && !chat.found:
		v.s.skip(1)
		chat.offset, chat.line, chat.found = v.s.offset, v.s.line, true
		if root && !v.all && chat.Type != "" && chat.ID != 0 {
			return errEnough
		}
		chat.Messages, err = v.count()
	case root && (key == "chats" || key == "left_chats") && c == '{':
		v.out.account = true
		err = v.chats(key == "left_chats")
	case root && (key == "personal_information" || key == "contacts" || key == "sessions"):
		v.out.account = true
		err = v.pass(c)
	default:
		err = v.pass(c)
	}
	return err
}

// pass takes a value unread; a closing bracket is none and stays.
func (v *surveyor) pass(c byte) error {
	if c == '}' || c == ']' {
		return nil
	}
	return v.s.pass()
}

func (v *surveyor) count() (int64, error) {
	for n := int64(0); ; n++ {
		c, done, err := v.s.element()
		if err != nil {
			return n, err
		}
		if c.cut {
			return n, io.EOF
		}
		if done && c.broken {
			return n, errNextChat
		}
		if done {
			return n, nil
		}
	}
}

// chats reads {"about": ..., "list": [chat, ...]}.
func (v *surveyor) chats(left bool) error {
	v.s.skip(1)
	for {
		c, err := v.s.seek()
		if err != nil {
			return err
		}
		if c == '}' {
			v.s.skip(1)
			return nil
		}
		if c != '"' {
			v.s.skip(1)
			continue
		}
		key, err := v.s.text()
		if err != nil {
			return err
		}
		if c, err = v.s.seek(); err != nil {
			return err
		}
		if key == "list" && c == '[' {
			err = v.list(left)
		} else {
			err = v.pass(c)
		}
		if err != nil {
			return err
		}
	}
}

func (v *surveyor) list(left bool) error {
	v.s.skip(1)
	for {
		c, err := v.s.seek()
		if err != nil {
			return err
		}
		switch c {
		case ']':
			v.s.skip(1)
			return nil
		case '{':
			if err := v.chat(left); err != nil {
				return err
			}
		default:
			v.s.skip(1)
		}
	}
}

// chat reads one chat of an account.
func (v *surveyor) chat(left bool) error {
	v.out.account = true
	chat, err := v.object(false)
	chat.Left = left
	if chat.found && len(v.out.chats) < maxChats {
		v.out.chats = append(v.out.chats, chat)
	}
	if errors.Is(err, errNextChat) {
		return nil
	}
	return err
}
