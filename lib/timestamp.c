/* SPDX-License-Identifier: MIT */
/* Fields of fixed width, taken off the front one by one. */
#include "lib/timestamp.h"

#include <time.h>

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000, YEAR_MAX = 9999 };

/* ---- fields ---- */

/* Cuts `width` digits off, then `separator` unless it is 0. */
static bool timestamp_field(struct text *rest, size_t width, char separator, int *out)
{
    size_t len = width + (separator != '\0');
    uint64_t value;

    if (rest->len < len || !text_number((struct text){ rest->at, width }, YEAR_MAX, &value) ||
        (separator != '\0' && rest->at[width] != separator)) {
        return false;
    }
    *rest = (struct text){ rest->at + len, rest->len - len };
    *out = (int)value;
    return true;
}

static int timestamp_days(int year, int month)
{
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 ? 28 + is_leap : 30 + (month + (month > 7)) % 2;
}

static bool timestamp_date(struct text *rest, char separator, struct tm *tm)
{
    int year, month;

    if (!timestamp_field(rest, 4, '-', &year) || !timestamp_field(rest, 2, '-', &month) ||
        !timestamp_field(rest, 2, separator, &tm->tm_mday)) {
        return false;
    }
    tm->tm_year = year - 1900;
    tm->tm_mon = month - 1;
    return year >= 1970 && month >= 1 && month <= 12 && tm->tm_mday >= 1 &&
           tm->tm_mday <= timestamp_days(year, month);
}

/* "10:30", then the separator. */
static bool timestamp_clock(struct text *rest, char separator, struct tm *tm)
{
    size_t width = separator == '\0' && text_find(*rest, ':') == 1 ? 1 : 2; /* people type "9:30" */

    return timestamp_field(rest, width, ':', &tm->tm_hour) &&
           timestamp_field(rest, 2, separator, &tm->tm_min) && tm->tm_hour <= 23 &&
           tm->tm_min <= 59;
}

static bool timestamp_ms(time_t seconds, uint64_t *out_ms)
{
    if (seconds < 0) {
        return false;
    }
    *out_ms = (uint64_t)seconds * 1000;
    return true;
}

/* ---- of programs ---- */

void timestamp_put(uint64_t ms, struct buf *out)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    char text[32];

    (void)gmtime_r(&seconds, &utc);
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    buf_format(out, "%s.%03uZ", text, (unsigned)(ms % 1000));
}

/* ".678Z" or "Z" */
static bool timestamp_fraction(struct text rest, uint64_t *out_ms)
{
    uint64_t ms = 0;
    size_t n = 0;

    if (rest.len < 1 || rest.at[rest.len - 1] != 'Z') {
        return false;
    }
    if (rest.len == 1) {
        *out_ms = 0;
        return true;
    }
    for (; n + 2 < rest.len; n++) {
        char c = rest.at[n + 1];

        if (c < '0' || c > '9' || n >= 9) {
            return false;
        }
        ms += n < 3 ? (uint64_t)(c - '0') * (n == 0 ? 100 : n == 1 ? 10 : 1) : 0;
    }
    *out_ms = ms;
    return rest.at[0] == '.' && n > 0;
}

bool timestamp_read(struct text t, uint64_t *out_ms)
{
    struct tm tm = { .tm_sec = 0 };
    uint64_t fraction, ms;

    if (!timestamp_date(&t, 'T', &tm) || !timestamp_clock(&t, ':', &tm) ||
        !timestamp_field(&t, 2, '\0', &tm.tm_sec) || tm.tm_sec > 60 ||
        !timestamp_fraction(t, &fraction) || !timestamp_ms(timegm(&tm), &ms)) {
        return false;
    }
    *out_ms = ms + fraction;
    return true;
}

/* ---- of people ---- */

/* "2h" */
static bool timestamp_ago(struct text t, uint64_t now_ms, uint64_t *out_ms)
{
    uint64_t n, unit;

    if (t.len < 2) {
        return false;
    }
    switch (text_lower(t.at[t.len - 1])) {
    case 'm': unit = MINUTE_MS; break;
    case 'h': unit = HOUR_MS; break;
    case 'd': unit = DAY_MS; break;
    default: return false;
    }
    if (!text_number((struct text){ t.at, t.len - 1 }, UINT32_MAX, &n)) {
        return false;
    }
    *out_ms = now_ms - u64_min(now_ms, n * unit);
    return true;
}

/* Today at that time; if that is still to come, yesterday. */
static bool timestamp_last(struct tm *at, uint64_t now_ms, uint64_t *out_ms)
{
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm now;

    (void)localtime_r(&seconds, &now);
    at->tm_year = now.tm_year;
    at->tm_mon = now.tm_mon;
    at->tm_mday = now.tm_mday;
    if (at->tm_hour * 60 + at->tm_min > now.tm_hour * 60 + now.tm_min) {
        at->tm_mday--;
    }
    at->tm_isdst = -1;
    return timestamp_ms(mktime(at), out_ms);
}

bool timestamp_read_typed(struct text t, uint64_t now_ms, uint64_t *out_ms)
{
    struct tm tm = { .tm_isdst = -1 };
    struct text rest = t;

    if (timestamp_ago(t, now_ms, out_ms)) {
        return true;
    }
    if (timestamp_clock(&rest, '\0', &tm)) {
        return rest.len == 0 && timestamp_last(&tm, now_ms, out_ms);
    }
    rest = t;
    if (!timestamp_date(&rest, '\0', &tm)) {
        return false;
    }
    rest = text_trim(rest);
    if (rest.len > 0 && (!timestamp_clock(&rest, '\0', &tm) || rest.len > 0)) {
        return false;
    }
    return timestamp_ms(mktime(&tm), out_ms);
}

void timestamp_put_typed(uint64_t ms, uint64_t now_ms, struct buf *out)
{
    time_t seconds = (time_t)(ms / 1000);
    char text[32];
    struct tm tm;
    uint64_t read;

    (void)localtime_r(&seconds, &tm);
    (void)strftime(text, sizeof(text), "%H:%M", &tm);
    if (!timestamp_read_typed(text_of(text), now_ms, &read) || read != ms - ms % MINUTE_MS) {
        (void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
    }
    buf_text_put(out, text_of(text));
}
