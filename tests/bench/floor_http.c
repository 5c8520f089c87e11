/* The floor of `http` steps: floor_http COUNT URL gets a document again and again over one handle,
 * and keeps its body. */
#include <stdlib.h>

#include <curl/curl.h>

static size_t keep(char *bytes, size_t size, size_t count, void *data)
{
	size_t *len = data;

	(void)bytes;
	*len += size * count;
	return size * count;
}

int main(int argc, char **argv)
{
	CURL *handle = argc == 3 ? curl_easy_init() : NULL;
	size_t len = 0;
	long code = 200;

	if (!handle)
		return 1;
	curl_easy_setopt(handle, CURLOPT_URL, argv[2]);
	curl_easy_setopt(handle, CURLOPT_PROXY, "");
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, &len);
	for (int i = 0, count = atoi(argv[1]); i < count && code == 200; i++) {
		if (curl_easy_perform(handle) != CURLE_OK)
			return 1;
		curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
	}
	curl_easy_cleanup(handle);
	return len == 0 || code != 200;
}
