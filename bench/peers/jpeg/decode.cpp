// libjpeg-turbo decoding files to pixels, without any fingerprint.
//
//	decode FILE...
//
// The line "rgb" or "luma" is a round over all files.
#include "peer.h"
#include <jpeglib.h>

static long decode(const std::vector<uint8_t>& file, bool luma) {
    jpeg_decompress_struct d;
    jpeg_error_mgr errors;
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, file.data(), file.size());
    jpeg_read_header(&d, TRUE);
    d.out_color_space = luma ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&d);
    std::vector<uint8_t> row(size_t(d.output_width) * size_t(d.output_components));
    uint8_t* rows[1] = {row.data()};
    long sum = 0;
    while (d.output_scanline < d.output_height) {
        jpeg_read_scanlines(&d, rows, 1);
        sum += row[0];
    }
    jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    return sum;
}

int main(int argc, char** argv) {
    std::vector<std::vector<uint8_t>> files;
    for (int i = 1; i < argc; i++) files.push_back(bytes_of(argv[i]));
    ready(0, 0, 0);
    rounds([&](const std::string& line) {
        long sum = 0;
        for (auto& f : files) sum += decode(f, line.rfind("luma", 0) == 0);
        return sum;
    });
}
