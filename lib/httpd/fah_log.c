/* The security log: opened by the parent, written by everybody.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_log.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <apr_portable.h>
#include <apr_shm.h>
#include <apr_strings.h>

#include "fah_count.h"
#include "fah_request.h"

/* How often the error log is told that lines are lost. */
#define COMPLAIN_US (60 * APR_USEC_PER_SEC)

/* What all processes know of a log. */
typedef struct shared {
    _Atomic uint64_t untold;       /* lines that were dropped since a line */
    _Atomic int64_t complained_at; /* microseconds of CLOCK_BOOTTIME */
    _Atomic uint32_t is_torn;      /* the last line is cut: the disk was full */
} shared;

struct fah_log {
    const char *name; /* as SecurityLog says; a path from the root */
    apr_file_t *file;
    piped_log *program; /* or NULL */
    int fd;
    shared *shared;
    fah_log *next;
};

static fah_log *logs;

/* --- opened --------------------------------------------------------------- */

/* Nobody but the server's owner and group reads who asked for what. */
#define PERMISSIONS (APR_FPROT_UREAD | APR_FPROT_UWRITE | APR_FPROT_GREAD)

/* Without waiting, should it be a pipe that nobody reads. */
static apr_status_t open_file(apr_pool_t *pconf, fah_log *log)
{
    return apr_file_open(&log->file, log->name,
                         APR_FOPEN_WRITE | APR_FOPEN_APPEND | APR_FOPEN_CREATE |
                             APR_FOPEN_LARGEFILE | APR_FOPEN_NONBLOCK,
                         PERMISSIONS, pconf);
}

/* As CustomLog: |PROGRAM, ||PROGRAM, |$COMMAND. */
static apr_status_t open_program(apr_pool_t *pconf, fah_log *log)
{
    const char *program = log->name + strspn(log->name, "|");
    apr_cmdtype_e type = *program == '$' ? APR_SHELLCMD_ENV : APR_PROGRAM_ENV;

    log->program =
        ap_open_piped_log_ex(pconf, program + (*program == '$'), type);
    if (!log->program)
        return APR_EGENERAL;
    log->file = ap_piped_log_write_fd(log->program);
    /* The end that we write to; the program's own end still waits. */
    return apr_file_pipe_timeout_set(log->file, 0);
}

static shared *share(apr_pool_t *pconf)
{
    apr_shm_t *memory;

    /* Without it, each process counts for itself what it dropped. */
    if (apr_shm_create(&memory, sizeof(shared), NULL, pconf) != APR_SUCCESS)
        return apr_pcalloc(pconf, sizeof(shared));
    memset(apr_shm_baseaddr_get(memory), 0, sizeof(shared));
    return apr_shm_baseaddr_get(memory);
}

static fah_log *find(const char *name)
{
    fah_log *log = logs;

    while (log && strcmp(log->name, name) != 0)
        log = log->next;
    return log;
}

/* One that several servers name is opened once. */
static fah_log *open_log(apr_pool_t *pconf, server_rec *s, const char *name)
{
    fah_log *log = apr_pcalloc(pconf, sizeof *log);
    apr_status_t status;

    log->name = name;
    status = *name == '|' ? open_program(pconf, log) : open_file(pconf, log);
    if (status == APR_SUCCESS)
        status = apr_os_file_get(&log->fd, log->file);
    if (status != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP, status, s,
                     "SecurityLog: '%s' cannot be %s", name,
                     *name == '|' ? "started" : "opened for writing");
        return NULL;
    }
    log->shared = share(pconf);
    log->next = logs;
    return logs = log;
}

/* Twice when httpd starts, as it reads its configuration twice: the first time
 * there is still somebody to be told what cannot be opened. */
int fah_open_logs(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                  server_rec *s)
{
    (void)plog;
    (void)ptemp;
    logs = NULL;
    for (; s; s = s->next) {
        fah_server *server = fah_server_of(s);
        const char *name = server->said->security_log;

        if (!name)
            continue;
        server->log = find(name);
        if (!server->log)
            server->log = open_log(pconf, s, name);
        if (!server->log)
            return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

/* The parent keeps a program's end of the pipe, to start it anew; in a child it
 * would hide that nobody reads any more. */
void fah_join_logs(apr_pool_t *pchild, server_rec *s)
{
    (void)pchild;
    (void)s;
    for (fah_log *log = logs; log; log = log->next) {
        if (log->program)
            apr_file_close(ap_piped_log_read_fd(log->program));
    }
}

/* --- written -------------------------------------------------------------- */

/* Once a minute, whichever process it is. */
static void complain(request_rec *r, const fah_log *log, apr_status_t status)
{
    _Atomic int64_t *at = &log->shared->complained_at;
    int64_t before = atomic_load(at), now = fah_boot_time();

    if (before && now - before < COMPLAIN_US)
        return;
    if (!atomic_compare_exchange_strong(at, &before, now))
        return;
    ap_log_rerror(APLOG_MARK, APLOG_ERR, status, r,
                  "SecurityLog: '%s' takes no more: lines are dropped, and "
                  "the next one that it takes tells how many",
                  log->name);
}

/* Whole or not at all: one write of at most PIPE_BUF bytes to a pipe, and in
 * append mode to a file. A disk that fills up may still cut one: the next line
 * then begins on a new one. */
static apr_status_t write_line(const fah_log *log, const fa_event *event)
{
    char line[1 + FA_EVENT_LINE_MAX];
    size_t size = fa_event_line(event, line + 1);
    bool is_torn = atomic_exchange(&log->shared->is_torn, 0);
    const char *from = is_torn ? line : line + 1;
    ssize_t written;

    line[0] = '\n';
    size += is_torn;
    do {
        written = write(log->fd, from, size);
    } while (written < 0 && errno == EINTR);
    if (written == (ssize_t)size)
        return APR_SUCCESS;
    if (is_torn || written > 0)
        atomic_store(&log->shared->is_torn, 1);
    return written < 0 ? errno : APR_ENOSPC;
}

void fah_log_write(request_rec *r, fah_log *log, fa_event *event)
{
    apr_status_t status;

    event->dropped = atomic_exchange(&log->shared->untold, 0);
    status = write_line(log, event);
    if (status == APR_SUCCESS)
        return;
    atomic_fetch_add(&log->shared->untold, event->dropped + 1);
    fah_count_dropped();
    complain(r, log, status);
}
