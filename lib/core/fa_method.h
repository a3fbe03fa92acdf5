/* The methods that an OpenAPI document knows.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_METHOD_H
#define FA_METHOD_H

/* In the document's order: name, httpd's number of it (M_GET..., which are
 * fixed; the glue asserts that these are they). HEAD is GET to httpd. */
#define FA_METHODS(METHOD) \
    METHOD(GET, 0)         \
    METHOD(PUT, 1)         \
    METHOD(POST, 2)        \
    METHOD(DELETE, 3)      \
    METHOD(OPTIONS, 5)     \
    METHOD(PATCH, 7)

#define FA_METHOD_NUMBER(name, number) FA_##name = (number),
typedef enum { FA_METHODS(FA_METHOD_NUMBER) FA_METHOD_NUMBERS } fa_method;
#undef FA_METHOD_NUMBER

/* The name of a method, as a request has it; "" for another number. */
const char *fa_method_name(int number);

/* The number of a name, compared with case; -1: none of these. */
int fa_method_number(const char *name);

#endif
