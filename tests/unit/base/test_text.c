/* Text: UTF-8 on any bytes, distances, what a terminal may see. */
#include "base/text.h"
#include "unit/unit.h"

static void test_invalid_bytes_end_the_valid_length(void)
{
	CU_ASSERT_EQUAL(text_valid_length("a\xc3\xa9", 3), 3);
	CU_ASSERT_EQUAL(text_valid_length("a\0b\xff", 4), 3);
	CU_ASSERT_EQUAL(text_valid_length("\xed\xa0\x80", 3), 0);
	CU_ASSERT_EQUAL(text_valid_length("\xc0\x80", 2), 0);
	CU_ASSERT_EQUAL(text_valid_length(NULL, 0), 0);
	CU_ASSERT_EQUAL(text_valid_length("a\0", 2), 2);
}

static void test_decoding_refuses_what_is_no_utf8(void)
{
	uint32_t c = 0;

	CU_ASSERT_EQUAL(text_decode("\xf0\x9f\x98\x80", 4, &c), 4);
	CU_ASSERT_EQUAL(c, 0x1f600);
	CU_ASSERT_EQUAL(text_decode("\xf0\x9f\x98", 3, &c), 0);
	CU_ASSERT_EQUAL(text_decode("\xf4\x90\x80\x80", 4, &c), 0);
	CU_ASSERT_EQUAL(text_decode("", 0, &c), 0);
}

static void test_nearest_word_forgives_case_and_one_slip(void)
{
	const struct slice words[] = {SLICE("partner"), SLICE("programme"), SLICE("period")};

	CU_ASSERT_EQUAL(text_nearest(SLICE("Partner"), words, 3), 0);
	CU_ASSERT_EQUAL(text_nearest(SLICE("program"), words, 3), 1);
	CU_ASSERT_EQUAL(text_nearest(SLICE("peroid"), words, 3), 2);
	CU_ASSERT_EQUAL(text_nearest(SLICE("zzz"), words, 3), -1);
	CU_ASSERT_EQUAL(text_nearest(SLICE(""), words, 3), -1);
	CU_ASSERT_EQUAL(text_nearest(SLICE(""), &SLICE("a"), 1), -1);
	CU_ASSERT_EQUAL(text_nearest((struct slice){0}, words, 3), -1);
}

static void test_controls_never_reach_the_terminal(void)
{
	GString *out = g_string_new(NULL);

	text_append_visible(out, "a\x1b[31m\n\xe2\x80\xae\xff\xc2\x9b", 13);
	CU_ASSERT_STRING_EQUAL(out->str, "a\\x1b[31m\\n\\u202e\\xff\\x9b");
	g_string_free(out, TRUE);
}

static void test_json_keeps_its_meaning_and_steers_nothing(void)
{
	GString *out = g_string_new(NULL);

	text_append_json(out, "[\n\"\xe2\x80\xae\x7f\xc2\x9b\xc3\xa9\"]", 13);
	CU_ASSERT_STRING_EQUAL(out->str, "[\n\"\\u202e\\u007f\\u009b\xc3\xa9\"]");
	g_string_free(out, TRUE);
}

static void test_json_strings_escape_what_they_must(void)
{
	GString *out = g_string_new(NULL);

	text_append_json_string(out, SLICE(""));
	text_append_json_string(out, SLICE("\0a\"b\\\n\x1f\x7f/\xc3\xa9"));
	text_append_json_string(out, SLICE("plain"));
	CU_ASSERT_STRING_EQUAL(out->str,
			       "\"\"\"\\u0000a\\\"b\\\\\\n\\u001f\x7f/\xc3\xa9\"\"plain\"");
	g_string_free(out, TRUE);
}

/* Eight bytes are looked at together, so every byte is tried at every place of two words. */
static void test_json_strings_escape_wherever_it_stands(void)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		bool escaped = byte < 0x20 || byte == '"' || byte == '\\';

		for (size_t at = 0; at < 17; at++) {
			char text[17];
			GString *out = g_string_new(NULL);

			memset(text, at % 2 ? '!' : '\xc3', sizeof(text));
			text[at] = (char)byte;
			text_append_json_string(out, (struct slice){text, sizeof(text)});
			CU_ASSERT_EQUAL(out->len > sizeof(text) + 2, escaped);
			CU_ASSERT_EQUAL(memcmp(out->str + 1, text, at), 0);
			CU_ASSERT_EQUAL(
				memcmp(out->str + out->len - 17 + at, text + at + 1, 16 - at), 0);
			g_string_free(out, TRUE);
		}
	}
}

UNIT_SUITE(test_text){
	{"invalid bytes end the valid length", test_invalid_bytes_end_the_valid_length},
	{"decoding refuses what is no utf-8", test_decoding_refuses_what_is_no_utf8},
	{"nearest word forgives case and one slip", test_nearest_word_forgives_case_and_one_slip},
	{"controls never reach the terminal", test_controls_never_reach_the_terminal},
	{"json strings escape what they must", test_json_strings_escape_what_they_must},
	{"json strings escape wherever it stands", test_json_strings_escape_wherever_it_stands},
	{"json keeps its meaning and steers nothing",
	 test_json_keeps_its_meaning_and_steers_nothing},
	{0},
};
