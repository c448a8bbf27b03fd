/* Replays a corpus folder through a fuzz target, so that every past finding is a test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return -1;
    uint8_t *data = NULL;
    size_t size = 0, got;
    uint8_t block[65536];
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        uint8_t *grown = realloc(data, size + got);
        if (!grown) abort();
        data = grown;
        for (size_t i = 0; i < got; i++) data[size + i] = block[i];
        size += got;
    }
    fclose(file);
    LLVMFuzzerTestOneInput(data ? data : (const uint8_t *)"", size);
    free(data);
    return 0;
}

int main(int argc, char **argv) {
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) continue;
        for (struct dirent *entry; (entry = readdir(folder));) {
            if (entry->d_name[0] == '.') continue;
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (replay_file(path) == 0) count++;
        }
        closedir(folder);
    }
    printf("%zu inputs replayed\n", count);
    return count > 0 ? 0 : 1; /* an empty corpus tests nothing */
}
