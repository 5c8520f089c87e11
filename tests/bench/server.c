/*
 * server: answers every request on a loopback port with a small JSON document, quickly. Prints the
 * port; for each line on its standard input the number of connections that it has accepted and of
 * requests that it has answered so far; ends with its standard input.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 64
enum { INPUT, LISTENER, FIRST };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
			     "Content-Length: 15\r\n\r\n{\"status\":\"ok\"}";

static int listen_somewhere(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return -1;
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

/* A request without a body ends with an empty line; clients here send each in one piece. */
static bool serve(int fd)
{
	char request[8192];
	ssize_t len = read(fd, request, sizeof(request));

	return len >= 4 && memcmp(request + len - 4, "\r\n\r\n", 4) == 0 &&
	       write(fd, answer, sizeof(answer) - 1) > 0;
}

static void accept_one(struct pollfd *polled, nfds_t *count)
{
	int fd = accept(polled[LISTENER].fd, NULL, NULL), on = 1;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	polled[(*count)++] = (struct pollfd){ fd, POLLIN, 0 };
}

int main(void)
{
	struct pollfd polled[FIRST + CONNECTIONS] = { { STDIN_FILENO, POLLIN, 0 },
						      { listen_somewhere(), POLLIN, 0 } };
	nfds_t count = FIRST;
	int accepted = 0, answered = 0;
	char byte;

	while (polled[LISTENER].fd >= 0 && poll(polled, count, -1) > 0) {
		for (nfds_t i = count - 1; i >= FIRST; i--) {
			if (!polled[i].revents)
				continue;
			if (serve(polled[i].fd)) {
				answered++;
				continue;
			}
			close(polled[i].fd);
			polled[i] = polled[--count];
		}
		if (polled[LISTENER].revents && count < FIRST + CONNECTIONS) {
			accept_one(polled, &count);
			accepted++;
		}
		if (!polled[INPUT].revents)
			continue;
		if (read(STDIN_FILENO, &byte, 1) <= 0)
			return 0;
		printf("%d %d\n", accepted, answered);
		fflush(stdout);
	}
	return 1;
}
