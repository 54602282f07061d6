/* SPDX-License-Identifier: MIT */
/* Formats. What nearly all of ours are made of is put together here, at a tenth of what printf(3)
 * costs, since thousands may be greeted at once; any other directive is printf's. */
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

enum { FORMAT_DETOUR = 1024 };

enum directive {
    DIRECTIVE_OTHER,
    DIRECTIVE_STRING,   /* %s */
    DIRECTIVE_TEXT,     /* %.*s */
    DIRECTIVE_UNSIGNED, /* %u */
    DIRECTIVE_LONG,     /* %llu */
    DIRECTIVE_SIZE,     /* %zu */
    DIRECTIVE_INT,      /* %d */
    DIRECTIVE_CHAR,     /* %c */
    DIRECTIVE_PERCENT,  /* %% */
};

/* The directive behind a '%', which is cut off `rest` unless it is another. */
static enum directive format_cut(const char **rest)
{
    static const struct {
        const char *letters;
        enum directive directive;
    } LONGER[] = { { ".*s", DIRECTIVE_TEXT }, { "llu", DIRECTIVE_LONG }, { "zu", DIRECTIVE_SIZE } };

    switch (*(*rest)++) {
    case 's': return DIRECTIVE_STRING;
    case 'u': return DIRECTIVE_UNSIGNED;
    case 'd': return DIRECTIVE_INT;
    case 'c': return DIRECTIVE_CHAR;
    case '%': return DIRECTIVE_PERCENT;
    default: break;
    }
    (*rest)--;
    for (size_t i = 0; i < ARRAY_SIZE(LONGER); i++) {
        size_t len = strlen(LONGER[i].letters);

        if (strncmp(*rest, LONGER[i].letters, len) == 0) {
            *rest += len;
            return LONGER[i].directive;
        }
    }
    return DIRECTIVE_OTHER;
}

static void format_put_int(struct buf *out, int value)
{
    if (value < 0) {
        buf_char(out, '-');
    }
    buf_number(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* "%.*s": as many bytes, or fewer if there is a NUL; a negative number is none (printf(3)). */
static void format_put_text(struct buf *out, int len, const char *at)
{
    if (len != 0) { /* else there may be no text at all */
        buf_put(out, at, len < 0 ? strlen(at) : strnlen(at, (size_t)len));
    }
}

/* False: there is a directive that is not ours. */
static bool format_put_all(struct buf *out, const char *format, va_list *arguments)
{
    for (;;) {
        size_t len = (size_t)(strchrnul(format, '%') - format);
        int n;

        buf_put(out, format, len);
        if (format[len] == '\0') {
            return true;
        }
        format += len + 1;
        switch (format_cut(&format)) {
        case DIRECTIVE_OTHER: return false;
        case DIRECTIVE_STRING: buf_text_put(out, text_of(va_arg(*arguments, const char *))); break;
        case DIRECTIVE_TEXT:
            n = va_arg(*arguments, int);
            format_put_text(out, n, va_arg(*arguments, const char *));
            break;
        case DIRECTIVE_UNSIGNED: buf_number(out, va_arg(*arguments, unsigned)); break;
        case DIRECTIVE_LONG: buf_number(out, va_arg(*arguments, unsigned long long)); break;
        case DIRECTIVE_SIZE: buf_number(out, va_arg(*arguments, size_t)); break;
        case DIRECTIVE_INT: format_put_int(out, va_arg(*arguments, int)); break;
        case DIRECTIVE_CHAR: buf_char(out, (char)va_arg(*arguments, int)); break;
        case DIRECTIVE_PERCENT: buf_char(out, '%'); break;
        }
    }
}

void buf_format(struct buf *b, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    buf_vformat(b, format, arguments);
    va_end(arguments);
}

/* vsnprintf() ends what it writes with a NUL, which may be the one byte too many. A result that
 * fits but for it goes through a detour; one that is longer than the detour as well counts as too
 * long. */
format_like(2, 0) static void format_print(struct buf *b, const char *format, va_list arguments)
{
    char detour[FORMAT_DETOUR];
    va_list again;
    int n;

    va_copy(again, arguments);
    n = vsnprintf(detour, sizeof(detour), format, again);
    va_end(again);
    if (n >= 0 && (size_t)n < sizeof(detour)) {
        buf_put(b, detour, (size_t)n);
    } else if (n >= 0 && (size_t)n < buf_space(b)) {
        (void)vsnprintf(b->at + b->len, buf_space(b), format, arguments);
        b->len += (size_t)n;
    } else {
        b->full = true;
    }
}

void buf_vformat(struct buf *b, const char *format, va_list arguments)
{
    char detour_space[FORMAT_DETOUR];
    struct buf detour = buf_over(detour_space, sizeof(detour_space));
    va_list ours;
    bool is_ours;

    va_copy(ours, arguments);
    is_ours = format_put_all(&detour, format, &ours);
    va_end(ours);
    if (is_ours && !detour.full) {
        buf_text_put(b, buf_text(&detour));
    } else {
        format_print(b, format, arguments);
    }
}
