package email

import (
	"strings"

	"github.com/staydown/staydown/internal/connector"
)

// language is a language letters are written in.
type language string

const (
	english language = "en"
	arabic  language = "ar"
)

// act is what a letter does, and whether the provider must obey.
type act struct {
	kind    connector.Kind
	binding bool
}

// words are a letter's own words in one language. They are law-given and read by
// courts, so that they stand here together and not among the pages' texts.
type words struct {
	code  string
	title map[act]string
	// first is the first line; its places are the authority and its country.
	first                               map[act]string
	reference, desk, sent, count, exact string
	kind, ground, clause, why           string
	answer, opens                       string
	// Of the mail with the door's code; codeFor has places for the authority and
	// the letter's reference.
	codeTitle, codeFor, codeNote string
	grounds                      map[string]string // Law: TCO 2(7)
}

// speak chooses the language of a letter: the recipient's where there are words in
// it, else English.
func speak(code string) *words {
	primary, _, _ := strings.Cut(strings.ToLower(code), "-")
	if primary == string(arabic) {
		return &inArabic
	}
	return &inEnglish
}

var inEnglish = words{
	code: string(english),
	title: map[act]string{
		{connector.Referral, false}:   "Voluntary referral",
		{connector.Referral, true}:    "Binding order",
		{connector.Reminder, false}:   "Reminder of a voluntary referral",
		{connector.Reminder, true}:    "Reminder of a binding order",
		{connector.Withdrawal, false}: "Withdrawal of a voluntary referral",
		{connector.Withdrawal, true}:  "Withdrawal of a binding order",
	},
	first: map[act]string{
		{connector.Referral, false}:   "%s (%s) asks you to review the addresses below. This is a voluntary referral, not a binding order: you decide, under your own terms.",
		{connector.Referral, true}:    "%s (%s) orders you to act on the addresses below. This is a binding order.",
		{connector.Reminder, false}:   "%s (%s) reminds you of a request to review the addresses below. It is a voluntary referral, not a binding order: you decide, under your own terms.",
		{connector.Reminder, true}:    "%s (%s) reminds you of a binding order on the addresses below.",
		{connector.Withdrawal, false}: "%s (%s) withdraws its voluntary referral of the addresses below and asks you to restore what you removed because of it. This is not a binding order: you decide, under your own terms.",
		{connector.Withdrawal, true}:  "%s (%s) withdraws its binding order on the addresses below. What was removed because of it is to be restored.",
	},
	reference: "Reference",
	desk:      "Desk",
	sent:      "Sent",
	count:     "Addresses",
	exact:     "The addresses below are written so that they cannot be clicked. The exact ones are in the signed attachment letter.json.",
	kind:      "What it is",
	ground:    "Ground",
	clause:    "Your terms",
	why:       "Why",
	answer:    "You can answer each address here:",
	opens:     "Opening this page confirms nothing and changes nothing. It shows the addresses after a code was sent to your registered contact.",
	codeTitle: "Your code",
	codeFor:   "This is the code that opens the letter of %s with the reference %s:",
	codeNote:  "It is good for 15 minutes. Nobody will ask you for it by telephone or mail. If you did not ask for it, somebody has opened the link in the letter: without the code they see nothing.",
	grounds: map[string]string{
		"a":     "incites to a terrorist offence, directly or indirectly (Regulation (EU) 2021/784, Article 2(7)(a))",
		"b":     "solicits someone to commit or to contribute to a terrorist offence (Regulation (EU) 2021/784, Article 2(7)(b))",
		"c":     "solicits someone to take part in a terrorist group (Regulation (EU) 2021/784, Article 2(7)(c))",
		"d":     "instructs on weapons, noxious substances or other methods for a terrorist offence (Regulation (EU) 2021/784, Article 2(7)(d))",
		"e":     "threatens to commit a terrorist offence (Regulation (EU) 2021/784, Article 2(7)(e))",
		"terms": "against your own terms; no finding on the law",
	},
}

var inArabic = words{
	code: string(arabic),
	title: map[act]string{
		{connector.Referral, false}:   "إحالة طوعية",
		{connector.Referral, true}:    "أمر ملزم",
		{connector.Reminder, false}:   "تذكير بإحالة طوعية",
		{connector.Reminder, true}:    "تذكير بأمر ملزم",
		{connector.Withdrawal, false}: "سحب إحالة طوعية",
		{connector.Withdrawal, true}:  "سحب أمر ملزم",
	},
	first: map[act]string{
		{connector.Referral, false}:   "تطلب منكم الجهة المرسِلة، %s (%s)، مراجعة العناوين الواردة أدناه. هذه إحالة طوعية وليست أمرًا ملزمًا: القرار لكم وفق شروط خدمتكم.",
		{connector.Referral, true}:    "تأمركم الجهة المرسِلة، %s (%s)، باتخاذ إجراء بشأن العناوين الواردة أدناه. هذا أمر ملزم.",
		{connector.Reminder, false}:   "تذكّركم الجهة المرسِلة، %s (%s)، بطلب مراجعة العناوين الواردة أدناه. هذه إحالة طوعية وليست أمرًا ملزمًا: القرار لكم وفق شروط خدمتكم.",
		{connector.Reminder, true}:    "تذكّركم الجهة المرسِلة، %s (%s)، بأمر ملزم بشأن العناوين الواردة أدناه.",
		{connector.Withdrawal, false}: "تسحب الجهة المرسِلة، %s (%s)، إحالتها الطوعية بشأن العناوين الواردة أدناه وترجو إعادة ما أزلتموه بسببها. هذا ليس أمرًا ملزمًا: القرار لكم وفق شروط خدمتكم.",
		{connector.Withdrawal, true}:  "تسحب الجهة المرسِلة، %s (%s)، أمرها الملزم بشأن العناوين الواردة أدناه. ويجب إعادة ما أُزيل بسببه.",
	},
	reference: "الرقم المرجعي",
	desk:      "رمز المكتب",
	sent:      "تاريخ الإرسال",
	count:     "عدد العناوين",
	exact:     "كُتبت العناوين أدناه بحيث لا يمكن النقر عليها. والعناوين الدقيقة في الملف المرفق الموقَّع letter.json.",
	kind:      "النوع",
	ground:    "الأساس",
	clause:    "شروط خدمتكم",
	why:       "السبب",
	answer:    "يمكنكم الرد على كل عنوان هنا:",
	opens:     "فتح هذه الصفحة لا يؤكد شيئًا ولا يغيّر شيئًا. وتظهر العناوين بعد إرسال رمز إلى جهة الاتصال المسجَّلة لديكم.",
	codeTitle: "الرمز الخاص بكم",
	codeFor:   "هذا هو الرمز الذي يفتح رسالة %s ذات الرقم المرجعي %s:",
	codeNote:  "الرمز صالح لمدة 15 دقيقة. لن يطلبه منكم أحد بالهاتف أو البريد. إن لم تطلبوه فقد فتح أحدهم الرابط الوارد في الرسالة، ومن دون الرمز لا يرى شيئًا.",
	grounds: map[string]string{
		"a":     "التحريض على ارتكاب جريمة إرهابية، بصورة مباشرة أو غير مباشرة (اللائحة (EU) 2021/784، المادة 2(7)(a))",
		"b":     "استدراج شخص إلى ارتكاب جريمة إرهابية أو الإسهام فيها (اللائحة (EU) 2021/784، المادة 2(7)(b))",
		"c":     "استدراج شخص إلى المشاركة في جماعة إرهابية (اللائحة (EU) 2021/784، المادة 2(7)(c))",
		"d":     "تعليمات بشأن أسلحة أو مواد ضارة أو أساليب أخرى لارتكاب جريمة إرهابية (اللائحة (EU) 2021/784، المادة 2(7)(d))",
		"e":     "التهديد بارتكاب جريمة إرهابية (اللائحة (EU) 2021/784، المادة 2(7)(e))",
		"terms": "مخالف لشروط خدمتكم؛ دون أي حكم قانوني",
	},
}
