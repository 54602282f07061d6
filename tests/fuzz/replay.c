/* SPDX-License-Identifier: MIT */
/* A main() for the fuzz targets where there is no libFuzzer: runs the target over the files, or the
 * files of the folders, that are named on the command line. So every input that was interesting
 * once stays a test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { REPLAY_FILE_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of its exact size, so that the address sanitizer sees a read behind the end. */
static int replay_file(const char *path)
{
    static uint8_t bytes[REPLAY_FILE_MAX];
    FILE *file = fopen(path, "rbe");
    uint8_t *exact;
    size_t n;

    if (file == NULL) {
        perror(path);
        return -1;
    }
    n = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    exact = malloc(n == 0 ? 1 : n);
    if (exact == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        exact[i] = bytes[i];
    }
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return 1;
}

static int replay_folder(const char *path)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort), n_run = 0;

    if (n < 0) {
        perror(path);
        return -1;
    }
    for (int i = 0; i < n; i++) {
        char file[4096];

        (void)snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
        if (n_run >= 0 && entries[i]->d_name[0] != '.') {
            n_run = replay_file(file) < 0 ? -1 : n_run + 1;
        }
        free(entries[i]);
    }
    free(entries);
    return n_run;
}

int main(int argc, char **argv)
{
    int n_run = 0;

    for (int i = 1; i < argc; i++) {
        struct stat status;
        int n = stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode) ? replay_folder(argv[i])
                                                                       : replay_file(argv[i]);

        if (n <= 0) {
            (void)fprintf(stderr, "%s: nothing to run\n", argv[i]);
            return EXIT_FAILURE;
        }
        n_run += n;
    }
    (void)printf("%d inputs\n", n_run);
    return EXIT_SUCCESS;
}
