// Accepts connections on the listening socket that the host opened as descriptor 3 and sends
// back what each sends, one connection at a time, until as many were served as the argument
// says (without it: for ever).

#include "wasi.h"

enum { LISTENER = 3 };

static uint16_t echo(uint32_t socket, uint64_t *echoed) {
    static char buffer[256];
    iovec room = {buffer, sizeof buffer};
    for (;;) {
        size_t length;
        uint16_t flags;
        uint16_t error = sock_recv(socket, &room, 1, 0, &length, &flags);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
        if (length == 0) {
            return sock_shutdown(socket, SDFLAGS_BOTH);
        }
        for (size_t sent = 0; sent < length;) {
            ciovec rest = {buffer + sent, length - sent};
            size_t count;
            error = sock_send(socket, &rest, 1, 0, &count);
            if (error != ERRNO_SUCCESS) {
                return error;
            }
            sent += count;
        }
        *echoed += length;
    }
}

static const char usage[] = "usage: echo-server [CONNECTIONS]\n";

__attribute__((export_name("_start")))
void start(void) {
    char **given;
    uint64_t connections = arguments(&given) > 0 ? parse(given[0], usage) : UINT64_MAX;
    for (; connections > 0; connections--) {
        uint32_t socket;
        uint64_t echoed = 0;
        uint16_t error = sock_accept(LISTENER, 0, &socket);
        if (error == ERRNO_SUCCESS) {
            error = echo(socket, &echoed);
            fd_close(socket);
        }
        if (error != ERRNO_SUCCESS) {
            complain("echo-server", NULL, error);
            proc_exit(1);
        }
        print_number(echoed, " bytes echoed\n");
    }
}
