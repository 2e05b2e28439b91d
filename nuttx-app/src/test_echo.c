/* SPDX-License-Identifier: Apache-2.0 */

/* The command `thimble_test_echo PORT TEXT`: sends a text to a program that listens on the
 * loopback interface, and prints what it answers. */

#include <nuttx/config.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Seconds that the program has for its answer. */
#define PATIENCE 5

static int talk(int connection, const char *text)
{
    struct timeval patience = {.tv_sec = PATIENCE};
    size_t length = strlen(text);
    size_t count = 0;
    char answer[64];

    if (length > sizeof(answer) || send(connection, text, length, 0) != (ssize_t)length) {
        return 1;
    }
    (void)setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    while (count < length) {
        ssize_t part = recv(connection, answer + count, length - count, 0);

        if (part <= 0) {
            return 1;
        }
        count += (size_t)part;
    }
    printf("answer: %.*s\n", (int)count, answer);
    return 0;
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    if (argc != 3) {
        fprintf(stderr, "usage: %s PORT TEXT\n", argv[0]);
        return 1;
    }
    address.sin_port = htons((uint16_t)atoi(argv[1]));

    int connection = socket(AF_INET, SOCK_STREAM, 0);
    int status = 1;

    if (connection < 0 ||
        connect(connection, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror(argv[0]);
    } else {
        status = talk(connection, argv[2]);
    }
    if (connection >= 0) {
        (void)close(connection);
    }
    return status;
}
