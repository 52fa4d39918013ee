#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

// Swift cannot call curl_easy_setopt and its siblings because they are variadic: one typed door for each kind of argument.
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);

#endif
