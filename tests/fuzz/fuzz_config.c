/* SPDX-License-Identifier: MIT */
/* Configuration files: any bytes are refused with a reason or give a configuration that, printed
 * and read again, prints the same. */
#include "app/config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *__lsan_default_suppressions(void);

/* libconfig 1.5 loses what it was collecting when it meets a syntax error: text, included files. */
const char *__lsan_default_suppressions(void)
{
    return "leak:strbuf_append\nleak:libconfig_yylex\n";
}

static void fuzz_assert(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

/* As a file: its path, and its descriptor in *out_fd. */
static void fuzz_file(const void *bytes, size_t len, int *out_fd, char path[64])
{
    *out_fd = memfd_create("config", MFD_CLOEXEC);
    fuzz_assert(*out_fd >= 0);
    fuzz_assert(write(*out_fd, bytes, len) == (ssize_t)len);
    (void)snprintf(path, 64, "/proc/self/fd/%d", *out_fd);
}

static int fuzz_load(const void *bytes, size_t len, struct config *config)
{
    struct config_error error = { .line = 0 };
    owned_fd int fd = -1;
    char path[64];
    int r;

    fuzz_file(bytes, len, &fd, path);
    r = config_load(config, path, &error);
    fuzz_assert(r == 0 || r == CONFIG_BAD);
    if (r == CONFIG_BAD) {
        char space[1024];
        struct buf words = buf_over(space, sizeof(space));

        config_error_print(&error, &words);
        fuzz_assert(!words.full && words.len > 0 && strlen(error.reason) > 0);
    }
    return r;
}

static char *fuzz_print(const struct config *config, size_t *out_len)
{
    char *printed = NULL;
    FILE *stream = open_memstream(&printed, out_len);

    fuzz_assert(stream != NULL && config_print(config, stream) == 0);
    (void)fclose(stream);
    return printed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config = { .limits = { 0 } }, again = { .limits = { 0 } };
    size_t len, len_again;
    char *printed, *printed_again;

    if (fuzz_load(data, size, &config) != 0) {
        config_fini(&config);
        return 0;
    }
    printed = fuzz_print(&config, &len);
    fuzz_assert(fuzz_load(printed, len, &again) == 0);
    printed_again = fuzz_print(&again, &len_again);
    fuzz_assert(len == len_again && memcmp(printed, printed_again, len) == 0);
    free(printed);
    free(printed_again);
    config_fini(&config);
    config_fini(&again);
    return 0;
}
