/*
 * banned: functions that a reader would have to check by hand at every call. Included by
 * the compiler's command line in every file of interpreter/ (-include), after which their names do
 * not compile.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Not ctime: git2.h has a member of that name. */
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atof gmtime localtime asctime tmpnam mktemp
#pragma GCC poison system popen fork vfork setenv putenv unsetenv

#endif
