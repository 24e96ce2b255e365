// FAISS as python-threatexchange uses it: IndexBinaryMultiHash(256, 16, 16) with
// one flip a slot, one query a call; or IndexBinaryFlat.
//
//	index multi|flat HASHES QUERIES RADIUS
//
// Both files hold 32 bytes for each hash. The line "hits FILE N" writes the hits of
// the first N queries, "query key distance" each; the line "N" is a round over the
// first N queries.
#include "peer.h"
#include <faiss/IndexBinaryFlat.h>
#include <faiss/IndexBinaryHash.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <memory>
#include <omp.h>
#include <unistd.h>

static double resident() {
    long pages = 0, all = 0;
    FILE* f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &all, &pages) != 2) pages = 0;
    if (f) fclose(f);
    return double(pages) * double(sysconf(_SC_PAGESIZE));
}

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    omp_set_num_threads(1);
    std::vector<uint8_t> hashes = bytes_of(argv[2]), queries = bytes_of(argv[3]);
    int within = atoi(argv[4]) + 1; // FAISS finds what is nearer than
    double before = resident(), clock = clock_seconds(), cpu = thread_seconds();
    std::unique_ptr<faiss::IndexBinary> index;
    if (std::string(argv[1]) == "multi") {
        auto* multi = new faiss::IndexBinaryMultiHash(256, 16, 16);
        multi->nflip = (within - 1) / 16;
        index.reset(multi);
    } else {
        index.reset(new faiss::IndexBinaryFlat(256));
    }
    index->add(long(hashes.size() / 32), hashes.data());
    cpu = thread_seconds() - cpu;
    ready(clock_seconds() - clock, cpu, resident() - before);
    rounds([&](const std::string& line) {
        FILE* out = nullptr;
        long n = atol(line.c_str());
        if (line.rfind("hits ", 0) == 0) {
            size_t end = line.rfind(' ');
            n = atol(line.c_str() + end);
            out = fopen(line.substr(5, end - 5).c_str(), "w");
            if (!out) exit(1);
        }
        long hits = 0;
        n = std::min(n, long(queries.size() / 32));
        for (long q = 0; q < n; q++) {
            faiss::RangeSearchResult found(1);
            index->range_search(1, queries.data() + 32 * q, within, &found);
            hits += long(found.lims[1]);
            if (out)
                for (size_t i = 0; i < found.lims[1]; i++) fprintf(out, "%ld %ld %d\n", q, long(found.labels[i]), int(found.distances[i]));
        }
        if (out) fclose(out);
        return hits;
    });
}
