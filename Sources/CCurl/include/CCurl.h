#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

// CURL_GLOBAL_DEFAULT is an expression of macros, which Swift does not import.
CURLcode ccurl_global_init(void);

// Swift cannot call curl_easy_setopt and its siblings because they are variadic: one typed door for each kind of argument.
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_transfer(CURL *handle, CURLoption option, size_t (*value)(char *, size_t, size_t, void *));
CURLcode ccurl_set_seek(CURL *handle, int (*value)(void *, curl_off_t, int));
CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode ccurl_get_pointer(CURL *handle, CURLINFO info, void **value);
CURLMcode ccurl_multi_set_long(CURLM *handle, CURLMoption option, long value);

// The result lies in a union that Swift sees as bytes.
CURLcode ccurl_message_result(const CURLMsg *message);

#endif
