package intake

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/staydown/staydown"
)

// Format is a way of reading a source.
type Format string

// The formats.
const (
	URLs     Format = "urls"     // a list of addresses, one a line
	CSV      Format = "csv"      // a table, its separator sniffed; 4CAT's and an investigator's log among them
	Folder   Format = "folder"   // a folder of files
	Telegram Format = "telegram" // what Telegram Desktop exports as JSON, with its folder
)

// Formats lists what can be read, with a line about each.
var Formats = []struct {
	Format Format
	About  string
}{
	{URLs, "a list of addresses, one a line, # before remarks"},
	{CSV, "a table with the names of its columns in the first line; 4CAT and investigators' logs as they are"},
	{Folder, "a folder of files, each with a .url or .json beside it where there is one"},
	{Telegram, "result.json of Telegram Desktop, or the folder it lies in"},
}

// aliases are further names under which formats are asked for.
var aliases = map[string]Format{"url": URLs, "list": URLs, "txt": URLs, "tsv": CSV, "4cat": CSV, "log": CSV, "dir": Folder, "files": Folder, "telegram-desktop": Telegram}

// ParseFormat reads the name of a format; "" and "auto" mean: detect it.
func ParseFormat(name string) (Format, error) {
	name = strings.ToLower(name)
	if name == "" || name == "auto" {
		return "", nil
	}
	if f, ok := aliases[name]; ok {
		return f, nil
	}
	for _, f := range Formats {
		if string(f.Format) == name {
			return f.Format, nil
		}
	}
	return "", staydown.Errorf(staydown.Usage, "intake.format", "there is no format %q; known are %s", name, formatNames())
}

func formatNames() string {
	var names []string
	for _, f := range Formats {
		names = append(names, string(f.Format))
	}
	return strings.Join(names, ", ")
}

// Detect tells the format of a source by its content, and by its name only where the content leaves it open. What cannot
// be read is refused with what to do instead.
func Detect(src Source) (Format, error) {
	if src.Dir != "" {
		if info, err := os.Lstat(filepath.Join(src.Dir, exportName)); err == nil && info.Mode().IsRegular() {
			return Telegram, nil
		}
		return Folder, nil
	}
	head, err := readHead(src)
	if err != nil {
		return "", err
	}
	if err := refuseBinary(src.Name, head); err != nil {
		return "", err
	}
	return detectText(src.Name, head)
}

// detectText tells what text is: an export, a table or a list.
func detectText(name string, head []byte) (Format, error) {
	ext := strings.ToLower(filepath.Ext(name))
	switch start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"); {
	case bytes.HasPrefix(start, []byte("{")) && looksLikeExport(head):
		return Telegram, nil
	case bytes.HasPrefix(start, []byte("{")), bytes.HasPrefix(start, []byte("[")) && ext == ".json":
		return "", staydown.Errorf(staydown.Invalid, "intake.json_unknown", "is JSON of a kind that is not read here; read are Telegram Desktop exports, tables (CSV) and lists").At(name)
	}
	if ext == ".csv" || ext == ".tsv" || ext == ".tab" {
		return CSV, nil
	}
	if sniffTable(head, "", Limits{}.orDefault()).isTable() {
		return CSV, nil
	}
	switch ext {
	case ".txt", ".list", ".lst", ".urls", ".url", ".md", ".log":
		return URLs, nil
	}
	if len(head) == sniffBytes && bytes.IndexByte(head, '\n') < 0 || hasAddress(head) {
		return URLs, nil
	}
	return "", staydown.Errorf(staydown.Invalid, "intake.unknown", "holds no addresses in its first %s, and no format is recognised in it; name the format if it is one of %s", sizeText(sniffBytes), formatNames()).At(name)
}

func looksLikeExport(head []byte) bool {
	for _, key := range []string{`"messages"`, `"personal_information"`, `"frequent_contacts"`, `"left_chats"`, `"chats"`} {
		if bytes.Contains(head, []byte(key)) {
			return true
		}
	}
	return false
}

func hasAddress(head []byte) bool {
	lines, _, err := openLines(bytes.NewReader(head), "", "", len(head)+1)
	if err != nil {
		return false
	}
	for {
		ln, err := lines.next()
		if err != nil {
			return false
		}
		if body, _ := splitRemark(ln.text); len(findAddresses(body, true)) > 0 {
			return true
		}
	}
}

// magics are beginnings of files that are refused, with what to do instead. Archives are never opened here: what they
// unpack to has no bound that the file itself would show.
var magics = []struct{ begin, text string }{
	{"PK\x03\x04", ""},
	{"PK\x05\x06", "is an empty ZIP archive"},
	{"\x1F\x8B", "is compressed (gzip); unpack it first"},
	{"BZh", "is compressed (bzip2); unpack it first"},
	{"\xFD7zXZ\x00", "is compressed (xz); unpack it first"},
	{"\x28\xB5\x2F\xFD", "is compressed (zstd); unpack it first"},
	{"7z\xBC\xAF\x27\x1C", "is a 7z archive; unpack it and import the folder"},
	{"Rar!\x1A\x07", "is a RAR archive; unpack it and import the folder"},
	{"\xD0\xCF\x11\xE0", "is an old Office document; save the table as CSV"},
	{"%PDF-", "is a PDF; copy the addresses into a list, or import the folder it lies in to keep the file itself"},
	{"WARC/", "is a web archive, which is not read yet"},
	{"SQLite format 3\x00", "is a database; export the table as CSV"},
}

// refuseBinary refuses what is neither text nor anything else that can be read, and says what to do with it.
func refuseBinary(name string, head []byte) error {
	refuse := func(code, text string) error { return staydown.Errorf(staydown.Invalid, code, "%s", text).At(name) }
	if len(head) == 0 {
		return refuse("intake.empty", "is empty")
	}
	for _, m := range magics {
		if !bytes.HasPrefix(head, []byte(m.begin)) {
			continue
		}
		if m.text == "" {
			return refuse("intake.archive", zipText(head))
		}
		return refuse("intake.archive", m.text)
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return refuse("intake.archive", "is a tar archive; unpack it and import the folder")
	}
	if _, bom, _ := sniffCharset(head); bom > 0 {
		return nil
	}
	if _, ok := wide(head); ok {
		return nil
	}
	switch media := http.DetectContentType(head); {
	case strings.HasPrefix(media, "image/"), strings.HasPrefix(media, "video/"), strings.HasPrefix(media, "audio/"):
		return refuse("intake.media", "is a picture, clip or sound; import the folder it lies in to keep the file itself")
	case strings.HasPrefix(media, "text/html"):
		return refuse("intake.html", htmlText(head))
	}
	return nil
}

func zipText(head []byte) string {
	switch {
	case bytes.Contains(head, []byte("[Content_Types].xml")), bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis")):
		return "is an Office document; save the table as CSV"
	case bytes.Contains(head, []byte("datapackage.json")):
		return "is a web archive (WACZ), which is not read yet"
	}
	return "is a ZIP archive, which is not opened here; unpack it and import the folder"
}

func htmlText(head []byte) string {
	if bytes.Contains(head, []byte("Exported Data")) || bytes.Contains(head, []byte("page_wrap")) {
		return "is the HTML form of a Telegram export; export it again as machine-readable JSON"
	}
	return "is a web page; copy the addresses into a list, or import the folder it lies in to keep the file itself"
}
