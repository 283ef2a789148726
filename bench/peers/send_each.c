/* A chat in C: whatever one says is sent to each, by one send() for each, and stored nowhere.
 *
 *     send_each PORT
 *
 * One thread, epoll, RFC 6455 as far as well-behaved clients need it: the handshake, masked text
 * frames of up to 64 KiB, close. This is about what the kernel allows a program that does not join
 * what it sends. A send waits where a reader's buffer is full, so that nothing is ever lost.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 16384, BUFFER = 1 << 17, PAYLOAD = 65535, EVENTS = 256 };

typedef struct {
    int fd, place; /* in the room; -1 outside of it */
    size_t filled;
    unsigned char *buffer;
} Client;

static Client *room[MOST];
static int present;

static uint32_t rolled(uint32_t word, int by) { return word << by | word >> (32 - by); }

/* SHA-1 of less than 120 bytes: the handshake needs no more. */
static void sha1(const char *text, size_t size, unsigned char digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, w[80];
    unsigned char blocks[128] = {0};
    size_t count = size < 56 ? 1 : 2;
    memcpy(blocks, text, size);
    blocks[size] = 0x80;
    blocks[count * 64 - 2] = size * 8 >> 8;
    blocks[count * 64 - 1] = size * 8;
    for (unsigned char *block = blocks; block < blocks + count * 64; block += 64) {
        for (int i = 0; i < 16; i++)
            w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
        for (int i = 16; i < 80; i++) w[i] = rolled(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
            static const uint32_t k[4] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
            uint32_t next = rolled(a, 5) + f + e + k[i / 20] + w[i];
            e = d, d = c, c = rolled(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - i % 4 * 8);
}

static void base64(const unsigned char *bytes, char text[29]) { /* of 20 bytes */
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char padded[21] = {0};
    memcpy(padded, bytes, 20);
    for (int i = 0; i < 7; i++) {
        uint32_t three = padded[3 * i] << 16 | padded[3 * i + 1] << 8 | padded[3 * i + 2];
        for (int j = 0; j < 4; j++) text[4 * i + j] = digits[three >> (18 - 6 * j) & 63];
    }
    text[27] = '=', text[28] = 0;
}

static void send_all(int fd, const void *data, size_t size) {
    while (size) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return; /* Gone; epoll will tell. */
        data = (const char *)data + sent, size -= sent;
    }
}

static size_t frame(unsigned char *out, const void *payload, size_t size) {
    size_t head = 2;
    out[0] = 0x81;
    if (size < 126) out[1] = size;
    else out[1] = 126, out[2] = size >> 8, out[3] = size, head = 4;
    memcpy(out + head, payload, size);
    return head + size;
}

static void leave(Client *client) {
    if (client->place >= 0) {
        room[client->place] = room[--present];
        room[client->place]->place = client->place;
    }
    close(client->fd);
    free(client->buffer);
    free(client);
}

static void said(Client *client, const unsigned char *payload, size_t size) {
    static const char hello[] = "{\"id\":0,\"type\":\"hello\"}", ok[] = "{\"id\":1,\"type\":\"ok\"}";
    static unsigned char out[PAYLOAD + 4], answer[64];
    if (memmem(payload, size, "\"type\":\"hello\"", 14)) {
        client->place = present, room[present++] = client;
        send_all(client->fd, answer, frame(answer, hello, sizeof hello - 1));
        return;
    }
    size_t framed = frame(out, payload, size);
    for (int i = 0; i < present; i++) send_all(room[i]->fd, out, framed);
    send_all(client->fd, answer, frame(answer, ok, sizeof ok - 1));
}

/* How many bytes of the buffer were a request; 0: it is not whole yet. Closes after any but /ws. */
static size_t handshake(Client *client, int *gone) {
    char *end = memmem(client->buffer, client->filled, "\r\n\r\n", 4), answer[256], joined[64], accept[29];
    unsigned char digest[20];
    if (!end) return 0;
    end[2] = 0;
    char *key = strcasestr((char *)client->buffer, "\r\nSec-WebSocket-Key: ");
    if (!key) {
        static const char ready[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nready";
        send_all(client->fd, ready, sizeof ready - 1);
        *gone = 1;
        return 0;
    }
    int size = snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 21);
    sha1(joined, size, digest);
    base64(digest, accept);
    size = snprintf(answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
        accept);
    send_all(client->fd, answer, size);
    return end + 4 - (char *)client->buffer;
}

/* How many bytes of these were a frame; 0: it is not whole yet. */
static size_t heard(Client *client, unsigned char *data, size_t filled, int *gone) {
    if (filled < 6) return 0;
    size_t size = data[1] & 127, head = 2;
    if (size == 126) size = data[2] << 8 | data[3], head = 4;
    if ((data[0] & 15) != 1 || !(data[1] & 128) || (data[1] & 127) == 127) { *gone = 1; return 0; }
    if (filled < head + 4 + size) return 0;
    unsigned char *mask = data + head, *payload = mask + 4;
    for (size_t i = 0; i < size; i++) payload[i] ^= mask[i & 3];
    said(client, payload, size);
    return head + 4 + size;
}

static void take(Client *client) {
    ssize_t size = recv(client->fd, client->buffer + client->filled, BUFFER - client->filled, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    int gone = size <= 0;
    size_t done = 0, used = 1;
    if (!gone) client->filled += size;
    static unsigned char upgraded[1 << 20];
    while (!gone && used && done < client->filled) {
        if (!upgraded[client->fd]) upgraded[client->fd] = (used = handshake(client, &gone)) > 0;
        else used = heard(client, client->buffer + done, client->filled - done, &gone);
        done += used;
    }
    if (gone) {
        upgraded[client->fd] = 0;
        leave(client);
        return;
    }
    memmove(client->buffer, client->buffer + done, client->filled -= done);
}

int main(int count, char **arguments) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), events = epoll_create1(0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 0),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return perror("listen"), 1;
    struct epoll_event ready[EVENTS], wanted = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(events, EPOLL_CTL_ADD, listener, &wanted);
    for (;;) {
        int many = epoll_wait(events, ready, EVENTS, -1);
        for (int i = 0; i < many; i++) {
            if (ready[i].data.ptr) {
                take(ready[i].data.ptr);
                continue;
            }
            Client *client = calloc(1, sizeof *client);
            client->fd = accept(listener, NULL, NULL), client->place = -1;
            client->buffer = malloc(BUFFER);
            setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            wanted.data.ptr = client;
            epoll_ctl(events, EPOLL_CTL_ADD, client->fd, &wanted);
        }
    }
}
