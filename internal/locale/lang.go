package locale

import (
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language the desk speaks, as a BCP 47 tag.
type Lang string

const (
	English Lang = "en" // the default
	Arabic  Lang = "ar" // right to left
)

// Langs are all languages, in the order in which the switch shows them.
var Langs = []Lang{English, Arabic}

// Dir is the direction of the script, as the HTML attribute wants it.
func (l Lang) Dir() string {
	if l == Arabic {
		return "rtl"
	}
	return "ltr"
}

// Own is the language's name in itself, short, for the switch.
func (l Lang) Own() string {
	if l == Arabic {
		return "العربية"
	}
	return "English"
}

// tag is the form that golang.org/x/text understands.
func (l Lang) tag() language.Tag {
	if l == Arabic {
		return language.Arabic
	}
	return language.English
}

// Parse reads a language code; ok is false when the desk does not speak it.
func Parse(code string) (l Lang, ok bool) {
	for _, l := range Langs {
		if strings.EqualFold(code, string(l)) {
			return l, true
		}
	}
	return English, false
}

// matcher knows that a reader of Moroccan Arabic reads Arabic.
var matcher = language.NewMatcher([]language.Tag{language.English, language.Arabic})

// Negotiate picks the language for an Accept-Language header, English when nothing fits.
// A header of more than a kilobyte is not read: it comes from outside.
func Negotiate(header string) Lang {
	if header == "" || len(header) > 1024 {
		return English
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return English
	}
	_, index, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return English
	}
	return Langs[index]
}
