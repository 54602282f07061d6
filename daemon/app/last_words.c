/* SPDX-License-Identifier: MIT */
/* One store in a signal handler. The pointer is global because a handler is given nothing else. */
#include "app/last_words.h"

#include <signal.h>
#include <unistd.h>

static struct in_hand *volatile last_words_place; /* borrowed */

#ifdef __SANITIZE_ADDRESS__
enum { LAST_WORDS_IS_ON = false };
#else
enum { LAST_WORDS_IS_ON = true };
#endif

static const int LAST_WORDS_SIGNALS[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };

/* SA_RESETHAND: the second time the signal has its default effect. */
static void last_words_note(int signo)
{
    struct in_hand *place = last_words_place;

    /* Another thread's fault is not that of what this one had in hand. */
    if (place != NULL && gettid() == getpid()) {
        place->signal = (uint16_t)signo;
    }
    (void)raise(signo);
}

static void last_words_install(void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler,
                                .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };

    for (size_t i = 0; LAST_WORDS_IS_ON && i < ARRAY_SIZE(LAST_WORDS_SIGNALS); i++) {
        (void)sigaction(LAST_WORDS_SIGNALS[i], &action, NULL);
    }
}

void last_words_start(struct in_hand *in_hand)
{
    last_words_place = in_hand;
    last_words_install(last_words_note);
}

void last_words_stop(void)
{
    last_words_place = NULL;
    last_words_install(SIG_DFL);
}
