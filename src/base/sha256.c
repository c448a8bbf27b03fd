/* SHA-256 through libcrypto: content ids of networks, hashes of inputs. */
#include <dirent.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

struct hsd_sha256 {
    EVP_MD_CTX *context;
};

hsd_status hsd_sha256_create(hsd_sha256 **out, hsd_error *err) {
    *out = NULL;
    hsd_sha256 *hash = hsd_calloc(1, sizeof *hash, err);
    if (!hash) return HSD_E_MEMORY;
    hash->context = EVP_MD_CTX_new();
    if (!hash->context || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        hsd_sha256_destroy(hash);
        return hsd_fail(err, HSD_E_INTERNAL, "libcrypto has no SHA-256 here");
    }
    *out = hash;
    return HSD_OK;
}

void hsd_sha256_add(hsd_sha256 *hash, const void *data, size_t size) {
    EVP_DigestUpdate(hash->context, data, size);
}

void hsd_sha256_end(hsd_sha256 *hash, uint8_t digest[32], char hex[65]) {
    uint8_t bytes[32];
    EVP_DigestFinal_ex(hash->context, bytes, NULL);
    if (digest) memcpy(digest, bytes, 32);
    if (!hex) return;
    for (int i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

void hsd_sha256_destroy(hsd_sha256 *hash) {
    if (!hash) return;
    EVP_MD_CTX_free(hash->context);
    hsd_free(hash);
}

static hsd_status add_file(hsd_sha256 *hash, const char *path, hsd_error *err) {
    FILE *file = fopen(path, "rb");
    if (!file) return hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    uint8_t block[16384];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0) hsd_sha256_add(hash, block, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? hsd_fail(err, HSD_E_OPEN, "%s: cannot be read", path) : HSD_OK;
}

static hsd_status add_path(hsd_sha256 *hash, const char *path, int depth, hsd_error *err);

static hsd_status add_folder(hsd_sha256 *hash, const char *path, int depth, hsd_error *err) {
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) return hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    hsd_status status = HSD_OK;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (status == HSD_OK && name[0] != '.') {
            char *below = hsd_path_join(path, name, err);
            status = below ? HSD_OK : HSD_E_MEMORY;
            if (below) {
                hsd_sha256_add(hash, name,
                               strlen(name) + 1); /* names count, folders' paths do not */
                status = add_path(hash, below, depth + 1, err);
            }
            hsd_free(below);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static hsd_status add_path(hsd_sha256 *hash, const char *path, int depth, hsd_error *err) {
    struct stat info;
    if (stat(path, &info) != 0) return hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(info.st_mode)) return add_file(hash, path, err);
    if (depth > 8) return hsd_fail(err, HSD_E_OPEN, "%s: folders nested too deep", path);
    return add_folder(hash, path, depth, err);
}

hsd_status hsd_sha256_path(const char *path, char hex[65], hsd_error *err) {
    hsd_sha256 *hash;
    hsd_status status = hsd_sha256_create(&hash, err);
    if (status != HSD_OK) return status;
    status = add_path(hash, path, 0, err);
    if (status == HSD_OK) hsd_sha256_end(hash, NULL, hex);
    hsd_sha256_destroy(hash);
    return status;
}
