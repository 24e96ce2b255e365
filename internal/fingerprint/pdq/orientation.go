package pdq

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a camera held the picture (EXIF tag 0x0112), 1 to 8;
// 1 where the file does not say. What cannot be read counts as not said.
func orientation(format string, data []byte) int {
	exif := []byte(nil)
	switch format {
	case "jpeg":
		exif = exifInJPEG(data)
	case "png":
		exif = exifInPNG(data)
	case "webp":
		exif = exifInWebP(data)
	}
	if o := orientationTag(exif); o >= 1 && o <= 8 {
		return o
	}
	return 1
}

// exifInJPEG walks the segments before the picture data.
func exifInJPEG(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xFF; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xFF { // fill byte
			at++
			continue
		}
		if marker == 0xDA || size < 2 || at+2+size > len(data) {
			return nil
		}
		body := data[at+4 : at+2+size]
		if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == 0xE1 {
			return exif
		}
		at += 2 + size
	}
	return nil
}

func exifInPNG(data []byte) []byte {
	for at := 8; at+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		kind := string(data[at+4 : at+8])
		if size > len(data)-at-12 || kind == "IDAT" {
			return nil
		}
		if kind == "eXIf" {
			return data[at+8 : at+8+size]
		}
		at += 12 + size
	}
	return nil
}

func exifInWebP(data []byte) []byte {
	for at := 12; at+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		if size > len(data)-at-8 {
			return nil
		}
		if string(data[at:at+4]) == "EXIF" {
			return bytes.TrimPrefix(data[at+8:at+8+size], []byte("Exif\x00\x00"))
		}
		at += 8 + size + size&1
	}
	return nil
}

// orientationTag looks through the first directory of a TIFF structure.
func orientationTag(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at > len(tiff)-2 {
		return 0
	}
	count := int(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			return int(order.Uint16(tiff[entry+8:]))
		}
	}
	return 0
}

// upright turns a picture as the camera's note asks.
func upright(p Picture, orientation int) Picture {
	if orientation <= 1 || orientation > 8 {
		return p
	}
	w, h := p.Size()
	out := &Plane{Width: w, Height: h, Pix: make([]float32, w*h)}
	if orientation >= 5 {
		out.Width, out.Height = h, w
	}
	row := make([]float32, w)
	for y := range h {
		p.Luma(y, row)
		for x, v := range row {
			out.Pix[out.place(orientation, x, y, w, h)] = v
		}
	}
	return out
}

// place says where the pixel at x, y of a w by h picture comes to lie.
func (p *Plane) place(orientation, x, y, w, h int) int {
	switch orientation {
	case 2:
		x = w - 1 - x
	case 3:
		x, y = w-1-x, h-1-y
	case 4:
		y = h - 1 - y
	case 5:
		x, y = y, x
	case 6:
		x, y = h-1-y, x
	case 7:
		x, y = h-1-y, w-1-x
	case 8:
		x, y = y, w-1-x
	}
	return y*p.Width + x
}
