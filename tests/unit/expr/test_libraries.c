/* What the functions for operators, and those of addresses, give at their edges. The vectors show
 * the libraries that the specification and its extensions have. */
#include "fixture.h"

static const char *const truths[] = {
	/* json */
	"json.marshal({'a': [1, 2.5, 'x\\n', null, true]}) == "
	"'{\"a\":[1,2.5,\"x\\\\n\",null,true]}'",
	"type(json.unmarshal('1')) == int && type(json.unmarshal('1.0')) == double",
	"type(json.unmarshal('1e2')) == double",
	"json.unmarshal('9223372036854775807') == 9223372036854775807",
	"json.unmarshal('18446744073709551615') == 18446744073709551615u",
	"json.unmarshal('[{\"a\": null}]')[0].a == null",
	"json.unmarshal(json.marshal({'k': ['v', 1, {}]})) == {'k': ['v', 1, {}]}",
	/* yaml */
	"yaml.parse('a: [1, x, \"2\"]\\nb: {c: true}') == {'a': [1, 'x', '2'], 'b': {'c': true}}",
	"yaml.parse('version: 1.20').version == '1.20' || yaml.parse('version: 1.20').version == "
	"1.2",
	/* hash, hex */
	"hash.sha256('') == 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
	"hash.sha256('abc') == hash.sha256(b'abc')",
	"hex.encode(b'\\x00\\xff') == '00ff' && hex.decode('00FF') == b'\\x00\\xff'",
	"hex.decode('') == b''",
	/* time */
	"time.truncate(timestamp('2026-03-02T13:21:40.5Z'), duration('1h')) == "
	"timestamp('2026-03-02T13:00:00Z')",
	"time.truncate(timestamp('1969-12-31T23:59:59.5Z'), duration('1s')) == "
	"timestamp('1969-12-31T23:59:59Z')",
	"duration('5400s').human() == '1h30m' && duration('0s').human() == '0s'",
	"duration('-90m').human() == '-1h30m' && duration('1.5s').human() == '1.5s'",
	"duration('250ms').human() == '250ms' && duration('24h').human() == '24h'",
	/* maps */
	"{'b': 1, 'a': 2}.keys() == ['b', 'a'] && {'b': 1, 'a': 2}.values() == [1, 2]",
	"{}.keys() == [] && {}.values() == []",
	"{'a': 1, 'b': 1}.with({'b': 'x', 'c': 3}) == {'a': 1, 'b': 'x', 'c': 3}",
	"{'a': 1, 'b': 1}.with({'b': 2, 'c': 3}).keys() == ['a', 'b', 'c']",
	/* shell */
	"shell.quote('') == \"''\" && shell.quote('a-b/c.d') == 'a-b/c.d'",
	"shell.quote(\"it's $HOME\") == \"'it'\\\\''s $HOME'\"",
	"shell.join(['ls', '-l', 'a b']) == \"ls -l 'a b'\" && shell.join([]) == ''",
	/* lists and regular expressions, as Kubernetes has them */
	"[1, 2, 3].sum() == 6 && [1.5, 2.5].sum() == 4.0 && [].sum() == 0",
	"[duration('1s'), duration('2s')].sum() == duration('3s')",
	"['b', 'a'].min() == 'a' && ['b', 'a'].max() == 'b'",
	"[1, 2, 2].isSorted() && ![2, 1].isSorted() && [].isSorted()",
	"['a', 'b', 'a'].indexOf('a') == 0 && ['a', 'b', 'a'].lastIndexOf('a') == 2",
	"['a'].indexOf('b') == -1 && ['a'].includes('a') && !['a'].includes('b')",
	"'a1b2'.find('[0-9]') == '1' && 'a1b2'.find('x') == ''",
	"'a1b2'.findAll('[0-9]') == ['1', '2'] && 'a1b2'.findAll('[0-9]', 1) == ['1']",
	/* addresses */
	"string(ip('::1.2.3.4')) == '::102:304' && !ip.isCanonical('::1.2.3.4')",
	"string(ip('1:0:0:2:0:0:0:3')) == '1:0:0:2::3' && string(ip('1::')) == '1::'",
	"string(ip('1:0:0:2:3:0:0:4')) == '1::2:3:0:0:4' && string(ip('::')) == '::'",
	"string(ip('1:2:3:4:5:6:7:0')) == '1:2:3:4:5:6:7:0'",
	"!isIP('::ffff:10.0.0.1') && !isIP('::ffff:a00:1') && !isCIDR('::ffff:10.0.0.0/104')",
	"!isIP('1.2.3.04') && !isIP('1.2.3') && !isIP('') && !isIP('fe80::1%lo')",
	"!isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0/08') && !isCIDR('10.0.0.0')",
	"cidr('0.0.0.0/0').containsIP('1.2.3.4') && !cidr('::/0').containsIP('1.2.3.4')",
	/* urls */
	"url('/a').getScheme() == '' && url('https://[::1]:80/').getHostname() == '::1'",
	"!isURL('../a') && !isURL('example.org') && !isURL('https://a b/')",
	"!isURL('https://a/%zz') && !isURL('https://a%/') && !isURL('https://a/\\n')",
	"url('https://a/with space/%2F<é>#x').getEscapedPath() == "
	"'/with%20space/%2F%3C%C3%A9%3E%23x'",
	"url('https://a/?k=%zz&l=a b').getQuery() == {'l': ['a b']}",
};

static const char *const failures[] = {
	"json.unmarshal('{\"a\": 1, \"a\": 2}')",
	"json.unmarshal('[1,]')",
	"json.unmarshal('36893488147419103232000')",
	"json.unmarshal('')",
	"yaml.parse('a: &x 1')",
	"yaml.parse('a: 1\\na: 2')",
	"yaml.parse('!tag x')",
	"hex.decode('0')",
	"hex.decode('0g')",
	"time.truncate(timestamp(0), duration('0s'))",
	"shell.quote('a\\u0000b')",
	"[1, 'a'].sum()",
	"[].min()",
	"[1, 'a'].sort()",
	"ip('::ffff:192.168.0.1')",
	"cidr('fe80::1%en0/24')",
	"cidr('10.0.0.0/8').containsIP('x')",
	"url('example.org')",
};

static void give_what_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(truths); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		fixture_gives(&fixture, truths[i], "true");
		fixture_done(&fixture);
	}
}

/* Of a constant the compiler tells it. */
static void fail_where_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(failures); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		const struct diag *diag = fixture_complaint(&fixture, failures[i]);
		if (diag->code != RB0316)
			fail_msg("%s: %s", failures[i], diag->message);
		fixture_done(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(give_what_they_should),
		cmocka_unit_test(fail_where_they_should),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
