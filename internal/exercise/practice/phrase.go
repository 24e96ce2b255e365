package practice

// phrases are what platforms say in place of content, in the nine languages:
// natural wording, as a reader of any such platform knows it.
type phrases struct {
	removed  string // by the platform, against its terms
	author   string // by whoever posted it
	expired  string // by its own timer
	account  string // the whole account closed by the platform
	absent   string // nothing here, no cause
	geo      string // not in this country
	login    string // only for members
	legal    string // for legal reasons
	hosting  string // a site shut by its hosting provider
	download string
}

var phrasesOf = map[string]phrases{
	"en": {
		removed: "This content has been removed for violating our Terms of Service.", author: "This post was deleted by its author.",
		expired: "This message has expired and is no longer available.", account: "This account has been suspended for violating our Terms of Service.",
		absent: "Sorry, this page isn't available.", geo: "This content is not available in your country.", login: "Log in or sign up to continue.",
		legal: "Unavailable for legal reasons.", hosting: "This website has been suspended by its hosting provider for violating its terms.", download: "Download",
	},
	"ar": {
		removed: "تمت إزالة هذا المحتوى لانتهاكه شروط الخدمة.", author: "حذف صاحب المنشور هذا المنشور.",
		expired: "انتهت صلاحية هذه الرسالة ولم تعد متاحة.", account: "تم تعليق هذا الحساب لانتهاكه شروط الخدمة.",
		absent: "عذرا، هذه الصفحة غير متاحة.", geo: "هذا المحتوى غير متاح في بلدك.", login: "سجل الدخول أو أنشئ حسابا للمتابعة.",
		legal: "غير متاح لأسباب قانونية.", hosting: "أوقف مزود الاستضافة هذا الموقع لانتهاكه شروطه.", download: "تنزيل",
	},
	"fr": {
		removed: "Ce contenu a été supprimé car il enfreint nos conditions d'utilisation.", author: "Cette publication a été supprimée par son auteur.",
		expired: "Ce message a expiré et n'est plus disponible.", account: "Ce compte a été suspendu pour violation de nos conditions d'utilisation.",
		absent: "Désolé, cette page n'est pas disponible.", geo: "Ce contenu n'est pas disponible dans votre pays.", login: "Connectez-vous ou inscrivez-vous pour continuer.",
		legal: "Indisponible pour des raisons juridiques.", hosting: "Ce site a été suspendu par son hébergeur pour violation de ses conditions.", download: "Télécharger",
	},
	"de": {
		removed: "Dieser Inhalt wurde wegen eines Verstoßes gegen unsere Nutzungsbedingungen entfernt.", author: "Dieser Beitrag wurde vom Verfasser gelöscht.",
		expired: "Diese Nachricht ist abgelaufen und nicht mehr verfügbar.", account: "Dieses Konto wurde wegen eines Verstoßes gegen unsere Nutzungsbedingungen gesperrt.",
		absent: "Diese Seite ist leider nicht verfügbar.", geo: "Dieser Inhalt ist in deinem Land nicht verfügbar.", login: "Melde dich an oder registriere dich, um fortzufahren.",
		legal: "Aus rechtlichen Gründen nicht verfügbar.", hosting: "Diese Website wurde von ihrem Hosting-Anbieter wegen eines Verstoßes gegen die Bedingungen gesperrt.", download: "Herunterladen",
	},
	"nl": {
		removed: "Deze inhoud is verwijderd wegens schending van onze gebruiksvoorwaarden.", author: "Dit bericht is door de auteur verwijderd.",
		expired: "Dit bericht is verlopen en niet meer beschikbaar.", account: "Dit account is opgeschort wegens schending van onze gebruiksvoorwaarden.",
		absent: "Deze pagina is helaas niet beschikbaar.", geo: "Deze inhoud is niet beschikbaar in uw land.", login: "Log in of registreer om verder te gaan.",
		legal: "Om juridische redenen niet beschikbaar.", hosting: "Deze website is door de hostingprovider opgeschort wegens schending van de voorwaarden.", download: "Downloaden",
	},
	"es": {
		removed: "Este contenido se ha eliminado por infringir nuestras condiciones de uso.", author: "El autor ha eliminado esta publicación.",
		expired: "Este mensaje ha caducado y ya no está disponible.", account: "Esta cuenta ha sido suspendida por infringir nuestras condiciones de uso.",
		absent: "Lo sentimos, esta página no está disponible.", geo: "Este contenido no está disponible en tu país.", login: "Inicia sesión o regístrate para continuar.",
		legal: "No disponible por motivos legales.", hosting: "El proveedor de alojamiento ha suspendido este sitio por infringir sus condiciones.", download: "Descargar",
	},
	"ru": {
		removed: "Этот контент удалён за нарушение наших условий использования.", author: "Автор удалил эту публикацию.",
		expired: "Срок действия сообщения истёк, оно больше недоступно.", account: "Этот аккаунт заблокирован за нарушение наших условий использования.",
		absent: "К сожалению, эта страница недоступна.", geo: "Этот контент недоступен в вашей стране.", login: "Войдите или зарегистрируйтесь, чтобы продолжить.",
		legal: "Недоступно по юридическим причинам.", hosting: "Сайт заблокирован хостинг-провайдером за нарушение условий.", download: "Скачать",
	},
	"tr": {
		removed: "Bu içerik kullanım koşullarımızı ihlal ettiği için kaldırıldı.", author: "Bu gönderi sahibi tarafından silindi.",
		expired: "Bu mesajın süresi doldu ve artık mevcut değil.", account: "Bu hesap kullanım koşullarımızı ihlal ettiği için askıya alındı.",
		absent: "Üzgünüz, bu sayfa mevcut değil.", geo: "Bu içerik ülkenizde mevcut değil.", login: "Devam etmek için giriş yapın veya kaydolun.",
		legal: "Yasal nedenlerle mevcut değil.", hosting: "Bu web sitesi, koşulları ihlal ettiği için barındırma sağlayıcısı tarafından askıya alındı.", download: "İndir",
	},
	"id": {
		removed: "Konten ini telah dihapus karena melanggar ketentuan layanan kami.", author: "Kiriman ini telah dihapus oleh pembuatnya.",
		expired: "Pesan ini telah kedaluwarsa dan tidak lagi tersedia.", account: "Akun ini telah ditangguhkan karena melanggar ketentuan layanan kami.",
		absent: "Maaf, halaman ini tidak tersedia.", geo: "Konten ini tidak tersedia di negara Anda.", login: "Masuk atau daftar untuk melanjutkan.",
		legal: "Tidak tersedia karena alasan hukum.", hosting: "Situs web ini ditangguhkan oleh penyedia hosting karena melanggar ketentuan.", download: "Unduh",
	},
}

func phrasesIn(language string) phrases {
	if p, ok := phrasesOf[language]; ok {
		return p
	}
	return phrasesOf["en"]
}
