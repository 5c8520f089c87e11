/* Whether memcheck runs this test: ctest says so. For the few cases that valgrind cannot run. */
#ifndef TESTS_SUPPORT_VALGRIND_H
#define TESTS_SUPPORT_VALGRIND_H

#include <stdbool.h>
#include <stdlib.h>

static inline bool under_valgrind(void)
{
	return getenv("UNDER_VALGRIND") != NULL;
}

#endif
