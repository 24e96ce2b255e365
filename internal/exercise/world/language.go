package world

// A tongue holds what the exercise can say in one language. All of it is
// harmless; a key sentence names its kind of content and says that it is not
// real.
type tongue struct {
	code     string // BCP 47
	dir      string // "ltr" or "rtl"
	mark     string // "Exercise material, not real"
	keys     map[string]string
	who      []string // subjects of filler sentences
	does     []string // predicates
	where    []string // places
	verbLast bool     // Turkish: the place stands before the verb
	channel  string   // "Exercise channel"
}

// languageWeights are the shares of the nine languages, Arabic first.
var languageWeights = []int{380, 190, 110, 70, 40, 50, 60, 60, 40}

// Languages are the nine of the exercise, in the order of languageWeights.
func Languages() []string {
	out := make([]string, len(tongues))
	for i := range tongues {
		out[i] = tongues[i].code
	}
	return out
}

// Mark returns "Exercise material, not real" in a language.
func Mark(language string) string { return tongueOf(language).mark }

// Direction returns "rtl" or "ltr".
func Direction(language string) string { return tongueOf(language).dir }

func tongueOf(language string) *tongue {
	for i := range tongues {
		if tongues[i].code == language {
			return &tongues[i]
		}
	}
	return &tongues[1]
}

// keyOf names the key sentence of a posting: a ground, "terms", "unclear" or a
// purpose.
func keyOf(class Class, ground string, purpose Purpose) string {
	switch class {
	case Terrorist:
		return ground
	case TermsOnly:
		return "terms"
	case Lawful:
		return string(purpose)
	default:
		return "unclear"
	}
}

var tongues = []tongue{
	{
		code: "ar", dir: "rtl", mark: "مادة تدريبية، ليست حقيقية", channel: "قناة تمرين",
		keys: map[string]string{
			"a": "جملة تدريبية: مدح لهجوم، ليست حقيقية.", "b": "جملة تدريبية: دعوة إلى تنفيذ هجوم، ليست حقيقية.",
			"c": "جملة تدريبية: دعوة إلى الانضمام إلى جماعة، ليست حقيقية.", "d": "جملة تدريبية: هنا كانت ستكون تعليمات، ليست حقيقية.",
			"e": "جملة تدريبية: تهديد، ليست حقيقية.", "terms": "جملة تدريبية: تفاخر بالعنف يخالف شروط الخدمة، ليست حقيقية.",
			"unclear": "جملة تدريبية: بلا سياق، معناها مفتوح، ليست حقيقية.", "news": "جملة تدريبية: غرفة الأخبار لدينا تتحدث عن المقطع، ليست حقيقية.",
			"document": "جملة تدريبية: هذا الأرشيف يوثق جريمة لأجل المحكمة، ليست حقيقية.", "research": "جملة تدريبية: دراسة جامعية عن الدعاية، ليست حقيقية.",
			"satire": "جملة تدريبية: سخرية من الدعاية، ليست حقيقية.", "sermon": "جملة تدريبية: خطبة عن الصبر، ليست حقيقية.",
			"namesake": "جملة تدريبية: حساب خباز يحمل الاسم نفسه، ليست حقيقية.",
		},
		who:   []string{"البستاني", "الخباز", "ساعي البريد", "القارب الأزرق", "القطار الصغير", "الطاهي", "الجار القديم", "الحارس", "العازف", "النجار", "الطفل", "القط الرمادي"},
		does:  []string{"ينتظر المطر", "يعد النجوم", "يصلح الساعة", "يحمل سلة التفاح", "يقرأ كتابا طويلا", "يرسم خريطة", "يغني لحنا قديما", "يغلق النافذة", "يبحث عن المفتاح", "يشرب الشاي", "ينظف المصباح", "يكتب رسالة قصيرة"},
		where: []string{"قرب الميناء", "في الحديقة", "خلف المكتبة", "أمام المحطة", "على الجسر", "تحت الشجرة", "في السوق", "عند النهر", "بين البيوت", "فوق التل", "في المطبخ", "قرب المدرسة"},
	},
	{
		code: "en", dir: "ltr", mark: "Exercise material, not real", channel: "Exercise channel",
		keys: map[string]string{
			"a": "Exercise sentence: praise for an attack, not real.", "b": "Exercise sentence: a call to carry out an attack, not real.",
			"c": "Exercise sentence: an appeal to join a group, not real.", "d": "Exercise sentence: instructions would stand here, not real.",
			"e": "Exercise sentence: a threat, not real.", "terms": "Exercise sentence: boasting about violence, against the terms, not real.",
			"unclear": "Exercise sentence: no context, meaning open, not real.", "news": "Exercise sentence: our newsroom reports about the clip, not real.",
			"document": "Exercise sentence: this archive documents a crime for the court, not real.", "research": "Exercise sentence: a university study of propaganda, not real.",
			"satire": "Exercise sentence: mockery of propaganda, not real.", "sermon": "Exercise sentence: a sermon about patience, not real.",
			"namesake": "Exercise sentence: a baker's account that bears the same name, not real.",
		},
		who:   []string{"The gardener", "The baker", "The postman", "The blue boat", "The small train", "A cook", "The old neighbour", "The caretaker", "A fiddler", "The carpenter", "A child", "The grey cat"},
		does:  []string{"waits for rain", "counts the stars", "mends the clock", "carries a basket of apples", "reads a long book", "draws a map", "hums an old tune", "closes the window", "looks for the key", "drinks tea", "cleans the lamp", "writes a short letter"},
		where: []string{"near the harbour", "in the garden", "behind the library", "in front of the station", "on the bridge", "under the tree", "at the market", "by the river", "between the houses", "on the hill", "in the kitchen", "close to the school"},
	},
	{
		code: "fr", dir: "ltr", mark: "Matériel d'exercice, pas réel", channel: "Canal d'exercice",
		keys: map[string]string{
			"a": "Phrase d'exercice : éloge d'un attentat, pas réelle.", "b": "Phrase d'exercice : appel à commettre un attentat, pas réelle.",
			"c": "Phrase d'exercice : appel à rejoindre un groupe, pas réelle.", "d": "Phrase d'exercice : ici se trouveraient des instructions, pas réelle.",
			"e": "Phrase d'exercice : une menace, pas réelle.", "terms": "Phrase d'exercice : vantardise de violence, contraire aux conditions, pas réelle.",
			"unclear": "Phrase d'exercice : sans contexte, sens ouvert, pas réelle.", "news": "Phrase d'exercice : notre rédaction parle de la vidéo, pas réelle.",
			"document": "Phrase d'exercice : cette archive documente un crime pour le tribunal, pas réelle.", "research": "Phrase d'exercice : étude universitaire de la propagande, pas réelle.",
			"satire": "Phrase d'exercice : moquerie de la propagande, pas réelle.", "sermon": "Phrase d'exercice : un sermon sur la patience, pas réelle.",
			"namesake": "Phrase d'exercice : le compte d'un boulanger qui porte le même nom, pas réelle.",
		},
		who:   []string{"Le jardinier", "Le boulanger", "Le facteur", "Le bateau bleu", "Le petit train", "Un cuisinier", "Le vieux voisin", "Le gardien", "Un violoniste", "Le menuisier", "Un enfant", "Le chat gris"},
		does:  []string{"attend la pluie", "compte les étoiles", "répare l'horloge", "porte un panier de pommes", "lit un long livre", "dessine une carte", "fredonne un vieil air", "ferme la fenêtre", "cherche la clé", "boit du thé", "nettoie la lampe", "écrit une courte lettre"},
		where: []string{"près du port", "dans le jardin", "derrière la bibliothèque", "devant la gare", "sur le pont", "sous l'arbre", "au marché", "au bord de la rivière", "entre les maisons", "sur la colline", "dans la cuisine", "à côté de l'école"},
	},
	{
		code: "de", dir: "ltr", mark: "Übungsmaterial, nicht echt", channel: "Übungskanal",
		keys: map[string]string{
			"a": "Übungssatz: Lob für einen Anschlag, nicht echt.", "b": "Übungssatz: Aufruf zu einem Anschlag, nicht echt.",
			"c": "Übungssatz: Aufruf, einer Gruppe beizutreten, nicht echt.", "d": "Übungssatz: hier stünde eine Anleitung, nicht echt.",
			"e": "Übungssatz: eine Drohung, nicht echt.", "terms": "Übungssatz: Prahlerei mit Gewalt, gegen die Bedingungen, nicht echt.",
			"unclear": "Übungssatz: ohne Zusammenhang, Sinn offen, nicht echt.", "news": "Übungssatz: unsere Redaktion berichtet über den Clip, nicht echt.",
			"document": "Übungssatz: dieses Archiv belegt ein Verbrechen für das Gericht, nicht echt.", "research": "Übungssatz: eine Hochschulstudie über Propaganda, nicht echt.",
			"satire": "Übungssatz: Spott über Propaganda, nicht echt.", "sermon": "Übungssatz: eine Predigt über Geduld, nicht echt.",
			"namesake": "Übungssatz: das Konto eines Bäckers gleichen Namens, nicht echt.",
		},
		who:   []string{"Der Gärtner", "Der Bäcker", "Der Briefträger", "Das blaue Boot", "Der kleine Zug", "Ein Koch", "Der alte Nachbar", "Der Hausmeister", "Ein Geiger", "Der Tischler", "Ein Kind", "Die graue Katze"},
		does:  []string{"wartet auf Regen", "zählt die Sterne", "repariert die Uhr", "trägt einen Korb Äpfel", "liest ein langes Buch", "zeichnet eine Karte", "summt ein altes Lied", "schließt das Fenster", "sucht den Schlüssel", "trinkt Tee", "putzt die Lampe", "schreibt einen kurzen Brief"},
		where: []string{"am Hafen", "im Garten", "hinter der Bücherei", "vor dem Bahnhof", "auf der Brücke", "unter dem Baum", "auf dem Markt", "am Fluss", "zwischen den Häusern", "auf dem Hügel", "in der Küche", "neben der Schule"},
	},
	{
		code: "nl", dir: "ltr", mark: "Oefenmateriaal, niet echt", channel: "Oefenkanaal",
		keys: map[string]string{
			"a": "Oefenzin: lof voor een aanslag, niet echt.", "b": "Oefenzin: oproep tot een aanslag, niet echt.",
			"c": "Oefenzin: oproep om lid te worden van een groep, niet echt.", "d": "Oefenzin: hier zou een handleiding staan, niet echt.",
			"e": "Oefenzin: een dreiging, niet echt.", "terms": "Oefenzin: opscheppen over geweld, tegen de voorwaarden, niet echt.",
			"unclear": "Oefenzin: zonder context, betekenis open, niet echt.", "news": "Oefenzin: onze redactie bericht over de clip, niet echt.",
			"document": "Oefenzin: dit archief legt een misdrijf vast voor de rechtbank, niet echt.", "research": "Oefenzin: een universitaire studie van propaganda, niet echt.",
			"satire": "Oefenzin: spot met propaganda, niet echt.", "sermon": "Oefenzin: een preek over geduld, niet echt.",
			"namesake": "Oefenzin: het account van een bakker met dezelfde naam, niet echt.",
		},
		who:   []string{"De tuinman", "De bakker", "De postbode", "De blauwe boot", "De kleine trein", "Een kok", "De oude buurman", "De conciërge", "Een violist", "De timmerman", "Een kind", "De grijze kat"},
		does:  []string{"wacht op regen", "telt de sterren", "repareert de klok", "draagt een mand appels", "leest een lang boek", "tekent een kaart", "neuriet een oud wijsje", "sluit het raam", "zoekt de sleutel", "drinkt thee", "poetst de lamp", "schrijft een korte brief"},
		where: []string{"bij de haven", "in de tuin", "achter de bibliotheek", "voor het station", "op de brug", "onder de boom", "op de markt", "bij de rivier", "tussen de huizen", "op de heuvel", "in de keuken", "naast de school"},
	},
	{
		code: "es", dir: "ltr", mark: "Material de ejercicio, no es real", channel: "Canal de ejercicio",
		keys: map[string]string{
			"a": "Frase de ejercicio: elogio de un atentado, no es real.", "b": "Frase de ejercicio: llamada a cometer un atentado, no es real.",
			"c": "Frase de ejercicio: llamada a unirse a un grupo, no es real.", "d": "Frase de ejercicio: aquí habría instrucciones, no es real.",
			"e": "Frase de ejercicio: una amenaza, no es real.", "terms": "Frase de ejercicio: alarde de violencia, contra las condiciones, no es real.",
			"unclear": "Frase de ejercicio: sin contexto, sentido abierto, no es real.", "news": "Frase de ejercicio: nuestra redacción informa sobre el vídeo, no es real.",
			"document": "Frase de ejercicio: este archivo documenta un crimen para el tribunal, no es real.", "research": "Frase de ejercicio: un estudio universitario de la propaganda, no es real.",
			"satire": "Frase de ejercicio: burla de la propaganda, no es real.", "sermon": "Frase de ejercicio: un sermón sobre la paciencia, no es real.",
			"namesake": "Frase de ejercicio: la cuenta de un panadero que lleva el mismo nombre, no es real.",
		},
		who:   []string{"El jardinero", "El panadero", "El cartero", "El barco azul", "El tren pequeño", "Un cocinero", "El viejo vecino", "El conserje", "Un violinista", "El carpintero", "Un niño", "El gato gris"},
		does:  []string{"espera la lluvia", "cuenta las estrellas", "arregla el reloj", "lleva una cesta de manzanas", "lee un libro largo", "dibuja un mapa", "tararea una vieja canción", "cierra la ventana", "busca la llave", "bebe té", "limpia la lámpara", "escribe una carta breve"},
		where: []string{"cerca del puerto", "en el jardín", "detrás de la biblioteca", "delante de la estación", "en el puente", "bajo el árbol", "en el mercado", "junto al río", "entre las casas", "en la colina", "en la cocina", "al lado de la escuela"},
	},
	{
		code: "ru", dir: "ltr", mark: "Учебный материал, не настоящий", channel: "Учебный канал",
		keys: map[string]string{
			"a": "Учебная фраза: похвала нападению, не настоящая.", "b": "Учебная фраза: призыв совершить нападение, не настоящая.",
			"c": "Учебная фраза: призыв вступить в группу, не настоящая.", "d": "Учебная фраза: здесь была бы инструкция, не настоящая.",
			"e": "Учебная фраза: угроза, не настоящая.", "terms": "Учебная фраза: похвальба насилием против правил сервиса, не настоящая.",
			"unclear": "Учебная фраза: без контекста, смысл открыт, не настоящая.", "news": "Учебная фраза: наша редакция сообщает о ролике, не настоящая.",
			"document": "Учебная фраза: этот архив фиксирует преступление для суда, не настоящая.", "research": "Учебная фраза: университетское исследование пропаганды, не настоящая.",
			"satire": "Учебная фраза: насмешка над пропагандой, не настоящая.", "sermon": "Учебная фраза: проповедь о терпении, не настоящая.",
			"namesake": "Учебная фраза: аккаунт пекаря с тем же именем, не настоящая.",
		},
		who:   []string{"Садовник", "Пекарь", "Почтальон", "Синий катер", "Маленький поезд", "Повар", "Старый сосед", "Сторож", "Скрипач", "Столяр", "Ребёнок", "Серый кот"},
		does:  []string{"ждёт дождя", "считает звёзды", "чинит часы", "несёт корзину яблок", "читает длинную книгу", "рисует карту", "поёт старую песню", "закрывает окно", "ищет ключ", "пьёт чай", "чистит лампу", "пишет короткое письмо"},
		where: []string{"у гавани", "в саду", "за библиотекой", "перед вокзалом", "на мосту", "под деревом", "на рынке", "у реки", "между домами", "на холме", "на кухне", "рядом со школой"},
	},
	{
		code: "tr", dir: "ltr", mark: "Tatbikat malzemesi, gerçek değil", channel: "Tatbikat kanalı", verbLast: true,
		keys: map[string]string{
			"a": "Tatbikat cümlesi: bir saldırıya övgü, gerçek değil.", "b": "Tatbikat cümlesi: saldırı yapma çağrısı, gerçek değil.",
			"c": "Tatbikat cümlesi: bir gruba katılma çağrısı, gerçek değil.", "d": "Tatbikat cümlesi: burada talimatlar olurdu, gerçek değil.",
			"e": "Tatbikat cümlesi: bir tehdit, gerçek değil.", "terms": "Tatbikat cümlesi: koşullara aykırı şiddet övünmesi, gerçek değil.",
			"unclear": "Tatbikat cümlesi: bağlam yok, anlamı açık, gerçek değil.", "news": "Tatbikat cümlesi: haber merkezimiz kliple ilgili haber veriyor, gerçek değil.",
			"document": "Tatbikat cümlesi: bu arşiv mahkeme için bir suçu belgeliyor, gerçek değil.", "research": "Tatbikat cümlesi: propaganda üzerine üniversite çalışması, gerçek değil.",
			"satire": "Tatbikat cümlesi: propagandayla alay, gerçek değil.", "sermon": "Tatbikat cümlesi: sabır üzerine bir vaaz, gerçek değil.",
			"namesake": "Tatbikat cümlesi: aynı adı taşıyan bir fırıncının hesabı, gerçek değil.",
		},
		who:   []string{"Bahçıvan", "Fırıncı", "Postacı", "Mavi tekne", "Küçük tren", "Bir aşçı", "Yaşlı komşu", "Bekçi", "Bir kemancı", "Marangoz", "Bir çocuk", "Gri kedi"},
		does:  []string{"yağmuru bekliyor", "yıldızları sayıyor", "saati onarıyor", "bir sepet elma taşıyor", "uzun bir kitap okuyor", "harita çiziyor", "eski bir şarkı söylüyor", "pencereyi kapatıyor", "anahtarı arıyor", "çay içiyor", "lambayı siliyor", "kısa bir mektup yazıyor"},
		where: []string{"limanın yanında", "bahçede", "kütüphanenin arkasında", "istasyonun önünde", "köprüde", "ağacın altında", "pazarda", "nehir kıyısında", "evlerin arasında", "tepede", "mutfakta", "okulun yakınında"},
	},
	{
		code: "id", dir: "ltr", mark: "Bahan latihan, tidak nyata", channel: "Kanal latihan",
		keys: map[string]string{
			"a": "Kalimat latihan: pujian untuk sebuah serangan, tidak nyata.", "b": "Kalimat latihan: ajakan melakukan serangan, tidak nyata.",
			"c": "Kalimat latihan: ajakan bergabung dengan kelompok, tidak nyata.", "d": "Kalimat latihan: di sini seharusnya ada petunjuk, tidak nyata.",
			"e": "Kalimat latihan: sebuah ancaman, tidak nyata.", "terms": "Kalimat latihan: membanggakan kekerasan, melanggar ketentuan, tidak nyata.",
			"unclear": "Kalimat latihan: tanpa konteks, makna terbuka, tidak nyata.", "news": "Kalimat latihan: redaksi kami melaporkan tentang klip itu, tidak nyata.",
			"document": "Kalimat latihan: arsip ini mendokumentasikan kejahatan untuk pengadilan, tidak nyata.", "research": "Kalimat latihan: studi universitas tentang propaganda, tidak nyata.",
			"satire": "Kalimat latihan: ejekan terhadap propaganda, tidak nyata.", "sermon": "Kalimat latihan: khotbah tentang kesabaran, tidak nyata.",
			"namesake": "Kalimat latihan: akun tukang roti dengan nama yang sama, tidak nyata.",
		},
		who:   []string{"Tukang kebun", "Tukang roti", "Tukang pos", "Perahu biru", "Kereta kecil", "Seorang juru masak", "Tetangga tua", "Penjaga", "Seorang pemain biola", "Tukang kayu", "Seorang anak", "Kucing abu-abu"},
		does:  []string{"menunggu hujan", "menghitung bintang", "memperbaiki jam", "membawa sekeranjang apel", "membaca buku panjang", "menggambar peta", "menyanyikan lagu lama", "menutup jendela", "mencari kunci", "minum teh", "membersihkan lampu", "menulis surat pendek"},
		where: []string{"dekat pelabuhan", "di kebun", "di belakang perpustakaan", "di depan stasiun", "di atas jembatan", "di bawah pohon", "di pasar", "di tepi sungai", "di antara rumah-rumah", "di atas bukit", "di dapur", "di samping sekolah"},
	},
}
