/*
 * Tokens of an expression.
 *
 * One function a class of token; strings are decoded here, numbers are left as text for the parser,
 * which knows whether a minus stands before them. Every fault is reported at its own place (a bad
 * escape inside a string, not the string). Input is bytes that may be no UTF-8: those are a fault.
 *
 * CEL langdef: Syntax, String and Bytes Values.
 */
#include "cel/ast.h"

#include "source/message.h"

static const struct {
	const char *word;
	enum token_kind kind;
} words[] = {
	{"in", TOKEN_IN},
	{"true", TOKEN_TRUE},
	{"false", TOKEN_FALSE},
	{"null", TOKEN_NULL},
	{"as", TOKEN_RESERVED},
	{"break", TOKEN_RESERVED},
	{"const", TOKEN_RESERVED},
	{"continue", TOKEN_RESERVED},
	{"else", TOKEN_RESERVED},
	{"for", TOKEN_RESERVED},
	{"function", TOKEN_RESERVED},
	{"if", TOKEN_RESERVED},
	{"import", TOKEN_RESERVED},
	{"let", TOKEN_RESERVED},
	{"loop", TOKEN_RESERVED},
	{"package", TOKEN_RESERVED},
	{"namespace", TOKEN_RESERVED},
	{"return", TOKEN_RESERVED},
	{"var", TOKEN_RESERVED},
	{"void", TOKEN_RESERVED},
	{"while", TOKEN_RESERVED},
};

/* Longer ones first. */
static const struct {
	const char *text;
	enum token_kind kind;
} signs[] = {
	{"&&", TOKEN_AND},        {"||", TOKEN_OR},
	{"<=", TOKEN_LESS_EQUAL}, {">=", TOKEN_GREATER_EQUAL},
	{"==", TOKEN_EQUAL},      {"!=", TOKEN_NOT_EQUAL},
	{"(", TOKEN_LPAREN},      {")", TOKEN_RPAREN},
	{"[", TOKEN_LBRACKET},    {"]", TOKEN_RBRACKET},
	{"{", TOKEN_LBRACE},      {"}", TOKEN_RBRACE},
	{".", TOKEN_DOT},         {",", TOKEN_COMMA},
	{"?", TOKEN_QUESTION},    {":", TOKEN_COLON},
	{"!", TOKEN_NOT},         {"-", TOKEN_MINUS},
	{"+", TOKEN_PLUS},        {"*", TOKEN_STAR},
	{"/", TOKEN_SLASH},       {"%", TOKEN_PERCENT},
	{"<", TOKEN_LESS},        {">", TOKEN_GREATER},
};

static int peek(const struct lexer *lexer, size_t ahead)
{
	size_t at = lexer->offset + ahead;

	return at < lexer->text.len ? (unsigned char)lexer->text.data[at] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(int c)
{
	return c == '_' || g_ascii_isalnum(c);
}

static struct token token_of(const struct lexer *lexer, enum token_kind kind, size_t start)
{
	return (struct token){
		.kind = kind,
		.span = {(uint32_t)start, (uint32_t)lexer->offset},
		.text = {lexer->text.data + start, lexer->offset - start},
	};
}

static struct token bad(struct lexer *lexer, size_t start, size_t end, enum message message,
			enum message hint)
{
	struct slice text = {lexer->text.data + start, MIN(end, lexer->text.len) - start};
	struct fault_list *faults = lexer->faults;
	struct cel_fault *fault = cel_fault_add(faults,
						(struct span){(uint32_t)start, (uint32_t)end},
						phrase_make(faults->arena, message, 1, text));

	if (hint != MESSAGE_NONE)
		fault->hint = phrase_make(faults->arena, hint, 1, text);
	lexer->offset = lexer->text.len;
	return token_of(lexer, TOKEN_BAD, start);
}

static void skip_space(struct lexer *lexer)
{
	for (;;) {
		int c = peek(lexer, 0);

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
			lexer->offset++;
		} else if (c == '/' && peek(lexer, 1) == '/') {
			while (peek(lexer, 0) != -1 && peek(lexer, 0) != '\n')
				lexer->offset++;
		} else {
			return;
		}
	}
}

/*
 * INT_LIT   ::= -? DIGIT+ | -? 0x HEXDIGIT+
 * UINT_LIT  ::= INT_LIT [uU]
 * FLOAT_LIT ::= -? DIGIT* . DIGIT+ EXPONENT? | -? DIGIT+ EXPONENT
 */
static struct token lex_number(struct lexer *lexer)
{
	size_t start = lexer->offset;
	enum token_kind kind = TOKEN_INT;

	if (peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X') &&
	    g_ascii_isxdigit(peek(lexer, 2))) {
		lexer->offset += 2;
		while (g_ascii_isxdigit(peek(lexer, 0)))
			lexer->offset++;
	} else {
		while (is_digit(peek(lexer, 0)))
			lexer->offset++;
		if (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))) {
			kind = TOKEN_DOUBLE;
			lexer->offset++;
			while (is_digit(peek(lexer, 0)))
				lexer->offset++;
		}
		if (peek(lexer, 0) == 'e' || peek(lexer, 0) == 'E') {
			size_t sign = peek(lexer, 1) == '+' || peek(lexer, 1) == '-';

			if (is_digit(peek(lexer, 1 + sign))) {
				kind = TOKEN_DOUBLE;
				lexer->offset += 1 + sign;
				while (is_digit(peek(lexer, 0)))
					lexer->offset++;
			}
		}
	}
	if (kind == TOKEN_INT && (peek(lexer, 0) == 'u' || peek(lexer, 0) == 'U')) {
		lexer->offset++;
		kind = TOKEN_UINT;
	}
	if (is_name(peek(lexer, 0))) {
		while (is_name(peek(lexer, 0)))
			lexer->offset++;
		return bad(lexer, start, lexer->offset, MESSAGE_CEL_BAD_NUMBER, MESSAGE_NONE);
	}
	return token_of(lexer, kind, start);
}

/* IDENT ::= [_a-zA-Z][_a-zA-Z0-9]* - RESERVED */
static struct token lex_name(struct lexer *lexer)
{
	size_t start = lexer->offset;
	struct token token;

	while (is_name(peek(lexer, 0)))
		lexer->offset++;
	token = token_of(lexer, TOKEN_IDENT, start);
	if (token.text.len > CEL_NAME_MAX)
		return bad(lexer, start, start + CEL_NAME_MAX, MESSAGE_CEL_LONG_NAME, MESSAGE_NONE);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (slice_equal(token.text, slice_of(words[i].word)))
			token.kind = words[i].kind;
	return token;
}

/* ESC_IDENT ::= ` [a-zA-Z0-9_ ./-]+ ` */
static struct token lex_quoted_name(struct lexer *lexer)
{
	size_t start = lexer->offset++;
	struct token token;

	while (is_name(peek(lexer, 0)) || (peek(lexer, 0) > 0 && strchr(" ./-", peek(lexer, 0))))
		lexer->offset++;
	if (peek(lexer, 0) != '`' || lexer->offset == start + 1)
		return bad(lexer, start, lexer->offset, MESSAGE_CEL_BAD_QUOTED_NAME, MESSAGE_NONE);
	lexer->offset++;
	token = token_of(lexer, TOKEN_QUOTED_IDENT, start);
	token.text = (struct slice){token.text.data + 1, token.text.len - 2};
	return token;
}

/* What follows `\` + a digit or x, u, U: `count` digits of a base. False: other characters. */
static bool read_digits(const struct lexer *lexer, size_t ahead, int count, int base, uint32_t *out)
{
	uint32_t value = 0;

	for (int i = 0; i < count; i++) {
		int c = peek(lexer, ahead + (size_t)i);
		int digit = c < 0 ? -1 : g_ascii_xdigit_value((char)c);

		if (digit < 0 || digit >= base)
			return false;
		value = value * (uint32_t)base + (uint32_t)digit;
	}
	*out = value;
	return true;
}

static bool is_scalar_value(uint32_t code)
{
	return code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

static void append_code(GString *out, uint32_t code, enum token_kind kind, bool is_byte)
{
	char bytes[4];

	if (kind == TOKEN_BYTES && is_byte)
		g_string_append_c(out, (char)code);
	else
		g_string_append_len(out, bytes, (gssize)text_encode(code, bytes));
}

/*
 * ESCAPE ::= \ [abfnrtv\\?"'`] | \ x HEXDIGIT HEXDIGIT | \ u HEXDIGIT{4} | \ U HEXDIGIT{8}
 *          | \ [0-3] [0-7] [0-7]
 * In bytes, \x and octal are bytes; in strings, code points.
 */
static bool lex_escape(struct lexer *lexer, GString *out, enum token_kind kind)
{
	static const char names[] = "abfnrtv\\?\"'`";
	static const char meant[] = "\a\b\f\n\r\t\v\\?\"'`";
	int c = peek(lexer, 1);
	const char *simple = c > 0 ? strchr(names, c) : NULL;
	uint32_t code = 0;
	size_t length;

	if (simple) {
		g_string_append_c(out, meant[simple - names]);
		lexer->offset += 2;
		return true;
	}
	if ((c == 'x' || c == 'X') && read_digits(lexer, 2, 2, 16, &code))
		length = 4;
	else if (c == 'u' && kind == TOKEN_STRING && read_digits(lexer, 2, 4, 16, &code))
		length = 6;
	else if (c == 'U' && kind == TOKEN_STRING && read_digits(lexer, 2, 8, 16, &code))
		length = 10;
	else if (c >= '0' && c <= '3' && read_digits(lexer, 1, 3, 8, &code))
		length = 4;
	else
		return false;
	if (!is_scalar_value(code))
		return false;
	append_code(out, code, kind, c != 'u' && c != 'U');
	lexer->offset += length;
	return true;
}

/* The end of a literal opened by `count` quotes. */
static bool at_quote(const struct lexer *lexer, int quote, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (peek(lexer, i) != quote)
			return false;
	return true;
}

/* STRING_LIT ::= [rR]? ( "..." | '...' | """...""" | '''...''' ); BYTES_LIT ::= [bB] STRING_LIT */
static struct token lex_string(struct lexer *lexer, size_t start, enum token_kind kind, bool raw)
{
	int quote = peek(lexer, 0);
	size_t count = peek(lexer, 1) == quote && peek(lexer, 2) == quote ? 3 : 1;
	GString *out = g_string_new(NULL);
	struct token token = {.kind = TOKEN_BAD};

	lexer->offset += count;
	while (!at_quote(lexer, quote, count)) {
		int c = peek(lexer, 0);
		size_t from = lexer->offset;

		if (c < 0 || (count == 1 && (c == '\n' || c == '\r'))) {
			token = bad(lexer, start, from, MESSAGE_CEL_OPEN_STRING, MESSAGE_NONE);
			goto out;
		}
		if (c != '\\' || raw) {
			g_string_append_c(out, (char)c);
			lexer->offset++;
		} else if (!lex_escape(lexer, out, kind)) {
			token = bad(lexer, from, MIN(from + 2, lexer->text.len),
				    MESSAGE_CEL_BAD_ESCAPE, MESSAGE_CEL_HINT_ESCAPE);
			goto out;
		}
	}
	lexer->offset += count;
	token = token_of(lexer, kind, start);
	token.text = (struct slice){arena_dup(lexer->arena, out->str, out->len), out->len};
out:
	g_string_free(out, TRUE);
	return token;
}

/* A string literal with its prefix, or a token of kind TOKEN_END where there is none. */
static struct token lex_prefixed_string(struct lexer *lexer)
{
	size_t start = lexer->offset, ahead = 0;
	bool raw = false, bytes = false;
	int c;

	for (; ahead < 2; ahead++) {
		c = g_ascii_tolower(peek(lexer, ahead));
		if (c == 'r' && !raw)
			raw = true;
		else if (c == 'b' && !bytes)
			bytes = true;
		else
			break;
	}
	c = peek(lexer, ahead);
	if (c != '"' && c != '\'')
		return (struct token){.kind = TOKEN_END};
	lexer->offset += ahead;
	return lex_string(lexer, start, bytes ? TOKEN_BYTES : TOKEN_STRING, raw);
}

static struct token lex_sign(struct lexer *lexer)
{
	size_t start = lexer->offset;
	uint32_t code;
	size_t len;

	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
		len = strlen(signs[i].text);
		if (lexer->text.len - start >= len &&
		    !memcmp(lexer->text.data + start, signs[i].text, len)) {
			lexer->offset += len;
			return token_of(lexer, signs[i].kind, start);
		}
	}
	len = text_decode(lexer->text.data + start, lexer->text.len - start, &code);
	switch (peek(lexer, 0)) {
	case '&':
		return bad(lexer, start, start + 1, MESSAGE_CEL_BAD_CHARACTER,
			   MESSAGE_CEL_HINT_AND);
	case '|':
		return bad(lexer, start, start + 1, MESSAGE_CEL_BAD_CHARACTER, MESSAGE_CEL_HINT_OR);
	case '=':
		return bad(lexer, start, start + 1, MESSAGE_CEL_BAD_CHARACTER,
			   MESSAGE_CEL_HINT_EQUAL);
	}
	return bad(lexer, start, start + MAX(len, 1), MESSAGE_CEL_BAD_CHARACTER, MESSAGE_NONE);
}

struct token cel_lex_next(struct lexer *lexer)
{
	struct token token;
	int c;

	skip_space(lexer);
	c = peek(lexer, 0);
	if (c < 0)
		return token_of(lexer, TOKEN_END, lexer->offset);
	token = lex_prefixed_string(lexer);
	if (token.kind != TOKEN_END)
		return token;
	if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1))))
		return lex_number(lexer);
	if (is_name(c))
		return lex_name(lexer);
	if (c == '`')
		return lex_quoted_name(lexer);
	return lex_sign(lexer);
}
