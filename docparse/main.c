/* doxin-docparse: started by the library with a socket as descriptor 3, or by hand with --file. */
#include "child.h"
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
    "usage: doxin-docparse --file PATH [OPTION…] > message.bin\n"
    "\n"
    "Reads one document in the sandbox and writes the message of core/page/wire.h to standard output. Without --file "
    "the\n"
    "program serves the DoxIn library, which starts it with a socket as descriptor 3.\n"
    "\n"
    "  --file PATH        PDF, PNG, JPEG, TIFF, WebP or HEIC\n"
    "  --ocr MODE         auto (default), always, never\n"
    "  --languages LIST   languages of the recogniser, as in deu+eng\n"
    "  --pages A-B        the pages to read\n"
    "  --no-rules         without drawn lines\n"
    "  --no-codes         without bar and matrix codes\n"
    "  --render PAGE      writes the page as PNG instead\n"
    "  --dpi N            of the rendered page (default 110)\n"
    "  --memory MIB       the most memory (default 2048)\n"
    "  --timeout MS       the most time (default 60000)\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 done, 1 the document cannot be read (why is on standard error), 2 wrong usage.\n";

typedef struct command {
    const char *file;
    dx_packet_request request;
} command;

static int number(const char *text)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    return errno || *end || value < 0 || value > 1000000000 ? -1 : (int)value;
}

static bool parse_pages(const char *text, dx_packet_request *request)
{
    char first[16];
    size_t length = strcspn(text, "-");
    if (length == 0 || length >= sizeof first)
        return false;
    memcpy(first, text, length);
    first[length] = '\0';
    request->first_page = number(first);
    request->last_page = text[length] ? number(text + length + 1) : request->first_page;
    return request->first_page > 0 && request->last_page >= request->first_page;
}

static bool parse_ocr(const char *text, dx_packet_request *request)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (uint32_t i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            request->ocr = i;
            return true;
        }
    return false;
}

static bool set_option(int option, const char *value, command *out)
{
    dx_packet_request *request = &out->request;
    switch (option) {
    case 'f':
        out->file = value;
        return true;
    case 'o':
        return parse_ocr(value, request);
    case 'l':
        snprintf(request->languages, sizeof request->languages, "%s", value);
        return strlen(value) < sizeof request->languages;
    case 'p':
        return parse_pages(value, request);
    case 'R':
        request->want &= ~(uint32_t)DX_PACKET_WANT_RULES;
        return true;
    case 'C':
        request->want &= ~(uint32_t)DX_PACKET_WANT_CODES;
        return true;
    case 'r':
        request->task = DX_PACKET_RENDER;
        request->first_page = number(value);
        return request->first_page > 0;
    case 'd':
        request->dpi = number(value);
        return request->dpi > 0;
    case 'm':
        request->memory_bytes = (uint64_t)number(value) << 20;
        return number(value) > 0;
    case 't':
        request->timeout_ms = number(value);
        return request->timeout_ms > 0;
    default:
        return false;
    }
}

static int fail(const char *file, const char *text)
{
    fprintf(stderr, "doxin-docparse: %s: %s\n", file, text);
    return 1;
}

static int write_out(int fd, uint64_t size, const char *file)
{
    const char *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return fail(file, strerror(errno));
    for (uint64_t at = 0; at < size;) {
        ssize_t count = write(STDOUT_FILENO, bytes + at, size - at);
        if (count < 0 && errno != EINTR)
            return fail(file, strerror(errno));
        at += count > 0 ? (uint64_t)count : 0;
    }
    return 0;
}

/* The recogniser's thread pool takes its size when the program starts; in a fork it would hang. */
static void limit_threads(char **argv)
{
    const char *threads = getenv("OMP_THREAD_LIMIT");
    if (threads == NULL || strcmp(threads, "1") != 0) {
        setenv("OMP_THREAD_LIMIT", "1", 1);
        execv("/proc/self/exe", argv);
    }
}

/* One document as the library would have it read: the same preparation, sandbox and fork. */
static int read_file(command *asked)
{
    int pair[2], message = -1, status = 0;
    dp_sandbox sandbox;
    dx_packet_reply reply = {0};
    volatile bool *out_of_memory = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int document = open(asked->file, O_RDONLY | O_CLOEXEC);
    if (document < 0 || out_of_memory == MAP_FAILED || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return fail(asked->file, strerror(errno));
    dp_bound_request(&asked->request);
    dp_prepare(&sandbox);
    if (sandbox.why[0])
        fprintf(stderr, "doxin-docparse: the sandbox is not whole: %s\n", sandbox.why);
    pid_t id = dp_child_start(&sandbox, &asked->request, document, pair[1], out_of_memory);
    close(pair[1]);
    bool answered = id > 0 && dp_receive_reply(pair[0], &reply, &message);
    if (id > 0)
        waitpid(id, &status, 0);
    if (!answered && WIFSIGNALED(status))
        return fail(asked->file, *out_of_memory ? "out of memory" : strsignal(WTERMSIG(status)));
    if (!answered)
        return fail(asked->file, *out_of_memory ? "out of memory" : "the child ended without an answer");
    if (reply.status != DX_PACKET_OK)
        return fail(asked->file, reply.text);
    return write_out(message, reply.size, asked->file);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"file", required_argument, NULL, 'f'},
                                            {"ocr", required_argument, NULL, 'o'},
                                            {"languages", required_argument, NULL, 'l'},
                                            {"pages", required_argument, NULL, 'p'},
                                            {"no-rules", no_argument, NULL, 'R'},
                                            {"no-codes", no_argument, NULL, 'C'},
                                            {"render", required_argument, NULL, 'r'},
                                            {"dpi", required_argument, NULL, 'd'},
                                            {"memory", required_argument, NULL, 'm'},
                                            {"timeout", required_argument, NULL, 't'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'v'},
                                            {NULL, 0, NULL, 0}};
    command asked = {.request = {.magic = DX_PACKET_MAGIC,
                                 .version = DX_PACKET_VERSION,
                                 .task = DX_PACKET_READ,
                                 .want = DX_PACKET_WANT_RULES | DX_PACKET_WANT_CODES}};
    int option;
    while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
        if (option == 'h' || option == 'v') {
            fputs(option == 'h' ? help : "doxin-docparse " DOXIN_VERSION "\n", stdout);
            return 0;
        }
        if (!set_option(option, optarg, &asked)) {
            fputs(help, stderr);
            return 2;
        }
    }
    if (asked.file) {
        limit_threads(argv);
        /* Not exit(): the recogniser's destructors complain about what the child alone would have given back. */
        _exit(read_file(&asked));
    }
    struct stat info;
    if (argc == 1 && fstat(DX_PACKET_CONTROL_FD, &info) == 0 && S_ISSOCK(info.st_mode))
        return dp_serve(DX_PACKET_CONTROL_FD);
    fputs(help, stderr);
    return 2;
}
