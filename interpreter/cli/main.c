#include <stdio.h>

int main(void)
{
	return puts("runbook " RUNBOOK_VERSION) < 0;
}
