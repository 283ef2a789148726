/* The hot part of crowd.py: thousands of sockets read and written by one thread, so cheaply that
 * the server is what is measured. It knows no protocol: a delivery is a byte that is in every text
 * once and nowhere else, an answer is a string, and a post is a frame with digits to fill in.
 *
 * Whoever waits for an answer is heard at once. All others are looked at from time to time: clients
 * are elsewhere, so a server that shares the machine with them must not pay for waking them. Where
 * it is measured when they hear something, that is often.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

enum { EVENTS = 512, BUFFER = 1 << 18, TAIL = 32, DIGITS = 7, NAME = 11, IN_FLIGHT = 64, REFUSED = 256 };
static const double LOOK = 0.005, CLOSE_LOOK = 0.0005;

typedef struct {
    int fd;
    int posts;            /* whether it says anything: it is heard at once then */
    int size, digits[2];  /* of the frame, and where the number of a post is to stand in it */
    char *frame;
    int64_t heard, posted, acked;
    int64_t first; /* number of a post in this open loop */
    int tail_size;
    char tail[TAIL];           /* what may be the beginning of an answer, or of a text's name */
    double sent_at[IN_FLIGHT]; /* posts that are unanswered, at their number modulo this */
} Member;

/* An open loop: post number n is due n / `rate` after it `began`, whatever is answered by then.
 * `order`: the numbers of the posts as the last member, who only reads, hears of them; `latency`
 * of each number: from when it was due until all had heard it. */
typedef struct {
    double rate, began; /* No rate: a new post for each answer. */
    int64_t due, sent, ordered, done;
    int64_t heard_before; /* by each member */
    int32_t *order;
    double *latency;
} Pace;

typedef struct {
    int count, senders; /* the first `senders` post */
    int eager, lazy;    /* epoll */
    int is_posting;
    char mark;
    const char *ack, *refusal;
    int64_t deliveries, acks, room_for; /* `answered` has room for so many */
    int64_t refusals;
    char refused[REFUSED]; /* what was said with the latest of them */
    double *answered;                   /* seconds from each post to its answer */
    Member *members;
    Pace pace;
} Crowd;

static char buffer[BUFFER];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static int64_t count(const char *data, int64_t size, char mark) {
    int64_t found = 0;
    for (int64_t i = 0; i < size; i++) found += data[i] == mark;
    return found;
}

static void post(Member *member, double at) {
    int64_t number = member->posted++;
    member->sent_at[number % IN_FLIGHT] = at;
    for (int place = DIGITS - 1; place >= 0; place--, number /= 10)
        for (int i = 0; i < 2; i++) member->frame[member->digits[i] + place] = '0' + number % 10;
    for (int done = 0; done < member->size;) {
        ssize_t sent = send(member->fd, member->frame + done, member->size - done, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return; /* Reading will tell. */
        if (sent > 0) done += sent;
        else poll(&(struct pollfd){.fd = member->fd, .events = POLLOUT}, 1, 100);
    }
}

/* Joins what was left of the last time with what has come. The end of it, `size` bytes, is left. */
static const char *joined_with_tail(Member *member, int64_t size, const char **end) {
    static char joined[BUFFER + TAIL];
    memcpy(joined, member->tail, member->tail_size);
    memcpy(joined + member->tail_size, buffer, size);
    *end = joined + member->tail_size + size;
    return joined;
}

static void keep_tail(Member *member, const char *from, const char *end) {
    member->tail_size = end - from;
    memcpy(member->tail, from, member->tail_size);
}

/* An answer that was cut in two is heard with its second half. */
static void hear_answers(Crowd *crowd, Member *member, int64_t came) {
    int size = strlen(crowd->ack);
    double at = now();
    const char *end, *data = joined_with_tail(member, came, &end), *all = data;
    while ((data = memmem(data, end - data, crowd->ack, size))) {
        data += size;
        if (crowd->acks < crowd->room_for)
            crowd->answered[crowd->acks] = at - member->sent_at[member->acked % IN_FLIGHT];
        crowd->acks++, member->acked++;
        if (crowd->is_posting && !crowd->pace.rate) post(member, at);
    }
    if ((data = memmem(all, end - all, crowd->refusal, strlen(crowd->refusal)))) {
        crowd->refusals++;
        int said = end - data < REFUSED - 1 ? end - data : REFUSED - 1;
        memcpy(crowd->refused, data, said);
        crowd->refused[said] = 0;
    }
    keep_tail(member, end - all < size ? all : end - (size - 1), end);
}

/* A mark is followed by who says it and the number of their post. */
static void hear_order(Crowd *crowd, Member *member, int64_t came) {
    Pace *pace = &crowd->pace;
    const char *end, *data = joined_with_tail(member, came, &end);
    while ((data = memchr(data, crowd->mark, end - data)) && end - data > NAME) {
        int64_t who = 0, number = 0;
        for (int i = 0; i < NAME - DIGITS; i++) who = who * 10 + *++data - '0';
        for (int i = 0; i < DIGITS; i++) number = number * 10 + *++data - '0';
        if (pace->ordered < pace->due)
            pace->order[pace->ordered++] = (number - crowd->members[who].first) * crowd->senders + who;
    }
    keep_tail(member, data ? data : end, end);
}

/* Reads what there is for this one; false if it was sent away. */
static int hear(Crowd *crowd, Member *member) {
    for (ssize_t size = BUFFER; size == BUFFER;) {
        size = recv(member->fd, buffer, BUFFER, MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
        if (size <= 0) return 0;
        int64_t heard = count(buffer, size, crowd->mark);
        member->heard += heard, crowd->deliveries += heard;
        if (member->posts) hear_answers(crowd, member, size);
        else if (crowd->pace.rate && member == crowd->members + crowd->count - 1) hear_order(crowd, member, size);
    }
    return 1;
}

static int hear_all(Crowd *crowd, int events) {
    struct epoll_event ready[EVENTS];
    int many;
    do {
        many = epoll_wait(events, ready, EVENTS, 0);
        for (int i = 0; i < many; i++)
            if (!hear(crowd, crowd->members + ready[i].data.u32)) return 0;
    } while (many == EVENTS);
    return 1;
}

/* Posts that all have heard are done, in the order in which they are heard. */
static void finish_posts(Crowd *crowd) {
    Pace *pace = &crowd->pace;
    int64_t least = INT64_MAX;
    for (int i = 0; i < crowd->count; i++)
        if (crowd->members[i].heard < least) least = crowd->members[i].heard;
    for (double at = now(); pace->done < least - pace->heard_before && pace->done < pace->ordered; pace->done++) {
        int64_t number = pace->order[pace->done];
        pace->latency[number] = at - (pace->began + number / pace->rate);
    }
}

static void post_what_is_due(Crowd *crowd, double at) {
    Pace *pace = &crowd->pace;
    while (crowd->is_posting && pace->sent < pace->due && pace->began + pace->sent / pace->rate <= at)
        post(crowd->members + pace->sent++ % crowd->senders, at);
}

/* The members as they are now; those who post are heard at once. */
void crowd_enter(Crowd *crowd, int from) {
    for (int i = from; i < crowd->count; i++) {
        struct epoll_event wanted = {.events = EPOLLIN | EPOLLET, .data.u32 = i};
        epoll_ctl(crowd->members[i].posts ? crowd->eager : crowd->lazy, EPOLL_CTL_ADD, crowd->members[i].fd, &wanted);
    }
}

/* So many first posts of each sender, which nobody has answered yet. */
void crowd_begin(Crowd *crowd, int in_flight) {
    for (int i = 0; i < crowd->senders * in_flight; i++) post(crowd->members + i % crowd->senders, now());
}

/* Lets them talk for so long. False if one of them was sent away. */
int crowd_run(Crowd *crowd, double seconds) {
    double at = now(), until = at + seconds, look = at;
    struct pollfd answers = {.fd = crowd->eager, .events = POLLIN};
    do {
        if (crowd->pace.rate) post_what_is_due(crowd, at);
        if (at >= look) {
            if (!hear_all(crowd, crowd->lazy)) return 0;
            if (crowd->pace.rate) finish_posts(crowd);
            look = now() + (crowd->pace.rate ? CLOSE_LOOK : LOOK);
        }
        double wait = look - now();
        struct timespec time = {.tv_nsec = wait > 0 ? wait * 1e9 : 0};
        if (ppoll(&answers, 1, &time, NULL) > 0 && !hear_all(crowd, crowd->eager)) return 0;
    } while ((at = now()) < until);
    return 1;
}
