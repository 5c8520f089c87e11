/* The floor of a start: nothing but the dynamic linking of libyaml, PCRE2 and SQLite. */
int main(void)
{
	return 0;
}
