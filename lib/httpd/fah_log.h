/* The security log: opened by the parent, written by everybody.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_LOG_H
#define FAH_LOG_H

#include "fa_event.h"
#include "fah_module.h"

/* A file or program that SecurityLog names. */
typedef struct fah_log fah_log;

/**
 * Write an event's line, whole and at once, and never wait for it: what cannot
 * be written now is dropped, and counted in the next line that can.
 *
 * event  its dropped is filled in
 */
void fah_log_write(request_rec *r, fah_log *log, fa_event *event);

/* A provider has said that a password is this user's: a login, once for each
 * client's request. */
void fah_log_login(request_rec *r, const char *user);

#endif
