package intake

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
)

// exportName is what Telegram Desktop calls its file.
const exportName = "result.json"

// TelegramOptions say what of an export may be taken.
type TelegramOptions struct {
	// Chats to take, by number or exact name. An export of a whole account is refused without them.
	Chats []string
	// Basis is the legal basis for taking chats out of an account's export; it is refused without one.
	// Law: LED 8
	Basis string
	// PublicNames gives the public name (the one in t.me/name) of chats, by number or exact name: the export carries none.
	PublicNames map[string]string
	// KeepAuthors keeps the names of persons. Otherwise each is replaced by what Pseudonym makes of the number, or left
	// out where Pseudonym is nil: who wrote in a room is no suspect for it.
	// Law: LED 4(1)(c), 6
	KeepAuthors bool
	Pseudonym   func(id string) string
	// NoLinks leaves out the links in messages; NoMessages leaves out the messages themselves.
	NoLinks, NoMessages bool
}

// telegramReader reads chats of an export, one after the other.
type telegramReader struct {
	name    string
	src     Source
	reader  *Reader
	opt     TelegramOptions
	root    *os.Root // the folder of the export, or nil
	chats   []ChatHead
	account bool // the export holds more than was chosen
	stream  *jsonStream
	file    io.Closer
	current int // index into chats, -1 before the first
	watch   []*gapWatch
	queue   []func(skip bool) (Entry, error)
	said    []Notice
}

// exportFile finds the export's file in its folder.
func exportFile(src Source) (Source, error) {
	if src.Dir == "" {
		return src, nil
	}
	in, err := PathSource(filepath.Join(src.Dir, exportName))
	if err != nil {
		return src, staydown.Errorf(staydown.Invalid, "intake.telegram_shape", "holds no %s", exportName).At(src.Name)
	}
	in.Name, in.Near = strings.TrimSuffix(src.Name, "/")+"/"+exportName, src.Dir
	return in, nil
}

func openTelegram(src Source, r *Reader) (format, error) {
	// An account's export is read twice, first for its outline: the progress begins again behind it.
	found, err := surveyExport(r.ctx, src, func(n int64) { r.meter.n = n; r.progress() }, false)
	if err != nil {
		return nil, err
	}
	t := &telegramReader{name: src.Name, src: src, reader: r, opt: r.opt.Telegram, account: found.account, current: -1}
	if t.chats, err = t.choose(found); err != nil {
		return nil, err
	}
	if src.Near != "" {
		if t.root, err = os.OpenRoot(src.Near); err != nil {
			return nil, fmt.Errorf("opening the folder of %s: %w", src.Name, err)
		}
	}
	for _, c := range t.chats {
		t.watch = append(t.watch, newGapWatch(c, r.opt.Limits.Gaps))
		t.introduce(c)
	}
	return t, nil
}

// choose decides which chats are taken.
func (t *telegramReader) choose(found survey) ([]ChatHead, error) {
	refuse := func(kind staydown.Kind, code, text string, args ...any) error {
		return staydown.Errorf(kind, code, text, args...).At(t.name)
	}
	switch {
	case len(found.chats) == 0 && found.truncated:
		return nil, refuse(staydown.Invalid, "intake.truncated", "ends before the first message; copy the export again")
	case len(found.chats) == 0 && !found.account:
		return nil, refuse(staydown.Invalid, "intake.telegram_shape", "is no export of Telegram Desktop: it holds no messages")
	case found.account && (len(t.opt.Chats) == 0 || strings.TrimSpace(t.opt.Basis) == ""):
		return nil, refuse(staydown.Refused, "intake.telegram_account",
			"is the export of a whole account, with the phone book, the sessions and every chat of whoever made it; name the chats to take and the legal basis for it. Nothing was stored")
	}
	if found.truncated {
		t.said = append(t.said, Notice{"intake.truncated", t.name + ": the file ends in the middle; chats behind that place are missing"})
	}
	chosen, err := t.named(found.chats)
	if err != nil {
		return nil, err
	}
	for _, c := range chosen {
		if c.Type == "verification_codes" {
			return nil, refuse(staydown.Refused, "intake.telegram_codes", "the chat with sign-in codes is never taken")
		}
	}
	if found.account {
		t.said = append(t.said, Notice{"intake.telegram_account",
			fmt.Sprintf("%s: of the account's %d chats %d are taken, by %q; contacts, sessions and the other chats are not read", t.name, len(found.chats), len(chosen), cutText(t.opt.Basis, 200))})
	}
	return chosen, nil
}

// named picks chats by number or name; without names all are meant.
func (t *telegramReader) named(chats []ChatHead) ([]ChatHead, error) {
	if len(t.opt.Chats) == 0 {
		return chats, nil
	}
	var chosen []ChatHead
	for _, want := range t.opt.Chats {
		var hits []ChatHead
		for _, c := range chats {
			if strconv.FormatInt(c.ID, 10) == want || c.Name == want {
				hits = append(hits, c)
			}
		}
		if len(hits) == 0 {
			return nil, staydown.Errorf(staydown.Invalid, "intake.telegram_chat", "there is no chat %q in it; name it as it is written there, or by its number", want).At(t.name)
		}
		if len(hits) > 1 {
			return nil, staydown.Errorf(staydown.Invalid, "intake.telegram_chat", "%d chats are called %q; name it by its number", len(hits), want).At(t.name)
		}
		if !slices.Contains(chosen, hits[0]) {
			chosen = append(chosen, hits[0])
		}
	}
	slices.SortFunc(chosen, func(a, b ChatHead) int { return int(min(max(a.offset-b.offset, -1), 1)) })
	return chosen, nil
}

// introduce says what is peculiar to a chat.
func (t *telegramReader) introduce(c ChatHead) {
	switch {
	case c.public() && t.publicName(c) == "":
		t.said = append(t.said, Notice{"intake.telegram_name",
			fmt.Sprintf("%s: the export does not carry the public name of %q; its messages are filed under t.me/c/%d, which only members can open. Give the name to file them under t.me/name", t.name, c.Name, c.ID)})
	case !c.numbered() && c.Type != "":
		t.said = append(t.said, Notice{"intake.telegram_private",
			fmt.Sprintf("%s: %q is a %s; its messages have no address, only files and links in them become leads", t.name, c.Name, strings.ReplaceAll(c.Type, "_", " "))})
	}
}

func (t *telegramReader) publicName(c ChatHead) string {
	for _, key := range []string{strconv.FormatInt(c.ID, 10), c.Name} {
		if n := strings.TrimPrefix(t.opt.PublicNames[key], "@"); n != "" {
			return n
		}
	}
	return ""
}

func (t *telegramReader) notices() []Notice { return t.said }

func (t *telegramReader) reports() []ChatReport {
	var out []ChatReport
	for _, w := range t.watch {
		out = append(out, w.report)
	}
	return out
}

func (t *telegramReader) close() error {
	var errs []error
	if t.file != nil {
		errs = append(errs, t.file.Close())
	}
	if t.root != nil {
		errs = append(errs, t.root.Close())
	}
	return errors.Join(errs...)
}

func (t *telegramReader) next(skip bool) (Entry, error) {
	for len(t.queue) == 0 {
		if t.stream == nil {
			if err := t.nextChat(); err != nil {
				return Entry{}, err
			}
		}
		c, done, err := t.stream.element()
		if err != nil {
			return Entry{}, err
		}
		t.take(c, done)
		if done || c.cut {
			t.stream = nil
		}
	}
	e := t.queue[0]
	t.queue = t.queue[1:]
	return e(skip)
}

// nextChat goes to the messages of the next chat; chats lie in the order of the file.
func (t *telegramReader) nextChat() error {
	if t.current++; t.current >= len(t.chats) {
		return io.EOF
	}
	if t.file != nil {
		t.file.Close()
		t.file = nil
	}
	t.reader.meter.n, t.reader.meter.next = 0, meterStep
	in, file, err := t.reader.open(t.src)
	if err != nil {
		return err
	}
	t.file = file
	chat := t.chats[t.current]
	if _, err := io.CopyN(io.Discard, in, chat.offset); err != nil {
		return fmt.Errorf("going to the messages in %s: %w", t.name, err)
	}
	t.stream = newJSONStream(in, t.reader.opt.Limits.Record)
	t.stream.offset, t.stream.line = chat.offset, chat.line
	return nil
}

// take turns one element of the array into entries.
func (t *telegramReader) take(c chunk, done bool) {
	w := t.watch[t.current]
	if done && !c.cut {
		return
	}
	reject := func(reason Reason, text string) {
		w.report.Rejected++
		e := Entry{Reject: &Reject{Path: t.name, Line: c.line, Offset: c.offset, Length: c.length, Reason: reason, Text: text}}
		if sure := !c.cut && !c.broken && !c.long; sure || !t.account {
			e.Reject.Head = headOf(c.raw) // of an account, bytes without a sure end might belong to another chat
		}
		t.queue = append(t.queue, func(bool) (Entry, error) { return e, nil })
	}
	switch {
	case c.cut:
		w.report.Truncated = true
		reject(Truncated, "the export ends here, before its end; what came before is in, export the chat again for the rest")
	case c.long:
		reject(TooLong, fmt.Sprintf("the message takes %s, more than %s", sizeText(c.length), sizeText(int64(t.reader.opt.Limits.Record))))
	case c.broken:
		reject(Broken, "this is no whole message: a text without an end, or a bracket too many or too few")
	default:
		t.message(c, reject)
	}
}

// message reads one message and queues its entries.
func (t *telegramReader) message(c chunk, reject func(Reason, string)) {
	v, notes, err := parseLoose(c.raw, t.reader.opt.Limits.Depth)
	m, isObject := v.(map[string]any)
	switch {
	case errors.Is(err, errLooseDepth):
		reject(TooDeep, "the message is nested deeper than "+strconv.Itoa(t.reader.opt.Limits.Depth))
		return
	case err != nil || !isObject:
		reject(Broken, "the message cannot be read")
		return
	}
	id, ok := numberAt(m, "id")
	if !ok {
		reject(Broken, "the message has no number")
		return
	}
	post := readPost(m, id, t.chats[t.current], t.reader.opt.Zone)
	w := t.watch[t.current]
	w.see(post)
	if post.facts.Type != "message" {
		return
	}
	base := Row{Path: t.name, Line: c.line, Offset: c.offset, Length: c.length, Notes: notes}
	entries := t.entries(base, post)
	if len(entries) == 0 {
		w.report.LeftOut++
	}
	t.queue = append(t.queue, entries...)
}
