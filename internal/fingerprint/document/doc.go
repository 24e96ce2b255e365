// Package document takes the text out of documents that are handed in or
// linked: PDF, and office files (.docx, .odt, .pptx, .odp, .xlsx, .ods). The
// text is for the fingerprint of texts, so its order and words count, its looks
// do not.
//
// PDF is read by pdftotext, which a [Runner] provided by the caller walls off.
// Office files are archives of XML and are read here, with a bound on
// everything a hostile file can make large: entries, unpacked bytes, depth,
// text. An XML document type, through which entities could be defined, is
// refused; the standard library resolves no others.
package document
