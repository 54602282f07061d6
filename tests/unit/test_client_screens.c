/* SPDX-License-Identifier: MIT */
/* Golden screens: the scripts in tests/screens say what a server sends and which keys are pressed,
 * and show what is sent and what is seen. A run writes its script anew, with what was really sent
 * and seen, and both must be equal. SCREENS_WRITE=1 keeps what was written: then read the
 * difference. support/screen_script.h has the steps. */
#include "support/screen_script.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct desk_rig rig;
static char script[SCRIPT_MAX], written[SCRIPT_MAX];

static void write_script(const char *path, struct text t)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(t.at, 1, t.len, file), t.len);
    assert_int_equal(fclose(file), 0);
}

/* NULL if both are equal, else the first line of `a` that differs. */
static const char *first_difference(struct text a, struct text b)
{
    static char where[512];

    while (a.len > 0 || b.len > 0) {
        struct text x = text_cut(&a, '\n'), y = text_cut(&b, '\n');

        if (!text_equal(x, y)) {
            (void)snprintf(where, sizeof(where), "is      |%.*s|\nexpected|%.*s|", TEXT_ARG(x),
                           TEXT_ARG(y));
            return where;
        }
    }
    return NULL;
}

static bool run_file(const char *name)
{
    char path[512];
    struct buf out = buf_over(written, sizeof(written));
    const char *difference;
    struct text text;

    (void)snprintf(path, sizeof(path), "screens/%s", name);
    text = script_read(path, script);
    script_run(&rig, text, &out);
    desk_rig_end(&rig);
    difference = first_difference(buf_text(&out), text);
    if (difference != NULL && getenv("SCREENS_WRITE") != NULL) {
        write_script(path, buf_text(&out));
        return true;
    }
    if (difference != NULL) {
        print_error("%s:\n%s\n%.*s\n", path, difference, TEXT_ARG(buf_text(&out)));
    }
    return difference == NULL;
}

static int is_script(const struct dirent *entry)
{
    return strstr(entry->d_name, ".screen") != NULL;
}

static void every_script_shows_what_it_says(void **state)
{
    struct dirent **entries;
    int n = scandir("screens", &entries, is_script, alphasort), n_wrong = 0;

    (void)state;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        n_wrong += run_file(entries[i]->d_name) ? 0 : 1;
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_script_shows_what_it_says) };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
