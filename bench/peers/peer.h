// What every peer here has in common: it prepares, prints a line of JSON, and then
// does one round of its work for every line it is sent, answering each with a line
// of JSON. So rounds of peer and product can be taken by turns.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <time.h>
#include <vector>

inline double seconds(clockid_t id) {
    timespec t;
    clock_gettime(id, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}
// The processor time of this thread, as getrusage(RUSAGE_THREAD) counts it, to the nanosecond.
inline double thread_seconds() { return seconds(CLOCK_THREAD_CPUTIME_ID); }
inline double clock_seconds() { return seconds(CLOCK_MONOTONIC); }

inline std::vector<uint8_t> bytes_of(const char* path) {
    std::ifstream f(path, std::ios::binary);
    if (!f) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    return std::vector<uint8_t>((std::istreambuf_iterator<char>(f)), std::istreambuf_iterator<char>());
}

inline void ready(double clock, double cpu, double bytes) {
    printf("{\"clock_seconds\":%.9f,\"thread_seconds\":%.9f,\"bytes\":%.0f}\n", clock, cpu, bytes);
    fflush(stdout);
}

// rounds calls work, which returns a count, once for every line.
template <class Work> void rounds(Work work) {
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        double clock = clock_seconds(), cpu = thread_seconds();
        long count = work(std::string(line));
        cpu = thread_seconds() - cpu;
        clock = clock_seconds() - clock;
        printf("{\"clock_seconds\":%.9f,\"thread_seconds\":%.9f,\"count\":%ld}\n", clock, cpu, count);
        fflush(stdout);
    }
}
