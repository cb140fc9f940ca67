/* Prints what libxkbcommon makes of a keymap, for comparison.
 *
 * usage: xkboracle KEYMAP < operations, or xkboracle --keysyms
 * operations, one a line: "d CODE" press, "u CODE" release (evdev codes),
 * "m" print the state, "a" print the state and all keys.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xkbcommon/xkbcommon.h>

static void state(struct xkb_keymap *km, struct xkb_state *st)
{
	unsigned leds = 0;
	for (xkb_led_index_t i = 0; i < xkb_keymap_num_leds(km); i++)
		if (xkb_state_led_index_is_active(st, i) > 0)
			leds |= 1u << i;
	printf("mods %x %x %x group %u leds %x\n",
	       xkb_state_serialize_mods(st, XKB_STATE_MODS_DEPRESSED),
	       xkb_state_serialize_mods(st, XKB_STATE_MODS_LATCHED),
	       xkb_state_serialize_mods(st, XKB_STATE_MODS_LOCKED),
	       xkb_state_serialize_layout(st, XKB_STATE_LAYOUT_EFFECTIVE), leds);
}

static void keys(struct xkb_keymap *km, struct xkb_state *st)
{
	for (xkb_keycode_t kc = 8; kc <= xkb_keymap_max_keycode(km); kc++) {
		const xkb_keysym_t *syms;
		unsigned char text[64] = {0};
		xkb_layout_index_t layout;
		int n;
		if (!xkb_keymap_key_get_name(km, kc) || !xkb_keymap_num_layouts_for_key(km, kc))
			continue;
		layout = xkb_state_key_get_layout(st, kc);
		n = xkb_state_key_get_syms(st, kc, &syms);
		printf("key %u layout %u level %u consumed %x repeats %d one %x syms", kc - 8, layout,
		       xkb_state_key_get_level(st, kc, layout), xkb_state_key_get_consumed_mods(st, kc),
		       xkb_keymap_key_repeats(km, kc), xkb_state_key_get_one_sym(st, kc));
		for (int i = 0; i < n; i++)
			printf(" %x", syms[i]);
		n = xkb_state_key_get_utf8(st, kc, (char *)text, sizeof text);
		printf(" text ");
		for (int i = 0; i < n; i++)
			printf("%02x", text[i]);
		printf("\n");
	}
}

static void keysyms(void)
{
	for (xkb_keysym_t s = 1; s < 0x1100000; s++) {
		char name[64];
		if (s == 0x2100)
			s = 0xfc00;
		if (s == 0x10000)
			s = 0x1000000;
		if (s == 0x1003000)
			s = 0x1008f000;
		if (s > 0x10090000)
			break;
		if (xkb_keysym_get_name(s, name, sizeof name) < 1)
			name[0] = 0;
		printf("%x %x %x %x %s\n", s, xkb_keysym_to_utf32(s), xkb_keysym_to_upper(s),
		       xkb_keysym_to_lower(s), name);
	}
}

int main(int argc, char **argv)
{
	struct xkb_context *ctx = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	struct xkb_keymap *km;
	struct xkb_state *st;
	char line[64];
	FILE *f;

	if (argc == 2 && !strcmp(argv[1], "--keysyms")) {
		keysyms();
		return 0;
	}
	if (argc != 2 || !(f = fopen(argv[1], "r"))) {
		fprintf(stderr, "usage: xkboracle KEYMAP | --keysyms\n");
		return 2;
	}
	km = xkb_keymap_new_from_file(ctx, f, XKB_KEYMAP_FORMAT_TEXT_V1, 0);
	if (!km)
		return 1;
	st = xkb_state_new(km);
	while (fgets(line, sizeof line, stdin)) {
		switch (line[0]) {
		case 'd':
			xkb_state_update_key(st, atoi(line + 2) + 8, XKB_KEY_DOWN);
			break;
		case 'u':
			xkb_state_update_key(st, atoi(line + 2) + 8, XKB_KEY_UP);
			break;
		case 'm':
			state(km, st);
			break;
		case 'a':
			state(km, st);
			keys(km, st);
			break;
		}
	}
	return 0;
}
